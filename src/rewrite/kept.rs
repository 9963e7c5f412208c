//! Places that stay because a comment says so, or because they are known.

use super::proposal::Request;
use crate::graph::{View, uses};
use crate::model::{BindingId, BindingKind, FileId, ImportId, Site, Use};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// Places that stay, by file.
pub(super) type Kept = FxHashMap<FileId, FxHashSet<Site>>;

/// The places that are to stay as they are, and what has its name from an import among them.
pub(super) fn kept(request: &Request<'_>) -> Kept {
    let known: FxHashSet<FileId> = request.known.iter().map(|(file, _)| *file).collect();
    let may_keep = |view: &View<'_>| !view.facts.suppressions.is_empty() || known.contains(&view.file);
    let files = request.graph.files();
    let views = files.par_iter().filter_map(|&file| View::new(request.graph, file)).filter(may_keep);
    views.map(|view| (view.file, kept_in(request, view))).filter(|(_, sites)| !sites.is_empty()).collect()
}

fn kept_in(request: &Request<'_>, view: View<'_>) -> FxHashSet<Site> {
    let found = uses(request.graph, request.declared, view.file).uses;
    let is_known = |found: &Use| request.known.contains(&(view.file, view.facts.span_of(&found.site).start));
    let hidden = found.iter().filter(|found| (request.keeps)(view.facts, found) || is_known(found));
    let mut sites: FxHashSet<Site> = hidden.map(|found| found.site.clone()).collect();
    let follows =
        |found: &&Use| !found.spelled && roots(view, &found.site).iter().any(|root| sites.contains(root));
    let following: Vec<Site> = found.iter().filter(follows).map(|found| found.site.clone()).collect();
    sites.extend(following);
    sites
}

/// The imports that give a place its first name.
fn roots(view: View<'_>, site: &Site) -> Vec<Site> {
    let bindings: &[BindingId] = match site {
        Site::Reference(id) => &view.facts.references[*id as usize].bindings,
        Site::Import(id) => &view.facts.imports[*id as usize].roots,
        Site::StarMember(..) | Site::PathString(_) => &[],
    };
    let import = |&binding: &BindingId| match view.binding(binding).kind {
        BindingKind::Import(import) => Some(Site::Import(import)),
        _ => None,
    };
    bindings.iter().filter_map(import).collect()
}

/// True when one of the places is this import, or a name from this star import.
pub(super) fn holds_import(sites: &FxHashSet<Site>, import: ImportId) -> bool {
    let is_it = |site: &Site| matches!(site, Site::Import(id) | Site::StarMember(id, _) if *id == import);
    sites.iter().any(is_it)
}
