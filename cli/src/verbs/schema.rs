//! `ninefold schema`: the JSON Schema of scenarios, for editors.

use crate::exit::Exit;
use crate::output;

/// Prints the schema.
pub(crate) fn schema() -> anyhow::Result<Exit> {
    output::print(&text())?;
    Ok(Exit::Done)
}

/// The schema as it is printed and written beside scenarios.
pub(crate) fn text() -> String {
    format!("{:#}\n", ninefold_scenarios::json_schema())
}
