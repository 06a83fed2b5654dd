//! Loading: read, merge, patch, check, lower.

use std::path::Path;

use ninefold_models::about::About;
use ninefold_models::plan::Plan;
use ninefold_models::system::SystemSpec;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sink};
use crate::draws::ParameterDraws;
use crate::evidence::{Evidence, FittedColumn};
use crate::lower::{effective, lower, refuse_replayed};
use crate::merge::{
    Folder, Patch, apply_edge_defaults, apply_like, apply_manifests, apply_patches, drop_nulls, read_bounded,
    read_sets, with_bases,
};
use crate::options::Options;
use crate::schema::{ROOT, validate};
use crate::source::{Sources, Span};
use crate::yaml;

/// How a scenario is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Patches `path.to.key=value`, in order; the value is YAML.
    pub set: Vec<String>,
}

/// A scenario that is ready to run.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the system consists of.
    pub spec: SystemSpec,
    /// How it is to be assessed.
    pub plan: Plan,
    /// The draws of its uncertain inputs, if the scenario asks for any.
    pub draws: ParameterDraws,
    /// Its options; none of a scenario that is an option itself.
    pub options: Options,
    /// What a run writes line by line.
    pub feeds: Feeds,
    /// The money of every amount; empty where none is named.
    pub currency: String,
    /// What all priced units cost a year, in the scenario's currency; `None` where nothing has a price, or where how many units
    /// there are changes in a run.
    pub price_per_year: Option<f64>,
    /// What was assumed, given and read.
    pub about: About,
    /// Remarks that do not refuse the scenario.
    pub warnings: Diagnostics,
    /// Files that the effective scenario needs beside it: path and content.
    pub inputs: Vec<(String, Vec<u8>)>,
    /// The fits behind `fit:` laws, in the order in which they are written.
    pub fits: Vec<FittedColumn>,
}

/// What a run writes line by line, into `feeds/` of its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Feeds {
    /// The stories of incidents.
    pub incident_events: bool,
    /// The transitions of failovers.
    pub failover_status: bool,
}

/// A text that is about to be read.
pub(crate) struct Opened {
    pub(crate) file: u32,
    pub(crate) sources: Sources,
    pub(crate) sink: Sink,
    /// The folder of the file, and the file itself.
    pub(crate) folder: Option<(Folder, std::path::PathBuf)>,
}

/// A tree laid on what it extends, before any patch.
#[derive(Debug)]
pub(crate) struct Laid {
    pub(crate) root: yaml::Node,
    pub(crate) sources: Sources,
    pub(crate) sink: Sink,
    pub(crate) folder: Option<Folder>,
    /// Whether all that it extends could be read.
    pub(crate) complete: bool,
}

/// A tree with everything that it inherits, checked for its shape.
pub(crate) struct Merged {
    pub(crate) root: yaml::Node,
    pub(crate) sources: Sources,
    pub(crate) sink: Sink,
    pub(crate) folder: Option<Folder>,
}

/// Opens a file.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn open(path: &Path) -> Result<Opened, Diagnostics> {
    let name = path.display().to_string();
    let mut sources = Sources::default();
    let mut sink = Sink::default();
    let text = match read_bounded(path) {
        Ok(text) => text,
        Err((code, message)) => {
            let file = sources.add(name, "");
            let hint = match code {
                Code::NotText => "save it as UTF-8",
                Code::Limit => "split it with `extends`",
                _ => "check the path",
            };
            sink.push(Diagnostic::new(code, message, Span::top(file)).hint(hint));
            return Err(sink.finish(&sources).0);
        }
    };
    let shown = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let here = if shown.as_os_str().is_empty() { Path::new(".") } else { shown.as_path() };
    let folder = here.canonicalize().ok().map(|real| Folder { shown: shown.clone(), real });
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let file = sources.add(name, text);
    Ok(Opened { file, sources, sink, folder: folder.map(|folder| (folder, real)) })
}

/// Loads the scenario in a file. Files it names are looked for in the file's folder and below.
///
/// # Errors
/// Every problem found, in the order of the files.
pub fn load_file(path: &Path, options: &LoadOptions) -> Result<Loaded, Diagnostics> {
    load(open(path)?, options)
}

/// Loads a scenario from text; `name` is what messages call it. It can name no other file.
///
/// # Errors
/// Every problem found.
pub fn load_text(name: &str, text: &str, options: &LoadOptions) -> Result<Loaded, Diagnostics> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    load(Opened { file, sources, sink: Sink::default(), folder: None }, options)
}

/// Reads, merges, patches and checks the shape; `translate` sees the file as it is written.
///
/// # Errors
/// Every problem found, where they leave no tree to go on with.
pub(crate) fn merged(
    opened: Opened,
    options: &LoadOptions,
    translate: impl FnOnce(yaml::Node, &mut Sink) -> yaml::Node,
) -> Result<Merged, Diagnostics> {
    patched(laid(opened, translate)?, Vec::new(), &options.set)
}

