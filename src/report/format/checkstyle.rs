//! Checkstyle's XML, which many servers and editors read.

use crate::model::{Finding, Outcome, Severity};
use crate::report::{Style, clean};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use quick_xml::name::QName;
use std::io;

/// The version of Checkstyle whose layout this is.
const VERSION: &str = "4.3";

/// Writes the document: an element for each file that has findings.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(element("checkstyle", &[("version", VERSION)])))?;
    for group in outcome.findings.chunk_by(|one, next| one.file == next.file) {
        let name = outcome.from_working_folder(&group[0].file);
        xml.write_event(Event::Start(element("file", &[("name", &name)])))?;
        for finding in group {
            xml.write_event(Event::Empty(error(finding)))?;
        }
        xml.write_event(Event::End(BytesEnd::new("file")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
    writeln!(out)
}

fn error(finding: &Finding) -> BytesStart<'static> {
    let severity = match finding.severity {
        Severity::Off => Severity::Info,
        shown => shown,
    };
    let start = finding.location.start;
    element(
        "error",
        &[
            ("line", &start.row.to_string()),
            ("column", &start.column.to_string()),
            ("severity", severity.as_str()),
            ("message", &clean::one_line(&finding.message)),
            ("source", &format!("ssot-lint.{}", finding.code)),
        ],
    )
}

fn element(name: &'static str, attributes: &[(&str, &str)]) -> BytesStart<'static> {
    let mut element = BytesStart::new(name);
    for (name, value) in attributes {
        let value = value_text(value).into_bytes().into();
        element.push_attribute(Attribute { key: QName(name.as_bytes()), value });
    }
    element
}

/// Readers turn a line break or tab within a value into a space unless it is written as a reference; other controls may
/// not stand in XML at all.
fn value_text(text: &str) -> String {
    let is_legal = |&shown: &char| match shown {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    };
    let legal: String = text.chars().filter(is_legal).collect();
    let escaped = escape(legal.as_str());
    escaped.replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn findings_stand_in_the_element_of_their_file() {
        let mut outcome = made_up::one();
        outcome.root.from_working_folder = "../".into();
        outcome.findings.push(outcome.findings[0].clone());
        outcome.findings[1].file = "a\x1b\n<&\"ü\t.py".into();
        outcome.findings[1].message = "a\n\x1b<b>".into();
        outcome.findings[1].severity = Severity::Warning;
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="../shop/cart.py">
    <error line="7" column="35" severity="error" message="`shop.prices.VAT` is a legacy path" source="ssot-lint.SSOT001"/>
  </file>
  <file name="../a&#10;&lt;&amp;&quot;ü&#9;.py">
    <error line="7" column="35" severity="warning" message="a\n\u{1b}&lt;b&gt;" source="ssot-lint.SSOT001"/>
  </file>
</checkstyle>
"#;
        assert_eq!(made_up::text(render, &outcome), expected);
    }
}
