//! Entries as text: runs of lines are put together again in their order, blank lines are kept tidy.

use super::by_hand::Hand;
use super::entries::Entry;
use super::layout::columns;
use super::sniffing::{is_formatted, touches};
use super::statement::{Lines, Statement};
use super::tokens::{line_start, newline, next_line};
use super::tree::Tree;
use super::{File, difference};
use crate::model::{Edit, FileChanges, ItemChange, Span};

/// Adds the edits of all entries; returns the spans in which replacements are done as well.
pub(super) fn edits(
    file: &File<'_>,
    entries: &[Entry],
    changes: &FileChanges,
    edits: &mut Vec<Edit>,
) -> Vec<Span> {
    let writer = Writer { file, changes };
    let mut done = Vec::new();
    let mut emptied: Vec<(Span, String)> = Vec::new();
    for run in runs(file, entries) {
        if !run.iter().any(|entry| entry.is_changed || writer.is_gone(entry)) {
            continue;
        }
        if file.statements[run[0].statement].lines.is_none() {
            writer.inline(&run, edits);
            continue;
        }
        let (region, new, rule) = writer.run(&run);
        match emptied.last_mut() {
            _ if !new.is_empty() => {
                let first = edits.len();
                difference::edits(region.of(file.text), &new, region.start, &rule, edits);
                edits[first..].iter_mut().for_each(|edit| writer.name_rule(edit, &run));
                done.push(region);
            }
            Some((last, _)) if Span::new(last.end, region.start).of(file.text).trim().is_empty() => {
                *last = last.cover(region);
            }
            _ => emptied.push((region, rule)),
        }
    }
    for (region, rule) in emptied {
        let span = writer.tidied(region);
        edits.push(Edit { span, text: String::new(), rule });
        done.push(span);
    }
    done
}

/// The entries by runs of lines; a statement among other code makes a run of its own.
fn runs<'run>(file: &File<'_>, entries: &'run [Entry]) -> Vec<Vec<&'run Entry>> {
    let mut runs: Vec<Vec<&Entry>> = Vec::new();
    for entry in entries {
        match runs.last_mut() {
            Some(run) if continues(file, run, entry) => run.push(entry),
            _ => runs.push(vec![entry]),
        }
    }
    runs
}

fn continues(file: &File<'_>, run: &[&Entry], entry: &Entry) -> bool {
    let Some(last) = run.last() else { return false };
    entry.is_new
        || last.block == entry.block
            && touches(&file.statements[last.statement], &file.statements[entry.statement])
}

struct Writer<'run> {
    file: &'run File<'run>,
    changes: &'run FileChanges,
}

