//! `migrate`: show what would change, or change it.

use super::arguments::{Global, Migrate, MigrateFormat};
use super::failure::Failure;
use super::progress::Bar;
use super::project::{Opened, now, open};
use super::terminal::Terminal;
use super::{Exit, batches};
use crate::model::{FilePlan, Plan};
use crate::pipeline::{self, FixRequest, RemovalRequest};
use crate::report::{self, BatchReport, MigrationSummary, RemovalSummary, unified_diff};
use crate::transaction::{
    self, Batch, Disk, GitState, Policy, Recovered, Recovery, RefusedFile, Request, Reservation,
    TransactionError,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Runs the command.
pub(super) fn run(
    command: &Migrate,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let mut opened = open(&command.paths, global, terminal)?;
    opened.settings.force_exclude = command.force_exclude;
    check_rules(&command.rule, &opened)?;
    let job = Job { command, opened: &opened, terminal, disk };
    let batches = batches::choose(&job)?;
    let _reservation = reserve(disk, &opened.settings.root, command.execute, batches.is_some())?;
    if command.execute {
        tell_recovery(transaction::recover_on(disk, &opened.settings.root)?, terminal);
        disk.go_on()?;
        batches::tell_unvalidated(&job, batches.as_deref().unwrap_or_default())?;
    }
    match batches {
        Some(batches) => batches::run(&job, &batches),
        None => job.run(),
    }
}

/// Files that cannot be written, and why.
pub(super) type Unwritable = BTreeMap<String, String>;

/// One call of the command.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub command: &'a Migrate,
    pub opened: &'a Opened,
    pub terminal: &'a Terminal,
    pub disk: &'a Disk,
}

