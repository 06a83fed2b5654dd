//! Options: what-ifs of a scenario, each a patch with its cost, loaded one by one from the tree that they share.

use std::sync::Arc;

use ninefold_models::compare::{Cost, OTHERS_MAX};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sink};
use crate::load::{Laid, Loaded, finish, patched};
use crate::merge::{By, Patch};
use crate::nearest::suggestion;
use crate::source::Span;
use crate::values;
use crate::yaml::{self, Entry, Kind, Node};

/// The name of the scenario as it is, among its options.
pub const BASELINE: &str = "baseline";

/// Most options of a scenario, each value of a sweep counted.
pub const OPTIONS_MAX: usize = OTHERS_MAX;

/// Sections that say how a scenario is made or run, which is the same for all options.
const COMMON: [&str; 6] = ["scenario", "version", "extends", "options", "run", "replay"];

/// One option, or one value of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioOption {
    /// Its name: `third-node`, or of a sweep `spares=4`.
    pub name: String,
    /// What is different: paths, and values as YAML on one line.
    pub patch: Vec<(String, String)>,
    /// What it costs.
    pub cost: OptionCost,
    /// Labels that are given: `owner`, `due`, `status`, `tracked_as`, `from`.
    pub labels: Vec<(&'static str, String)>,
}

/// The cost of an option as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptionCost {
    /// Nothing is said.
    Unknown,
    /// By the prices of the components.
    Derived,
    /// Beyond the baseline.
    Given(Cost),
}

impl ScenarioOption {
    /// What it costs beyond the baseline; `None` where nothing is said.
    pub fn cost(&self, own: &Loaded, baseline: &Loaded) -> Option<Cost> {
        match self.cost {
            OptionCost::Unknown => None,
            OptionCost::Given(cost) => Some(cost),
            OptionCost::Derived => {
                let before = baseline.price_per_year.unwrap_or(0.0);
                Some(Cost { per_year: own.price_per_year? - before, once: 0.0 })
            }
        }
    }
}

/// An option and where it is written.
#[derive(Clone, Debug)]
struct Declared {
    option: ScenarioOption,
    patches: Vec<Patch>,
    place: Place,
    cost: Option<Span>,
}

/// Where an option is written: its name, and all of it.
#[derive(Clone, Copy, Debug)]
struct Place {
    key: Span,
    whole: Span,
}

/// The options of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Options(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    declared: Vec<Declared>,
    laid: Laid,
    sets: Vec<String>,
}

impl Options {
    /// Reads those of a scenario that has been laid on what it extends; `sets` are applied after each one's patch.
    pub(crate) fn read(laid: &mut Laid, sets: &[String]) -> Self {
        let entries = laid.root.get("options").map_or_else(Vec::new, |section| section.entries().to_vec());
        let mut declared = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.value.is_null()) {
            declared.extend(read(entry, OPTIONS_MAX + 1 - declared.len(), &mut laid.sink));
            if declared.len() > OPTIONS_MAX {
                let message = format!("more than {OPTIONS_MAX} options, each value of a sweep counted");
                laid.sink.push(
                    Diagnostic::new(Code::Option, message, entry.key_span)
                        .why("all of them are simulated side by side")
                        .hint("leave out what is no choice, or sweep fewer values"),
                );
                break;
            }
        }
        if declared.is_empty() {
            return Self(None);
        }
        let laid = Laid {
            root: laid.root.clone(),
            sources: laid.sources.clone(),
            sink: Sink::default(),
            folder: laid.folder.clone(),
            complete: laid.complete,
        };
        Self(Some(Arc::new(Shared { declared, laid, sets: sets.to_vec() })))
    }

    /// Every option in the order in which it is written, a sweep as one for each value; not the baseline.
    pub fn list(&self) -> impl Iterator<Item = &ScenarioOption> {
        self.0.iter().flat_map(|shared| &shared.declared).map(|declared| &declared.option)
    }

    /// Loads the scenario with an option; `None` if there is no such option.
    ///
    /// # Errors
    /// Every problem found, each at the option.
    pub fn load(&self, name: &str) -> Option<Result<Loaded, Diagnostics>> {
        let shared = self.0.as_ref()?;
        let declared = shared.declared.iter().find(|declared| declared.option.name == name)?;
        Some(shared.load(declared))
    }

    /// What to write instead of a name that is none.
    pub fn suggestion(&self, name: &str) -> String {
        suggestion(name, self.list().map(|option| option.name.as_str()))
    }
}

