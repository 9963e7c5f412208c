//! Others who write at the same time: an editor, another migration, somebody between a run and its rollback.

use crate::Test;
use crate::child::{Order, Waiting, errors, run};
use crate::kills::MIGRATE;
use crate::struck::{EIO, calm};
use crate::tree::{
    CHANGED, Snapshot, assert_same, assert_settled, migrate, plan, recover, request, snapshot, tree,
};
use ssot_lint::transaction::{Disk, Policy, Step, TransactionError, prepare, runs};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

pub const ALL: &[Test] = &[
    ("an_edit_at_any_moment_is_kept", edits),
    ("an_edit_between_scan_and_write_is_refused_by_name", edit_after_the_scan),
    ("the_other_files_go_on_when_the_command_is_asked_to", edit_under_the_command),
    ("the_other_files_go_on_when_the_request_says_so", edit_with_policy),
    ("bytes_that_the_disk_lost_are_noticed", lost_bytes),
    ("a_rename_that_failed_but_took_place_decides", decided_all_the_same),
    ("a_second_migration_is_turned_away", second_migration),
    ("the_lock_of_a_dead_process_is_nobodys", dead_process),
];

/// A disk on which `act` happens before the so many-th step, from 0, and the number of its steps.
fn disk_with(at: usize, act: impl Fn() + Send + Sync + 'static) -> (Disk, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let disk = Disk::gated(Arc::new(move |_: Step<'_>| {
        if seen.fetch_add(1, Ordering::SeqCst) == at {
            act();
        }
        Ok(())
    }));
    (disk.waiting(false), count)
}

/// Somebody saves a file at every moment of a run in turn, in place or by renaming: that version is never lost, and
/// the other files are all old or all new.
fn edits() {
    let root = tree();
    migrate(&calm(), root.path(), None).unwrap();
    let after = snapshot(root.path());
    for save in [save_in_place, save_by_renaming] {
        for at in 0.. {
            let root = tree();
            let before = snapshot(root.path());
            let path = root.path().join("shop/cart.py");
            let (disk, count) = disk_with(at, move || save(&path));
            let result = migrate(&disk, root.path(), None);
            let when = format!("step {at}: {result:?}");
            if count.load(Ordering::SeqCst) <= at {
                break;
            }
            recover(root.path()).unwrap();
            assert_kept(root.path(), &before, &after, &when);
            if let Err(error) = result {
                assert!(error.to_string().contains("shop/cart.py"), "{when}: {error}");
                assert!(!error.to_string().contains("damaged"), "{when}: {error}");
            }
        }
    }
}

fn save_in_place(path: &Path) {
    fs::write(path, "mine").unwrap();
}

fn save_by_renaming(path: &Path) {
    fs::write(path.with_extension("new"), "mine").unwrap();
    fs::rename(path.with_extension("new"), path).unwrap();
}

/// The edit is in the tree, under its file's name or beside it, and the rest is whole.
fn assert_kept(root: &Path, before: &Snapshot, after: &Snapshot, when: &str) {
    let now = snapshot(root);
    let holders: Vec<&String> =
        now.iter().filter(|(_, file)| file.0 == b"mine").map(|(name, _)| name).collect();
    assert!(matches!(&*holders, [name] if name.starts_with("shop/cart.py")), "{when}: {holders:?}");
    let others = |tree: &Snapshot| ["shop/deep/x y.py", "top.py"].map(|name| tree[name].0.clone());
    assert!([others(before), others(after)].contains(&others(&now)), "{when}: mixed");
    assert_settled(root, when);
}

fn edit_after_the_scan() {
    let root = tree();
    let (disk, path) = (calm(), root.path().join("top.py"));
    let plan = plan();
    save_in_place(&path);
    let request = request(root.path(), &plan, None, Policy::Stop);
    let before = snapshot(root.path());
    let error = ssot_lint::transaction::prepare_on(&disk, &request).unwrap_err();
    assert!(error.to_string().contains("top.py: it was changed since it was read"), "{error}");
    assert!(error.to_string().contains("nothing was written"), "{error}");
    assert_same(&snapshot(root.path()), &before, "refused");
}

fn edit_under_the_command() {
    let root = tree();
    let stopped = run(root.path(), Order::Save, MIGRATE);
    let said = errors(&stopped);
    assert_eq!(stopped.status.code(), Some(2), "{said}");
    assert!(said.contains("nothing was written") && said.contains("shop/cart.py: it was changed"), "{said}");
    assert_eq!(snapshot(root.path())["top.py"].0, b"from shop.old import VAT\nfrom shop.old import VAT\n");

    let root = tree();
    let going = run(root.path(), Order::Save, &[MIGRATE, &["--keep-going"]].concat());
    let said = errors(&going);
    assert_eq!(going.status.code(), Some(1), "{said}");
    assert!(said.contains("shop/cart.py is left as it is: it was changed since it was read"), "{said}");
    let now = snapshot(root.path());
    assert_eq!(
        (&*now["shop/cart.py"].0, &*now["top.py"].0),
        (&b"mine"[..], &b"from shop.tax import VAT\n"[..])
    );
    assert_settled(root.path(), "without one file");
}

