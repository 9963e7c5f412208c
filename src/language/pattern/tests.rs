//! Patterns on small texts of both languages.

use super::{Key, Pattern, PatternSet, Rewrite, Written, WrittenPattern, rewrite};
use crate::language::front_end;
use crate::model::{Language, SymbolPath};

fn pattern(language: Language, find: &str, replace: Option<&str>) -> Result<Pattern, super::PatternError> {
    Pattern::new(front_end(language), &WrittenPattern { find, replace, constraints: Vec::new() })
}

fn same(written: Written<'_>, path: &SymbolPath) -> bool {
    written.names.iter().eq(path.segments().iter())
}

/// The texts that a pattern finds.
fn found(language: Language, find: &str, text: &str) -> Vec<String> {
    let pattern = pattern(language, find, None).unwrap();
    let tree = front_end(language).syntax(text).unwrap();
    let found = PatternSet::new([(0, &pattern)]).search(&tree, &same);
    found.iter().map(|one| one.span.of(text).to_owned()).collect()
}

/// The text once the outermost matches are written anew; or the reason why one is not.
fn written(language: Language, find: &str, replace: &str, text: &str) -> Result<String, String> {
    let pattern = pattern(language, find, Some(replace)).map_err(|error| error.message)?;
    let tree = front_end(language).syntax(text).unwrap();
    let found = PatternSet::new([(0, &pattern)]).search(&tree, &same);
    let spell = |found| {
        let names = pattern.new_paths().map(|(id, path)| (id, path.to_string()));
        Rewrite { pattern: &pattern, found, spelled: names.collect() }
    };
    let mut end = 0;
    let outer: Vec<_> = found
        .iter()
        .filter(|one| {
            one.span.start >= end && {
                end = one.span.end;
                true
            }
        })
        .collect();
    let edits = rewrite(front_end(language), &tree, &outer.into_iter().map(spell).collect::<Vec<_>>());
    let mut edits: Vec<_> = edits.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    Ok(text)
}

fn python(find: &str, replace: &str, text: &str, after: &str) {
    assert_eq!(written(Language::Python, find, replace, text).as_deref(), Ok(after), "{find} -> {replace}");
}

fn rust(find: &str, replace: &str, text: &str, after: &str) {
    let (text, after) = (format!("fn f() {{ {text} }}"), format!("fn f() {{ {after} }}"));
    assert_eq!(written(Language::Rust, find, replace, &text), Ok(after), "{find} -> {replace}");
}

fn refuses(find: &str, replace: &str, text: &str, reason: &str) {
    assert_eq!(written(Language::Python, find, replace, text).unwrap_err(), reason);
}

#[test]
fn one_expression_any_number_and_the_rest_of_a_name() {
    let found = |find, text| found(Language::Python, find, text);
    assert_eq!(found("f($X)", "f(1); f(a, b); f(); f(*a); f(x=1); f(g(2))"), ["f(1)", "f(g(2))"]);
    assert_eq!(found("f($$$X)", "f(1); f(); f(*a, **b); g(1)"), ["f(1)", "f()", "f(*a, **b)"]);
    assert_eq!(found("f($A, $$$X, $B)", "f(1); f(1, 2); f(1, 2, 3, 4)"), ["f(1, 2)", "f(1, 2, 3, 4)"]);
    assert_eq!(found("a.send_$EVENT()", "a.send_x(); a.send_(); a.send(); b.send_x()"), ["a.send_x()"]);
    assert_eq!(found("$X.get_$N_async()", "a.b.get_x_async(); a.get_async()"), ["a.b.get_x_async()"]);
    assert_eq!(found("$A == $A", "x.y == x.y; x == y; f(1) == f( 1 )"), ["x.y == x.y", "f(1) == f( 1 )"]);
    assert_eq!(found("f($_, $_)", "f(1, 2); f(1)"), ["f(1, 2)"]);
}

#[test]
fn matches_lie_in_matches() {
    assert_eq!(found(Language::Python, "f($X)", "f(f(f(1)))"), ["f(f(f(1)))", "f(f(1))", "f(1)"]);
}

