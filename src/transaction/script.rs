//! `rollback.sh`: the way back on a machine without ssot-lint, in plain POSIX shell.

use super::FileState;
use super::record::{FileRecord, RunRecord};

/// The fixed part; `each` is written behind it, and calls its argument with path, old sum and new sum of every file.
const HEAD: &str = r#"set -eu
force=no
case "${1-}" in
  '') ;;
  --force) force=yes ;;
  *) printf '%s\n' "usage: sh rollback.sh [--force]" >&2; exit 2 ;;
esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=${here%/.ssot-lint/*}
cd -- "$root"
bad=0

say() { printf '%s\n' "$1" >&2; }

# The sum of a file; "unknown" where it cannot be told.
sum() {
  if command -v sha256sum >/dev/null 2>&1; then
    set -- "$(sha256sum <"$1")"
    printf '%s' "${1%% *}"
  else
    printf 'unknown'
  fi
}

# $1 path, $2 sum before the run, $3 sum after it; "-" for a file that did not exist.
check() {
  if [ -h "./$1" ] || { [ -e "./$1" ] && [ ! -f "./$1" ]; }; then
    say "$1: is no regular file any more"; bad=1; return
  fi
  if [ -e "./$1" ] && [ "$(sum "./$1")" = "$2" ]; then return; fi
  if [ "$2" != - ]; then
    original=$here/originals/$1
    if [ ! -f "$original" ] || [ -h "$original" ]; then say "$1: its original is missing"; bad=1; return; fi
    now=$(sum "$original")
    if [ "$now" != "$2" ] && [ "$now" != unknown ]; then say "$1: its original is damaged"; bad=1; return; fi
  fi
  if [ ! -e "./$1" ] || [ "$2" = - ] || [ "$force" = yes ]; then return; fi
  now=$(sum "./$1")
  case $now in
    "$2"|"$3"|unknown) ;;
    *) say "$1: was changed since the run"; bad=1 ;;
  esac
}

restore() {
  if [ -e "./$1" ]; then now=$(sum "./$1"); else now=-; fi
  if [ "$now" = "$2" ]; then return; fi
  if [ "$2" = - ]; then
    if [ "$now" = "$3" ]; then rm -f "./$1"; fi
    return
  fi
  case $now in
    -|"$3"|unknown) ;;
    *) keep "$1" ;;
  esac
  case $1 in */*) mkdir -p "./${1%/*}" ;; esac
  cp -p "$here/originals/$1" "./$1.ssot-lint-part"
  mv -f "./$1.ssot-lint-part" "./$1"
}

# Keeps a version that is about to go; never over another one.
keep() {
  kept=./$1.ssot-lint-kept-$run
  number=1
  while [ -e "$kept" ] || [ -h "$kept" ]; do
    number=$((number + 1))
    kept=./$1.ssot-lint-kept-$run-$number
  done
  cp -p "./$1" "$kept"
}

"#;

const TAIL: &str = r#"
each check
if [ "$bad" != 0 ]; then
  say "nothing was changed; --force keeps changed files beside the restored ones"
  exit 1
fi
each restore
say "every file of run $run is restored"
"#;

/// The script that undoes `record`.
pub(super) fn rollback(record: &RunRecord) -> String {
    let mut script = format!(
        "#!/bin/sh\n# Puts back every file of run {id}. Usage: sh rollback.sh [--force]\nrun={id}\n{HEAD}each() {{\n  :\n",
        id = record.id
    );
    for file in record.all_files() {
        script += &line(file);
    }
    script + "}\n" + TAIL
}

fn line(file: &FileRecord) -> String {
    let sum = |side: &Option<FileState>| match side {
        Some(state) => state.sha256.to_string(),
        None => "-".to_owned(),
    };
    format!("  \"$1\" {} {} {}\n", quoted(&file.path), sum(&file.before), sum(&file.after))
}

/// One word of the shell, whatever it holds.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::super::trial::Trial;
    use super::*;

    #[test]
    fn no_name_leaves_its_quotes() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $(x)\n"), "'it'\\''s $(x)\n'");
    }

    #[cfg(unix)]
    const NAMES: [&str; 4] = ["-rf.py", "it's $(touch x) `y`\n\"z\".py", "deep/er/a b.py", "c.py"];

    /// Runs the script with a shell; `None` when there is no such shell here.
    #[cfg(unix)]
    fn sh(trial: &Trial, shell: &[&str], run: &str, arguments: &[&str]) -> Option<bool> {
        let script = trial.path(&format!(".ssot-lint/runs/{run}/rollback.sh"));
        let mut command = std::process::Command::new(shell[0]);
        let output = command.args(&shell[1..]).arg(script).args(arguments).output().ok()?;
        Some(output.status.success())
    }

    #[cfg(unix)]
    #[test]
    fn every_shell_brings_every_name_back() {
        for shell in [&["sh"][..], &["dash"], &["bash", "--posix"], &["busybox", "sh"]] {
            let trial = Trial::of(&NAMES);
            let names = trial.names();
            let id = trial.run(Some(".bak")).unwrap().id;
            trial.remove(NAMES[2]);
            let Some(fine) = sh(&trial, shell, &id, &[]) else { continue };
            assert!(fine, "{shell:?}");
            assert_eq!(trial.names(), names, "{shell:?}");
            assert!(NAMES.iter().all(|name| trial.read(name) == "old"), "{shell:?}");
            assert_eq!(sh(&trial, shell, &id, &[]), Some(true), "{shell:?}: a second time");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_changed_file_stops_the_script_unless_forced() {
        for shell in [&["sh"][..], &["busybox", "sh"]] {
            let trial = Trial::of(&NAMES);
            let id = trial.run(None).unwrap().id;
            trial.write("c.py", "mine");
            let Some(fine) = sh(&trial, shell, &id, &[]) else { continue };
            assert!(!fine && trial.read("c.py") == "mine" && trial.read(NAMES[0]) == "new", "{shell:?}");
            assert_eq!(sh(&trial, shell, &id, &["--force"]), Some(true));
            assert_eq!(trial.read("c.py"), "old");
            assert_eq!(trial.read(&format!("c.py.ssot-lint-kept-{id}")), "mine");
        }
    }
}
