//! Many patterns in one walk over a text, and what their matches become.

use super::matching::{Captured, Correspondence, Matcher, StandsFor};
use super::shape::{Instead, Shape, shape};
use super::tree::{Kind, NodeId, Role, SyntaxTree};
use super::writing::Writer;
use super::{Pattern, Replaced};
use crate::language::FrontEnd;
use crate::model::{Span, SymbolPath};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Patterns of one language, each with the number by which its rule is known.
pub struct PatternSet<'run> {
    patterns: Vec<(usize, &'run Pattern)>,
}

/// A place where a pattern was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The number of its rule.
    pub rule: usize,
    /// All of it, in bytes.
    pub span: Span,
    pub(super) node: NodeId,
    pub(super) correspondence: Correspondence,
}

/// A match that is to be written anew.
pub struct Rewrite<'run> {
    /// The pattern.
    pub pattern: &'run Pattern,
    /// The match.
    pub found: &'run Found,
    /// How the paths of the replacement are spelled at this place.
    pub spelled: FxHashMap<NodeId, String>,
}

impl Found {
    /// The paths of the pattern, and where each is written.
    pub fn paths<'pattern>(
        &self,
        pattern: &'pattern Pattern,
        text: &SyntaxTree,
    ) -> Vec<(&'pattern SymbolPath, Span)> {
        let there = |(id, path): (&NodeId, &'pattern SymbolPath)| {
            let node = self.correspondence.nodes[*id as usize]?;
            Some((path, text.span(node)))
        };
        let mut paths: Vec<(&SymbolPath, Span)> = pattern.find.chains.iter().filter_map(there).collect();
        paths.sort_by_key(|(_, span)| *span);
        paths
    }
}

impl Found {
    /// The code that captures of one expression hold.
    pub fn captured<'text>(&self, text: &'text SyntaxTree) -> impl Iterator<Item = &'text str> {
        let nodes = self.correspondence.captured.iter().filter_map(|captured| match captured {
            Captured::Node(id) => Some(*id),
            Captured::Open | Captured::Text(_) | Captured::Items(_) => None,
        });
        nodes.map(|id| text.span(id).of(text.text()))
    }

    /// The names of the pattern that stand alone and mean what is there without an import, and where each is written.
    pub fn builtins<'pattern>(
        &self,
        pattern: &'pattern Pattern,
        text: &SyntaxTree,
    ) -> impl Iterator<Item = (&'pattern str, u32)> {
        let there = |(id, name): &'pattern (NodeId, Box<str>)| {
            let node = self.correspondence.nodes[*id as usize]?;
            Some((&**name, text.start(node)))
        };
        pattern.find.builtins.iter().filter_map(there)
    }
}

impl<'run> PatternSet<'run> {
    /// The set of `patterns`.
    pub fn new(patterns: impl IntoIterator<Item = (usize, &'run Pattern)>) -> Self {
        Self { patterns: patterns.into_iter().collect() }
    }

    /// Those of the matches that `found` holds which are still some when chains stand for less than they did then.
    pub fn search_again(&self, text: &SyntaxTree, found: &[Found], stands_for: &StandsFor<'_>) -> Vec<Found> {
        let patterns: FxHashMap<usize, &Pattern> = self.patterns.iter().copied().collect();
        let again = |found: &Found| {
            let pattern = patterns.get(&found.rule)?;
            pattern.find.may_begin(text, found.node, stands_for, &mut None).then_some(())?;
            pattern.attempt(found.rule, text, found.node, stands_for)
        };
        found.iter().filter_map(again).collect()
    }

    /// Every match in `text`, outer ones first.
    pub fn search(&self, text: &SyntaxTree, stands_for: &StandsFor<'_>) -> Vec<Found> {
        let mut by_kind: FxHashMap<u16, Vec<(usize, &Pattern)>> = FxHashMap::default();
        let mut paths: Vec<(usize, &Pattern)> = Vec::new();
        for &(rule, pattern) in &self.patterns {
            if pattern.find.chains.contains_key(&pattern.find.roots[0]) {
                paths.push((rule, pattern)); // A file may write it as one name.
                continue;
            }
            let code = pattern.find.tree.node(pattern.find.roots[0]).kind.code;
            by_kind.entry(code).or_default().push((rule, pattern));
        }
        let mut found = Vec::new();
        for node in 0..text.nodes.len() as NodeId {
            let kind = text.node(node).kind;
            let is_path = kind.is(Kind::LINK) && kind.role == Role::Expression;
            let paths = paths.iter().filter(|_| is_path);
            let mut chain = None;
            for &(rule, pattern) in by_kind.get(&kind.code).into_iter().flatten().chain(paths) {
                if !pattern.find.may_begin(text, node, stands_for, &mut chain) {
                    continue;
                }
                found.extend(pattern.attempt(rule, text, node, stands_for));
            }
        }
        found
    }
}

impl Pattern {
    fn attempt(
        &self,
        rule: usize,
        text: &SyntaxTree,
        node: NodeId,
        stands_for: &StandsFor<'_>,
    ) -> Option<Found> {
        let correspondence = Matcher::attempt(&self.find, text, node, self.captures.len(), stands_for)?;
        let found = Found { rule, span: text.span(node), node, correspondence };
        self.allows(text, &found.correspondence).then_some(found)
    }

