//! Reads the configuration file and every rule file that it asks for, in the order in which they are named.

use super::builtin::text_of;
use super::complaint::{Complaint, ConfigError, quoted};
use super::declaration::{
    BatchDeclaration, Override, PolicyDeclaration, RuleDeclaration, RuleKind, UsageDeclaration,
};
use super::discover::tidy;
use super::document::{Layout, our_values, parse, read_bytes, to_source};
use super::extend::{Identity, RuleFile, files_of};
use super::other_tables::{misplaced, read_batch, read_files, read_override, read_policy, read_python};
use super::place::{ConfigSource, Place, Placed};
use super::rule_table::read_rule;
use super::table::{Item, Reader, Section, to_span};
use super::usage::{ReadPattern, read_usage};
use crate::model::Span;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Everything that the files say, before rules are compared with each other.
#[derive(Default)]
pub(super) struct Gathered {
    pub sources: Vec<Arc<ConfigSource>>,
    pub exclude: Vec<Placed<String>>,
    pub python_roots: Option<Vec<Placed<String>>>,
    /// The id of a rule that gives none is still empty.
    pub rules: Vec<RuleDeclaration>,
    /// Every id that is given, also of tables that could not be read further.
    pub ids: Vec<Placed<String>>,
    pub overrides: Vec<Override>,
    pub policies: Vec<PolicyDeclaration>,
    pub batches: Vec<BatchDeclaration>,
    pub usages: Vec<UsageDeclaration>,
    pub complaints: Vec<Complaint>,
    /// False when a file or table could not be read: what seems unknown may stand there.
    pub is_complete: bool,
}

/// The keys of a configuration; `files`, `python` and `batch` are for the project's own file only.
const KEYS: [&str; 9] =
    ["extend-rules", "files", "python", "symbol", "module", "usage", "policy", "override", "batch"];

/// A file that waits to be read.
struct Waiting {
    file: RuleFile,
    /// The file that asks for it, as index into the sources.
    asker: usize,
    /// Where it does.
    place: Place,
}

/// Reads the files depth first, so that a file which asks for one of those that led to it is seen as a cycle.
struct Gatherer<'a> {
    root: &'a Path,
    read_pattern: &'a ReadPattern<'a>,
    gathered: Gathered,
    /// The file that asked for each source.
    askers: Vec<Option<usize>>,
    /// The files read, as index into the sources.
    read: HashMap<Identity, usize>,
    waiting: Vec<Waiting>,
}

/// Reads `file` and what it extends.
///
/// # Errors
/// Only when `file` itself cannot be read; all else is a complaint.
pub(super) fn gather(
    root: &Path,
    file: &Path,
    read_pattern: &ReadPattern<'_>,
) -> Result<Gathered, ConfigError> {
    let unreadable = |reason| ConfigError::Unreadable { file: file.to_path_buf(), reason };
    let bytes = read_bytes(file).map_err(unreadable)?;
    let gathered = Gathered { is_complete: true, ..Gathered::default() };
    let mut gatherer = Gatherer {
        root,
        read_pattern,
        gathered,
        askers: Vec::new(),
        read: HashMap::new(),
        waiting: Vec::new(),
    };
    // A path that has no canonical form (a pipe) is named by no other file either.
    let first = RuleFile::at(file.to_path_buf());
    gatherer.register(first.identity.clone(), None);
    gatherer.read_document(&first, bytes, Layout::of(file));
    while let Some(next) = gatherer.waiting.pop() {
        gatherer.read_next(next);
    }
    Ok(gatherer.gathered)
}

