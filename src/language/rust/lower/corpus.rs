//! Throw-away.
use super::lower;
use super::notation::complaint;
use crate::model::*;
#[test]
#[ignore]
fn corpus() {
    let mut stack = vec![std::path::PathBuf::from(std::env::var("CORPUS").unwrap())];
    let (
        mut files,
        mut bytes,
        mut errors,
        mut bad,
        mut refs,
        mut imports,
        mut scopes,
        mut bindings,
        mut dynamic,
        mut bound,
    ) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    let env = |n: &str, d: usize| std::env::var(n).map_or(d, |v| v.parse().unwrap());
    let (every, from, mut seen) = (env("EVERY", 1), env("FROM", 0), 0);
    let mut parse = std::time::Duration::ZERO;
    let mut places = std::collections::BTreeMap::new();
    let mut time = std::time::Duration::ZERO;
    let mut slow = Vec::new();
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        seen += 1;
        if seen % every != from {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("not utf8 {path:?}");
            continue;
        };
        let source = SourceFile::new("m.rs", Language::Rust, text);
        let begin = std::time::Instant::now();
        let facts = lower(&source, Edition::Current);
        let took = begin.elapsed();
        time += took;
        let text = source.text();
        slow.push((took.as_micros() as u64 * 1000 / (text.len() as u64 + 2000), text.len(), path.clone()));
        if env("PARSE", 0) == 1 {
            let begin = std::time::Instant::now();
            std::thread::scope(|s| {
                std::thread::Builder::new()
                    .stack_size(256 << 20)
                    .spawn_scoped(s, || drop(syn::parse_file(text)))
                    .unwrap();
            });
            parse += begin.elapsed();
        }
        files += 1;
        bytes += text.len();
        if let Some(e) = facts.errors.first() {
            errors += 1;
            println!("ERR {path:?} {e:?}");
        }
        if let Some(c) = complaint(&facts, text) {
            bad += 1;
            println!("BAD {path:?} {}", c.chars().take(300).collect::<String>());
        }
        refs += facts.references.len();
        imports += facts.imports.len();
        scopes += facts.scopes.len();
        bindings += facts.bindings.len();
        dynamic += usize::from(facts.blind_spots.contains(&BlindSpot::DynamicNames));
        for s in &facts.blind_spots {
            if *s != BlindSpot::DynamicNames {
                println!("SPOT {path:?} {s:?}");
            }
        }
        for r in &facts.references {
            *places.entry(format!("{:?}", r.place)).or_insert(0) += 1;
            bound += usize::from(!r.bindings.is_empty());
        }
    }
    slow.sort();
    slow.reverse();
    for s in slow.iter().take(8) {
        println!("SLOW {s:?}");
    }
    println!(
        "files {files} bytes {bytes} errors {errors} bad {bad} refs {refs} bound {bound} imports {imports} scopes {scopes} bindings {bindings} dynamic {dynamic} time {time:?} parse {parse:?} places {places:?}"
    );
}
