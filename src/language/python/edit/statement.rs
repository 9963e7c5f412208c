//! The layout of one import statement: where its module, its names, its parentheses and its comments are.

use super::line::{Surroundings, line_end, line_start};
use crate::language::LanguageError;
use crate::model::{FileFacts, Import, ImportForm, ImportId, Span};

/// One import statement, taken apart.
pub(super) struct Statement<'text> {
    pub text: &'text str,
    /// From its keyword to its last name or closing parenthesis.
    pub span: Span,
    /// Its names, in order.
    pub ids: Vec<ImportId>,
    /// Each name with its alias.
    pub items: Vec<Span>,
    /// The module behind `from`, dots included; empty for a plain import.
    pub module: Span,
    /// The closing parenthesis, when the names stand in parentheses.
    pub close: Option<u32>,
    /// True when a comment stands between its first and last byte.
    pub has_comments: bool,
    pub around: Surroundings<'text>,
}

/// The comments that belong to one imported name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct ItemComments<'text> {
    /// Comment lines directly above.
    pub above: Vec<&'text str>,
    /// The comment behind it on its line.
    pub behind: Option<&'text str>,
}

impl<'text> Statement<'text> {
    pub fn read(text: &'text str, facts: &FileFacts, ids: Vec<ImportId>) -> Result<Self, LanguageError> {
        let first = &facts.imports[ids[0] as usize];
        let span = first.statement;
        let item = |&id: &ImportId| {
            let import = &facts.imports[id as usize];
            import.alias.as_ref().map_or(import.span, |alias| import.span.cover(alias.span))
        };
        let items: Vec<Span> = ids.iter().map(item).collect();
        let module = match first.form {
            ImportForm::Module => Span::default(),
            _ => module_span(text, first).ok_or_else(unusual)?,
        };
        let last = items.last().ok_or_else(unusual)?.end;
        let tail = Span::new(last, span.end).of(text);
        let close = tail.rfind(')').map(|at| last + at as u32);
        let has_comments = span.of(text).contains('#');
        Ok(Self { text, span, ids, items, module, close, has_comments, around: Surroundings::of(span, text) })
    }

    /// The lines of one name, with the comment lines above it, when it shares them with no other name.
    pub fn item_lines(&self, index: usize) -> Option<(Span, ItemComments<'text>)> {
        let item = self.items[index];
        let start = line_start(item.start, self.text);
        let (end_of_text, next) = line_end(item.end, self.text);
        let before = Span::new(start, item.start).of(self.text);
        let after = Span::new(item.end, end_of_text).of(self.text).trim_start();
        let after = after.strip_prefix(',').unwrap_or(after).trim();
        let is_alone = before.trim().is_empty() && (after.is_empty() || after.starts_with('#'));
        if !is_alone || start <= self.span.start || next > self.close? {
            return None;
        }
        let behind = (!after.is_empty()).then_some(after);
        let (above_start, above) = self.comment_lines_above(start);
        Some((Span::new(above_start, next), ItemComments { above, behind }))
    }

    fn comment_lines_above(&self, line: u32) -> (u32, Vec<&'text str>) {
        let (mut start, mut above) = (line, Vec::new());
        while start > 0 {
            let previous =
                line_start(start - 1 - u32::from(self.text[..start as usize].ends_with("\r\n")), self.text);
            let content = Span::new(previous, line_end(previous, self.text).0).of(self.text).trim();
            if previous <= self.span.start || !content.starts_with('#') {
                break;
            }
            above.push(content);
            start = previous;
        }
        above.reverse();
        (start, above)
    }

    /// White space before a name that stands on a line of its own.
    pub fn item_indent(&self, index: usize) -> &'text str {
        let start = line_start(self.items[index].start, self.text);
        let before = Span::new(start, self.items[index].start).of(self.text);
        if before.trim().is_empty() { before } else { "" }
    }
}

/// What stands between `from` and `import`: from the first dot or name to the last.
fn module_span(text: &str, import: &Import) -> Option<Span> {
    let statement = import.statement.of(text);
    // The first dot of the statement is the first one of a relative path: only `from` stands before it.
    let mut dots = statement.match_indices('.').map(|(at, _)| import.statement.start + at as u32);
    let first_dot = dots.next();
    let last_dot =
        if import.start.level() > 1 { dots.nth(import.start.level() as usize - 2) } else { first_dot };
    let start = if import.start.level() > 0 { first_dot? } else { import.path.first()?.span.start };
    let end = import.path.last().map(|segment| segment.span.end).or_else(|| last_dot.map(|dot| dot + 1))?;
    Some(Span::new(start, end))
}

fn unusual() -> LanguageError {
    LanguageError::Layout("the import statement is laid out in an unusual way".to_owned())
}
