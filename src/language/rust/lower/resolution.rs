//! The second pass: looks up what every use may mean, once all names are known.

use super::places::Word;
use super::{Lowering, ReferenceId};
use crate::model::{
    Access, Binding, BindingId, BindingKind, Bindings, Import, Namespaces, Place, Reference, Scope, ScopeId,
    ScopeKind, Segments, Span, Start, Visibility,
};
use rustc_hash::FxHashMap;
use smallvec::smallvec;

/// What the first segment of a reference is looked up as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    /// Where to look.
    pub first: Namespaces,
    /// Where to look when nothing is there: a lone name between `<` and `>` may be a constant.
    pub second: Option<Namespaces>,
}

impl Want {
    /// A type, trait or module.
    pub const TYPE: Self = Self::one(Namespaces::TYPE);
    /// A value.
    pub const VALUE: Self = Self::one(Namespaces::VALUE);
    /// A macro, attribute or derive.
    pub const MACRO: Self = Self::one(Namespaces::MACRO);
    /// Anything.
    pub const ANY: Self = Self::one(Namespaces::ALL);
    /// A type, else a constant.
    pub const ARGUMENT: Self = Self { first: Namespaces::TYPE, second: Some(Namespaces::VALUE) };

    const fn one(first: Namespaces) -> Self {
        Self { first, second: None }
    }
}

/// A capitalised name in a pattern that always matches.
#[derive(Debug)]
pub(super) struct Undecided {
    /// The name.
    pub span: Span,
    /// Where it is looked up, and bound when no item has the name.
    pub scope: ScopeId,
}

impl<'a> Lowering<'a> {
    /// Adds a reference from the present scope; it is looked up later.
    pub(super) fn refer(
        &mut self,
        start: Start,
        segments: Segments,
        place: Place,
        want: Want,
    ) -> ReferenceId {
        let (access, bindings, scope) = (Access::Read, Bindings::new(), self.scope);
        let want = if segments.len() > 1 { Want::TYPE } else { want };
        self.mention(segments[0].span);
        self.facts.references.push(Reference {
            start,
            segments,
            scope,
            bindings,
            access,
            place,
            in_try: false,
        });
        self.wants.push(want);
        self.facts.references.len() as ReferenceId - 1
    }

    fn mention(&mut self, span: Span) {
        let count = self.facts.references.len() as ReferenceId + 1;
        let word = span.of(self.text);
        self.mentions.insert(word.strip_prefix("r#").unwrap_or(word), count);
    }

    /// Looks everything up and puts the lists in source order.
    pub(super) fn resolve(&mut self) {
        self.decide();
        self.sort_bindings();
        self.sort_references();
        let facts = &mut self.facts;
        let tree = ScopeTree::new(&facts.scopes);
        let index = Index::new(&facts.bindings);
        for (reference, want) in facts.references.iter_mut().zip(&self.wants) {
            if matches!(reference.start, Start::Scope | Start::ScopeOrTop) {
                let name = &*reference.segments[0].name;
                reference.bindings = index.find(&tree, name, reference.scope, want.first, None);
                if let Some(second) = want.second.filter(|_| reference.bindings.is_empty()) {
                    reference.bindings = index.find(&tree, name, reference.scope, second, None);
                }
            }
        }
        for import in &mut facts.imports {
            import.roots = roots(&tree, &index, import);
        }
    }

    /// Decides about capitalised names in patterns that always match: `let Unit = x;` or `let N = x;`.
    fn decide(&mut self) {
        if self.undecided.is_empty() {
            return;
        }
        let mut constants: FxHashMap<&str, Vec<ScopeId>> = FxHashMap::default();
        for binding in &self.facts.bindings {
            let is_item = matches!(binding.kind, BindingKind::Import(_) | BindingKind::Definition);
            if is_item && binding.namespaces.meets(Namespaces::VALUE) {
                constants.entry(&binding.name).or_default().push(binding.scope);
            }
        }
        let mut chosen = Vec::new();
        let undecided = std::mem::take(&mut self.undecided);
        for case in &undecided {
            let word = Word::at(self.text, case.span.start);
            let scopes = constants.get(word.text);
            let sees = |&scope: &ScopeId| {
                self.facts.encloses(scope, case.scope)
                    && self.facts.module_scope(scope) == self.facts.module_scope(case.scope)
            };
            chosen.push(scopes.is_some_and(|scopes| scopes.iter().any(sees)));
        }
        for (case, is_constant) in undecided.iter().zip(chosen) {
            let word = Word::at(self.text, case.span.start);
            self.scope = case.scope;
            if is_constant {
                self.refer(Start::Scope, smallvec![word.segment()], Place::Code, Want::VALUE);
            } else {
                self.bind_value(word, Namespaces::VALUE);
            }
        }
    }

