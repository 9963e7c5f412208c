//! Which files of a plan may be changed, and why the others may not: asked before anything is written.

use super::digest::Digest;
use super::disk::Disk;
use super::journal::Change;
use super::place::{Place, objection};
use super::record::{FileRecord, FileState};
use super::stat::{Seen, Stat};
use super::{RefusedFile, Request, TransactionError};
use crate::model::FilePlan;
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The changes of the plan, and the files that are refused.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub files: Vec<Change>,
    pub copies: Vec<Change>,
    pub refused: Vec<RefusedFile>,
    /// The audit trail of the accepted files.
    pub log: Vec<u8>,
}

/// Looks at every file of the plan. Files that would not change are left out.
pub(super) fn examine(disk: &Disk, place: &Place, request: &Request<'_>) -> Checked {
    let results: Vec<_> = request
        .plan
        .files
        .par_iter()
        .filter(|file| file.is_change())
        .map(|file| {
            let path = file.path().to_string();
            examine_one(disk, place, file, request.backup_suffix.as_deref())
                .map(|(change, copy)| (file, change, copy))
                .map_err(|reason| RefusedFile::new(path, reason))
        })
        .collect();
    let mut checked = Checked::default();
    for result in results {
        match result {
            Ok((file, change, copy)) => {
                checked.log.extend(super::log::edits(&change.file.path, file));
                checked.files.push(change);
                checked.copies.extend(copy);
            }
            Err(refused) => checked.refused.push(refused),
        }
    }
    checked.refuse_twins();
    checked.files.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    checked.refused.sort();
    checked
}

impl Checked {
    /// Two paths of the plan may lead to one file; which of the two texts should it get?
    fn refuse_twins(&mut self) {
        let mut count: HashMap<&str, u32> = HashMap::new();
        for change in self.files.iter().chain(&self.copies) {
            *count.entry(&change.file.path).or_default() += 1;
        }
        let twin = |change: &Change| count.get(change.file.path.as_str()).is_some_and(|&count| count > 1);
        let twins: Vec<RefusedFile> = self.files.iter().filter(|change| twin(change)).map(refusal).collect();
        self.refused.extend(twins);
        fn refusal(change: &Change) -> RefusedFile {
            let named = change.file.via.as_ref().unwrap_or(&change.file.path);
            RefusedFile::new(named, format!("several planned files are {}", change.file.path))
        }
    }
}

type Examined = (Change, Option<Change>);

fn examine_one(
    disk: &Disk,
    place: &Place,
    file: &FilePlan,
    suffix: Option<&str>,
) -> Result<Examined, String> {
    if file.is_creation() {
        return examine_new(disk, place, file).map(|change| (change, None));
    }
    let real = real_path(place, file.path())?;
    let target = place.root().join(&real);
    let stat = require_changeable(disk, &target)?;
    let bytes = disk.read(&target, u64::MAX).map_err(|error| error.to_string())?;
    if bytes != file.before() {
        return Err("it was changed since it was read".into());
    }
    let before = state(&bytes, &stat);
    let copy = suffix.map(|suffix| copy_beside(disk, place, &real, suffix, &bytes, &before)).transpose()?;
    let after = (!file.is_removal()).then(|| FileState {
        sha256: Digest::of(file.after()),
        size: file.after().len() as u64,
        mode: stat.mode,
        mtime: None,
    });
    let via = (*real != **file.path()).then(|| file.path().to_string());
    let record = FileRecord { path: real, via, before: Some(before), after };
    let after = (!file.is_removal()).then(|| file.after().to_vec());
    Ok((Change { file: record, before: Some(bytes), after, like: None }, copy))
}

/// A file that is to be made: its folder must be there, and nothing under its name.
fn examine_new(disk: &Disk, place: &Place, file: &FilePlan) -> Result<Change, String> {
    let (folder, name) = file.path().rsplit_once('/').unwrap_or(("", file.path()));
    let folder = match folder {
        "" => String::new(),
        folder => real_path(place, folder)? + "/",
    };
    let path = format!("{folder}{name}");
    objection(&path).map_or(Ok(()), |reason| Err(reason.to_owned()))?;
    let target = place.root().join(&path);
    match disk.look(&target).map_err(|error| error.to_string())? {
        Seen::Absent => {}
        _ => return Err("it was made since the plan".into()),
    }
    let holder = target.parent().unwrap_or(place.root());
    if !may_write(holder).map_err(|error| error.to_string())? {
        return Err("its folder is read-only".into());
    }
    let (sha256, size) = (Digest::of(file.after()), file.after().len() as u64);
    let after = Some(FileState { sha256, size, mode: None, mtime: None });
    let via = (path != **file.path()).then(|| file.path().to_string());
    let record = FileRecord { path, via, before: None, after };
    Ok(Change { file: record, before: None, after: Some(file.after().to_vec()), like: None })
}

