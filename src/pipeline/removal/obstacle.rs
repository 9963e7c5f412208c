//! Why a shim stays, whatever deleting it would take.

use super::Round;
use crate::model::ShimStatus;

impl Round<'_> {
    pub(super) fn obstacle(&self, shim: &ShimStatus) -> Option<String> {
        match (&*shim.impurities, shim.references.len()) {
            ([], 0) => {}
            ([], 1) => return Some("1 place refers to it".to_owned()),
            ([], count) => return Some(format!("{count} places refer to it")),
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
