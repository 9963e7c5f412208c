//! The files of a commit as a tree in memory: nothing is checked out, and the work tree is left alone.

use super::exclusion::{ENVIRONMENT, IGNORE_FILES};
use super::ignored::{Ignored, folders_around};
use super::walk::{Tree, Walk, WalkError};
use crate::git::{Entry, GitError, Object, Repository};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The commits of a repository. What two commits read one after the other have in common is read once.
#[derive(Debug)]
pub struct Commits {
    repository: Repository,
    contents: FxHashMap<Object, Arc<[u8]>>,
}

impl Commits {
    /// Nothing is read yet.
    pub fn new(repository: Repository) -> Self {
        Self { repository, contents: FxHashMap::default() }
    }

    /// What [`super::walk()`] would find if `commit` were checked out. The paths asked for need not be in the commit, and
    /// texts in place of files are of today: they are passed over.
    ///
    /// # Errors
    /// When git fails, or a glob of the exclusions is malformed.
    pub fn tree(&mut self, commit: &str, walk: &Walk<'_>) -> Result<Tree, WalkError> {
        let &Walk { root, scope, force_exclude, .. } = walk;
        let mut entries = self.repository.files(commit)?;
        let mut ignored = self.ignored(commit, walk.exclude, &entries)?;
        let prefix = self.repository.prefix().to_owned();
        let is_named = |path: &str| !force_exclude && scope.contains(&root.join(path));
        entries.retain(|entry| is_named(&entry.path) || !ignored.covers(&format!("{prefix}{}", entry.path)));
        let mut tree = Tree::default();
        for entry in &entries {
            tree.add(walk, root.join(&entry.path));
        }
        let mut tree = tree.sorted();
        tree.data.retain(|data| data.file.in_scope);
        self.fill(&mut tree, &entries)?;
        Ok(tree)
    }

    /// Reads what the tree needs, and forgets what it does not.
    fn fill(&mut self, tree: &mut Tree, entries: &[Entry]) -> Result<(), GitError> {
        let objects: FxHashMap<&str, &Object> =
            entries.iter().map(|entry| (entry.path.as_str(), &entry.object)).collect();
        let files: Vec<Arc<str>> = tree.all_files().map(|file| Arc::clone(&file.path)).collect();
        let paths = files.into_iter().chain(tree.manifests.iter().map(Arc::clone));
        let needed = paths.filter_map(|path| Some((objects.get(&*path).copied()?, path)));
        let needed: Vec<(&Object, Arc<str>)> = needed.collect();
        let known = std::mem::take(&mut self.contents);
        let missing: FxHashSet<&Object> =
            needed.iter().map(|(object, _)| *object).filter(|object| !known.contains_key(*object)).collect();
        let missing: Vec<Object> = missing.into_iter().cloned().collect();
        let read = self.repository.contents(&missing)?;
        let read: FxHashMap<Object, Arc<[u8]>> =
            missing.into_iter().zip(read).filter_map(|(object, bytes)| Some((object, bytes?))).collect();
        let mut held = FxHashMap::default();
        for (object, path) in needed {
            let bytes = known.get(object).or_else(|| read.get(object)).ok_or(GitError::Answer("cat-file"))?;
            self.contents.insert(Arc::clone(object), Arc::clone(bytes));
            held.insert(path, Arc::clone(bytes));
        }
        for file in tree.all_files() {
            file.text = held.get(&file.path).cloned();
        }
        tree.held = Some(held);
        Ok(())
    }

    /// The rules of the commit's own `.gitignore` files, those above the project included.
    fn ignored(&self, commit: &str, exclude: &[String], entries: &[Entry]) -> Result<Ignored, WalkError> {
        let prefix = self.repository.prefix();
        let mut ignored = Ignored::new(self.repository.root(), exclude, prefix)?;
        let above = folders_around(prefix).filter(|folder| *folder != prefix);
        let above = above.flat_map(|folder| IGNORE_FILES.map(|name| (name, folder.to_owned())));
        let mut files: Vec<(&'static str, String, Object)> = above
            .map(|(name, folder)| {
                let object = format!("{commit}:{folder}{name}").into();
                (name, folder, object)
            })
            .collect();
        for entry in entries {
            let (folder, file) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
            let folder = format!("{prefix}{folder}");
            if file == ENVIRONMENT {
                ignored.add_environment(folder.trim_end_matches('/'));
            } else if let Some(name) = IGNORE_FILES.into_iter().find(|name| *name == file) {
                let slash = if folder.is_empty() || folder.ends_with('/') { "" } else { "/" };
                files.push((name, format!("{folder}{slash}"), Arc::clone(&entry.object)));
            }
        }
        let objects: Vec<Object> = files.iter().map(|(_, _, object)| Arc::clone(object)).collect();
        for ((name, folder, _), text) in files.iter().zip(self.repository.contents(&objects)?) {
            text.inspect(|text| ignored.add_rules(name, folder, text));
        }
        Ok(ignored)
    }
}