/// A file's state, whose bytes were just read.
pub(super) fn state(bytes: &[u8], stat: &Stat) -> FileState {
    let (sha256, size) = (Digest::of(bytes), bytes.len() as u64);
    FileState { sha256, size, mode: stat.mode, mtime: stat.mtime }
}

/// Follows symlinks; the end must lie in the root and outside the folders of git and ssot-lint.
fn real_path(place: &Place, path: &str) -> Result<String, String> {
    if let Some(reason) = objection(path) {
        return Err(reason.into());
    }
    let real = place.root().join(path).canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist any more".to_owned(),
        _ => format!("it cannot be found: {error}"),
    })?;
    let Ok(inside) = real.strip_prefix(place.root()) else {
        return Err(format!("a symlink leads out of the root, to {}", real.display()));
    };
    let inside = with_slashes(inside).ok_or("its real name is not UTF-8")?;
    objection(&inside).map_or(Ok(inside), |reason| Err(reason.into()))
}

fn with_slashes(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// What the system says of the file at `path`, or why it must not be replaced.
fn require_changeable(disk: &Disk, path: &Path) -> Result<Stat, String> {
    let stat = match disk.look(path).map_err(|error| error.to_string())? {
        Seen::File(stat) => stat,
        Seen::Absent => return Err("it does not exist any more".into()),
        other => return Err(format!("it is {}, not a regular file", other.oddity().unwrap_or("unknown"))),
    };
    blemish(path, &stat).map_err(|error| error.to_string())?.map_or(Ok(stat), Err)
}

/// Why the regular file at `path` must not be replaced.
pub(super) fn blemish(path: &Path, stat: &Stat) -> Result<Option<String>, TransactionError> {
    if stat.links > 1 {
        return Ok(Some(format!("it is a hard link: {} names share the file", stat.links)));
    }
    if stat.mode.is_some_and(|mode| !mode.is_writable()) || !may_write(path)? {
        return Ok(Some("it is read-only".into()));
    }
    if let Some(folder) = path.parent()
        && !may_write(folder)?
    {
        return Ok(Some("its folder is read-only".into()));
    }
    if stat.owner.is_some_and(|owner| !may_keep_owner(owner)) {
        let reason = "it belongs to another user, and only that user or root could keep its owner";
        return Ok(Some(reason.into()));
    }
    Ok(None)
}

#[cfg(unix)]
fn may_write(path: &Path) -> Result<bool, TransactionError> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    use rustix::io::Errno;
    match accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS) {
        Ok(()) => Ok(true),
        Err(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Ok(false),
        Err(error) => Err(TransactionError::io(path, "look at")(error.into())),
    }
}

#[cfg(not(unix))]
fn may_write(_: &Path) -> Result<bool, TransactionError> {
    Ok(true)
}

#[cfg(unix)]
fn may_keep_owner(owner: u32) -> bool {
    may_give(rustix::process::geteuid().as_raw(), owner)
}

/// Whether `user` can make a file that belongs to `owner`.
#[cfg(unix)]
const fn may_give(user: u32, owner: u32) -> bool {
    user == 0 || user == owner
}

#[cfg(not(unix))]
fn may_keep_owner(_: u32) -> bool {
    true
}

