//! Whole or nothing, in this process: an error at every step in turn, and what is said about it is true.

use crate::Test;
use crate::struck::{EACCES, EINTR, EIO, ENOSPC, Fault, calm, struck};
use crate::tree::{
    BACK, CHANGED, Snapshot, assert_readable, assert_same, assert_settled, back, bytes, migrate, migrated,
    recover, snapshot, tree,
};
use ssot_lint::transaction::{Disk, Recovered, RollbackOptions, TransactionError, recover_on, rollback_on};
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

pub const ALL: &[Test] = &[
    ("a_failing_migration_is_whole_or_nothing", migrations),
    ("a_failing_rollback_is_whole_or_nothing", rollbacks),
    ("a_failing_forced_rollback_is_whole_or_nothing", forced_rollbacks),
    ("a_failing_recovery_is_finished_by_the_next", recoveries),
    ("rollback_restores_bytes_mode_and_times", restores),
];

const FAULTS: [Fault; 6] = [
    Fault::Once(EIO),
    Fault::Once(EACCES),
    Fault::Once(EINTR),
    Fault::Ever(ENOSPC),
    Fault::Place(EIO),
    Fault::Plain(ENOSPC),
];

type Work<'a> = &'a dyn Fn(&Disk, &Path) -> Result<(), TransactionError>;

/// Runs `work` with a fault at every step until none is hit, each time on a tree made by `start`; after recovery the
/// tree must be as `start` left it or as an undisturbed `work` makes it. Returns how many steps were struck.
fn sweep(fault: Fault, start: &dyn Fn() -> TempDir, work: Work<'_>) -> usize {
    let done = start();
    work(&calm(), done.path()).unwrap();
    let after = snapshot(done.path());
    for at in 0.. {
        let root = start();
        let before = snapshot(root.path());
        let (disk, count) = struck(at, fault);
        let result = work(&disk, root.path());
        let when = format!("{fault:?} at step {at}: {result:?}");
        if count.load(Ordering::SeqCst) <= at {
            result.unwrap();
            return at;
        }
        if matches!(fault, Fault::Once(EINTR)) {
            assert!(result.is_ok(), "{when}: an interrupted call is made again");
        }
        assert_true(&result, &snapshot(root.path()), &before, &after, &when);
        assert_readable(root.path(), &when);
        let recovery = recover(root.path()).unwrap();
        let now = snapshot(root.path());
        let finished = recovery.as_ref().is_some_and(|recovery| recovery.outcome == Recovered::Finished)
            || matches!(result, Err(TransactionError::Unconfirmed { .. }));
        match bytes(&now) == bytes(&after) {
            true => assert!(result.is_ok() || finished, "{when}"),
            false => assert_same(&now, &before, &format!("{when}: {recovery:?}")),
        }
        assert_eq!(recover(root.path()).unwrap(), None, "{when}: recovered once and for all");
        assert_settled(root.path(), &when);
        work(&calm(), root.path()).map_or_else(
            |error| assert_eq!(bytes(&now), bytes(&after), "{when}: {error}"),
            |()| assert_eq!(bytes(&snapshot(root.path())), bytes(&after), "{when}: a second try works"),
        );
    }
    unreachable!("the sweep ends when no step is struck")
}

/// What the message says of the tree is so at that very moment.
fn assert_true(
    result: &Result<(), TransactionError>,
    now: &Snapshot,
    before: &Snapshot,
    after: &Snapshot,
    when: &str,
) {
    let Err(error) = result else { return assert_eq!(bytes(now), bytes(after), "{when}") };
    let message = error.to_string();
    assert!(
        ["top.py", "shop", ".ssot-lint", "/dev/shm"].iter().any(|name| message.contains(name)),
        "{message}"
    );
    let holds = |wanted: &Snapshot| {
        CHANGED.iter().all(|path| now.get(*path).map(|file| &file.0) == wanted.get(*path).map(|file| &file.0))
    };
    let said = [
        ("nothing was changed", now == before),
        ("nothing was written", now == before),
        ("every file put back", now == before),
        ("applied to every file", holds(after)),
        ("some files may be new and some old", true),
    ];
    let mut claims = said.iter().filter(|(words, _)| message.contains(words));
    let (words, is_so) = claims.next().unwrap_or_else(|| panic!("{when}: nothing on the tree: {message}"));
    assert!(is_so, "{when}: says `{words}`: {message}");
    assert!(claims.next().is_none(), "{when}: two claims: {message}");
}

