//! What a module of the project hands on to others, and a pattern speaks of: told the same whatever is asked for.

use super::Project;

fn project() -> Project {
    let project = Project::new();
    project.write("ssot.toml", "[[usage]]\nfind = \"hashlib.md5($X)\"\nreplace = \"hashlib.sha256($X)\"\n");
    project.write("shop/__init__.py", "");
    project.write("shop/compat.py", "from hashlib import md5 as digest\n");
    project.write("shop/page.py", "from . import compat\n\nprint(compat.digest(b\"\"))\n");
    project.write("shop/other.py", "from .compat import digest\n\nprint(digest(b\"\"))\n");
    project
}

#[test]
fn a_few_files_tell_what_all_of_them_tell() {
    let project = project();
    for (scope, count) in
        [(&["check"][..], 2), (&["check", "shop/page.py"], 1), (&["check", "shop/other.py"], 1)]
    {
        let said = project.run(&[scope, &["--output-format", "concise"]].concat());
        assert_eq!(said.out.matches("SSOT008").count(), count, "{scope:?}: {}{}", said.out, said.err);
    }
    let whole = project.run(&["check", "--select", "SSOT008,SSOT006", "--output-format", "concise"]);
    assert_eq!(whole.out.matches("SSOT008").count(), 2, "{}{}", whole.out, whole.err);
}

#[test]
fn many_files_among_others_tell_it_too() {
    let project = project();
    for number in 0..80 {
        project.write(&format!("many/m{number}.py"), "from shop import compat\n\ncompat.digest(b\"\")\n");
    }
    let said = project.run(&["check", "many", "--output-format", "concise"]);
    assert_eq!(said.out.matches("SSOT008").count(), 80, "{}{}", said.out, said.err);
}

#[test]
fn a_migration_of_one_file_rewrites_it() {
    let project = project();
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "shop/page.py"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "from hashlib import sha256\n\nprint(sha256(b\"\"))\n");
    assert!(project.read("shop/other.py").contains("digest(b"));
}
