//! Whole items that go: with their attributes, their documentation, and the lines that they have for themselves.

use super::tokens::{begins_line_comment, index_at, line_start, next_line, read};
use crate::language::LanguageError;
use crate::language::rust::lower::with_file;
use crate::model::{Edit, SourceFile, Span};
use std::collections::BTreeMap;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Ident, Item};

/// The edits that take out the items whose names stand at these places, each with the rule that wants it.
///
/// # Errors
/// When there is no item of its own at one of the places.
pub(in crate::language::rust) fn without_items(
    source: &SourceFile,
    names: &BTreeMap<Span, String>,
) -> Result<Vec<Edit>, LanguageError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let text = source.text();
    let found = with_file(text, |file, places| {
        let place = |span: proc_macro2::Span| places.span(span);
        let mut search = Search { names, place: &place, found: BTreeMap::new() };
        search.visit_file(file);
        search.found
    });
    let found = found.ok_or(LanguageError::Syntax)?;
    if found.len() != names.len() {
        return Err(LanguageError::Layout("a macro makes it: delete it by hand".into()));
    }
    let mut edits: Vec<Edit> = Vec::new();
    for (item, rule) in found {
        let free = edits.last().map_or(0, |edit| edit.span.end);
        edits.push(Edit { span: lines(item, text, free), text: String::new(), rule });
    }
    Ok(edits)
}

/// Whether the item whose name stands at `name` is a trait.
pub(in crate::language::rust) fn is_trait(text: &str, name: Span) -> bool {
    let tokens = read(text);
    let before = index_at(&tokens, name.start).checked_sub(1);
    before.is_some_and(|at| tokens[at].is(text, "trait"))
}

struct Search<'run> {
    names: &'run BTreeMap<Span, String>,
    place: &'run dyn Fn(proc_macro2::Span) -> Span,
    /// The items, each with its rule.
    found: BTreeMap<Span, String>,
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if let Some(ident) = ident_of(item) {
            let name = (self.place)(ident.span());
            let wanted = self.names.iter().find(|(wanted, _)| name.contains(**wanted));
            if let Some((_, rule)) = wanted {
                self.found.insert((self.place)(item.span()), rule.clone());
            }
        }
        visit::visit_item(self, item);
    }
}

