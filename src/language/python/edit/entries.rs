//! Entries of lists that go: names in an export list.

use super::line::{line_end, line_start};
use crate::language::LanguageError;
use crate::language::python::lower::with_room_to_parse;
use crate::model::{Edit, Span};
use ruff_python_ast::Expr;
use ruff_python_ast::visitor::{Visitor, walk_body, walk_expr};
use ruff_text_size::{Ranged, TextRange};
use std::collections::BTreeMap;

/// The edits that take out the entries of lists and tuples that lie around these places, each with the rule that wants it.
///
/// # Errors
/// When there is no list at one of the places, or nothing would be left that Python reads.
pub(in crate::language::python) fn without_entries(
    text: &str,
    names: &BTreeMap<Span, String>,
) -> Result<Vec<Edit>, LanguageError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let by_hand =
        || LanguageError::Layout("no list spells it out in the export list: delete it by hand".into());
    let mut search = Search { names, lists: Vec::new() };
    with_room_to_parse(text, || {
        let parsed = ruff_python_parser::parse_module(text).map_err(|_| LanguageError::Syntax)?;
        walk_body(&mut search, parsed.suite());
        Ok(())
    })?;
    if search.lists.iter().flat_map(|list| &list.entries).filter(|(_, rule)| rule.is_some()).count()
        != names.len()
    {
        return Err(by_hand());
    }
    let edits = search.lists.iter().map(|list| list.without(text).ok_or_else(by_hand));
    Ok(edits.collect::<Result<Vec<_>, _>>()?.concat())
}

struct Search<'run> {
    names: &'run BTreeMap<Span, String>,
    lists: Vec<List>,
}

/// A list or tuple of which something goes.
struct List {
    span: Span,
    /// Its entries; with a rule those that go.
    entries: Vec<(Span, Option<String>)>,
    is_tuple: bool,
}

impl Visitor<'_> for Search<'_> {
    fn visit_expr(&mut self, expression: &Expr) {
        let (entries, is_tuple) = match expression {
            Expr::List(list) => (&list.elts, false),
            Expr::Tuple(tuple) => (&tuple.elts, true),
            _ => return walk_expr(self, expression),
        };
        let rule = |entry: &Expr| {
            let around = span(entry.range());
            let wanted = self.names.iter().find(|(name, _)| around.contains(**name));
            wanted.filter(|_| entry.is_string_literal_expr()).map(|(_, rule)| rule.clone())
        };
        let entries: Vec<(Span, Option<String>)> =
            entries.iter().map(|entry| (span(entry.range()), rule(entry))).collect();
        if entries.iter().any(|(_, rule)| rule.is_some()) {
            self.lists.push(List { span: span(expression.range()), entries, is_tuple });
        }
        walk_expr(self, expression);
    }
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

impl List {
    fn without(&self, text: &str) -> Option<Vec<Edit>> {
        let kept: Vec<Span> =
            self.entries.iter().filter(|(_, rule)| rule.is_none()).map(|(entry, _)| *entry).collect();
        if kept.is_empty() && !self.span.of(text).starts_with(['[', '(']) {
            return None;
        }
        let mut edits = Vec::new();
        for (entry, rule) in self.entries.iter().filter_map(|(entry, rule)| Some((*entry, rule.as_ref()?))) {
            let before = kept.iter().rev().find(|kept| kept.end <= entry.start);
            let is_last = kept.iter().all(|kept| kept.end <= entry.start);
            let gone = own_line(entry, text).unwrap_or_else(|| match before.filter(|_| is_last) {
                Some(before) if self.is_next(*before, entry) => Span::new(before.end, entry.end),
                _ => with_comma(entry, text),
            });
            edits.push(Edit { span: gone, text: String::new(), rule: rule.clone() });
        }
        // One entry needs its comma to be a tuple.
        if let ([only], true) = (&*kept, self.is_tuple) {
            let goes = |at: u32| edits.iter().any(|edit| edit.span.start <= at && at < edit.span.end);
            let comma = Span::new(only.end, self.span.end).of(text).find(',').map(|at| only.end + at as u32);
            if comma.is_none_or(goes) {
                let rule = edits[0].rule.clone();
                edits.push(Edit { span: Span::new(only.end, only.end), text: ",".into(), rule });
            }
        }
        Some(edits)
    }

