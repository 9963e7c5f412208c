//! The files of a project by path, and how paths are put together.

use crate::model::FileId;
use rustc_hash::FxHashMap;

/// Index into the list of files.
pub(super) type FileIndex = u32;

/// The source files of a project. Paths are relative to the project root; a folder ends in `/`, the root is empty.
pub(super) struct Files<'run> {
    list: Vec<(&'run str, FileId)>,
    by_path: FxHashMap<&'run str, FileIndex>,
}

impl<'run> Files<'run> {
    /// The given files.
    pub(super) fn new(files: &[(FileId, &'run str)]) -> Self {
        let mut list: Vec<(&str, FileId)> = files.iter().map(|&(id, path)| (path, id)).collect();
        list.sort_unstable();
        let by_path = list.iter().enumerate().map(|(index, &(path, _))| (path, index as FileIndex)).collect();
        Self { list, by_path }
    }

    /// The file at `path`.
    pub(super) fn find(&self, path: &str) -> Option<FileIndex> {
        self.by_path.get(path).copied()
    }

    /// Everything below `folder`, with the paths behind it.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = (FileIndex, &'run str)> {
        let first = self.list.partition_point(|(path, _)| *path < folder);
        let below = self.list[first..].iter().map_while(move |(path, _)| path.strip_prefix(folder));
        below.enumerate().map(move |(nth, path)| ((first + nth) as FileIndex, path))
    }

    /// The path of a file.
    pub(super) fn path(&self, file: FileIndex) -> &'run str {
        self.list[file as usize].0
    }

    /// What the project calls the file.
    pub(super) fn id(&self, file: FileIndex) -> FileId {
        self.list[file as usize].1
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.list.len()
    }
}

/// The folder that holds `path`.
pub(super) fn folder_of(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}

/// The folder around a folder; `None` for the root.
pub(super) fn parent(folder: &str) -> Option<&str> {
    Some(folder_of(folder.strip_suffix('/')?))
}

/// A file's path as written in `folder`; `None` when it leaves the project.
pub(super) fn join(folder: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if written.starts_with('/') {
        return None;
    }
    for part in written.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A folder's path as written in `folder`; `None` when it leaves the project.
pub(super) fn join_folder(folder: &str, written: &str) -> Option<String> {
    join(folder, written).map(|path| if path.is_empty() { path } else { path + "/" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_together() {
        assert_eq!(join("a/b/", "../c.rs").as_deref(), Some("a/c.rs"));
        assert_eq!(join("a/", "./b//c.rs").as_deref(), Some("a/b/c.rs"));
        assert_eq!(join("a/", "../../c.rs"), None);
        assert_eq!(join("a/", "/etc/c.rs"), None);
        assert_eq!(join_folder("a/", "..").as_deref(), Some(""));
        assert_eq!(join_folder("a/", "../b").as_deref(), Some("b/"));
        assert_eq!(parent("a/b/"), Some("a/"));
        assert_eq!(parent("a/"), Some(""));
        assert_eq!(parent(""), None);
    }

    #[test]
    fn what_lies_below_a_folder_is_listed() {
        let files = Files::new(&[(4, "a.rs"), (5, "a/c.rs"), (6, "a/b.rs"), (7, "ab.rs")]);
        let below: Vec<_> = files.below("a/").map(|(index, path)| (files.id(index), path)).collect();
        assert_eq!(below, [(6, "b.rs"), (5, "c.rs")]);
        assert_eq!(files.below("").count(), 4);
    }
}
