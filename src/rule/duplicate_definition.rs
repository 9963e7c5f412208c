//! SSOT004: another definition under the name of a canonical symbol, or at one of its legacy paths: a dual implementation.

use super::{Rule, Sketch, Survey};
use crate::graph::{Body, View};
use crate::model::{
    BindingId, BindingKind, Certainty, Code, Content, Definition, Namespaces, ReferenceId, Severity, Span,
    SymbolPath, Visibility,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// Longer routes from a canonical path to where it ends are not followed.
const MOST_HOPS: usize = 32;
/// From so many public members on, two classes that have most of them in common are told as similar.
const FEWEST_SHARED: usize = 3;
/// So many subclasses under one name are a convention.
const A_CONVENTION: usize = 3;

/// What is found in all known files.
pub fn survey(survey: &Survey<'_>) -> Vec<Sketch> {
    let symbols: Vec<Symbol<'_>> =
        (0..survey.rules.rules.len()).filter_map(|rule| symbol(survey, rule)).collect();
    let mut by_name: FxHashMap<&str, Vec<&Symbol<'_>>> = FxHashMap::default();
    for symbol in &symbols {
        let names: FxHashSet<&str> =
            symbol.legacy.iter().map(SymbolPath::name).chain([symbol.path.name()]).collect();
        names.into_iter().for_each(|name| by_name.entry(name).or_default().push(symbol));
    }
    let origins = symbols.iter().flat_map(|symbol| &symbol.origins).collect();
    let look = Look { survey, by_name, origins };
    let files = survey.graph.files();
    let views: Vec<View<'_>> = files.into_iter().filter_map(|file| View::new(survey.graph, file)).collect();
    let mut found: Vec<Found> = views.par_iter().flat_map_iter(|&view| look.file(view)).collect();
    calm_conventions(&mut found);
    found.into_iter().map(|(_, sketch)| sketch).collect()
}

/// A finding, and whether it is a class of the same name that derives from the symbol, outside its legacy paths.
type Found = (bool, Sketch);

/// Where many modules derive a class of the same name from the symbol, the name is a convention.
fn calm_conventions(found: &mut [Found]) {
    let mut counts: FxHashMap<Option<usize>, usize> = FxHashMap::default();
    for (_, sketch) in found.iter().filter(|(is_derived, _)| *is_derived) {
        *counts.entry(sketch.rule).or_default() += 1;
    }
    for (_, sketch) in found.iter_mut().filter(|(is_derived, _)| *is_derived) {
        if counts[&sketch.rule] >= A_CONVENTION {
            sketch.severity = sketch.severity.min(Severity::Info);
        }
    }
}

/// What is looked for.
struct Look<'run> {
    survey: &'run Survey<'run>,
    /// The symbols by the names under which they may be defined once more.
    by_name: FxHashMap<&'run str, Vec<&'run Symbol<'run>>>,
    /// The origins of all of them.
    origins: FxHashSet<&'run SymbolPath>,
}

/// A symbol with a rule of its own, and what is known of its definition.
struct Symbol<'run> {
    index: usize,
    rule: &'run Rule,
    /// The canonical path.
    path: SymbolPath,
    legacy: Vec<SymbolPath>,
    /// Every path by which the canonical one gets the symbol, itself and the definition among them.
    origins: FxHashSet<SymbolPath>,
    end: SymbolPath,
    home: View<'run>,
    definition: &'run Definition,
}

impl Symbol<'_> {
    fn span(&self) -> Span {
        self.home.binding(self.definition.binding).span
    }

    fn namespaces(&self) -> Namespaces {
        self.home.binding(self.definition.binding).namespaces
    }
}

/// The symbol of a rule, when first-party code defines it.
fn symbol<'run>(survey: &Survey<'run>, index: usize) -> Option<Symbol<'run>> {
    let rule = &survey.rules.rules[index];
    if !rule.is_of_symbol() || rule.severity == Severity::Off {
        return None;
    }
    let canonical = |path: &SymbolPath| survey.graph.modules().canonical(path.clone(), None);
    let path = canonical(&rule.canonical);
    let (mut origins, mut open, mut definition) = (FxHashSet::default(), vec![path.clone()], None);
    while let Some(at) = open.pop().filter(|_| origins.len() < MOST_HOPS) {
        if !origins.insert(at.clone()) {
            continue;
        }
        let body = at.parent().and_then(|module| survey.graph.body_of(&module, None));
        let Some(body) = body else { continue };
        open.extend(next_paths(body, at.name()));
        // Of several definitions the code chooses one.
        let here = body.definitions(at.name()).last().map(|found| (at, body.view, found));
        definition = definition.or(here);
    }
    let (end, home, definition) = definition?;
    let legacy = rule.moves.iter().map(|(from, _)| canonical(from)).collect();
    Some(Symbol { index, rule, path, legacy, origins, end, home, definition })
}

