//! The quotes and line ends of a project, read off one of its files.

/// The longest line of a list in one line (PEP 8 with the latitude of common formatters).
const WIDTH: usize = 88;

/// How strings and lines are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    quote: char,
    has_carriage_returns: bool,
}

impl Style {
    /// The style of `text`; double quotes when it has no preference.
    pub fn of(text: &str) -> Self {
        let count = |quote: &str| text.matches(quote).count();
        let quote = if count("'") > count("\"") { '\'' } else { '"' };
        Self { quote, has_carriage_returns: text.contains("\r\n") }
    }

    /// A literal; `text` holds no quotes and no backslashes.
    pub fn quoted(self, text: &str) -> String {
        format!("{quote}{text}{quote}", quote = self.quote)
    }

    /// `text` with the line ends of the project.
    pub fn with_line_ends(self, text: &str) -> String {
        let plain = text.replace("\r\n", "\n");
        if self.has_carriage_returns { plain.replace('\n', "\r\n") } else { plain }
    }
}

/// `open`, `entries`, `close`: in one line where it is short enough, else one entry in a line.
pub(super) fn listed(indent: &str, open: &str, entries: &[String], (begin, end): (&str, &str)) -> String {
    // Behind `import` a short list needs no brackets.
    let inline = match open.ends_with("import ") {
        true => format!("{indent}{open}{}\n", entries.join(", ")),
        false => format!("{indent}{open}{begin}{}{end}\n", entries.join(", ")),
    };
    if inline.trim_end().chars().count() <= WIDTH {
        return inline;
    }
    let lines: String = entries.iter().map(|entry| format!("{indent}    {entry},\n")).collect();
    format!("{indent}{open}{begin}\n{lines}{indent}{end}\n")
}