#[test]
fn literals_keywords_and_chains() {
    let found = |find, text| found(Language::Python, find, text);
    assert_eq!(found("f('a')", "f(\"a\"); f(u'a'); f(b'a'); f('b')"), ["f(\"a\")", "f(u'a')"]);
    assert_eq!(found("f('$X')", "f('$X'); f('y')"), ["f('$X')"]);
    assert_eq!(found("f(x=$X, y=$Y)", "f(y=1, x=2); f(x=1); f(x=1, y=2, z=3)"), ["f(y=1, x=2)"]);
    assert_eq!(found("f(x=$X, $$$R)", "f(1, y=1, x=2); f(x=1); f(y=1)"), ["f(1, y=1, x=2)", "f(x=1)"]);
    assert_eq!(found("await a.b($X)", "async def g():\n  await a.b(1)\n  a.b(1)"), ["await a.b(1)"]);
    assert_eq!(found("$X.a().b()", "q.a(\n).b(); q.a().c(); q.a.b()"), ["q.a(\n).b()"]);
    assert_eq!(found("f[$X]", "f[0]; f[0:1]; f(0)"), ["f[0]"]);
    assert_eq!(found("f'{$X}'", "f'{a}'; f'{a!r}'"), ["f'{a}'"]);
}

#[test]
fn statements_are_found_as_a_whole() {
    let found = |find, text| found(Language::Python, find, text);
    assert_eq!(found("assert $X", "assert a\nassert a, b"), ["assert a"]);
    assert_eq!(found("raise $E", "raise a\nraise a from b"), ["raise a"]);
    assert_eq!(found("$X = f()", "a = f()\na.b = f()\na = g()"), ["a = f()", "a.b = f()"]);
    assert_eq!(
        found("with f() as $X:\n    $$$BODY", "with f() as a:\n  b\n  c"),
        ["with f() as a:\n  b\n  c"]
    );
    assert_eq!(found("from a import $X", "from a import b"), ["from a import b"]);
    assert_eq!(found("def $F($$$P): pass", "def a(b, *, c=1): pass"), ["def a(b, *, c=1): pass"]);
    assert_eq!(
        found("if $X: return $Y", "if a: return b\nif a:\n  return b\nelse: pass"),
        ["if a: return b",]
    );
}

#[test]
fn only_what_differs_is_written() {
    python(
        "context.websocket_manager.send_$EVENT($CTX.run_id, $$$ARGS)",
        "context.websocket_bridge.notify_$EVENT($CTX, $$$ARGS)",
        "await context.websocket_manager.send_tool(\n    context.run_id,  # who\n    'a', b = 1,\n)",
        "await context.websocket_bridge.notify_tool(\n    context,  # who\n    'a', b = 1,\n)",
    );
    python("f($A, $B)", "g($B, $A)", "f( a , (b) )", "g( b , (a) )");
    python("f($X)", "g($X)", "f( x  )  # f(x)", "g( x  )  # f(x)");
    python("f($$$A)", "g($$$A)", "f(a, z=1, b=2)", "g(a, z=1, b=2)");
    python("f($$$A)", "g($$$A)", "f()\nf(*a, b=1)", "g()\ng(*a, b=1)");
}

#[test]
fn arguments_come_and_go_with_their_commas() {
    python("f($A)", "f($A, timeout=1)", "f(a)\nf(\n  a,\n)", "f(a, timeout=1)\nf(\n  a, timeout=1,\n)");
    python("f($A, $B)", "f($A)", "f(a, b)\nf((a), (b),)", "f(a)\nf((a),)");
    python("f($A, $B)", "f($B)", "f(a, b)", "f(b)");
    python("f($A)", "f()", "f(a,)", "f()");
    python("f()", "f(1, x=2)", "f()", "f(1, x=2)");
    python("f($$$A)", "g(x, $$$A)", "f()\nf(1)", "g(x)\ng(x, 1)");
    python("f($$$A)", "g($$$A, x=1)", "f()\nf(1, *b)", "g(x=1)\ng(1, *b, x=1)");
    python("f(x=$X, $$$R)", "g($$$R)", "f(1, x=2, y=3)", "g(1, y=3)");
}

