//! A tree of files in one text: a line `=== path` begins each.

use crate::laws::Tree;

/// The files of `data`. What stands before the first path is `first`. Paths are made harmless: they stay inside, are
/// short, and none of them is a folder of another.
pub fn tree(data: &[u8], first: &str) -> Tree {
    let mut files: Vec<(String, Vec<u8>)> = vec![(first.into(), Vec::new())];
    for line in data.split_inclusive(|&byte| byte == b'\n') {
        match path(line) {
            Some(path) => files.push((path, Vec::new())),
            None => files.last_mut().expect("there is a first file").1.extend_from_slice(line),
        }
    }
    let mut tree = Tree::new();
    for (path, bytes) in files {
        let is_apart = |known: &String| {
            !known.starts_with(&format!("{path}/")) && !path.starts_with(&format!("{known}/"))
        };
        if (path != first || !bytes.is_empty()) && tree.keys().all(is_apart) {
            tree.insert(path, bytes);
        }
    }
    tree
}

fn path(line: &[u8]) -> Option<String> {
    let path = std::str::from_utf8(line.strip_prefix(b"=== ")?).ok()?.trim();
    let is_plain = |part: &str| {
        let is_ours = part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".ssot-lint");
        !matches!(part, "" | "." | "..") && !is_ours && !part.contains('\0') && part.len() < 64
    };
    let is_good = path.split('/').all(is_plain) && path.split('/').count() < 8;
    is_good.then(|| path.to_owned())
}
