//! SSOT009: a shim past its date, one that does more than hand on, or one that nothing refers to any more.

use super::shim_references::references;
use super::{RuleSet, Sketch, Survey};
use crate::graph::{DeclaredPaths, Shim, ShimIndex, ShimPart, SymbolGraph};
use crate::model::{Code, FileId, Severity, Span};
use jiff::civil::Date;
use std::fmt;

/// Most things that a message names.
const MOST_NAMED: usize = 3;

/// The shims of a project, sorted by path.
pub fn shims(rules: &RuleSet, declared: &DeclaredPaths, graph: &SymbolGraph) -> Vec<Shim> {
    let legacy: Vec<_> = rules.legacy_paths(graph.modules()).collect();
    graph.shims(declared, &legacy)
}

/// Looks at the shims of rules with a date of removal; at all when the kind was asked for.
pub fn survey(survey: &Survey<'_>) -> Vec<Sketch> {
    if !survey.is_whole && !survey.rules.has_removals() {
        return Vec::new();
    }
    let shims = shims(survey.rules, survey.declared, survey.graph);
    let counts: Vec<Option<usize>> = if survey.is_complete {
        let found = references(survey.graph, survey.uses, &shims);
        let index = ShimIndex::new(&shims);
        let mut counts: Vec<usize> = found.iter().map(Vec::len).collect();
        for path in survey.named {
            index.on_the_way(path).for_each(|shim| counts[shim] += 1);
        }
        counts.into_iter().map(Some).collect()
    } else {
        vec![None; shims.len()]
    };
    shims.iter().zip(counts).flat_map(|(shim, count)| Teller { survey, shim, count }.tell()).collect()
}

/// Since when something should be gone; the date, the version, or both.
struct Late {
    date: Option<Date>,
    /// The version named, and that of the project.
    version: Option<(String, String)>,
}

impl fmt::Display for Late {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date {
            write!(formatter, "{date}")?;
        }
        match (&self.version, self.date) {
            (Some((named, _)), Some(_)) => write!(formatter, " and version {named}"),
            (Some((named, current)), None) => write!(formatter, "version {named}; this is {current}"),
            (None, _) => Ok(()),
        }
    }
}

struct Teller<'run> {
    survey: &'run Survey<'run>,
    shim: &'run Shim,
    /// How many places refer to it; `None` when not all files were looked at.
    count: Option<usize>,
}

impl Teller<'_> {
    fn tell(&self) -> Vec<Sketch> {
        let parts = || self.shim.parts.iter().filter(|part| self.is_in_force(part));
        let late: Vec<(&ShimPart, Late)> =
            parts().filter_map(|part| Some((part, self.late(part)?))).collect();
        let mut told = self.past(&late);
        if let Some(part) = parts().find(|part| self.is_watched(part)) {
            told.extend(self.unused(part).filter(|_| late.is_empty()));
            told.extend(self.impure(part));
        }
        told
    }

    fn is_in_force(&self, part: &ShimPart) -> bool {
        self.survey.rules.rules[part.rule].severity != Severity::Off
    }

    fn is_watched(&self, part: &ShimPart) -> bool {
        self.survey.is_whole || self.survey.rules.rules[part.rule].has_removal()
    }

    /// Since when a part should be gone, when that time has come.
    fn late(&self, part: &ShimPart) -> Option<Late> {
        let rule = &self.survey.rules.rules[part.rule];
        let date = rule.remove_on.filter(|date| *date <= self.survey.today);
        let version = rule.removed_in.clone().zip(rule.reached.clone());
        (date.is_some() || version.is_some()).then_some(Late { date, version })
    }

    /// One finding when the whole shim is late, else one for each part that is.
    fn past(&self, late: &[(&ShimPart, Late)]) -> Vec<Sketch> {
        let last = late.iter().max_by_key(|(_, since)| since.date);
        match last {
            Some((part, since)) if late.len() == self.shim.parts.len() => {
                vec![self.gone(part, since, &self.shim.path.to_string(), self.shim.span)]
            }
            _ => late
                .iter()
                .map(|(part, since)| self.gone(part, since, &part.path.to_string(), part.span))
                .collect(),
        }
    }

    fn gone(&self, part: &ShimPart, since: &Late, path: &str, span: Span) -> Sketch {
        let message = format!("the shim `{path}` should be gone since {since}");
        let mut sketch = self.sketch(part, span, message, format!("{path}\0past"));
        sketch.severity = Severity::Error;
        sketch.help = Some(match self.count {
            Some(0) if self.shim.impurities.is_empty() => {
                "nothing refers to it any more: delete it".to_owned()
            }
            Some(0) | None => "`ssot-lint shims` says what is in the way".to_owned(),
            Some(count) => {
                let what = if count == 1 { "place refers" } else { "places refer" };
                format!("{count} {what} to it: `ssot-lint migrate` moves them, `ssot-lint shims` lists them")
            }
        });
        sketch
    }

    fn unused(&self, part: &ShimPart) -> Option<Sketch> {
        (self.count == Some(0)).then(|| {
            let message = format!("nothing refers to the shim `{}` any more", self.shim.path);
            let mut sketch =
                self.sketch(part, self.shim.span, message, format!("{}\0unused", self.shim.path));
            let is_pure = self.shim.impurities.is_empty();
            let help = if is_pure { "delete it" } else { "move what it does besides, then delete it" };
            sketch.help = Some(help.to_owned());
            sketch
        })
    }

    fn impure(&self, part: &ShimPart) -> Option<Sketch> {
        let impurities = &self.shim.impurities;
        let (_, first) = impurities.first()?;
        let mut named: Vec<&str> = Vec::new();
        impurities.iter().for_each(|(what, _)| {
            if !named.contains(&&**what) {
                named.push(what)
            }
        });
        let more = named.len().saturating_sub(MOST_NAMED);
        named.truncate(MOST_NAMED);
        let mut what = named.join(", ");
        if more > 0 {
            what += &format!(" and {more} more");
        }
        let message = format!("the shim `{}` does more than hand on: it {what}", self.shim.path);
        let mut sketch = self.sketch(part, self.shim.span, message, format!("{}\0impure", self.shim.path));
        sketch.help = Some("move that to where it belongs, so that the shim can go".to_owned());
        if *first != Span::default() {
            sketch.related = vec![(self.file(), *first, "here".to_owned())];
        }
        Some(sketch)
    }

    fn file(&self) -> FileId {
        self.shim.file
    }

    fn sketch(&self, part: &ShimPart, span: Span, message: String, key: String) -> Sketch {
        let mut sketch = Sketch::new(Code::Shim, self.file(), span, message, key);
        sketch.rule = Some(part.rule);
        sketch.severity = Severity::Warning;
        sketch.written = Some(self.shim.path.clone());
        sketch.canonical = Some(self.survey.rules.rules[part.rule].canonical.clone());
        sketch
    }
}
