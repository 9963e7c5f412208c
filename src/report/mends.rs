//! Which edits of a plan mend which findings, for formats that say so beside a finding.
//!
//! What is offered must be right when it is applied alone. As a rule that holds for all edits of a file together only: a
//! name that changes is used elsewhere in the file, and an import may have joined another one. Files whose changes
//! need those of other files have no offer at all.

use crate::model::{Edit, FilePlan, Finding, Fix, Form, LineIndex, Location, Outcome, Position, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::ops::Range;

/// A file that the plan changes, with what is needed to name places in it.
pub struct Planned<'a> {
    plan: &'a FilePlan,
    text: Cow<'a, str>,
    lines: LineIndex,
}

impl<'a> Planned<'a> {
    fn new(plan: &'a FilePlan) -> Self {
        // In any other encoding a character is one byte: each offset stays when something else stands in for it.
        let masked = || plan.before().iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { '_' });
        let text = std::str::from_utf8(plan.before()).map_or_else(|_| masked().collect(), Cow::Borrowed);
        Self { plan, lines: LineIndex::new(&text), text }
    }

    /// Row and column, in characters.
    pub fn position(&self, offset: u32) -> Position {
        self.lines.position(offset, &self.text)
    }

    /// Row and column, in bytes; a byte order mark counts, since a reader of bytes sees it.
    pub fn byte_position(&self, offset: u32) -> Position {
        let row = self.lines.row(offset);
        Position { row, column: offset - self.lines.line(row, &self.text).start + 1 }
    }

    fn line(&self, row: u32) -> Span {
        self.lines.line(row, &self.text)
    }

    /// The rows that an edit touches; when it takes a whole line, the next one is not among them.
    fn rows(&self, edit: &Edit) -> Range<u32> {
        let (first, last) = (self.lines.row(edit.span.start), self.lines.row(edit.span.end));
        let ends_before = last > first && self.line(last).start == edit.span.end;
        first..(if ends_before { last } else { last + 1 })
    }

    /// What `place` holds after `edits`; `None` when that is no UTF-8.
    fn after(&self, place: Span, edits: &[Edit]) -> Option<String> {
        let mut text = String::new();
        let mut at = place.start;
        for edit in edits {
            text += std::str::from_utf8(&self.plan.before()[at as usize..edit.span.start as usize]).ok()?;
            text += &edit.text;
            at = edit.span.end;
        }
        text += std::str::from_utf8(&self.plan.before()[at as usize..place.end as usize]).ok()?;
        Some(text)
    }
}

/// Edits of one file that belong together.
pub struct Mend<'a> {
    pub file: &'a Planned<'a>,
    pub edits: &'a [Edit],
}

impl Mend<'_> {
    /// The same as one replacement, when it spans at most `rows` rows.
    pub fn as_one(&self, rows: u32) -> Option<(Span, String)> {
        let (first, last) = (self.edits.first()?, self.edits.last()?);
        let place = first.span.cover(last.span);
        let spans = self.file.position(place.end).row - self.file.position(place.start).row + 1;
        let text = if spans <= rows { self.file.after(place, self.edits) } else { None };
        text.map(|text| (place, text))
    }
}

/// The mends of an outcome. What mends several findings belongs to the first of them.
pub struct Mends<'a> {
    files: Vec<Planned<'a>>,
    by_finding: FxHashMap<usize, (usize, Range<usize>)>,
}

impl<'a> Mends<'a> {
    /// Finds the mends of all findings of `outcome`; none without a plan.
    pub fn new(outcome: &'a Outcome) -> Self {
        let mut mends = Self { files: Vec::new(), by_finding: FxHashMap::default() };
        let Some(plan) = &outcome.plan else { return mends };
        let refused: FxHashSet<(&str, Location)> =
            plan.refusals.iter().map(|refusal| (&*refusal.file, refusal.location)).collect();
        let mut by_file: FxHashMap<&str, Vec<(usize, &Finding)>> = FxHashMap::default();
        for (number, finding) in outcome.findings.iter().enumerate() {
            if finding.fix == Fix::Safe && !refused.contains(&(&*finding.file, finding.location)) {
                by_file.entry(&finding.file).or_default().push((number, finding));
            }
        }
        for file in plan.files.iter().filter(|file| !plan.joint.contains(file.path())) {
            if let Some(findings) = by_file.get(&**file.path()) {
                mends.add(Planned::new(file), findings);
            }
        }
        mends
    }

