//! SSOT012, and what comments in the code hide.

use super::{REGISTER, RuleSet, SURVEYS, Selection, draft};
use crate::model::{
    Code, FileFacts, Finding, LineIndex, Severity, SourceFile, Span, Suppression, SuppressionFault, Use, Word,
};
use jiff::civil::Date;

/// What decides about suppressions, the same for all files of a run.
#[derive(Clone, Copy)]
pub struct Suppressions<'run> {
    /// The rules in force: some cannot be suppressed.
    pub rules: &'run RuleSet,
    /// The kinds of finding that were looked for.
    pub selection: &'run Selection,
    /// True when all files were looked at: else a kind that needs others may not have been found.
    pub is_complete: bool,
    /// The present day, in UTC.
    pub today: Date,
}

/// The findings of one file, parted by its suppressions.
#[derive(Debug, Default)]
pub struct Parted {
    /// What is reported, with what is to be said about the suppressions themselves.
    pub left: Vec<Finding>,
    /// What they hide.
    pub hidden: Vec<Finding>,
}

/// What a word of a suppression names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named<'facts> {
    Code(Code),
    Rule(&'facts str),
}

/// One suppression, read to the end.
struct Read<'facts> {
    written: &'facts Suppression,
    /// What it hides; everything when it names nothing.
    names: Vec<(Named<'facts>, &'facts Word)>,
    /// What is wrong with it.
    complaints: Vec<Complaint>,
    /// False for one that is malformed or past its date: then it hides nothing.
    holds: bool,
    /// Which of its names was of use; one entry when it has none.
    used: Vec<bool>,
}

/// Something to be said about a suppression.
struct Complaint {
    span: Span,
    message: String,
    help: String,
}

