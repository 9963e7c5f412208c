//! Any text as pattern of a configuration, and any text as path that it is held against. A pattern that takes long to
//! read or to match is a find of `-timeout`.
#![no_main]

use ssot_lint::config;
use ssot_lint::source::{Walk, walk};
use ssot_lint_fuzz::laws::{self, Tree};

libfuzzer_sys::fuzz_target!(init: ssot_lint_fuzz::work_alone(), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines: Vec<&str> = text.split('\n').collect();
    let (patterns, paths) = lines.split_at(lines.len() / 2);
    let list = serde_json::to_string(patterns).expect("a list of texts");
    let list = list.replace('\u{7f}', "\\u007f");
    let text = format!(
        "[files]\nexclude = {list}\n[[override]]\npaths = {list}\nseverity = \"off\"\n\
         [[batch]]\nname = \"a\"\npaths = {list}\n[[policy]]\npackages = {list}\nimport-from = \"facade\"\n"
    );
    let files = [("ssot.toml", &*text), ("a/b/c.py", ""), ("tests/d.rs", "")];
    let tree: Tree = files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect();
    let folder = laws::write(&tree);
    let read = |tables: &[&str]| {
        let parts = text.split_inclusive('\n').collect::<Vec<_>>();
        let chosen: String =
            sections(&parts).filter(|part| tables.iter().any(|t| part.starts_with(t))).collect();
        std::fs::write(folder.path().join("ssot.toml"), chosen).expect("the file can be written");
        config::load(&[], folder.path(), None, &ssot_lint::pipeline::read_pattern)
    };
    // One bad pattern makes the whole configuration bad, and the tables do not take the same ones.
    for tables in [&["[[override"][..], &["[[batch"], &["[[policy"], &["[files"]] {
        let Ok(read) = read(tables) else { continue };
        let globs = read.overrides.iter().map(|one| &one.globs);
        let globs = globs.chain(read.batches.iter().map(|one| &one.globs));
        let policies = read.policies.iter().map(|one| &one.globs);
        for globs in globs.chain(policies) {
            for path in paths {
                globs.is_match(path);
            }
        }
        let exclude: Vec<String> = read.exclude.iter().map(|pattern| pattern.value.clone()).collect();
        walk(&Walk::whole(folder.path(), &exclude)).expect("a pattern that was checked can be used");
    }
});

/// The tables of a text, each from its head on.
fn sections<'t>(lines: &'t [&'t str]) -> impl Iterator<Item = String> + 't {
    let heads: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].starts_with('[')).collect();
    let ends: Vec<usize> = heads.iter().skip(1).copied().chain([lines.len()]).collect();
    heads.into_iter().zip(ends).map(|(start, end)| lines[start..end].concat())
}