impl Shared {
    fn load(&self, Declared { option, patches, place, cost }: &Declared) -> Result<Loaded, Diagnostics> {
        let Laid { root, sources, folder, complete, .. } = &self.laid;
        let sink = Sink::of_option(&option.name, (place.key, place.whole));
        let laid =
            Laid { root: root.clone(), sources: sources.clone(), sink, folder: folder.clone(), complete: *complete };
        let loaded = finish(patched(laid, patches.clone(), &self.sets)?)?;
        if let (OptionCost::Derived, None, Some(cost)) = (option.cost, loaded.price_per_year, cost) {
            let mut sink = Sink::default();
            sink.push(
                Diagnostic::new(Code::Option, format!("the cost of `{}` cannot be derived", option.name), *cost)
                    .why("no component has a price")
                    .hint("give components a `price`, or write `cost: {per_year: …}`"),
            );
            return Err(sink.finish(sources).0);
        }
        Ok(loaded)
    }
}

/// Reads one entry, at most so many options of it.
fn read(entry: &Entry, most: usize, sink: &mut Sink) -> Vec<Declared> {
    let problems = sink.len();
    let part = |key: &str| entry.value.get(key).map_or(&[][..], Node::entries);
    let (patch, sweep) = (part("patch"), part("sweep"));
    let patches: Vec<Patch> = patch.iter().filter_map(|entry| path(entry, entry.value.clone(), sink)).collect();
    let mut swept: Vec<Vec<Patch>> = vec![patches];
    for along in sweep {
        let empty = matches!(&along.value.kind, Kind::Seq(values) if values.is_empty());
        if empty || along.value.is_null() {
            sink.push(
                Diagnostic::new(Code::Option, format!("`{}` sweeps over nothing", entry.key), along.key_span)
                    .hint("write the values, as in `[10s, 30s, 60s]`"),
            );
        }
        if let Some(fixed) = patch.iter().find(|fixed| fixed.key == along.key) {
            sink.push(
                Diagnostic::new(Code::Option, format!("`{}` patches and sweeps one path", entry.key), along.key_span)
                    .secondary(fixed.key_span, "patched here")
                    .hint("leave it out of `patch`"),
            );
        }
        let one = |before: &Vec<Patch>, value: &Node, sink: &mut Sink| {
            let with = path(along, value.clone(), sink)?;
            Some(before.iter().cloned().chain([with]).collect())
        };
        let combined = swept.iter().flat_map(|before| along.value.items().iter().map(move |value| (before, value)));
        swept = combined.take(most).filter_map(|(before, value)| one(before, value, sink)).collect();
    }
    refuse_whole(entry, patch.is_empty() && sweep.is_empty(), sink);
    let cost = entry.value.get("cost");
    let read_cost = cost.map_or(OptionCost::Unknown, |node| read_cost(node, sink));
    if entry.key == BASELINE || sink.len() > problems {
        return Vec::new();
    }
    let place = Place { key: entry.key_span, whole: Span { end: entry.value.span.end, ..entry.key_span } };
    let declare = |patches: Vec<Patch>| {
        let swept = &patches[patches.len().saturating_sub(sweep.len())..];
        let option = ScenarioOption {
            name: name(&entry.key, swept),
            patch: patches.iter().map(|patch| (patch.path.join("."), yaml::flow(&patch.value))).collect(),
            cost: read_cost,
            labels: labels(&entry.value),
        };
        Declared { option, patches, place, cost: cost.map(|cost| cost.span) }
    };
    let all: Vec<Declared> = swept.into_iter().map(declare).collect();
    let twice =
        all.iter().enumerate().find(|(i, one)| all[..*i].iter().any(|other| other.option.name == one.option.name));
    if let Some((_, twice)) = twice {
        let message = format!("`{}` sweeps over a value twice", entry.key);
        let place = twice.patches.last().map_or(entry.key_span, |patch| patch.value.span);
        sink.push(Diagnostic::new(Code::Option, message, place).hint("leave one of them out"));
        return Vec::new();
    }
    all
}

