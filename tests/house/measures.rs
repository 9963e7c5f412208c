//! How long files and functions are.

use regex::Regex;

/// The middle value; 0 for none.
pub fn median(mut lengths: Vec<usize>) -> usize {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

/// The number of lines of every function with a body. Relies on the formatter: a body ends at the first closing
/// brace that is indented like the function.
pub fn function_lengths(text: &str) -> Vec<usize> {
    let opening =
        Regex::new(r#"^( *)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?(?:unsafe )?(?:extern "C" )?fn "#)
            .unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut lengths = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        if let Some(found) = opening.captures(line) {
            lengths.extend(body_end(&lines[row..], found[1].len()));
        }
    }
    lengths
}

/// The number of lines up to the end of the function that starts the lines; `None` when it has no body.
fn body_end(lines: &[&str], indent: usize) -> Option<usize> {
    for (row, line) in lines.iter().enumerate() {
        let outermost = line.len() - line.trim_start().len() == indent;
        if outermost && line.ends_with(';') {
            return None;
        }
        if outermost && (line.ends_with('}') && (row == 0 || line.trim_start().starts_with('}'))) {
            return Some(row + 1);
        }
    }
    None
}

#[test]
fn functions_are_measured_from_name_to_closing_brace() {
    let text = "fn a() {}\n\nimpl X {\n    pub fn b(\n        &self,\n    ) {\n        if x {\n        }\n    }\n}\ntrait T {\n    fn c();\n}\n";
    assert_eq!(function_lengths(text), [1, 6]);
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!((median(vec![9, 1, 5]), median(vec![])), (5, 0));
}
