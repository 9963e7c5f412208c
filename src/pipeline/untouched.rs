//! A look at a few files alone: most commits hold nothing to migrate, and then a hook need not read the whole project.

use super::project::Project;
use crate::graph::{FileUses, uses};
use crate::model::{FileFacts, FileId, ImportForm, Language};

/// More files than one in so many are not few.
const ONE_IN: usize = 16;

/// Whether that is worth while: few files are asked for, and none of them can hold what only other files tell. In Rust
/// any file may declare a path legacy, and a policy speaks of all that the project defines.
pub(super) fn can_look(project: &Project<'_>) -> bool {
    let files = project.files_in_scope();
    files.len() * ONE_IN <= project.tree.files.len()
        && files.iter().all(|&file| project.language(file) == Language::Python)
        && project.rules.policies.is_empty()
        && project.tree.unreadable.is_empty()
}

/// True when no file that was asked for writes a path that leads to what a rule speaks of, by whatever name: then nothing in
/// them changes, whatever stands in the rest of the project. False when these files and the modules that they ask do not
/// tell; the project is of no use for anything else afterwards.
pub(super) fn is_untouched(project: &mut Project<'_>) -> bool {
    let files = project.files_in_scope();
    project.declared.follow_every_name();
    project.read_these(&files);
    let is_plain = |&file: &FileId| project.graph.facts(file).is_some_and(|facts| is_plain(facts));
    if !files.iter().all(is_plain) {
        return false;
    }
    loop {
        let says_nothing = |&file: &FileId| is_silent(&uses(&project.graph, &project.declared, file));
        if !files.iter().all(says_nothing) {
            return false;
        }
        if !project.read_demanded() {
            return true;
        }
    }
}

/// False for a file that does not parse, and for one whose names depend on who asks for them.
fn is_plain(facts: &FileFacts) -> bool {
    facts.errors.is_empty() && facts.imports.iter().all(|import| import.form != ImportForm::Star)
}

fn is_silent(found: &FileUses) -> bool {
    found.uses.is_empty() && found.bypasses.is_empty() && found.second_names.is_empty()
}
