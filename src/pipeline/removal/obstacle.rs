//! Why a shim stays, whatever deleting it would take.

use super::Round;
use crate::model::{Form, ShimReference, ShimStatus};

impl Round<'_> {
    pub(super) fn obstacle(&self, shim: &ShimStatus) -> Option<String> {
        match (&*shim.impurities, &*shim.references) {
            ([], []) => {}
            ([], references) => return Some(referred(references)),
            ([(what, _), ..], _) => return Some(format!("it does more than hand on: it {what}")),
        }
        self.later(shim)
    }

    /// What a rule still waits for.
    fn later(&self, shim: &ShimStatus) -> Option<String> {
        let rules = shim.rules.iter().filter_map(|id| self.project.rules.rule(id));
        let today = self.request.settings.today;
        rules.into_iter().find_map(|rule| match (rule.remove_on, &rule.removed_in) {
            (Some(date), _) if date > today => Some(format!("its rule keeps it until {date}")),
            (None, Some(version)) if rule.reached.is_none() => {
                Some(format!("its rule keeps it until version {version}"))
            }
            _ => None,
        })
    }
}

/// How often a shim is referred to, and by which place in data: only `--include-data` changes that.
fn referred(references: &[ShimReference]) -> String {
    let count = match references.len() {
        1 => "1 place refers to it".to_owned(),
        count => format!("{count} places refer to it"),
    };
    match references.iter().find(|reference| reference.form == Form::Data) {
        Some(data) => format!("{count}: {}:{} names it as data", data.file, data.location.start.row),
        None => count,
    }
}
