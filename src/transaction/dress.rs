//! Mode, owner, times and extended attributes: what a new file takes over from the one that it replaces.

use super::stat::{Mode, Mtime};
use std::fs::{File, FileTimes, OpenOptions};
use std::io;
use std::path::Path;

/// How a new file is to look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dress<'a> {
    /// The file whose mode, owner and attributes it takes over.
    pub like: Option<&'a Path>,
    /// The mode, when it is known better.
    pub mode: Option<Mode>,
    /// The time of its last change; the present without.
    pub mtime: Option<Mtime>,
}

impl Dress<'_> {
    /// A new file like any other.
    pub(super) const fn plain() -> Self {
        Self { like: None, mode: None, mtime: None }
    }
}

/// Nobody else may read the bytes of a file before its mode is known.
#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions, dress: &Dress<'_>) {
    use std::os::unix::fs::OpenOptionsExt;
    if dress.like.is_some() || dress.mode.is_some() {
        options.mode(0o600);
    }
}

#[cfg(not(unix))]
pub(super) fn private(_: &mut OpenOptions, _: &Dress<'_>) {}

/// Dresses the open file at `path`. The owner comes before the mode, which a change of owner would cut.
pub(super) fn put_on(file: &File, path: &Path, dress: &Dress<'_>) -> io::Result<()> {
    let mut mode = dress.mode;
    if let Some(like) = dress.like {
        let pattern = std::fs::symlink_metadata(like)?;
        copy_owner(file, &pattern)?;
        copy_attributes(like, path)?;
        mode = mode.or_else(|| mode_of(&pattern));
    }
    if let Some(mode) = mode {
        set_mode(file, mode)?;
    }
    match dress.mtime.and_then(Mtime::system_time) {
        Some(time) => file.set_times(FileTimes::new().set_modified(time)),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn mode_of(metadata: &std::fs::Metadata) -> Option<Mode> {
    use std::os::unix::fs::MetadataExt;
    Some(Mode(metadata.mode() & 0o7777))
}

#[cfg(not(unix))]
fn mode_of(_: &std::fs::Metadata) -> Option<Mode> {
    None
}

#[cfg(unix)]
fn set_mode(file: &File, mode: Mode) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode.0))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Mode) -> io::Result<()> {
    Ok(())
}

/// Owner and group, where they differ from what the new file got.
#[cfg(unix)]
fn copy_owner(file: &File, pattern: &std::fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = file.metadata()?;
    if (own.uid(), own.gid()) == (pattern.uid(), pattern.gid()) {
        return Ok(());
    }
    fchown(file, Some(pattern.uid()), Some(pattern.gid()))
}

#[cfg(not(unix))]
fn copy_owner(_: &File, _: &std::fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Extended attributes, access control lists among them. Labels of the security system are its own affair: it
/// gives the new file what it finds right when we may not.
#[cfg(target_os = "linux")]
fn copy_attributes(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{XattrFlags, getxattr, getxattr_query, listxattr, listxattr_query, setxattr};
    use rustix::io::Errno;
    let size = match listxattr_query(from) {
        Ok(0) | Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(()),
        size => size?,
    };
    let mut names = vec![0; size];
    let size = listxattr(from, &mut names)?;
    for name in names[..size].split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; getxattr_query(from, name)?];
        let size = getxattr(from, name, &mut value)?;
        match setxattr(to, name, &value[..size], XattrFlags::empty()) {
            Err(_) if name.starts_with(b"security.") || name.starts_with(b"trusted.") => {}
            result => result?,
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn copy_attributes(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::{Disk, trial::Trial};
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_file_takes_over_the_mode_of_its_pattern_unless_one_is_given() {
        let trial = Trial::of(&["a.py"]);
        let pattern = trial.path("a.py");
        let file = File::open(&pattern).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o750)).unwrap();
        for (name, mode, expected) in [("like.py", None, 0o750), ("given.py", Some(Mode(0o604)), 0o604)] {
            let dress = Dress { like: Some(&pattern), mode, mtime: None };
            Disk::default().write_new(&trial.path(name), b"new", &dress).unwrap();
            let mode = trial.path(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o7777, expected, "{name}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "what is tried is how a file is opened")]
    fn nobody_else_may_read_a_file_before_it_is_dressed() {
        let trial = Trial::of(&["a.py"]);
        let pattern = trial.path("a.py");
        let (like, mode) = (Some(pattern.as_path()), Some(Mode(0o644)));
        for (name, like, mode) in [("like.py", like, None), ("given.py", None, mode), ("both.py", like, mode)]
        {
            let mut options = OpenOptions::new();
            private(&mut options, &Dress { like, mode, mtime: None });
            let file = options.write(true).create_new(true).open(trial.path(name)).unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_new_file_takes_over_the_attributes_of_its_pattern() {
        use rustix::fs::{XattrFlags, getxattr, setxattr};
        let trial = Trial::of(&["a.py"]);
        let pattern = trial.path("a.py");
        let names = ["user.one", "user.two"];
        // Not every file system has them.
        if names.iter().any(|name| setxattr(&pattern, *name, name.as_bytes(), XattrFlags::empty()).is_err()) {
            return;
        }
        let dress = Dress { like: Some(&pattern), mode: None, mtime: None };
        Disk::default().write_new(&trial.path("like.py"), b"new", &dress).unwrap();
        for name in names {
            let mut value = [0; 8];
            assert_eq!(getxattr(trial.path("like.py"), name, &mut value).unwrap(), 8, "{name}");
            assert_eq!(value, name.as_bytes());
        }
        assert!(copy_attributes(&pattern, &trial.path("absent.py")).is_err());
    }
}