    fn sort_bindings(&mut self) {
        let facts = &mut self.facts;
        let key = |binding: &Binding| (binding.span.start, binding.span.end);
        if facts.bindings.is_sorted_by_key(key) {
            return;
        }
        let mut numbered: Vec<(BindingId, Binding)> =
            (0..).zip(std::mem::take(&mut facts.bindings)).collect();
        numbered.sort_by_key(|(_, binding)| key(binding));
        let places = places(numbered.iter().map(|(old, _)| *old));
        facts.bindings = numbered.into_iter().map(|(_, binding)| binding).collect();
        for scope in &mut facts.scopes {
            for ids in scope.names.values_mut() {
                ids.iter_mut().for_each(|id| *id = places[*id as usize]);
                ids.sort_unstable();
            }
        }
        for import in &mut facts.imports {
            import.binding = import.binding.map(|id| places[id as usize]);
        }
        for definition in &mut facts.definitions {
            definition.binding = places[definition.binding as usize];
        }
    }

    fn sort_references(&mut self) {
        let facts = &mut self.facts;
        let key = |reference: &Reference| reference.segments[0].span.start;
        if facts.references.is_sorted_by_key(key) {
            return;
        }
        let wants = std::mem::take(&mut self.wants);
        let references = std::mem::take(&mut facts.references);
        let mut numbered: Vec<(ReferenceId, (Reference, Want))> =
            (0..).zip(references.into_iter().zip(wants)).collect();
        numbered.sort_by_key(|(_, (reference, _))| key(reference));
        let places = places(numbered.iter().map(|(old, _)| *old));
        (facts.references, self.wants) = numbered.into_iter().map(|(_, pair)| pair).unzip();
        for binding in &mut facts.bindings {
            if let BindingKind::Alias(reference) = &mut binding.kind {
                *reference = places[*reference as usize];
            }
        }
        facts.renumber_sources(|reference| places[reference as usize]);
    }
}

/// For each old number its new one.
fn places(old: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let mut places = vec![0; old.len()];
    for (new, old) in (0..).zip(old) {
        places[old as usize] = new;
    }
    places
}

/// What the first name of an import may mean beside itself.
fn roots(tree: &ScopeTree, index: &Index<'_>, import: &Import) -> Bindings {
    let own = import.binding;
    match (import.start, import.path.first(), &import.member) {
        (Start::ScopeOrTop, Some(first), _) => {
            index.find(tree, &first.name, import.scope, Namespaces::TYPE, own)
        }
        (Start::ScopeOrTop, None, Some(member)) => {
            index.find(tree, &member.name, import.scope, Namespaces::ALL, own)
        }
        _ => Bindings::new(),
    }
}

/// The scopes as intervals of their numbers: parents come before children.
struct ScopeTree {
    /// For each scope the last scope inside it.
    last: Vec<ScopeId>,
    /// For each scope the module scope around it.
    module: Vec<ScopeId>,
}

impl ScopeTree {
    fn new(scopes: &[Scope]) -> Self {
        let mut last: Vec<ScopeId> = (0..scopes.len() as ScopeId).collect();
        let mut module = last.clone();
        for (id, scope) in scopes.iter().enumerate() {
            if let Some(parent) = scope.parent.filter(|_| scope.kind != ScopeKind::Module) {
                module[id] = module[parent as usize];
            }
        }
        for (id, scope) in scopes.iter().enumerate().rev() {
            if let Some(parent) = scope.parent {
                last[parent as usize] = last[parent as usize].max(last[id]);
            }
        }
        Self { last, module }
    }

    /// True when a name of `outer` is visible in `inner` if nothing hides it.
    fn sees(&self, inner: ScopeId, outer: ScopeId) -> bool {
        outer <= inner
            && inner <= self.last[outer as usize]
            && self.module[outer as usize] == self.module[inner as usize]
    }
}

/// The bindings of each name, by scope.
struct Index<'a> {
    by_name: FxHashMap<&'a str, Vec<Entry>>,
}

struct Entry {
    scope: ScopeId,
    binding: BindingId,
    namespaces: Namespaces,
}

impl<'a> Index<'a> {
    fn new(bindings: &'a [Binding]) -> Self {
        let mut by_name: FxHashMap<&'a str, Vec<Entry>> = FxHashMap::default();
        for (id, binding) in (0..).zip(bindings) {
            let entry = Entry { scope: binding.scope, binding: id, namespaces: binding.namespaces };
            by_name.entry(&binding.name).or_default().push(entry);
        }
        by_name.values_mut().for_each(|list| list.sort_by_key(|entry| (entry.scope, entry.binding)));
        Self { by_name }
    }

