//! Models of other tools as scenarios.
//!
//! An importer reads the text of another tool into a fault tree and writes that as a scenario: a
//! component for each basic event, a named path for each gate. What the language cannot say is refused by its name, with
//! its place; nothing is left out silently. Files are not trusted: sizes are bounded, circles are found, and nothing that a
//! file names is opened.
//!
//! ```
//! use ninefold_scenarios::{LoadOptions, import, load_text};
//!
//! let xml = r#"<opsa-mef>
//!   <define-fault-tree name="pumps">
//!     <define-gate name="both"> <and> <basic-event name="a"/> <basic-event name="b"/> </and> </define-gate>
//!     <define-basic-event name="a"> <float value="0.01"/> </define-basic-event>
//!     <define-basic-event name="b"> <float value="0.02"/> </define-basic-event>
//!   </define-fault-tree>
//! </opsa-mef>"#;
//! let imported = import::import_text("pumps.xml", xml, &import::ImportOptions::default())?;
//! assert!(load_text("pumps.yaml", &imported.scenario, &LoadOptions::default()).is_ok());
//! # Ok::<(), ninefold_scenarios::Diagnostics>(())
//! ```

mod galileo;
mod names;
mod open_psa;
mod tree;
mod write;

use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sink};
use crate::merge::read_bounded;
use crate::source::{Sources, Span};

pub(crate) use galileo::read as read_galileo;
pub(crate) use open_psa::read as read_open_psa;
pub(crate) use tree::FaultTree;
pub(crate) use write::sections;

/// What is asked of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The gate that is the top event; without it the one gate that no other names.
    pub top: Option<String>,
}

/// A model that has been read.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The scenario, as YAML.
    pub scenario: String,
    /// The top event, as the file calls it.
    pub top: String,
    /// Basic events that the top event depends on: components of the scenario.
    pub events: usize,
    /// Gates: paths of the scenario.
    pub gates: usize,
    /// What was assumed, a sentence each.
    pub assumptions: Vec<String>,
}

/// A text to be imported.
pub(crate) struct Opened<'a> {
    pub(crate) text: &'a str,
    /// Its number among the sources.
    pub(crate) file: u32,
    pub(crate) top: Option<&'a str>,
}

/// Imports the model in a file.
///
/// # Errors
/// Every problem found in it.
pub fn import_file(path: &Path, options: &ImportOptions) -> Result<Imported, Diagnostics> {
    let name = path.display().to_string();
    match read_bounded(path) {
        Ok(text) => import_text(&name, &text, options),
        Err((code, message)) => {
            let mut sources = Sources::default();
            let (file, mut sink) = (sources.add(name, ""), Sink::default());
            sink.push(Diagnostic::new(code, message, Span::top(file)).hint("check the path"));
            Err(sink.finish(&sources).0)
        }
    }
}

/// Imports the model in a text; `name` is what messages call it, and its ending says what it is: `.xml` or `.opsa` for
/// Open-PSA, `.dft` for Galileo.
///
/// # Errors
/// Every problem found in it.
pub fn import_text(name: &str, text: &str, options: &ImportOptions) -> Result<Imported, Diagnostics> {
    let mut sources = Sources::default();
    let (file, mut sink) = (sources.add(name, text), Sink::default());
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let opened = Opened { text, file, top: options.top.as_deref() };
    let tree = match ending.as_deref() {
        Some("xml" | "opsa") => open_psa::read(&opened, &mut sink),
        Some("dft") => galileo::read(&opened, &mut sink),
        _ => {
            let message = "the ending of the file does not say what it is";
            let hint = "fault trees of Open-PSA end in `.xml` or `.opsa`, those of Galileo in `.dft`";
            sink.push(Diagnostic::new(Code::Import, message, Span::top(file)).hint(hint));
            None
        }
    };
    let scenario = tree.map(|tree| (write::scenario(name, &tree), tree));
    let (errors, _) = sink.finish(&sources);
    match scenario {
        Some((scenario, tree)) if errors.is_empty() => Ok(Imported {
            scenario,
            top: tree.top_name.clone(),
            events: tree.events.len(),
            gates: tree.gates.len(),
            assumptions: tree.assumptions,
        }),
        _ => Err(errors),
    }
}
