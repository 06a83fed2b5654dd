//! The committed schema and reference say what the program says, and scenarios that load conform to the schema.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_scenarios::{LoadOptions, json_schema, load_file, reference, to_json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Compares with the committed file; with `NINEFOLD_BLESS=1` writes it instead.
fn committed(path: &str, text: &str) {
    let path = root().join(path);
    if std::env::var_os("NINEFOLD_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date: run the tests with NINEFOLD_BLESS=1 and commit it", path.display());
}

#[test]
fn the_committed_schema_is_the_programs() {
    committed("scenarios/scenario.schema.json", &(serde_json::to_string_pretty(&json_schema()).unwrap() + "\n"));
}

#[test]
fn the_committed_reference_is_the_programs() {
    committed("docs/reference/scenario.md", &reference());
}

fn library() -> Vec<PathBuf> {
    let folder = root().join("scenarios/library");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

/// Scenarios that use every supported key, beside the library.
fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.extend(library());
    files
}

#[test]
fn scenarios_conform_to_the_schema() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    for path in samples() {
        let tree = to_json(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(&tree).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", path.display());
    }
}

#[test]
fn the_schema_refuses_what_it_should() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let refused = [
        "components: {web: {replcias: 3}}",
        "components: {web: {replicas: 0}}",
        "components: {Web: {}}",
        "components: {web: {failure_modes: {crash: {time_to_failure: 30, repair: 1h}}}}",
        "components: {web: {autoscale: {predictive: {refresh: 6h}}}}",
        "components: {web: {redundancy: {k_of_m: {need: 1}}}}",
        "agreements: {slo: {target: 99.9}}",
    ];
    for text in refused {
        let tree = to_json(&format!("scenario: a\n{text}")).unwrap();
        assert!(!validator.is_valid(&tree), "{text}");
    }
}

#[test]
fn effective_scenarios_load_to_the_same_system() {
    let scratch = std::env::temp_dir().join(format!("ninefold-effective-{}", std::process::id()));
    for path in samples() {
        let drawn = std::fs::read_to_string(&path).unwrap().contains("\nrecords:");
        if drawn && !cfg!(feature = "records") {
            eprintln!("SKIPPED {}: this build reads no records", path.display());
            continue;
        }
        let loaded = match load_file(&path, &LoadOptions::default()) {
            Ok(loaded) => loaded,
            Err(problems) => panic!("{}\n{problems}", path.display()),
        };
        ninefold_models::system::System::build(loaded.spec.clone()).unwrap();
        std::fs::create_dir_all(&scratch).unwrap();
        for (name, content) in &loaded.inputs {
            std::fs::create_dir_all(scratch.join(name).parent().unwrap()).unwrap();
            std::fs::write(scratch.join(name), content).unwrap();
        }
        let file = scratch.join("scenario.yaml");
        std::fs::write(&file, &loaded.about.effective).unwrap();
        let again = match load_file(&file, &LoadOptions::default()) {
            Ok(again) => again,
            Err(problems) => panic!("{}\n{problems}", path.display()),
        };
        let (first, second) = (format!("{:?}", loaded.spec), format!("{:?}", again.spec));
        if let Some(at) = first.bytes().zip(second.bytes()).position(|(a, b)| a != b) {
            let part = |text: &str| text.chars().skip(at.saturating_sub(150)).take(250).collect::<String>();
            panic!("{}\n{}\n{}", path.display(), part(&first), part(&second));
        }
        assert_eq!(first.len(), second.len(), "{}", path.display());
        assert_eq!(loaded.plan, again.plan, "{}", path.display());
        assert_eq!(loaded.about.effective, again.about.effective, "{}", path.display());
        std::fs::remove_dir_all(&scratch).unwrap();
    }
}
