//! CPython's `symtable` agrees with our scopes: over the standard library of the `python3` on the PATH.
//!
//! `ORACLE_EVERY=1` compares every file instead of a sample.

use serde::Deserialize;
use ssot_lint::language::{FrontEnd, python::Python};
use ssot_lint::model::{Edition, FileFacts, Language, ScopeId, ScopeKind, SourceFile};
use std::collections::BTreeMap;
use std::process::Command;

/// Prints one JSON line for each file, a [`File`].
const SCRIPT: &str = r#"
import json, os, symtable, sys, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)

def status(symbol):
    if symbol.is_free():
        return "free"
    return "local" if symbol.is_local() else "global"

def tree(table):
    kind = str(getattr(table.get_type(), "value", table.get_type()))
    name = table.get_name() if kind != "module" else ""
    symbols = {s.get_name(): status(s) for s in table.get_symbols()}
    return {"kind": kind, "name": name, "symbols": symbols, "inside": [tree(t) for t in inside(table)]}

def inside(table):
    # The scopes of annotations, bounds and type aliases (PEP 649, 695) are not scopes of ours: no name is bound there.
    for child in table.get_children():
        kind = str(getattr(child.get_type(), "value", child.get_type()))
        if kind in ("annotation", "TypeVar bound", "type variable", "type alias"):
            yield from inside(child)
        else:
            yield child

