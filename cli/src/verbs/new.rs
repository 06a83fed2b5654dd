//! `ninefold new FILE`: a first scenario, with the schema beside it so that an editor completes and checks.

use crate::args::NewArgs;
use crate::exit::Exit;
use crate::output;
use crate::verbs::schema;

/// What is written.
const FIRST: &str = include_str!("../first.yaml");

/// The schema's file name, as the first line of [`FIRST`] and of copies from the library names it.
pub(crate) const SCHEMA_FILE: &str = "scenario.schema.json";

/// Writes the scenario and the schema.
pub(crate) fn new(args: &NewArgs) -> anyhow::Result<Exit> {
    if args.file.file_name().is_none() || args.file.is_dir() {
        anyhow::bail!("`{}` does not name a file", args.file.display());
    }
    let beside = args.file.with_file_name(SCHEMA_FILE);
    if beside == args.file {
        anyhow::bail!("`{}` is the name of the schema; give the scenario another", args.file.display());
    }
    let schema = schema::text();
    for (path, text) in [(&args.file, FIRST), (&beside, &schema)] {
        output::refuse_replacing(path, text, args.force)?;
    }
    output::put(&args.file, FIRST)?;
    output::put(&beside, &schema)?;
    let file = args.file.display();
    output::print(&format!(
        "wrote {file}  (schema beside it: {SCHEMA_FILE})\nnext: ninefold check {file}, then ninefold run {file}\n"
    ))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::{FIRST, SCHEMA_FILE};

    #[test]
    fn the_first_scenario_is_sound_and_names_its_schema() {
        assert!(FIRST.starts_with(&format!("# yaml-language-server: $schema={SCHEMA_FILE}\n")));
        let loaded = ninefold_scenarios::load_text("first.yaml", FIRST, &Default::default());
        assert!(loaded.is_ok_and(|loaded| loaded.warnings.is_empty() && loaded.spec.journeys.len() == 1));
    }
}
