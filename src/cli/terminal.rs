//! The terminal: colour, width, and the two streams.

use super::Exit;
use super::arguments::{ColorChoice, Global};
use super::failure::Failure;
use crate::config::Complaint;
use crate::model::{Severity, SourceFile};
use crate::report::{Notice, NoticePlace, Style, notices};
use crate::rule::Fault;
use anstream::{AutoStream, ColorChoice as StreamChoice};
use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

/// Lines are cut to this width when output is no terminal.
const WIDTH_WITHOUT_TERMINAL: usize = 140;

/// What is known of the terminal.
#[derive(Debug)]
pub(super) struct Terminal {
    output: Style,
    errors: Style,
    pub quiet: bool,
    pub verbose: bool,
    shows_progress: bool,
    has_screen: bool,
}

impl Terminal {
    pub fn new(global: &Global) -> Self {
        let width = clap_width().unwrap_or(WIDTH_WITHOUT_TERMINAL);
        let style = |color| Style { color, width, summary: !global.quiet };
        Self {
            output: style(wants_color(global.color, &io::stdout())),
            errors: style(wants_color(global.color, &io::stderr())),
            quiet: global.quiet,
            verbose: global.verbose,
            has_screen: io::stdout().is_terminal(),
            shows_progress: !global.quiet && !global.no_progress && io::stderr().is_terminal(),
        }
    }

    /// How text on standard output looks.
    pub const fn output(&self) -> &Style {
        &self.output
    }

    /// How text on standard error looks.
    pub const fn errors(&self) -> &Style {
        &self.errors
    }

    pub const fn shows_progress(&self) -> bool {
        self.shows_progress
    }

    /// Empties the screen, when standard output is one.
    pub fn clear(&self) {
        if self.has_screen {
            let _ = io::stdout().lock().write_all(b"\x1b[2J\x1b[3J\x1b[H");
        }
    }

    /// Writes bytes to standard output.
    pub fn print(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        written.map_err(|source| Failure::Output { what: "standard output".into(), source })
    }

    /// Writes a line to standard error unless the user wants quiet. Nobody can be told when that fails.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }

    /// Writes bytes to standard error, also when the user wants quiet.
    pub fn warn(&self, bytes: &[u8]) {
        let _ = io::stderr().lock().write_all(bytes);
    }

    /// Says something that the user should know but that stops nothing.
    pub fn warning(&self, message: String, help: Option<String>) {
        self.notice(&[Notice { severity: Severity::Warning, message, places: Vec::new(), help }]);
    }

    /// Says what went wrong although the command did its work.
    pub fn error(&self, message: String, help: Option<String>) {
        self.notice(&[Notice { severity: Severity::Error, message, places: Vec::new(), help }]);
    }

    /// Tells why a command failed.
    pub fn report(&self, failure: &Failure) -> Exit {
        if failure.is_closed_pipe() {
            return Exit::Clean;
        }
        if let Failure::Config(error) = failure
            && !error.complaints().is_empty()
        {
            let all: Vec<Notice<'_>> = error.complaints().iter().map(complaint).collect();
            self.notice(&all);
            return Exit::Trouble;
        }
        if let Failure::Baseline(source, faults) = failure {
            let all: Vec<Notice<'_>> = faults.iter().map(|found| fault(source, found)).collect();
            self.notice(&all);
            return Exit::Trouble;
        }
        let help = failure.help().map(Cow::into_owned);
        let message = failure.to_string();
        // A message with a list keeps its lines: only its first one is a headline.
        let (headline, rest) = message.split_once('\n').unwrap_or((&message, ""));
        self.notice(&[Notice {
            severity: Severity::Error,
            message: headline.to_owned(),
            places: Vec::new(),
            help,
        }]);
        if !rest.is_empty() {
            self.warn(format!("{rest}\n").as_bytes());
        }
        Exit::Trouble
    }

    pub fn notice(&self, all: &[Notice<'_>]) {
        let mut text = Vec::new();
        if notices(all, &self.errors, &mut text).is_ok() {
            self.warn(&text);
        }
    }
}

fn complaint(complaint: &Complaint) -> Notice<'_> {
    let place = NoticePlace {
        name: complaint.source.path(),
        text: complaint.source.text(),
        span: Some(complaint.span),
        label: (!complaint.label.is_empty()).then(|| complaint.label.clone()),
    };
    let related = complaint.related.as_ref().map(|related| NoticePlace {
        name: related.source.path(),
        text: related.source.text(),
        span: Some(related.span),
        label: Some(related.label.clone()),
    });
    Notice {
        severity: Severity::Error,
        message: complaint.message.clone(),
        places: std::iter::once(place).chain(related).collect(),
        help: complaint.help.clone(),
    }
}

fn fault<'a>(source: &'a SourceFile, fault: &Fault) -> Notice<'a> {
    let place = NoticePlace { name: source.path(), text: source.text(), span: Some(fault.span), label: None };
    Notice {
        severity: Severity::Error,
        message: fault.message.clone(),
        places: vec![place],
        help: Some(fault.help.to_owned()),
    }
}

/// `auto` obeys NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM, and asks whether the stream is a terminal.
fn wants_color(choice: ColorChoice, stream: &impl anstream::stream::RawStream) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => AutoStream::choice(stream) != StreamChoice::Never,
    }
}

/// The width that the user's shell knows of.
fn clap_width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| (40..=1000).contains(width))
}
