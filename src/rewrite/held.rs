//! Names that tests patch in a module: those who patch one there and those who look it up there move together, or stay
//! together where one of them has to stay.

use super::kept::Kept;
use super::proposal::Request;
use crate::graph::View;
use crate::model::{
    Access, BindingKind, FileId, ImportId, Place, Reference, ReferenceId, Site, StringForm, StringId,
    SymbolPath,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Places that stay, by file, and why.
pub(super) type Held = FxHashMap<FileId, FxHashMap<Site, String>>;

/// A place that patches a name of a module or looks it up.
struct Link {
    name: SymbolPath,
    file: FileId,
    /// What must not move for the place to stay: itself, and the imports that it relies on.
    sites: Vec<Site>,
}

/// The places that have to stay because another place is bound up with them that stays: in a file that must not be written
/// or where its rule is not wanted, or kept by a comment.
pub(super) fn held_back(request: &Request<'_>, kept: &Kept) -> Held {
    let (patches, lookups) = links(request, &request.graph.files());
    hold(request, kept, &patches, &lookups)
}

/// The files in which a name is patched that is looked up, and those in which it is looked up.
pub(super) fn bound_by_patches(request: &Request<'_>) -> BTreeSet<FileId> {
    let (patches, lookups) = links(request, &request.graph.files());
    let is_looked_up: FxHashSet<&SymbolPath> = lookups.iter().map(|lookup| &lookup.name).collect();
    let bound = patches.iter().chain(&lookups).filter(|link| is_looked_up.contains(&link.name));
    bound.map(|link| link.file).collect()
}

/// Every place where a name that moves is patched, and where such a name is looked up.
fn links(request: &Request<'_>, files: &[FileId]) -> (Vec<Link>, Vec<Link>) {
    let views = || files.par_iter().filter_map(|&file| View::new(request.graph, file));
    let views = || views().filter(|view| !view.facts.is_declarative);
    let patches: Vec<Link> = views().flat_map_iter(|view| patches(request, view)).collect();
    let names: FxHashSet<&SymbolPath> = patches.iter().map(|patch| &patch.name).collect();
    if names.is_empty() {
        return (patches, Vec::new());
    }
    let lookups = views().flat_map_iter(|view| lookups(view, &names)).collect();
    (patches, lookups)
}

fn hold(request: &Request<'_>, kept: &Kept, patches: &[Link], lookups: &[Link]) -> Held {
    let stays = |link: &&Link| {
        let rule = || request.declared.longest(&link.name).and_then(|(_, declared)| declared.rule);
        let is_barred = !request.writable.contains(&link.file) || request.barred.contains_key(&link.file);
        let is_kept =
            kept.get(&link.file).is_some_and(|kept| link.sites.iter().any(|site| kept.contains(site)));
        is_barred || is_kept || rule().is_some_and(|rule| !(request.wants)(link.file, rule))
    };
    let first = |links: &[Link]| -> FxHashMap<SymbolPath, FileId> {
        links.iter().rev().filter(stays).map(|link| (link.name.clone(), link.file)).collect()
    };
    let (patched, looked_up) = (first(patches), first(lookups));
    let is_looked_up: FxHashSet<&SymbolPath> = lookups.iter().map(|lookup| &lookup.name).collect();
    let mut held = Held::default();
    for link in patches.iter().chain(lookups).filter(|link| is_looked_up.contains(&link.name)) {
        let (deed, file) = match (looked_up.get(&link.name), patched.get(&link.name)) {
            (Some(file), _) => ("looked up", file),
            (None, Some(file)) => ("patched", file),
            (None, None) => continue,
        };
        let path = request.graph.modules().path(*file);
        let reason =
            format!("`{}` is {deed} in {path}, which stays: both move together or not at all", link.name);
        let of_file = held.entry(link.file).or_default();
        of_file.extend(link.sites.iter().map(|site| (site.clone(), reason.clone())));
    }
    held
}

/// Where the file puts something else in the place of a name that moves.
fn patches(request: &Request<'_>, view: View<'_>) -> Vec<Link> {
    let mut found = Vec::new();
    for (id, string) in view.facts.strings.iter().enumerate() {
        if string.form != StringForm::PatchTarget {
            continue;
        }
        let Some(path) = view.absolute_string(&string.base, string.level, &string.segments) else { continue };
        let members = string.members.iter().map(|member| path.join([&member.name]));
        let names = if string.members.is_empty() { vec![path.clone()] } else { members.collect() };
        let sites = || vec![Site::PathString(id as StringId)];
        found.extend(names.into_iter().map(|name| Link { name, file: view.file, sites: sites() }));
    }
    for (id, reference) in view.facts.references.iter().enumerate() {
        let puts = reference.access == Access::Write || reference.place == Place::NameInString;
        if puts && reference.segments.len() > 1 {
            let sites = || sites(view, id as ReferenceId, reference);
            found.extend(written(view, reference).map(|name| Link { name, file: view.file, sites: sites() }));
        }
    }
    found.retain(|link| moves_with_module(request, view, &link.name));
    found
}

/// Whether it is a module that holds the name: what a class holds is the same by each of its paths.
fn moves_with_module(request: &Request<'_>, view: View<'_>, name: &SymbolPath) -> bool {
    let is_module = |path: SymbolPath| request.graph.modules().find(&path, Some(view.file)).is_some();
    request.declared.moved(name) != *name && name.parent().is_some_and(is_module)
}

/// Where the file reads one of `names` from its module while the code runs.
fn lookups(view: View<'_>, names: &FxHashSet<&SymbolPath>) -> Vec<Link> {
    let ends: FxHashSet<&str> = names.iter().map(|name| name.name()).collect();
    let longest = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let mut found = Vec::new();
    let mut note = |path: SymbolPath, sites: &dyn Fn() -> Vec<Site>| {
        let prefixes = (1..=path.len().min(longest)).map(|count| path.prefix(count));
        let name = prefixes.into_iter().find(|prefix| names.contains(prefix));
        found.extend(name.map(|name| Link { name, file: view.file, sites: sites() }));
    };
    for (id, import) in view.facts.imports.iter().enumerate() {
        let is_late = import.scope != view.facts.module_scope(import.scope);
        if is_late && import.member.as_ref().is_some_and(|member| ends.contains(&*member.name)) {
            let sites = || vec![Site::Import(id as ImportId)];
            view.imported(import).into_iter().for_each(|path| note(path, &sites));
        }
    }
    for (id, reference) in view.facts.references.iter().enumerate() {
        let attributes = reference.segments.iter().skip(1);
        if attributes.into_iter().any(|segment| ends.contains(&*segment.name)) {
            let sites = || sites(view, id as ReferenceId, reference);
            written(view, reference).into_iter().for_each(|path| note(path, &sites));
        }
    }
    found
}

fn written(view: View<'_>, reference: &Reference) -> Option<SymbolPath> {
    let attributes = reference.segments[1..].iter().map(|segment| &segment.name);
    Some(view.canonical(view.root(reference)?.followed_by(attributes)))
}

fn sites(view: View<'_>, id: ReferenceId, reference: &Reference) -> Vec<Site> {
    let imports = reference.bindings.iter().filter_map(|&binding| match view.binding(binding).kind {
        BindingKind::Import(import) => Some(Site::Import(import)),
        _ => None,
    });
    std::iter::once(Site::Reference(id)).chain(imports).collect()
}
