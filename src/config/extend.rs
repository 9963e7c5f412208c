//! What an entry of `extend-rules` stands for: a file, the files that fit a pattern, or a built-in one.

use super::builtin::BUILTINS;
use super::complaint::{nearest, quoted};
use super::other_tables::{bad_glob, compile};
use super::place::Placed;
use super::table::Reader;
use globset::GlobSet;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

/// What makes two rule files the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    /// The path without symbolic links.
    File(PathBuf),
    /// The name of a built-in file.
    Builtin(&'static str),
}

/// One rule file that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RuleFile {
    /// Which file it is.
    pub identity: Identity,
    /// The path as asked for; none for a built-in file.
    pub path: Option<PathBuf>,
}

impl RuleFile {
    /// The file at a path.
    pub fn at(path: PathBuf) -> Self {
        let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
        Self { identity: Identity::File(identity), path: Some(path) }
    }
}

/// The files that one entry names, in the order of their paths. `folder` is that of the file which holds the entry;
/// a built-in one has none.
pub(super) fn files_of(reader: &mut Reader, entry: &Placed<String>, folder: Option<&Path>) -> Vec<RuleFile> {
    if let Some(name) = entry.value.strip_prefix("builtin:") {
        return builtin(reader, entry, name).into_iter().collect();
    }
    let Some(folder) = folder else {
        let message = format!("a built-in file cannot name {}", quoted(&entry.value));
        reader.complain(entry.place.span, message, "a path relative to nothing", None);
        return Vec::new();
    };
    let path = folder.join(&entry.value);
    if path.is_file() {
        return vec![RuleFile::at(path)];
    }
    if is_pattern(&entry.value) {
        return matching(reader, entry, folder);
    }
    let label = if path.exists() { "not a file" } else { "no such file" };
    let help = "paths are relative to the folder of the file that names them".to_owned();
    let message = format!("cannot find the rule file {}", quoted(&entry.value));
    reader.complain(entry.place.span, message, label, Some(help));
    Vec::new()
}

fn builtin(reader: &mut Reader, entry: &Placed<String>, name: &str) -> Option<RuleFile> {
    let names = || BUILTINS.iter().map(|(name, _)| *name);
    if let Some(name) = names().find(|known| *known == name) {
        return Some(RuleFile { identity: Identity::Builtin(name), path: None });
    }
    let label = match nearest(name, names()) {
        Some(near) => format!("did you mean `builtin:{near}`?"),
        None => "not known".into(),
    };
    let help = format!("there are: {}", names().collect::<Vec<_>>().join(", "));
    reader.complain(
        entry.place.span,
        format!("no built-in rules called {}", quoted(name)),
        label,
        Some(help),
    );
    None
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// The files that fit a pattern. Hidden files fit only a pattern that spells the dot.
fn matching(reader: &mut Reader, entry: &Placed<String>, folder: &Path) -> Vec<RuleFile> {
    let parts: Vec<&str> = entry.value.split('/').collect();
    let literal = parts.iter().take_while(|part| !is_pattern(part)).count();
    let base = folder.join(if literal == 0 { ".".into() } else { parts[..literal].join("/") + "/" });
    let wanted = match compile([parts[literal..].join("/").as_str()]) {
        Ok(globs) => globs,
        Err(reason) => {
            bad_glob(reader, entry, &reason);
            return Vec::new();
        }
    };
    let (files, fault) = walk(&base, &wanted, &parts[literal..]);
    if let Some(fault) = fault.filter(|_| base.exists()) {
        let message = format!("cannot look for {}: {fault}", quoted(&entry.value));
        reader.complain(entry.place.span, message, "not fully searched", None);
    } else if files.is_empty() {
        let message = format!("no file fits {}", quoted(&entry.value));
        let help = "patterns are relative to the folder of the file that names them".to_owned();
        reader.complain(entry.place.span, message, "fits nothing", Some(help));
    }
    files
}

/// Looks through `base`, no deeper than the pattern's `parts` can reach; also the first thing that went wrong.
fn walk(base: &Path, wanted: &GlobSet, parts: &[&str]) -> (Vec<RuleFile>, Option<String>) {
    let depth = (!parts.iter().any(|part| part.contains("**"))).then_some(parts.len());
    let names_hidden = parts.iter().any(|part| part.starts_with('.'));
    let mut builder = WalkBuilder::new(base);
    builder.standard_filters(false).hidden(!names_hidden).max_depth(depth);
    builder.sort_by_file_name(|left, right| left.cmp(right));
    let (mut files, mut fault) = (Vec::new(), None);
    for entry in builder.build() {
        match entry {
            Ok(entry) => {
                let fits = entry.path().strip_prefix(base).is_ok_and(|inside| wanted.is_match(inside));
                if fits && entry.path().is_file() {
                    files.push(RuleFile::at(entry.into_path()));
                }
            }
            Err(error) => fault = fault.or(Some(error.to_string())),
        }
    }
    (files, fault)
}