/// The name of a file for people: relative to the root with `/` when it lies there.
fn shown(root: &Path, file: &RuleFile) -> String {
    let path = match (&file.identity, &file.path) {
        (Identity::Builtin(name), _) => return format!("builtin:{name}"),
        (Identity::File(path), None) | (_, Some(path)) => tidy(path),
    };
    let Ok(inside) = path.strip_prefix(tidy(root)) else { return path.display().to_string() };
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

impl Gatherer<'_> {
    /// Every registered file becomes a source next, so both have the same index.
    fn register(&mut self, identity: Identity, asker: Option<usize>) {
        self.read.insert(identity, self.askers.len());
        self.askers.push(asker);
    }

    fn read_next(&mut self, next: Waiting) {
        if self.read.contains_key(&next.file.identity) {
            return;
        }
        let bytes = match (&next.file.identity, &next.file.path) {
            (Identity::Builtin(name), _) => Ok(text_of(name).unwrap_or_default().as_bytes().to_vec()),
            (Identity::File(path), None) | (_, Some(path)) => read_bytes(path),
        };
        match bytes {
            Ok(bytes) => {
                self.register(next.file.identity.clone(), Some(next.asker));
                self.read_document(&next.file, bytes, Layout::Own);
            }
            Err(reason) => self.unreadable(&next, &reason),
        }
    }

    fn unreadable(&mut self, file: &Waiting, reason: &str) {
        let message = format!("cannot read {}: {reason}", quoted(&shown(self.root, &file.file)));
        self.gathered.complaints.push(Complaint::new(&file.place, message, "asked for here"));
        self.gathered.is_complete = false;
    }

    /// Reads the file that was registered last.
    fn read_document(&mut self, file: &RuleFile, bytes: Vec<u8>, layout: Layout) {
        let (source, not_utf8) = to_source(shown(self.root, file), bytes);
        self.gathered.sources.push(source.clone());
        if let Some(complaint) = not_utf8 {
            self.gathered.complaints.push(complaint);
            self.gathered.is_complete = false;
            return;
        }
        let (whole, faults) = parse(&source);
        if !faults.is_empty() {
            self.gathered.complaints.extend(faults);
            self.gathered.is_complete = false;
            return;
        }
        let Some(table) = self.our_table(&source, whole.get_ref(), layout) else { return };
        let index = self.gathered.sources.len() - 1;
        let folder = file.path.as_deref().and_then(Path::parent);
        let asked = self.read_tables(&source, table, index == 0, folder);
        // The list is a stack: the file named first is read next.
        for (file, place) in asked.into_iter().rev() {
            self.ask_for(file, place, index);
        }
    }

    /// The table with our keys; complains when a manifest has none, or two.
    fn our_table<'t, 'i>(
        &mut self,
        source: &Arc<ConfigSource>,
        whole: &'t DeTable<'i>,
        layout: Layout,
    ) -> Option<&'t DeTable<'i>> {
        if layout == Layout::Own {
            return Some(whole);
        }
        let values = our_values(whole, layout);
        let place = |item: &Item| Place { source: source.clone(), span: to_span(item.span()) };
        if let [(first_keys, first), (keys, second)] = values[..] {
            let complaint = Complaint::new(
                &place(second),
                format!("both [{}] and [{}] are there", first_keys.join("."), keys.join(".")),
                "the second one",
            );
            let complaint =
                complaint.related(&place(first), "the first one").help("keep one of the two tables");
            self.gathered.complaints.push(complaint);
        }
        let names: Vec<String> = layout.tables().iter().map(|keys| format!("[{}]", keys.join("."))).collect();
        let complaint = match values.first() {
            Some((_, item)) => match item.get_ref() {
                DeValue::Table(table) => return Some(table),
                _ => Complaint::new(&place(item), "`ssot-lint` is not a table", "expected a table"),
            },
            None => {
                let start = Place { source: source.clone(), span: Span::default() };
                Complaint::new(
                    &start,
                    format!("no {} in this file", names.join(" and no ")),
                    "not in this file",
                )
            }
        };
        self.gathered.complaints.push(complaint.help(format!("write {}", names.join(" or "))));
        self.gathered.is_complete = false;
        None
    }

    /// Reads all tables of one file; returns the files that it extends. `is_own` is true for the configuration file.
    fn read_tables(
        &mut self,
        source: &Arc<ConfigSource>,
        table: &DeTable,
        is_own: bool,
        folder: Option<&Path>,
    ) -> Vec<(RuleFile, Place)> {
        let gathered = &mut self.gathered;
        let mut reader = Reader { source, complaints: &mut gathered.complaints };
        let head = Section { table, span: Span::default(), title: "the configuration" };
        reader.only_keys(&head, &KEYS);
        let [files, python] = own_tables(&mut reader, table, is_own);
        if is_own {
            gathered.exclude = files.map(|files| read_files(&mut reader, &files)).unwrap_or_default();
            gathered.python_roots = python.and_then(|python| read_python(&mut reader, &python));
        }
        gathered.rules.extend(read_rules(&mut reader, table, &mut gathered.ids));
        for section in reader.tables(table, "override", "[[override]]") {
            gathered.overrides.extend(read_override(&mut reader, &section));
        }
        for section in reader.tables(table, "policy", "[[policy]]") {
            let (id, policy) = read_policy(&mut reader, &section);
            gathered.ids.extend(id);
            gathered.policies.extend(policy);
        }
        for section in reader.tables(table, "usage", "[[usage]]") {
            let (id, usage) = read_usage(&mut reader, &section, self.read_pattern);
            gathered.ids.extend(id);
            gathered.usages.extend(usage);
        }
        gathered.batches.extend(read_batches(&mut reader, table, is_own));
        let before = reader.complaints.len();
        let files = read_extends(&mut reader, table, folder);
        gathered.is_complete &= reader.complaints.len() == before;
        files
    }

    /// Puts a file on the list, or complains when it is among those that led here.
    fn ask_for(&mut self, file: RuleFile, place: Place, asker: usize) {
        let Some(&known) = self.read.get(&file.identity) else {
            return self.waiting.push(Waiting { file, asker, place });
        };
        let mut led_here = std::iter::successors(Some(asker), |&index| self.askers[index]);
        if led_here.any(|index| index == known) {
            let message = format!("{} includes itself", quoted(self.gathered.sources[known].path()));
            let complaint = Complaint::new(&place, message, "this closes the circle")
                .help("take the file out of `extend-rules` here");
            self.gathered.complaints.push(complaint);
        }
    }
}

