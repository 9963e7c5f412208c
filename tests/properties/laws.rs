//! The laws of a migration: it can be taken back, a second one has nothing to do, what it writes can be read, what it
//! leaves is exactly what it has refused, and the patch that it prints is the change that it makes.

use crate::removals;
use ssot_lint::config;
use ssot_lint::language::front_end;
use ssot_lint::model::{Edition, FilePlan, Language, Plan, Position};
use ssot_lint::pipeline::{FixRequest, Progress, Settings, check, fix};
use ssot_lint::report::unified_diff;
use ssot_lint::report::{Format, Style};
use ssot_lint::rule::Selection;
use ssot_lint::source::decode;
use ssot_lint::transaction::{Policy, Request, RollbackOptions, prepare, rollback};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The files of a project: path with `/` to bytes.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What became of a project.
#[derive(Debug, Default, Clone, Copy)]
pub struct Told {
    /// Files that were written.
    pub written: usize,
    /// Places that were refused.
    pub refused: usize,
    /// Shims that were deleted.
    pub gone: usize,
}

/// Migrates the project and takes the migration back.
///
/// # Errors
/// The law that does not hold, and where. A project whose configuration is wrong breaks none.
pub fn hold(tree: &Tree) -> Result<Told, String> {
    let folder = write(tree);
    let Some(settings) = settings(folder.path()) else { return Ok(Told::default()) };
    let plan = planned(&settings)?;
    let found = places_found(&settings)?;
    same("a second look plans something else", &texts(&planned(&settings)?), &texts(&plan))?;
    for file in &plan.files {
        written_well(tree, file)?;
    }
    let mut end = tree.clone();
    end.extend(texts(&plan));
    commit(folder.path(), &plan)?;
    same("the disk does not hold the plan", &own(folder.path()), &end)?;

    let again = planned(&settings)?;
    same("a second migration changes more", &texts(&again), &Tree::new())?;
    let left = places_found(&settings)?;
    let refused = places_refused(&again);
    same("what is found afterwards is not what was refused", &names(&left), &names(&refused))?;
    same("the places are others", &left, &refused)?;
    same("other paths were refused before", &names(&places_refused(&plan)), &names(&refused))?;
    let (mended, refusals) = (plan.mended, plan.refusals.len());
    if found.values().sum::<usize>() != mended + refusals {
        return Err(format!("{mended} mended and {refusals} refused of {found:#?}"));
    }

    let gone = removals::hold(folder.path(), &settings)?;
    if !plan.files.is_empty() {
        take_back(folder.path())?;
    }
    same("the way back leads elsewhere", &own(folder.path()), tree)?;
    Ok(Told { written: plan.files.len(), refused: refusals, gone })
}

pub struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: usize) {}
    fn advance(&self, _: usize) {}
}

/// A tree as one text.
pub fn text_of(tree: &Tree) -> String {
    let file =
        |(path, bytes): (&String, &Vec<u8>)| format!("=== {path}\n{}\n", String::from_utf8_lossy(bytes));
    tree.iter().map(file).collect()
}

/// A new folder with the files, in memory where there is such a place.
pub fn write(tree: &Tree) -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a temporary folder");
    for (path, bytes) in tree {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder of the tree");
        fs::write(path, bytes).expect("a file of the tree");
    }
    folder
}

fn settings(root: &Path) -> Option<Settings> {
    let configuration = config::load(&[], root, None, &ssot_lint::pipeline::read_pattern).ok()?;
    Some(Settings::new(&configuration, jiff::civil::date(2026, 11, 21)))
}

fn planned(settings: &Settings) -> Result<Plan, String> {
    let request = FixRequest {
        settings,
        scope: &[],
        rules: &[],
        among: None,
        assumed: None,
        left_out: &BTreeMap::new(),
        known: &[],
        includes_data: false,
        wants_joint: false,
    };
    fix(&request, &Quiet).map_err(|error| error.to_string())
}

fn texts(plan: &Plan) -> Tree {
    plan.files.iter().map(|file| (file.path().to_string(), file.after().to_vec())).collect()
}

/// A plan is for what is there, changes it, and leaves a file that can be read.
pub fn written_well(tree: &Tree, file: &FilePlan) -> Result<(), String> {
    let path = file.path();
    if tree.get(&**path).map(Vec::as_slice) != Some(file.before()) || file.before() == file.after() {
        return Err(format!("{path}: planned for another text, or for nothing"));
    }
    let language = if path.ends_with(".rs") { Language::Rust } else { Language::Python };
    let source = decode(path, language, file.after()).map_err(|error| format!("{path}: {error}"))?;
    match front_end(language).lower(&source, Edition::Current, None).errors.first() {
        Some(error) => Err(format!("{path} does not parse: {}\n{}", error.message, source.text())),
        None => Ok(()),
    }
}

/// How often each path of each rule is found, by file and the place where it begins.
type Places = BTreeMap<(String, Position, String, String), usize>;

