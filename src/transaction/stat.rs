//! What the file system says of one path, in a form that can be written down and put back.

use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// What stands at a path; symlinks are not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing.
    Absent,
    /// A regular file.
    File(Stat),
    /// A folder.
    Folder,
    /// Anything else, named for people.
    Odd(&'static str),
}

/// The properties of a regular file that a run must keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stat {
    pub size: u64,
    pub mode: Option<Mode>,
    pub mtime: Option<Mtime>,
    /// How many names the file has.
    pub links: u64,
    /// The owner; `None` where files have none.
    pub owner: Option<u32>,
}

impl Seen {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Odd("a symlink")
        } else if !kind.is_file() {
            Self::Odd("a device, pipe or socket")
        } else {
            Self::File(Stat::of(metadata))
        }
    }

    /// What is wrong when a regular file, or nothing, is expected.
    pub(super) fn oddity(&self) -> Option<&'static str> {
        match self {
            Self::Absent | Self::File(_) => None,
            Self::Folder => Some("a folder"),
            Self::Odd(kind) => Some(kind),
        }
    }
}

impl Stat {
    fn of(metadata: &Metadata) -> Self {
        let mtime = metadata.modified().ok().map(Mtime::of);
        let (mode, links, owner) = unix_part(metadata);
        Self { size: metadata.len(), mode, mtime, links, owner }
    }
}

#[cfg(unix)]
fn unix_part(metadata: &Metadata) -> (Option<Mode>, u64, Option<u32>) {
    use std::os::unix::fs::MetadataExt;
    (Some(Mode(metadata.mode() & 0o7777)), metadata.nlink(), Some(metadata.uid()))
}

#[cfg(not(unix))]
fn unix_part(metadata: &Metadata) -> (Option<Mode>, u64, Option<u32>) {
    (metadata.permissions().readonly().then_some(Mode(0o444)), 1, None)
}

/// Permission bits, set-id and sticky bits included; written in octal (`0644`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mode(pub u32);

impl Mode {
    /// True when somebody may write.
    pub const fn is_writable(self) -> bool {
        self.0 & 0o222 != 0
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> Self {
        format!("{:04o}", mode.0)
    }
}

impl TryFrom<String> for Mode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match u32::from_str_radix(&text, 8) {
            Ok(bits) if bits <= 0o7777 && !text.starts_with('+') => Ok(Self(bits)),
            _ => Err("a mode is an octal number up to 7777".into()),
        }
    }
}

/// The time of the last change; written as seconds since 1970 with nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mtime {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    seconds: i64,
    /// Nanoseconds on top, below 1,000,000,000.
    nanoseconds: u32,
}

impl Mtime {
    fn of(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Self { seconds: since.as_secs() as i64, nanoseconds: since.subsec_nanos() },
            Err(error) => Self::before_epoch(error.duration()),
        }
    }

    fn before_epoch(distance: Duration) -> Self {
        let (seconds, nanoseconds) = (-(distance.as_secs() as i64), distance.subsec_nanos());
        match nanoseconds {
            0 => Self { seconds, nanoseconds },
            _ => Self { seconds: seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds },
        }
    }

    /// The same for std; `None` outside the system's range.
    pub(super) fn system_time(self) -> Option<SystemTime> {
        let whole = Duration::from_secs(self.seconds.unsigned_abs());
        let base = match self.seconds {
            0.. => SystemTime::UNIX_EPOCH.checked_add(whole),
            _ => SystemTime::UNIX_EPOCH.checked_sub(whole),
        };
        base?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }
}

impl From<Mtime> for String {
    fn from(time: Mtime) -> Self {
        format!("{}.{:09}", time.seconds, time.nanoseconds)
    }
}

impl TryFrom<String> for Mtime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = || {
            let (seconds, fraction) = text.split_once('.')?;
            let all_digits = fraction.len() == 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
            let nanoseconds = all_digits.then(|| fraction.parse().ok())??;
            Some(Self { seconds: seconds.parse().ok()?, nanoseconds })
        };
        read().ok_or_else(|| "a time is a number of seconds with nine decimals".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_the_way_through_text_also_before_1970() {
        for nanoseconds in [0_i64, 1, 999_999_999, -1, -1_000_000_000, -1_500_000_000] {
            let distance = Duration::from_nanos(nanoseconds.unsigned_abs());
            let time = match nanoseconds {
                0.. => SystemTime::UNIX_EPOCH + distance,
                _ => SystemTime::UNIX_EPOCH - distance,
            };
            let text = String::from(Mtime::of(time));
            assert_eq!(Mtime::try_from(text).unwrap().system_time(), Some(time), "{nanoseconds}");
        }
        for text in ["", "1", "1.5", "x.000000000", "1.00000000x"] {
            assert!(Mtime::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_its_mode_its_names_and_its_owner() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let trial = super::super::trial::Trial::of(&["a.py"]);
        let file = std::fs::File::open(trial.path("a.py")).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o4751)).unwrap();
        trial.link("a.py", "twin.py");
        let metadata = file.metadata().unwrap();
        let Seen::File(stat) = Seen::of(&metadata) else { panic!("no file") };
        assert_eq!((stat.mode, stat.links, stat.size), (Some(Mode(0o4751)), 2, 3));
        assert_eq!(stat.owner, Some(metadata.uid()));
    }

    #[test]
    fn modes_are_octal() {
        assert_eq!(String::from(Mode(0o644)), "0644");
        assert_eq!(Mode::try_from("4755".to_owned()), Ok(Mode(0o4755)));
        assert!(Mode::try_from("17777".to_owned()).is_err());
        assert!(!Mode(0o444).is_writable());
    }
}
