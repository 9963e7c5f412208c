//! Stops the transaction at every step in turn: the tree must be all old or all new after the next command.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test sets up its own tree, and may panic"
)]

use ssot_lint::model::{Edit, FilePlan, Plan, Span};
use ssot_lint::transaction::{
    Disk, Policy, Recovered, Recovery, Request, RollbackOptions, TransactionError, prepare_on, recover_on,
    rollback_on, runs,
};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

const FILES: [(&str, &str); 3] =
    [("app/cart.py", "from old import X\n"), ("app/deep/x y.py", "import old\r\n"), ("top.py", "old\nold\n")];

/// A path's bytes, mode and time of change.
type Snapshot = BTreeMap<String, (Vec<u8>, u32, SystemTime)>;

fn snapshot(root: &Path) -> Snapshot {
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
                assert_eq!(links(&metadata), 1, "{path:?} has a second name");
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

#[cfg(unix)]
fn links(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &fs::Metadata) -> u64 {
    1
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

fn bytes(snapshot: &Snapshot) -> BTreeMap<&str, &[u8]> {
    snapshot.iter().map(|(path, (bytes, ..))| (path.as_str(), bytes.as_slice())).collect()
}

fn tree() -> tempfile::TempDir {
    // In memory where there is such a place: a sweep makes thousands of trees.
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    fs::create_dir_all(root.path().join("app/deep")).unwrap();
    for (path, text) in FILES {
        fs::write(root.path().join(path), text).unwrap();
        let file = fs::File::options().write(true).open(root.path().join(path)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::new(1_600_000_000, 123_456_789))
            .unwrap();
    }
    fs::write(root.path().join("bystander.txt"), "old").unwrap();
    root
}

fn plan() -> Plan {
    let files = FILES.map(|(path, text)| {
        let starts = text.match_indices("old").map(|(at, _)| at as u32);
        let edits =
            starts.map(|at| Edit { span: Span::new(at, at + 3), text: "newer".into(), rule: "rule".into() });
        FilePlan::compose(path.into(), text.as_bytes(), text, edits.collect()).unwrap()
    });
    Plan { files: files.into(), ..Plan::default() }
}

fn now() -> jiff::Timestamp {
    "2026-11-20T10:15:00Z".parse().unwrap()
}

fn migrate(disk: &Disk, root: &Path, suffix: Option<&str>) -> Result<String, TransactionError> {
    let plan = plan();
    let request = Request {
        root,
        plan: &plan,
        tool_version: "0.1.0",
        rules: vec!["rule".into()],
        batch: None,
        backup_suffix: suffix.map(str::to_owned),
        now: now(),
        sync: false,
        policy: Policy::Stop,
    };
    Ok(prepare_on(disk, &request)?.commit()?.seal()?.id)
}

const BACK: RollbackOptions<'_> = RollbackOptions {
    dry_run: false,
    force: false,
    now: jiff::Timestamp::UNIX_EPOCH,
    tool_version: "0.1.0",
    sync: false,
};

/// A disk on which nothing goes wrong; it does not wait for the platters, which no test here can cut off.
fn calm() -> Disk {
    Disk::default().waiting(false)
}

fn recover(root: &tempfile::TempDir) -> Result<Option<Recovery>, TransactionError> {
    recover_on(&calm(), root.path())
}

/// What happens at the fatal step.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// That one operation fails.
    Once,
    /// That operation and all later ones fail: to the disk it looks like a kill.
    Kill,
}

