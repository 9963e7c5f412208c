//! Complaints that are no findings: what is wrong with the configuration, each with its place in the text.

use super::Style;
use super::snippet::{self, Block, Place};
use crate::model::{LineIndex, Severity, Span};
use std::io;

/// One complaint.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a final full stop.
    pub message: String,
    /// Where; the first place is the place to change. Empty when there is none.
    pub places: Vec<NoticePlace<'a>>,
    /// What to do, as one sentence without a final full stop.
    pub help: Option<String>,
}

/// A place in a text that is no source file.
#[derive(Debug, Clone)]
pub struct NoticePlace<'a> {
    /// The text's name for people, as a rule its path.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// The place, in bytes; `None` for the text as a whole.
    pub span: Option<Span>,
    /// What is to be seen there.
    pub label: Option<String>,
}

/// Writes a block for each notice.
///
/// # Errors
/// When `out` cannot be written.
pub fn notices(notices: &[Notice<'_>], style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for notice in notices {
        let block = Block {
            severity: notice.severity,
            code: None,
            title: &notice.message,
            places: notice.places.iter().map(place).collect(),
            notes: notice.help.iter().map(|help| ("help", help.clone())).collect(),
        };
        writeln!(out, "{}", snippet::render(&block, style))?;
    }
    Ok(())
}

fn place<'a>(place: &'a NoticePlace<'a>) -> Place<'a> {
    let span = place.span.unwrap_or_default();
    let start = place.text.floor_char_boundary(span.start as usize) as u32;
    Place {
        file: place.name,
        position: LineIndex::new(place.text).position(start, place.text),
        text: if place.span.is_some() { place.text } else { "" },
        first_row: 1,
        span,
        label: place.label.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(notice: Notice<'_>) -> String {
        let mut out = Vec::new();
        notices(&[notice], &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn at<'a>(text: &'a str, part: &str, label: &str) -> NoticePlace<'a> {
        let start = text.find(part).unwrap() as u32;
        let span = Some(Span::new(start, start + part.len() as u32));
        NoticePlace { name: "ssot.toml", text, span, label: Some(label.into()) }
    }

    #[test]
    fn a_complaint_shows_its_places_and_help() {
        let toml = "[[symbol]]\ncanonical = \"a.B\"\n\n[[symbol]]\ncanonicl = \"c.D\"\n";
        let shown = text(Notice {
            severity: Severity::Error,
            message: "unknown key `canonicl`".into(),
            places: vec![
                at(toml, "canonicl ", "not a key of `[[symbol]]`"),
                at(toml, "canonical", "as here"),
            ],
            help: Some("did you mean `canonical`?".into()),
        });
        let expected = "\
error: unknown key `canonicl`
 --> ssot.toml:5:1
  |
5 | canonicl = \"c.D\"
  | ^^^^^^^^^ not a key of `[[symbol]]`
  |
 ::: ssot.toml:2:1
  |
2 | canonical = \"a.B\"
  | --------- as here
  |
  = help: did you mean `canonical`?

";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_complaint_may_have_no_place() {
        let notice = Notice { severity: Severity::Error, message: "x\ny".into(), places: vec![], help: None };
        assert_eq!(text(notice), "error: x\\ny\n\n");
    }

    #[test]
    fn a_place_behind_the_end_is_no_failure() {
        let place = NoticePlace { name: "a.toml", text: "é", span: Some(Span::new(1, 90)), label: None };
        let notice =
            Notice { severity: Severity::Warning, message: "m".into(), places: vec![place], help: None };
        assert!(text(notice).contains("a.toml:1:1"));
    }
}
