//! A Python module under construction: parts put together, and each mark in them turned into an occurrence.
//!
//! A mark `⟦1|written.path|text⟧` leaves `text` in the module and says that SSOT001 belongs there.

use super::Occurrence;
use super::random::Random;

/// What one import form or decoy adds to a module.
#[derive(Default)]
pub struct Part {
    /// Standard modules' import lines; equal ones are written once.
    pub standard: Vec<&'static str>,
    /// Text at module level.
    pub top: String,
    /// A decorator of the probe.
    pub decorator: Option<String>,
    /// What the decorator hands to the probe.
    pub argument: &'static str,
    /// Lines of the probe before the look; a `with` among them holds all that follows.
    pub body: Vec<String>,
    /// The expression that the probe looks at; empty when there is nothing to look at.
    pub value: String,
    /// What it must be equal to, as a Python expression.
    pub expected: String,
}

impl Part {
    /// How many occurrences it brings.
    pub fn marks(&self) -> usize {
        let texts = [&self.top, &self.value].into_iter().chain(&self.body).chain(&self.decorator);
        texts.map(|text| text.matches('⟦').count()).sum()
    }
}

/// The first line of a module; a line with an encoding can take its place.
pub const FIRST_LINE: &str = "# Part of the application.";

/// The text of a module made of `parts`, marks still in it; at least `lines` lines long.
pub fn assemble(parts: &[Part], name: &str, is_test: bool, lines: usize, random: &mut Random) -> String {
    let mut text = format!("{FIRST_LINE}\n\"\"\"The {}.\"\"\"\n\n", name.replace(['.', '_'], " "));
    let mut standard: Vec<&str> = parts.iter().flat_map(|part| part.standard.iter().copied()).collect();
    if is_test {
        standard.push("import unittest");
    }
    standard.sort_unstable();
    standard.dedup();
    for line in standard {
        text += line;
        text.push('\n');
    }
    for part in parts {
        text += &part.top;
    }
    if is_test {
        text += "\n\nclass PageTest(unittest.TestCase):\n    longMessage = True\n";
    }
    for (index, part) in parts.iter().enumerate() {
        text += &probe(part, index, is_test);
    }
    for _ in 0..lines.saturating_sub(text.lines().count()).div_ceil(FILLER_LINES) {
        text += &filler(random);
    }
    text
}

/// A function, or a test's method, that makes sure that the part still means what it meant.
fn probe(part: &Part, index: usize, is_test: bool) -> String {
    if part.value.is_empty() {
        return String::new();
    }
    let indent = if is_test { "    " } else { "" };
    let mut text = String::from(if is_test { "\n" } else { "\n\n" });
    if let Some(decorator) = &part.decorator {
        text += &format!("{indent}@{decorator}\n");
    }
    text += &match (is_test, part.argument) {
        (true, "") => format!("    def test_{index}(self):\n"),
        (true, argument) => format!("    def test_{index}(self, {argument}):\n"),
        (false, argument) => format!("def probe_{index}({argument}):\n"),
    };
    for line in &part.body {
        text += &format!("{indent}    {line}\n");
    }
    let deeper = if part.body.iter().any(|line| line.starts_with("with ")) { "    " } else { "" };
    let (value, expected) = (&part.value, &part.expected);
    text += &match is_test {
        true => format!("{indent}    {deeper}self.assertEqual({value}, {expected})\n"),
        false => format!("    {deeper}assert {value} == {expected}\n"),
    };
    text
}

const FILLER_LINES: usize = 10;

/// Code that has nothing to do with the rules, though it talks of managers too.
fn filler(random: &mut Random) -> String {
    let number = random.below(100_000_000);
    let verb = random.pick(&["collect", "merge", "order", "publish", "refresh", "trim"]);
    let thing = random.pick(&["batch", "manager", "message", "report", "socket", "user"]);
    format!(
        "\n\ndef {verb}_{thing}_{number}({thing}s, limit={}):\n    \"\"\"Go through the {thing}s in turn.\"\"\"\n    \
         seen = []\n    for {thing} in {thing}s:\n        if {thing} is None or len(seen) >= limit:\n            \
         continue\n        seen.append({thing})\n    return seen\n",
        random.below(500)
    )
}

/// The text without its marks, and what they said.
pub fn render(marked: &str) -> (String, Vec<Occurrence>) {
    let mut text = String::with_capacity(marked.len());
    let mut occurrences = Vec::new();
    let (mut row, mut column) = (1, 1);
    let mut rest = marked;
    while let Some(character) = rest.chars().next() {
        if character == '⟦' {
            let end = rest.find('⟧').expect("a mark is closed");
            let mut fields = rest[character.len_utf8()..end].splitn(3, '|');
            let mut field = || fields.next().expect("a mark has three fields");
            let code = if field() == "5" { "SSOT005" } else { "SSOT001" };
            let (written, shown) = (field().to_owned(), field());
            occurrences.push(Occurrence { row, column, code, written });
            text += shown;
            column += shown.chars().count() as u32;
            rest = &rest[end + '⟧'.len_utf8()..];
            continue;
        }
        (row, column) = if character == '\n' { (row + 1, 1) } else { (row, column + 1) };
        text.push(character);
        rest = &rest[character.len_utf8()..];
    }
    (text, occurrences)
}
