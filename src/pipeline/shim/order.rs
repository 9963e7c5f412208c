//! What a shim is to hand on, made of the rules, the canonical modules, and the module that is there.

use super::place::Place;
use super::{Reason, Writer};
use crate::model::{
    HandedOn, Language, LineIndex, Name, Origin, ShimKind, ShimOrder, SourceFile, Span, SymbolPath,
};
use crate::rule::{RuleKind, ShimModule, ShimMove};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many things that would be lost are named.
const MOST_NAMED: usize = 4;

impl Writer<'_> {
    pub(super) fn order(&self, module: &ShimModule, place: &Place) -> Result<ShimOrder, Reason> {
        let names = self.spelled(self.names(module)?, module)?;
        if let Some(source) = &place.source {
            self.require_no_loss(module, source)?;
        }
        let graph = &self.project.graph;
        let kind = self.request.kind.unwrap_or_else(|| {
            let body = graph.body_of(&module.path, None);
            let is_alias = body.is_some_and(|body| body.stand_in().is_some());
            if is_alias { ShimKind::Alias } else { ShimKind::Lazy }
        });
        let mut times = names.iter().map(|handed| &handed.goes);
        let first = match &module.whole {
            Some(whole) => self.goes(whole),
            None => names.first().map(|handed| handed.goes.clone()).unwrap_or_default(),
        };
        Ok(ShimOrder {
            path: module.path.clone(),
            kind,
            whole: module.whole.as_ref().map(|whole| whole.target.clone()),
            goes: if times.all(|goes| *goes == first) { first } else { String::new() },
            pattern: self.pattern(&names),
            names,
            present: place.source.clone(),
        })
    }

    /// The text of a canonical module.
    fn pattern(&self, names: &[HandedOn]) -> Option<Arc<SourceFile>> {
        let modules = self.project.graph.modules();
        let files = names.iter().filter_map(|handed| modules.module(modules.find(&handed.home, None)?).file);
        files.filter_map(|file| self.text(file).ok()).next()
    }

    fn goes(&self, to: &ShimMove) -> String {
        self.project.rules.rules[to.rule].goes()
    }

    /// Every name that is known, sorted.
    fn names(&self, module: &ShimModule) -> Result<Vec<HandedOn>, Reason> {
        let graph = &self.project.graph;
        let mut moves: BTreeMap<Name, ShimMove> = BTreeMap::new();
        if let Some(whole) = &module.whole {
            self.require_existing(&whole.target)?;
            let present = graph.handed_on(&module.path).into_iter().map(str::to_owned);
            for name in graph.public_names(&whole.target).into_iter().chain(present) {
                let target = whole.target.join([&name]);
                let is_item = module.path.language() == Language::Rust || !self.is_module(&target);
                if graph.exists(&target, None) != Some(false) && is_item {
                    moves.insert(name.into(), ShimMove { rule: whole.rule, target });
                }
            }
        }
        let names = module.names.iter().filter(|(name, to)| !self.is_of_another(module, name, to));
        moves.extend(names.map(|(name, to)| (name.clone(), to.clone())));
        moves.into_iter().map(|(name, to)| self.handed_on(name, &to)).collect()
    }

    /// True for a name that a `[[module]]` rule renames in another one of its legacy modules: this one never had it.
    fn is_of_another(&self, module: &ShimModule, name: &str, to: &ShimMove) -> bool {
        let graph = &self.project.graph;
        let is_of_module = self.project.rules.rules[to.rule].kind == RuleKind::Module;
        let body = graph.body_of(&module.path, None).filter(|_| is_of_module);
        let is_missing = graph.exists(&module.path.join([name]), None) == Some(false);
        // A shim hands on what nothing else in it says.
        body.is_some_and(|body| is_missing || body.bindings(name).is_empty() && body.stand_in().is_some())
    }

    /// The same names, by paths that the module can write.
    fn spelled(&self, mut names: Vec<HandedOn>, module: &ShimModule) -> Result<Vec<HandedOn>, Reason> {
        let modules = self.project.graph.modules();
        let file = modules.find(&module.path, None).and_then(|id| modules.module(id).file);
        let Some(file) = file.filter(|_| module.path.language() == Language::Rust) else { return Ok(names) };
        for handed in &mut names {
            let home = modules.spelled_in(&handed.home, file);
            let home =
                home.ok_or_else(|| format!("its package does not depend on `{}`", handed.home.prefix(1)))?;
            handed.home = home;
            handed.origin = handed.origin.take().and_then(|origin| {
                Some(Origin { module: modules.spelled_in(&origin.module, file)?, ..origin })
            });
        }
        Ok(names)
    }

    fn is_module(&self, path: &SymbolPath) -> bool {
        self.project.graph.modules().find(path, None).is_some()
    }

    fn handed_on(&self, name: Name, to: &ShimMove) -> Result<HandedOn, Reason> {
        let target = &to.target;
        self.require_existing(target)?;
        let modules = self.project.graph.modules();
        let count = modules.longest(target, None).map_or(target.len() - 1, |(_, count)| count);
        if count + 1 != target.len() || count == 0 {
            return Err(format!("`{target}` is not a name of a module"));
        }
        let (home, goes) = (target.prefix(count), self.goes(to));
        let origin = self.origin(target);
        Ok(HandedOn { name, home, target: target.name().into(), goes, origin })
    }

    /// Where something is defined; `None` for what nobody sees.
    fn origin(&self, path: &SymbolPath) -> Option<Origin> {
        let graph = &self.project.graph;
        let (body, _) = graph.body(path, None)?;
        let end = body.view.end_of(path.clone(), &SymbolPath::clone);
        let (body, count) = graph.body(&end, None)?;
        let parent = end.parent()?;
        // A module is defined by its name in the one around it.
        let (body, count) = if count == end.len() { graph.body(&parent, None)? } else { (body, count) };
        let inner = body.view.facts.inner_modules(body.scope).into_iter().map(Name::from).collect();
        let source = self.text(body.view.file).ok()?;
        (count + 1 == end.len()).then(|| Origin { source, inner, module: parent, name: end.name().into() })
    }

    fn require_existing(&self, path: &SymbolPath) -> Result<(), Reason> {
        match self.project.graph.exists(path, None) {
            Some(false) => {
                Err(format!("its canonical path `{path}` does not exist: move the symbol there first"))
            }
            _ => Ok(()),
        }
    }

    /// A shim must not take the place of anything that is nowhere else.
    fn require_no_loss(&self, module: &ShimModule, source: &SourceFile) -> Result<(), Reason> {
        let graph = &self.project.graph;
        let whole = module.whole.as_ref().map(|whole| &whole.target);
        let home = |name: &str| match module.names.get(name) {
            Some(to) => Some(to.target.clone()),
            None => {
                let target = whole?.join([name]);
                (graph.exists(&target, None) != Some(false)).then_some(target)
            }
        };
        let lost = graph.losses(&module.path, &home, whole, &self.project.declared);
        if lost.is_empty() {
            return Ok(());
        }
        let lines = LineIndex::new(source.text());
        let told = |(what, span): &(String, Span)| format!("it {what} (line {})", lines.row(span.start));
        let mut named: Vec<String> = lost.iter().take(MOST_NAMED).map(told).collect();
        if lost.len() > MOST_NAMED {
            named.push(format!("and {} more", lost.len() - MOST_NAMED));
        }
        Err(format!("something would be lost: {}", named.join(", ")))
    }
}