    /// What mends the finding with this number, and perhaps later ones of its file.
    pub fn of(&'a self, finding: usize) -> Option<Mend<'a>> {
        let (file, edits) = self.by_finding.get(&finding)?;
        let file = &self.files[*file];
        Some(Mend { file, edits: &file.plan.edits()[edits.clone()] })
    }

    fn add(&mut self, file: Planned<'a>, findings: &[(usize, &Finding)]) {
        let number = self.files.len();
        let all = || vec![(findings[0].0, 0..file.plan.edits().len())];
        let groups = separate(&file, findings).unwrap_or_else(all);
        self.by_finding.extend(groups.into_iter().map(|(finding, edits)| (finding, (number, edits))));
        self.files.push(file);
    }
}

/// Groups of edits that hold each on its own, with the first finding of each: whole imports that are put in each other's
/// place, under the same name. `None` when there is anything else.
fn separate(file: &Planned<'_>, findings: &[(usize, &Finding)]) -> Option<Vec<(usize, Range<usize>)>> {
    if !findings.iter().all(|(_, finding)| is_plain_import(finding)) {
        return None;
    }
    let mut groups = Vec::new();
    let mut settled = 0;
    for (rows, edits) in by_rows(file) {
        let inside: Vec<&(usize, &Finding)> =
            findings.iter().filter(|(_, finding)| rows.contains(&finding.location.start.row)).collect();
        let place = file.line(rows.start).cover(file.line(rows.end - 1));
        let after = file.after(place, &file.plan.edits()[edits.clone()])?;
        if inside.is_empty() || !inside.iter().all(|(_, finding)| writes_name(&after, finding)) {
            return None;
        }
        settled += inside.len();
        groups.push((inside[0].0, edits));
    }
    (settled == findings.len()).then_some(groups)
}

/// Edits that touch the same rows, and the rows.
fn by_rows(file: &Planned<'_>) -> Vec<(Range<u32>, Range<usize>)> {
    let mut groups: Vec<(Range<u32>, Range<usize>)> = Vec::new();
    for (number, edit) in file.plan.edits().iter().enumerate() {
        let rows = file.rows(edit);
        match groups.last_mut() {
            Some((last, edits)) if rows.start < last.end => {
                last.end = last.end.max(rows.end);
                edits.end = number + 1;
            }
            _ => groups.push((rows, number..number + 1)),
        }
    }
    groups
}

fn is_plain_import(finding: &Finding) -> bool {
    let name = |path: &Option<String>| path.as_deref().map(last_segment).map(str::to_owned);
    matches!(finding.form, Some(Form::FromImport | Form::Use))
        && name(&finding.written) == name(&finding.canonical)
}

fn writes_name(text: &str, finding: &Finding) -> bool {
    finding.canonical.as_deref().is_some_and(|path| text.contains(last_segment(path)))
}

fn last_segment(path: &str) -> &str {
    path.rsplit(['.', ':']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    fn mended(text: &str, edits: &[(&str, &str)]) -> Vec<(usize, String)> {
        let outcome = made_up::mended(text, edits);
        let mends = Mends::new(&outcome);
        let with_mend = (0..outcome.findings.len()).filter_map(|number| Some((number, mends.of(number)?)));
        with_mend.map(|(number, mend)| (number, mend.as_one(9).unwrap().1)).collect()
    }

    const TWO: &str = "from shop.prices import VAT\ndef f():\n    from shop.prices import VAT\n";

    #[test]
    fn imports_that_stand_alone_are_mended_alone() {
        let found = mended(TWO, &[("shop.prices", "shop.tax"), ("shop.prices", "shop.tax")]);
        assert_eq!(found, [(0, "shop.tax".to_owned()), (1, "shop.tax".to_owned())]);
    }

    #[test]
    fn an_edit_without_a_finding_of_its_own_binds_the_file_together() {
        let text = format!("{TWO}from shop.tax import Rate\n");
        let edits =
            [("from shop.prices import VAT\n", ""), ("shop.prices", "shop.tax"), ("Rate", "VAT, Rate")];
        let found = mended(&text, &edits);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, "def f():\n    from shop.tax import VAT\nfrom shop.tax import VAT, Rate");
    }

    #[test]
    fn a_line_that_goes_is_no_mend_alone() {
        let found = mended(TWO, &[("from shop.prices import VAT\n", ""), ("shop.prices", "shop.tax")]);
        assert_eq!(found, [(0, "def f():\n    from shop.tax".to_owned())]);
    }

    #[test]
    fn files_that_change_only_with_others_and_refused_findings_have_no_mend() {
        let mut outcome = made_up::mended(TWO, &[("shop.prices", "shop.tax"), ("shop.prices", "shop.tax")]);
        let plan = outcome.plan.as_mut().unwrap();
        plan.joint.insert("shop/cart.py".into());
        assert!(Mends::new(&outcome).of(0).is_none());
        outcome.plan.as_mut().unwrap().joint.clear();
        let first = outcome.findings[0].location;
        outcome.plan.as_mut().unwrap().refusals.push(made_up::refusal(first));
        let mends = Mends::new(&outcome);
        assert!(mends.of(0).is_none() && mends.of(1).is_some_and(|mend| mend.edits.len() == 2));
    }

    #[test]
    fn places_are_known_in_characters_and_in_bytes() {
        let text = "\u{feff}x = 'é😀'; from shop.prices import VAT\r\n";
        let outcome = made_up::mended(text, &[("shop.prices", "shop.tax")]);
        let mends = Mends::new(&outcome);
        let mend = mends.of(0).unwrap();
        let start = mend.edits[0].span.start;
        assert_eq!(mend.file.position(start).column, 16);
        assert_eq!(mend.file.byte_position(start).column, 23);
    }
}