    /// The bindings that `name` may mean in `scope`: those of the innermost scope that has one in the namespaces.
    fn find(
        &self,
        tree: &ScopeTree,
        name: &str,
        scope: ScopeId,
        wanted: Namespaces,
        except: Option<BindingId>,
    ) -> Bindings {
        let Some(list) = self.by_name.get(name) else { return Bindings::new() };
        let behind = list.partition_point(|entry| entry.scope <= scope);
        let mut seen = list[..behind].iter().rev().filter(|entry| {
            entry.namespaces.meets(wanted) && Some(entry.binding) != except && tree.sees(scope, entry.scope)
        });
        let Some(nearest) = seen.next() else { return Bindings::new() };
        let mut found: Bindings = smallvec![nearest.binding];
        found.extend(seen.take_while(|entry| entry.scope == nearest.scope).map(|entry| entry.binding));
        found.reverse();
        found
    }
}

/// Who may read a name without `pub`.
pub(super) const PRIVATE: Visibility = Visibility::Around(0);

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{binds, facts, refers};
    use crate::model::BindingKind;

    #[test]
    fn items_count_in_their_whole_scope_and_no_module_further() {
        refers("fn f() { g() } fn g() {}", "g <item");
        refers("fn f() { g(); fn g() {} }", "g <item@f");
        refers("use a::g; mod m { fn f() { g() } }", "g");
        refers("mod m { fn f() { g() } fn g() {} }", "g <item@m");
        refers("fn f() { use a::b; b() } fn h() { b() }", "b <import@f; b");
    }

    #[test]
    fn names_of_a_let_count_from_there_on() {
        refers("use a::x; fn f() { x; let x = x; x }", "x <import; x <import; x <value@f");
        refers("use a::x; fn f() { let x = 1; let x = x; }", "x <value@f");
        refers("use a::x; fn f() { { let x = 1; x } x }", "x <value@f; x <import");
        refers("use a::x; fn f(x: u8) { x }", "x <value@f");
        refers("use a::x; fn f() { |x| x; x }", "x <value@f; x <import");
        refers("use a::x; fn f() { for x in x { x } x }", "x <import; x <value@f; x <import");
    }

    #[test]
    fn names_of_a_condition_count_in_its_block() {
        refers(
            "fn f(x: u8) { if let Some(y) = x && y { y } else { y } }",
            "Some; x <value@f; y <value@f; y <value@f; y",
        );
        refers("fn f() { while let A(y) = b() { y } y }", "A; b; y <value@f; y");
        refers("fn f() { match a { B(y) if y => y, y => y } }", "a; B; y <value@f; y <value@f; y <value@f");
    }

    #[test]
    fn each_namespace_has_names_of_its_own() {
        refers("struct S { x: u8 } fn f() { S; S {} ; let s: S; S!() }", "S; S <item; S <item; S");
        refers("struct S; fn f() { S; let s: S; }", "S <item; S <item");
        refers("mod a {} fn f() { let a = 1; a; a::b }", "a <value@f; a::b <module");
        refers("use x::S; fn S() {} fn f() { S; let s: S; }", "S <import|item; S <import");
        refers("macro_rules! m { () => {} } fn f() { m!(); m }", "m <item; m");
    }

    #[test]
    fn generics_hide_items() {
        refers(
            "use a::T; fn f<T>(x: T) {} struct S<T>(T); fn g(x: T) {}",
            "T <value@f; T <value@inner; T <import",
        );
        refers("const N: u8 = 1; fn f<const N: u8>() -> [u8; N] { A::<N> }", "N <value@f; A; N <value@f");
        refers("use a::N; struct S(X<N>); const M: u8 = 1; struct R(X<M>);", "X; N <import; X; M <item");
    }

    #[test]
    fn capitalised_names_in_patterns_are_constants() {
        refers(
            "const A: u8 = 1; fn f(x: u8) { match x { A => 1, B => 2, b => b } }",
            "x <value@f; A <item; B; b <value@f",
        );
        refers("struct U; fn f() { let U = g(); let V = 1; U; V }", "U <item; g; U <item; V <value@f");
        refers("fn f(A: u8) { let (B, c) = A; B }", "A <value@f; B <value@f");
    }

    #[test]
    fn ids_hold_after_sorting() {
        let text = "fn f() { let X = |y| y; } use a::B; type C = B; /// [`B`]\nfn g() { C }";
        let facts = facts(text);
        let alias = facts.bindings.iter().find_map(|binding| match binding.kind {
            BindingKind::Alias(reference) => Some(&facts.references[reference as usize]),
            _ => None,
        });
        assert_eq!(&*alias.unwrap().segments[0].name, "B");
        let import = facts.imports[0].binding.unwrap();
        assert_eq!(&*facts.bindings[import as usize].name, "B");
        binds(text, "f item V; X value@f V; y value@f V; B import TVM; C alias B T; g item V");
    }
}
