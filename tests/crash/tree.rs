//! A small tree, what is done to it, and what must be true of it afterwards.

use crate::struck::calm;
use ssot_lint::model::{Edit, FilePlan, Plan, Span};
use ssot_lint::transaction::{
    Disk, Policy, Recovery, Request, RollbackOptions, RunState, TransactionError, prepare_on, recover_on,
    rollback_on, runs,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// The files of the project.
const FILES: [(&str, &str); 7] = [
    ("ssot.toml", "[[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.old.VAT\"]\n"),
    ("bystander.txt", "shop.old"),
    GOING,
    ("shop/tax.py", "VAT = 1\n"),
    ("shop/cart.py", "from shop.old import VAT\n"),
    ("shop/deep/x y.py", "import shop.old\r\n\r\nprint(shop.old.VAT)\r\n"),
    ("top.py", "from shop.old import VAT\nfrom shop.old import VAT\n"),
];
/// The one of them that goes.
const GOING: (&str, &str) = ("shop/deep/gone.py", "X = 1\n");
/// One that is made.
const MADE: (&str, &str) = ("shop/made.py", "Y = 2\n");
/// Those of them that change.
pub const CHANGED: [&str; 3] = ["shop/cart.py", "shop/deep/x y.py", "top.py"];

/// A path's bytes, mode and time of change.
pub type Snapshot = BTreeMap<String, (Vec<u8>, u32, SystemTime)>;

/// Everything below `root` but the state folder.
pub fn snapshot(root: &Path) -> Snapshot {
    let mut files = Snapshot::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, metadata) = (entry.path(), entry.metadata().unwrap());
            if path.ends_with(".ssot-lint") {
                continue;
            } else if metadata.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                files.insert(name, (fs::read(&path).unwrap(), mode(&metadata), metadata.modified().unwrap()));
            }
        }
    }
    files
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata)
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

#[cfg(unix)]
fn links(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(&fs::metadata(path).unwrap())
}

#[cfg(not(unix))]
fn links(_: &Path) -> u64 {
    1
}

/// The bytes alone: what was written has a new time of change.
pub fn bytes(snapshot: &Snapshot) -> BTreeMap<&str, &[u8]> {
    snapshot.iter().map(|(path, (bytes, ..))| (path.as_str(), bytes.as_slice())).collect()
}

/// Every byte, mode and time is the same; says which file is not.
pub fn assert_same(now: &Snapshot, wanted: &Snapshot, when: &str) {
    let names = now.keys().chain(wanted.keys());
    let other: Vec<&String> = names.filter(|name| now.get(*name) != wanted.get(*name)).collect();
    assert!(other.is_empty(), "{when}: neither as before nor as after: {other:?}");
}

/// The tree before anything happened to it. In memory where there is such a place: a sweep makes thousands of trees.
pub fn tree() -> TempDir {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    fs::create_dir_all(root.path().join("shop/deep")).unwrap();
    for (path, text) in FILES {
        fs::write(root.path().join(path), text).unwrap();
        let file = fs::File::options().write(true).open(root.path().join(path)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::new(1_600_000_000, 123_456_789)).unwrap();
    }
    root
}

/// A plan for the same files as the command's own, made without a look at the rules; and one file goes, one comes.
pub fn plan() -> Plan {
    let change = |path: &str| {
        let (_, text) = FILES.iter().find(|(name, _)| *name == path).unwrap();
        let starts = text.match_indices("shop.old").map(|(at, _)| at as u32);
        let edits = starts.map(|at| Edit {
            span: Span::new(at, at + 8),
            text: "shop.tax".into(),
            rule: "vat".into(),
        });
        FilePlan::compose(path.into(), text.as_bytes(), text, edits.collect()).unwrap()
    };
    let (path, text) = GOING;
    let going = FilePlan::removal(path.into(), text.as_bytes());
    let (path, text) = MADE;
    let edit = Edit { span: Span::new(0, 0), text: text.into(), rule: "vat".into() };
    let coming = FilePlan::creation(path.into(), edit);
    Plan { files: CHANGED.into_iter().map(change).chain([going, coming]).collect(), ..Plan::default() }
}

fn now() -> jiff::Timestamp {
    "2026-11-20T10:15:00Z".parse().unwrap()
}

pub fn request<'a>(root: &'a Path, plan: &'a Plan, suffix: Option<&str>, policy: Policy) -> Request<'a> {
    Request {
        root,
        plan,
        tool_version: "0.1.0",
        rules: vec!["vat".into()],
        batch: None,
        backup_suffix: suffix.map(str::to_owned),
        now: now(),
        sync: true,
        policy,
    }
}

pub fn migrate(disk: &Disk, root: &Path, suffix: Option<&str>) -> Result<String, TransactionError> {
    let plan = plan();
    let request = request(root, &plan, suffix, Policy::Stop);
    Ok(prepare_on(disk, &request)?.commit()?.seal()?.id)
}

pub const BACK: RollbackOptions<'_> = RollbackOptions {
    dry_run: false,
    force: false,
    now: jiff::Timestamp::UNIX_EPOCH,
    tool_version: "0.1.0",
    sync: true,
};

pub fn back(disk: &Disk, root: &Path) -> Result<(), TransactionError> {
    rollback_on(disk, root, None, &BACK).map(drop)
}

pub fn recover(root: &Path) -> Result<Option<Recovery>, TransactionError> {
    recover_on(&calm(), root)
}

/// A tree after a whole migration.
pub fn migrated(suffix: Option<&str>) -> TempDir {
    let root = tree();
    migrate(&calm(), root.path(), suffix).unwrap();
    root
}

/// The journal can be read, at every moment.
pub fn assert_readable(root: &Path, when: &str) {
    let runs = runs(root).unwrap_or_else(|error| panic!("{when}: {error}"));
    assert!(runs.unreadable.is_empty(), "{when}: {:?}", runs.unreadable);
}

/// Nothing waits to be ended, nothing is left over, and every run that is over has all that it needs.
pub fn assert_settled(root: &Path, when: &str) {
    assert_readable(root, when);
    for path in snapshot(root).into_keys() {
        assert_eq!(links(&root.join(&path)), 1, "{when}: {path} has a second name");
    }
    let state = root.join(".ssot-lint");
    let known = [".gitignore", "lock", "migration.lock", "runs"];
    assert!(names(&state).iter().all(|name| known.contains(&&**name)), "{when}");
    for run in runs(root).unwrap().records {
        assert_ne!(run.state, RunState::Prepared, "{when}");
        let folder = state.join("runs").join(&run.id);
        let mut found = names(&folder);
        found.retain(|name| name != "validated");
        assert_eq!(found, ["log.jsonl", "originals", "rollback.sh", "run.json"], "{when}");
        if run.state == RunState::Committed {
            let saved = run.all_files().filter_map(|file| Some((file, file.before.as_ref()?)));
            for (file, before) in saved {
                let original = fs::read(folder.join("originals").join(&file.path)).unwrap();
                assert_eq!(ssot_lint::transaction::Digest::of(&original), before.sha256, "{when}");
            }
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
