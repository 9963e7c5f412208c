//! Where every legacy path leads in the end, over all rules together.

use super::complaint::{Complaint, quoted};
use super::declaration::{RuleDeclaration, RuleKind};
use super::place::{Place, Placed};
use super::route::{End, Fault, Hop, MAX_HOPS, Routes};
use crate::model::{Language, SymbolPath};
use std::collections::HashSet;

/// A legacy path and where it leads in the end.
#[derive(Debug, Clone)]
pub struct Target {
    /// The legacy path: declared, a renamed member, or one that only the rules together make legacy.
    pub legacy: SymbolPath,
    /// Where it leads in the end; never `legacy` itself.
    pub target: SymbolPath,
    /// The rule that claims the path, as index into [`super::Configuration::rules`].
    pub rule: usize,
    /// Where it is declared.
    pub place: Place,
}

/// What all rules together say.
pub(super) struct Resolved {
    /// One for each legacy path, in the order of the rules.
    pub targets: Vec<Target>,
    /// Paths below a legacy one that stay.
    pub stops: Vec<SymbolPath>,
}

/// Follows every legacy path to its end, and complains about circles and double claims.
pub(super) fn resolve(rules: &[RuleDeclaration], complaints: &mut Vec<Complaint>) -> Resolved {
    let mut routes = Routes::new(rules);
    let faults = routes.settle();
    complaints.extend(faults.into_iter().map(|fault| fault_complaint(&routes, fault)));
    complaints.extend(
        routes.clashes.iter().filter_map(|(first, again)| {
            clash_complaint(&routes, rules, &routes.hops[*first], *first, again)
        }),
    );
    for rule in rules {
        complaints.extend(rule.facades.iter().filter_map(|facade| facade_complaint(&routes, facade)));
        complaints.extend(renamed_home(&routes, rule));
    }
    let mut targets: Vec<Target> = Vec::with_capacity(routes.hops.len());
    for (hop, end) in routes.hops.iter().zip(&routes.ends) {
        if let End::At(end) = end {
            targets.push(target_of(hop, hop.path.clone(), end.clone()));
        }
    }
    targets.extend(passing(&routes, rules, complaints));
    let stops = stops(&routes, rules, &mut targets);
    targets.sort_by_key(|target| target.rule);
    Resolved { targets, stops }
}

fn target_of(hop: &Hop, legacy: SymbolPath, target: SymbolPath) -> Target {
    Target { legacy, target, rule: hop.rule, place: hop.place.clone() }
}

/// Facades, and canonical paths below a legacy path of their own rule. One of the latter may still be moved by
/// another rule: then it is a legacy path itself.
fn stops(routes: &Routes, rules: &[RuleDeclaration], targets: &mut Vec<Target>) -> Vec<SymbolPath> {
    let mut stops: Vec<SymbolPath> = Vec::new();
    for rule in rules {
        stops.extend(rule.facades.iter().map(|facade| facade.value.clone()));
        let canonical = &rule.canonical.value;
        let is_below = rule.legacy.iter().any(|legacy| canonical.starts_with(&legacy.value));
        if !is_below || routes.hop_at(canonical).is_some() {
            continue;
        }
        match (routes.step(canonical), routes.follow(canonical)) {
            (Some((hop, _)), Some(end)) => {
                targets.push(target_of(&routes.hops[hop], canonical.clone(), end));
            }
            _ => stops.push(canonical.clone()),
        }
    }
    stops.sort();
    stops.dedup();
    stops
}

