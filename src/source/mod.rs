//! The door in: walk, prefilter, decode.
