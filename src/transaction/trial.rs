//! A small tree to try runs on, for the tests of this folder.
#![expect(clippy::disallowed_methods, reason = "tests set up their own tree")]

use super::{Disk, Policy, Request, RollbackOptions, RunRecord, TransactionError};
use crate::model::{Edit, FilePlan, Plan, Span};
use std::fs;
use std::path::{Path, PathBuf};

/// Every file holds `old`, and a run writes `new` over it.
pub(super) struct Trial {
    folder: tempfile::TempDir,
    files: Vec<String>,
}

pub(super) const BACK: RollbackOptions<'_> = RollbackOptions {
    dry_run: false,
    force: false,
    now: jiff::Timestamp::UNIX_EPOCH,
    tool_version: "0.1.0",
    sync: false,
};

impl Trial {
    pub(super) fn of(files: &[&str]) -> Self {
        let trial = Self {
            folder: tempfile::tempdir().unwrap(),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
        };
        files.iter().for_each(|file| trial.write(file, "old"));
        trial
    }

    /// The same tree, with runs over further files that the test makes.
    pub(super) fn also(mut self, files: &[&str]) -> Self {
        self.files.extend(files.iter().map(|file| (*file).to_owned()));
        self
    }

    /// The same tree, with runs over other files.
    pub(super) fn instead(mut self, files: &[&str]) -> Self {
        self.files.clear();
        self.also(files)
    }

    pub(super) fn link(&self, file: &str, name: &str) {
        fs::hard_link(self.path(file), self.path(name)).unwrap();
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// The file's text; `absent` without the file.
    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|_| "absent".into())
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// The paths of all files outside the state folder, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let walk = ignore::WalkBuilder::new(self.root()).standard_filters(false).build();
        let paths = walk.map(Result::unwrap).filter(|entry| !entry.path().is_dir());
        let names = paths.map(|entry| entry.path().strip_prefix(self.root()).unwrap().display().to_string());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with(".ssot-lint/")).collect();
        names.sort();
        names
    }

    pub(super) fn run(&self, suffix: Option<&str>) -> Result<RunRecord, TransactionError> {
        self.run_on(&Disk::default(), &self.files, ("old", "new"), suffix)
    }

    /// One run over some of the files, from one text to another.
    pub(super) fn run_on(
        &self,
        disk: &Disk,
        files: &[String],
        (from, to): (&str, &str),
        suffix: Option<&str>,
    ) -> Result<RunRecord, TransactionError> {
        let plan = Self::plan(files, from, to);
        super::prepare_on(disk, &self.request(&plan, suffix))?.commit()?.seal()
    }

    /// One run that makes a file.
    pub(super) fn create(&self, path: &str) -> Result<RunRecord, TransactionError> {
        let edit = Edit { span: Span::new(0, 0), text: "new".into(), rule: "rule".into() };
        let plan = Plan { files: vec![FilePlan::creation(path.into(), edit)], ..Plan::default() };
        super::prepare(&self.request(&plan, None))?.commit()?.seal()
    }

    /// A plan that turns one text into another.
    pub(super) fn plan(files: &[String], from: &str, to: &str) -> Plan {
        let file = |path: &String| {
            let span = Span::new(0, from.len() as u32);
            let edits = vec![Edit { span, text: to.into(), rule: "rule".into() }];
            FilePlan::compose(path.as_str().into(), from.as_bytes(), from, edits).unwrap()
        };
        Plan { files: files.iter().map(file).collect(), ..Plan::default() }
    }

    pub(super) fn request<'a>(&'a self, plan: &'a Plan, suffix: Option<&str>) -> Request<'a> {
        Request {
            root: self.root(),
            plan,
            tool_version: "0.1.0",
            rules: vec!["rule".into()],
            batch: None,
            backup_suffix: suffix.map(str::to_owned),
            now: jiff::Timestamp::UNIX_EPOCH,
            sync: false,
            policy: Policy::Stop,
        }
    }
}
