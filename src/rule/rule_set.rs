//! The rules in force, and the paths that they declare.

use crate::graph::{Declared, DeclaredPaths, DeprecatedPath, ModuleIndex, Origin, Policy, Standing};
use crate::model::{Excerpt, Language, Location, PathKind, Severity, Span, SymbolPath};
use globset::GlobSet;
use jiff::civil::Date;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// All rules of a project, in the order of the configuration.
#[derive(Debug, Default, Clone)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Severities by path, the last match wins.
    pub overrides: Vec<Override>,
    /// Paths that stay as they are although a shorter one is legacy.
    pub stops: Vec<SymbolPath>,
    /// What is canonical where no rule speaks of a symbol; each with its rule.
    pub policies: Vec<Policy>,
}

/// One rule: some paths, and the one to write instead.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Unique name.
    pub id: String,
    /// The path that is wanted.
    pub canonical: SymbolPath,
    /// Legacy paths, each with the final path that replaces it (chains of rules are followed).
    pub moves: Vec<(SymbolPath, SymbolPath)>,
    /// Paths that are allowed besides.
    pub facades: Vec<SymbolPath>,
    /// What it speaks of.
    pub kind: RuleKind,
    /// The pattern of a usage.
    pub usage: Option<WrittenUsage>,
    /// True when local names stay as they are (`local-name = "keep"`).
    pub keeps_local_name: bool,
    /// What the team wants people to know.
    pub message: Option<String>,
    /// How much a finding of the rule matters today.
    pub severity: Severity,
    /// What a message says of its dates, beginning with a comma; empty without any.
    pub dates: String,
    /// False when no comment may hide a finding of the rule.
    pub is_suppressible: bool,
    /// The day from which its shims should be gone.
    pub remove_on: Option<Date>,
    /// The version of the project from which on they should be.
    pub removed_in: Option<String>,
    /// The version of the project, when it is that one or a later one.
    pub reached: Option<String>,
    /// Where the canonical path is written in the configuration.
    pub place: RulePlace,
}

/// A pattern of code as it is written.
#[derive(Debug, Clone)]
pub struct WrittenUsage {
    /// What is looked for.
    pub find: String,
    /// What is written instead.
    pub replace: Option<String>,
}

/// What a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// One symbol.
    Symbol,
    /// A module and all its names.
    Module,
    /// A path that the code itself calls deprecated: nothing else is asked of it.
    Learned,
    /// Everything that some packages define; the canonical path is the part that all their names have in common.
    Policy,
    /// Code that a pattern describes; the canonical path is the first path in it, or stands for it.
    Usage,
}

/// Where a rule stands.
#[derive(Debug, Clone, Default)]
pub struct RulePlace {
    /// The configuration file, relative to the project root where it lies inside.
    pub file: Arc<str>,
    /// The canonical path in it, in bytes.
    pub span: Span,
    /// The same for people.
    pub location: Option<Location>,
    /// The line.
    pub excerpt: Excerpt,
}

/// A severity for some paths.
#[derive(Debug, Clone)]
pub struct Override {
    /// Which files, by path relative to the project root.
    pub paths: GlobSet,
    /// Which rules; empty for all.
    pub rules: FxHashSet<String>,
    /// What the severity becomes.
    pub severity: Severity,
}

impl RuleSet {
    /// The declared paths of all rules, under the canonical spelling that `modules` knows.
    pub fn declare(&self, modules: &ModuleIndex) -> DeclaredPaths {
        let mut declared = DeclaredPaths::default();
        for (index, rule) in self.rules.iter().enumerate() {
            for (from, to) in &rule.moves {
                let (from, to) = (modules.canonical(from.clone(), None), modules.canonical(to.clone(), None));
                let kind = rule.kind_of(&to, modules);
                let (standing, origin) = (Standing::Legacy(to), rule.origin());
                declared.declare(&from, Declared { rule: Some(index), standing, kind, origin });
            }
        }
        // A path that is legacy in any rule stays legacy: chains of rules end at the last canonical path.
        let allowed = self.rules.iter().enumerate().filter(|(_, rule)| rule.kind.is_of_paths());
        for (index, rule) in allowed {
            let mut allow = |path: &SymbolPath, standing: Standing| {
                let path = modules.canonical(path.clone(), None);
                let kind = rule.kind_of(&path, modules);
                declared
                    .declare(&path, Declared { rule: Some(index), standing, kind, origin: rule.origin() });
            };
            allow(&rule.canonical, Standing::Canonical);
            rule.facades.iter().for_each(|facade| allow(facade, Standing::Facade));
        }
        for stop in &self.stops {
            let path = modules.canonical(stop.clone(), None);
            declared.declare(
                &path,
                Declared {
                    rule: None,
                    standing: Standing::Facade,
                    kind: PathKind::Unknown,
                    origin: Origin::Rule,
                },
            );
        }
        self.declare_symbols(modules, &mut declared);
        declared.declare_policies(self.policies.clone());
        declared
    }

    /// What symbols with a rule of their own are known as: other paths to them are bypasses.
    fn declare_symbols(&self, modules: &ModuleIndex, declared: &mut DeclaredPaths) {
        let of_symbols = || self.rules.iter().enumerate().filter(|(_, rule)| rule.is_of_symbol());
        let mut declare = |rule: usize, path: &SymbolPath, is_canonical: bool| {
            declared.declare_symbol(rule, &modules.canonical(path.clone(), None), is_canonical);
        };
        // The middle of a chain of rules belongs to the rule that leads on.
        for (index, rule) in of_symbols() {
            rule.moves.iter().for_each(|(from, _)| declare(index, from, false));
        }
        for (index, rule) in of_symbols() {
            rule.facades.iter().for_each(|facade| declare(index, facade, false));
            declare(index, &rule.canonical, true);
        }
    }