/// A disk that is struck at its `at`-th step, from 0, and the number of steps that it saw.
fn struck(at: usize, fault: Fault) -> (Disk, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let disk = Disk::gated(Arc::new(move |_| {
        let step = seen.fetch_add(1, Ordering::SeqCst);
        let hit = match fault {
            Fault::Once => step == at,
            Fault::Kill => step >= at,
        };
        if hit { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    }));
    (disk.waiting(false), count)
}

/// A disk without exchange and second names, struck at a step.
fn plain_disk(at: usize) -> (Disk, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let disk = Disk::gated(Arc::new(move |step| match seen.fetch_add(1, Ordering::SeqCst) {
        step if step >= at => Err(io::Error::from(io::ErrorKind::StorageFull)),
        _ if ["exchange", "link"].contains(&step.action) => Err(io::Error::from(io::ErrorKind::Unsupported)),
        _ => Ok(()),
    }));
    (disk.waiting(false), count)
}

/// Runs `work` with a fault at every step until none is hit, each time on a tree made by `start`; after recovery the
/// tree must be as `start` left it or as an undisturbed `work` makes it. Returns how many steps were struck.
fn sweep(
    disk: impl Fn(usize) -> (Disk, Arc<AtomicUsize>),
    start: impl Fn() -> tempfile::TempDir,
    work: impl Fn(&Disk, &Path) -> Result<(), TransactionError>,
) -> usize {
    let done = start();
    work(&calm(), done.path()).unwrap();
    let after = snapshot(done.path());
    for at in 0.. {
        let root = start();
        let before = snapshot(root.path());
        let (disk, count) = disk(at);
        let result = work(&disk, root.path());
        if count.load(Ordering::SeqCst) <= at {
            result.unwrap();
            return at;
        }
        let recovery = recover(&root).unwrap();
        let now = snapshot(root.path());
        let finished = recovery.as_ref().is_some_and(|recovery| recovery.outcome == Recovered::Finished)
            || matches!(result, Err(TransactionError::Unconfirmed { .. }));
        match bytes(&now) == bytes(&after) {
            true => assert!(result.is_ok() || finished, "step {at}: {result:?}"),
            false => assert_eq!(now, before, "step {at}: {result:?}, {recovery:?}"),
        }
        assert_eq!(recover(&root).unwrap(), None, "step {at}: recovered once and for all");
        assert!(runs(root.path()).unwrap().unreadable.is_empty(), "step {at}");
        work(&calm(), root.path()).map_or_else(
            |error| assert_eq!(bytes(&now), bytes(&after), "step {at}: {error}"),
            |()| assert_eq!(bytes(&snapshot(root.path())), bytes(&after), "step {at}: a second try works"),
        );
    }
    unreachable!("the sweep ends when no step is struck")
}

fn migrated(suffix: Option<&str>) -> tempfile::TempDir {
    let root = tree();
    migrate(&calm(), root.path(), suffix).unwrap();
    root
}

#[test]
fn a_migration_killed_at_any_step_is_whole_or_nothing() {
    let run = |suffix| move |disk: &Disk, root: &Path| migrate(disk, root, suffix).map(drop);
    for fault in [Fault::Once, Fault::Kill] {
        assert!(sweep(|at| struck(at, fault), tree, run(None)) > 80);
        assert!(sweep(|at| struck(at, fault), tree, run(Some(".bak"))) > 120);
    }
    assert!(sweep(plain_disk, tree, run(None)) > 80);
}

#[test]
fn a_rollback_killed_at_any_step_is_whole_or_nothing() {
    let back = |disk: &Disk, root: &Path| rollback_on(disk, root, None, &BACK).map(drop);
    for fault in [Fault::Once, Fault::Kill] {
        assert!(sweep(|at| struck(at, fault), || migrated(None), back) > 80);
        assert!(sweep(|at| struck(at, fault), || migrated(Some(".bak")), back) > 100);
    }
    assert!(sweep(plain_disk, || migrated(None), back) > 80);
}

#[test]
fn a_forced_rollback_killed_at_any_step_is_whole_or_nothing() {
    let start = || {
        let root = migrated(None);
        fs::write(root.path().join("top.py"), "someone's own").unwrap();
        fs::remove_dir_all(root.path().join("app/deep")).unwrap();
        root
    };
    let forced = RollbackOptions { force: true, ..BACK };
    let back = |disk: &Disk, root: &Path| rollback_on(disk, root, None, &forced).map(drop);
    assert!(sweep(|at| struck(at, Fault::Kill), start, back) > 80);
    assert!(sweep(|at| struck(at, Fault::Once), start, back) > 80);
}

/// A tree in which a migration was killed when all files were new but nothing was decided, or just after.
fn interrupted(back_from_end: usize) -> tempfile::TempDir {
    let probe = tree();
    let (disk, count) = struck(usize::MAX, Fault::Kill);
    migrate(&disk, probe.path(), Some(".bak")).unwrap();
    let root = tree();
    let (disk, _) = struck(count.load(Ordering::SeqCst) - back_from_end, Fault::Kill);
    migrate(&disk, root.path(), Some(".bak")).unwrap_err();
    assert!(root.path().join(".ssot-lint/current").exists());
    root
}

#[test]
fn a_recovery_killed_at_any_step_is_finished_by_the_next() {
    for back_from_end in [2, 10, 20, 45, 60] {
        let recovery = |disk: &Disk, root: &Path| recover_on(disk, root).map(drop);
        for fault in [Fault::Once, Fault::Kill] {
            let root = interrupted(back_from_end);
            recover(&root).unwrap().unwrap();
            let expected = snapshot(root.path());
            for at in 0.. {
                let root = interrupted(back_from_end);
                let (disk, count) = struck(at, fault);
                let result = recovery(&disk, root.path());
                if count.load(Ordering::SeqCst) <= at {
                    result.unwrap();
                    break;
                }
                recover(&root).unwrap();
                assert_eq!(bytes(&snapshot(root.path())), bytes(&expected), "{back_from_end} {fault:?} {at}");
                assert!(!root.path().join(".ssot-lint/current").exists());
            }
        }
    }
}

#[test]
fn rollback_restores_bytes_mode_and_times() {
    for suffix in [None, Some(".backup.issue1104")] {
        let root = tree();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(root.path().join("top.py"), fs::Permissions::from_mode(0o751)).unwrap();
        }
        let before = snapshot(root.path());
        let id = migrate(&calm(), root.path(), suffix).unwrap();
        let migrated = snapshot(root.path());
        assert_eq!(migrated["top.py"].0, b"newer\nnewer\n");
        assert_eq!(migrated["top.py"].1, before["top.py"].1);
        assert_eq!(migrated.len(), before.len() + suffix.map_or(0, |_| FILES.len()));
        let report = rollback_on(&calm(), root.path(), None, &BACK).unwrap();
        assert_eq!((report.run, report.restored.len()), (id, FILES.len()));
        assert_eq!(snapshot(root.path()), before);
        assert!(matches!(
            rollback_on(&calm(), root.path(), None, &BACK),
            Err(TransactionError::NothingToRollBack)
        ));
    }
}
