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

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out folders")]
mod tests {
    use super::super::{Walk, walk};
    use super::*;

    #[test]
    fn every_file_of_a_large_folder_takes_a_text() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let paths: Vec<PathBuf> = (0..200).map(|nth| root.join(format!("m{nth}.py"))).collect();
        paths.iter().for_each(|path| std::fs::write(path, "").unwrap());
        for path in paths.iter().step_by(7).chain([&root.join("new.py")]) {
            let overlays = [Overlay { absolute: path.clone(), text: b"x = 1".as_slice().into() }];
            let scope = [path.clone()];
            let asked = Walk { scope: &scope, overlays: &overlays, ..Walk::whole(&root, &[]) };
            let tree = walk(&asked).unwrap();
            let texts: Vec<&str> =
                tree.files.iter().filter(|file| file.text.is_some()).map(|file| &*file.path).collect();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!((texts, tree.overlaid(name)), (vec![name], Some(b"x = 1".as_slice())));
        }
    }
}
