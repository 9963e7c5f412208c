//! Paths in data that a rule calls legacy.

use super::super::{DeclaredPaths, Origin, Standing, SymbolGraph};
use crate::model::{DataPath, DataRole, DataUse, Language, PathKind, PathString, StringForm, SymbolPath};
use rustc_hash::FxHashSet;

/// How names of files end: `shop.prices.json` is more likely a file than something in the module `shop.prices`.
const FILE_ENDINGS: [&str; 42] = [
    "bak", "cfg", "conf", "css", "csv", "db", "env", "gif", "gz", "html", "ini", "ipynb", "jpeg", "jpg",
    "js", "json", "lock", "log", "md", "pem", "pid", "png", "py", "pyc", "rst", "scss", "service", "sh",
    "so", "sock", "sql", "sqlite", "svg", "toml", "ts", "tsx", "txt", "whl", "xml", "yaml", "yml", "zip",
];

/// Why a path that may name a file as well stays.
pub const MAY_BE_FILE: &str = "it may be the name of a file";

/// What a rule says of a path in data; `None` when none calls it legacy.
pub fn data_use(graph: &SymbolGraph, declared: &DeclaredPaths, path: &DataPath) -> Option<DataUse> {
    let names = path.names.iter().map(|(name, _)| name);
    let written = SymbolPath::new(Language::Python, names);
    let whole = graph.modules().canonical(written.clone(), None);
    let (count, found) = declared.longest(&whole)?;
    let Standing::Legacy(target) = &found.standing else { return None };
    let rule = found.rule.filter(|_| matches!(found.origin, Origin::Rule))?;
    let rest = &whole.segments()[count..];
    let is_file = is_like_file(path);
    let is_of_symbol = path.is_glob && found.kind == PathKind::Symbol;
    let matched = written.len().checked_sub(rest.len()).filter(|&matched| matched > 0)?;
    let full = target.join(rest);
    let is_missing = graph.exists(&full, None) == Some(false);
    // `shop.prices.com` is no module of ours, wherever it stands.
    let is_foreign = !rest.is_empty()
        && is_missing
        && (is_file || found.kind == PathKind::Module && graph.exists(&whole, None) == Some(false));
    if is_foreign || is_of_symbol || keeps_task_name(graph, &whole, &full) {
        return None;
    }
    let kept = path.is_glob.then(|| kept_task_below(graph, &whole, &full)).flatten();
    let obstacle = match () {
        () if is_missing => Some(format!("`{full}` does not exist")),
        () if is_file => Some(MAY_BE_FILE.to_owned()),
        () => kept,
    };
    Some(DataUse {
        path: path.clone(),
        matched,
        target: spelled_alike(&written, &whole, target),
        rule,
        obstacle,
    })
}

/// The paths under which tasks are registered: as such they name no module.
pub fn task_names(graph: &SymbolGraph) -> FxHashSet<SymbolPath> {
    let facts = graph.files().into_iter().filter_map(|file| graph.facts(file));
    let own = |string: &&PathString| string.form == StringForm::Data(DataRole::OwnTask);
    let own = facts.flat_map(|facts| facts.strings.iter().filter(own));
    own.map(|string| SymbolPath::new(Language::Python, string.segments.iter().map(|segment| &segment.name)))
        .collect()
}

/// True when what has moved to `full` is a task that is still registered as `former`.
pub(super) fn keeps_task_name(graph: &SymbolGraph, former: &SymbolPath, full: &SymbolPath) -> bool {
    let home = full.parent().and_then(|home| graph.body_of(&home, None));
    let is_same = |string: &PathString| {
        let names = string.segments.iter().map(|segment| &segment.name);
        string.form == StringForm::Data(DataRole::OwnTask) && names.eq(former.segments())
    };
    home.is_some_and(|home| home.view.facts.strings.iter().any(is_same))
}

/// Why what stands for every task below `former` stays: one of them has moved to `full` and is still registered as it was.
pub(super) fn kept_task_below(graph: &SymbolGraph, former: &SymbolPath, full: &SymbolPath) -> Option<String> {
    let home = graph.body_of(full, None)?;
    let is_below = |string: &&PathString| {
        let names = || string.segments.iter().map(|segment| &segment.name);
        let is_own = string.form == StringForm::Data(DataRole::OwnTask) && names().count() > former.len();
        is_own && names().take(former.len()).eq(former.segments())
    };
    let kept = home.view.facts.strings.iter().find(is_below)?;
    let name = SymbolPath::new(former.language(), kept.segments.iter().map(|segment| &segment.name));
    Some(format!("the task `{name}` keeps its name"))
}

/// True for a path that may be the name of a file.
pub fn is_like_file(path: &DataPath) -> bool {
    let last = path.names.last().filter(|_| path.colon.is_none() && !path.is_glob);
    last.is_some_and(|(name, _)| ends_files(name))
}

/// True for a name that files end with.
pub(super) fn ends_files(name: &str) -> bool {
    FILE_ENDINGS.contains(&name)
}

/// `target` from the import root from which `written` is spelled: who says `app.x` for `backend.app.x` goes on saying `app`.
fn spelled_alike(written: &SymbolPath, whole: &SymbolPath, target: &SymbolPath) -> SymbolPath {
    let Some(extra) = whole.len().checked_sub(written.len()) else { return target.clone() };
    let is_below = whole.segments()[extra..] == *written.segments()
        && target.len() > extra
        && target.segments()[..extra] == whole.segments()[..extra];
    if is_below { SymbolPath::new(target.language(), &target.segments()[extra..]) } else { target.clone() }
}
