//! From text to facts, one folder for each language.
