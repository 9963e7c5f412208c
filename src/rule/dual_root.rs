//! SSOT011: one file that is imported under two module names, so that it is loaded twice.

use super::{Sketch, Survey, draft};
use crate::graph::{ModuleId, View, WrittenName};
use crate::model::{
    Certainty, Code, FileId, Form, Import, ModuleName, PathString, Runs, Span, StringForm, SymbolPath,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// What lies in a root: the innermost root of a module, and the first segment of its name there.
type Tree<'run> = (&'run str, &'run str);

/// A place that writes a module by one of its names, with those of the packages around it.
struct Mention<'run> {
    file: FileId,
    span: Span,
    form: Form,
    /// What is written, and the modules on its way.
    path: SymbolPath,
    modules: Vec<WrittenName<'run>>,
    /// False where only type checkers look.
    runs: bool,
}

/// One finding for each place that writes a file by a name which loads it once more.
pub fn survey(survey: &Survey<'_>) -> Vec<Sketch> {
    let graph = survey.graph;
    let views: Vec<View<'_>> = graph.files().into_iter().filter_map(|file| View::new(graph, file)).collect();
    let mentions: Vec<Mention<'_>> = views.par_iter().flat_map_iter(|view| mentions(*view)).collect();
    let look = Look { survey, uses: Uses::of(survey, &mentions) };
    mentions.iter().filter_map(|mention| look.sketch(mention, &mentions)).collect()
}

/// How modules with several names are imported.
#[derive(Default)]
struct Uses<'run> {
    /// By what lies in a root: how often it is imported from each root.
    roots: FxHashMap<Tree<'run>, FxHashMap<&'run str, usize>>,
    /// By module and root: the first place that loads it so, as index into the mentions.
    loads: FxHashMap<ModuleId, FxHashMap<&'run str, usize>>,
}

impl<'run> Uses<'run> {
    fn of(survey: &Survey<'run>, mentions: &[Mention<'run>]) -> Self {
        let mut uses = Self::default();
        let several = |written: &&WrittenName<'run>| names(survey, written.module).len() > 1;
        for (index, mention) in mentions.iter().enumerate() {
            let mut trees = FxHashSet::default();
            for written in mention.modules.iter().filter(several) {
                let root = &*written.name.root;
                if let Some(tree) = tree(survey, written.module).filter(|tree| trees.insert(*tree)) {
                    *uses.roots.entry(tree).or_default().entry(root).or_default() += 1;
                }
                if mention.runs && survey.graph.modules().module(written.module).file.is_some() {
                    uses.loads.entry(written.module).or_default().entry(root).or_insert(index);
                }
            }
        }
        uses
    }

    /// The root to import a module from: the one that is used most, of equals the innermost. `None` when it is loaded
    /// from one root only.
    fn kept(&self, survey: &Survey<'run>, module: ModuleId) -> Option<&'run str> {
        let loads = self.loads.get(&module).filter(|loads| loads.len() > 1)?;
        let counts = &self.roots[&tree(survey, module)?];
        loads.keys().copied().max_by_key(|root| (counts.get(root), root.len()))
    }
}

struct Look<'survey, 'run> {
    survey: &'survey Survey<'run>,
    uses: Uses<'run>,
}

impl<'run> Look<'_, 'run> {
    fn sketch(&self, mention: &Mention<'run>, mentions: &[Mention<'run>]) -> Option<Sketch> {
        let second = |written: &&WrittenName<'run>| {
            let kept = self.uses.kept(self.survey, written.module);
            kept.is_some_and(|kept| kept != &*written.name.root)
        };
        let written = mention.modules.iter().rev().find(second)?;
        let kept = self.uses.kept(self.survey, written.module)?;
        let name = &written.name.path;
        let kept_name = names(self.survey, written.module).iter().find(|name| &*name.root == kept)?;
        let better = &kept_name.path;
        let message = format!("`{name}` is also imported as `{better}`: one file becomes two modules");
        let key = format!("{}\0{}", mention.path, mention.form.as_str());
        let mut sketch = Sketch::new(Code::DualRoot, mention.file, mention.span, message, key);
        if written.name.is_local() {
            sketch.certainty = Certainty::Likely;
        }
        sketch.form = Some(mention.form);
        sketch.canonical = Some(better.join(&mention.path.segments()[name.len()..]));
        sketch.written = Some(mention.path.clone());
        sketch.help = Some(help(kept_name));
        let other = &mentions[self.uses.loads[&written.module][kept]];
        sketch.related.push((other.file, other.span, format!("imported as `{better}`")));
        Some(sketch)
    }
}

