//! The laws of deleting shims: what is left can be read and misses nothing, a second time there is nothing to do, and it can be
//! taken back.

use crate::laws::{Quiet, commit, own, same, take_back, text_of, written_well};
use ssot_lint::model::Code;
use ssot_lint::pipeline::{Removal, RemovalRequest, Settings, check, removal};
use ssot_lint::rule::Selection;
use std::collections::BTreeSet;
use std::path::Path;

/// Deletes the shims of the project in `root` that can go, and takes that back. Says how many went.
///
/// # Errors
/// The law that does not hold, and where.
pub fn hold(root: &Path, settings: &Settings) -> Result<usize, String> {
    let tree = own(root);
    let missing = missing(settings)?;
    let Removal { plan, shims } = planned(settings)?;
    if plan.files.is_empty() != shims.is_empty() {
        return Err(format!("{} files for {shims:?}", plan.files.len()));
    }
    let mut end = tree.clone();
    for file in &plan.files {
        if file.is_removal() {
            end.remove(&**file.path());
        } else {
            written_well(&tree, file)?;
            end.insert(file.path().to_string(), file.after().to_vec());
        }
    }
    commit(root, &plan)?;
    same("the disk does not hold what was planned", &own(root), &end)?;
    let again = planned(settings)?;
    if !again.shims.is_empty() {
        return Err(format!("more goes at a second time: {:?}", again.shims));
    }
    let lost: Vec<String> = self::missing(settings)?.difference(&missing).cloned().collect();
    if !lost.is_empty() {
        return Err(format!("missed without {shims:?}: {lost:#?}\n{}", text_of(&end)));
    }
    if !plan.files.is_empty() {
        take_back(root)?;
    }
    same("the way back leads elsewhere", &own(root), &tree)?;
    Ok(shims.len())
}

fn planned(settings: &Settings) -> Result<Removal, String> {
    let request = RemovalRequest { settings, scope: &[], rules: &[], among: None, assumed: &[] };
    removal(&request, &Quiet).map_err(|error| error.to_string())
}

/// What is asked of modules that do not have it, by file.
fn missing(settings: &Settings) -> Result<BTreeSet<String>, String> {
    let selection =
        Selection { select: [Code::UnresolvedImport].into_iter().collect(), ..Selection::default() };
    let outcome = check(settings, &[], &selection, &Quiet).map_err(|error| error.to_string())?;
    let told = outcome.findings.iter().filter(|finding| finding.code == Code::UnresolvedImport);
    Ok(told.map(|finding| format!("{}: {}", finding.file, finding.message)).collect())
}