/// Reads a file, and lays it on what it extends.
///
/// # Errors
/// Every problem found, where they leave no tree to go on with.
fn laid(opened: Opened, translate: impl FnOnce(yaml::Node, &mut Sink) -> yaml::Node) -> Result<Laid, Diagnostics> {
    let Opened { file, mut sources, mut sink, folder } = opened;
    let Some(tree) = yaml::parse(&sources, file, &mut sink) else {
        if sink.len() == 0 {
            let message = "the file is empty";
            sink.push(
                Diagnostic::new(Code::Missing, message, Span::top(file)).hint("`ninefold new` writes a first scenario"),
            );
        }
        return Err(sink.finish(&sources).0);
    };
    let problems = sink.len();
    let tree = translate(tree, &mut sink);
    if sink.len() > problems {
        // A patch to what was not translated would be refused for the wrong reason.
        return Err(sink.finish(&sources).0);
    }
    let (folder, chain) = folder.map_or((None, Vec::new()), |(folder, real)| (Some(folder), vec![real]));
    let (root, complete) = with_bases(tree, folder.as_ref(), chain, (&mut sources, &mut sink));
    Ok(Laid { root, sources, sink, folder, complete })
}

/// Applies an option's patches, then `sets`, then `like`, and checks the shape.
///
/// # Errors
/// As of [`merged`].
pub(crate) fn patched(laid: Laid, mut patches: Vec<Patch>, sets: &[String]) -> Result<Merged, Diagnostics> {
    let Laid { mut root, mut sources, mut sink, folder, complete } = laid;
    patches.extend(read_sets(sets, &mut sources, &mut sink));
    apply_patches(&mut root, patches, &mut sink);
    validate(&root, &ROOT, &mut sink);
    if !matches!(root.kind, yaml::Kind::Map(_)) {
        return Err(refuse_shape(&root, sink, &sources));
    }
    if !complete {
        // What the missing file would have given cannot be told from what is missing.
        return Err(sink.finish(&sources).0);
    }
    apply_like(&mut root, &mut sink);
    apply_edge_defaults(&mut root);
    drop_nulls(&mut root);
    apply_manifests(&mut root, folder.as_ref(), (&mut sources, &mut sink));
    Ok(Merged { root, sources, sink, folder })
}

fn load(opened: Opened, options: &LoadOptions) -> Result<Loaded, Diagnostics> {
    let mut laid = laid(opened, |tree, _| tree)?;
    // A `--set` of an option's own keys is there before the option is.
    let of_an_option = |text: &&String| text.trim_start().starts_with("options.");
    let (own, sets): (Vec<&String>, Vec<&String>) = options.set.iter().partition(of_an_option);
    let [own, sets] = [own, sets].map(|texts| texts.into_iter().cloned().collect::<Vec<String>>());
    let own = read_sets(&own, &mut laid.sources, &mut laid.sink);
    apply_patches(&mut laid.root, own, &mut laid.sink);
    let variants = Options::read(&mut laid, &sets);
    Ok(Loaded { options: variants, ..finish(patched(laid, Vec::new(), &sets)?)? })
}

/// Lowers what has been merged.
///
/// # Errors
/// Every problem found.
pub(crate) fn finish(merged: Merged) -> Result<Loaded, Diagnostics> {
    let Merged { root, sources, mut sink, folder } = merged;
    refuse_replayed(&root, &mut sink);
    let mut evidence = Evidence::new(folder);
    let lowered = lower(&root, &sources, (&mut sink, &mut evidence), None);
    let (errors, warnings) = sink.finish(&sources);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut about = lowered.about;
    about.effective = effective(&root, (&about.assumptions, &lowered.remarked), &lowered.replaced, &evidence.sections);
    about.records = std::mem::take(&mut evidence.digests);
    let (inputs, fits) = (std::mem::take(&mut evidence.inputs), std::mem::take(&mut evidence.fits));
    let feed = |name: &str| root.get("run").and_then(|run| run.get("feeds")?.get(name)).is_some();
    let feeds = Feeds { incident_events: feed("incident_events"), failover_status: feed("failover_status") };
    let currency = root.get("currency").and_then(yaml::Node::text).unwrap_or_default().to_owned();
    let draws = ParameterDraws::new(lowered.draws, root, sources, evidence);
    let (options, price_per_year) = (Options::default(), lowered.price_per_year);
    let (spec, plan) = (lowered.spec, lowered.plan);
    Ok(Loaded { spec, plan, draws, options, feeds, currency, price_per_year, about, warnings, inputs, fits })
}

/// A document that is no map at all.
fn refuse_shape(root: &yaml::Node, mut sink: Sink, sources: &Sources) -> Diagnostics {
    if sink.len() == 0 {
        let message = "the file holds no scenario";
        sink.push(Diagnostic::new(Code::Missing, message, root.span).hint("`ninefold new` writes a first scenario"));
    }
    sink.finish(sources).0
}