/// The backup that is left beside a file; never over another file.
fn copy_beside(
    disk: &Disk,
    place: &Place,
    path: &str,
    suffix: &str,
    bytes: &[u8],
    state: &FileState,
) -> Result<Change, String> {
    let name = format!("{path}{suffix}");
    let target: PathBuf = place.root().join(&name);
    if disk.look(&target).map_err(|error| error.to_string())? != Seen::Absent {
        return Err(format!("its backup would overwrite {name}"));
    }
    let file = FileRecord { path: name, via: None, before: None, after: Some(state.clone()) };
    Ok(Change { file, before: None, after: Some(bytes.to_vec()), like: Some(path.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::super::TransactionError;
    use super::super::trial::Trial;

    fn refusals(trial: &Trial, suffix: Option<&str>) -> Vec<String> {
        match trial.run(suffix) {
            Err(TransactionError::Refused(files)) => files.iter().map(ToString::to_string).collect(),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_changed_and_a_missing_file_stop_the_run_before_it_writes() {
        let trial = Trial::of(&["a.py", "b.py", "c.py"]);
        trial.write("b.py", "other");
        trial.remove("c.py");
        assert_eq!(
            refusals(&trial, None),
            ["b.py: it was changed since it was read", "c.py: it does not exist any more"]
        );
        assert_eq!((trial.read("a.py"), trial.names().len()), ("old".into(), 2));
    }

    #[test]
    fn a_backup_never_overwrites() {
        let trial = Trial::of(&["a.py"]);
        trial.write("a.py.bak", "mine");
        assert_eq!(refusals(&trial, Some(".bak")), ["a.py: its backup would overwrite a.py.bak"]);
        assert_eq!((trial.read("a.py"), trial.read("a.py.bak")), ("old".into(), "mine".into()));
        for suffix in ["", "/x", "\0"] {
            assert!(matches!(trial.run(Some(suffix)), Err(TransactionError::Suffix(_))), "{suffix:?}");
        }
    }

    #[test]
    fn a_new_file_needs_a_free_name_in_a_folder_of_ours() {
        let trial = Trial::of(&["a.py"]);
        trial.write("taken.py", "mine");
        let run = |path: &str| trial.create(path);
        for (path, reason) in [
            ("taken.py", "it was made since the plan"),
            ("none/x.py", "it does not exist any more"),
            (".git/x.py", "it belongs to git"),
            (".ssot-lint/x.py", "belongs to ssot-lint"),
            ("../x.py", "its path"),
        ] {
            let error = run(path).unwrap_err().to_string();
            assert!(error.contains(reason), "{path}: {error}");
        }
        assert_eq!(trial.read("taken.py"), "mine");
        run("made.py").unwrap();
        assert_eq!(trial.read("made.py"), "new");
        let report = super::super::rollback(trial.root(), None, &super::super::trial::BACK).unwrap();
        assert_eq!((report.removed, trial.read("made.py")), (vec!["made.py".into()], "absent".into()));
    }

    #[test]
    fn git_and_our_own_folder_are_off_limits() {
        let trial = Trial::of(&[".git/hooks/update", "../a.py"]);
        let refused = refusals(&trial, None);
        assert!(refused[0].starts_with("../a.py: its path") && refused[1].ends_with("it belongs to git"));
        trial.remove("../a.py");
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt, symlink};

        #[test]
        fn links_out_hard_links_and_read_only_files_are_refused() {
            let (trial, outside) = (Trial::of(&["hard.py", "locked.py"]), Trial::of(&["x.py"]));
            let trial = trial.also(&["out.py", "dir.py"]);
            symlink(outside.path("x.py"), trial.path("out.py")).unwrap();
            trial.write("dir.py/x", "");
            trial.link("hard.py", "twin.py");
            let locked = std::fs::Permissions::from_mode(0o444);
            std::fs::File::open(trial.path("locked.py")).unwrap().set_permissions(locked).unwrap();
            let reasons = refusals(&trial, None);
            for (reason, words) in
                reasons.iter().zip(["a folder", "hard link", "read-only", "out of the root"])
            {
                assert!(reason.contains(words), "{reason}");
            }
            assert_eq!((reasons.len(), outside.read("x.py")), (4, "old".into()));
        }

        #[test]
        fn a_link_inside_is_followed_to_the_real_file_and_stays_a_link() {
            let trial = Trial::of(&["real/x.py"]).instead(&["link.py"]);
            symlink("real/x.py", trial.path("link.py")).unwrap();
            let record = trial.run(None).unwrap();
            assert_eq!(
                (record.files[0].path.as_str(), record.files[0].via.as_deref()),
                ("real/x.py", Some("link.py"))
            );
            assert!(trial.path("link.py").is_symlink());
            assert_eq!(trial.read("real/x.py"), "new");
        }

        #[test]
        fn a_folder_in_which_we_may_not_write_is_refused_but_to_root() {
            let trial = Trial::of(&["sub/x.py"]);
            let set = |mode| {
                let folder = std::fs::File::open(trial.path("sub")).unwrap();
                folder.set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
            };
            set(0o555);
            let refused = match rustix::process::geteuid().is_root() {
                true => trial.run(None).map(|_| Vec::new()).unwrap(),
                false => refusals(&trial, None),
            };
            set(0o755);
            let expected = if refused.is_empty() { ("new", 0) } else { ("old", 1) };
            assert_eq!((trial.read("sub/x.py").as_str(), refused.len()), expected, "{refused:?}");
            assert!(refused.iter().all(|refusal| refusal == "sub/x.py: its folder is read-only"));
            assert!(super::super::may_write(&trial.path("gone")).is_err());
        }

        #[test]
        fn only_root_and_the_owner_can_keep_an_owner() {
            let may_give = super::super::may_give;
            assert!(may_give(0, 7) && may_give(7, 7) && !may_give(8, 7));
        }

        #[test]
        fn two_names_of_one_file_are_refused() {
            let trial = Trial::of(&["x.py"]).also(&["y.py"]);
            symlink("x.py", trial.path("y.py")).unwrap();
            assert_eq!(refusals(&trial, None).len(), 2);
        }
    }
}
