//! A seeded Python tree like the team's, with the exact place of every legacy path in it.
//!
//! One class, three import paths: a home, two shims. Each generated module proves with asserts that what it imports
//! still is what it was, so that CPython can say whether a migration kept the meaning.

mod consumers;
mod core;
mod decoys;
mod forms;
mod layout;
mod page;
mod pen;
mod random;
mod strings;

use consumers::{Consumer, FOLLOWERS};
use core::CONFIG;
use decoys::DECOYS;
use forms::FORMS;
use layout::Slot;
use page::Part;
use pen::{Form, Pen, Place};
use random::Random;
use std::path::Path;
use std::{fs, io, mem};

/// How large a tree is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Python files, empty `__init__.py` among them.
    pub files: usize,
    /// Legacy paths written in them.
    pub occurrences: usize,
    /// The least number of lines of a module that is not fixed.
    pub lines: usize,
    /// What the rest depends on.
    pub seed: u64,
}

impl Size {
    /// The team's: 2,232 occurrences in 1,423 of about 3,000 files; the modules are shorter, for the tests' sake.
    pub const TEAM: Self = Self { files: 3_000, occurrences: 2_232, lines: 12, seed: 1_107 };

    /// The number of files that hold an occurrence, in the proportion of the team's tree.
    pub const fn legacy_files(&self) -> usize {
        (self.occurrences * 1_423 + 1_116) / 2_232
    }
}

/// A place where a legacy path is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// Line, from 1.
    pub row: u32,
    /// Character within the line, from 1.
    pub column: u32,
    /// `SSOT001` or `SSOT005`.
    pub code: &'static str,
    /// The absolute path that is written there.
    pub written: String,
}

/// A file of the tree.
pub struct GeneratedFile {
    /// Path relative to the tree's root, with `/`.
    pub path: String,
    /// What the file holds.
    pub bytes: Vec<u8>,
    /// What must be found in it, in the order of the text.
    pub occurrences: Vec<Occurrence>,
}

/// What a module is for.
enum Role {
    Legacy(usize),
    Follower,
    Decoy,
    Plain,
}

/// Hands every Python file of the tree to `take`.
///
/// # Errors
/// When so many occurrences do not fit into so few files.
pub fn generate(size: &Size, mut take: impl FnMut(GeneratedFile)) -> Result<(), String> {
    let fixed_occurrences: usize = core::FILES.iter().map(|(_, text)| text.matches('⟦').count()).sum();
    let slots = layout::slots(size.files.saturating_sub(core::FILES.len()));
    let pages: Vec<usize> = (0..slots.len()).filter(|&at| !slots[at].is_package).collect();
    let Some(legacy_pages) = size.legacy_files().checked_sub(1).filter(|&count| count <= pages.len()) else {
        return Err(format!("{} occurrences do not fit into {} files", size.occurrences, size.files));
    };
    let mut random = Random::new(size.seed, 0);
    let budgets =
        budgets(pages, legacy_pages, size.occurrences - fixed_occurrences, slots.len(), &mut random);
    for (path, text) in core::FILES {
        let (text, occurrences) = page::render(text);
        take(GeneratedFile { path: path.to_owned(), bytes: text.into_bytes(), occurrences });
    }
    let mut consumers = Vec::new();
    for (at, slot) in slots.iter().enumerate() {
        let mut random = Random::new(size.seed, at as u64 + 1);
        let role = match (budgets[at], random.below(100)) {
            (0, 0..7) if !consumers.is_empty() => Role::Follower,
            (0, 0..40) => Role::Decoy,
            (0, _) => Role::Plain,
            (budget, _) => Role::Legacy(budget),
        };
        take(module(slot, &role, size.lines, &mut random, &mut consumers));
    }
    Ok(())
}

/// How many occurrences each of `slots` slots gets: `occurrences` in all, in `count` of `pages`.
fn budgets(
    mut pages: Vec<usize>,
    count: usize,
    occurrences: usize,
    slots: usize,
    random: &mut Random,
) -> Vec<usize> {
    random.shuffle(&mut pages);
    pages.truncate(count);
    let mut budgets = vec![0; slots];
    for &page in &pages {
        budgets[page] = 1;
    }
    for _ in count..occurrences {
        budgets[*random.pick(&pages)] += 1;
    }
    budgets
}