/// `[files]` and `[python]`, which only the configuration file may hold.
fn own_tables<'t, 'i>(
    reader: &mut Reader,
    table: &'t DeTable<'i>,
    is_own: bool,
) -> [Option<Section<'t, 'i>>; 2] {
    [("files", "[files]"), ("python", "[python]")].map(|(key, title)| {
        let item = table.get(key)?;
        if !is_own {
            misplaced(reader, title, item);
            return None;
        }
        reader.table(key, title, item)
    })
}

fn read_extends(reader: &mut Reader, table: &DeTable, folder: Option<&Path>) -> Vec<(RuleFile, Place)> {
    let entries = table.get("extend-rules").map(|item| reader.words("extend-rules", item));
    let mut files = Vec::new();
    for entry in entries.unwrap_or_default() {
        let named = files_of(reader, &entry, folder);
        files.extend(named.into_iter().map(|file| (file, entry.place.clone())));
    }
    files
}

/// Reads `[[symbol]]` and `[[module]]` in file order.
fn read_rules(reader: &mut Reader, table: &DeTable, ids: &mut Vec<Placed<String>>) -> Vec<RuleDeclaration> {
    let kinds = [("symbol", "[[symbol]]", RuleKind::Symbol), ("module", "[[module]]", RuleKind::Module)];
    let mut sections = Vec::new();
    for (key, title, kind) in kinds {
        sections.extend(reader.tables(table, key, title).into_iter().map(|section| (section, kind)));
    }
    sections.sort_by_key(|(section, _)| section.span);
    let mut rules = Vec::with_capacity(sections.len());
    for (section, kind) in &sections {
        let read = read_rule(reader, section, *kind);
        ids.extend(read.id.clone());
        rules.extend(read.rule.map(|rule| match read.id {
            Some(id) => RuleDeclaration { id, ..rule },
            None => rule,
        }));
    }
    rules
}