impl Writer<'_> {
    /// An `extern crate` that goes.
    fn is_gone(&self, entry: &Entry) -> bool {
        let statement = &self.file.statements[entry.statement];
        !entry.is_new
            && statement.is_extern_crate
            && statement
                .ids
                .iter()
                .any(|id| matches!(self.changes.items.get(id), Some(ItemChange::Remove { .. })))
    }

    /// The source under `span`, with the replacements that lie in it.
    fn verbatim(&self, span: Span) -> String {
        let mut text = String::new();
        let mut at = span.start;
        for replacement in &self.changes.replacements {
            if span.contains(replacement.span) && replacement.span.start >= at {
                text.push_str(Span::new(at, replacement.span.start).of(self.file.text));
                text.push_str(&replacement.text);
                at = replacement.span.end;
            }
        }
        text.push_str(Span::new(at, span.end).of(self.file.text));
        text
    }

    fn lines_of(&self, entry: &Entry) -> Option<&Lines> {
        self.file.statements[entry.statement].lines.as_ref()
    }

    /// The lines of a run, what they become, and the rule.
    fn run(&self, run: &[&Entry]) -> (Span, String, String) {
        let text = self.file.text;
        let mut spans = run.iter().filter_map(|entry| self.lines_of(entry)).map(|lines| lines.span);
        let first = spans.next().unwrap_or_default();
        let region = spans.fold(first, Span::cover);
        let newline = newline(text);
        let mut new = String::new();
        for entry in self.ordered(run) {
            let line = self.entry(entry);
            new.push_str(&line);
            if !line.is_empty() && !line.ends_with('\n') {
                new.push_str(newline);
            }
        }
        if !region.of(text).ends_with('\n') {
            new.truncate(new.trim_end_matches(['\n', '\r']).len());
        }
        let rule = run.iter().map(|entry| entry.rule.as_str()).find(|rule| !rule.is_empty());
        let rule = rule.map_or_else(|| self.any_rule(run), str::to_owned);
        (region, new, rule)
    }

    /// An edit in the lines of a statement is made for the rule that changed the statement.
    fn name_rule(&self, edit: &mut Edit, run: &[&Entry]) {
        let is_inside = |entry: &&&Entry| {
            let lines = self.lines_of(entry).filter(|_| !entry.is_new && !entry.rule.is_empty());
            lines.is_some_and(|lines| (lines.span.start..lines.span.end).contains(&edit.span.start))
        };
        if let Some(entry) = run.iter().find(is_inside) {
            edit.rule.clone_from(&entry.rule);
        }
    }

    fn any_rule(&self, run: &[&Entry]) -> String {
        let mut ids = run.iter().flat_map(|entry| &self.file.statements[entry.statement].ids);
        let found = ids.find_map(|id| match self.changes.items.get(id)? {
            ItemChange::Remove { rule } | ItemChange::Move { rule, .. } => Some(rule.clone()),
        });
        found.unwrap_or_default()
    }

    /// The entries in the order that they will have: sorted if the run was.
    fn ordered<'entry>(&self, run: &[&'entry Entry]) -> Vec<&'entry Entry> {
        let order = self.file.order;
        let statement = |entry: &Entry| &self.file.statements[entry.statement];
        let old: Option<Vec<&Tree>> = run
            .iter()
            .filter(|entry| !entry.is_new)
            .map(|entry| statement(entry).tree.as_ref().map(|(tree, _)| tree))
            .collect();
        let is_sorted =
            old.is_some_and(|trees| trees.is_sorted_by(|one, other| order.compare(one, other).is_le()));
        if !is_sorted {
            return run.to_vec();
        }
        let (moving, stays): (Vec<&Entry>, Vec<&Entry>) = run.iter().partition(|entry| entry.is_changed);
        let mut sorted: Vec<(&Tree, &Entry)> =
            stays.into_iter().chain(moving).filter_map(|entry| Some((entry.tree.as_ref()?, entry))).collect();
        sorted.sort_by(|(one, _), (other, _)| order.compare(one, other));
        sorted.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The lines of one entry.
    fn entry(&self, entry: &Entry) -> String {
        let statement = &self.file.statements[entry.statement];
        let Some(lines) = &statement.lines else { return String::new() };
        if self.is_gone(entry) {
            return String::new();
        }
        if !entry.is_changed {
            return self.verbatim(lines.span);
        }
        let Some(tree) = &entry.tree else { return String::new() };
        if entry.is_new { self.new_lines(entry, tree, lines) } else { self.old_lines(statement, tree, lines) }
    }

    fn old_lines(&self, statement: &Statement, tree: &Tree, lines: &Lines) -> String {
        let Some((_, span)) = &statement.tree else { return String::new() };
        let head = self.verbatim(Span::new(lines.span.start, span.start));
        let before =
            columns(&lines.indent) + columns(Span::new(statement.span.start, span.start).of(self.file.text));
        let body = self.tree(tree, statement, &lines.indent, before);
        let tail = Span::new(span.end, statement.span.end).of(self.file.text);
        let rest = self.verbatim(Span::new(statement.span.end, lines.span.end));
        let rest = if rest.ends_with('\n') { rest } else { format!("{rest}{}", newline(self.file.text)) };
        format!("{}{head}{body}{tail}{}{rest}", self.above(tree, lines), behind(tree))
    }

    fn new_lines(&self, entry: &Entry, tree: &Tree, lines: &Lines) -> String {
        let (indent, newline) = (&lines.indent, newline(self.file.text));
        let mut text = self.above(tree, lines);
        for attribute in &entry.attributes {
            text.push_str(&format!("{indent}{attribute}{newline}"));
        }
        let head = head(&entry.visibility);
        let statement = &self.file.statements[entry.statement];
        let body = self.tree(tree, statement, indent, columns(indent) + columns(&head));
        text.push_str(&format!("{indent}{head}{body};{}{newline}", behind(tree)));
        text
    }

    /// The comments that go in front, on lines of their own.
    fn above(&self, tree: &Tree, lines: &Lines) -> String {
        let newline = newline(self.file.text);
        tree.notes.before.iter().map(|note| format!("{}{note}{newline}", lines.indent)).collect()
    }

    /// A tree as text, with the line breaks of the file.
    fn tree(&self, tree: &Tree, statement: &Statement, indent: &str, before: usize) -> String {
        let style = self.file.style;
        let inner = Tree { notes: super::tree::Notes::default(), ..tree.clone() };
        let has_comments = inner.has_odd_comments();
        let text = self.file.text;
        let is_formatted = is_formatted(style, text, statement);
        let formatted = || style.render(tree, indent, before);
        let new = if is_formatted && !has_comments {
            formatted()
        } else {
            let new = Hand { source: text, unit: style.unit }.tree(tree, indent);
            let is_long = !new.contains('\n') && before + columns(&new) >= style.width;
            if is_long && !inner.has_comments() { formatted() } else { new }
        };
        new.replace('\n', newline(text))
    }

    /// A run that goes takes a blank line with it, when blank lines or braces stand on both sides.
    fn tidied(&self, region: Span) -> Span {
        let text = self.file.text;
        let before = text[..region.start as usize].trim_end_matches([' ', '\t']);
        let is_blank = |line: &str| line.trim().is_empty();
        let opens = before.trim().is_empty() || before.trim_end().ends_with('{') && !is_after_blank(before);
        let end = next_line(region.end, text);
        let below = Span::new(region.end, end).of(text);
        if (opens || is_after_blank(before)) && is_blank(below) && end > region.end {
            return Span::new(region.start, end);
        }
        let (head, tail) = (before.trim_end(), text[region.end as usize..].trim_start());
        if head.ends_with('{') && tail.starts_with('}') {
            return Span::new(head.len() as u32, (text.len() - tail.len()) as u32);
        }
        let closes = below.trim_start().starts_with('}') || region.end as usize == text.len();
        if closes && is_after_blank(before) && !before.trim().is_empty() {
            return Span::new(line_start(before.len() as u32 - 1, text), region.end);
        }
        region
    }

    /// The edits of a statement that shares its lines with other code.
    fn inline(&self, run: &[&Entry], edits: &mut Vec<Edit>) {
        let statement = &self.file.statements[run[0].statement];
        let text = self.file.text;
        for entry in run {
            match &entry.tree {
                Some(tree) if entry.is_new => {
                    let tree = self.tree(tree, statement, "", 0);
                    let attributes: String =
                        entry.attributes.iter().map(|attribute| format!("{attribute} ")).collect();
                    let text = format!(" {attributes}{}{tree};", head(&entry.visibility));
                    let span = Span::new(statement.span.end, statement.span.end);
                    edits.push(Edit { span, text, rule: entry.rule.clone() });
                }
                Some(tree) => {
                    let Some((_, span)) = &statement.tree else { continue };
                    if entry.is_changed {
                        let new = self.tree(tree, statement, "", 0);
                        difference::edits(span.of(text), &new, span.start, &entry.rule, edits);
                    }
                }
                None if entry.is_changed || self.is_gone(entry) => {
                    let rest = &text[statement.item.end.max(statement.span.end) as usize..];
                    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                    let span = Span::new(statement.item.start, statement.span.end + spaces as u32);
                    let rule = if entry.rule.is_empty() { self.any_rule(run) } else { entry.rule.clone() };
                    edits.push(Edit { span, text: String::new(), rule });
                }
                None => {}
            }
        }
    }
}