fn module(
    slot: &Slot,
    role: &Role,
    lines: usize,
    random: &mut Random,
    consumers: &mut Vec<Consumer>,
) -> GeneratedFile {
    if slot.is_package {
        return GeneratedFile { path: slot.path.clone(), bytes: Vec::new(), occurrences: Vec::new() };
    }
    let mut writer = Writer { slot, parts: Vec::new(), random, consumers };
    writer.write(role);
    let parts = writer.parts;
    let marked = page::assemble(&parts, &slot.module(), slot.is_test, lines, random);
    let (text, occurrences) = page::render(&marked);
    GeneratedFile { path: slot.path.clone(), bytes: encode(text, random), occurrences }
}

/// Collects the parts of one module.
struct Writer<'a> {
    slot: &'a Slot,
    parts: Vec<Part>,
    random: &'a mut Random,
    consumers: &'a mut Vec<Consumer>,
}

impl Writer<'_> {
    fn write(&mut self, role: &Role) {
        match role {
            Role::Legacy(budget) => self.write_legacy(*budget),
            Role::Follower => {
                if self.add(&FOLLOWERS, 0, true) != Place::Alone && self.random.chance(30) {
                    self.add(&DECOYS, 0, false);
                }
            }
            Role::Decoy => {
                if self.add(&DECOYS, 0, true) != Place::Alone {
                    self.add(&DECOYS, 0, false);
                }
            }
            Role::Plain => {}
        }
    }

    fn write_legacy(&mut self, budget: usize) {
        let mut left = budget;
        while left > 0 {
            if self.add(&FORMS, left, budget == 1) == Place::Alone {
                return;
            }
            left = budget - self.parts.iter().map(Part::marks).sum::<usize>();
        }
        if self.slot.is_test && !self.consumers.is_empty() && self.random.chance(20) {
            self.add(&FOLLOWERS, 0, false);
        }
        if self.random.chance(30) {
            self.add(&DECOYS, 0, false);
        }
    }

    /// Adds one of `forms` that costs at most `budget`.
    fn add(&mut self, forms: &[Form], budget: usize, may_be_alone: bool) -> Place {
        let fits = |form: &&Form| {
            let fits_here = match form.place {
                Place::Anywhere => true,
                Place::Tests => self.slot.is_test,
                Place::Modules => !self.slot.is_test,
                Place::Alone => may_be_alone,
            };
            fits_here && form.cost <= budget
        };
        let choices: Vec<(usize, &Form)> =
            forms.iter().filter(fits).map(|form| (form.weight, form)).collect();
        let form = self.random.weighted(&choices);
        let number = self.parts.len();
        let mut pen = Pen { slot: self.slot, number, random: self.random, consumers: self.consumers };
        let part = (form.write)(&mut pen);
        assert_eq!(part.marks(), form.cost, "the form at {} brings what it costs", self.slot.path);
        self.parts.push(part);
        form.place
    }
}

/// The bytes of a module: mostly plain UTF-8, sometimes as other editors leave it. No position changes.
fn encode(text: String, random: &mut Random) -> Vec<u8> {
    match random.below(100) {
        0..2 => text.replace('\n', "\r\n").into_bytes(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        3 => text.trim_end().as_bytes().to_vec(),
        4 if text.is_ascii() => {
            let text = text.replacen(page::FIRST_LINE, "# -*- coding: latin-1 -*-", 1).replacen(
                "The ",
                "Th\u{e9} ",
                1,
            );
            text.chars().map(|character| character as u8).collect()
        }
        _ => text.into_bytes(),
    }
}

/// Writes the tree and its configuration below `root`, which need not exist, and shows each Python file to `note`.
///
/// # Errors
/// When the size makes no sense or a file cannot be written.
pub fn write(size: &Size, root: &Path, mut note: impl FnMut(&GeneratedFile)) -> io::Result<()> {
    fs::create_dir_all(root)?;
    fs::write(root.join("ssot.toml"), CONFIG)?;
    let mut result = Ok(());
    generate(size, |file| {
        note(&file);
        let path = root.join(&file.path);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, &file.bytes));
        result = mem::replace(&mut result, Ok(())).and(written);
    })
    .map_err(io::Error::other)?;
    result
}
