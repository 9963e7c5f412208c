//! `man`: the manual pages, made from the help texts.

use super::Exit;
use super::arguments::{Arguments, ManualPages};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::config::nearest;
use crate::transaction;
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::io;

/// Runs the command.
pub(super) fn run(command: &ManualPages, terminal: &Terminal) -> Result<Exit, Failure> {
    // Another page for `help check` would say nothing that the page of `check` does not say.
    let mut whole = Arguments::command().disable_help_subcommand(true);
    whole.build();
    let failed = |source| Failure::Output { what: "the manual page".into(), source };
    if let Some(folder) = &command.dir {
        for one in std::iter::once(&whole).chain(whole.get_subcommands()) {
            let (name, page) = page(one).map_err(failed)?;
            transaction::publish(&folder.join(name), &page)?;
        }
        return Ok(Exit::Clean);
    }
    let wanted = match &command.command {
        Some(name) => whole.find_subcommand(name).ok_or_else(|| unknown(name, &whole))?,
        None => &whole,
    };
    terminal.print(&page(wanted).map_err(failed)?.1)?;
    Ok(Exit::Clean)
}

fn unknown(name: &str, whole: &clap::Command) -> Failure {
    let help = match nearest(name, whole.get_subcommands().map(clap::Command::get_name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`ssot-lint help` lists all commands".to_owned(),
    };
    Failure::usage(format!("no command `{name}`"), help)
}

/// The file name and the text of one page. It has no date, so that it is the same in every build.
fn page(command: &clap::Command) -> io::Result<(String, Vec<u8>)> {
    let rest = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let version = concat!("ssot-lint ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone().after_help(None::<&str>)).source(version).manual("ssot-lint manual");
    let mut text = Vec::new();
    man.render(&mut text)?;
    sections(&rest).to_writer(&mut text)?;
    Ok((man.get_filename(), text))
}

/// What a help text says behind the options, as sections with their usual names.
fn sections(help: &str) -> Roff {
    let mut roff = Roff::new();
    let mut has_notes = false;
    for part in help.split("\n\n").filter(|part| !part.trim().is_empty()) {
        let (head, body) = part.split_once(':').unwrap_or(("", part));
        let title = match head {
            "Examples" => "EXAMPLES",
            "Exit codes" => "EXIT STATUS",
            _ if has_notes => "",
            _ => "NOTES",
        };
        has_notes |= title == "NOTES";
        match title {
            "" => roff.control("PP", []),
            title => roff.control("SH", [title]),
        };
        let body = if matches!(title, "" | "NOTES") { part } else { body };
        if body.starts_with('\n') {
            roff.control("nf", []);
            for line in body.trim_matches('\n').lines() {
                roff.text([roman(line.trim_start())]);
            }
            roff.control("fi", []);
        } else {
            for line in body.trim().lines() {
                roff.text([roman(line)]);
            }
        }
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_keep_their_lines_and_paragraphs_are_notes() {
        let help = "Examples:\n  a --b   c\n  .d\n\nOne\ntwo: x.\n\nThree.\n\nExit codes: 0 good, 1 bad.";
        let text = sections(help).to_roff();
        assert_eq!(
            text,
            ".SH EXAMPLES\n.nf\na \\-\\-b   c\n\\&.d\n.fi\n.SH NOTES\nOne\ntwo: x.\n.PP\nThree.\n.SH \"EXIT STATUS\"\n\
             0 good, 1 bad.\n"
        );
    }
}
