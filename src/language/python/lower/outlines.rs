//! What the definitions of a module amount to: the same text as another one, nothing at all, a call of another one.

use super::definitions::ClassParts;
use super::{Lowering, span_of};
use crate::model::{BindingId, Content, Definition, Digest, Name, ReferenceId, ScopeId};
use ruff_python_ast::token::{Token, TokenKind as Kind};
use ruff_python_ast::{
    Arguments, Expr, ExprCall, Identifier, Keyword, Parameter, ParameterWithDefault, Parameters, Stmt,
    StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange};

impl Lowering<'_> {
    /// Notes a function of the module. `first` is the first reference inside it.
    pub(super) fn outline_function(&mut self, binding: BindingId, function: &StmtFunctionDef, first: usize) {
        let content = if is_empty(&function.body) {
            Content::Empty
        } else {
            let call = handed_on(&function.body, &function.parameters, 0);
            self.content(call, first)
        };
        let is_plain = function.decorator_list.is_empty() && function.type_params.is_none();
        let digest = self.compares().then(|| self.digest(function.range(), &function.name));
        let (bases, members) = (Vec::new(), Vec::new());
        self.facts.definitions.push(Definition {
            binding,
            digest,
            content,
            is_plain,
            is_shim: false,
            is_trait: false,
            bases,
            members,
        });
    }

    /// Notes a class of the module.
    pub(super) fn outline_class(&mut self, binding: BindingId, class: &StmtClassDef, parts: ClassParts) {
        let content = if is_empty(&class.body) {
            Content::Empty
        } else {
            self.content(made_elsewhere(&class.body), parts.first)
        };
        let arguments = class.arguments.as_deref();
        let is_simple = |arguments: &Arguments| {
            arguments.keywords.is_empty() && arguments.args.len() == parts.bases.len()
        };
        let is_plain =
            class.decorator_list.is_empty() && class.type_params.is_none() && arguments.is_none_or(is_simple);
        let members = self.public_members(&class.name, parts.body);
        let digest = self.compares().then(|| self.digest(class.range(), &class.name));
        let positional = arguments.map_or(0, |arguments| arguments.args.len());
        let bases = parts.bases.into_iter().take(positional).collect();
        self.facts.definitions.push(Definition {
            binding,
            digest,
            content,
            is_plain,
            is_shim: false,
            is_trait: false,
            bases,
            members,
        });
    }

    /// Whether anybody compares definitions.
    fn compares(&self) -> bool {
        self.relevance.is_none_or(|relevance| relevance.compares)
    }

    /// The public names of a class body, sorted; none of a class that is nobody's business.
    fn public_members(&self, class: &Identifier, body: ScopeId) -> Vec<Name> {
        if self.relevance.is_some_and(|relevance| !(relevance.is_relevant)(&class.id)) {
            return Vec::new();
        }
        let names = self.facts.scopes[body as usize].names.keys();
        let mut members: Vec<Name> = names.filter(|name| !name.starts_with('_')).cloned().collect();
        members.sort_unstable();
        members
    }

    fn content(&mut self, call: Option<&ExprCall>, first: usize) -> Content {
        let callee = call.map(|call| &*call.func).filter(|callee| is_chain(callee));
        let glimpsed = callee.and_then(|callee| self.promote_at(span_of(callee.range())));
        let reference = glimpsed.or_else(|| self.reference_at(callee?, first));
        reference.map_or(Content::Full, Content::Wrapper)
    }

    /// The reference that `chain` became, one of those since `first`.
    pub(super) fn reference_at(&self, chain: &Expr, first: usize) -> Option<ReferenceId> {
        if !is_chain(chain) {
            return None;
        }
        let span = span_of(chain.range());
        let found = self.facts.references[first..].iter().position(|reference| {
            let (head, tail) = (reference.segments.first(), reference.segments.last());
            head.is_some_and(|head| head.span.start == span.start)
                && tail.is_some_and(|tail| tail.span.end == span.end)
        });
        found.map(|found| (first + found) as ReferenceId)
    }

    /// The tokens of a definition without its name, comments, documentation and what only lays it out.
    fn digest(&self, range: TextRange, name: &Identifier) -> Digest {
        let from = self.tokens.partition_point(|token| token.start() < range.start());
        let inside = self.tokens[from..].iter().take_while(|token| token.end() <= range.end());
        let is_told = |token: &&Token| {
            !matches!(token.kind(), Kind::Comment | Kind::NonLogicalNewline) && token.range() != name.range
        };
        let mut told = inside.filter(is_told).peekable();
        let mut digest = Digest::default();
        let mut begins = true;
        while let Some(token) = told.next() {
            let next = told.peek().map_or(Kind::Newline, |next| next.kind());
            let is_documentation = token.kind() == Kind::String && begins && next == Kind::Newline;
            let is_trailing =
                token.kind() == Kind::Comma && matches!(next, Kind::Rpar | Kind::Rsqb | Kind::Rbrace);
            begins = is_documentation || matches!(token.kind(), Kind::Newline | Kind::Indent | Kind::Dedent);
            match token.kind() {
                _ if is_documentation => _ = told.next(),
                _ if is_trailing => {}
                Kind::Newline => digest.add("\n"),
                Kind::Indent => digest.add("\t"),
                Kind::Dedent => digest.add("\r"),
                _ => digest.add(span_of(token.range()).of(self.text)),
            }
        }
        digest
    }
}