impl Suppressions<'_> {
    /// True when a comment hides the finding that a use is: then it is not to be migrated.
    pub fn hides_use(&self, facts: &FileFacts, found: &Use) -> bool {
        let Some(rule) = found.rule.filter(|_| !facts.suppressions.is_empty()) else { return false };
        let codes = draft::use_codes(&self.rules.rules[rule], facts, found);
        self.hides(facts, codes, rule, draft::use_span(facts, found).start)
    }

    /// True when a comment hides a finding of one of these codes, by the rule with this index, that begins at this byte.
    pub fn hides(&self, facts: &FileFacts, codes: &[Code], rule: usize, offset: u32) -> bool {
        let rule = &self.rules.rules[rule];
        let is_hidden = |one: &Suppression| {
            let names =
                |read: &Read<'_>| codes.iter().any(|&code| read.place(code, Some(&rule.id)).is_some());
            one.covers(offset) && Some(self.read(one)).is_some_and(|read| read.holds && names(&read))
        };
        rule.is_suppressible && facts.suppressions.iter().any(is_hidden)
    }

    /// Why no comment can hide a finding.
    pub fn reason_against(&self, finding: &Finding) -> Option<String> {
        if is_firm(finding.code) {
            return Some(format!("`{}` cannot be suppressed", finding.code));
        }
        let rule = self.rules.rule(finding.rule.as_deref()?).filter(|rule| !rule.is_suppressible)?;
        Some(format!("rule `{}` is not suppressible", rule.id))
    }

    /// False for a suppression that is malformed or past its date.
    pub fn is_in_force(&self, written: &Suppression) -> bool {
        self.read(written).holds
    }

    /// Parts the findings of one file. `findings` are all of them, also those of kinds that were not selected.
    pub fn part(&self, facts: &FileFacts, source: &SourceFile, findings: Vec<Finding>) -> Parted {
        let mut read: Vec<Read<'_>> = facts.suppressions.iter().map(|one| self.read(one)).collect();
        let mut parted = Parted::default();
        for mut finding in findings {
            let is_hidden = self.is_hidden(&mut read, &mut finding);
            (if is_hidden { &mut parted.hidden } else { &mut parted.left }).push(finding);
        }
        let knows_all = facts.errors.is_empty();
        let lines = LineIndex::new(source.text());
        let mut about = Vec::new();
        for one in read {
            let unused = if knows_all { self.unused(&one) } else { Vec::new() };
            let all = one.complaints.into_iter().chain(unused);
            about.extend(all.map(|complaint| finding(source, &lines, one.written, complaint)));
        }
        parted.left.extend(about);
        parted
    }

    /// Whether one of the suppressions hides the finding. Those that cover it are noted to be of use, and a finding that none
    /// can hide says so.
    fn is_hidden(&self, read: &mut [Read<'_>], finding: &mut Finding) -> bool {
        if is_firm(finding.code) {
            return false;
        }
        let rule = finding.rule.clone();
        let place = |one: &Read<'_>| {
            let is_near = one.holds && one.written.covers(finding.span.start);
            if is_near { one.place(finding.code, rule.as_deref()) } else { None }
        };
        let places: Vec<Option<usize>> = read.iter().map(place).collect();
        if places.iter().all(Option::is_none) {
            return false;
        }
        let firm = rule.as_deref().and_then(|id| self.rules.rule(id)).filter(|rule| !rule.is_suppressible);
        for (one, place) in read.iter_mut().zip(places).filter_map(|(one, place)| Some((one, place?))) {
            one.used[place] = true;
            if let Some(rule) = firm {
                one.say_no_effect(place, &rule.id);
            }
        }
        let Some(rule) = firm else { return true };
        let help = finding.help.take().map_or_else(String::new, |help| help + "; ");
        finding.help = Some(format!("{help}no comment hides it: rule `{}` is not suppressible", rule.id));
        false
    }

    fn read<'facts>(&self, written: &'facts Suppression) -> Read<'facts> {
        let mut read =
            Read { written, names: Vec::new(), complaints: Vec::new(), holds: true, used: Vec::new() };
        let words = if written.fault.is_none() { &*written.codes } else { &[] };
        for word in words {
            match (Code::parse(&word.text), self.rules.rule(&word.text)) {
                (Some(code), _) if is_firm(code) => {
                    let help = "leave it out of the list".to_owned();
                    read.complain(word.span, format!("`{code}` cannot be suppressed"), help);
                }
                (Some(code), _) => read.names.push((Named::Code(code), word)),
                (None, Some(_)) => read.names.push((Named::Rule(&word.text), word)),
                // What the code itself declares is known only once it has been read.
                (None, None) if word.text.starts_with("deprecated:") => {
                    read.names.push((Named::Rule(&word.text), word));
                }
                (None, None) => {
                    let help = "`ssot-lint explain` lists the codes, `ssot-lint rules` the rules".to_owned();
                    read.complain(word.span, format!("`{}` is no code and no rule", word.text), help);
                }
            }
        }
        read.holds = written.codes.is_empty() || !read.names.is_empty();
        read.used = vec![false; read.names.len().max(1)];
        read.judge_form();
        read.judge_date(self.today);
        read
    }

    /// What the suppression names and does not hide. One that does not hold is told for that alone.
    fn unused(&self, one: &Read<'_>) -> Vec<Complaint> {
        let where_to = if one.written.is_for_file { "in this file" } else { "here" };
        let complaint = |span: Span, what: String| Complaint {
            span,
            message: format!("{what} hides nothing {where_to}"),
            help: "remove it".to_owned(),
        };
        if !one.holds {
            return Vec::new();
        }
        if one.names.is_empty() {
            let is_unused = !one.used[0] && self.is_judged(None);
            let found = is_unused.then(|| complaint(one.written.span, "this suppression".to_owned()));
            return found.into_iter().collect();
        }
        let unused = one.names.iter().zip(&one.used).filter(|(_, used)| !**used);
        let unused = unused.filter(|((name, _), _)| self.is_judged(Some(*name)));
        let told = unused.map(|((name, word), _)| match name {
            Named::Code(code) => complaint(word.span, format!("`{code}`")),
            Named::Rule(_) => complaint(word.span, format!("rule `{}`", word.text)),
        });
        told.collect()
    }

    /// Whether everything of this name was looked for, so that what was not found does not exist.
    fn is_judged(&self, name: Option<Named<'_>>) -> bool {
        let Some(Named::Code(code)) = name else {
            return self.is_complete && self.selection.select.is_empty() && self.selection.ignore.is_empty();
        };
        // Each file says all by itself, but for other names of a symbol.
        let is_settled = is_found_by_file(code) && code != Code::Alias || self.is_complete;
        is_settled && is_sought(code, self.selection)
    }
}

