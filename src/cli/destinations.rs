//! Where the findings go: files, standard output, and the summary of a CI step.

use super::arguments::{Check, Destination};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::model::Outcome;
use crate::report::{self, Format, Style};
use crate::transaction;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Names the file to which a step of GitHub Actions may add Markdown.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Every report that a check has to write.
pub(super) struct Destinations {
    reports: Vec<(Content, Option<PathBuf>)>,
}

/// What a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Findings(Format),
    Statistics { as_json: bool },
}

impl Destinations {
    /// What the user asked for.
    ///
    /// # Errors
    /// When two reports would go to one place, or a file is named for which there is no report.
    pub fn new(command: &Check) -> Result<Self, Failure> {
        let (filed, mut unfiled): (Vec<_>, Vec<_>) =
            command.output_format.iter().partition(|destination| destination.file.is_some());
        if let [first, second, ..] = unfiled[..] {
            return Err(both_to(first.format, second.format, "standard output"));
        }
        let format = unfiled.pop().map(|destination| destination.format);
        let statistics = Content::Statistics { as_json: format == Some(Format::Json) };
        let unfiled = command.statistics.then_some(statistics).or(format.map(Content::Findings));
        if unfiled.is_none() && command.output_file.is_some() {
            return Err(Failure::usage(
                "`--output-file` has nothing to write: every format has a file of its own",
                "leave it out, or name a format without a file",
            ));
        }
        let filed =
            filed.into_iter().map(|Destination { format, file }| (Content::Findings(*format), file.clone()));
        let unfiled = unfiled.map(|content| (content, command.output_file.clone()));
        // Files first: nothing is lost when the reader of standard output goes away.
        let mut reports: Vec<(Content, Option<PathBuf>)> = filed.chain(unfiled).collect();
        reports.sort_by_key(|(_, file)| file.is_none());
        check_files(&reports)?;
        Ok(Self { reports })
    }

    fn formats(&self) -> impl Iterator<Item = Format> {
        self.reports.iter().filter_map(|(content, _)| match content {
            Content::Findings(format) => Some(*format),
            Content::Statistics { .. } => None,
        })
    }

    /// True when one of the formats shows edits.
    pub fn show_edits(&self) -> bool {
        self.formats().any(Format::shows_edits)
    }

    /// Writes every report.
    pub fn write(&self, outcome: &Outcome, terminal: &Terminal) -> Result<(), Failure> {
        for (content, file) in &self.reports {
            let mut style = *terminal.output();
            style.color &= file.is_none();
            let text = content.text(outcome, &style)?;
            match file {
                Some(file) => transaction::publish(file, &text)?,
                None => terminal.print(&text)?,
            }
            // A diff alone does not say what it leaves.
            if file.is_none() && *content == Content::Findings(Format::Diff) {
                terminal.note(&report::summary_line(outcome));
            }
        }
        if self.formats().any(|format| format == Format::Github) {
            self.add_to_step_summary(outcome, terminal)?;
        }
        Ok(())
    }

    /// That it fails is no reason for a check to fail.
    fn add_to_step_summary(&self, outcome: &Outcome, terminal: &Terminal) -> Result<(), Failure> {
        let Some(file) = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty()) else {
            return Ok(());
        };
        let text = Content::Findings(Format::Markdown)
            .text(outcome, &Style { color: false, ..*terminal.output() })?;
        if let Err(error) = transaction::append(Path::new(&file), &text) {
            let help = format!("the environment variable {STEP_SUMMARY} names the file");
            terminal.warning(format!("the summary of the step is not written: {error}"), Some(help));
        }
        Ok(())
    }
}

impl Content {
    fn text(self, outcome: &Outcome, style: &Style) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        let rendered = match self {
            Self::Findings(format) => format.render(outcome, style, &mut text),
            Self::Statistics { as_json: true } => report::statistics_json(outcome, &mut text),
            Self::Statistics { as_json: false } => report::statistics(outcome, style, &mut text),
        };
        rendered.map_err(|source| Failure::Output { what: "the report".into(), source })?;
        Ok(text)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Findings(format) => format.name(),
            Self::Statistics { .. } => "--statistics",
        }
    }
}

fn both_to(first: Format, second: Format, place: &str) -> Failure {
    let (first, second) = (first.name(), second.name());
    Failure::usage(
        format!("two formats would go to {place}: `{first}` and `{second}`"),
        format!("give all but one a file: `--output-format {first}=FILE`"),
    )
}

fn check_files(reports: &[(Content, Option<PathBuf>)]) -> Result<(), Failure> {
    let mut seen: HashMap<PathBuf, Content> = HashMap::new();
    for (content, file) in reports {
        let Some(file) = file else { continue };
        if let Some(other) = seen.insert(identity(file), *content) {
            let (file, other, this) = (file.display(), other.name(), content.name());
            let message = format!("two reports would go to `{file}`: `{other}` and `{this}`");
            return Err(Failure::usage(message, "give each a file of its own"));
        }
    }
    Ok(())
}

/// The same for every way to write the path of a file, whether the file is there or not.
fn identity(file: &Path) -> PathBuf {
    let beside = || {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(file.file_name()?))
    };
    file.canonicalize().ok().or_else(beside).unwrap_or_else(|| file.to_path_buf())
}
