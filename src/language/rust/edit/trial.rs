//! Facts for the tests of this folder, read from tokens: imports, modules and definitions of a small file.

use super::reader::Reader;
use super::tokens::{self, Token};
use super::tree::{End, Prefix, Tree};
use crate::language::{LanguageError, Surroundings};
use crate::model::{
    Addition, Binding, BindingKind, Block, Edition, FileChanges, FileFacts, FilePlan, Import, ImportForm,
    ItemChange, Language, Namespaces, Scope, ScopeKind, Segment, SourceFile, Span, Start, SymbolPath,
    Visibility,
};

/// The facts of `text` as far as the editor asks for them.
pub(super) fn facts(text: &str) -> FileFacts {
    let tokens = tokens::read(text);
    let mut facts = FileFacts { scopes: vec![Scope::module()], ..FileFacts::default() };
    let mut open: Vec<(u32, u32)> = vec![(0, 0)];
    let mut pending: Option<(ScopeKind, String)> = None;
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens[at].span.of(text);
        let (scope, block) = *open.last().unwrap();
        let next = tokens.get(at + 1).map_or("", |token| token.span.of(text));
        match word {
            "mod" | "fn" | "struct" | "enum" => {
                let kind = if word == "fn" { ScopeKind::Function } else { ScopeKind::Module };
                pending = Some((kind, next.to_owned()));
                let kind = if word == "mod" { BindingKind::Module(None) } else { BindingKind::Definition };
                bind(&mut facts, scope, next, kind);
            }
            ";" => pending = None,
            "{" => {
                let (kind, name) = pending.take().unwrap_or((ScopeKind::Function, String::new()));
                facts.scopes.push(Scope {
                    parent: Some(scope),
                    kind,
                    name: name.as_str().into(),
                    ..Scope::module()
                });
                open.push((facts.scopes.len() as u32 - 1, tokens[at].span.start));
            }
            "}" => {
                open.pop();
            }
            "use" | "extern" if word == "use" || next == "crate" => {
                at = statement(text, &tokens, at, scope, block, &mut facts);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    facts
}

fn bind(facts: &mut FileFacts, scope: u32, name: &str, kind: BindingKind) {
    facts.scopes[scope as usize].names.entry(name.into()).or_default().push(facts.bindings.len() as u32);
    let (namespaces, visibility) = (Namespaces::ALL, Visibility::Public);
    facts.bindings.push(Binding {
        name: name.into(),
        span: Span::default(),
        scope,
        kind,
        namespaces,
        visibility,
    });
}

fn statement(
    text: &str,
    tokens: &[Token],
    at: usize,
    scope: u32,
    block: u32,
    facts: &mut FileFacts,
) -> usize {
    let mut start = at;
    while start > 0 && ["pub", "(", ")", "crate", "super", "in"].contains(&tokens[start - 1].span.of(text)) {
        start -= 1;
    }
    let end = at + tokens[at..].iter().position(|token| token.is(text, ";")).unwrap();
    let span = Span::new(tokens[start].span.start, tokens[end].span.end);
    let mut import = |span_of: Span, path: Vec<Segment>, form: ImportForm, alias: Option<Segment>| {
        facts.imports.push(Import {
            visibility: crate::model::Visibility::Public,
            form,
            statement: span,
            block: Block(block),
            start: Start::ScopeOrTop,
            roots: Vec::new(),
            path,
            member: None,
            alias,
            span: span_of,
            binding: None,
            scope,
            type_checking: false,
            in_try: false,
        });
    };
    let segment = |token: Token| Segment { name: token.span.of(text).into(), span: token.span };
    if tokens[at].is(text, "extern") {
        let alias = tokens[at + 3].is(text, "as").then(|| segment(tokens[at + 4]));
        import(tokens[at + 2].span, vec![segment(tokens[at + 2])], ImportForm::Module, alias);
        return end + 1;
    }
    let tree = Reader { text, tokens, at: at + 1 }.tree(0);
    tree.unwrap_or_default().leaves(&Prefix::default(), &mut |leaf: &Tree, _| {
        let form = if matches!(leaf.end, End::Star) { ImportForm::Star } else { ImportForm::Member };
        import(leaf.source.unwrap_or(span), Vec::new(), form, None);
    });
    end + 1
}

/// What a test asks for.
#[derive(Debug, Default, Clone)]
pub(super) struct Wish {
    pub changes: FileChanges,
    pub edition: Edition,
    pub package: Option<&'static str>,
}

/// The import whose text (name and alias) is `leaf`; `leaf#2` is the second one.
fn find(text: &str, facts: &FileFacts, leaf: &str) -> u32 {
    let (leaf, number) =
        leaf.split_once('#').map_or((leaf, 1), |(leaf, number)| (leaf, number.parse().unwrap()));
    let mut found = (0..).zip(&facts.imports).filter(|(_, import)| {
        let written = import.span.of(text);
        written == leaf || written.ends_with(&format!("::{leaf}"))
    });
    found.nth(number - 1).unwrap_or_else(|| panic!("no import {leaf} in {text}")).0
}

/// Reads `A -> own::new::A; B -> own::x::B as B; - C; + D beside A`, applies it to `text`.
pub(super) fn apply_as(text: &str, script: &str, wish: Wish) -> Result<String, LanguageError> {
    let facts = facts(text);
    let mut changes = wish.changes.clone();
    let path = |text: &str| SymbolPath::new(Language::Rust, text.trim().split("::").collect::<Vec<_>>());
    let aliased = |text: &str| match text.trim().split_once(" as ") {
        Some((target, local)) => (path(target), Some(local.trim().to_owned())),
        None => (path(text), None),
    };
    let rule = "rule".to_owned();
    for line in script.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(leaf) = line.strip_prefix("- ") {
            changes.items.insert(find(text, &facts, leaf), ItemChange::Remove { rule: rule.clone() });
        } else if let Some(added) = line.strip_prefix("+ ") {
            let (what, beside) = added.split_once(" beside ").unwrap();
            let (target, alias) = aliased(what);
            let beside = find(text, &facts, beside);
            changes.additions.push(Addition {
                beside,
                target,
                whole_module: false,
                alias,
                rule: rule.clone(),
            });
        } else {
            let (leaf, to) = line.split_once(" -> ").unwrap();
            let (target, local) = aliased(to);
            let id = find(text, &facts, leaf);
            changes.items.insert(id, ItemChange::Move { target, local, rule: rule.clone() });
        }
    }
    finish(text, &facts, &changes, &wish)
}

fn finish(
    text: &str,
    facts: &FileFacts,
    changes: &FileChanges,
    wish: &Wish,
) -> Result<String, LanguageError> {
    let package = SymbolPath::new(Language::Rust, wish.package.unwrap_or("own").split("::"));
    let spell = |target: &SymbolPath| (&*target.segments()[0] != "lost").then(|| target.clone());
    let surroundings = Surroundings { package: Some(&package), edition: wish.edition, spell: &spell };
    let source = SourceFile::new("src/lib.rs", Language::Rust, text.to_owned());
    let edits = super::edits(&source, facts, &surroundings, changes)?;
    let plan = FilePlan::compose("src/lib.rs".into(), text.as_bytes(), text, edits).unwrap();
    Ok(String::from_utf8(plan.after().to_vec()).unwrap())
}

/// As [`apply_as`], in the root module of crate `own`.
pub(super) fn apply(text: &str, script: &str) -> String {
    apply_as(text, script, Wish::default()).unwrap()
}