/// Paths that no rule declares but that lead through one: with `a` moved to `b`, and `b.X` to `c.Y`, `a.X` leads to
/// `c.Y` and not to `b.X`. They are listed, so that the longest prefix alone decides.
fn passing(routes: &Routes, rules: &[RuleDeclaration], complaints: &mut Vec<Complaint>) -> Vec<Target> {
    let most = 100_000 + routes.hops.len();
    let mut combined = 0;
    let all = declared(routes, rules);
    let members = Sorted::new(all.iter().copied().filter(|one| one.is_member));
    let all = Sorted::new(all);
    let mut seen: HashSet<SymbolPath> = HashSet::new();
    let mut found = Vec::new();
    for (hop, end, link) in links(routes) {
        // Where several modules are folded into their package, they are no members of each other.
        let declared = if hop.path.starts_with(&link) { &members } else { &all };
        for below in declared.below(&link) {
            combined += 1;
            if combined > most {
                let message = format!("the rules combine into more than {most} paths");
                complaints.push(Complaint::new(&hop.place, message, "among others through this path"));
                return found;
            }
            let path = hop.path.join(&below.segments()[link.len()..]);
            // Nothing is reached through itself.
            let is_new = !below.starts_with(&hop.path)
                && routes.hop_at(&path).is_none()
                && !routes.is_facade(&path)
                && seen.insert(path.clone());
            let target = is_new.then(|| routes.follow(below)).flatten();
            // Most facades are where the prefix leads anyway.
            let plain = end.join(&path.segments()[hop.path.len()..]);
            found.extend(target.filter(|target| *target != plain).map(|target| target_of(hop, path, target)));
        }
    }
    found
}

/// Every hop that has an end, with that end and each path on the way there.
fn links<'r>(routes: &'r Routes) -> impl Iterator<Item = (&'r Hop, &'r SymbolPath, SymbolPath)> {
    /// Longer ways than this are not looked at in full: such chains have no undeclared path worth the time.
    const LONGEST: usize = 16;
    let settled = routes.hops.iter().zip(&routes.ends).filter_map(|(hop, end)| match end {
        End::At(end) => Some((hop, end)),
        _ => None,
    });
    settled.flat_map(|(hop, end)| {
        let next = |at: &SymbolPath| routes.step(at).map(|(_, next)| next);
        let way = std::iter::successors(Some(hop.target.clone()), next).take(LONGEST);
        way.map(move |link| (hop, end, link))
    })
}

/// A path that some rule speaks of.
#[derive(Clone, Copy)]
struct Declared<'r> {
    path: &'r SymbolPath,
    /// True for a name in a module, as opposed to a whole module.
    is_member: bool,
}

/// Every legacy path and every facade.
fn declared<'r>(routes: &'r Routes, rules: &'r [RuleDeclaration]) -> Vec<Declared<'r>> {
    let is_member = |hop: &Hop| hop.is_rename || rules[hop.rule].kind == RuleKind::Symbol;
    let hops = routes.hops.iter().map(|hop| Declared { path: &hop.path, is_member: is_member(hop) });
    let facades = rules.iter().flat_map(|rule| &rule.facades);
    hops.chain(facades.map(|facade| Declared { path: &facade.value, is_member: true })).collect()
}

/// Paths in order, so that those below a path stand together.
struct Sorted<'r>([Vec<&'r SymbolPath>; 2]);

impl<'r> Sorted<'r> {
    fn new(declared: impl IntoIterator<Item = Declared<'r>>) -> Self {
        let (mut python, mut rust) = (Vec::new(), Vec::new());
        for one in declared {
            match one.path.language() {
                Language::Python => python.push(one.path),
                Language::Rust => rust.push(one.path),
            }
        }
        python.sort_unstable();
        rust.sort_unstable();
        Self([python, rust])
    }

    /// The paths strictly below `path`.
    fn below(&self, path: &SymbolPath) -> impl Iterator<Item = &'r SymbolPath> {
        let paths = &self.0[path.language() as usize];
        let start = paths.partition_point(|other| *other <= path);
        paths[start..].iter().copied().take_while(move |other| other.starts_with(path))
    }
}

fn show(path: &SymbolPath) -> String {
    quoted(&path.to_string())
}

