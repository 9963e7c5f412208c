//! Changes in examples: each is edited as the program that it is, then its lines get the marks of their comment again.

use super::super::lower;
use crate::language::{LanguageError, Surroundings};
use crate::model::{Addition, Edit, Example, FileChanges, FileFacts, Language, SourceFile, Span};

/// The changes of the file itself, and those of each example by its index.
pub(super) fn split(facts: &FileFacts, changes: &FileChanges) -> (FileChanges, Vec<(usize, FileChanges)>) {
    let mut own = FileChanges::default();
    let mut inner: Vec<FileChanges> = facts.examples.iter().map(|_| FileChanges::default()).collect();
    for (&id, change) in &changes.items {
        match facts.example_of(id) {
            Some(index) => {
                inner[index].items.insert(id - facts.examples[index].imports.start, change.clone())
            }
            None => own.items.insert(id, change.clone()),
        };
    }
    for addition in &changes.additions {
        match facts.example_of(addition.beside) {
            Some(index) => {
                let beside = addition.beside - facts.examples[index].imports.start;
                inner[index].additions.push(Addition { beside, ..addition.clone() });
            }
            None => own.additions.push(addition.clone()),
        }
    }
    for replacement in &changes.replacements {
        match facts.examples.iter().position(|example| example.span.contains(replacement.span)) {
            Some(index) => inner[index].replacements.push(replacement.clone()),
            None => own.replacements.push(replacement.clone()),
        }
    }
    let inner = inner.into_iter().enumerate().filter(|(_, changes)| !changes.is_empty());
    (own, inner.collect())
}

/// The edits of one example.
pub(super) fn edits(
    text: &str,
    example: &Example,
    surroundings: &Surroundings<'_>,
    mut changes: FileChanges,
) -> Result<Vec<Edit>, LanguageError> {
    let program = lower::program(&example.code);
    let place = Place { text, example, program: &program };
    for replacement in &mut changes.replacements {
        let inside = |offset: u32| offset - example.span.start + lower::head() as u32;
        replacement.span = Span::new(inside(replacement.span.start), inside(replacement.span.end));
    }
    let source = SourceFile::new("example.rs", Language::Rust, program.clone());
    let facts = lower::lower(&source, example.edition);
    let surroundings = Surroundings { package: None, edition: example.edition, spell: surroundings.spell };
    let edits = super::edits(&source, &facts, &surroundings, &changes)?;
    let mut done: Vec<Edit> = Vec::new();
    for group in place.groups(edits) {
        place.put_back(group, &mut done)?;
    }
    Ok(done)
}

/// Where an example stands.
struct Place<'run> {
    text: &'run str,
    example: &'run Example,
    program: &'run str,
}

