//! The rule files that come with the program: `extend-rules = ["builtin:NAME"]`.

/// One line for each file in `rules/`.
pub(super) const BUILTINS: &[(&str, &str)] = &[("websocket", include_str!("../../rules/websocket.toml"))];

/// The text of a built-in rule file.
pub(super) fn text_of(name: &str) -> Option<&'static str> {
    BUILTINS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_file_in_rules_is_registered() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let mut names: Vec<&str> = BUILTINS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert_eq!(files, names);
    }
}