fn head(visibility: &str) -> String {
    if visibility.is_empty() { "use ".to_owned() } else { format!("{visibility} use ") }
}

/// The comments that go behind.
fn behind(tree: &Tree) -> String {
    tree.notes.after.iter().map(|note| format!(" {note}")).collect()
}

fn is_after_blank(before: &str) -> bool {
    let before = before.strip_suffix('\n').unwrap_or(before);
    let before = before.strip_suffix('\r').unwrap_or(before);
    before.trim_end_matches([' ', '\t']).ends_with('\n') || before.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::{Wish, apply_as, check, edits_as};
    use crate::model::{FileChanges, Replacement, Span};

    #[test]
    fn a_sorted_run_stays_sorted() {
        check(&[
            ("use a::A;\nuse b::B;\nuse c::C;\n", "A -> d::A", "use b::B;\nuse c::C;\nuse d::A;\n"),
            ("use b::B;\nuse c::C;\n\nuse a::A;\n", "C -> a::C", "use b::B;\n\nuse a::{A, C};\n"),
            ("use c::C;\nuse b::B;\nuse a::A;\n", "B -> z::B", "use c::C;\nuse z::B;\nuse a::A;\n"),
        ]);
    }

    #[test]
    fn each_edit_names_its_rule() {
        let text = "use a::A;\nuse b::B;\nuse c::C;\n";
        let edits = edits_as(text, &["A -> a::X as A", "C -> c::X as C"]);
        let rules: Vec<String> = edits.into_iter().map(|edit| edit.rule).collect();
        assert_eq!(rules, ["0", "1"]);
    }

    #[test]
    fn what_is_empty_goes_with_its_blank_line() {
        check(&[
            ("//! X.\n\nuse a::A;\n\nfn f() {}\n", "- A", "//! X.\n\nfn f() {}\n"),
            ("/// Docs.\n#[x]\nuse a::A;\n\nfn f() {}\n", "- A", "fn f() {}\n"),
            ("fn f() {\n    use a::A;\n\n    g();\n}\n", "- A", "fn f() {\n    g();\n}\n"),
            ("mod m {\n    use a::A;\n\n    use b::B;\n}\n", "- A; - B", "mod m {}\n"),
            ("fn f() {}\n\nuse a::A;\n", "- A", "fn f() {}\n"),
            ("x! {}\nuse a::A;\nfn f() {}\n", "- A", "x! {}\nfn f() {}\n"),
        ]);
    }

    #[test]
    fn a_statement_among_other_code_is_changed_in_its_line() {
        check(&[
            (
                "fn f() { use crate::old::{A, B}; g() }\n",
                "A -> own::new::A",
                "fn f() { use crate::old::B; use crate::new::A; g() }\n",
            ),
            ("fn f() { use a::{A, B}; g() }\n", "- A; - B", "fn f() { g() }\n"),
            ("fn f() { use a::A; g() }\n", "A -> b::A", "fn f() { use b::A; g() }\n"),
        ]);
    }

    #[test]
    fn line_breaks_marks_and_tabs_stay() {
        check(&[
            (
                "\u{feff}use b::{A, B};\r\nuse c::C;",
                "A -> d::A",
                "\u{feff}use b::B;\r\nuse c::C;\r\nuse d::A;",
            ),
            (
                "fn f() {\n\tuse b::{A, B};\n\tg()\n}\n",
                "A -> d::A",
                "fn f() {\n\tuse b::B;\n\tuse d::A;\n\tg()\n}\n",
            ),
        ]);
    }

    #[test]
    fn replacements_beside_an_import_are_done_as_well() {
        let text = "/// See [a::X].\npub(in a) use b::A;\nfn f() { b() }\n";
        let replacement = |at: usize, text: &str| Replacement {
            span: Span::new(at as u32, at as u32 + 1),
            text: text.into(),
            rule: "rule".into(),
        };
        let places = [text.find("a::X").unwrap(), text.find("(in a").unwrap() + 4, text.find("b()").unwrap()];
        let replacements = places.iter().map(|&at| replacement(at, "long")).collect();
        let changes = FileChanges { replacements, ..FileChanges::default() };
        let after = apply_as(text, "A -> c::A", Wish { changes, ..Wish::default() }).unwrap();
        assert_eq!(after, "/// See [long::X].\npub(in long) use c::A;\nfn f() { long() }\n");
    }
}