    /// Adds a rule for a path that the code itself calls legacy, unless a rule speaks of the path already. True when it
    /// is new.
    pub fn learn(&mut self, found: &DeprecatedPath, declared: &DeclaredPaths, place: RulePlace) -> bool {
        let id = format!("deprecated:{}", found.path);
        if declared.get(&found.path).is_some() || self.rules.iter().any(|rule| rule.id == id) {
            return false;
        }
        let canonical = declared.moved(&found.target);
        self.rules.push(Rule {
            moves: vec![(found.path.clone(), canonical.clone())],
            message: found.note.clone(),
            severity: Severity::Warning,
            ..Rule::new(id, RuleKind::Learned, canonical, place)
        });
        true
    }

    /// Every legacy path that the configuration declares, each with its rule, under the spelling that `modules` knows.
    pub fn legacy_paths(&self, modules: &ModuleIndex) -> impl Iterator<Item = (usize, SymbolPath)> {
        let rules = self.rules.iter().enumerate();
        let rules = rules.filter(|(_, rule)| matches!(rule.kind, RuleKind::Symbol | RuleKind::Module));
        rules.flat_map(move |(index, rule)| {
            rule.moves.iter().map(move |(from, _)| (index, modules.canonical(from.clone(), None)))
        })
    }

    /// True when some rule of the configuration calls paths of `language` legacy.
    pub fn speaks_of(&self, language: Language) -> bool {
        let is_declaring = |rule: &&Rule| matches!(rule.kind, RuleKind::Symbol | RuleKind::Module);
        let mut moves = self.rules.iter().filter(is_declaring).flat_map(|rule| &rule.moves);
        moves.any(|(from, _)| from.language() == language)
    }

    /// True when some rule says when its shims should be gone.
    pub fn has_removals(&self) -> bool {
        self.rules.iter().any(Rule::has_removal)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The severity of a rule in one file: that of the last override that fits, else `severity`.
    pub fn severity(&self, rule: &str, severity: Severity, file: &str) -> Severity {
        let fits = |over: &&Override| {
            (over.rules.is_empty() || over.rules.contains(rule)) && over.paths.is_match(file)
        };
        self.overrides.iter().rev().find(fits).map_or(severity, |over| over.severity)
    }

    /// The words without which a file of `language` cannot hold anything of interest: the last names of all declared paths.
    pub fn words(&self, language: Language) -> impl Iterator<Item = &str> {
        let rules = self.rules.iter().filter(|rule| rule.kind.is_of_paths());
        let rules = rules.filter(move |rule| rule.canonical.language() == language);
        rules.flat_map(|rule| {
            let legacy = rule.moves.iter().map(|(from, _)| from.name());
            legacy.chain(std::iter::once(rule.canonical.name()))
        })
    }
}

impl RuleKind {
    /// True when the paths of such a rule are declared by it.
    pub const fn is_of_paths(self) -> bool {
        !matches!(self, Self::Policy | Self::Usage)
    }
}

impl Rule {
    /// A rule that declares no paths besides the canonical one, has no dates and is an error.
    pub fn new(id: String, kind: RuleKind, canonical: SymbolPath, place: RulePlace) -> Self {
        Self {
            id,
            canonical,
            moves: Vec::new(),
            facades: Vec::new(),
            kind,
            usage: None,
            keeps_local_name: false,
            message: None,
            severity: Severity::Error,
            dates: String::new(),
            is_suppressible: true,
            remove_on: None,
            removed_in: None,
            reached: None,
            place,
        }
    }

    /// True for a rule of the configuration that speaks of one symbol.
    pub fn is_of_symbol(&self) -> bool {
        self.kind == RuleKind::Symbol
    }

    /// When its shims go, as `it goes on 2027-06-01`; empty when it does not say.
    pub fn goes(&self) -> String {
        match (self.remove_on, &self.removed_in) {
            (Some(date), Some(version)) => format!("it goes on {date} or in version {version}"),
            (Some(date), None) => format!("it goes on {date}"),
            (None, Some(version)) => format!("it goes in version {version}"),
            (None, None) => String::new(),
        }
    }

    /// True for a rule that says when its shims should be gone.
    pub const fn has_removal(&self) -> bool {
        self.remove_on.is_some() || self.removed_in.is_some()
    }

    fn origin(&self) -> Origin {
        if self.kind == RuleKind::Learned { Origin::Code } else { Origin::Rule }
    }

    /// What a path of this rule leads to, as far as the first-party code shows it.
    fn kind_of(&self, target: &SymbolPath, modules: &ModuleIndex) -> PathKind {
        let is_module = self.kind == RuleKind::Module;
        let is_renamed_member = is_module && target.len() > self.canonical.len();
        if modules.find(target, None).is_some() {
            return PathKind::Module;
        }
        if is_renamed_member {
            return PathKind::Unknown;
        }
        if is_module {
            return PathKind::Module;
        }
        if target.language().imports_from_types() {
            return PathKind::Unknown;
        }
        let home = target.parent().and_then(|parent| modules.find(&parent, None));
        if home.is_some_and(|home| modules.module(home).file.is_some()) {
            PathKind::Symbol
        } else {
            PathKind::Unknown
        }
    }
}
