//! The scenario language: from a file a person wrote to a system, or to every problem in it.
//!
//! It reads YAML into a tree in which every node knows its place, merges files and patches, checks the tree against one
//! description of the language, and lowers it to a [`SystemSpec`](ninefold_models::system::SystemSpec). It knows no
//! report and no figure, and runs nothing.

mod check;
mod diagnostic;
mod evidence;
mod load;
mod lower;
mod merge;
mod nearest;
mod schema;
mod source;
mod values;
mod yaml;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity, explain};
pub use load::{LoadOptions, Loaded, load_file, load_text};

/// The JSON Schema of the language, for editors.
pub fn json_schema() -> serde_json::Value {
    schema::json_schema()
}

/// The reference of the language as Markdown, `docs/reference/scenario.md`.
pub fn reference() -> String {
    schema::reference()
}