fn is_chain(expression: &Expr) -> bool {
    matches!(expression, Expr::Name(_) | Expr::Attribute(_))
}

/// A body that does nothing: documentation, `pass`, `...`.
fn is_empty(body: &[Stmt]) -> bool {
    body.iter().all(|statement| match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(expression) => {
            matches!(*expression.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_))
        }
        _ => false,
    })
}

/// The call to which a body hands on all parameters but the first `skipped`: it does nothing else.
fn handed_on<'e>(body: &'e [Stmt], parameters: &Parameters, skipped: usize) -> Option<&'e ExprCall> {
    let mut steps = body.iter().filter(|statement| {
        let is_text = matches!(statement, Stmt::Expr(told) if told.value.is_string_literal_expr());
        !is_text && !matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_))
    });
    let (Some(Stmt::Return(only)), None) = (steps.next(), steps.next()) else { return None };
    let value = match only.value.as_deref()? {
        Expr::Await(awaited) => &awaited.value,
        other => other,
    };
    let Expr::Call(call) = value else { return None };
    hands_on(parameters, skipped, &call.arguments).then_some(call)
}

/// A class whose `__new__` makes something else of what it gets, and that has nothing besides.
fn made_elsewhere(body: &[Stmt]) -> Option<&ExprCall> {
    let is_text =
        |statement: &&Stmt| matches!(statement, Stmt::Expr(told) if told.value.is_string_literal_expr());
    let mut parts = body.iter().filter(|statement| !is_text(statement));
    let (Some(Stmt::FunctionDef(made)), None) = (parts.next(), parts.next()) else { return None };
    (&*made.name.id == "__new__").then(|| handed_on(&made.body, &made.parameters, 1))?
}

/// Whether a call gets every parameter behind the first `skipped`, each as itself and in its place.
fn hands_on(parameters: &Parameters, skipped: usize, arguments: &Arguments) -> bool {
    let mut wanted = spelled(parameters, skipped);
    let by_place: Option<Vec<String>> = arguments.args.iter().map(argument).collect();
    let by_name: Option<Vec<String>> = arguments.keywords.iter().map(keyword).collect();
    let (Some(mut given), Some(by_name)) = (by_place, by_name) else { return false };
    let count = given.iter().take_while(|name| !name.starts_with('*')).count();
    if wanted.is_empty() || wanted.get(..count) != Some(&given[..count]) {
        return false;
    }
    given.extend(by_name);
    given.sort_unstable();
    wanted.sort_unstable();
    given == wanted
}

/// The parameters in order, each with its stars.
fn spelled(parameters: &Parameters, skipped: usize) -> Vec<String> {
    let plain = |parameter: &ParameterWithDefault| parameter.parameter.name.id.to_string();
    let with_stars =
        |stars: &'static str| move |parameter: &Parameter| format!("{stars}{}", parameter.name.id);
    let by_place = parameters.posonlyargs.iter().chain(&parameters.args).skip(skipped).map(plain);
    by_place
        .chain(parameters.vararg.as_deref().map(with_stars("*")))
        .chain(parameters.kwonlyargs.iter().map(plain))
        .chain(parameters.kwarg.as_deref().map(with_stars("**")))
        .collect()
}