/// `[[batch]]` names commands that will be run, so a file of rules from elsewhere may not hold it.
fn read_batches(reader: &mut Reader, table: &DeTable, is_own: bool) -> Vec<BatchDeclaration> {
    if let (false, Some(item)) = (is_own, table.get("batch")) {
        misplaced(reader, "[[batch]]", item);
        return Vec::new();
    }
    let sections = reader.tables(table, "batch", "[[batch]]");
    sections.iter().filter_map(|section| read_batch(reader, section)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{complaints, complaints_of, load_files, load_text};

    fn rule(name: &str) -> String {
        format!("[[symbol]]\nid = '{name}'\ncanonical = 'a.{name}'\nlegacy = ['b.{name}']\n")
    }

    #[test]
    fn files_and_patterns_are_read_in_the_order_in_which_they_are_named() {
        let (x, y, z) = (rule("X"), rule("Y"), rule("Z"));
        let own = format!("extend-rules = ['more/z.toml', 'rules/*.toml', 'rules/x.toml']\n{}", rule("Own"));
        let files = [
            ("ssot.toml", own.as_str()),
            ("more/z.toml", &format!("extend-rules = ['../rules/y.toml']\n{z}")),
            ("rules/x.toml", &x),
            ("rules/y.toml", &y),
            ("rules/.hidden.toml", "wrong"),
            ("rules/deeper/w.toml", "wrong"),
        ];
        let read = load_files(&files).unwrap();
        let ids: Vec<&str> = read.rules.iter().map(|rule| rule.id.value.as_str()).collect();
        assert_eq!(ids, ["Own", "Z", "Y", "X"]);
        let sources: Vec<&str> = read.sources.iter().map(|source| source.path()).collect();
        assert_eq!(sources, ["ssot.toml", "more/z.toml", "rules/y.toml", "rules/x.toml"]);
    }

    #[test]
    fn the_built_in_rules_are_the_file_in_the_repository() {
        let builtin = load_text("extend-rules = [\"builtin:websocket\"]\n").unwrap();
        let file = load_text(include_str!("../../rules/websocket.toml")).unwrap();
        let targets = |read: &super::super::Configuration| -> Vec<String> {
            read.targets.iter().map(|one| format!("{} -> {}", one.legacy, one.target)).collect()
        };
        assert_eq!(targets(&builtin), targets(&file));
        assert!(
            targets(&file).contains(
                &"netra_backend.app.websocket_core.unified_manager.UnifiedWebSocketManager -> \
              netra_backend.app.websocket_core.websocket_manager.WebSocketManager"
                    .to_owned()
            )
        );
    }

    #[test]
    fn what_cannot_be_found_is_a_complaint_at_the_entry() {
        let found = complaints("extend-rules = ['x.toml', 'r/*.toml', 'a[', 'builtin:websoket', 3, '.']\n");
        let messages: Vec<&str> = found.iter().map(|line| line.split(" | ").next().unwrap()).collect();
        assert_eq!(
            messages,
            [
                "1 cannot find the rule file `x.toml`",
                "1 no file fits `r/*.toml`",
                "1 bad pattern `a[`: unclosed character class; missing ']'",
                "1 no built-in rules called `websoket`",
                "1 `extend-rules` is a number, expected a string",
                "1 cannot find the rule file `.`",
            ]
        );
        assert!(found[3].contains("did you mean `builtin:websocket`?"));
    }

    #[test]
    fn a_file_that_includes_itself_is_a_complaint_and_one_included_twice_is_not() {
        let twice = [
            ("ssot.toml", "extend-rules = ['a.toml', 'b.toml']\n"),
            ("a.toml", "extend-rules = ['b.toml']\n"),
            ("b.toml", ""),
        ];
        load_files(&twice).unwrap();
        let circle = [
            ("ssot.toml", "extend-rules = ['a.toml', 'b.toml']\n"),
            ("a.toml", "extend-rules = ['b.toml']\n"),
            ("b.toml", "\nextend-rules = ['./a.toml']\n"),
        ];
        let error = load_files(&circle).unwrap_err();
        assert_eq!(
            complaints_of(&error),
            [
                "2 `a.toml` includes itself | ./a.toml | this closes the circle | take the file out of `extend-rules` here"
            ]
        );
        assert_eq!(error.complaints()[0].source.path(), "b.toml");
        let own = complaints("extend-rules = ['*.toml']\n");
        assert!(own[0].starts_with("1 `ssot.toml` includes itself"), "{own:?}");
    }

    #[test]
    fn a_file_of_rules_holds_no_project_settings() {
        let rules =
            "[files]\nexclude = []\n[pyton]\n[[batch]]\nname = 'x'\npaths = ['y']\nvalidate = ['z']\n";
        let files = [("ssot.toml", "extend-rules = ['r.toml']\n"), ("r.toml", rules)];
        let found = complaints_of(&load_files(&files).unwrap_err());
        assert!(found[0].starts_with("1 [files] in a file of rules"), "{found:?}");
        assert!(found[2].starts_with("4 [[batch]] in a file of rules"), "{found:?}");
        assert!(
            found[1]
                .starts_with("3 unknown key `pyton` in the configuration | pyton | did you mean `python`?")
        );
    }

    #[test]
    fn rules_in_a_broken_file_are_not_called_unknown() {
        let own =
            "extend-rules = ['r.toml']\n[[override]]\npaths = ['x']\nrules = ['there']\nseverity = 'off'\n";
        let found = complaints_of(&load_files(&[("ssot.toml", own), ("r.toml", "[\n")]).unwrap_err());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("1 not valid TOML"), "{found:?}");
    }
}
