//! Replays: from a scenario with a section `replay`, or from a manifest of a Horizontal Pod Autoscaler as it is, to what
//! `ninefold replay` runs.

pub(crate) mod demand_file;
pub(crate) mod formula;
mod formula_words;
mod manifest;
pub(crate) use manifest::autoscale_of as autoscale_of_manifest;

use std::path::Path;

use ninefold_models::about::Assumption;
use ninefold_models::scaling::replay::Task;

use crate::LoadOptions;
use crate::diagnostic::{Diagnostics, Sink};
use crate::evidence::Evidence;
use crate::load::{Opened, merged, open};
use crate::lower::lower_replay;
use crate::source::Sources;
use crate::yaml::{self, Kind, Node};

/// A replay that is ready.
#[derive(Clone, Debug)]
pub struct LoadedReplay {
    /// The scenario's name.
    pub scenario: String,
    /// The component whose policy it is.
    pub component: String,
    /// What is replayed.
    pub task: Task,
    /// What was assumed where the scenario is silent.
    pub assumptions: Vec<Assumption>,
    /// Whether the component has failure modes: a replay leaves them out.
    pub fails: bool,
    /// The scenario with everything that it inherits, standing alone with `inputs`.
    pub effective: String,
    /// Files that it needs beside it: path and content.
    pub inputs: Vec<(String, Vec<u8>)>,
    /// Remarks that do not refuse it.
    pub warnings: Diagnostics,
}

/// Loads the replay in a file: a scenario, or a manifest of a Horizontal Pod Autoscaler.
///
/// # Errors
/// Every problem found.
pub fn load_file(path: &Path, options: &LoadOptions) -> Result<LoadedReplay, Diagnostics> {
    load(open(path)?, options)
}

/// Loads a replay from text; `name` is what messages call it. It can name no file.
///
/// # Errors
/// Every problem found.
pub fn load_text(name: &str, text: &str, options: &LoadOptions) -> Result<LoadedReplay, Diagnostics> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    load(Opened { file, sources, sink: Sink::default(), folder: None }, options)
}

fn load(opened: Opened, options: &LoadOptions) -> Result<LoadedReplay, Diagnostics> {
    let mut tree = merged(opened, options, manifest::to_scenario)?;
    let folder = tree.folder.clone();
    let mut evidence = Evidence::new(tree.folder);
    let lowered = lower_replay(&tree.root, &tree.sources, (&mut tree.sink, &mut evidence), folder.as_ref());
    let found = tree.sink.len();
    let inputs = std::mem::take(&mut evidence.inputs);
    if let Some((path, _)) = inputs.first() {
        point_to(&mut tree.root, path);
    }
    let effective = yaml::emit(&tree.root);
    let (errors, warnings) = tree.sink.finish(&tree.sources);
    match lowered {
        Some(lowered) if errors.is_empty() => Ok(LoadedReplay {
            scenario: lowered.name,
            component: lowered.component,
            task: lowered.task,
            assumptions: lowered.assumptions,
            fails: lowered.fails,
            effective,
            inputs,
            warnings,
        }),
        lowered => {
            assert!(found > 0 || lowered.is_some(), "bug: a replay is refused without a reason");
            Err(errors)
        }
    }
}

/// Has the demand read from another path.
fn point_to(root: &mut Node, path: &str) {
    let mut node = root;
    for key in ["replay", "demand", "file", "path"] {
        let Kind::Map(entries) = &mut node.kind else { return };
        let Some(entry) = entries.iter_mut().find(|entry| entry.key == key) else { return };
        node = &mut entry.value;
    }
    *node = Node::scalar(node.span, path);
}

/// The patch that shows a demand as it is written on a command line: a CSV file (`.csv`), a rate, or a formula.
pub fn demand_patch(text: &str) -> String {
    let quoted = serde_json::Value::from(text);
    if Path::new(text).extension().is_some_and(|end| end == "csv") {
        format!("replay.demand={{file: {{path: {quoted}}}}}")
    } else if crate::values::rate(text).is_ok() {
        format!("replay.demand={quoted}")
    } else {
        format!("replay.demand={{formula: {quoted}}}")
    }
}