fn places_found(settings: &Settings) -> Result<Places, String> {
    let outcome = check(settings, &[], &Selection::default(), &Quiet).map_err(|error| error.to_string())?;
    for format in Format::ALL {
        let style = Style { color: true, width: 80, summary: true };
        format.render(&outcome, &style, &mut Vec::new()).expect("memory can be written");
    }
    let uses = outcome.findings.into_iter().filter(|finding| finding.code.is_use());
    let mut places = Places::new();
    for finding in uses {
        let place = (
            finding.file.to_string(),
            finding.location.start,
            finding.rule.unwrap_or_default(),
            finding.written.unwrap_or_default(),
        );
        *places.entry(place).or_default() += 1;
    }
    Ok(places)
}

fn places_refused(plan: &Plan) -> Places {
    let mut places = Places::new();
    for refusal in plan.refusals.iter().cloned() {
        let place = (
            refusal.file.to_string(),
            refusal.location.start,
            refusal.rule.unwrap_or_default(),
            refusal.written,
        );
        *places.entry(place).or_default() += 1;
    }
    places
}

/// The same without the places: a migration moves lines.
fn names(places: &Places) -> BTreeMap<(String, String, String), usize> {
    let mut names = BTreeMap::new();
    for ((file, _, rule, written), count) in places.clone() {
        *names.entry((file, rule, written)).or_default() += count;
    }
    names
}

pub fn commit(root: &Path, plan: &Plan) -> Result<(), String> {
    if plan.files.is_empty() {
        return Ok(());
    }
    let request = Request {
        root,
        plan,
        tool_version: "0.0.0",
        rules: Vec::new(),
        batch: None,
        backup_suffix: None,
        now: jiff::Timestamp::UNIX_EPOCH,
        sync: false,
        policy: Policy::Stop,
    };
    let sealed = prepare(&request).and_then(|prepared| prepared.commit()).and_then(|done| done.seal());
    sealed.map(drop).map_err(|error| error.to_string())
}

pub fn take_back(root: &Path) -> Result<(), String> {
    let options = RollbackOptions {
        dry_run: false,
        force: false,
        now: jiff::Timestamp::UNIX_EPOCH,
        tool_version: "0.0.0",
        sync: false,
    };
    let report = rollback(root, None, &options).map_err(|error| error.to_string())?;
    if report.left.is_empty() { Ok(()) } else { Err(format!("left at rollback: {:?}", report.left)) }
}

/// Git makes the same of the printed patch; without git nothing is tried.
///
/// # Errors
/// When git refuses the patch, or the tree is another one.
pub fn patch_applies(tree: &Tree) -> Result<(), String> {
    let folder = write(tree);
    let Some(settings) = settings(folder.path()) else { return Ok(()) };
    let plan = planned(&settings)?;
    let patch = unified_diff(&plan);
    if patch.is_empty() {
        return Ok(());
    }
    fs::write(folder.path().join("patch"), &patch).expect("a file of the tree");
    let mut git = Command::new("git");
    git.args(["apply", "--whitespace=nowarn", "patch"]).current_dir(folder.path());
    git.env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap_or(folder.path()));
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").stdin(Stdio::null());
    let Ok(said) = git.output() else { return Ok(()) };
    if !said.status.success() {
        let (said, patch) = (String::from_utf8_lossy(&said.stderr), String::from_utf8_lossy(&patch));
        return Err(format!("git does not take the patch: {said}\n{patch}"));
    }
    fs::remove_file(folder.path().join("patch")).expect("the patch is there");
    let mut end = tree.clone();
    end.extend(texts(&plan));
    same("git makes something else of the patch", &own(folder.path()), &end)
}

/// The files of the project, without the program's own.
pub fn own(root: &Path) -> Tree {
    let mut tree = read(root);
    tree.retain(|path, _| !path.starts_with(".ssot-lint/"));
    tree
}

/// Every file below `root`; links are not followed.
pub fn read(root: &Path) -> Tree {
    let (mut tree, mut folders) = (Tree::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the tree") {
            let path = entry.expect("an entry of the tree").path();
            let kind = fs::symlink_metadata(&path).expect("an entry of the tree");
            if kind.is_dir() {
                folders.push(path);
            } else if !kind.is_symlink() {
                let name = path.strip_prefix(root).expect("a file below the root");
                let parts: Option<Vec<&str>> = name.iter().map(OsStr::to_str).collect();
                let name = parts.expect("names of the tree").join("/");
                tree.insert(name, fs::read(&path).expect("a file of the tree"));
            }
        }
    }
    tree
}

/// Compares two lists; the complaint shows what only one of them has.
pub fn same<K: Ord + std::fmt::Debug, V: PartialEq + Shown>(
    complaint: &str,
    found: &BTreeMap<K, V>,
    wanted: &BTreeMap<K, V>,
) -> Result<(), String> {
    let only = |one: &BTreeMap<K, V>, other: &BTreeMap<K, V>| -> String {
        let entries = one.iter().filter(|(key, value)| other.get(key) != Some(value));
        entries.map(|(key, value)| format!("{key:?}: {}\n", value.shown())).collect()
    };
    if found == wanted {
        return Ok(());
    }
    Err(format!("{complaint}\nfound:\n{}wanted:\n{}", only(found, wanted), only(wanted, found)))
}

/// A value in a complaint.
pub trait Shown {
    fn shown(&self) -> String;
}

impl Shown for usize {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for Vec<u8> {
    fn shown(&self) -> String {
        format!("\n{}", String::from_utf8_lossy(self))
    }
}
