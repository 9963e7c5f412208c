//! Reads `[files]`, `[python]`, `[[override]]`, `[[policy]]`, `[[batch]]`.

use super::complaint::{Complaint, quoted};
use super::declaration::{BatchDeclaration, ImportFrom, Override, PolicyDeclaration};
use super::place::Placed;
use super::rule_table::{SEVERITIES, read_id};
use super::table::{Item, Reader, Section};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::overrides::OverrideBuilder;
use std::path::{Component, Path};

/// `exclude` of `[files]`: patterns in the syntax of `.gitignore`.
pub(super) fn read_files(reader: &mut Reader, section: &Section) -> Vec<Placed<String>> {
    reader.only_keys(section, &["exclude"]);
    let patterns = section.get("exclude").map(|item| reader.words("exclude", item)).unwrap_or_default();
    patterns.into_iter().filter(|pattern| check_ignore_pattern(reader, pattern)).collect()
}

fn check_ignore_pattern(reader: &mut Reader, pattern: &Placed<String>) -> bool {
    if pattern.value.starts_with('#') {
        let help = "begin with a backslash for a name that begins with #".to_owned();
        let message = format!("{} excludes nothing", quoted(&pattern.value));
        reader.complain(pattern.place.span, message, "read as a comment", Some(help));
        return false;
    }
    let result = bounded(&pattern.value).and_then(|()| ignore_line(&pattern.value));
    if let Err(reason) = &result {
        bad_glob(reader, pattern, reason);
    }
    result.is_ok()
}

/// Read as the walk reads it, which is stricter than git. Some faults show when the line is read, the rest when all lines
/// are put together.
fn ignore_line(pattern: &str) -> Result<(), String> {
    let reason = |error: ignore::Error| match error {
        ignore::Error::Glob { err, .. } => err,
        other => other.to_string(),
    };
    let mut builder = OverrideBuilder::new("");
    builder.add(&format!("!{pattern}")).map_err(reason)?;
    builder.build().map(drop).map_err(reason)
}

/// The glob library recurses into braces: deep ones would overflow the stack.
fn bounded(pattern: &str) -> Result<(), String> {
    const LONGEST: usize = 4096;
    const MOST_BRACES: usize = 64;
    if pattern.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    if pattern.matches('{').count() > MOST_BRACES {
        return Err(format!("more than {MOST_BRACES} braces"));
    }
    Ok(())
}

/// `roots` of `[python]`; `None` when not given.
pub(super) fn read_python(reader: &mut Reader, section: &Section) -> Option<Vec<Placed<String>>> {
    reader.only_keys(section, &["roots"]);
    let item = section.get("roots")?;
    let roots = reader.some_words("roots", item, "leave the key out to have the roots found");
    Some(roots.into_iter().filter(|root| check_root(reader, root)).collect())
}

fn check_root(reader: &mut Reader, root: &Placed<String>) -> bool {
    let stays = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    let is_inside = Path::new(&root.value).components().all(stays);
    if !is_inside {
        let message = format!("the root {} may lie outside the project", quoted(&root.value));
        let help = "a root is a folder relative to the project root, without `..`".to_owned();
        reader.complain(root.place.span, message, "not below the project root", Some(help));
    }
    is_inside
}

/// One `[[override]]`; `None` when something that it needs is missing or wrong.
pub(super) fn read_override(reader: &mut Reader, section: &Section) -> Option<Override> {
    reader.only_keys(section, &["paths", "rules", "severity"]);
    let paths = reader.required(section, "paths");
    let paths = paths.map(|item| reader.some_words("paths", item, "the override fits no file"));
    let rules = section.get("rules");
    let rules = rules.map(|item| reader.some_words("rules", item, "leave the key out to mean every rule"));
    let severity = reader.required(section, "severity");
    let severity = severity.and_then(|_| reader.choice(section, "severity", &SEVERITIES));
    let paths = paths?;
    let globs = read_globs(reader, &paths);
    Some(Override { paths, globs: globs?, rules, severity: severity?, place: reader.place(section.span) })
}

