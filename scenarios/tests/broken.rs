//! Every broken scenario of the corpus is refused with the codes its first line names, and looks as recorded.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use ninefold_scenarios::{LoadOptions, load_file, load_text};

fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn each_is_refused_with_its_code() {
    let corpus = corpus();
    assert!(corpus.len() >= 60, "the corpus has {} scenarios", corpus.len());
    let mut wrong = Vec::new();
    for (name, text) in &corpus {
        let first = text.lines().next().unwrap();
        let expected: BTreeSet<&str> = first.trim_start_matches('#').split_whitespace().collect();
        assert!(!expected.is_empty(), "{name} names no code");
        match load_text(&format!("{name}.yaml"), text, &LoadOptions::default()) {
            Ok(_) => wrong.push(format!("{name}: not refused")),
            Err(problems) => {
                let found: BTreeSet<&str> = problems.iter().map(|problem| problem.code().as_str()).collect();
                if found != expected {
                    wrong.push(format!("{name}: {found:?}\n{problems}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_looks_as_recorded() {
    let mut all = String::new();
    for (name, text) in corpus() {
        let Err(problems) = load_text(&format!("{name}.yaml"), &text, &LoadOptions::default()) else { continue };
        all.push_str(&format!("──────── {name}\n{}\n", problems.to_text(false)));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn json_says_the_same_as_text() {
    for (name, text) in corpus() {
        let Err(problems) = load_text(&name, &text, &LoadOptions::default()) else { continue };
        let json = problems.to_json();
        let list = json.as_array().unwrap();
        assert_eq!(list.len(), problems.len());
        for (problem, entry) in problems.iter().zip(list) {
            assert_eq!(entry["code"], problem.code().as_str());
            assert!(entry["line"].as_u64().unwrap() >= 1 && entry["column"].as_u64().unwrap() >= 1);
            assert!(problems.to_text(false).contains(&format!("{name}:{}:{}", entry["line"], entry["column"])));
        }
    }
}

fn codes_of(path: &Path) -> Vec<&'static str> {
    let problems = load_file(path, &LoadOptions::default()).unwrap_err();
    problems.iter().map(|problem| problem.code().as_str()).collect()
}

/// A folder of its own for files that cannot stand in the corpus.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("ninefold-broken-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("below")).unwrap();
    folder
}

#[test]
fn files_that_are_no_text() {
    let folder = folder("text");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    assert!(codes_of(&write("latin1.yaml", b"scenario: caf\xe9\n")).contains(&"E0113"));
    assert!(codes_of(&write("zero.yaml", b"scenario: a\0b\n")).contains(&"E0113"));
    assert!(codes_of(&write("big.yaml", &vec![b'#'; (1 << 20) + 1])).contains(&"E0112"));
    assert_eq!(codes_of(&folder.join("absent.yaml")), ["E0114"]);
    assert!(codes_of(&folder).contains(&"E0114"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn extends_stays_in_the_folder() {
    let folder = folder("extends");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "base.yaml",
        "scenario: base\ncomponents:\n  web: {replicas: 3, redundancy: {k_of_n: {need: 2}}}\n  db: {}\n",
    );
    write("top.yaml", "extends: base.yaml\nscenario: top\ncomponents: {web: {replicas: 5}, db: null}\n");
    let loaded = load_file(&folder.join("top.yaml"), &LoadOptions::default()).unwrap();
    assert_eq!((loaded.spec.name.as_str(), loaded.spec.components.len()), ("top", 1));
    assert_eq!(loaded.spec.components[0].units.len(), 5);
    write("wrong.yaml", "extends: base.yaml\ncomponents: {web: {replicas: 1}}\n");
    let problems = load_file(&folder.join("wrong.yaml"), &LoadOptions::default()).unwrap_err();
    let place = problems.to_json()[0]["file"].as_str().unwrap().to_owned();
    assert!(place.ends_with("base.yaml"), "the place is the file that wrote `need`: {place}");
    write("circle.yaml", "extends: back.yaml\n");
    write("back.yaml", "extends: circle.yaml\n");
    assert_eq!(codes_of(&folder.join("circle.yaml")), ["E0312"]);
    write("absent.yaml", "extends: nothing.yaml\nscenario: a\ncomponents: {web: {}}\n");
    assert_eq!(codes_of(&folder.join("absent.yaml")), ["E0114"]);
    std::fs::write(folder.join("below/up.yaml"), "extends: ../base.yaml\n").unwrap();
    assert!(codes_of(&folder.join("below/up.yaml")).contains(&"E0313"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("base.yaml"), folder.join("below/link.yaml")).unwrap();
        std::fs::write(folder.join("below/linked.yaml"), "extends: link.yaml\n").unwrap();
        assert!(codes_of(&folder.join("below/linked.yaml")).contains(&"E0313"));
    }
    std::fs::remove_dir_all(folder).unwrap();
}