root = os.path.dirname(os.__file__)
files = sorted(
    os.path.join(folder, name)
    for folder, _, names in os.walk(root) if "site-packages" not in folder
    for name in names if name.endswith(".py")
)
every = int(sys.argv[1]) or max(10, -(-len(files) // 150))
for file in files[::every]:
    try:
        with open(file, "rb") as source:
            table = symtable.symtable(source.read(), file, "exec")
    except Exception:
        continue
    print(json.dumps({"file": file, "inlines": sys.version_info >= (3, 12), "tree": tree(table)}))
"#;

/// Names that CPython makes up for itself.
const HIDDEN: &[&str] = &["__class__", "__classdict__", "__conditional_annotations__", "__type_params__"];
/// What CPython calls comprehensions and lambdas.
const NAMELESS: &[&str] = &["lambda", "listcomp", "setcomp", "dictcomp", "genexpr"];

/// What CPython says of one file.
#[derive(Deserialize)]
struct File {
    file: String,
    /// Comprehensions are no scopes of their own (PEP 709).
    inlines: bool,
    tree: Table,
}

/// A scope of CPython's.
#[derive(Deserialize)]
struct Table {
    kind: String,
    name: String,
    /// Each name with `local`, `global` or `free`.
    symbols: BTreeMap<String, String>,
    inside: Vec<Table>,
}

#[test]
fn scopes_agree_with_symtable() {
    let every = std::env::var("ORACLE_EVERY").unwrap_or_else(|_| "0".into());
    let output = match Command::new("python3").args(["-c", SCRIPT, &every]).output() {
        Ok(output) if output.status.success() => output,
        _ => return println!("skipped: there is no python3 that can run the oracle"),
    };
    let mut comparison = Comparison::default();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let file: File = serde_json::from_str(line).unwrap();
        comparison.file(&file);
    }
    println!("{} files, {} scopes, {} skipped", comparison.files, comparison.scopes, comparison.skipped);
    assert!(comparison.files > 50, "the sample is too small to mean anything");
    assert!(comparison.mismatches.is_empty(), "{}", comparison.mismatches.join("\n"));
}

#[derive(Default)]
struct Comparison {
    files: usize,
    scopes: usize,
    skipped: usize,
    mismatches: Vec<String>,
}

impl Comparison {
    fn file(&mut self, file: &File) {
        let path = file.file.as_str();
        // A file in another encoding is not read by us as it stands.
        let Ok(text) = std::fs::read_to_string(path) else { return self.skipped += 1 };
        let facts = Python.lower(&SourceFile::new(path, Language::Python, text), Edition::Current, None);
        assert_eq!(facts.errors, [], "{path}");
        self.files += 1;
        let mut found = Vec::new();
        compare(&facts, 0, &file.tree, file.inlines, &mut found);
        self.scopes += facts.scopes.len();
        self.mismatches.extend(found.into_iter().map(|text| format!("{path}: {text}")));
    }
}

/// Compares a scope and everything inside. Siblings of one name are paired by what they hold: CPython makes
/// scopes in the order of evaluation, we in the order of the text.
fn compare(facts: &FileFacts, scope: ScopeId, table: &Table, inlines: bool, found: &mut Vec<String>) {
    if scope == 0 {
        found.extend(difference(facts, scope, table, inlines));
    }
    let mut open = inner_scopes(facts, scope, inlines);
    for child in &table.inside {
        let rank = |&at: &ScopeId| {
            if !same_header(facts, at, child) {
                return None;
            }
            let mut inner = difference(facts, at, child, inlines);
            compare(facts, at, child, inlines, &mut inner);
            Some(inner)
        };
        let best = open.iter().enumerate().filter_map(|(index, at)| Some((index, rank(at)?)));
        let mut closest: Option<(usize, Vec<String>)> = None;
        for (index, inner) in best {
            let is_equal = inner.is_empty();
            if closest.as_ref().is_none_or(|(_, known)| inner.len() < known.len()) {
                closest = Some((index, inner));
            }
            if is_equal {
                break;
            }
        }
        match closest {
            Some((index, inner)) => {
                found.extend(inner);
                open.remove(index);
            }
            None => found.push(format!("no scope for {}", child.name)),
        }
    }
    let is_inlined = |at: ScopeId| inlines && is_nameless(facts, at);
    let alone = open.iter().filter(|&&at| !is_inlined(at));
    found.extend(alone.map(|&at| format!("scope {:?} is ours alone", facts.qualified_scope(at))));
}

/// The scopes directly inside. Since 3.12 comprehensions are part of the scope around (PEP 709), and what they hold
/// is listed there.
fn inner_scopes(facts: &FileFacts, scope: ScopeId, inlines: bool) -> Vec<ScopeId> {
    let all = 0..facts.scopes.len() as ScopeId;
    let mut found: Vec<ScopeId> = all.filter(|&at| facts.scopes[at as usize].parent == Some(scope)).collect();
    let nameless = found.iter().filter(|&&at| inlines && is_nameless(facts, at));
    let deeper: Vec<ScopeId> = nameless.flat_map(|&at| inner_scopes(facts, at, inlines)).collect();
    found.extend(deeper);
    found
}

/// A lambda or comprehension.
fn is_nameless(facts: &FileFacts, scope: ScopeId) -> bool {
    let scope = &facts.scopes[scope as usize];
    scope.name.is_empty() && scope.kind == ScopeKind::Function
}

fn same_header(facts: &FileFacts, scope: ScopeId, table: &Table) -> bool {
    let scope = &facts.scopes[scope as usize];
    let name = &*table.name;
    match &*table.kind {
        "class" => scope.kind == ScopeKind::Class && *scope.name == *name,
        "function" => {
            let is_nameless = scope.name.is_empty() && NAMELESS.contains(&name);
            scope.kind == ScopeKind::Function && (*scope.name == *name || is_nameless)
        }
        _ => scope.kind == ScopeKind::TypeParameters,
    }
}

/// Names whose meaning differs, and names that we bind and CPython does not.
fn difference(facts: &FileFacts, scope: ScopeId, table: &Table, inlines: bool) -> Vec<String> {
    let symbols = &table.symbols;
    let own = &facts.scopes[scope as usize];
    let at = facts.qualified_scope(scope);
    let mut found = Vec::new();
    for (name, theirs) in symbols.iter().filter(|(name, _)| is_real(name)) {
        let ours = meaning(facts, scope, name);
        // Since 3.12 the names of a comprehension are listed in the scope around as well (PEP 709).
        let is_inlined = inlines && theirs == "local" && is_bound_in_comprehension(facts, scope, name);
        // A module also owns what functions declare `global`; CPython does not call that local.
        let is_from_inside = scope == 0 && theirs == "global";
        if theirs != ours && !is_inlined && !is_from_inside {
            found.push(format!("{at:?}: {name} is {theirs}, not {ours}"));
        }
    }
    let alone = own.names.keys().filter(|name| scope != 0 && !symbols.contains_key(&***name));
    found.extend(alone.map(|name| format!("{at:?}: {name} is bound by us alone")));
    found
}

fn is_real(name: &str) -> bool {
    !name.starts_with('.') && !HIDDEN.contains(&name)
}

fn meaning(facts: &FileFacts, scope: ScopeId, name: &str) -> &'static str {
    match facts.lookup(scope, name) {
        Some((owner, _)) if owner == scope => "local",
        Some((0, _)) | None => "global",
        Some(_) => "free",
    }
}

fn is_bound_in_comprehension(facts: &FileFacts, scope: ScopeId, name: &str) -> bool {
    let inner = inner_scopes(facts, scope, true);
    inner
        .iter()
        .map(|&at| &facts.scopes[at as usize])
        .any(|at| at.name.is_empty() && at.names.contains_key(name))
}