fn edit_with_policy() {
    let root = tree();
    save_in_place(&root.path().join("top.py"));
    let plan = plan();
    let prepared = prepare(&request(root.path(), &plan, None, Policy::Skip)).unwrap();
    let refused: Vec<String> = prepared.refused().iter().map(ToString::to_string).collect();
    assert_eq!(refused, ["top.py: it was changed since it was read"]);
    prepared.commit().unwrap().seal().unwrap();
    let now = snapshot(root.path());
    assert_eq!(now["top.py"].0, b"mine");
    assert_eq!(now["shop/cart.py"].0, b"from shop.tax import VAT\n");
    // One of those that change stays; one that goes and one that comes are there besides.
    assert_eq!(runs(root.path()).unwrap().records[0].files.len(), CHANGED.len() - 1 + 2);
}

/// A disk that takes the new bytes and does not keep them.
fn lost_bytes() {
    let root = tree();
    let before = snapshot(root.path());
    let disk = Disk::gated(Arc::new(|step: Step<'_>| {
        let is_new_file = step.path.extension().is_some_and(|end| end == "tmp");
        match (step.action, is_new_file) {
            ("flush", true) => fs::File::options().write(true).open(step.path)?.set_len(3),
            _ => Ok(()),
        }
    }));
    let error = migrate(&disk, root.path(), None).unwrap_err();
    assert!(matches!(error, TransactionError::Undone { .. }), "{error}");
    assert!(error.to_string().contains("does not hold what was written"), "{error}");
    assert_same(&snapshot(root.path()), &before, "undone");
    assert_settled(root.path(), "undone");
}

/// As over a network: the answer is an error, but the record says that the new files stay. What fails after that at
/// any step must not take some of them back.
fn decided_all_the_same() {
    for later in 0.. {
        let root = tree();
        let count = Arc::new(AtomicUsize::new(usize::MAX));
        let seen = Arc::clone(&count);
        let disk = Disk::gated(Arc::new(move |step: Step<'_>| {
            if step.action == "rename to"
                && step.path.ends_with("current/run.json")
                && seen.load(Ordering::SeqCst) == usize::MAX
            {
                seen.store(0, Ordering::SeqCst);
                fs::rename(step.path.with_file_name("run.next.json"), step.path)?;
                return Err(io::Error::from_raw_os_error(EIO));
            }
            match seen.load(Ordering::SeqCst) {
                usize::MAX => Ok(()),
                steps if steps >= later => Err(io::Error::from_raw_os_error(EIO)),
                _ => seen
                    .fetch_add(1, Ordering::SeqCst)
                    .checked_add(1)
                    .map(drop)
                    .ok_or(io::ErrorKind::Other.into()),
            }
        }));
        let error = migrate(&disk, root.path(), None).unwrap_err();
        let is_through = count.load(Ordering::SeqCst) < later;
        recover(root.path()).unwrap();
        let now = snapshot(root.path());
        assert!(CHANGED.iter().all(|path| !now[*path].0.starts_with(b"from shop.old")), "{later}: {error}");
        assert_settled(root.path(), &format!("{later}: {error}"));
        if is_through {
            assert!(matches!(error, TransactionError::Unconfirmed { .. }), "{error}");
            return;
        }
    }
}

/// A migration that has come to the middle of its writing, and waits there.
fn at_work(root: &TempDir) -> Waiting {
    Waiting::start(root.path(), Order::Halt(40), MIGRATE)
}

fn second_migration() {
    let root = tree();
    let first = at_work(&root);
    for command in [MIGRATE, &["rollback"]] {
        let second = run(root.path(), Order::Work, command);
        let said = errors(&second);
        assert_eq!(second.status.code(), Some(2), "{said}");
        assert!(
            said.contains("another ssot-lint is changing files here") && said.contains("help:"),
            "{said}"
        );
    }
    let first = first.end();
    assert_eq!(first.status.code(), Some(0), "{}", errors(&first));
    assert_eq!(snapshot(root.path())["top.py"].0, b"from shop.tax import VAT\n");
    assert_settled(root.path(), "the first one alone");
}

fn dead_process() {
    let root = tree();
    let killed = run(root.path(), Order::Die(40), MIGRATE);
    assert_eq!(killed.status.code(), None);
    assert!(root.path().join(".ssot-lint/lock").exists() && root.path().join(".ssot-lint/current").exists());
    let next = run(root.path(), Order::Work, MIGRATE);
    let said = errors(&next);
    assert_eq!(next.status.code(), Some(0), "{said}");
    assert!(said.contains("was interrupted: every file was put back as it was before"), "{said}");
    assert_eq!(snapshot(root.path())["shop/cart.py"].0, b"from shop.tax import VAT\n");
    assert_settled(root.path(), "the next one");
}
