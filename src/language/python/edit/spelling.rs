//! Import paths as Python text.

use crate::model::{Import, ImportForm, SymbolPath};

/// Spells modules as seen from one file.
pub(super) struct Speller<'file> {
    /// Where relative imports start; `None` when the file is in no package.
    pub package: Option<&'file SymbolPath>,
}

impl Speller<'_> {
    /// What stands between `from` and `import` to reach `module`: relative when the statement was relative and both
    /// lie in one top-level package, else absolute.
    pub fn module(&self, module: &SymbolPath, was_relative: bool) -> String {
        let package =
            self.package.filter(|package| was_relative && package.segments()[0] == module.segments()[0]);
        let Some(package) = package else { return module.to_string() };
        let pairs = package.segments().iter().zip(module.segments());
        let common = pairs.take_while(|(left, right)| left == right).count();
        let dots = ".".repeat(package.len() - common + 1);
        format!("{dots}{}", module.segments()[common..].join("."))
    }

    /// The absolute module that an existing from-import names.
    pub fn absolute(&self, import: &Import) -> Option<SymbolPath> {
        debug_assert_ne!(import.form, ImportForm::Module, "a module import has no separate module part");
        let names = import.path.iter().map(|segment| &*segment.name);
        if import.start.level() == 0 {
            return (!import.path.is_empty()).then(|| SymbolPath::new(crate::model::Language::Python, names));
        }
        let package = self.package?;
        let depth =
            package.len().checked_sub(import.start.level() as usize - 1).filter(|&depth| depth > 0)?;
        Some(package.prefix(depth).join(names))
    }
}

/// `name` or `name as local`.
pub(super) fn item(name: &str, local: &str) -> String {
    if name == local { name.to_owned() } else { format!("{name} as {local}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(package: &str, module: &str) -> String {
        let package = SymbolPath::parse(package).unwrap();
        Speller { package: Some(&package) }.module(&SymbolPath::parse(module).unwrap(), true)
    }

    #[test]
    fn relative_paths_go_up_as_far_as_they_must() {
        assert_eq!(spell("a.b", "a.b.c"), ".c");
        assert_eq!(spell("a.b", "a.c.d"), "..c.d");
        assert_eq!(spell("a.b", "a.b"), ".");
        assert_eq!(spell("a.b", "a"), "..");
        assert_eq!(spell("a.b", "x.y"), "x.y");
    }
}
