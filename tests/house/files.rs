//! The project's files as the rules see them: their product part, with comments and strings blanked out.

use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// One text file of the project.
#[derive(Clone)]
pub struct File {
    /// Path from the project's top, with `/`.
    pub path: String,
    pub text: String,
    /// Declared under `#[cfg(test)]` by the module above it.
    pub is_test: bool,
    /// Where the unit tests begin.
    product_end: usize,
    code: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        let product_end = product_end(text);
        let code = blank(&text[..product_end]);
        Self { path: path.into(), text: text.into(), is_test: false, product_end, code }
    }

    /// The text in front of the unit tests.
    pub fn product(&self) -> &str {
        if self.is_test { "" } else { &self.text[..self.product_end] }
    }

    /// The product part without comments and without what stands in strings; lines stay where they are.
    pub fn code(&self) -> &str {
        if self.is_test { "" } else { &self.code }
    }

    /// The folder below `src`, `model` for `src/model/span.rs`; `None` for files at the top.
    pub fn folder(&self) -> Option<&str> {
        let (folder, _) = self.path.strip_prefix("src/")?.split_once('/')?;
        Some(folder)
    }
}

fn product_end(text: &str) -> usize {
    static TESTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^#\[cfg\(test\)\]\n(#\[.*\]\n)*(pub(\(\w+\))? )?mod \w+ \{").unwrap()
    });
    TESTS.find(text).map_or(text.len(), |found| found.start())
}

/// All files of the project that rules speak of.
pub struct Project {
    pub files: Vec<File>,
}

/// Reads the project that holds this test.
pub fn project() -> &'static Project {
    static PROJECT: LazyLock<Project> = LazyLock::new(read);
    &PROJECT
}

fn read() -> Project {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        collect(&top().join(folder), folder, &mut files);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    mark_test_files(&mut files);
    Project { files }
}

impl Project {
    /// The files under `src`.
    pub fn sources(&self) -> Vec<File> {
        self.files.iter().filter(|file| file.path.starts_with("src/")).cloned().collect()
    }

    pub fn file(&self, path: &str) -> File {
        self.files.iter().find(|file| file.path == path).expect("the file exists").clone()
    }

    /// The names of the folders directly below `src`.
    pub fn folders(&self) -> Vec<String> {
        let mut folders: Vec<String> =
            self.files.iter().filter_map(|file| Some(file.folder()?.into())).collect();
        folders.dedup();
        folders
    }

    /// The Markdown pages for people at the top and under `docs`.
    pub fn pages(&self) -> Vec<File> {
        let found = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
        let read = |name: &&str| Some(File::new(name, &std::fs::read_to_string(top().join(name)).ok()?));
        found.iter().filter_map(read).collect()
    }

    /// Whether a link written in `page` leads to a file.
    pub fn exists(&self, page: &str, target: &str) -> bool {
        top().join(page).parent().is_some_and(|folder| folder.join(target).exists())
    }
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, name: &str, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = format!("{name}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &path, files);
        } else if path.ends_with(".rs") {
            files.push(File::new(&path, &std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// Marks the files that a `#[cfg(test)] mod name;` brings in.
pub fn mark_test_files(files: &mut [File]) {
    let declared = Regex::new(r"#\[cfg\(test\)\]\n\s*(?:pub(?:\(\w+\))? )?mod (\w+);").unwrap();
    let mut tests = Vec::new();
    for file in files.iter() {
        for found in declared.captures_iter(&file.text) {
            tests.push(format!("{}/{}", module_folder(&file.path), &found[1]));
        }
    }
    for file in files {
        let module = module_folder(&file.path);
        file.is_test = tests.iter().any(|test| module == *test || module.starts_with(&format!("{test}/")));
    }
}

/// The folder that holds a file's child modules: `src/rule` for `src/rule/mod.rs`, `src/rule/kind` for `src/rule/kind.rs`.
pub fn module_folder(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    for own in ["/mod", "/lib", "/main"] {
        if let Some(folder) = stem.strip_suffix(own) {
            return folder.into();
        }
    }
    stem.into()
}

/// Puts spaces in the place of comments and of what stands between quotes.
pub fn blank(text: &str) -> String {
    static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        let strings = r##"(?s)b?r#+".*?"#+|b?r"[^"]*"|b?"(?:[^"\\]|\\.)*""##;
        let others = r"//[^\n]*|/\*.*?\*/|b?'(?:[^'\\\n]|\\[^\n]{1,10}?)'";
        Regex::new(&format!("{strings}|{others}")).unwrap()
    });
    let spaces = |found: &regex::Captures<'_>| -> String {
        let quote = found[0].chars().last().filter(|last| matches!(last, '"' | '\''));
        let inner: String = found[0].chars().map(|each| if each == '\n' { '\n' } else { ' ' }).collect();
        match quote {
            Some(quote) => format!("{quote}{}{quote}", &inner[..inner.len().saturating_sub(2)]),
            None => inner,
        }
    };
    HIDDEN.replace_all(text, spaces).into_owned()
}

#[test]
fn tests_comments_and_strings_are_no_product_code() {
    let file = File::new(
        "src/a/b.rs",
        "//! x\nlet a = \"x\\\"y\"; // z\nlet q = '\"';\n#[cfg(test)]\nmod tests {\n x }\n",
    );
    assert!(!file.code().contains(['x', 'y', 'z']), "{}", file.code());
    assert!(file.code().contains("let q"));
    assert_eq!(file.code().lines().count(), 3);
}

#[test]
fn lifetimes_are_no_quotes() {
    assert_eq!(blank("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
}

#[test]
fn a_file_declared_for_tests_has_no_product_part() {
    let mut files = [
        File::new("src/a/mod.rs", "#[cfg(test)]\nmod made_up;\nmod real;\n"),
        File::new("src/a/made_up.rs", "x"),
    ];
    mark_test_files(&mut files);
    assert!(files[1].is_test && !files[0].is_test);
    assert_eq!(files[1].product(), "");
}
