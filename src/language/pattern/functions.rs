//! What the Rust function around a match lets the code in it do.

use super::tree::{Kind, LeafId, NodeId};
use super::writing::Writer;

/// Types behind `?` of which the function returns another one: `?` cannot return from it. Others may be a `Result`.
const PLAIN: [&str; 20] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32",
    "u64", "u128", "usize", "String", "Vec", "Box",
];

/// A function.
struct Function<'text> {
    /// Where its body begins, in bytes.
    body: u32,
    /// The words in front of `fn`.
    qualifiers: Vec<&'text str>,
    /// What stands between `fn` and the body.
    signature: &'text str,
}

impl Writer<'_> {
    /// Whether `.await` may come at a node: in an asynchronous function, closure or block, nothing else between.
    pub(super) fn may_await_behind(&self, node: NodeId) -> bool {
        let function = self.function_around(node);
        match self.closure_in(function.as_ref(), node) {
            Some(closure) => self.text.words(self.text.node(closure).leaves.clone()).next() == Some("async"),
            None => function.is_some_and(|function| function.qualifiers.contains(&"async")),
        }
    }

    /// Whether `?` may come at a node: in a function that may return what it does.
    pub(super) fn may_try(&self, node: NodeId) -> bool {
        let Some(function) = self.function_around(node) else { return false };
        self.closure_in(Some(&function), node).is_none()
            && !function.qualifiers.contains(&"const")
            && returned(function.signature).is_some_and(may_be_result)
    }

    /// The innermost closure or asynchronous block around a node that lies in a function, or in none.
    fn closure_in(&self, function: Option<&Function<'_>>, node: NodeId) -> Option<NodeId> {
        let scope = self.text.around(node, Kind::SCOPE)?;
        let start = self.text.span(scope).start;
        function.is_none_or(|function| start > function.body).then_some(scope)
    }

    /// The function whose body a node lies in.
    fn function_around(&self, node: NodeId) -> Option<Function<'_>> {
        let mut at = self.text.node(node).leaves.start;
        let mut depth = 0_usize;
        while let Some(before) = at.checked_sub(1) {
            at = before;
            match self.text.word(at) {
                "}" => depth += 1,
                "{" if depth > 0 => depth -= 1,
                "{" => {
                    if let Some(function) = self.function_with(at) {
                        return Some(function);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The function whose body opens with this token.
    fn function_with(&self, open: LeafId) -> Option<Function<'_>> {
        let start = self.header(open);
        let keyword = (start..open).find(|&leaf| self.text.word(leaf) == "fn")?;
        let start_of = |leaf: LeafId| self.text.leaves[leaf as usize].span.start;
        let (from, body) = (start_of(keyword), start_of(open));
        let signature = &self.text.text[from as usize..body as usize];
        Some(Function { body, qualifiers: self.text.words(start..keyword).collect(), signature })
    }

    /// Where what stands in front of a block begins; `[u8; 2]` may lie in it.
    fn header(&self, open: LeafId) -> LeafId {
        let mut depth = 0_usize;
        let is_end = |leaf: &LeafId| match self.text.word(*leaf) {
            "]" => {
                depth += 1;
                false
            }
            "[" => {
                depth = depth.saturating_sub(1);
                false
            }
            ";" => depth == 0,
            word => matches!(word, "{" | "}"),
        };
        (0..open).rev().find(is_end).map_or(0, |leaf| leaf + 1)
    }
}

/// What a signature says that comes back.
fn returned(signature: &str) -> Option<&str> {
    let mut depth = 0_i32;
    for (at, letter) in signature.char_indices() {
        match letter {
            '>' if signature[..at].ends_with('-') && depth == 0 => {
                let whole = signature[at + 1..].trim();
                let mut bounds = whole.match_indices("where").map(|(at, _)| &whole[..at]);
                let kind = bounds.find(|before| before.ends_with(char::is_whitespace));
                return Some(kind.unwrap_or(whole).trim());
            }
            '>' if signature[..at].ends_with('-') => {}
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth -= 1,
            'w' if depth == 0 && signature[at..].starts_with("where ") => return None,
            _ => {}
        }
    }
    None
}

/// Whether a type may be a `Result`, an `Option`, or another name of one.
fn may_be_result(kind: &str) -> bool {
    let name = kind.split('<').next().unwrap_or(kind).trim().rsplit("::").next().unwrap_or_default();
    kind.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == ':')
        && !PLAIN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_says_whether_what_comes_back_may_be_a_result() {
        let may = |signature: &str| returned(signature).is_some_and(may_be_result);
        for signature in [
            "fn f() -> Result<u8, E> ",
            "fn f(g: impl Fn() -> u8) -> io::Result<()>",
            "fn f<T>() -> std::option::Option<Box<dyn Fn() -> T>>\nwhere T: Copy",
            "fn f(a: [u8; 2]) -> Answer",
            "fn f() -> impl Residual",
        ] {
            assert!(may(signature), "{signature}");
        }
        for signature in [
            "fn f() ",
            "fn f(g: impl Fn() -> Result<u8, E>)",
            "fn f() -> u8",
            "fn f() -> (Option<u8>, u8)",
            "fn f() -> &'static Option<u8>",
            "fn f() -> Vec<Option<u8>>",
            "fn f() -> std::string::String",
            "fn f<G>(g: G) where G: Fn() -> Option<u8>",
            "fn f() -> !",
        ] {
            assert!(!may(signature), "{signature}");
        }
    }
}
