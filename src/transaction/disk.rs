//! Every touch of the file system, behind one gate that tests can close after any step.
#![expect(clippy::disallowed_methods, reason = "this file is the one that writes")]

use super::dress::{self, Dress};
use super::stat::Seen;
use super::{Held, Stop, TransactionError};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

type Result<T> = std::result::Result<T, TransactionError>;

/// From this many paths on, one flush of the whole file system is cheaper than one per path.
#[cfg(target_os = "linux")]
const MANY: usize = 24;

/// One operation that is about to happen.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// What: a short verb. `write` comes twice for a file, before it exists and when half of it is written.
    pub action: &'static str,
    /// Where.
    pub path: &'a Path,
}

/// Asked before every operation; its error becomes the operation's.
pub type Gate = Arc<dyn Fn(Step<'_>) -> io::Result<()> + Send + Sync>;

/// The disk as the transaction uses it.
#[derive(Clone)]
pub struct Disk {
    gate: Option<Gate>,
    waits: bool,
    stop: Stop,
}

impl Default for Disk {
    fn default() -> Self {
        Self { gate: None, waits: true, stop: Stop::default() }
    }
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Disk").field("gated", &self.gate.is_some()).finish()
    }
}

impl Disk {
    /// A disk that asks `gate` before every operation: for tests that stop or fail a run at the n-th step.
    pub fn gated(gate: Gate) -> Self {
        Self { gate: Some(gate), ..Self::default() }
    }

    /// The same disk; flushes do nothing unless `waits`. Without them a power cut may cost a run, a kill never does.
    #[must_use]
    pub fn waiting(&self, waits: bool) -> Self {
        Self { waits: self.waits && waits, ..self.clone() }
    }

    /// The same disk; work on it goes back as soon as `stop` is wanted, and `stop` is told when something is half-done.
    #[must_use]
    pub fn until(&self, stop: &Stop) -> Self {
        Self { stop: stop.clone(), ..self.clone() }
    }

    /// Asked between two files.
    ///
    /// # Errors
    /// When the work is to stop.
    pub fn go_on(&self) -> Result<()> {
        if self.stop.is_wanted() { Err(TransactionError::Stopped) } else { Ok(()) }
    }

    /// Says that ending the process now would leave something half-done, until the answer is dropped: the way back is then
    /// ours, as soon as the work is to stop.
    pub fn hold(&self) -> Held {
        self.stop.hold()
    }

    fn pass(&self, action: &'static str, path: &Path) -> io::Result<()> {
        let Some(gate) = &self.gate else { return Ok(()) };
        persist(|| gate(Step { action, path }))
    }

    /// Asks the gate, then does it; an error names path and action.
    fn step<T>(
        &self,
        action: &'static str,
        path: &Path,
        operation: impl FnMut() -> io::Result<T>,
    ) -> Result<T> {
        self.pass(action, path).and_then(|()| persist(operation)).map_err(TransactionError::io(path, action))
    }

    /// What stands at `path`, not following a symlink.
    pub(super) fn look(&self, path: &Path) -> Result<Seen> {
        self.step("look at", path, || match fs::symlink_metadata(path) {
            Ok(metadata) => Ok(Seen::of(&metadata)),
            Err(error) if is_absence(&error) => Ok(Seen::Absent),
            Err(error) => Err(error),
        })
    }

