//! SSOT007: modules that import each other while they are imported.

use super::{Sketch, Survey, draft};
use crate::graph::{ImportGraph, Load, View};
use crate::model::{Code, Import, ImportForm, Segment, Span};

/// One finding for each cycle; the cycles share no import of one module by another.
pub fn survey(survey: &Survey<'_>) -> Vec<Sketch> {
    let graph = ImportGraph::new(survey.graph);
    let look = Look { survey, graph: &graph };
    graph.cycles().iter().filter_map(|cycle| look.sketch(cycle)).collect()
}

struct Look<'run> {
    survey: &'run Survey<'run>,
    graph: &'run ImportGraph<'run>,
}

impl Look<'_> {
    fn sketch(&self, cycle: &[&Load]) -> Option<Sketch> {
        let (first, rest) = cycle.split_first()?;
        let import = self.import(first)?;
        let names: Vec<String> = cycle.iter().map(|load| self.graph.name(load.from).to_string()).collect();
        let mut message = told(&names);
        if first.asked != first.to {
            message = format!("{message}: {}", self.step(first));
        }
        let span = span(import, self.asks_member(first, import));
        let mut sketch = Sketch::new(Code::ImportCycle, first.file, span, message, names.join("\0"));
        let asked = self.graph.name(first.asked);
        sketch.form = Some(draft::import_form(import.form, asked.language()));
        sketch.written = Some(asked.clone());
        sketch.help = Some(
            "import one of them in the function that needs it, or move what they share into a module of its own"
                .to_owned(),
        );
        sketch.route = names;
        sketch.related = rest.iter().filter_map(|load| self.related(load)).collect();
        Some(sketch)
    }

    fn related(&self, load: &Load) -> Option<(u32, Span, String)> {
        let import = self.import(load)?;
        Some((load.file, span(import, self.asks_member(load, import)), self.step(load)))
    }

    /// What one module does.
    fn step(&self, load: &Load) -> String {
        let name = |module| self.graph.name(module);
        let step = format!("`{}` imports `{}`", name(load.from), name(load.asked));
        if load.asked == load.to { step } else { format!("{step}, which runs `{}` first", name(load.to)) }
    }

    fn import(&self, load: &Load) -> Option<&Import> {
        self.survey.graph.facts(load.file)?.imports.get(load.import as usize)
    }

    /// True when the name behind `import` is the module.
    fn asks_member(&self, load: &Load, import: &Import) -> bool {
        let view = View::new(self.survey.graph, load.file);
        import.member.is_some()
            && load.asked == load.to
            && view.and_then(|view| view.imported(import)).as_ref() == Some(self.graph.name(load.asked))
    }
}

fn told(names: &[String]) -> String {
    match names {
        [one, other] => format!("`{one}` and `{other}` import each other"),
        _ => {
            let way: Vec<String> =
                names.iter().chain(names.first()).map(|name| format!("`{name}`")).collect();
            format!("{} is a cycle of imports", way.join(" -> "))
        }
    }
}

/// Where the module is written: the imported name, or the path before it.
fn span(import: &Import, is_member: bool) -> Span {
    let path = |path: &[Segment]| Some(path.first()?.span.cover(path.last()?.span));
    match import.form {
        ImportForm::Member if is_member => import.span,
        ImportForm::Member | ImportForm::Star => path(&import.path).unwrap_or(import.span),
        ImportForm::Module => import.span,
    }
}
