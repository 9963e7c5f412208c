//! From findings to a plan of disjoint edits.
