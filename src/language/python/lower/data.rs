//! Strings that are data and yet name a path: settings, task names, loggers, names of modules, entry points.

use super::Lowering;
use super::data_places::{data_call, role_of, role_of_key};
use super::literals::is_identifier;
use crate::model::{
    DataRole, PathString, Place, Registration, ScopeKind, Segment, Span, StringBase, StringForm,
};
use ruff_python_ast::{
    Decorator, Expr, ExprCall, ExprCompare, ExprDict, ExprStringLiteral, FStringPart,
    InterpolatedStringElement, StmtFunctionDef,
};

/// How deep an expression is looked through for the name of a module.
const MOST_DEPTH: u32 = 4;

impl Lowering<'_> {
    /// A value that is bound to targets.
    pub(super) fn data_assign<'e>(&mut self, targets: impl IntoIterator<Item = &'e Expr>, value: &Expr) {
        if !may_hold_text(value) {
            return;
        }
        for target in targets {
            if let Some(role) = self.role_of_target(target) {
                self.data_in(role, value);
            }
        }
    }

    fn role_of_target(&self, target: &Expr) -> Option<DataRole> {
        match target {
            Expr::Name(name) => role_of(&name.id).or_else(|| {
                // `name = "…"` in the `AppConfig` of a Django application.
                let scope = &self.facts.scopes[self.scope as usize];
                let is_application = scope.kind == ScopeKind::Class && scope.name.ends_with("Config");
                (is_application && &*name.id == "name").then_some(DataRole::Setting)
            }),
            Expr::Attribute(attribute) => role_of(&attribute.attr.id),
            Expr::Subscript(subscript) => match &*subscript.slice {
                Expr::StringLiteral(key) => role_of(key.value.to_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The arguments of a call.
    pub(super) fn data_arguments(&mut self, call: &ExprCall) {
        for keyword in &call.arguments.keywords {
            if let Some(name) = keyword.arg.as_ref().filter(|_| may_hold_text(&keyword.value))
                && let Some(role) = role_of(&name.id)
            {
                self.data_in(role, &keyword.value);
            }
        }
        let last = match &*call.func {
            Expr::Name(name) => &*name.id,
            Expr::Attribute(attribute) => &*attribute.attr.id,
            _ => return,
        };
        if let Some(known) = data_call(last) {
            let first = call.arguments.args.first().filter(|_| known.takes_first);
            let is_taken = |name: &str| known.keywords.contains(&name);
            let named = call
                .arguments
                .keywords
                .iter()
                .filter(|keyword| keyword.arg.as_ref().is_some_and(|name| is_taken(&name.id)));
            let values = first.into_iter().chain(named.map(|keyword| &keyword.value));
            for value in values.filter(|value| may_hold_text(value)) {
                let before = self.facts.strings.len();
                self.data_in(known.role, value);
                let is_meant = |string: &PathString| !known.wants_colon || string.colon.is_some();
                let new = self.facts.strings.split_off(before);
                self.facts.strings.extend(new.into_iter().filter(is_meant));
            }
        } else if last == "startswith"
            && let Expr::Attribute(attribute) = &*call.func
            && self.tells_module(&attribute.value, MOST_DEPTH)
        {
            call.arguments.args.iter().for_each(|value| self.data_in(DataRole::ModuleName, value));
        }
    }

    /// The entries of a dictionary.
    pub(super) fn data_entries(&mut self, dict: &ExprDict) {
        for item in dict.items.iter().filter(|item| may_hold_text(&item.value)) {
            let Some(Expr::StringLiteral(key)) = &item.key else { continue };
            let key = key.value.to_str();
            let is_text = item.value.is_string_literal_expr();
            if let Some(role) = role_of(key).or_else(|| role_of_key(key).filter(|_| is_text)) {
                self.data_in(role, &item.value);
            }
        }
    }

    /// What the name of a module, as it is at run time, is compared with.
    pub(super) fn data_compared(&mut self, compare: &ExprCompare) {
        let sides = || std::iter::once(&*compare.left).chain(&compare.comparators);
        if sides().any(may_hold_text) && sides().any(|side| self.tells_module(side, MOST_DEPTH)) {
            sides().for_each(|side| self.data_in(DataRole::ModuleName, side));
        }
    }

    /// A string in the body of a function that tells how an object is pickled.
    pub(super) fn data_of_reduce(&mut self, string: &ExprStringLiteral) {
        if self.facts.scopes[self.scope as usize].name.starts_with("__reduce") {
            self.data_string(DataRole::ModuleName, string);
        }
    }

    /// A function that is registered as a task without a name of its own: the name is made of the module's.
    pub(super) fn data_registration(&mut self, function: &StmtFunctionDef) {
        if self.scope != 0 || self.opaque.is_some() {
            return;
        }
        if let Some(decorator) = function.decorator_list.iter().find(|one| registers_task(one)) {
            let (name, span) = (function.name.id.as_str().into(), self.span(decorator.range));
            self.facts.registrations.push(Registration { name, span });
        }
    }

    /// True for what gives the name of a module or class at run time: `….__module__`, an f-string with it, and `module` in an
    /// unpickler's `find_class`.
    fn tells_module(&self, expression: &Expr, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match expression {
            Expr::Attribute(attribute) => matches!(&*attribute.attr.id, "__module__" | "__qualname__"),
            Expr::Name(name) => {
                &*name.id == "module" && &*self.facts.scopes[self.scope as usize].name == "find_class"
            }
            Expr::BinOp(sum) => self.tells_module(&sum.left, depth) || self.tells_module(&sum.right, depth),
            Expr::Tuple(tuple) => tuple.elts.iter().any(|part| self.tells_module(part, depth)),
            Expr::FString(string) => string.value.iter().any(|part| match part {
                FStringPart::FString(part) => part.elements.iter().any(|element| match element {
                    InterpolatedStringElement::Interpolation(element) => {
                        self.tells_module(&element.expression, depth)
                    }
                    InterpolatedStringElement::Literal(_) => false,
                }),
                FStringPart::Literal(_) => false,
            }),
            _ => false,
        }
    }

    /// Every string in `value`.
    fn data_in(&mut self, role: DataRole, value: &Expr) {
        let mut open = vec![value];
        while let Some(next) = open.pop() {
            match next {
                Expr::StringLiteral(string) => self.data_string(role, string),
                Expr::List(list) => open.extend(&list.elts),
                Expr::Tuple(tuple) => open.extend(&tuple.elts),
                Expr::Set(set) => open.extend(&set.elts),
                Expr::Dict(dict) => {
                    self.data_keys(dict);
                    open.extend(dict.items.iter().flat_map(|item| item.key.as_ref()));
                    open.extend(dict.items.iter().map(|item| &item.value));
                }
                Expr::BinOp(sum) => open.extend([&*sum.left, &*sum.right]),
                Expr::If(choice) => open.extend([&*choice.body, &*choice.orelse]),
                Expr::Starred(starred) => open.push(&starred.value),
                _ => {}
            }
        }
    }

    /// Keeps the keys of a dictionary that are plain strings: of two equal ones only the last would count.
    fn data_keys(&mut self, dict: &ExprDict) {
        let keys = dict.items.iter().filter_map(|item| match &item.key {
            Some(Expr::StringLiteral(key)) => self.string(key),
            _ => None,
        });
        let keys: Vec<(Box<str>, Span)> = keys.map(|key| (key.value.into(), key.span)).collect();
        if keys.len() > 1 {
            self.facts.data_keys.push(keys);
        }
    }

    fn data_string(&mut self, role: DataRole, string: &ExprStringLiteral) {
        let Some(literal) = self.string(string) else { return };
        let (value, span) = (literal.value.to_owned(), literal.span);
        let editable = literal.verbatim.is_some() && self.place == Place::Code;
        if role != DataRole::EntryPoint {
            return self.data_path(role, &value, span, editable);
        }
        // `name = module:attribute`, and several of them in one text.
        let mut at = 0;
        for line in value.split_inclusive('\n') {
            let target = line.rsplit_once('=').map_or(line, |(_, target)| target);
            let path = target.split_whitespace().next().unwrap_or_default();
            let lead = line.len() - target.len() + (target.len() - target.trim_start().len());
            let start = span.start + (at + lead) as u32;
            let own = Span::new(start, start + path.len() as u32);
            self.data_path(role, path, if editable { own } else { span }, editable);
            at += line.len();
        }
    }

    /// Notes a path, when `value` is one that can matter.
    fn data_path(&mut self, role: DataRole, value: &str, span: Span, editable: bool) {
        // `startswith("a.b.")` means what stands below, as `a.b.*` does.
        let is_opened = |path: &&str| role == DataRole::ModuleName && path.contains('.');
        let below = value.strip_suffix(".*").or_else(|| value.strip_suffix('.').filter(is_opened));
        let path = below.unwrap_or(value);
        let is_wanted = |name: &str| self.relevance.is_none_or(|relevance| (relevance.is_relevant)(name));
        let mut names = path.split(['.', ':']);
        let is_path = path.matches(':').count() < 2 && names.clone().all(is_identifier);
        if !is_path || !names.any(is_wanted) {
            return;
        }
        let colon = path.find(':').map(|at| path[..at].split('.').count());
        let mut start = span.start;
        let segments = path.split(['.', ':']).map(|name| {
            let own = Span::new(start, start + name.len() as u32);
            start = own.end + 1;
            Segment { name: name.into(), span: if editable { own } else { span } }
        });
        let segments = segments.collect();
        self.facts.strings.push(PathString {
            form: StringForm::Data(role),
            segments,
            level: 0,
            base: StringBase::Root,
            span,
            editable,
            colon,
            members: Vec::new(),
            scope: self.scope,
        });
    }

    /// Leaves one entry for each string, the one that says most; where it is no data as well, that one.
    pub(super) fn settle_data(&mut self) {
        let role = |string: &PathString| match string.form {
            StringForm::Data(role) => Some(role),
            _ => None,
        };
        self.facts.strings.sort_by_key(|string| (string.span, role(string)));
        self.facts.strings.dedup_by(|next, first| role(next).is_some() && next.span == first.span);
    }
}

/// False for what cannot hold a string that is spelled out.
fn may_hold_text(value: &Expr) -> bool {
    matches!(
        value,
        Expr::StringLiteral(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Set(_)
            | Expr::Dict(_)
            | Expr::BinOp(_)
            | Expr::If(_)
    )
}

/// `@shared_task`, `@app.task`, `@celery.task(bind=True)`: without `name=`, and without keywords that are not spelled out.
fn registers_task(decorator: &Decorator) -> bool {
    let (callee, keywords) = match &decorator.expression {
        Expr::Call(call) => (&*call.func, &*call.arguments.keywords),
        other => (other, Default::default()),
    };
    let is_named = keywords.iter().any(|keyword| keyword.arg.as_ref().is_none_or(|name| &*name.id == "name"));
    let is_task = match callee {
        Expr::Name(name) => &*name.id == "shared_task",
        Expr::Attribute(attribute) if &*attribute.attr.id == "shared_task" => true,
        Expr::Attribute(attribute) if &*attribute.attr.id == "task" => {
            let object = match &*attribute.value {
                Expr::Name(name) => &*name.id,
                Expr::Attribute(attribute) => &*attribute.attr.id,
                _ => "",
            };
            object == "app" || object.ends_with("_app") || object.ends_with("celery")
        }
        _ => false,
    };
    is_task && !is_named
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{facts, strings};

    fn data(text: &str) -> String {
        strings(text).replace("Data(", "").replace(')', "")
    }

    #[test]
    fn settings_are_read_at_any_depth() {
        let text = "INSTALLED_APPS = ['a.b', *X] + ['a.c']\nMIDDLEWARE += ('a.d',)\nLOGGING: dict = {'x': {'y': 'a.e'}}\nOTHER = ['a.f']\napp.conf.task_routes = {'a.g.*': {'queue': 'q'}}\nconf['imports'] = ['a.h']\nclass ShopConfig(AppConfig):\n  name = 'a.i'\nclass Other:\n  name = 'a.j'\n";
        assert_eq!(
            data(text),
            "Setting a.b; Setting a.c; Setting a.d; Setting x; Setting y; Setting a.e; Task a.g; Task queue; \
             Task q; Task a.h; Setting a.i"
        );
    }

    #[test]
    fn calls_and_keys_are_known_by_their_names() {
        let text = "app.send_task('a.b', args=['a.x'])\n@shared_task(name='a.c')\ndef f(): logging.getLogger('a.d')\nself.assertLogs('a.e')\ncaplog.set_level(1, logger='a.f')\ncaplog.set_level('a.x')\npath('x', include(('a.g', 'n')))\n{'task': 'a.h', 'class': 'a.i', '()': 'a.j', 'loggers': {'a.k': {}}}\nCelery(include=['a.l'])\nuvicorn.run('a.m:app')\nsubprocess.run('a.x')\ncopyreg.add_extension('a.n', 'C', 1)\n@override_settings(ROOT_URLCONF='a.o')\ndef g(): pass\n";
        assert_eq!(
            data(text),
            "Task a.b; OwnTask a.c; Logger a.d; Logger a.e; Logger a.f; Setting a.g; Setting n; Task a.h; \
             Setting a.i; Setting a.j; Logger a.k; Task a.l; EntryPoint a.m.app; ModuleName a.n; Setting a.o"
        );
    }

    #[test]
    fn names_of_modules_are_compared_and_pickled() {
        let text = "if x.__module__ == 'a.b' or 'a.c' != y.__module__ in ('a.d', 'a.e'): pass\nx.__module__.startswith('a.f')\nx.name == 'a.x'\nclass U:\n  def find_class(self, module, name):\n    if module == 'a.g': pass\n    if (module, name) == ('a.h', 'N'): pass\n  def __reduce__(self):\n    return (f, ('a.i',))\n__module__ = 'a.j'\nf'{x.__module__}.{x.__qualname__}' == 'a.k'\n";
        assert_eq!(
            data(text).replace("ModuleName ", ""),
            "a.b; a.c; a.d; a.e; a.f; a.g; a.h; N; a.i; a.j; a.k"
        );
    }

    #[test]
    fn entry_points_stand_behind_their_names() {
        let text = "setup(entry_points={'console_scripts': ['x = a.b:c', 'y=a.d:e.f [g]']})\nsetup(entry_points='''\n[x]\ny = a.h:i\n''')\n";
        let facts = facts(text);
        let shown = facts.strings.iter().filter(|string| string.colon.is_some());
        let shown: Vec<&str> = shown.map(|string| string.span.of(text)).collect();
        assert_eq!(shown, ["a.b:c", "a.d:e.f", "a.h:i"]);
    }

    #[test]
    fn a_string_that_is_a_path_anyway_is_told_once() {
        assert_eq!(
            data("import_module('a.b')\nLOGGING = {'loggers': {'a.c': {}}}"),
            "ModuleName a.b; Setting loggers; Logger a.c"
        );
    }

    #[test]
    fn tasks_without_a_name_are_registered_under_that_of_the_module() {
        let text = "@app.task\ndef a(): pass\n@shared_task(bind=True)\ndef b(): pass\n@app.task(name='x')\ndef c(): pass\n@invoke.task\ndef d(): pass\n@app.task(**options)\ndef e(): pass\nclass C:\n  @app.task\n  def f(self): pass\n";
        let names: Vec<String> = facts(text).registrations.iter().map(|one| one.name.to_string()).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
