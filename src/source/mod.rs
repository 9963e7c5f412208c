//! The door in: walk a folder or a commit, read files, decode them, and pass over those that cannot matter.

mod commit;
mod data;
mod decode;
mod exclusion;
mod ignored;
mod overlay;
mod owners;
mod prefilter;
mod read;
mod vocabulary;
mod walk;
mod word_set;

pub use commit::Commits;
pub use data::{Literals, Searched, search_data};
pub use decode::{decode, decode_data};
pub use exclusion::Exclusion;
pub use overlay::Overlay;
pub use owners::Owners;
pub use prefilter::{Matters, Prefilter};
pub use read::{Context, LARGEST, ReadError, Scanned, Search, look_through, read, read_one, scan, sift};
pub use vocabulary::Vocabulary;
pub use walk::{DataFile, Tree, TreeFile, Walk, WalkError, is_part, language_of, notation_of, walk};
