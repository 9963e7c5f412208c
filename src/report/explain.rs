//! The page that `explain` prints for a code.

use crate::model::Code;

/// The page for `code`, in Markdown.
pub const fn explanation(code: Code) -> &'static str {
    match code {
        Code::Unreadable => include_str!("../../docs/codes/SSOT000.md"),
        Code::LegacyPath => include_str!("../../docs/codes/SSOT001.md"),
        Code::BypassPath => include_str!("../../docs/codes/SSOT002.md"),
        Code::Alias => include_str!("../../docs/codes/SSOT003.md"),
        Code::DuplicateDefinition => include_str!("../../docs/codes/SSOT004.md"),
        Code::StringPath => include_str!("../../docs/codes/SSOT005.md"),
        Code::UnresolvedImport => include_str!("../../docs/codes/SSOT006.md"),
        Code::ImportCycle => include_str!("../../docs/codes/SSOT007.md"),
        Code::Usage => include_str!("../../docs/codes/SSOT008.md"),
        Code::Shim => include_str!("../../docs/codes/SSOT009.md"),
        Code::Policy => include_str!("../../docs/codes/SSOT010.md"),
        Code::DualRoot => include_str!("../../docs/codes/SSOT011.md"),
        Code::UnusedSuppression => include_str!("../../docs/codes/SSOT012.md"),
        Code::StaleRule => include_str!("../../docs/codes/SSOT013.md"),
    }
}

/// What `code` finds: the first paragraph of its page, on one line.
pub fn summary_of(code: Code) -> String {
    let behind_heading = explanation(code).split_once("## What it finds\n\n");
    let paragraph = behind_heading.and_then(|(_, text)| text.split("\n\n").next()).unwrap_or_default();
    let text = paragraph.lines().collect::<Vec<&str>>().join(" ");
    text.strip_suffix(':').map_or_else(|| text.clone(), |opening| format!("{opening}."))
}

/// Where the page for `code` can be read; `None` as long as the package names no repository.
pub fn page_address(code: Code) -> Option<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    (!repository.is_empty()).then(|| format!("{repository}/blob/main/docs/codes/{code}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: [&str; 5] =
        ["## What it finds", "## Why it is bad", "## Example", "## What to do", "## Configuration"];

    #[test]
    fn every_code_has_its_own_page_with_every_section() {
        for code in Code::ALL {
            let page = explanation(code);
            assert!(page.starts_with(&format!("# {code} `{}`\n", code.name())), "{code}");
            assert!(summary_of(code).ends_with('.'), "{code}: {}", summary_of(code));
            for section in SECTIONS {
                assert!(page.contains(&format!("\n{section}\n")), "{code}: {section}");
            }
        }
    }
}
