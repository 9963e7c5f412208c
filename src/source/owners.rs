//! Who owns which file: `CODEOWNERS`, as GitHub and GitLab read it.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// Where the file may lie, from the top of the repository; the first one counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The owners of a repository's files.
#[derive(Debug)]
pub struct Owners {
    /// Where the project lies in the repository: empty at its top, else a path with a final `/`.
    prefix: String,
    /// At least one: the lines before the first heading.
    sections: Vec<Section>,
}

/// Lines under one heading: in each, the last line that fits counts, and the sections add up (GitLab).
#[derive(Debug)]
struct Section {
    patterns: Gitignore,
    lines: Vec<Line>,
    owners: Vec<String>,
}

#[derive(Debug)]
struct Line {
    owners: Vec<String>,
    /// `docs/*`: files in the folder, but none in folders further down.
    is_flat: bool,
}

impl Owners {
    /// Reads the file that says who owns what in the project at `root`, from there up to the top of its repository;
    /// `None` when there is none.
    ///
    /// # Errors
    /// With the path of a file that is there and cannot be read.
    pub fn find(root: &Path) -> Result<Option<Self>, (PathBuf, io::Error)> {
        for folder in root.ancestors() {
            for path in PLACES.map(|place| folder.join(place)) {
                if path.is_file() {
                    let bytes = std::fs::read(&path).map_err(|error| (path, error))?;
                    let prefix = root.strip_prefix(folder).unwrap_or(root);
                    let parts = prefix.iter().map(|part| format!("{}/", part.to_string_lossy()));
                    return Ok(Some(Self::read(&String::from_utf8_lossy(&bytes), parts.collect())));
                }
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        Ok(None)
    }

    fn read(text: &str, prefix: String) -> Self {
        let mut drafts = vec![Draft::default()];
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            match heading(line) {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some(owners) => drafts.push(Draft { owners, ..Draft::default() }),
                None => drafts.last_mut().expect("the first section has no heading").add(line),
            }
        }
        Self { prefix, sections: drafts.into_iter().map(Draft::finish).collect() }
    }

    /// The owners of the file at `path`, relative to the project root with `/`.
    pub fn of(&self, path: &str) -> Vec<String> {
        let path = format!("{}{path}", self.prefix);
        let mut owners: Vec<String> =
            self.sections.iter().flat_map(|section| section.of(&path)).cloned().collect();
        owners.sort();
        owners.dedup();
        owners
    }
}

impl Section {
    /// A pattern for a folder takes all that is in it: the last line that fits the file or a folder around it counts.
    fn of(&self, path: &str) -> &[String] {
        let around = path.match_indices('/').map(|(at, _)| self.last(&path[..at], true));
        let last = around.chain([self.last(path, false)]).flatten().max();
        let Some(line) = last.map(|index| &self.lines[index]) else { return &[] };
        if line.owners.is_empty() { &self.owners } else { &line.owners }
    }

    fn last(&self, path: &str, is_folder: bool) -> Option<usize> {
        let glob = self.patterns.matched(path, is_folder).inner().and_then(|glob| glob.from());
        let index: usize = glob?.to_str()?.parse().ok()?;
        (!is_folder || !self.lines[index].is_flat).then_some(index)
    }
}

/// A section while its lines are read.
#[derive(Default)]
struct Draft {
    patterns: Vec<String>,
    lines: Vec<Line>,
    owners: Vec<String>,
}

impl Draft {
    fn add(&mut self, line: &str) {
        let (pattern, owners) = split(line);
        let is_flat = pattern.ends_with("/*");
        self.patterns.push(pattern);
        self.lines.push(Line { owners: names(owners), is_flat });
    }

    fn finish(self) -> Section {
        let mut builder = GitignoreBuilder::new("");
        for (index, pattern) in self.patterns.iter().enumerate() {
            // The place of a glob is free for us to use: it says which line it is. What is no glob fits no file.
            let _ = builder.add_line(Some(index.to_string().into()), pattern);
        }
        let patterns = builder.build().unwrap_or_else(|_| Gitignore::empty());
        Section { patterns, lines: self.lines, owners: self.owners }
    }
}

/// The pattern, with its escaped blanks, and the rest of the line.
fn split(line: &str) -> (String, &str) {
    let bytes = line.as_bytes();
    let is_end = |at: usize| bytes[at].is_ascii_whitespace() && (at == 0 || bytes[at - 1] != b'\\');
    let end = (0..bytes.len()).find(|&at| is_end(at)).unwrap_or(bytes.len());
    let pattern = &line[..end];
    // `!` means nothing special here.
    let pattern = if pattern.starts_with('!') { format!("\\{pattern}") } else { pattern.to_owned() };
    (pattern, &line[end..])
}

/// The owners in the rest of a line, up to a comment.
fn names(text: &str) -> Vec<String> {
    text.split_whitespace().take_while(|word| !word.starts_with('#')).map(str::to_owned).collect()
}

/// `[Name]`, `^[Name][2] @owner`: the owners of lines without any.
fn heading(line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (_, rest) = rest.split_once(']')?;
    let rest = rest.strip_prefix('[').and_then(|count| count.split_once(']')).map_or(rest, |(_, rest)| rest);
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| names(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str, path: &str) -> String {
        Owners::read(text, String::new()).of(path).join(" ")
    }

    #[test]
    fn the_last_line_that_fits_counts() {
        let text = "* @all # everything\n*.py @python a@example.org\n/app/ @app\n/app/free/\ndocs/* @docs\n**/legacy @old\n";
        for (path, expected) in [
            ("x.txt", "@all"),
            ("lib/x.py", "@python a@example.org"),
            ("app/x.py", "@app"),
            ("app/free/x.py", ""),
            ("lib/app/x.py", "@python a@example.org"),
            ("docs/x.py", "@docs"),
            ("docs/more/x.txt", "@all"),
            ("a/legacy/b/x.py", "@old"),
        ] {
            assert_eq!(owner(text, path), expected, "{path}");
        }
    }

    #[test]
    fn peculiar_lines_do_no_harm() {
        let text = "\u{feff}# comment\n\n  app/with\\ blank/ @blank\n[z-a @x\n\\#x.py @hash\n!a.py @bang\n";
        assert_eq!(owner(text, "app/with blank/x.py"), "@blank");
        assert_eq!(owner(text, "#x.py"), "@hash");
        assert_eq!(owner(text, "!a.py"), "@bang");
        assert_eq!(owner(text, "a.py"), "");
    }

    #[test]
    fn sections_add_up_and_have_owners_of_their_own() {
        let text = "*.py @python\n[Backend][2] @back\napp/\napp/web/ @web\n^[Docs]\n*.md @docs\n";
        assert_eq!(owner(text, "app/x.py"), "@back @python");
        assert_eq!(owner(text, "app/web/x.py"), "@python @web");
        assert_eq!(owner(text, "app/x.md"), "@back @docs");
    }

    #[test]
    fn a_project_below_the_top_is_owned_by_its_whole_path() {
        let owners = Owners::read("/back/app/ @app\n", "back/".into());
        assert_eq!(owners.of("app/x.py"), ["@app"]);
        assert_eq!(owners.of("x.py"), [""; 0]);
    }
}
