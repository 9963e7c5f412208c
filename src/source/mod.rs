//! The door in: walk the tree, read files, decode them, and pass over those that cannot matter.

mod decode;
mod prefilter;
mod read;
mod walk;

pub use decode::decode;
pub use prefilter::{Matters, Prefilter};
pub use read::{Context, ReadError, Scanned, Search, read, read_one, scan};
pub use walk::{Tree, TreeFile, WalkError, walk};
