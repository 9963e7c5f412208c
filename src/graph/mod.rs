//! From facts to resolved paths.