/// Whether a run with this selection looks for all findings of a code, where it looks at all.
pub(super) fn is_sought(code: Code, selection: &Selection) -> bool {
    match code {
        Code::DuplicateDefinition => selection.runs(code),
        _ if is_found_by_file(code) => true,
        // The others speak of the whole project only when they are asked for.
        _ => SURVEYS.iter().any(|(known, _)| *known == code) && selection.asks_for(code),
    }
}

fn is_found_by_file(code: Code) -> bool {
    REGISTER.iter().any(|(known, _)| *known == code)
}

impl Read<'_> {
    /// Which of the names stands for a finding like this.
    fn place(&self, code: Code, rule: Option<&str>) -> Option<usize> {
        let fits = |name: Named<'_>| match name {
            Named::Code(named) => named == code,
            Named::Rule(id) => rule == Some(id),
        };
        match self.written.codes.is_empty() {
            true => Some(0),
            false => self.names.iter().position(|(name, _)| fits(*name)),
        }
    }

    fn complain(&mut self, span: Span, message: String, help: String) {
        self.complaints.push(Complaint { span, message, help });
    }

    fn say_no_effect(&mut self, place: usize, rule: &str) {
        let span = self.names.get(place).map_or(self.written.span, |(_, word)| word.span);
        let message = format!("this suppression has no effect: rule `{rule}` is not suppressible");
        if !self.complaints.iter().any(|known| known.message == message && known.span == span) {
            self.complain(span, message, "mend what it should hide, and remove it".to_owned());
        }
    }

    fn judge_form(&mut self) {
        let (span, first) = (self.written.span, self.written.reason.split_whitespace().next());
        let code = first.map(|word| word.trim_end_matches([',', ':', ';'])).filter(|word| is_code(word));
        let (message, help) = match (self.written.fault, code) {
            (Some(SuppressionFault::OpenList), _) => ("the list of codes has no end", "close it with `]`"),
            (Some(SuppressionFault::EmptyList), _) => {
                ("the list of codes is empty", "name a code, or leave the brackets out to hide every kind")
            }
            (Some(SuppressionFault::UnknownWord), _) => {
                ("this is no suppression", "write `ssot: ignore[…]` or `ssot: ignore-file[…]`")
            }
            (None, Some(_)) if self.written.codes.is_empty() => {
                ("a code stands outside of brackets", "write it as `ssot: ignore[SSOT001]`")
            }
            _ => return,
        };
        self.complain(span, message.to_owned(), help.to_owned());
        self.holds = false;
    }

    fn judge_date(&mut self, today: Date) {
        let Some(until) = &self.written.until else { return };
        let (message, help) = match until.text.parse::<Date>() {
            Ok(day) if until.text.len() == "2027-02-01".len() && day >= today => return,
            Ok(day) if until.text.len() == "2027-02-01".len() => (
                format!("this suppression has expired: it held until {day}"),
                "mend what it hid, or give it a later date and a reason",
            ),
            _ => (
                format!("`{}` is not a date", until.text),
                "write a day as `until=YYYY-MM-DD`, such as `until=2027-02-01`",
            ),
        };
        self.complain(until.span, message, help.to_owned());
        self.holds = false;
    }
}

fn finding(source: &SourceFile, lines: &LineIndex, written: &Suppression, complaint: Complaint) -> Finding {
    let code = Code::UnusedSuppression;
    let word = complaint.span.of(source.text());
    let mut finding = draft::finding(source, lines, code, complaint.span, complaint.message);
    finding.severity = Severity::Warning;
    finding.help = Some(complaint.help);
    finding.fingerprint = format!("{}\0{}\0{word}", source.path(), written.span.of(source.text()));
    finding
}

/// What no comment hides: a file that could not be read is never silently a pass, and a rule is no place in the code.
pub const fn is_firm(code: Code) -> bool {
    matches!(code, Code::Unreadable | Code::UnusedSuppression | Code::StaleRule)
}

/// True for `SSOT001`, also for a number that does not exist.
fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix("SSOT").unwrap_or_default();
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