/// Where a name of a module may come from, on every branch that binds it.
fn next_paths<'run>(body: Body<'run>, name: &'run str) -> impl Iterator<Item = SymbolPath> {
    let bound = body.bindings(name).iter().filter_map(move |&id| body.view.bound(id));
    let handed_on = match body.provided(name, Namespaces::ALL) {
        crate::graph::Provided::Alias(path) => Some(path),
        _ => None,
    };
    bound.chain(handed_on)
}

impl Look<'_> {
    fn file(&self, view: View<'_>) -> Vec<Found> {
        let mut sketches: Vec<Found> = Vec::new();
        for definition in &view.facts.definitions {
            let binding = view.binding(definition.binding);
            let Some(symbols) = self.by_name.get(&*binding.name) else { continue };
            let Some(module) = view.module_path(binding.scope) else { continue };
            let path = module.join([&binding.name]);
            let found = symbols.iter().filter_map(|symbol| self.sketch(view, symbol, definition, &path));
            let found: Vec<Found> = found.collect();
            // Of several definitions under one name the last one is in force.
            sketches.retain(|(_, known)| {
                !found.iter().any(|(_, new)| new.written == known.written && new.rule == known.rule)
            });
            sketches.extend(found);
        }
        sketches
    }

    fn sketch(
        &self,
        view: View<'_>,
        symbol: &Symbol<'_>,
        definition: &Definition,
        path: &SymbolPath,
    ) -> Option<Found> {
        let binding = view.binding(definition.binding);
        let is_legacy = symbol.legacy.contains(path);
        let is_another = !symbol.origins.contains(path)
            && path.language() == symbol.path.language()
            && binding.namespaces.meets(symbol.namespaces());
        let is_under_name = || path.name() == symbol.path.name() && !self.is_allowed(view, definition, path);
        let is_shim = is_legacy && definition.is_shim;
        if !is_another || is_shim || !is_legacy && !is_under_name() {
            return None;
        }
        let relation = relation(view, symbol, definition);
        let is_private = binding.visibility == Visibility::Around(0);
        if is_private && !is_legacy && matches!(relation, Relation::Sibling | Relation::Unrelated) {
            return None;
        }
        let canonical = &symbol.path;
        let message = match is_legacy {
            true => {
                format!("`{path}` is a definition of its own at a legacy path of `{canonical}`: {relation}")
            }
            false => format!("`{path}` is another definition under the name of `{canonical}`: {relation}"),
        };
        let key = format!("{path}\0{canonical}\0duplicate");
        let mut sketch = Sketch::new(Code::DuplicateDefinition, view.file, binding.span, message, key);
        sketch.rule = Some(symbol.index);
        (sketch.severity, sketch.certainty) = weight(&relation, is_legacy, symbol.rule.severity);
        sketch.help = Some(help(&relation, is_legacy, canonical));
        sketch.related = vec![(symbol.home.file, symbol.span(), format!("`{}` is defined here", symbol.end))];
        sketch.written = Some(path.clone());
        sketch.canonical = Some(canonical.clone());
        Some((!is_legacy && matches!(relation, Relation::Subclass), sketch))
    }

    /// Where a definition under the name may stand: at a path that rules allow or that another rule speaks of, as a
    /// stand-in for a symbol that could not be imported, in what nobody can import from.
    fn is_allowed(&self, view: View<'_>, definition: &Definition, path: &SymbolPath) -> bool {
        let declared = self.survey.declared.get(path);
        let is_declared = declared.is_some_and(|declared| !declared.is_found());
        let scope = &view.facts.scopes[view.binding(definition.binding).scope as usize];
        let mut others = scope.names.get(path.name()).into_iter().flatten();
        let leads_home = |&id: &BindingId| {
            let bound = view.bound(id).map(|path| view.end_of(path, &SymbolPath::clone));
            matches!(view.binding(id).kind, BindingKind::Import(_))
                && bound.is_some_and(|path| self.origins.contains(&path))
        };
        let mut sources = definition.sources();
        is_declared
            || self.origins.contains(path)
            || path.segments()[0].contains('/')
            || others.any(leads_home)
                && !sources.any(|id| source(view, id).is_some_and(|end| self.origins.contains(&end)))
    }
}

/// What a reference stands for in the end. In `class X(X)` the name still means what was imported.
fn source(view: View<'_>, reference: ReferenceId) -> Option<SymbolPath> {
    let reference = &view.facts.references[reference as usize];
    let imported = || {
        let [only] = &*reference.segments else { return None };
        let mut before = reference.bindings.iter().filter(|&&id| {
            let binding = view.binding(id);
            matches!(binding.kind, BindingKind::Import(_)) && binding.span.start < only.span.start
        });
        view.bound(*before.next_back()?)
    };
    let path = view.meaning(reference).or_else(imported).or_else(|| view.source(reference))?;
    Some(view.end_of(path, &SymbolPath::clone))
}

