//! Shims as a plan: which files to write, and why others stay as they are.

mod order;
mod place;

use super::project::{Project, ProjectError, Purpose, Settings};
use crate::language::front_end;
use crate::model::{
    Edit, Edition, FilePlan, Location, Plan, Position, Refusal, ShimKind, ShimOrder, SourceFile, Span,
};
use crate::rule::{ShimModule, shim_modules};
use place::Place;
use std::sync::Arc;

/// Which shims to write.
#[derive(Clone, Copy)]
pub struct ShimRequest<'a> {
    /// The project.
    pub settings: &'a Settings,
    /// The rules whose legacy modules become shims.
    pub rules: &'a [String],
    /// How they hand on; as those do that are there already when nobody says.
    pub kind: Option<ShimKind>,
}

/// Plans to make the legacy modules of some rules shims. Refusals say why others stay as they are. Nothing is planned for a
/// shim that is as it should be.
///
/// # Errors
/// When the tree cannot be walked.
pub fn shim(request: &ShimRequest<'_>) -> Result<Plan, ProjectError> {
    let mut project = Project::open(request.settings, &[], Purpose::Fix)?;
    project.read_homes();
    loop {
        let plan = Writer { request, project: &project }.plan();
        // What was not known yet has been asked for.
        if !project.read_demanded() {
            return Ok(plan);
        }
    }
}

/// Why a module stays as it is.
type Reason = String;

struct Writer<'run> {
    request: &'run ShimRequest<'run>,
    project: &'run Project<'run>,
}

impl Writer<'_> {
    fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        let modules = shim_modules(&self.project.rules, self.project.graph.modules(), self.request.rules);
        for module in &modules {
            match self.place(module).and_then(|place| self.files(module, &place)) {
                Ok(files) => {
                    plan.mended += usize::from(!files.is_empty());
                    plan.files.extend(files);
                }
                Err(reason) => plan.refusals.push(self.refusal(module, reason)),
            }
        }
        plan.files.sort_by(|one, other| one.path().cmp(other.path()));
        plan
    }

    /// The files of one shim that are not yet as they should be.
    fn files(&self, module: &ShimModule, place: &Place) -> Result<Vec<FilePlan>, Reason> {
        let order = self.order(module, place)?;
        let language = front_end(module.path.language());
        let text = language.shim(&order).map_err(|error| error.to_string())?;
        let mut files = vec![self.file(module, &place.path, place.source.as_deref(), text)?];
        if let Some(stub) = place.stub {
            let source = self.text(stub)?;
            let order = ShimOrder { present: Some(Arc::clone(&source)), ..order };
            let text = language.shim_stub(&order).expect("only a language with stubs finds one");
            files.push(self.file(module, source.path(), Some(&source), text)?);
        }
        files.retain(FilePlan::is_change);
        Ok(files)
    }

    /// One file with all of its text replaced.
    fn file(
        &self,
        module: &ShimModule,
        path: &Arc<str>,
        source: Option<&SourceFile>,
        text: String,
    ) -> Result<FilePlan, Reason> {
        let language = module.path.language();
        let new = SourceFile::new(Arc::clone(path), language, text.clone());
        if let Some(error) = front_end(language).lower(&new, Edition::default(), None).errors.first() {
            return Err(format!("the text of the shim does not parse: {}", error.message));
        }
        let rules = module.rules().into_iter().map(|rule| &*self.project.rules.rules[rule].id);
        let end = source.map_or(0, |source| source.text().len() as u32);
        let edit = Edit { span: Span::new(0, end), text, rule: rules.collect::<Vec<_>>().join(", ") };
        let Some(source) = source else { return Ok(FilePlan::creation(Arc::clone(path), edit)) };
        let plan = FilePlan::compose(Arc::clone(path), source.bytes(), source.text(), vec![edit]);
        plan.map_err(|error| error.to_string())
    }

    fn refusal(&self, module: &ShimModule, reason: Reason) -> Refusal {
        let rules = &self.project.rules.rules;
        let asked = |rule: &usize| self.request.rules.contains(&rules[*rule].id);
        let rule = module.rules().into_iter().find(asked).map(|rule| &rules[rule]);
        let rule = rule.expect("only modules of asked rules are looked at");
        let start = Position { row: 1, column: 1 };
        let modules = self.project.graph.modules();
        let file = modules.find(&module.path, None).and_then(|id| modules.module(id).file);
        let (file, location) = match file {
            Some(file) => (Arc::clone(modules.path(file)), None),
            None => (Arc::clone(&rule.place.file), rule.place.location),
        };
        let location = location.unwrap_or(Location { start, end: start });
        Refusal { file, location, rule: Some(rule.id.clone()), written: module.path.to_string(), reason }
    }
}