    /// True when nothing stands between two entries.
    fn is_next(&self, one: Span, other: Span) -> bool {
        !self.entries.iter().any(|(entry, _)| one.end <= entry.start && entry.end <= other.start)
    }
}

/// The lines that an entry has for itself, with its comma and comment.
fn own_line(entry: Span, text: &str) -> Option<Span> {
    let (start, (end, next)) = (line_start(entry.start, text), line_end(entry.end, text));
    let behind = Span::new(entry.end, end).of(text).trim_start().strip_prefix(',')?.trim_start();
    let is_alone = Span::new(start, entry.start).of(text).trim().is_empty();
    (is_alone && (behind.is_empty() || behind.starts_with('#'))).then_some(Span::new(start, next))
}

/// An entry with the comma after it and the blanks up to the next one; at the end of a line or list those before it.
fn with_comma(entry: Span, text: &str) -> Span {
    let rest = &text[entry.end as usize..];
    let Some(tail) = rest.trim_start_matches([' ', '\t']).strip_prefix(',') else { return entry };
    let tail = tail.trim_start_matches([' ', '\t']);
    let end = text.len() as u32 - tail.len() as u32;
    let before = text[..entry.start as usize].trim_end_matches([' ', '\t']);
    let is_first = before.is_empty() || before.ends_with(['\n', '\r', '[', '(']);
    let start =
        if tail.starts_with(['\n', '\r', ']', ')']) && !is_first { before.len() as u32 } else { entry.start };
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FilePlan;

    /// The text without the entries that hold these names.
    fn without(text: &str, names: &[&str]) -> Result<String, String> {
        let place = |name: &&str| {
            let start = text.rfind(name).unwrap() as u32;
            (Span::new(start, start + name.len() as u32), "rule".to_owned())
        };
        let edits =
            without_entries(text, &names.iter().map(place).collect()).map_err(|error| error.to_string())?;
        let plan = FilePlan::compose("a.py".into(), text.as_bytes(), text, edits).unwrap();
        Ok(String::from_utf8(plan.after().to_vec()).unwrap())
    }

    #[test]
    fn an_entry_goes_with_its_comma() {
        for (before, names, after) in [
            ("__all__ = ['A', 'B', 'C']\n", &["A"][..], "__all__ = ['B', 'C']\n"),
            ("__all__ = ['A', 'B', 'C']\n", &["B"], "__all__ = ['A', 'C']\n"),
            ("__all__ = ['A', 'B', 'C']\n", &["C"], "__all__ = ['A', 'B']\n"),
            ("__all__ = ['A', 'B', 'C']\n", &["A", "C"], "__all__ = ['B']\n"),
            ("__all__ = ['A', 'B', 'C',]\n", &["B", "C"], "__all__ = ['A',]\n"),
            ("__all__ = ['A']\n", &["A"], "__all__ = []\n"),
            ("__all__ = [\n    'A', 'B',\n    'C',\n]\n", &["B"], "__all__ = [\n    'A',\n    'C',\n]\n"),
            ("__all__ = ('A', 'B')\n", &["A"], "__all__ = ('B',)\n"),
            ("__all__ = ('A', 'B')\n", &["B"], "__all__ = ('A',)\n"),
            ("__all__ = 'A', 'B'\n", &["B"], "__all__ = 'A',\n"),
            ("__all__ = ('A',)\n", &["A"], "__all__ = ()\n"),
            (
                "__all__ = [\n    'A',\n    'B',  # why\n    'C'\n]\n",
                &["B"],
                "__all__ = [\n    'A',\n    'C'\n]\n",
            ),
            ("__all__ = [\r\n    'A',\r\n    'C'\r\n]\r\n", &["C"], "__all__ = [\r\n    'A'\r\n]\r\n"),
            (
                "__all__ = ['A'] + ['B']\n__all__ += ['C']\n",
                &["B", "C"],
                "__all__ = ['A'] + []\n__all__ += []\n",
            ),
        ] {
            assert_eq!(without(before, names).as_deref(), Ok(after), "{before}");
        }
    }

    #[test]
    fn what_is_in_no_list_stays() {
        let told = "no list spells it out in the export list: delete it by hand";
        assert_eq!(without("__all__.append('A')\n", &["A"]).unwrap_err(), told);
        assert_eq!(without("__all__ = 'A',\n", &["A"]).unwrap_err(), told);
    }
}