fn fault_complaint(routes: &Routes, fault: Fault) -> Complaint {
    match fault {
        Fault::Circle(round) => circle_complaint(routes, round),
        Fault::Endless(first) => {
            let hop = &routes.hops[first];
            let message = format!("the chain of rules that begins at {} is too long", show(&hop.path));
            Complaint::new(&hop.place, message, format!("leads to {}", show(&hop.target))).help(format!(
                "at most {MAX_HOPS} rules in a row: name the last path as canonical in every one"
            ))
        }
    }
}

/// The circle is told from the rule that stands first.
fn circle_complaint(routes: &Routes, mut round: Vec<usize>) -> Complaint {
    const SHOWN: usize = 6;
    let hop = |index: usize| &routes.hops[index];
    let first = (0..round.len()).min_by_key(|&at| (hop(round[at]).rule, round[at])).unwrap_or_default();
    round.rotate_left(first);
    let mut names: Vec<String> = round.iter().take(SHOWN).map(|&index| show(&hop(index).path)).collect();
    if round.len() > SHOWN {
        names.push("…".into());
    }
    names.push(show(&hop(round[0]).path));
    let message = format!("the rules lead round in a circle: {}", names.join(" -> "));
    let (start, last) = (hop(round[0]), hop(round[round.len() - 1]));
    Complaint::new(&start.place, message, format!("leads to {}", show(&start.target)))
        .related(&last.place, format!("leads back to {}", show(&last.target)))
        .help("decide which path is canonical, and take it out of every `legacy`")
}

/// Two claims to one path are fine when they say the same.
fn clash_complaint(
    routes: &Routes,
    rules: &[RuleDeclaration],
    first: &Hop,
    first_index: usize,
    again: &Hop,
) -> Option<Complaint> {
    let End::At(first_end) = &routes.ends[first_index] else { return None };
    let again_end = routes.follow(&again.target)?;
    let path = show(&again.path);
    let label = |end: &SymbolPath| format!("leads to {}", show(end));
    if *first_end != again_end {
        let message = format!("{path} is claimed twice, with different targets");
        let complaint = Complaint::new(&again.place, message, label(&again_end));
        return Some(complaint.related(&first.place, label(first_end)).help("keep one of the two claims"));
    }
    let is_same = again.is_rename || same_settings(&rules[first.rule], &rules[again.rule]);
    (!is_same).then(|| {
        Complaint::new(&again.place, format!("{path} is claimed by two rules"), "claimed again")
            .related(&first.place, "first claimed here")
            .help("both lead to the same path, but the rules differ otherwise: keep one of the two claims")
    })
}

/// True when two rules treat a legacy path alike.
fn same_settings(left: &RuleDeclaration, right: &RuleDeclaration) -> bool {
    let settings = |rule: &RuleDeclaration| {
        let version = rule.removed_in.as_ref().map(|version| version.value.clone());
        let life = (rule.dates, version);
        (rule.kind, rule.local_name, rule.message.clone(), rule.severity, rule.is_suppressible, life)
    };
    settings(left) == settings(right)
}

fn facade_complaint(routes: &Routes, facade: &Placed<SymbolPath>) -> Option<Complaint> {
    let claim = &routes.hops[routes.hop_at(&facade.value)?];
    let message = format!("{} is both a facade and legacy", show(&facade.value));
    let complaint = Complaint::new(&facade.place, message, "allowed here");
    Some(complaint.related(&claim.place, "legacy here").help("remove one of the two"))
}