/// How another definition relates to the canonical one.
enum Relation {
    /// The same tokens, and something is said by them.
    Copy,
    /// A class that derives from the canonical one.
    Subclass,
    /// It hands on to the canonical one.
    Wrapper,
    /// A class with the same public members: so many.
    SameMembers(usize),
    /// A class with so many of the public members, and so many in all.
    SharedMembers(usize, usize),
    /// A class that derives from the same one: what they have in common is asked for there.
    Sibling,
    /// Only the name is the same.
    Unrelated,
}

impl std::fmt::Display for Relation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Copy => formatter.write_str("an exact copy"),
            Self::Subclass => formatter.write_str("a subclass of it"),
            Self::Wrapper => formatter.write_str("a thin wrapper of it"),
            Self::SameMembers(1) => formatter.write_str("with the same public member and another text"),
            Self::SameMembers(count) => {
                write!(formatter, "with the same {count} public members and another text")
            }
            Self::SharedMembers(shared, all) => {
                write!(formatter, "{shared} of {all} public members are the same")
            }
            Self::Sibling => formatter.write_str("both derive from the same class"),
            Self::Unrelated => formatter.write_str("nothing else is the same"),
        }
    }
}

fn relation(view: View<'_>, symbol: &Symbol<'_>, definition: &Definition) -> Relation {
    let canonical = symbol.definition;
    let leads_home = |&id: &ReferenceId| source(view, id).is_some_and(|end| symbol.origins.contains(&end));
    let says_something = definition.content != Content::Empty || !definition.bases.is_empty();
    let is_same_text = definition.digest.is_some() && definition.digest == canonical.digest;
    if is_same_text && says_something && has_same_bases(view, symbol, definition) {
        return Relation::Copy;
    }
    if definition.bases.iter().any(leads_home) {
        return Relation::Subclass;
    }
    if matches!(definition.content, Content::Wrapper(called) if leads_home(&called)) {
        return Relation::Wrapper;
    }
    let shared = definition.members.iter().filter(|member| canonical.members.contains(member)).count();
    let all = definition.members.len() + canonical.members.len() - shared;
    if has_same_base(view, symbol, definition) {
        return Relation::Sibling;
    }
    match shared {
        0 => Relation::Unrelated,
        _ if shared == all => Relation::SameMembers(shared),
        _ if shared >= FEWEST_SHARED && shared * 2 >= all => Relation::SharedMembers(shared, all),
        _ => Relation::Unrelated,
    }
}

/// Whether bases that are spelled alike are the same, as far as that is known.
fn has_same_bases(view: View<'_>, symbol: &Symbol<'_>, definition: &Definition) -> bool {
    let pairs = definition.bases.iter().zip(&symbol.definition.bases);
    pairs.into_iter().all(|(&one, &other)| match (source(view, one), source(symbol.home, other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    })
}

/// Whether a base of one is spelled like a base of the other.
fn has_same_base(view: View<'_>, symbol: &Symbol<'_>, definition: &Definition) -> bool {
    let name = |view: View<'_>, base: ReferenceId| {
        view.facts.references[base as usize].segments.last().map(|last| last.name.clone())
    };
    let known: Vec<_> = symbol.definition.bases.iter().map(|&base| name(symbol.home, base)).collect();
    definition.bases.iter().any(|&base| known.contains(&name(view, base)))
}

fn weight(relation: &Relation, is_legacy: bool, severity: Severity) -> (Severity, Certainty) {
    if is_legacy {
        return (severity, Certainty::Proved);
    }
    match relation {
        Relation::Copy => (severity, Certainty::Proved),
        Relation::SameMembers(_) => (severity, Certainty::Likely),
        Relation::Subclass | Relation::Wrapper => (severity.min(Severity::Warning), Certainty::Proved),
        Relation::SharedMembers(..) => (severity.min(Severity::Warning), Certainty::Guess),
        Relation::Sibling | Relation::Unrelated => (severity.min(Severity::Info), Certainty::Guess),
    }
}

fn help(relation: &Relation, is_legacy: bool, canonical: &SymbolPath) -> String {
    match relation {
        _ if is_legacy => format!("import `{canonical}` there and define nothing"),
        Relation::Sibling | Relation::Unrelated => {
            format!("rename it when it is something else, else import `{canonical}`")
        }
        _ => format!("import `{canonical}` in its place, or rename it when it is something else"),
    }
}