/// The name that an item has.
pub(in crate::language::rust) const fn ident_of(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Mod(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// An item with its lines; what lies before `free` is not to be had. Of two blank lines around it one goes.
fn lines(item: Span, text: &str, free: u32) -> Span {
    let (start, end) = (line_start(item.start, text), next_line(item.end, text));
    let before = Span::new(start, item.start).of(text);
    let behind = Span::new(item.end, end).of(text).trim();
    if !before.trim().is_empty() || !(behind.is_empty() || begins_line_comment(behind)) {
        let gap = Span::new(item.end, end).of(text);
        let blanks = gap.len() - gap.trim_start_matches([' ', '\t']).len();
        return Span::new(item.start, item.end + blanks as u32);
    }
    let mut whole = Span::new(with_comment(start, end, text).max(free), end);
    let is_gap = is_blank(previous_line(whole.start, text), text) || opens(whole.start, text);
    let next = Span::new(end, next_line(end, text));
    if is_gap && is_blank(next, text) {
        whole.end = next.end;
    } else if is_gap && (next.is_empty() || next.of(text).trim_start().starts_with('}')) {
        let gap = previous_line(whole.start, text);
        if is_blank(gap, text) && gap.start >= free {
            whole.start = gap.start;
        }
    }
    whole
}

/// Where the comment starts that stands directly above, with nothing but a gap around both; else `start`.
fn with_comment(start: u32, end: u32, text: &str) -> u32 {
    let next = Span::new(end, next_line(end, text)).of(text).trim();
    if !(next.is_empty() || next.starts_with('}')) {
        return start;
    }
    let is_comment = |line: Span| begins_line_comment(line.of(text).trim());
    let mut first = start;
    while first > 0 && is_comment(previous_line(first, text)) {
        first = previous_line(first, text).start;
    }
    // At the top of a file it speaks of more than this item.
    if first == 0 || line_start(0, text) == first { start } else { first }
}

fn previous_line(start: u32, text: &str) -> Span {
    let end = start;
    Span::new(if end == 0 { 0 } else { line_start(end - 1, text) }, end)
}

/// True for a line with nothing in it; the empty rest of a text is none.
fn is_blank(line: Span, text: &str) -> bool {
    !line.is_empty() && line.of(text).trim().is_empty()
}

/// True at the top of a text or block.
fn opens(start: u32, text: &str) -> bool {
    text[..start as usize].trim_end().ends_with('{') || text[..start as usize].trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FilePlan, Language};

    /// The text without the items of these names.
    fn without(text: &str, names: &[&str]) -> Result<String, String> {
        let place = |name: &&str| {
            let start = text.rfind(name).unwrap() as u32;
            (Span::new(start, start + name.len() as u32), "rule".to_owned())
        };
        let source = SourceFile::new("a.rs", Language::Rust, text.to_owned());
        let edits =
            without_items(&source, &names.iter().map(place).collect()).map_err(|error| error.to_string())?;
        let plan = FilePlan::compose("a.rs".into(), text.as_bytes(), text, edits).unwrap();
        Ok(String::from_utf8(plan.after().to_vec()).unwrap())
    }

    #[test]
    fn an_item_goes_with_attributes_documentation_and_lines() {
        for (before, names, after) in [
            ("pub mod old;\npub mod new;\n", &["old"][..], "pub mod new;\n"),
            (
                "mod a;\n#[allow(deprecated)]\npub mod old; // gone soon\nmod b;\n",
                &["old"],
                "mod a;\nmod b;\n",
            ),
            (
                "fn a() {}\n\n/// Old.\n#[deprecated]\npub type Old = New;\n\nfn b() {}\n",
                &["Old"],
                "fn a() {}\n\nfn b() {}\n",
            ),
            (
                "fn a() {}\n\n// Kept for a while.\npub type Old = New;\n\nfn b() {}\n",
                &["Old"],
                "fn a() {}\n\nfn b() {}\n",
            ),
            ("type Old = X; /// Of b.\nfn b() {}\n", &["Old"], "/// Of b.\nfn b() {}\n"),
            ("// Modules.\nmod old;\nmod b;\n", &["old"], "// Modules.\nmod b;\n"),
            ("// Licence.\ntype Old = X;\n", &["Old"], "// Licence.\n"),
            ("fn a() {}\n\nfn old() -> i32 {\n    a();\n    1\n}\n", &["old"], "fn a() {}\n"),
            ("mod a; mod old; mod b;\n", &["old"], "mod a; mod b;\n"),
            ("x!();\r\n\r\nmod old;\r\n\r\nmod b;\r\n", &["old"], "x!();\r\n\r\nmod b;\r\n"),
            (
                "mod m {\n    const A: u8 = 1;\n\n    const OLD: u8 = A;\n}\n",
                &["OLD"],
                "mod m {\n    const A: u8 = 1;\n}\n",
            ),
            ("mod old1;\n\nmod old2;\n\nmod b;\n", &["old1", "old2"], "mod b;\n"),
            ("fn a() {}\n\nmod old1;\n\nmod old2;\n", &["old1", "old2"], "fn a() {}\n\n"),
            ("#[macro_export]\nmacro_rules! old {\n    () => {};\n}\nmod b;\n", &["old"], "mod b;\n"),
            ("mod r#type;\nmod b;\n", &["r#type"], "mod b;\n"),
            ("mod é;\nmod old;\n", &["old"], "mod é;\n"),
        ] {
            assert_eq!(without(before, names).as_deref(), Ok(after), "{before}");
        }
    }

    #[test]
    fn what_a_macro_makes_is_left() {
        let told = without("made! { mod old; }\n", &["old"]).unwrap_err();
        assert_eq!(told, "a macro makes it: delete it by hand");
    }

    #[test]
    fn a_trait_is_known_by_its_keyword() {
        let text = "pub unsafe trait Tax {}\nstruct Other;\n";
        let at = |name: &str| Span::new(text.find(name).unwrap() as u32, 0);
        assert!(is_trait(text, at("Tax")) && !is_trait(text, at("Other")));
    }
}
