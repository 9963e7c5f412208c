//! Paths in data as they are written anew.

use crate::graph::ModuleIndex;
use crate::model::{DataPath, DataUse, Name, Span, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};

/// What `path` becomes when its first `matched` names become `target`: the bytes that go, and what comes. A colon stays where
/// module and attribute meet.
pub fn respelled(
    modules: &ModuleIndex,
    path: &DataPath,
    matched: usize,
    target: &SymbolPath,
) -> (Span, String) {
    let rest = path.names[matched..].iter().map(|(name, _)| name);
    match path.colon {
        Some(colon) => (path.span, with_colon(modules, target, rest, matched, colon)),
        None => (path.names[0].1.cover(path.names[matched - 1].1), target.to_string()),
    }
}

/// What speaks against each of `uses` in `text`, as far as it is a key that would stand there twice: beside one of `keys`, which
/// are all that there are, or beside another one that becomes the same.
pub fn doubled_keys(
    modules: &ModuleIndex,
    text: &str,
    keys: &FxHashSet<Box<str>>,
    uses: &[DataUse],
) -> Vec<Option<String>> {
    let renamed = |found: &DataUse| {
        let key = found.path.key?;
        let (span, new) = respelled(modules, &found.path, found.matched, &found.target);
        let (before, behind) = (Span::new(key.start, span.start), Span::new(span.end, key.end));
        Some((key.of(text), format!("{}{new}{}", before.of(text), behind.of(text))))
    };
    let renamed: Vec<Option<(&str, String)>> = uses.iter().map(renamed).collect();
    told_of_keys(&|key| keys.contains(key), &renamed)
}

/// What speaks against each key that is to become another one: where `is_key` holds for that, or where others become it too.
pub(super) fn told_of_keys(
    is_key: &dyn Fn(&str) -> bool,
    renamed: &[Option<(&str, String)>],
) -> Vec<Option<String>> {
    let mut former: FxHashMap<&str, &str> = FxHashMap::default();
    let mut met: FxHashSet<&str> = FxHashSet::default();
    for (old, new) in renamed.iter().flatten() {
        if former.insert(new, old).is_some_and(|other| other != *old) {
            met.insert(new);
        }
    }
    let told = |(old, new): &(&str, String)| match () {
        () if old == new => None,
        () if is_key(new) => Some(format!("`{new}` is a key here already")),
        () if met.contains(&**new) => Some(format!("two keys would become `{new}`")),
        () => None,
    };
    renamed.iter().map(|renamed| told(renamed.as_ref()?)).collect()
}

/// `target` and the names of `rest` behind it, with a colon: in the old path, of which `matched` names became `target`, it stood
/// behind the first `colon`.
pub(super) fn with_colon<'name>(
    modules: &ModuleIndex,
    target: &SymbolPath,
    rest: impl Iterator<Item = &'name Name>,
    matched: usize,
    colon: usize,
) -> String {
    let border = match colon.checked_sub(matched) {
        Some(module) => target.len() + module,
        None => border(modules, target, matched - colon),
    };
    joined(target.join(rest).segments(), border)
}

/// How many names of `target` are those of its module; where the project does not have it, all but `attributes`.
fn border(modules: &ModuleIndex, target: &SymbolPath, attributes: usize) -> usize {
    let known = modules.longest(target, None).filter(|(module, _)| modules.module(*module).file.is_some());
    let count = known.map_or_else(|| target.len().saturating_sub(attributes), |(_, count)| count);
    count.clamp(1, (target.len() - 1).max(1))
}

/// The names with a colon behind the first `border` of them.
fn joined(names: &[Name], border: usize) -> String {
    let (module, attribute) = names.split_at(border.min(names.len()));
    if attribute.is_empty() {
        module.join(".")
    } else {
        format!("{}:{}", module.join("."), attribute.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Language, Module, ModuleName, Reach};

    /// A project with these modules, each a file.
    fn modules(names: &[&str]) -> ModuleIndex {
        let module = |(file, name): (usize, &&str)| Module {
            file: Some(file as u32),
            names: vec![ModuleName {
                path: SymbolPath::parse(name).unwrap(),
                root: "".into(),
                reach: Reach::Everywhere,
            }],
            is_package: false,
            is_stub: false,
            is_opaque: false,
        };
        let files = names.iter().map(|name| (format!("{name}.py").into(), Language::Python)).collect();
        ModuleIndex::new(names.iter().enumerate().map(module).collect(), files, Vec::new())
    }

    /// What the first `matched` names of `path` become, and what follows them.
    fn respelled_as(known: &[&str], path: &str, matched: usize, target: &str) -> String {
        let colon = path.find(':').map(|at| path[..at].split('.').count());
        let mut at = 0;
        let names = path.split(['.', ':']).map(|name| {
            let span = Span::new(at, at + name.len() as u32);
            at = span.end + 1;
            (Name::from(name), span)
        });
        let names: Vec<(Name, Span)> = names.collect();
        let span = Span::new(0, path.len() as u32);
        let path_in_data = DataPath { span, names, colon, is_glob: false, is_plain: true, key: None };
        let (span, text) =
            respelled(&modules(known), &path_in_data, matched, &SymbolPath::parse(target).unwrap());
        format!("{text}{}", &path[span.end as usize..])
    }

    #[test]
    fn what_follows_the_legacy_path_stays() {
        assert_eq!(respelled_as(&[], "a.b.C.d", 3, "x.y.z.C"), "x.y.z.C.d");
        assert_eq!(respelled_as(&[], "a.b", 2, "x"), "x");
    }

    #[test]
    fn a_colon_stays_where_module_and_attribute_meet() {
        assert_eq!(respelled_as(&[], "a.b:C.d", 2, "x.y.z"), "x.y.z:C.d");
        assert_eq!(respelled_as(&[], "a.b.c:D", 2, "x"), "x.c:D");
        assert_eq!(respelled_as(&[], "a.b:C", 3, "x.y.z.C"), "x.y.z:C");
        assert_eq!(respelled_as(&[], "a.b:C.d", 4, "x.C.e"), "x:C.e");
        assert_eq!(respelled_as(&["x.y"], "a.b:C.d", 4, "x.y.E"), "x.y:E");
        assert_eq!(respelled_as(&["x"], "a.b:C", 3, "x.y.E"), "x:y.E");
        assert_eq!(respelled_as(&[], "a.b:C", 3, "x"), "x");
    }
}
