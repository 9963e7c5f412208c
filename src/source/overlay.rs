//! Texts that stand in for those on the disk: what an editor holds of a file that is not saved, or not there yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file is taken to hold, whatever is on the disk.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// Where the file lies or would lie: absolute and without symlinks, as far as its folders are there.
    pub absolute: PathBuf,
    /// Its bytes.
    pub text: Arc<[u8]>,
}

impl Overlay {
    /// True when it stands in for the file at `absolute`.
    pub fn is_for(&self, absolute: &Path) -> bool {
        self.absolute == absolute
    }
}
