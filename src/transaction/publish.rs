//! A report as a file: written whole or not at all, outside any run.

use super::TransactionError;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path`. A plain file is replaced in one step, also behind a symlink; a device or pipe is written to.
///
/// # Errors
/// When the folder is not there or the disk fails; an older file is then still whole.
#[allow(clippy::disallowed_methods, reason = "this folder is the door out")]
pub fn publish(path: &Path, bytes: &[u8]) -> Result<(), TransactionError> {
    let failed = |source| TransactionError::io(path, "write")(source);
    if path.exists() && !path.is_file() {
        let mut device = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return device.write_all(bytes).map_err(failed);
    }
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".ssot-lint-").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = path.metadata().map_or(0o644, |old| old.permissions().mode());
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    }
    // Renamed first and written later, a power cut could leave an empty file.
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}

/// Adds `bytes` to the end of the file at `path`, which others write to as well.
///
/// # Errors
/// When the file cannot be opened or written.
#[allow(clippy::disallowed_methods, reason = "this folder is the door out")]
pub fn append(path: &Path, bytes: &[u8]) -> Result<(), TransactionError> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(TransactionError::io(path, "write"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_replaces_an_older_one_and_a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        publish(&file, b"old").unwrap();
        publish(&file, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.json");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            publish(&link, b"newer").unwrap();
            assert!(link.is_symlink());
            assert_eq!(std::fs::read(&file).unwrap(), b"newer");
        }
        let error = publish(&folder.path().join("no/report.json"), b"").unwrap_err().to_string();
        assert!(error.contains("no/report.json"), "{error}");
    }
}
