//! Which batches a command migrates: all in the order of the configuration and then the rest, or those that are named.

use crate::cli::failure::Failure;
use crate::cli::migrate::Job;
use crate::config::{BatchDeclaration, nearest};
use crate::{report, source};

/// The files of one `[[batch]]`, or those that no batch names.
#[derive(Debug)]
pub(in crate::cli) struct Part<'a> {
    /// Which `[[batch]]` it is; `None` for the rest.
    pub index: Option<usize>,
    /// Its name; `None` for the rest.
    pub name: Option<&'a str>,
    /// The commands that judge it.
    pub validate: Vec<String>,
}

impl Part<'_> {
    /// Its name in a sentence.
    pub fn title(&self) -> String {
        report::batch_name(self.name)
    }
}

/// The parts that are asked for, in order; `None` when the project has no batches.
///
/// # Errors
/// When a batch is asked for that is not there, or a bisection that would find nothing.
pub(in crate::cli) fn choose<'a>(job: &Job<'a>) -> Result<Option<Vec<Part<'a>>>, Failure> {
    let declared = &job.opened.configuration.batches;
    let is_declared = |name: &&String| declared.iter().any(|batch| batch.name.value == **name);
    if let Some(name) = job.command.batch.iter().find(|name| !is_declared(name)) {
        return Err(unknown(name, declared));
    }
    let parts = parts(job, declared);
    if job.command.bisect.is_some() && parts.iter().all(|part| part.validate.is_empty()) {
        let help = "give the `[[batch]]` in question a `validate = [\"command\"]`";
        return Err(Failure::usage("--bisect: no batch here has a command that could judge it", help));
    }
    warn_of_idle(job, &parts)?;
    Ok((!declared.is_empty()).then_some(parts))
}

fn parts<'a>(job: &Job<'a>, declared: &'a [BatchDeclaration]) -> Vec<Part<'a>> {
    let asked = &job.command.batch;
    let part = |(index, batch): (usize, &'a BatchDeclaration)| {
        let commands = batch.validate.iter().filter(|_| !job.command.no_validate);
        Part {
            index: Some(index),
            name: Some(batch.name.value.as_str()),
            validate: commands.map(|command| command.value.clone()).collect(),
        }
    };
    let is_asked =
        |(_, batch): &(usize, &BatchDeclaration)| asked.is_empty() || asked.contains(&batch.name.value);
    let rest = asked.is_empty().then_some(Part { index: None, name: None, validate: Vec::new() });
    declared.iter().enumerate().filter(is_asked).map(part).chain(rest).collect()
}

fn unknown(name: &str, declared: &[BatchDeclaration]) -> Failure {
    let names: Vec<&str> = declared.iter().map(|batch| batch.name.value.as_str()).collect();
    let help = match (nearest(name, names.iter().copied()), names.is_empty()) {
        (_, true) => "the configuration has no [[batch]]".to_owned(),
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, _) => format!("the configuration has {}", names.join(", ")),
    };
    Failure::usage(format!("no batch has the name `{name}`"), help)
}

/// A batch that holds no file is as a rule misspelled, and its files would migrate without their validation.
fn warn_of_idle(job: &Job<'_>, parts: &[Part<'_>]) -> Result<(), Failure> {
    let (settings, configuration) = (&job.opened.settings, &job.opened.configuration);
    if parts.iter().all(|part| part.index.is_none()) {
        return Ok(());
    }
    let tree = source::walk(&settings.walk(&[])).map_err(crate::pipeline::ProjectError::from)?;
    for (index, batch) in configuration.batches.iter().enumerate() {
        let is_asked = parts.iter().any(|part| part.index == Some(index));
        let holds = |owner: bool| {
            let is_held = |path: &str| match owner {
                true => configuration.batch_of(path) == Some(index),
                false => batch.globs.is_match(path),
            };
            let mut files = tree.files.iter().chain(tree.data.iter().map(|data| &data.file));
            files.any(|file| is_held(&file.path))
        };
        if !is_asked || holds(true) {
            continue;
        }
        let title = report::batch_name(Some(&batch.name.value));
        let (message, help) = match holds(false) {
            true => (format!("{title}: all its files belong to earlier batches"), None),
            false => {
                let help =
                    "`dir/**` or `dir/` is all below a folder; paths start from the project root".to_owned();
                (format!("{title} fits no source file"), Some(help))
            }
        };
        job.terminal.warning(message, help);
    }
    Ok(())
}