fn migrations() {
    for fault in FAULTS {
        let steps = sweep(fault, &tree, &|disk, root| migrate(disk, root, None).map(drop));
        assert!(steps > 80, "{fault:?}: only {steps} steps");
    }
    let with_backups: Work<'_> = &|disk, root| migrate(disk, root, Some(".bak")).map(drop);
    assert!(sweep(Fault::Once(ENOSPC), &tree, with_backups) > 120);
}

fn rollbacks() {
    let start: &dyn Fn() -> TempDir = &|| migrated(Some(".bak"));
    for fault in [Fault::Once(EIO), Fault::Ever(ENOSPC), Fault::Plain(EIO)] {
        assert!(sweep(fault, start, &back) > 100);
    }
}

fn forced_rollbacks() {
    let start: &dyn Fn() -> TempDir = &|| {
        let root = migrated(None);
        fs::write(root.path().join("top.py"), "someone's own").unwrap();
        fs::remove_dir_all(root.path().join("shop/deep")).unwrap();
        root
    };
    let forced = RollbackOptions { force: true, ..BACK };
    let back: Work<'_> = &|disk, root| rollback_on(disk, root, None, &forced).map(drop);
    for fault in [Fault::Once(EIO), Fault::Ever(EACCES)] {
        assert!(sweep(fault, start, back) > 80);
    }
}

/// A tree in which a migration was cut off so many steps before its end.
fn interrupted(back_from_end: usize) -> TempDir {
    let (disk, count) = struck(usize::MAX, Fault::Once(EIO));
    migrate(&disk, tree().path(), Some(".bak")).unwrap();
    let root = tree();
    let (disk, _) = struck(count.load(Ordering::SeqCst) - back_from_end, Fault::Ever(EIO));
    migrate(&disk, root.path(), Some(".bak")).unwrap_err();
    assert!(root.path().join(".ssot-lint/current").exists());
    root
}

fn recoveries() {
    for back_from_end in [2, 20, 60] {
        for fault in [Fault::Once(EACCES), Fault::Plain(ENOSPC), Fault::Place(EIO)] {
            recovery(back_from_end, fault);
        }
    }
}

fn recovery(back_from_end: usize, fault: Fault) {
    let root = interrupted(back_from_end);
    recover(root.path()).unwrap().unwrap();
    let expected = snapshot(root.path());
    for at in 0.. {
        let root = interrupted(back_from_end);
        let before = snapshot(root.path());
        let (disk, count) = struck(at, fault);
        let result = recover_on(&disk, root.path()).map(drop);
        let when = format!("{back_from_end} {fault:?} at step {at}: {result:?}");
        if count.load(Ordering::SeqCst) <= at {
            return result.unwrap();
        }
        let now = snapshot(root.path());
        if result.is_err() {
            assert_true(&result, &now, &before, &expected, &when);
        }
        assert_readable(root.path(), &when);
        recover(root.path()).unwrap();
        assert_eq!(bytes(&snapshot(root.path())), bytes(&expected), "{when}");
        assert_settled(root.path(), &when);
    }
}

fn restores() {
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
        assert_eq!(migrated["top.py"].0, b"from shop.tax import VAT\nfrom shop.tax import VAT\n");
        assert_eq!(migrated["top.py"].1, before["top.py"].1);
        // One file goes, and leaves a copy as well; and one comes.
        assert_eq!(migrated.len(), before.len() + suffix.map_or(0, |_| CHANGED.len() + 1));
        let report = rollback_on(&calm(), root.path(), None, &BACK).unwrap();
        assert_eq!((report.run, report.restored.len()), (id, CHANGED.len()));
        assert_eq!(report.recreated, ["shop/deep/gone.py"]);
        assert!(report.removed.contains(&"shop/made.py".to_owned()), "{:?}", report.removed);
        assert_eq!(snapshot(root.path()), before);
        assert!(matches!(
            rollback_on(&calm(), root.path(), None, &BACK),
            Err(TransactionError::NothingToRollBack)
        ));
    }
}
