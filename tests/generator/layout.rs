//! Where the generated modules lie: packages like the team's, tests beside them, scripts without a package.

use super::core;

const AREAS: [&str; 24] = [
    "agents",
    "analytics",
    "auth",
    "billing",
    "cache",
    "clients",
    "config",
    "data",
    "db",
    "events",
    "health",
    "llm",
    "logging",
    "metrics",
    "middleware",
    "monitoring",
    "orchestration",
    "quality",
    "routes",
    "schemas",
    "security",
    "services",
    "tasks",
    "tools",
];
const NOUNS: [&str; 12] = [
    "bridge",
    "broker",
    "builder",
    "channel",
    "dispatcher",
    "executor",
    "factory",
    "handler",
    "loader",
    "registry",
    "router",
    "supervisor",
];
const PAGES_IN_A_FOLDER: usize = 40;

/// A place for one module.
pub struct Slot {
    /// Path relative to the tree's root.
    pub path: String,
    /// True for a module that holds unit tests.
    pub is_test: bool,
    /// True for the file of a package: it stays empty.
    pub is_package: bool,
}

impl Slot {
    /// The name under which the module is imported.
    pub fn module(&self) -> String {
        let stem = self.path.trim_end_matches(".py").trim_end_matches("/__init__");
        stem.replace('/', ".")
    }

    /// `target`, a dotted path below the same top package, as seen from this module: `..websocket_core.manager`.
    pub fn relative(&self, target: &str) -> String {
        let module = self.module();
        let here: Vec<&str> = module.split('.').collect();
        let package = &here[..here.len() - 1];
        let target: Vec<&str> = target.split('.').collect();
        let shared = package.iter().zip(&target).take_while(|(left, right)| left == right).count();
        ".".repeat(package.len() - shared + 1) + &target[shared..].join(".")
    }

    /// True below the package `package`, a path with `/`.
    pub fn is_below(&self, package: &str) -> bool {
        self.path.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Places for `files` modules, the fixed ones of [`core::FILES`] not among them.
pub fn slots(files: usize) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(files);
    for group in 0.. {
        let (folder, has_init) = folder(group);
        if has_init {
            slots.push(Slot { path: format!("{folder}/__init__.py"), is_test: false, is_package: true });
        }
        let is_test = folder.starts_with("tests/");
        slots.extend((0..PAGES_IN_A_FOLDER).map(|page| Slot {
            path: format!("{folder}/{}.py", module_name(page, is_test)),
            is_test,
            is_package: false,
        }));
        if slots.len() >= files {
            break;
        }
    }
    slots.truncate(files);
    slots
}

/// The folder of group `group`, and whether it needs an `__init__.py` of its own.
fn folder(group: usize) -> (String, bool) {
    match group {
        0 => (core::FOLDER.to_owned(), false),
        1 => (format!("{}/handlers", core::FOLDER), true),
        2 => ("scripts".to_owned(), false),
        _ => {
            let index = group - 3;
            let area = AREAS[index / 2 % AREAS.len()];
            let base = if index.is_multiple_of(2) { "netra_backend/app" } else { "tests/unit" };
            match index / 2 / AREAS.len() {
                0 => (format!("{base}/{area}"), true),
                round => (format!("{base}/{area}/part_{round}"), true),
            }
        }
    }
}

fn module_name(page: usize, is_test: bool) -> String {
    let noun = NOUNS[page % NOUNS.len()];
    let name = match page / NOUNS.len() {
        0 => noun.to_owned(),
        round => format!("{noun}_{round}"),
    };
    if is_test { format!("test_{name}") } else { name }
}