/// Compiles the patterns of one table; complains about those that are wrong.
fn read_globs(reader: &mut Reader, patterns: &[Placed<String>]) -> Option<GlobSet> {
    let reason = match compile(patterns.iter().map(|pattern| pattern.value.as_str())) {
        Ok(globs) => return Some(globs),
        Err(reason) => reason,
    };
    let alone = |pattern: &Placed<String>| compile([pattern.value.as_str()]).err();
    let faults: Vec<_> = patterns.iter().filter_map(|pattern| Some((pattern, alone(pattern)?))).collect();
    for (pattern, reason) in &faults {
        bad_glob(reader, pattern, reason);
    }
    // Good one by one, and too much together.
    if let (true, Some(first)) = (faults.is_empty(), patterns.first()) {
        bad_glob(reader, first, &reason);
    }
    None
}

/// Compiles patterns for paths with `/`: `*` stops at a `/`, and `tests/` means all that lies below, as in
/// `.gitignore`.
///
/// # Errors
/// The reason, for people.
pub(super) fn compile<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        bounded(pattern)?;
        let below = pattern.ends_with('/').then(|| format!("{pattern}**"));
        let pattern = below.as_deref().unwrap_or(pattern);
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(|error| error.kind().to_string())?);
    }
    set.build().map_err(|error| error.kind().to_string())
}

/// Complains about a pattern that does not compile.
pub(super) fn bad_glob(reader: &mut Reader, pattern: &Placed<String>, reason: &str) {
    let message = format!("bad pattern {}: {}", quoted(&pattern.value), clipped(reason));
    reader.complain(pattern.place.span, message, "not a valid glob", None);
}

/// A reason from elsewhere may quote the whole pattern.
fn clipped(reason: &str) -> String {
    let line = reason.lines().next_back().unwrap_or_default();
    line.chars().filter(|character| !character.is_control()).take(200).collect()
}

/// One `[[policy]]`; `None` when something that it needs is missing or wrong.
pub(super) fn read_policy(
    reader: &mut Reader,
    section: &Section,
) -> (Option<Placed<String>>, Option<PolicyDeclaration>) {
    reader.only_keys(section, &["id", "packages", "import-from", "message", "severity", "suppressible"]);
    let packages = reader.required(section, "packages");
    let packages =
        packages.map(|item| reader.some_words("packages", item, "the policy speaks of no package"));
    reader.required(section, "import-from");
    let choices = [("definition", ImportFrom::Definition), ("facade", ImportFrom::Facade)];
    let import_from = reader.choice(section, "import-from", &choices);
    let message = section.get("message").and_then(|item| reader.string("message", item));
    let severity = reader.choice(section, "severity", &SEVERITIES);
    let is_suppressible = reader.flag(section, "suppressible").unwrap_or(true);
    let id = read_id(reader, section);
    let complete = || {
        let packages = packages.filter(|packages| !packages.is_empty())?;
        let globs = read_package_globs(reader, &packages)?;
        Some(PolicyDeclaration {
            id: id.clone(),
            packages,
            globs,
            import_from: import_from?,
            message: message.map(|message| message.value),
            severity: severity.unwrap_or_default(),
            is_suppressible,
        })
    };
    let policy = complete();
    (id, policy)
}

/// Patterns of packages, ready to match the names of modules with `/` between their parts: `*` is one part of a name, `**`
/// any number, and a package before `.**` is meant itself.
fn read_package_globs(reader: &mut Reader, packages: &[Placed<String>]) -> Option<GlobSet> {
    let as_path = |pattern: &Placed<String>| {
        let value = pattern.value.replace("::", "/").replace('.', "/");
        Placed { value, place: pattern.place.clone() }
    };
    let below: Vec<Placed<String>> = packages.iter().map(as_path).collect();
    let own = below.iter().filter_map(|pattern| {
        let value = pattern.value.strip_suffix("/**")?.to_owned();
        Some(Placed { value, place: pattern.place.clone() })
    });
    let own: Vec<Placed<String>> = own.collect();
    read_globs(reader, &[below, own].concat())
}

