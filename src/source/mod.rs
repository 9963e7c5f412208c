//! The door in: walk the tree, read files, decode them, and pass over those that cannot matter.

mod decode;
mod exclusion;
mod overlay;
mod prefilter;
mod read;
mod walk;

pub use decode::decode;
pub use exclusion::Exclusion;
pub use overlay::Overlay;
pub use prefilter::{Matters, Prefilter};
pub use read::{Context, LARGEST, ReadError, Scanned, Search, read, read_one, scan};
pub use walk::{Tree, TreeFile, Walk, WalkError, is_part, language_of, walk};
