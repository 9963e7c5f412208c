//! Names that are keywords: they are written with `r#` (Rust reference, "Keywords", "Raw identifiers").

/// Every keyword that can be a raw identifier, strict and reserved, of any edition.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `name` as it is written in code.
pub(super) fn identifier(name: &str) -> String {
    if KEYWORDS.binary_search(&name).is_ok() { format!("r#{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_marked_and_others_are_not() {
        assert!(KEYWORDS.is_sorted());
        assert_eq!(identifier("type"), "r#type");
        assert_eq!(
            [identifier("types"), identifier("crate"), identifier("self")],
            ["types", "crate", "self"]
        );
    }
}
