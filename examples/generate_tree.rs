//! Writes a seeded Python tree like the team's to a folder, for benchmarks and trials.
//!
//! Beside the folder, `DIR.truth.tsv` names each occurrence in it: file, row, column, code, written path.

#![allow(clippy::disallowed_methods, reason = "an example is no part of the product")]
#![allow(clippy::print_stdout, reason = "an example talks to the person at the prompt")]

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::Size;
use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

const USAGE: &str = "usage: generate_tree DIR [--files N] [--occurrences N] [--lines N] [--seed N]";

fn main() -> Result<(), Box<dyn Error>> {
    let (folder, size) = arguments(env::args().skip(1))?;
    let mut truth = String::new();
    let (mut files, mut bytes) = (0_usize, 0_usize);
    generator::write(&size, &folder, |file| {
        files += 1;
        bytes += file.bytes.len();
        for found in &file.occurrences {
            let (path, code, written) = (&file.path, found.code, &found.written);
            writeln!(truth, "{path}\t{}\t{}\t{code}\t{written}", found.row, found.column)
                .expect("a String takes every text");
        }
    })?;
    fs::write(format!("{}.truth.tsv", folder.display()), &truth)?;
    println!(
        "{}: {files} files, {:.1} MB, {} occurrences",
        folder.display(),
        bytes as f64 / 1e6,
        truth.lines().count()
    );
    Ok(())
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<(PathBuf, Size), Box<dyn Error>> {
    let (mut folder, mut size) = (None, Size { lines: 300, ..Size::TEAM });
    while let Some(argument) = given.next() {
        let mut number = || given.next().ok_or(USAGE)?.parse::<usize>().map_err(|_| USAGE);
        match argument.as_str() {
            "--files" => size.files = number()?,
            "--occurrences" => size.occurrences = number()?,
            "--lines" => size.lines = number()?,
            "--seed" => size.seed = number()? as u64,
            path if folder.is_none() && !path.starts_with('-') => folder = Some(PathBuf::from(path)),
            _ => return Err(USAGE.into()),
        }
    }
    Ok((folder.ok_or(USAGE)?, size))
}
