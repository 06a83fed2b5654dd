//! The pages are true: what they name exists, what they link to is there, and the scenarios they print load.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_scenarios::{LoadOptions, load_text, replay};

/// Folders in front of a path that a page may name.
const FOLDERS: [&str; 8] = ["sim-core/", "models/", "scenarios/", "reports/", "cli/", "benches/", "docs/", ".ci/"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every page: those at the top, and all under `docs/`.
fn pages() -> Vec<PathBuf> {
    let (mut pages, mut folders) = (Vec::new(), vec![root().join("docs")]);
    let top = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    pages.extend(top.filter(|path| path.extension().is_some_and(|end| end == "md")));
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// Text between single backticks, outside of code blocks.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

/// What is wrong with a path, or `PATH::function`, that a page names.
fn wrong_name(name: &str) -> Option<String> {
    if !FOLDERS.iter().any(|folder| name.starts_with(folder)) || name.contains("NAME") || name.contains(' ') {
        return None;
    }
    let (path, function) = name.split_once("::").map_or((name, None), |(path, function)| (path, Some(function)));
    let file = root().join(path);
    if !file.exists() {
        return Some(format!("`{path}` is not there"));
    }
    let text = function.map(|function| (function, std::fs::read_to_string(file).unwrap()));
    let missing = text.filter(|(function, text)| !text.contains(&format!("fn {function}(")));
    missing.map(|(function, _)| format!("`{path}` has no `{function}`"))
}

#[test]
fn pages_name_tests_and_files_that_exist() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        wrong
            .extend(quoted(&text).into_iter().filter_map(wrong_name).map(|what| format!("{}: {what}", page.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || path.is_empty();
            assert!(outside || page.parent().unwrap().join(path).exists(), "{}: {target}", page.display());
        }
    }
}

#[test]
fn every_printed_scenario_loads() {
    let mut loaded = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            if block.starts_with("scenario:") {
                let name = page.display().to_string();
                let options = LoadOptions::default();
                let read = match block.contains("\nreplay:") {
                    true => replay::load_text(&name, block, &options).map(|_| ()),
                    false => load_text(&name, block, &options).map(|_| ()),
                };
                read.unwrap_or_else(|problems| panic!("{name}\n{problems}"));
                loaded += 1;
            }
        }
    }
    assert!(loaded >= 6, "only {loaded} scenarios are printed");
}

#[test]
fn every_redundancy_has_a_page() {
    for name in ["none", "k-of-n", "quorum", "standby", "domains"] {
        let path = root().join(format!("docs/concepts/redundancy/{name}.md"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for section in ["## Meaning", "## Formula", "## Rules chosen", "## Oracle", "## In a scenario", "```yaml"] {
            assert!(text.contains(section), "{name}.md has no `{section}`");
        }
    }
}
