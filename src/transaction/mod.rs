//! The door out: every write to the disk happens here.