/// A rename that claims the rule's own canonical path: `p.old` moves to `p.old.impl`, and renames `impl`.
fn renamed_home(routes: &Routes, rule: &RuleDeclaration) -> Option<Complaint> {
    let hop = &routes.hops[routes.hop_at(&rule.canonical.value)?];
    let is_own = hop.is_rename && rule.renames.iter().any(|(old, _)| old.place.span == hop.place.span);
    let is_own = is_own && rule.legacy.iter().any(|legacy| hop.path.starts_with(&legacy.value));
    is_own.then(|| {
        let message = format!("{} is both renamed and canonical in one rule", show(&hop.path));
        Complaint::new(&hop.place, message, "renamed here").related(&rule.canonical.place, "canonical here")
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{complaints, load_text};
    use std::time::{Duration, Instant};

    /// `symbol a.X <- b.X, c.X` for each line; a module rule may end in `; Old=New`, any rule in `| a.X` for facades.
    fn rules(lines: &[&str]) -> String {
        let list =
            |text: &str| text.split(", ").map(|path| format!("'{path}'")).collect::<Vec<_>>().join(", ");
        let rule = |line: &&str| {
            let (line, facades) = line.split_once(" | ").unwrap_or((line, ""));
            let (line, rename) = line.split_once("; ").unwrap_or((line, ""));
            let (kind, line) = line.split_once(' ').unwrap();
            let (canonical, legacy) = line.split_once(" <- ").unwrap();
            let mut text = format!("[[{kind}]]\ncanonical = '{canonical}'\nlegacy = [{}]\n", list(legacy));
            if !facades.is_empty() {
                text += &format!("facades = [{}]\n", list(facades));
            }
            if let Some((old, new)) = rename.split_once('=') {
                text += &format!("renames = {{ {old} = '{new}' }}\n");
            }
            text
        };
        lines.iter().map(rule).collect()
    }

    fn targets(lines: &[&str]) -> Vec<String> {
        let read = load_text(&rules(lines)).unwrap_or_else(|error| panic!("{error}"));
        read.targets.iter().map(|target| format!("{} -> {}", target.legacy, target.target)).collect()
    }

    fn messages(lines: &[&str]) -> Vec<String> {
        complaints(&rules(lines)).iter().map(|line| line.split(" | ").next().unwrap().to_owned()).collect()
    }

    #[test]
    fn chains_lead_to_their_last_path() {
        assert_eq!(targets(&["symbol b.X <- a.X", "symbol c.X <- b.X"]), ["a.X -> c.X", "b.X -> c.X"]);
        assert_eq!(targets(&["symbol c.X <- b.X", "symbol b.X <- a.X"]), ["b.X -> c.X", "a.X -> c.X"]);
    }

    #[test]
    fn a_symbol_in_a_moved_module_moves_with_it() {
        let both = targets(&["symbol p.old.X <- q.X", "module p.new <- p.old; X=Y"]);
        assert_eq!(both, ["q.X -> p.new.Y", "p.old -> p.new", "p.old.X -> p.new.Y"]);
    }

    #[test]
    fn renames_follow_each_other_through_a_chain_of_modules() {
        let found = targets(&["module b <- a; X=Y", "module c <- b; Y=Z"]);
        for wanted in ["a -> c", "b -> c", "a.X -> c.Z", "b.Y -> c.Z", "a.Y -> c.Z"] {
            assert!(found.contains(&wanted.to_owned()), "{wanted}: {found:?}");
        }
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn what_is_reached_through_a_moved_module_goes_where_it_moved() {
        let found = targets(&["module b <- a", "symbol core.X <- b.X"]);
        assert_eq!(found, ["a -> b", "a.X -> core.X", "b.X -> core.X"]);
        let folded = targets(&["module p <- p.old, p.older", "symbol core.X <- p.X"]);
        assert_eq!(
            folded,
            ["p.old -> p", "p.older -> p", "p.old.X -> core.X", "p.older.X -> core.X", "p.X -> core.X"]
        );
    }

    #[test]
    fn a_canonical_path_or_facade_below_its_own_legacy_module_stays() {
        let read = load_text(&rules(&["module p.old.impl <- p.old | p.old.api"])).unwrap();
        let stops: Vec<String> = read.stops.iter().map(ToString::to_string).collect();
        assert_eq!(stops, ["p.old.api", "p.old.impl"]);
        assert_eq!(targets(&["module p.old.impl <- p.old"]), ["p.old -> p.old.impl"]);
        let moved = targets(&["module p.old.impl <- p.old", "module n <- p"]);
        assert_eq!(moved, ["p.old -> n.old.impl", "p -> n", "p.old.impl -> n.old.impl"]);
    }

    #[test]
    fn a_facade_on_the_way_of_a_chain_ends_the_way_there() {
        let found = targets(&["module b <- a", "module c <- b | b.api"]);
        assert_eq!(found, ["a -> c", "a.api -> b.api", "b -> c"]);
        assert_eq!(targets(&["module b <- a | b.api"]), ["a -> b"]);
    }

    #[test]
    fn a_circle_is_named_once_from_the_rule_that_stands_first() {
        assert_eq!(
            complaints(&rules(&["symbol b.X <- a.X", "symbol a.X <- b.X", "symbol a.X <- c.X"])),
            ["3 the rules lead round in a circle: `a.X` -> `b.X` -> `a.X` | a.X | leads to `b.X` | \
              decide which path is canonical, and take it out of every `legacy`"]
        );
        assert_eq!(
            messages(&["symbol b.X <- a.X", "symbol c.X <- b.X", "symbol a.X <- c.X"]),
            ["3 the rules lead round in a circle: `a.X` -> `b.X` -> `c.X` -> `a.X`"]
        );
    }

    #[test]
    fn circles_through_modules_and_ever_longer_paths_are_found() {
        assert_eq!(
            messages(&["module b <- a", "symbol a.Y <- b.Y"]),
            ["3 the rules lead round in a circle: `a` -> `b.Y` -> `a`"]
        );
        assert_eq!(
            messages(&["module b.c <- a", "module a <- b"]),
            ["3 the rules lead round in a circle: `a` -> `b` -> `a`"]
        );
    }

    #[test]
    fn one_path_claimed_twice_is_a_complaint_unless_both_say_the_same() {
        assert_eq!(
            messages(&["symbol b.X <- a.X", "symbol c.X <- a.X"]),
            ["6 `a.X` is claimed twice, with different targets"]
        );
        assert_eq!(targets(&["symbol b.X <- a.X", "symbol b.X <- a.X"]), ["a.X -> b.X"]);
        let other = rules(&["symbol b.X <- a.X", "symbol b.X <- a.X"]) + "severity = 'info'\n";
        assert!(complaints(&other)[0].starts_with("6 `a.X` is claimed by two rules | a.X | claimed again"));
    }

    #[test]
    fn a_symbol_rule_and_a_rename_may_say_the_same_and_no_more() {
        assert_eq!(
            targets(&["module n <- o; Old=New", "symbol n.New <- o.Old"]),
            ["o -> n", "o.Old -> n.New"]
        );
        assert_eq!(
            messages(&["module n <- o; Old=New", "symbol m.New <- o.Old"]),
            ["4 `o.Old` is claimed twice, with different targets"]
        );
    }

    #[test]
    fn a_path_cannot_be_allowed_and_legacy() {
        assert_eq!(
            messages(&["symbol a.X <- b.X | c.X", "symbol a.X <- c.X"]),
            ["4 `c.X` is both a facade and legacy"]
        );
        assert_eq!(
            messages(&["module p.old.impl <- p.old; impl=X"]),
            ["4 `p.old.impl` is both renamed and canonical in one rule"]
        );
    }

    #[test]
    fn a_long_chain_of_rules_is_followed_in_linear_time() {
        const COUNT: usize = 30_000;
        let link = |at| format!("[[symbol]]\ncanonical='m{}.X'\nlegacy=['m{at}.X']\n", at + 1);
        let text: String = (0..COUNT).map(link).collect();
        let start = Instant::now();
        let read = load_text(&text).unwrap();
        assert_eq!(read.targets[0].target.to_string(), format!("m{COUNT}.X"));
        // It takes about a second without optimisation; a quadratic check would take many minutes.
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }
}
