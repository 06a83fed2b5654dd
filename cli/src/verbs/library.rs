//! `ninefold library`: the scenarios that come with the program, and copies of them.

use std::path::Path;

use anyhow::Context;
use serde_json::json;

use crate::args::LibraryArgs;
use crate::exit::Exit;
use crate::output;
use crate::verbs::{new::SCHEMA_FILE, schema};

/// Path within the library and content of every file of it, scenarios first.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Lists the library, or copies from it.
pub(crate) fn library(args: &LibraryArgs) -> anyhow::Result<Exit> {
    match &args.name {
        Some(name) => copy(name, args)?,
        None => list(args.json)?,
    }
    Ok(Exit::Done)
}

/// Name and text of every scenario.
fn scenarios() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|(path, bytes)| {
        let name = path.strip_suffix(".yaml")?;
        Some((name, std::str::from_utf8(bytes).expect("bug: the library is text")))
    })
}

fn list(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let entry = |(name, text)| json!({"name": name, "about": about(text)});
        let entries: Vec<_> = scenarios().map(entry).collect();
        return output::print_json(&json!({"schema": 1, "scenarios": entries}));
    }
    let width = scenarios().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |(name, text)| format!("{name:<width$}  {}\n", about(text));
    let lines: String = scenarios().map(line).collect();
    output::print(&format!("{lines}\n`ninefold library NAME --out DIR` copies one\n"))
}

/// The first sentence of the comment at the top of a scenario.
fn about(text: &str) -> String {
    let comments = text.lines().skip_while(|line| line.contains("yaml-language-server")).map_while(|line| {
        let line = line.strip_prefix('#')?.trim();
        (!line.is_empty()).then_some(line)
    });
    let all = comments.collect::<Vec<_>>().join(" ");
    let end = all.find(". ").unwrap_or(all.len());
    all[..end].trim_end_matches('.').to_owned()
}

fn copy(name: &str, args: &LibraryArgs) -> anyhow::Result<()> {
    let name = name.strip_suffix(".yaml").unwrap_or(name);
    let Some((_, text)) = scenarios().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = scenarios().map(|(known, _)| known).collect();
        anyhow::bail!("there is no scenario `{name}` in the library; there are {}", known.join(", "));
    };
    let schema = schema::text();
    let mut files = vec![(format!("{name}.yaml"), with_schema_beside(text)), (SCHEMA_FILE.to_owned(), schema)];
    for (path, bytes) in FILES.iter().filter(|(path, _)| needs(text, path)) {
        let content = std::str::from_utf8(bytes).with_context(|| format!("`{path}` is no text"))?;
        files.push(((*path).to_owned(), content.to_owned()));
    }
    for (path, content) in &files {
        output::refuse_replacing(&args.out.join(path), content, args.force)?;
    }
    for (path, content) in &files {
        output::put(&args.out.join(path), content)?;
    }
    told(&args.out, &files, args.json)
}

/// Whether a scenario names a file of the library as one that it reads.
fn needs(text: &str, path: &str) -> bool {
    let keys = [format!("file: {path}"), format!("extends: {path}")];
    text.lines().any(|line| keys.iter().any(|key| line.trim_start().starts_with(key)))
}

fn with_schema_beside(text: &str) -> String {
    let line = format!("# yaml-language-server: $schema={SCHEMA_FILE}");
    match text.split_once('\n') {
        Some((first, rest)) if first.contains("yaml-language-server") => format!("{line}\n{rest}"),
        _ => format!("{line}\n{text}"),
    }
}

fn told(out: &Path, files: &[(String, String)], as_json: bool) -> anyhow::Result<()> {
    let written: Vec<String> = files.iter().map(|(path, _)| out.join(path).display().to_string()).collect();
    if as_json {
        return output::print_json(&json!({"schema": 1, "written": written}));
    }
    let lines: String = written.iter().map(|path| format!("wrote {path}\n")).collect();
    output::print(&format!("{lines}next: ninefold run {}\n", written[0]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_the_folder_is_here_and_says_what_it_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/library");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
            .collect();
        there.sort();
        assert_eq!(scenarios().map(|(name, _)| name).collect::<Vec<_>>(), there);
        for (name, text) in scenarios() {
            assert!(about(text).len() > 10, "{name} has no comment that says what it is");
        }
    }

    #[test]
    fn what_a_scenario_needs_is_copied_with_it() {
        let text = scenarios().find(|(name, _)| *name == "replicated-store-from-records").unwrap().1;
        assert!(needs(text, "records/node-failures.csv"));
        assert!(!needs(text, "replicated-store-from-records.yaml"));
        assert!(with_schema_beside(text).starts_with("# yaml-language-server: $schema=scenario.schema.json\n#"));
    }

    #[test]
    fn the_first_sentence_tells() {
        assert_eq!(
            about("# yaml-language-server: $schema=x\n# A shop of\n# two tiers. More.\nscenario: x"),
            "A shop of two tiers"
        );
        assert_eq!(about("# One unit\n#\n# More\n"), "One unit");
    }
}
