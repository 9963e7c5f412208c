//! A block in the manner of rustc: title, place, source line with carets, notes.

use super::{Style, clean, window};
use crate::model::{Position, Severity, Span};
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet,
};

/// What a block says. All texts may come from outside; they are cleaned here.
pub struct Block<'a> {
    pub severity: Severity,
    /// Stands in brackets behind the severity.
    pub code: Option<String>,
    pub title: &'a str,
    pub places: Vec<Place<'a>>,
    /// Lines below the source: a name (`help`) and a text.
    pub notes: Vec<(&'a str, String)>,
}

/// A place in a source text.
pub struct Place<'a> {
    pub file: &'a str,
    /// Shown behind the file's name.
    pub position: Position,
    /// The text to show a part of; nothing is shown when it is empty.
    pub text: &'a str,
    /// Row of the first line of `text`, from 1.
    pub first_row: u32,
    /// The place in `text`, in bytes.
    pub span: Span,
    pub label: Option<&'a str>,
}

/// The block as text that ends with a line break.
pub fn render(block: &Block<'_>, style: &Style) -> String {
    let title = level(block.severity).primary_title(clean::one_line(block.title).into_owned());
    let title = match &block.code {
        Some(code) => title.id(code.as_str()),
        None => title,
    };
    let mut group = Group::with_title(title);
    for (number, place) in block.places.iter().enumerate() {
        group = if number > 0 { group.element(Padding) } else { group };
        group = group.elements(place_elements(place, number == 0));
    }
    let notes = block.notes.iter().map(|(name, text)| note(name, text));
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let text = renderer.term_width(style.width.max(40)).render(&[group.elements(notes)]);
    text.trim_end().lines().filter(|line| !is_nameless_origin(line)).map(|line| format!("{line}\n")).collect()
}

/// The renderer announces every further source, also one whose place was given by an element of its own.
fn is_nameless_origin(line: &str) -> bool {
    anstream::adapter::strip_str(line).to_string().trim() == ":::"
}

fn place_elements<'a>(place: &Place<'a>, is_first: bool) -> Vec<Element<'a>> {
    let origin = Origin::path(clean::one_line(place.file).into_owned())
        .line(place.position.row as usize)
        .char_column(place.position.column as usize);
    if place.text.is_empty() {
        return vec![origin.into()];
    }
    let window = window::around(place.text, place.span);
    let kind = if is_first { AnnotationKind::Primary } else { AnnotationKind::Context };
    let label = place.label.map(|label| clean::one_line(label).into_owned());
    let annotation: Annotation<'_> = kind.span(window.place).label(label);
    let row = place.first_row.max(1) as usize + window.skipped_rows;
    vec![origin.into(), Snippet::source(window.text).line_start(row).annotation(annotation).into()]
}

fn note<'a>(name: &'a str, text: &str) -> Element<'a> {
    let level = if name == "help" { Level::HELP } else { Level::NOTE };
    level.with_name(Some(name)).message(clean::one_line(text).into_owned()).into()
}

const fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info | Severity::Off => Level::INFO,
    }
}