fn help(better: &ModuleName) -> String {
    let everywhere = format!("import it as `{}` everywhere", better.path);
    if better.is_local() {
        return everywhere;
    }
    let folder = if better.root.is_empty() { "." } else { better.root.trim_end_matches('/') };
    format!("{everywhere}, and keep one root: `[python] roots = [\"{folder}\"]`")
}

fn names<'run>(survey: &Survey<'run>, module: ModuleId) -> &'run [ModuleName] {
    &survey.graph.modules().module(module).names
}

/// What of its innermost root a module belongs to; a folder that is a root for some files only counts where there is no
/// other one.
fn tree<'run>(survey: &Survey<'run>, module: ModuleId) -> Option<Tree<'run>> {
    let inner = names(survey, module).iter().max_by_key(|name| (!name.is_local(), name.root.len()))?;
    Some((&inner.root, &inner.path.segments()[0]))
}

/// Everything in a file that names modules by absolute paths.
fn mentions<'run>(view: View<'run>) -> Vec<Mention<'run>> {
    if view.facts.is_declarative {
        return Vec::new();
    }
    let imports = view.facts.imports.iter().filter_map(|import| imported(view, import));
    let loads = |string: &&PathString| !matches!(string.form, StringForm::Data(_));
    let strings = view.facts.strings.iter().filter(loads).filter_map(|string| {
        let path = view.written_string(&string.base, string.level, &string.segments)?;
        let modules = sure_modules(view, &path);
        Some(Mention { file: view.file, span: string.span, form: Form::String, path, modules, runs: true })
    });
    let mut found: Vec<Mention<'run>> = imports.chain(strings).collect();
    let is_stub = view.module.is_some_and(|own| view.graph.modules().module(own).is_stub);
    found.iter_mut().for_each(|mention| mention.runs &= !is_stub);
    let mut spans = FxHashSet::default();
    found.retain(|mention| !mention.modules.is_empty() && spans.insert(mention.span));
    found
}

/// One absolute import: the path before the imported names, or these where that path is no file with several names.
fn imported<'run>(view: View<'run>, import: &Import) -> Option<Mention<'run>> {
    let path = view.written_import(import)?;
    let mut modules = sure_modules(view, &path);
    let count = import.path.len();
    let says_it = |written: &WrittenName<'_>| {
        let module = view.graph.modules().module(written.module);
        written.name.path.len() <= count && module.file.is_some() && module.names.len() > 1
    };
    let ends = import.path.first().zip(import.path.last()).filter(|_| modules.iter().any(says_it));
    let (span, path) = match ends {
        Some((first, last)) => {
            modules.retain(|written| written.name.path.len() <= count);
            (first.span.cover(last.span), path.prefix(count))
        }
        None => (import.span, path),
    };
    let form = draft::import_form(import.form, path.language());
    Some(Mention { file: view.file, span, form, path, modules, runs: import.runs != Runs::Never })
}

/// The modules on the way of a path, without those that may be of another project: a single name below a folder is only
/// meant when more of it is written, or when the folder is a root for all and the file does not look elsewhere by the name.
fn sure_modules<'run>(view: View<'run>, path: &SymbolPath) -> Vec<WrittenName<'run>> {
    let mut modules = view.written_modules(path);
    let longer: Vec<&str> = modules
        .iter()
        .filter(|written| written.name.path.len() > 1)
        .map(|written| &*written.name.root)
        .collect();
    modules.retain(|written| {
        let name = written.name;
        let is_long = name.path.len() > 1 || name.root.is_empty() || longer.contains(&&*name.root);
        is_long || !name.is_local() && !looks_elsewhere(view, written)
    });
    modules
}

/// True when the file of a module imports its own name: `redis.py` with `import redis`.
fn looks_elsewhere(view: View<'_>, written: &WrittenName<'_>) -> bool {
    let file = view.graph.modules().module(written.module).file;
    let Some(own) = file.and_then(|file| View::new(view.graph, file)) else { return false };
    let mut paths = own.facts.imports.iter().filter_map(|import| own.written_import(import));
    paths.any(|path| own.written_modules(&path).last().is_some_and(|last| last.module == written.module))
}
