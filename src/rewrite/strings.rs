//! Import paths in strings.

use super::data::with_colon;
use super::file_planner::FilePlanner;
use crate::model::{Name, PathString, Site, Span, SymbolPath, Use};

impl FilePlanner<'_> {
    /// Rewrites the strings that name a legacy path.
    pub(super) fn plan_strings(&mut self, uses: &[&Use]) {
        for found in uses {
            if let Site::PathString(id) = found.site {
                match self.plan_string(&self.view.facts.strings[id as usize], found) {
                    Ok(edits) => {
                        let rule = self.rule_id(found);
                        edits.into_iter().for_each(|(span, text)| self.replace(span, text, &rule));
                    }
                    Err(reason) => self.refuse(found, reason),
                }
            }
        }
    }

    pub(super) fn plan_string(
        &self,
        string: &PathString,
        found: &Use,
    ) -> Result<Vec<(Span, String)>, String> {
        let rest = found.written.len() - found.matched;
        let count = string.segments.len().checked_sub(rest).filter(|&count| count > 0);
        let count = count.ok_or("the path is made of several parts")?;
        let old = &string.segments[..count];
        let new: Vec<Name> = self.new_segments(string, found)?;
        if let Some(colon) = string.colon {
            let last = string.segments.last().map_or(old[0].span, |last| last.span);
            let rest = string.segments[count..].iter().map(|segment| &segment.name);
            let target = SymbolPath::new(found.target.language(), &new);
            let modules = self.view.graph.modules();
            let text = with_colon(modules, &target, rest, count, colon);
            return Ok(vec![(old[0].span.cover(last), text)]);
        }
        if old.len() == new.len() {
            let pairs = old.iter().zip(&new).filter(|(old, new)| old.name != **new);
            return Ok(pairs.map(|(old, new)| (old.span, new.to_string())).collect());
        }
        // A string that may be edited holds names and single separators, nothing else.
        let span = old[0].span.cover(old[count - 1].span);
        Ok(vec![(span, new.join("."))])
    }

    /// What the matched segments become: absolute, or behind the same dots.
    fn new_segments(&self, string: &PathString, found: &Use) -> Result<Vec<Name>, String> {
        let target = found.target.segments();
        if let Some(stem) = found.stem.as_ref().filter(|stem| found.target.starts_with(&stem.path)) {
            let kept = string.segments[..stem.kept].iter().map(|segment| segment.name.clone());
            return Ok(kept.chain(target[stem.path.len()..].iter().cloned()).collect());
        }
        if string.level == 0 {
            let raw: Vec<&str> = string.segments.iter().map(|segment| &*segment.name).collect();
            return Ok(self.respell(&raw, &found.written, &found.target).segments().to_vec());
        }
        let base = self.view.absolute_string(&string.base, string.level, &[]);
        match base.filter(|base| found.target.starts_with(base) && found.target.len() > base.len()) {
            Some(base) => Ok(target[base.len()..].to_vec()),
            None => Err("the relative path would leave its package".to_owned()),
        }
    }
}
