//! A first configuration: nothing is in force yet, and what could be stands there as a comment.

use super::append::{NewSymbol, append};
use super::document::Layout;
use std::path::Path;
use toml_edit::DocumentMut;

/// The text of the configuration `file`, which says `old` (nothing, or other tables of a manifest), with our tables behind
/// it: proposed rules for `symbols`, each a comment that becomes a rule when its `# ` is taken away.
///
/// # Errors
/// The reason, for people, when our tables cannot follow on what is there.
pub fn starter(file: &Path, old: &str, symbols: &[NewSymbol]) -> Result<String, String> {
    let layout = Layout::of(file);
    let prefix: String =
        layout.tables().first().into_iter().flat_map(|keys| *keys).map(|key| format!("{key}.")).collect();
    let mut text = match old.trim_end() {
        "" => String::new(),
        old => format!("{old}\n\n"),
    };
    text.push_str(INTRODUCTION);
    if layout != Layout::Own {
        text.push_str(&format!("[{}]\n\n", prefix.trim_end_matches('.')));
    }
    text.push_str(&format!(
        "[{prefix}files]\nexclude = []  # on top of .gitignore, in its syntax: \"third_party/\"\n\n\
         # [{prefix}python]\n# roots = [\"src\", \".\"]  # where top-level packages lie; found when not given\n\n"
    ));
    text.push_str(if symbols.is_empty() { NONE_FOUND } else { FOUND });
    let example = [example()];
    let symbols = if symbols.is_empty() { &example } else { symbols };
    text.push_str(&commented(&append(file, "", symbols)?));
    text.parse::<DocumentMut>().map_err(|error| error.to_string())?;
    Ok(text)
}

const INTRODUCTION: &str = "\
# ssot-lint: one canonical import path per symbol. `ssot-lint check` finds every other one.
# `ssot-lint config --show` tells what is in force, `ssot-lint config --schema` what can be said.

";

const FOUND: &str = "\
# Proposed by `ssot-lint discover`: symbols that are used by several paths. Take away the `# ` of a rule to put it in
# force, after a look at its canonical path: which one is right is for you to say.
";

const NONE_FOUND: &str = "\
# No symbol is used by several paths today. When one moves, a rule says where it lives now:
";

fn example() -> NewSymbol {
    let legacy = vec![("app.old.Name".to_owned(), "where it was".to_owned())];
    NewSymbol {
        canonical: "app.new.Name".to_owned(),
        legacy,
        remark: "a class, function or constant".to_owned(),
    }
}

fn commented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("# {line}\n") };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::load_files;
    use super::*;

    fn symbol() -> NewSymbol {
        let legacy = vec![("a.c.X".into(), "2 uses".into())];
        NewSymbol { canonical: "a.b.X".into(), legacy, remark: "why".into() }
    }

    /// How many rules there are, as it is and with the proposals put in force.
    fn rules(file: &str, text: &str) -> [usize; 2] {
        let at = text.find("\n# Proposed").or(text.find("\n# No symbol")).unwrap();
        let (head, rules) = text.split_at(at);
        let rules: Vec<&str> = rules.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
        let rules: Vec<&str> = rules.iter().copied().skip_while(|line| !line.starts_with('#')).collect();
        let active = format!("{head}\n{}\n", rules.join("\n"));
        [text, &active].map(|text| load_files(&[(file, text)]).unwrap().rules.len())
    }

    #[test]
    fn nothing_is_in_force_until_the_comment_signs_go() {
        assert_eq!(rules("ssot.toml", &starter(Path::new("ssot.toml"), "", &[symbol()]).unwrap()), [0, 1]);
        assert_eq!(rules("ssot.toml", &starter(Path::new("ssot.toml"), "", &[]).unwrap()), [0, 1]);
    }

    #[test]
    fn a_manifest_keeps_what_it_says() {
        let old = "[project]\nname = \"a\"   # odd\n";
        let new = starter(Path::new("pyproject.toml"), old, &[symbol()]).unwrap();
        assert!(new.starts_with(&format!("{old}\n#")), "{new}");
        assert_eq!(rules("pyproject.toml", &new), [0, 1]);
        assert!(new.contains("\n# [[tool.ssot-lint.symbol]]\n"), "{new}");
    }

    #[test]
    fn what_cannot_take_our_tables_is_an_error() {
        for old in ["tool = { x = 1 }\n", "[tool.ssot-lint]\n", "a = = 1\n"] {
            assert!(starter(Path::new("pyproject.toml"), old, &[]).is_err(), "{old}");
        }
    }
}