#[test]
fn brackets_are_put_where_the_meaning_needs_them() {
    python("f($X)", "$X.g()", "f(a)\nf(a + b)\nf(a.b[0])", "a.g()\n(a + b).g()\na.b[0].g()");
    python("f($X)", "$X * 2", "f(a) + 1\nf(a + 1)\n-f(a)\nf(b)", "a * 2 + 1\n(a + 1) * 2\n-(a * 2)\nb * 2");
    python("f($X)", "g($X)", "f(a for a in b)", "g(a for a in b)");
    python("f($X)", "g($X, 1)", "f(a for a in b)", "g((a for a in b), 1)");
    python("f($X)", "g(x=$X)", "f((a, b) for a in (b))", "g(x=((a, b) for a in (b)))");
    python("not_($X)", "not $X", "not_(a).b", "(not a).b");
    python("f($X)", "g($X)", "(f)(a)", "(g)(a)");
    python("f($X)", "$X if $X else 0", "1 + f(a)", "1 + (a if a else 0)");
    rust(
        "$X.listed()",
        "$X.collect()",
        "(0..n).listed(); (0..3).listed()",
        "(0..n).collect(); (0..3).collect()",
    );
    rust("len($X)", "$X.count()", "len(0..n)", "(0..n).count()");
}

#[test]
fn statements_are_laid_out_at_their_place() {
    python("f($X)\n", "g($X)", "if a:\n    f(1)\n", "if a:\n    g(1)\n");
    python("assert_($X)", "check($X)", "def a():\n    assert_(b)  # c\n", "def a():\n    check(b)  # c\n");
    python(
        "$X = f()",
        "$X = g()\n$X.start()",
        "def a():\n    b = f()\n    return b\n",
        "def a():\n    b = g()\n    b.start()\n    return b\n",
    );
    python(
        "with old($X):\n    $$$BODY",
        "with new($X):\n    $$$BODY",
        "with old(a):  # b\n\tc\n\td\n",
        "with new(a):  # b\n\tc\n\td\n",
    );
    python("assert $X == $Y", "assert_equal($X, $Y)", "assert a == b", "assert_equal(a, b)");
}

#[test]
fn a_comment_that_would_get_lost_keeps_the_place_as_it_is() {
    refuses("f($A, $B)", "f($A)", "f(a,  # why\n  b)", "the comment `# why` would be lost");
    refuses("f($X)", "$X", "f(  # why\n  a)", "the comment `# why` would be lost");
    python("f($X)", "h($X)", "f([  # why\n  a])", "h([  # why\n  a])");
}

#[test]
fn a_result_that_does_not_parse_is_refused() {
    refuses(
        "f($$$A)",
        "g($$$A, 1)",
        "f(x=1)",
        "`g(x=1, 1)` cannot stand here: change this place by hand, or give `replace` a form that fits",
    );
    let moved = |word: &str| format!("`{word}` would mean something else where it comes to stand");
    refuses("f($X)", "g(lambda: $X)", "async def a(): f(await b())", &moved("await"));
    refuses("f($X)", "[$X for i in range(3)]", "def a(i): f(i)", &moved("i"));
    python("f($X)", "[$X for i in range(3)]", "f(a)", "[a for i in range(3)]");
    refuses("f($A, $$$R)", "g($$$R, k=$A)", "f(1, k=3)", "`k` would be given twice");
    let moved = "what was captured may not be readable in a string";
    refuses("f($X)", "f'{$X}'", "f(d['a'])", moved);
    python("f($X)", "f'{$X}'", "f(a.b)", "f'{a.b}'");
    let reason = "it stands in a string, where the replacement may not be readable";
    refuses("f($X)", "g($X, 'a')", "f'{f(1)}'", reason);
    python("f($X)", "g($X)", "f'{f(1)} {f(\"a\")}'", "f'{g(1)} {g(\"a\")}'");
}