    /// Whether the captures are as they must be.
    fn allows(&self, text: &SyntaxTree, found: &Correspondence) -> bool {
        self.constraints.iter().all(|(capture, regex)| match &found.captured[*capture] {
            Captured::Open => regex.is_match(""),
            Captured::Text(part) => regex.is_match(part),
            Captured::Node(id) => regex.is_match(text.span(*id).of(&text.text)),
            Captured::Items(items) => {
                let spans = items.iter().map(|&item| text.item_span(item));
                regex.is_match(spans.reduce(Span::cover).unwrap_or_default().of(&text.text))
            }
        })
    }
}

/// The edits of each match; none of them may lie in another one. Each has been tried: the text still parses, and it says what
/// it said before but for the matches, which say what their replacement says.
pub fn rewrite(
    front_end: &dyn FrontEnd,
    text: &SyntaxTree,
    matches: &[Rewrite<'_>],
) -> Vec<Result<Vec<Replaced>, String>> {
    let mut drafts: Vec<Draft> = matches.iter().map(|one| Draft::new(front_end, text, one, false)).collect();
    if !is_as_meant(front_end, text, &drafts) {
        for at in amiss(front_end, text, &drafts) {
            let draft = &mut drafts[at];
            *draft = Draft::new(front_end, text, &matches[at], true);
            if !is_as_meant(front_end, text, std::slice::from_ref(draft)) {
                draft.edits = Err(reason_against(front_end, text, draft));
            }
        }
        if !is_as_meant(front_end, text, &drafts) {
            let reason = "the results would say something else together";
            drafts.iter_mut().for_each(|draft| draft.edits = Err(reason.to_owned()));
        }
    }
    drafts.into_iter().map(|draft| draft.edits).collect()
}

/// Those of some drafts that are no good together which are no good alone. They are few as a rule: a part that is good is not
/// looked at any closer.
fn amiss(front_end: &dyn FrontEnd, text: &SyntaxTree, drafts: &[Draft]) -> Vec<usize> {
    let mut found = Vec::new();
    let halves = |part: Range<usize>| {
        let middle = part.start + part.len() / 2;
        [part.start..middle, middle..part.end].into_iter().filter(|half| !half.is_empty())
    };
    let mut parts: Vec<Range<usize>> = halves(0..drafts.len()).collect();
    while let Some(part) = parts.pop() {
        if is_as_meant(front_end, text, &drafts[part.clone()]) {
            continue;
        }
        match part.len() {
            1 => found.push(part.start),
            _ => parts.extend(halves(part)),
        }
    }
    found
}

/// What a match would become.
struct Draft {
    node: NodeId,
    edits: Result<Vec<Replaced>, String>,
    outcome: Option<Shape>,
}

impl Draft {
    fn new(front_end: &dyn FrontEnd, text: &SyntaxTree, one: &Rewrite<'_>, brackets: bool) -> Self {
        let Some(replace) = &one.pattern.replace else {
            let edits = Err("nothing is written instead".to_owned());
            return Self { node: one.found.node, edits, outcome: None };
        };
        let node = match one.pattern.makes_statement() {
            true => text.bare_statement(one.found.node).unwrap_or(one.found.node),
            false => one.found.node,
        };
        let writer = Writer {
            find: &one.pattern.find,
            replace,
            pattern: one.pattern,
            text,
            found: &one.found.correspondence,
            spelled: &one.spelled,
            brackets,
            edits: Vec::new(),
        };
        let outcome = writer.outcome(front_end);
        Self { node, edits: writer.write(), outcome }
    }
}

/// What is wrong with the result of a draft, and what may be done about it.
fn reason_against(front_end: &dyn FrontEnd, text: &SyntaxTree, draft: &Draft) -> String {
    let Ok(edits) = &draft.edits else { return "nothing can be written instead".to_owned() };
    let after = Replaced::apply(&text.text, edits);
    let whole = edits.iter().map(|edit| edit.span).fold(text.span(draft.node), Span::cover);
    let behind = text.text.len() - whole.end as usize;
    let written = after.as_ref().and_then(|after| after.get(whole.start as usize..after.len() - behind));
    let written = written.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let parses = after.is_some_and(|after| front_end.syntax(&after).is_ok());
    let what = if parses { "would be read as something else here" } else { "cannot stand here" };
    let has_block = written.split('!').skip(1).any(|behind| behind.trim_start().starts_with('{'));
    let help = match has_block {
        true => "call the macro with `( )`, since `{ }` ends a statement",
        false => "change this place by hand, or give `replace` a form that fits",
    };
    format!("`{written}` {what}: {help}")
}

/// Whether the text with all `drafts` carried out parses and has the shape that they should give it.
fn is_as_meant(front_end: &dyn FrontEnd, text: &SyntaxTree, drafts: &[Draft]) -> bool {
    let mut instead = Instead::default();
    let mut edits: Vec<&Replaced> = Vec::new();
    for draft in drafts {
        let Ok(own) = &draft.edits else { continue };
        let Some(outcome) = &draft.outcome else { return false };
        instead.nodes.insert(draft.node, outcome.clone());
        edits.extend(own);
    }
    let Some(after) = Replaced::apply(&text.text, edits) else { return false };
    let new = front_end.syntax(&after);
    new.is_ok_and(|new| shape(&new, 0, &Instead::default()) == shape(text, 0, &instead))
}
