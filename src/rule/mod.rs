//! What is wanted, and one file for each kind of finding.
