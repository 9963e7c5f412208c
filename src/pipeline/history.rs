//! How far the project was at earlier commits, by the rules of today.

use super::check::check_tree;
use super::memory::Memory;
use super::project::{Progress, ProjectError, Settings};
use crate::git::{Commit, Repository};
use crate::model::{Code, Moment, Outcome};
use crate::rule::{Selection, total};
use crate::source::{Commits, WalkError};
use jiff::Timestamp;

/// The newest `count` commits along first parents, the oldest first, each checked as it was. The work tree is left alone.
///
/// # Errors
/// When git cannot answer.
pub fn history(
    settings: &Settings,
    count: usize,
    progress: &dyn Progress,
) -> Result<Vec<Moment>, ProjectError> {
    let repository = Repository::find(&settings.root).map_err(WalkError::from)?;
    let known = repository.first_parents(count).map_err(WalkError::from)?;
    let mut commits = Commits::new(repository);
    let memory = Memory::default();
    let mut moments = Vec::with_capacity(known.len());
    for commit in known.into_iter().rev() {
        let tree = commits.tree(&commit.id, &settings.walk(&[]))?;
        let outcome = check_tree(settings, tree, &Selection::default(), Some(&memory), progress);
        moments.push(moment(commit, &outcome));
        memory.next_tree();
    }
    Ok(moments)
}

fn moment(commit: Commit, outcome: &Outcome) -> Moment {
    let date = Timestamp::from_second(commit.time).unwrap_or_default();
    let unreadable = outcome.findings.iter().filter(|finding| finding.code == Code::Unreadable).count();
    Moment {
        commit: commit.id,
        date: date.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
        subject: commit.subject,
        total: total(outcome),
        unreadable,
    }
}