impl Job<'_> {
    /// The whole migration as one run.
    fn run(&self) -> Result<Exit, Failure> {
        let mut left_out = Unwritable::new();
        let (plan, run) = loop {
            let plan = self.plan(None, None, &left_out)?;
            if !self.command.execute {
                break (plan, None);
            }
            match self.write(&plan, None, &Plan::default()) {
                Ok(run) => break (plan, run),
                Err(failure) => self.leave_out(failure, &mut left_out)?,
            }
        };
        let removal = self.remove_shims(&plan);
        let removed = removal.as_ref().ok().and_then(Option::as_ref);
        self.tell(&MigrationSummary {
            plan: &plan,
            run: run.as_deref(),
            batches: &[],
            includes_data: self.command.include_data,
            is_written: self.command.execute,
            removal: removed.map(Removed::report),
        })?;
        // What was left out may have nothing to migrate any more: still it is not what the user asked for.
        let left = if left_out.is_empty() { Exit::Clean } else { Exit::Findings };
        let removed = removal?.map_or(Exit::Clean, |removal| removal.exit());
        Ok(exit(&plan).max(left).max(removed))
    }

    /// Deletes the shims that can go now that `own` is carried out, or would; `None` when nobody asked for it.
    fn remove_shims(&self, own: &Plan) -> Result<Option<Removed>, Failure> {
        if !self.command.remove_shims {
            return Ok(None);
        }
        let Opened { settings, scope, .. } = self.opened;
        let is_written = self.command.execute;
        let assumed = [own];
        let request = RemovalRequest {
            settings,
            scope,
            rules: &self.command.rule,
            among: None,
            assumed: if is_written { &[] } else { &assumed },
        };
        let bar = Bar::new(self.terminal).until(self.disk);
        let plan = pipeline::removal(&request, &bar)?.plan;
        let run = if is_written { self.write(&plan, None, own)? } else { None };
        Ok(Some(Removed { plan, run, batches: Vec::new() }))
    }

    /// Plans the files for whose path `among` is true, as if `assumed` were carried out.
    pub fn plan(
        &self,
        among: Option<&(dyn Fn(&str) -> bool + Sync)>,
        assumed: Option<&Plan>,
        left_out: &Unwritable,
    ) -> Result<Plan, Failure> {
        let Opened { settings, scope, .. } = self.opened;
        let bar = Bar::new(self.terminal).until(self.disk);
        let request = FixRequest {
            settings,
            scope,
            rules: &self.command.rule,
            among,
            assumed,
            left_out,
            known: &[],
            includes_data: self.command.include_data,
            wants_joint: false,
        };
        let plan = pipeline::fix(&request, &bar);
        // A plan that was given up is no fault of the project.
        self.disk.go_on()?;
        Ok(plan?)
    }

    /// Takes the files that could not be written out of the next plan, if the user wants the others to go on.
    ///
    /// # Errors
    /// The failure itself when it is of another kind, or when it says nothing new.
    pub fn leave_out(&self, failure: Failure, left_out: &mut Unwritable) -> Result<(), Failure> {
        let known = left_out.len();
        if let (true, Failure::Transaction(TransactionError::Refused(files))) =
            (self.command.keep_going, &failure)
        {
            for RefusedFile { path, reason } in files {
                if left_out.insert(path.clone(), reason.clone()).is_none() {
                    self.terminal.warning(format!("{path} is left as it is: {reason}"), None);
                }
            }
        }
        if left_out.len() > known { Ok(()) } else { Err(failure) }
    }

    /// Writes the plan; the id of the run, or `None` when there is nothing to write. `own` is what this call wrote before:
    /// for that there is a way back in any case.
    pub fn write(&self, plan: &Plan, batch: Option<Batch>, own: &Plan) -> Result<Option<String>, Failure> {
        if plan.files.is_empty() {
            return Ok(None);
        }
        if self.command.backup.is_none() && !self.command.allow_dirty {
            require_clean(self.opened, plan, own)?;
        }
        self.commit(plan, batch, self.command.backup_suffix()).map(Some)
    }

    /// Writes the plan whatever git says; the id of the run.
    pub fn commit(&self, plan: &Plan, batch: Option<Batch>, suffix: Option<&str>) -> Result<String, Failure> {
        commit(&self.opened.settings.root, plan, batch, suffix, (self.disk, self.terminal))
    }

    /// The diff of a preview, and the summary.
    pub fn tell(&self, summary: &MigrationSummary<'_>) -> Result<(), Failure> {
        let unwritable = |source| Failure::Output { what: "the summary".into(), source };
        let mut text = Vec::new();
        if self.command.output_format == MigrateFormat::Json {
            report::migration_json(summary, &mut text).map_err(unwritable)?;
            return self.terminal.print(&text);
        }
        if !summary.is_written {
            self.terminal.print(&unified_diff(summary.plan))?;
            if let Some(removal) = &summary.removal {
                self.terminal.print(&unified_diff(removal.plan))?;
            }
        }
        report::migration(summary, self.terminal.errors(), &mut text).map_err(unwritable)?;
        self.terminal.warn(&text);
        Ok(())
    }
}

/// What became of the shims that can go.
#[derive(Default)]
pub(super) struct Removed {
    pub plan: Plan,
    /// The run that deleted them; `None` when it went batch by batch.
    run: Option<String>,
    /// The batches that held one.
    pub batches: Vec<BatchReport>,
}

impl Removed {
    /// The same for the summary.
    pub fn report(&self) -> RemovalSummary<'_> {
        RemovalSummary { plan: &self.plan, run: self.run.as_deref(), batches: &self.batches }
    }

    /// What it alone says of the exit code.
    pub fn exit(&self) -> Exit {
        exit(&self.plan)
    }
}

/// Where is written, and where warnings go.
pub(super) type Writing<'a> = (&'a Disk, &'a Terminal);