    /// The bytes of a file, which may not be larger than `limit`.
    pub(super) fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        self.step("read", path, || {
            let file = File::open(path)?;
            let size = file.metadata()?.len().min(limit) as usize;
            let mut bytes = Vec::with_capacity(size + 1);
            file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > limit {
                return Err(io::Error::other(format!("it is larger than {limit} bytes")));
            }
            Ok(bytes)
        })
    }

    /// The names in a folder, sorted; an absent folder has none.
    pub(super) fn names(&self, folder: &Path) -> Result<Vec<std::ffi::OsString>> {
        self.step("list", folder, || {
            let entries = match fs::read_dir(folder) {
                Err(error) if is_absence(&error) => return Ok(Vec::new()),
                entries => entries?,
            };
            let mut names: Vec<_> = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
            names.sort();
            Ok(names)
        })
    }

    /// Creates a file that must not exist, dresses it and fills it. A failure may leave a part of it.
    pub(super) fn write_new(&self, path: &Path, bytes: &[u8], dress: &Dress<'_>) -> Result<()> {
        let write = || {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            dress::private(&mut options, dress);
            let mut file = options.open(path)?;
            let (first, second) = bytes.split_at(bytes.len() / 2);
            file.write_all(first)?;
            self.pass("write", path)?;
            file.write_all(second)?;
            dress::put_on(&file, path, dress)
        };
        // Not made again when it is interrupted: the file is there then. Its parts take care of that themselves.
        self.pass("write", path).and_then(|()| write()).map_err(TransactionError::io(path, "write"))
    }

    /// Gives a file a second name. False when the file system cannot: then nothing happened.
    pub(super) fn link(&self, file: &Path, name: &Path) -> Result<bool> {
        match self.pass("link", name).and_then(|()| persist(|| fs::hard_link(file, name))) {
            Err(error) if is_no_linking(&error) => Ok(false),
            result => result.map(|()| true).map_err(TransactionError::io(name, "link")),
        }
    }

    /// True when both names lead to one and the same file.
    pub(super) fn is_same_file(&self, one: &Path, other: &Path) -> Result<bool> {
        self.step("look at", one, || match (fs::symlink_metadata(one), fs::symlink_metadata(other)) {
            (Ok(one), Ok(other)) => Ok(identity(&one).is_some_and(|id| identity(&other) == Some(id))),
            (Err(error), _) | (_, Err(error)) if !is_absence(&error) => Err(error),
            _ => Ok(false),
        })
    }

    /// Swaps two files in one step. False when the file system cannot: then nothing happened.
    pub(super) fn exchange(&self, one: &Path, other: &Path) -> Result<bool> {
        let exchange = || persist(|| rename_with(one, other, Swap::Exchange));
        match self.pass("exchange", other).and_then(|()| exchange()) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(false),
            result => result.map(|()| true).map_err(TransactionError::io(other, "exchange")),
        }
    }

    /// Renames, replacing what is there.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.step("rename to", to, || fs::rename(from, to))
    }

    /// Renames to a name that must be free. False when it is taken: then nothing happened.
    pub(super) fn rename_new(&self, from: &Path, to: &Path) -> Result<bool> {
        let rename = || persist(|| rename_with(from, to, Swap::Never));
        let renamed = match self.pass("rename to", to).and_then(|()| rename()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                if fs::symlink_metadata(to).is_ok() {
                    return Ok(false);
                }
                persist(|| fs::rename(from, to))
            }
            renamed => renamed,
        };
        renamed.map(|()| true).map_err(TransactionError::io(to, "rename to"))
    }

    /// Removes a file; an absent one is fine.
    pub(super) fn remove(&self, path: &Path) -> Result<()> {
        self.step("remove", path, || allow_absence(fs::remove_file(path)))
    }

    /// Removes a folder if it is empty; another one stays, which is no error.
    pub(super) fn remove_empty(&self, path: &Path) -> Result<()> {
        self.step("remove", path, || fs::remove_dir(path).or(Ok(())))
    }

    /// Removes a folder with all in it; symlinks are not followed.
    pub(super) fn remove_tree(&self, path: &Path) -> Result<()> {
        self.step("remove", path, || allow_absence(fs::remove_dir_all(path)))
    }

    /// Creates a folder whose parent exists; one that is there is fine.
    pub(super) fn create_folder(&self, path: &Path) -> Result<()> {
        self.step("create", path, || match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
        })
    }

    /// Creates a folder that only its owner may enter.
    pub(super) fn create_private_folder(&self, path: &Path) -> Result<()> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are a matter of Unix"))]
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        self.step("create", path, || builder.create(path))
    }

    /// Creates a folder and its parents.
    pub(super) fn create_folders(&self, path: &Path) -> Result<()> {
        self.step("create", path, || fs::create_dir_all(path))
    }

    /// Opens the file that is the lock, creating it.
    pub(super) fn open_lock(&self, path: &Path) -> Result<File> {
        self.step("open", path, || OpenOptions::new().write(true).create(true).truncate(false).open(path))
    }

    /// Waits until files and folders are on the disk.
    pub(super) fn flush(&self, paths: &[PathBuf]) -> Result<()> {
        let Some(first) = paths.first() else { return Ok(()) };
        self.step("flush", first, || Ok(()))?;
        if !self.waits {
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        if paths.len() >= MANY {
            return flush_file_systems(paths);
        }
        paths.par_iter().try_for_each(|path| flush_one(path).map_err(TransactionError::io(path, "flush")))
    }
}

/// Does it again as long as a signal interrupts it.
fn persist<T>(mut operation: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match operation() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// The folders that hold `paths`, each once.
pub(super) fn folders_of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = paths.into_iter().filter_map(Path::parent).collect();
    folders.into_iter().map(Path::to_path_buf).collect()
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A file system without hard links, one that crosses to another, or a rule of the system against this one.
fn is_no_linking(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, TooManyLinks, Unsupported};
    matches!(error.kind(), CrossesDevices | PermissionDenied | TooManyLinks | Unsupported)
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

fn allow_absence(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if is_absence(&error) { Ok(()) } else { Err(error) })
}

/// One `syncfs` for each file system that holds one of `paths`: they may lie on several mounts.
#[cfg(target_os = "linux")]
fn flush_file_systems(paths: &[PathBuf]) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let mut seen = BTreeSet::new();
    for path in paths {
        let mut flush = || {
            if seen.insert(fs::symlink_metadata(path)?.dev()) {
                rustix::fs::syncfs(File::open(path)?)?;
            }
            Ok(())
        };
        flush().map_err(TransactionError::io(path, "flush"))?;
    }
    Ok(())
}