/// What is wrong with an option as a whole.
fn refuse_whole(entry: &Entry, silent: bool, sink: &mut Sink) {
    if entry.key == BASELINE {
        let has = |key: &str| entry.value.entry(key).filter(|entry| !entry.value.is_null());
        if let Some(given) = ["patch", "sweep", "cost"].iter().find_map(|key| has(key)) {
            let message = format!("`{BASELINE}` is the scenario as it is: it takes no `{}`", given.key);
            sink.push(
                Diagnostic::new(Code::Option, message, given.key_span)
                    .why("what the others differ and cost is told beside it")
                    .hint("change the scenario itself, or call the option something else"),
            );
        }
    } else if silent {
        let hint = "add `patch: {path.to.key: value}`, or `sweep: {path.to.key: [value, value]}`";
        sink.push(Diagnostic::new(Code::Option, format!("`{}` changes nothing", entry.key), entry.key_span).hint(hint));
    }
}

/// A patch by its path as written.
fn path(entry: &Entry, value: Node, sink: &mut Sink) -> Option<Patch> {
    let path: Vec<String> = entry.key.trim().split('.').map(str::to_owned).collect();
    let problem = |message: String| Diagnostic::new(Code::Option, message, entry.key_span);
    if path.iter().any(String::is_empty) || path.len() > yaml::DEPTH_MAX {
        let hint = "write the keys from the top, joined by dots";
        sink.push(problem(format!("`{}` is not a path", entry.key)).hint(hint));
        return None;
    }
    if COMMON.contains(&path[0].as_str()) {
        sink.push(
            problem(format!("an option cannot change `{}`", path[0]))
                .why("options differ in what the system is; how it is made and run is the same for all")
                .hint("patch a component, a plan, a dependency, a journey or a domain"),
        );
        return None;
    }
    Some(Patch { path, span: entry.key_span, value, by: By::Option })
}

fn read_cost(node: &Node, sink: &mut Sink) -> OptionCost {
    if let Some(text) = node.text() {
        return if text == "derived" { OptionCost::Derived } else { OptionCost::Unknown };
    }
    let amount = |key: &str| node.get(key).and_then(Node::text);
    if amount("per_year").or(amount("once")).is_none() {
        if node.entries().is_empty() {
            let message = "the cost is empty";
            sink.push(Diagnostic::new(Code::Empty, message, node.span).hint("write `{per_year: 1200}` or `derived`"));
        }
        return OptionCost::Unknown;
    }
    let read = |key| amount(key).and_then(|text| values::number_in(text, f64::MIN, f64::MAX).ok()).unwrap_or(0.0);
    OptionCost::Given(Cost { per_year: read("per_year"), once: read("once") })
}

fn labels(option: &Node) -> Vec<(&'static str, String)> {
    let known = ["tracked_as", "owner", "due", "status", "from"].into_iter();
    known.filter_map(|key| Some((key, option.get(key)?.text()?.to_owned()))).collect()
}

/// `spares=4`.
fn name(option: &str, swept: &[Patch]) -> String {
    let values: Vec<String> = swept.iter().map(|patch| yaml::flow(&patch.value)).collect();
    if values.is_empty() { option.to_owned() } else { format!("{option}={}", values.join(",")) }
}