/// Writes the plan as one run; its id.
pub(super) fn commit(
    root: &Path,
    plan: &Plan,
    batch: Option<Batch>,
    suffix: Option<&str>,
    (disk, terminal): Writing<'_>,
) -> Result<String, Failure> {
    let edits = plan.files.iter().flat_map(|file| file.edits());
    let rules = edits.flat_map(|edit| edit.rule.split(", "));
    let rules: BTreeSet<String> = rules.map(str::to_owned).chain(plan.rules.iter().cloned()).collect();
    let request = Request {
        root,
        plan,
        tool_version: env!("CARGO_PKG_VERSION"),
        rules: rules.into_iter().collect(),
        batch,
        backup_suffix: suffix.map(str::to_owned),
        now: now()?,
        sync: true,
        policy: Policy::Stop,
    };
    let record = transaction::prepare_on(disk, &request)?.commit()?.seal()?;
    for kept in &record.kept {
        terminal.warning(format!("{}: {}", kept.path, kept.reason), None);
    }
    Ok(record.id)
}

/// Keeps other migrations and rollbacks out; a root in which none has ever run is left without a state folder.
pub(super) fn reserve(
    disk: &Disk,
    root: &Path,
    writes: bool,
    has_batches: bool,
) -> Result<Option<Reservation>, Failure> {
    let is_wanted = writes && (has_batches || root.join(transaction::STATE_FOLDER).is_dir());
    Ok(is_wanted.then(|| transaction::reserve(disk, root)).transpose()?)
}

/// Says what became of a run that was interrupted.
pub(super) fn tell_recovery(recovery: Option<Recovery>, terminal: &Terminal) {
    let Some(recovery) = recovery else { return };
    let what = match recovery.outcome {
        Recovered::PutBack => "every file was put back as it was before",
        Recovered::Finished => "it was complete, and is closed now",
    };
    terminal.warning(format!("run {} was interrupted: {what}", recovery.run), None);
    for left in &recovery.left {
        terminal.warning(format!("{}: {}", left.path, left.reason), None);
    }
}

/// Every id must be that of a rule.
pub(super) fn check_rules(ids: &[String], opened: &Opened) -> Result<(), Failure> {
    // What the code itself declares is known only once it has been read.
    let known = |id: &String| {
        id.starts_with("deprecated:") || opened.settings.rules.rules.iter().any(|rule| rule.id == *id)
    };
    if let Some(unknown) = ids.iter().find(|id| !known(id)) {
        return Err(Failure::usage(
            format!("no rule has the id `{unknown}`"),
            "`ssot-lint rules` lists them",
        ));
    }
    Ok(())
}

/// Without a backup git must hold what is about to be overwritten.
pub(super) fn require_clean(opened: &Opened, plan: &Plan, own: &Plan) -> Result<(), Failure> {
    let own: HashMap<&str, &[u8]> = own.files.iter().map(|file| (&**file.path(), file.after())).collect();
    let is_foreign = |file: &&FilePlan| own.get(&**file.path()) != Some(&file.before());
    // What is not there yet overwrites nothing.
    let old = plan.files.iter().filter(|file| !file.is_creation());
    let paths: Vec<&str> = old.filter(is_foreign).map(|file| &**file.path()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let help = "commit them, or give `--backup` to keep every original, or `--allow-dirty`";
    match transaction::dirty_files(&opened.settings.root, &paths)? {
        GitState::Clean => Ok(()),
        GitState::NotARepository => Err(Failure::usage(
            "no way back: the project is in no git work tree",
            "give `--backup` to keep every original, or `--allow-dirty`",
        )),
        GitState::Dirty(files) => {
            let shown: Vec<String> = files.iter().take(10).map(|file| format!("  {file}")).collect();
            let more = files.len().saturating_sub(shown.len());
            let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
            let list = shown.join("\n");
            let message = format!("no way back: git does not hold these files as they are\n{list}{more}");
            Err(Failure::usage(message, help))
        }
    }
}

/// What the plan alone says of the exit code.
pub(super) fn exit(plan: &Plan) -> Exit {
    if !plan.unreadable.is_empty() {
        Exit::Trouble
    } else if plan.refusals.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    }
}
