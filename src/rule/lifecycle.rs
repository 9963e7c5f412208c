//! How the dates of a rule raise what its findings matter.

use crate::model::Severity;
use jiff::civil::Date;

/// The days on which the findings of a rule come to matter more.
#[derive(Debug, Default, Clone, Copy)]
pub struct Lifecycle {
    /// From this day a warning.
    pub deprecated_on: Option<Date>,
    /// From this day an error.
    pub error_on: Option<Date>,
    /// From this day nothing of it is left to find, so whatever is found is an error.
    pub gone_on: Option<Date>,
}

impl Lifecycle {
    /// What a finding matters on the day `today`. Before the first of the first two dates it matters one step less than from then on, and no
    /// more than `declared`; a rule that is off stays off.
    pub fn severity(&self, declared: Severity, today: Date) -> Severity {
        let has_come = |date: Option<Date>| date.is_some_and(|date| date <= today);
        match self {
            _ if declared == Severity::Off => Severity::Off,
            _ if has_come(self.error_on) || has_come(self.gone_on) => Severity::Error,
            _ if has_come(self.deprecated_on) => Severity::Warning,
            Self { deprecated_on: Some(_), .. } => declared.min(Severity::Info),
            Self { error_on: Some(_), .. } => declared.min(Severity::Warning),
            _ => declared,
        }
    }

    /// What a message says of the dates; empty without any.
    pub fn told(&self, today: Date) -> String {
        let dates = [(self.deprecated_on, "deprecated"), (self.error_on, "an error"), (self.gone_on, "gone")];
        let told = dates.into_iter().filter_map(|(date, what)| {
            let date = date?;
            Some(if date <= today {
                format!(", {what} since {date}")
            } else {
                format!(", {what} from {date} on")
            })
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{Error, Info, Off, Warning};
    use jiff::civil::date;

    #[test]
    fn each_date_raises_what_a_finding_matters() {
        let (deprecated, error) = (Some(date(2026, 12, 1)), Some(date(2027, 2, 1)));
        let days = [date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 31), date(2027, 2, 1)];
        for (deprecated_on, error_on, declared, expected) in [
            (deprecated, error, Error, [Info, Warning, Warning, Error]),
            (deprecated, error, Info, [Info, Warning, Warning, Error]),
            (deprecated, error, Off, [Off; 4]),
            (deprecated, None, Error, [Info, Warning, Warning, Warning]),
            (None, error, Error, [Warning, Warning, Warning, Error]),
            (None, error, Info, [Info, Info, Info, Error]),
            (None, None, Warning, [Warning; 4]),
        ] {
            let lifecycle = Lifecycle { deprecated_on, error_on, gone_on: None };
            assert_eq!(days.map(|day| lifecycle.severity(declared, day)), expected, "{lifecycle:?}");
        }
    }

    #[test]
    fn what_is_gone_is_an_error() {
        let (deprecated_on, gone_on) = (Some(date(2026, 12, 1)), Some(date(2027, 2, 1)));
        let days = [date(2026, 11, 30), date(2027, 1, 31), date(2027, 2, 1)];
        for (deprecated_on, declared, expected) in [
            (deprecated_on, Error, [Info, Warning, Error]),
            (None, Warning, [Warning, Warning, Error]),
            (None, Off, [Off; 3]),
        ] {
            let lifecycle = Lifecycle { deprecated_on, error_on: None, gone_on };
            assert_eq!(days.map(|day| lifecycle.severity(declared, day)), expected, "{lifecycle:?}");
        }
    }

    #[test]
    fn a_message_says_since_when_and_what_comes() {
        let (deprecated_on, error_on) = (Some(date(2026, 12, 1)), Some(date(2027, 2, 1)));
        let told = |lifecycle: Lifecycle| lifecycle.told(date(2027, 1, 1));
        assert_eq!(
            told(Lifecycle { deprecated_on, error_on, gone_on: Some(date(2027, 6, 1)) }),
            ", deprecated since 2026-12-01, an error from 2027-02-01 on, gone from 2027-06-01 on"
        );
        assert_eq!(told(Lifecycle::default()), "");
    }
}