#[cfg(unix)]
fn flush_one(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Without a way to flush a folder, and a file only through a handle that may write.
#[cfg(not(unix))]
fn flush_one(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    OpenOptions::new().write(true).open(path)?.sync_all()
}

/// What a rename does with a file at its target.
#[derive(Clone, Copy)]
enum Swap {
    Exchange,
    Never,
}

/// `renameat2`; the error kind is `Unsupported` where system or file system lack it.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_with(from: &Path, to: &Path, swap: Swap) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let flags = match swap {
        Swap::Exchange => RenameFlags::EXCHANGE,
        Swap::Never => RenameFlags::NOREPLACE,
    };
    renameat_with(CWD, from, CWD, to, flags).map_err(|errno| match errno {
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        other => other.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_with(_: &Path, _: &Path, _: Swap) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let disk = Disk::default();
        disk.write_new(&one, b"1", &Dress::plain()).unwrap();
        disk.write_new(&two, b"2", &Dress::plain()).unwrap();
        assert!(!disk.rename_new(&one, &two).unwrap());
        assert_eq!(fs::read(&two).unwrap(), b"2");
        assert!(disk.write_new(&two, b"3", &Dress::plain()).is_err());
    }

    #[test]
    fn a_disk_that_need_not_wait_never_waits_again() {
        let disk = Disk::default();
        assert!(disk.waiting(true).waits && !disk.waiting(false).waits);
        assert!(!disk.waiting(false).waiting(true).waits);
    }

    /// A disk whose system does not know an operation.
    fn without(action: &'static str, kind: io::ErrorKind) -> Disk {
        Disk::gated(Arc::new(move |step| if step.action == action { Err(kind.into()) } else { Ok(()) }))
    }

    /// A folder with the files `one` and `two`.
    fn two_files() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for (path, text) in [(&one, "1"), (&two, "2")] {
            Disk::default().write_new(path, text.as_bytes(), &Dress::plain()).unwrap();
        }
        (folder, one, two)
    }

    #[test]
    fn what_the_system_lacks_is_told_from_what_fails() {
        use io::ErrorKind::{CrossesDevices, NotFound, PermissionDenied, TooManyLinks, Unsupported};
        let (folder, one, two) = two_files();
        let free = folder.path().join("free");
        for kind in [CrossesDevices, PermissionDenied, TooManyLinks, Unsupported] {
            assert!(!without("link", kind).link(&one, &free).unwrap(), "{kind}");
        }
        assert!(without("link", NotFound).link(&one, &free).is_err());
        assert!(!without("exchange", Unsupported).exchange(&one, &two).unwrap());
        assert!(without("exchange", PermissionDenied).exchange(&one, &two).is_err());
        let old = without("rename to", Unsupported);
        assert!(!old.rename_new(&one, &two).unwrap());
        assert!(without("rename to", PermissionDenied).rename_new(&one, &free).is_err() && !free.exists());
        assert!(old.rename_new(&one, &free).unwrap());
        assert_eq!((fs::read(&free).unwrap(), fs::read(&two).unwrap()), (b"1".to_vec(), b"2".to_vec()));
        assert!(Disk::default().rename_new(&one, &folder.path().join("other")).is_err());
    }

    #[test]
    fn absence_is_fine_where_it_is_asked_for_and_no_other_error_is() {
        let (folder, one, two) = two_files();
        let (disk, absent) = (Disk::default(), folder.path().join("absent"));
        let unspeakable = folder.path().join("x".repeat(5000));
        assert!(disk.names(&absent).unwrap().is_empty() && disk.names(&unspeakable).is_err());
        assert_eq!(disk.look(&absent).unwrap(), Seen::Absent);
        assert!(disk.look(&unspeakable).is_err());
        assert!(disk.remove(&absent).is_ok() && disk.remove(folder.path()).is_err());
        assert!(!disk.is_same_file(&one, &absent).unwrap() && disk.is_same_file(&one, &unspeakable).is_err());
        assert!(disk.create_folder(folder.path()).is_ok() && disk.create_folder(&absent.join("x")).is_err());
        assert!(
            disk.flush(std::slice::from_ref(&one)).is_ok() && disk.flush(&[one, absent.clone()]).is_err()
        );
        let many = vec![two; 30];
        assert!(disk.flush(&many).is_ok() && disk.flush(&[many, vec![absent]].concat()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_file_are_told_from_two_files() {
        let (folder, one, two) = two_files();
        let (disk, twin) = (Disk::default(), folder.path().join("twin"));
        assert!(disk.link(&one, &twin).unwrap() && disk.is_same_file(&one, &twin).unwrap());
        assert!(!disk.is_same_file(&one, &two).unwrap());
    }

    #[test]
    fn a_closed_gate_stops_before_the_operation_and_in_the_middle_of_a_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let count = std::sync::atomic::AtomicUsize::new(0);
        let disk =
            Disk::gated(Arc::new(move |_| match count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Ok(()),
                _ => Err(io::Error::other("closed")),
            }));
        assert!(disk.write_new(&path, b"whole", &Dress::plain()).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"wh");
        assert!(disk.remove(&path).is_err());
        assert!(path.exists());
    }
}