impl Place<'_> {
    /// Edits that share lines stand together.
    fn groups(&self, edits: Vec<Edit>) -> Vec<Vec<Edit>> {
        let mut groups: Vec<Vec<Edit>> = Vec::new();
        for edit in edits {
            let start = self.lines(edit.span).start;
            match groups.last_mut() {
                Some(last) if last.iter().any(|before| self.lines(before.span).end > start) => {
                    last.push(edit)
                }
                _ => groups.push(vec![edit]),
            }
        }
        groups
    }

    /// The whole lines around a part of the program.
    fn lines(&self, span: Span) -> Span {
        let start = self.program[..span.start as usize].rfind('\n').map_or(lower::head(), |at| at + 1);
        let is_whole = span.end as usize > start && self.program[..span.end as usize].ends_with('\n');
        let rest = &self.program[span.end as usize..];
        let end = if is_whole { 0 } else { rest.find('\n').map_or(rest.len(), |at| at + 1) };
        Span::new(start as u32, span.end + end as u32)
    }

    /// Edits within a line go where they belong; for others the lines are written anew.
    fn put_back(&self, group: Vec<Edit>, done: &mut Vec<Edit>) -> Result<(), LanguageError> {
        let is_inside = |edit: &Edit| !edit.text.contains('\n') && !edit.span.of(self.program).contains('\n');
        if group.iter().all(is_inside) {
            done.extend(group.into_iter().map(|edit| Edit { span: self.outside(edit.span), ..edit }));
            return Ok(());
        }
        let lines = group.iter().map(|edit| self.lines(edit.span)).reduce(Span::cover);
        let Some(lines) = lines.filter(|lines| lines.end as usize <= lower::head() + self.example.code.len())
        else {
            return Err(LanguageError::Layout("the example cannot be taken apart into lines".to_owned()));
        };
        let mut new = String::new();
        let mut at = lines.start;
        for edit in &group {
            new.push_str(Span::new(at, edit.span.start).of(self.program));
            new.push_str(&edit.text);
            at = edit.span.end;
        }
        new.push_str(Span::new(at, lines.end).of(self.program));
        let span = self.outside(lines);
        let text = self.marked(&new, lines, span);
        let rule = group.into_iter().next().map(|edit| edit.rule).unwrap_or_default();
        done.push(Edit { span, text, rule });
        Ok(())
    }

    /// `new` in place of `lines`, with the marks of the lines that were there.
    fn marked(&self, new: &str, lines: Span, span: Span) -> String {
        let old: Vec<(&str, &str)> = lines
            .of(self.program)
            .split_inclusive('\n')
            .zip(span.of(self.text).split_inclusive('\n'))
            .collect();
        let is_one_to_one = new.split_inclusive('\n').count() == old.len();
        let marks = |index: usize| {
            let index = if is_one_to_one { index } else { 0 };
            old.get(index).map_or("", |(bare, marked)| marks(bare, marked))
        };
        let mut out = String::new();
        for (index, line) in new.split_inclusive('\n').enumerate() {
            if let Some((_, marked)) = old.iter().find(|(bare, _)| *bare == line) {
                out.push_str(marked);
                continue;
            }
            let marks = marks(index);
            let blanks = line.len() - line.trim_start_matches(' ').len();
            let rest = &line[blanks.min(marks.len())..];
            out.push_str(if rest.trim().is_empty() { marks.trim_end() } else { marks });
            out.push_str(rest);
        }
        out
    }

    fn outside(&self, span: Span) -> Span {
        let base = self.example.span.start;
        let outside = |offset: u32| offset - lower::head() as u32 + base;
        Span::new(outside(span.start), outside(span.end))
    }
}

/// What stands in `marked` where `bare` has blanks.
fn marks<'line>(bare: &str, marked: &'line str) -> &'line str {
    let last = bare.bytes().zip(marked.bytes()).rposition(|(bare, marked)| bare != marked);
    &marked[..last.map_or(0, |last| last + 1)]
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    #[test]
    fn a_name_moves_in_place() {
        check(&[(
            "/// ```\n/// use own::old::A;\n/// A\n/// ```\nstruct S;\n",
            "A -> own::new::A",
            "/// ```\n/// use own::new::A;\n/// A\n/// ```\nstruct S;\n",
        )]);
    }

    #[test]
    fn a_group_is_split_under_its_marks() {
        check(&[
            (
                "/// ```\n/// use own::old::{A, B};\n/// A\n/// ```\nstruct S;\n",
                "A -> own::new::A",
                "/// ```\n/// use own::new::A;\n/// use own::old::B;\n/// A\n/// ```\nstruct S;\n",
            ),
            (
                "  //! ```\n  //! # use own::old::{A, B};\n  //! ```\n",
                "A -> own::new::A",
                "  //! ```\n  //! # use own::new::A;\n  //! # use own::old::B;\n  //! ```\n",
            ),
            (
                "/**\n * ```\n * use own::old::A;\n * use own::z::{\n *     B,\n * };\n * ```\n */\nstruct S;\n",
                "A -> own::z::A",
                "/**\n * ```\n * use own::z::{\n *     A,\n *     B,\n * };\n * ```\n */\nstruct S;\n",
            ),
        ]);
    }
}