/// One `[[batch]]`; `None` when something that it needs is missing or wrong.
pub(super) fn read_batch(reader: &mut Reader, section: &Section) -> Option<BatchDeclaration> {
    reader.only_keys(section, &["name", "paths", "validate"]);
    let name = reader.required(section, "name").and_then(|item| reader.word("name", item));
    let paths = reader.required(section, "paths");
    let paths = paths.map(|item| reader.some_words("paths", item, "the batch holds no file"));
    let validate = section.get("validate").map(|item| reader.words("validate", item)).unwrap_or_default();
    let paths = paths.filter(|paths| !paths.is_empty())?;
    let globs = read_globs(reader, &paths)?;
    Some(BatchDeclaration { name: name?, paths, globs, validate })
}

/// A table that only the project's own configuration may hold.
pub(super) fn misplaced(reader: &mut Reader, title: &str, item: &Item) {
    let place = reader.place(super::table::to_span(item.span()));
    let message = format!("{title} in a file of rules");
    let complaint = Complaint::new(&place, message, "not allowed here")
        .help("it belongs in the project's own configuration file");
    reader.complaints.push(complaint);
}

#[cfg(test)]
mod tests {
    use super::super::tests::complaints;
    use super::*;

    #[test]
    fn bad_patterns_are_complaints_wherever_they_stand() {
        for text in [
            "[files]\nexclude = [\"a{b\"]\n",
            "[[override]]\npaths = [\"a{b\"]\nseverity = \"off\"\n",
            "[[batch]]\nname = \"x\"\npaths = [\"a{b\"]\n",
        ] {
            let found = complaints(text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(
                found[0].contains("bad pattern `a{b`: ") && found[0].contains("| a{b | not a valid glob"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn what_the_walk_would_not_take_is_a_complaint() {
        let found = complaints("[files]\nexclude = [\"old[ests/\"]\n");
        assert!(found[0].starts_with("2 bad pattern `old[ests/`: unclosed character class"), "{found:?}");
    }

    #[test]
    fn hostile_patterns_are_refused_and_do_not_crash() {
        for pattern in ["{".repeat(2000) + &"}".repeat(2000), "*".repeat(100_000), "{a,".repeat(1300)] {
            let _ = compile([pattern.as_str()]);
            let text = format!("[files]\nexclude = ['{pattern}']\n");
            let _ = super::super::tests::load_text(&text);
        }
        assert!(compile(["a".repeat(5000).as_str()]).is_err());
    }

    #[test]
    fn roots_stay_inside_and_comments_exclude_nothing() {
        let found =
            complaints("[files]\nexclude = [\"#x\"]\n[python]\nroots = [\"../a\", \"/b\", \"src\"]\n");
        assert!(found[0].starts_with("2 `#x` excludes nothing | #x | read as a comment"), "{found:?}");
        assert!(found[1].starts_with("4 the root `../a` may lie outside the project | ../a"), "{found:?}");
        assert!(found[2].starts_with("4 the root `/b`"), "{found:?}");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn an_override_needs_paths_and_a_severity() {
        let found = complaints("[[override]]\nrules = []\n");
        let messages: Vec<&str> = found.iter().map(|line| line.split(" | ").next().unwrap()).collect();
        assert_eq!(
            messages,
            [
                "1 `paths` is missing in [[override]]",
                "1 `severity` is missing in [[override]]",
                "2 `rules` is empty"
            ]
        );
    }

    #[test]
    fn keys_are_checked_in_every_table() {
        let found = complaints(
            "[[usage]]\nreplace = 1\n[[policy]]\npackages = [\"a\"]\nimport-from = \"facde\"\n[[batch]]\nname = \"x\"\npath = []\n",
        );
        let messages: Vec<&str> = found.iter().map(|line| line.split(" | ").next().unwrap()).collect();
        assert_eq!(
            messages,
            [
                "1 `find` is missing in [[usage]]",
                "2 `replace` is a number, expected a string",
                "5 `import-from` cannot be `facde`",
                "6 `paths` is missing in [[batch]]",
                "8 unknown key `path` in [[batch]]",
            ]
        );
    }
}