#[test]
fn what_is_wrong_with_a_pattern_is_said() {
    let wrong = |find: &str, replace: Option<&str>| {
        let error = pattern(Language::Python, find, replace).unwrap_err();
        (error.key, error.message)
    };
    for (find, message) in [
        ("$X", "a pattern that is one capture would find everything"),
        ("", "a pattern is one expression or one statement"),
        ("a; b", "a pattern is one expression or one statement"),
        ("f($$$A, $$$B)", "`$$$B` is the second of its kind in one list: where does the first one end?"),
        ("f(", "unexpected EOF while parsing at character 3"),
        ("f($x)", "Got unexpected token $ at character 3"),
    ] {
        assert_eq!(wrong(find, None), (Key::Find, message.to_owned()), "{find}");
    }
    for (find, replace, message) in [
        ("f($X)", "f($Y)", "`find` captures no `$Y`"),
        ("f($X)", "f($$$X)", "`X` is captured as `$X`"),
        ("f($$$X)", "f($$$X, x=1)", "`find` finds the replacement again, and so without end"),
        ("f($X)", "g(f($X))", "`find` finds the replacement again, and so without end"),
        ("f($X)", "", "nothing is written instead; without `replace` the pattern is only reported"),
    ] {
        assert_eq!(wrong(find, Some(replace)), (Key::Replace, message.to_owned()), "{find} {replace}");
    }
    let error = pattern(Language::Rust, "f($X)", Some("let y = $X;")).unwrap_err();
    assert_eq!(error.message, "`find` is an expression, so `replace` must be one too");
}

#[test]
fn captures_can_be_held_to_an_expression() {
    let find = |constraints: &[(&str, &str)]| {
        let written = WrittenPattern { find: "f($X)", replace: None, constraints: constraints.to_vec() };
        Pattern::new(front_end(Language::Python), &written)
    };
    let tree = front_end(Language::Python).syntax("f(a.b); f(c)").unwrap();
    let pattern = find(&[("X", r"^a\.")]).unwrap();
    assert_eq!(PatternSet::new([(7, &pattern)]).search(&tree, &same).len(), 1);
    assert_eq!(find(&[("Y", "")]).unwrap_err().message, "`find` captures no `$Y`");
    assert_eq!(find(&[("X", "(")]).unwrap_err().key, Key::Where);
}

#[test]
fn rust_is_found_in_calls_paths_and_macros() {
    let found = |find, text: &str| found(Language::Rust, find, &format!("fn f() {{ {text} }}"));
    assert_eq!(found("$X.unwrap()", "a.b().unwrap(); c?.unwrap().d()"), ["a.b().unwrap()", "c?.unwrap()"]);
    assert_eq!(found("a::b($X, $$$R)", "a::b(1); b(1); a::b(1, 2)"), ["a::b(1)", "a::b(1, 2)"]);
    assert_eq!(
        found("g($X)", "println!(\"{}\", g(1)); vec![g(2); 3]; h! { let x = g(4); }"),
        ["g(1)", "g(2)", "g(4)"]
    );
    assert_eq!(
        found("A { x: $X, $$$R }", "A { y: 1, x: 2 }; A { x: 1 }"),
        ["A { y: 1, x: 2 }", "A { x: 1 }"]
    );
    assert_eq!(found("$X.send_$E(self.id)", "a.send_b(self.id); a.send_b(id)"), ["a.send_b(self.id)"]);
    assert_eq!(
        found("let $X = g();", "let a = g(); let (b, c) = g(); d = g();"),
        ["let a = g();", "let (b, c) = g();"]
    );
    assert_eq!(found("g($X);", "g(1); let a = g(2);"), ["g(1);"]);
    assert_eq!(found("dbg!($X)", "dbg!(a + b); dbg!(a, b);"), ["dbg!(a + b)"]);
}

#[test]
fn rust_is_written_anew() {
    rust("$X.unwrap()", "$X.expect(\"set\")", "a.b().unwrap()", "a.b().expect(\"set\")");
    rust("g($X)", "$X.h()", "g(a + b); g(c)", "(a + b).h(); c.h()");

    rust("g($$$A)", "h($$$A, None)", "g(1); g()", "h(1, None); h(None)");
    rust("dbg!($X)", "$X", "dbg!(a) + 1", "a + 1");
}
