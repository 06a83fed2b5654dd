//! The scenario language: from a file a person wrote to a system, or to every problem in it.
//!
//! It reads YAML into a tree in which every node knows its place, merges files and patches, checks the tree against one
//! description of the language, and lowers it to a [`SystemSpec`](ninefold_models::system::SystemSpec). It knows no
//! report and no figure, and runs nothing but [cases with known answers](conformance).
//!
//! ```
//! use ninefold_scenarios::{LoadOptions, load_text};
//!
//! let text = "scenario: shop\ncomponents: {web: {replicas: 3, redundancy: {k_of_n: {need: 4}}}}\n";
//! let problems = load_text("shop.yaml", text, &LoadOptions::default()).unwrap_err();
//! assert_eq!(problems.iter().next().map(|problem| problem.code().as_str()), Some("E0107"));
//!
//! let mended = LoadOptions { set: vec!["components.web.redundancy.k_of_n.need=2".to_owned()] };
//! let loaded = load_text("shop.yaml", text, &mended).expect("two of three are enough");
//! assert_eq!(loaded.spec.components[0].units.len(), 3);
//! ```

mod check;
pub mod conformance;
mod diagnostic;
mod draws;
mod evidence;
pub mod forecast;
pub mod import;
mod load;
mod lower;
mod merge;
mod nearest;
pub mod options;
pub mod records;
pub mod replay;
mod schema;
mod source;
mod values;
mod yaml;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity, explain};
pub use draws::ParameterDraws;
pub use evidence::FittedColumn;
pub use load::{Feeds, LoadOptions, Loaded, load_file, load_text};

/// The JSON Schema of the language, for editors.
pub fn json_schema() -> serde_json::Value {
    schema::json_schema()
}

/// The reference of the language as Markdown, `docs/reference/scenario.md`.
pub fn reference() -> String {
    schema::reference()
}

/// A half-width as the language writes it (`0.01 %`, `5min/year`, `0.1/year`, `100h`).
///
/// # Errors
/// What is wrong with the text and what to write instead, in one line.
pub fn half_width(text: &str) -> Result<ninefold_models::plan::HalfWidth, String> {
    values::half_width(text).map_err(values::Refusal::line)
}

/// A ratio as the language writes it (`0.99`, `99 %`, `2 nines`).
///
/// # Errors
/// What is wrong with the text and what to write instead, in one line.
pub fn ratio(text: &str) -> Result<f64, String> {
    values::ratio(text).map_err(values::Refusal::line)
}

/// The YAML of a scenario as JSON, unmerged and unchecked, as an editor that knows the JSON Schema would see it.
///
/// # Errors
/// Every problem found in the YAML.
pub fn to_json(text: &str) -> Result<serde_json::Value, Diagnostics> {
    let mut sources = source::Sources::default();
    let file = sources.add("scenario", text);
    let mut sink = diagnostic::Sink::default();
    let tree = yaml::parse(&sources, file, &mut sink);
    let (errors, _) = sink.finish(&sources);
    match tree {
        Some(tree) if errors.is_empty() => Ok(yaml::json(&tree)),
        None if errors.is_empty() => Ok(serde_json::Value::Null),
        _ => Err(errors),
    }
}