/// An argument that is just a name, with its star.
fn argument(value: &Expr) -> Option<String> {
    match value {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Starred(starred) => Some(format!("*{}", starred.value.as_name_expr()?.id)),
        _ => None,
    }
}

/// `name=name` as the name, `**names` with its stars.
fn keyword(keyword: &Keyword) -> Option<String> {
    let value = keyword.value.as_name_expr()?.id.to_string();
    match &keyword.arg {
        Some(name) => (name.id == *value).then_some(value),
        None => Some(format!("**{value}")),
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::facts;
    use crate::model::Content;

    #[test]
    fn layout_comments_documentation_and_the_name_do_not_matter() {
        let digest = |text: &str| facts(text).definitions[0].digest;
        let one = digest(
            "class A(b.B):\n    '''Text.'''\n    def f(self, x):\n        # why\n        return g(x,\n            1,)\n",
        );
        assert_eq!(one, digest("class C(b.B):\n  def f(self, x):\n    'Text.'\n    return g(x, 1)\n"));
        assert_ne!(one, digest("class A(b.B):\n  def f(self, x):\n    return g(x, 2)\n"));
        assert_ne!(digest("def f(): return 'a'\n"), digest("def f(): return 'b'\n"));
    }

    #[test]
    fn definitions_of_the_module_are_noted_with_their_members() {
        let text = "if x:\n  class A(B, k.C):\n    b = 1\n    def a(self): self.c = 2\n    _d = 3\n  def f():\n    def g(): pass\n";
        let facts = facts(text);
        let noted = |at: usize| {
            let noted = &facts.definitions[at];
            let bases = noted.bases.iter().map(|&base| facts.references[base as usize].segments.len());
            (
                &*facts.bindings[noted.binding as usize].name,
                noted.members.join(" "),
                bases.collect::<Vec<_>>(),
            )
        };
        assert_eq!((noted(0), noted(1)), (("A", "a b".into(), vec![1, 2]), ("f", String::new(), vec![])));
        assert_eq!(facts.definitions.len(), 2);
    }

    #[test]
    fn bodies_without_a_statement_of_their_own_are_empty() {
        let is_empty = |text: &str| facts(text).definitions[0].content == Content::Empty;
        assert!(is_empty("class A(B):\n  '''Text.'''\n  pass\n") && is_empty("def f(): ...\n"));
        assert!(!is_empty("class A(B): x = 1\n"));
        assert!(!facts("@d\nclass A(B): pass\n").definitions[0].is_plain);
        assert!(!facts("class A(B, metaclass=M): pass\n").definitions[0].is_plain);
    }

    /// The last name of what a definition hands on to.
    fn called(text: &str) -> Option<String> {
        let facts = facts(text);
        let Content::Wrapper(id) = facts.definitions[0].content else { return None };
        Some(facts.references[id as usize].segments.last()?.name.to_string())
    }

    #[test]
    fn what_hands_on_all_that_it_gets_is_a_wrapper() {
        for text in [
            "def f(*args, **kwargs): return g(*args, **kwargs)",
            "def f(a, b=1, *, c):\n  'Text.'\n  from m import g\n  return m.g(a, b, c=c)",
            "def f(a, b): return g(b=b, a=a)",
            "async def f(a): return await m.g(a)",
            "class A:\n  def __new__(cls, *args): return m.g(*args)",
        ] {
            assert_eq!(called(text).as_deref(), Some("g"), "{text}");
        }
        for text in [
            "def f(): return g()",
            "def f(a, b): return g(b, a)",
            "def f(a): return g(a, 1)",
            "def f(a): return g(a)(a)",
            "def f(a, b): return g(a)",
            "def f(a):\n  log(a)\n  return g(a)",
            "def f(*args): return g(args)",
            "def f(a): return g(b=a)",
        ] {
            assert_eq!(called(text), None, "{text}");
        }
    }
}
