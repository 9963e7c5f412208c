//! What a round of usages leaves: files as they will be, matches that stay, and what is given up.

use super::project::Project;
use super::usage_fix::{Rounds, Stuck, Untouched};
use crate::language::front_end;
use crate::model::{FileId, LineIndex, Location, Refusal, SourceFile};
use crate::source::decode;
use rustc_hash::FxHashMap;
use std::sync::Arc;

impl Rounds<'_> {
    /// Where in the file as it is on the disk a place lies.
    pub(super) fn origin(&self, file: FileId, offset: u32) -> u32 {
        self.plans.get(&file).map_or(offset, |plan| plan.origin(offset))
    }

    /// Lets the project see a file as it will be.
    pub(super) fn show(
        &mut self,
        project: &mut Project<'_>,
        file: FileId,
        source: &SourceFile,
        bytes: &[u8],
    ) {
        let after = decode(source.path(), source.language(), bytes);
        let after = after.expect("the result was read when it was tried");
        let facts = front_end(source.language()).lower(&after, project.edition(file), None);
        project.graph.insert(file, Arc::new(facts));
        self.stuck.retain(|(stuck, ..), _| *stuck != file);
        project.note_usages(file, &after);
        project.tree.files[file as usize].text = Some(bytes.into());
        project.sources.insert(file, Arc::new(after));
    }

    /// What stays, by its place in the files as they are on the disk.
    pub(super) fn refusals(&self, project: &Project<'_>) -> Vec<Refusal> {
        let mut texts: FxHashMap<FileId, (String, LineIndex)> = FxHashMap::default();
        let refusal = |(&(file, span, rule), reason): (&Stuck, &String)| {
            let source = project.source(file)?;
            let (text, lines) = texts.entry(file).or_insert_with(|| {
                let disk = self.plans.get(&file).map(|plan| String::from_utf8_lossy(plan.before()));
                let text = disk.map_or_else(|| source.text().to_owned(), |disk| disk.into_owned());
                let lines = LineIndex::new(&text);
                (text, lines)
            });
            let at = |offset| lines.position(self.origin(file, offset), text);
            Some(Refusal {
                file: source.path().clone(),
                location: Location { start: at(span.start), end: at(span.end) },
                rule: Some(project.rules.rules[rule].id.clone()),
                written: span.of(source.text()).split_whitespace().collect::<Vec<_>>().join(" "),
                reason: reason.clone(),
            })
        };
        self.stuck.iter().filter_map(refusal).collect()
    }

    /// Takes note of the rules that still have something to change.
    pub(super) fn note_restless(&mut self, project: &mut Project<'_>) {
        for (file, found) in &project.search_usages() {
            let rules: Vec<usize> =
                self.jobs(project, *file, found).iter().map(|job| job.found.rule).collect();
            if !rules.is_empty() {
                self.restless.entry(*file).or_default().extend(rules);
            }
        }
    }

    /// Gives up these rules in the files in which there is still something to change.
    pub(super) fn take_back(&mut self, project: &mut Project<'_>) {
        let matches = project.search_usages();
        for (file, found) in &matches {
            if self.jobs(project, *file, found).is_empty() {
                continue;
            }
            let Some(Untouched { source, plan, mended }) = self.before.remove(file) else { continue };
            self.plan.mended -= mended;
            self.show(project, *file, &source, source.bytes());
            match plan {
                Some(plan) => drop(self.plans.insert(*file, plan)),
                None => drop(self.plans.remove(file)),
            }
            let rules = self.restless.remove(file).unwrap_or_default();
            let names: Vec<String> =
                rules.iter().map(|&rule| format!("`{}`", project.rules.rules[rule].id)).collect();
            let reason = match &names[..] {
                [name] => format!("what {name} writes is a match of it again, without end"),
                _ => format!("{} lead to each other's matches without end", names.join(" and ")),
            };
            self.barred_rules.extend(rules.into_iter().map(|rule| ((*file, rule), reason.clone())));
        }
    }
}
