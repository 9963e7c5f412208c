//! What the code itself tells: re-exports that it calls deprecated, and ways to a symbol that no rule speaks of.

use super::project::{Project, Purpose};
use super::search::glance;
use crate::graph::{Bypass, FileUses};
use crate::model::{Excerpt, FileId, Language, LineIndex, Location, Span, SymbolPath};
use crate::rule::{RulePlace, may_be_told};
use crate::source::{Search, scan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Project<'_> {
    /// Declares the paths that turned out to lead to a symbol with a canonical path, and reads the files that may know the
    /// symbol by another name. True when something was new.
    pub(super) fn declare_found(&mut self, answers: &[(FileId, FileUses)]) -> bool {
        if self.read_who_patches(answers) {
            return true;
        }
        let mut found: BTreeMap<SymbolPath, Bypass> = BTreeMap::new();
        let sources = self.graph.sources(&self.declared);
        for bypass in
            sources.into_iter().chain(answers.iter().flat_map(|(_, uses)| uses.bypasses.iter().cloned()))
        {
            let is_looked_up = bypass.is_looked_up;
            found.entry(bypass.path.clone()).or_insert(bypass).is_looked_up |= is_looked_up;
        }
        let patched: BTreeSet<&SymbolPath> = answers.iter().flat_map(|(_, uses)| &uses.patched).collect();
        let mut is_new = false;
        // A path that means different things in different places says nothing.
        found.retain(|path, _| !self.graph.modules().is_one_of_several(path, None));
        for mut bypass in found.into_values() {
            bypass.is_patched = patched.contains(&bypass.path);
            is_new |= self.declared.declare_found(Arc::new(bypass));
        }
        let names = answers.iter().flat_map(|(_, uses)| &uses.second_names).filter(|name| may_be_told(name));
        let new: Vec<&SymbolPath> =
            names.map(|name| &name.path).filter(|path| self.declared.note_name(path.name())).collect();
        let mut words: BTreeMap<Language, BTreeSet<String>> = BTreeMap::new();
        for path in &new {
            words.entry(path.language()).or_default().insert(path.name().to_owned());
        }
        let files: Vec<FileId> = (0..self.tree.files.len() as FileId).collect();
        for (language, words) in words {
            self.scan_for(language, &words, &files);
        }
        is_new | !new.is_empty()
    }

    /// Whether a patch and a lookup of a name may stay depends on both: where only some files were asked for, and these look
    /// a name up or patch it, the others that write its path are read too. True when there were any.
    fn read_who_patches(&mut self, answers: &[(FileId, FileUses)]) -> bool {
        let is_partial = self.purpose == Purpose::Check && self.tree.files.iter().any(|file| !file.in_scope);
        let asked = answers.iter().filter(|(file, _)| is_partial && self.tree.files[*file as usize].in_scope);
        let paths = asked.flat_map(|(_, uses)| {
            let looked_up = uses.bypasses.iter().filter(|bypass| bypass.is_looked_up);
            looked_up.map(|bypass| &bypass.path).chain(&uses.patched)
        });
        // Who writes such a path writes the names of the module and of what is in it.
        let mut names: BTreeMap<Language, BTreeSet<(String, &str)>> = BTreeMap::new();
        for path in paths.filter(|path| self.declared.get(path).is_none()) {
            let Some(module) = path.parent() else { continue };
            if self.asked_of_all.insert(path.clone()) {
                names.entry(path.language()).or_default().insert((module.name().to_owned(), path.name()));
            }
        }
        let mut is_new = false;
        for (language, names) in names {
            let is_open =
                |file: &FileId| self.language(*file) == language && self.graph.facts(*file).is_none();
            let files: Vec<FileId> = (0..self.tree.files.len() as FileId).filter(is_open).collect();
            let modules = Search::new(names.iter().map(|(module, _)| module.as_str()), &glance);
            let mut found = scan(&self.tree, &files, &modules);
            let holds_both = |text: &str| {
                names.iter().any(|(module, name)| text.contains(module.as_str()) && text.contains(name))
            };
            found.retain(|(_, source)| source.as_ref().is_ok_and(|source| holds_both(source.text())));
            is_new |= !found.is_empty();
            self.take(found);
        }
        is_new
    }

    /// Makes a rule of every re-export that the code calls deprecated, and reads the files that may use it.
    pub(super) fn learn_deprecated(&mut self, files: &[FileId]) {
        loop {
            let mut learned: Vec<SymbolPath> = Vec::new();
            let deprecated = self.graph.deprecated_paths();
            let holders: Vec<FileId> = deprecated.iter().map(|found| found.file).collect();
            self.keep_sources(&holders);
            for found in deprecated {
                let place = self.place(found.file, found.span);
                if self.rules.to_mut().learn(&found, &self.declared, place) {
                    learned.push(found.path);
                }
            }
            if learned.is_empty() {
                return;
            }
            self.declared = self.rules.declare(self.graph.modules());
            self.scan_for_learned(&learned, files);
        }
    }

    /// Reads those of `files` that can name one of `paths` and hold its last name.
    fn scan_for_learned(&mut self, paths: &[SymbolPath], files: &[FileId]) {
        for path in paths {
            self.words.entry(path.language()).or_default().insert(path.name().to_owned());
        }
        let roots: BTreeSet<SymbolPath> = paths.iter().map(|path| path.prefix(1)).collect();
        let modules = self.graph.modules();
        let visible = |file: FileId| -> BTreeSet<&SymbolPath> {
            let of_language = roots.iter().filter(|root| root.language() == modules.language(file));
            of_language.filter(|root| modules.reaches(file, root)).collect()
        };
        let mut groups: BTreeMap<BTreeSet<&SymbolPath>, Vec<FileId>> = BTreeMap::new();
        for &file in files {
            groups.entry(visible(file)).or_default().push(file);
        }
        let mut found = Vec::new();
        for (roots, files) in groups.iter().filter(|(roots, _)| !roots.is_empty()) {
            let paths = paths.iter().filter(|path| roots.contains(&path.prefix(1)));
            found.extend(scan(&self.tree, files, &Search::new(paths.map(SymbolPath::name), &glance)));
        }
        self.take(found);
    }

    /// Where in the code a rule comes from.
    fn place(&self, file: FileId, span: Span) -> RulePlace {
        let Some(source) = self.source(file) else { return RulePlace::default() };
        let lines = LineIndex::new(source.text());
        let at = |offset| lines.position(offset, source.text());
        let line = lines.line(lines.row(span.start), source.text());
        let inside = Span::new(span.start - line.start, span.end.min(line.end) - line.start);
        RulePlace {
            file: source.path().clone(),
            span,
            location: Some(Location { start: at(span.start), end: at(span.end) }),
            excerpt: Excerpt {
                text: line.of(source.text()).to_owned(),
                cut: 0,
                first_row: lines.row(span.start),
                span: inside,
            },
        }
    }
}
