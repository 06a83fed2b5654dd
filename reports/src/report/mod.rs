//! The report: one self-contained HTML file that opens offline, prints well and follows the reader's light or dark.

mod experiments;
mod grid;
mod queues;
mod sections;
mod structure;
mod verdict;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use ninefold_models::plan::Variance;
use serde::Serialize;

use grid::Grid;
use sections::Headline;

use crate::figures::Figure;
use crate::input::ReportInput;
use crate::tables::{Format, SEQUENTIAL_TEST, stopped_name};
use crate::terminal::whole_duration;
use crate::{format, stopping};

pub use verdict::sentence;

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("sort.js");

/// Figures below the sections that have one of their own.
const REST: [&str; 3] = ["availability_distribution", "incident_timeline", "topology"];

/// The report could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be made")]
pub struct ReportError(#[from] Box<minijinja::Error>);

/// Everything the template shows, in its order.
#[derive(Serialize)]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    extension: &'static str,
    scenario: &'a str,
    verdict: String,
    verdict_class: &'static str,
    headlines: Vec<Headline>,
    downtime_by_cause: Option<Shown<'a>>,
    causes: Option<Grid>,
    importance: Option<Grid>,
    shortfall: Option<Grid>,
    experiments: Option<Grid>,
    single_points: Vec<String>,
    cut_sets: Option<Grid>,
    cut_set_counts: Option<Grid>,
    recovery: Option<Grid>,
    beyond_recovery: Option<String>,
    downtime_by_cut_set: Option<Grid>,
    downtime_by_edge: Option<Grid>,
    input_shares: Option<Shown<'a>>,
    shares: Option<Grid>,
    agreements: Option<Grid>,
    nines_by_window: Option<Shown<'a>>,
    windows: Option<Grid>,
    rest: Vec<Shown<'a>>,
    entities: Option<Grid>,
    measures: Option<Grid>,
    queues: Option<Grid>,
    variance: Option<Grid>,
    assumptions: Option<Grid>,
    provenance: Option<Grid>,
    records: Option<Grid>,
    fits: Option<Grid>,
    method: Method,
    command: String,
}

/// What the template needs of a figure.
#[derive(Serialize)]
struct Shown<'a> {
    table: Option<&'static str>,
    svg: &'a str,
}

/// How the run was done, in words.
#[derive(Serialize)]
struct Method {
    seed: u64,
    replications: String,
    /// Where that is not the number that was asked for.
    rounded: Option<String>,
    /// Draws of the inputs, if there are any.
    draws: Option<String>,
    confidence: String,
    measured: String,
    horizon: String,
    stopped: String,
    goal_label: &'static str,
    goal: Option<String>,
    exact: Vec<&'static str>,
    version: &'static str,
    zone_data: String,
    scenario_digest: String,
    run: String,
}

/// The report as HTML; links to tables have the extension of `format`.
///
/// # Errors
/// [`ReportError`] if the template fails, which would be a fault of the template.
pub fn html(input: &ReportInput<'_>, figures: &[Figure], format: Format) -> Result<String, ReportError> {
    render(input, figures, format).map_err(|error| ReportError(Box::new(error)))
}

fn render(input: &ReportInput<'_>, figures: &[Figure], format: Format) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE)?;
    let page = page(input, figures, format);
    environment.get_template("report")?.render(Serde(&page))
}

fn page<'a>(input: &ReportInput<'a>, figures: &'a [Figure], format: Format) -> Page<'a> {
    let figure = |name: &str| figures.iter().find(|f| f.name == name).map(shown);
    Page {
        style: STYLE,
        script: SCRIPT,
        extension: format.extension(),
        scenario: &input.about.scenario,
        verdict: verdict::sentence(input),
        verdict_class: verdict::class(input),
        headlines: sections::headlines(input),
        causes: sections::causes(input),
        importance: sections::importance(input),
        shortfall: sections::shortfall(input),
        experiments: experiments::grid(input),
        single_points: structure::single_points(input),
        cut_sets: structure::cut_sets(input),
        cut_set_counts: structure::cut_set_counts(input),
        recovery: structure::recovery(input),
        beyond_recovery: structure::beyond_recovery(input),
        downtime_by_cut_set: structure::downtime_by_cut_set(input),
        downtime_by_edge: structure::downtime_by_edge(input),
        input_shares: figure("input_shares"),
        shares: sections::shares(input),
        agreements: sections::agreements(input),
        windows: sections::windows(input),
        entities: sections::entities(input),
        measures: sections::measures(input),
        queues: queues::grid(input),
        variance: sections::variance(input),
        assumptions: sections::assumptions(input),
        provenance: sections::provenance(input),
        records: sections::records(input),
        fits: sections::fits(input),
        method: method(input),
        downtime_by_cause: figure("downtime_by_cause"),
        nines_by_window: figure("nines_by_window"),
        rest: REST.into_iter().filter_map(figure).collect(),
        command: command(input),
    }
}

fn shown(figure: &Figure) -> Shown<'_> {
    Shown { table: figure.table, svg: &figure.svg }
}

fn method(input: &ReportInput<'_>) -> Method {
    let outcome = &input.results.outcome;
    let mut exact: Vec<_> = input.results.measures.iter().filter_map(|m| m.exact_method).collect();
    exact.sort_unstable();
    exact.dedup();
    let decision = stopping::is_decision(outcome);
    let open =
        if decision { "not every verdict asked for is decided" } else { "the precision asked for is not reached" };
    let stopped = match stopped_name(outcome.stopped) {
        "fixed" => "the fixed number of replications is done".to_owned(),
        "precision" => "the precision asked for is reached".to_owned(),
        "decision" => "every verdict asked for is decided".to_owned(),
        "budget" => format!("the largest number of replications is done; {open}"),
        "time" => format!("the time was up; {open}"),
        _ => format!("it was interrupted; {open}"),
    };
    let steering = outcome.steering.as_deref().unwrap_or("the unavailability of every journey");
    let goal = outcome.reached.map(|reached| {
        let method = if decision { format!(" ({SEQUENTIAL_TEST})") } else { String::new() };
        let come = stopping::come(&reached).map(|come| format!(", reached {come}")).unwrap_or_default();
        format!("{steering}: asked {}{method}{come}", stopping::asked(&reached))
    });
    Method {
        seed: outcome.seed,
        replications: format::grouped(outcome.replications),
        rounded: stopping::rounded(input),
        draws: (outcome.parameter_draws > 0).then(|| format::grouped(u64::from(outcome.parameter_draws))),
        confidence: format::target(outcome.confidence),
        measured: whole_duration(outcome.measured_h),
        horizon: whole_duration(input.spec.time.horizon.get()),
        stopped,
        goal_label: stopping::label(outcome),
        goal,
        exact,
        version: env!("CARGO_PKG_VERSION"),
        zone_data: input.about.zone_data.clone(),
        scenario_digest: input.scenario_digest(),
        run: input.run_id(),
    }
}

/// The command that gives the same tables from the folder's own scenario.
fn command(input: &ReportInput<'_>) -> String {
    let outcome = &input.results.outcome;
    let variance = match input.plan.variance {
        none if none == Variance::default() => String::new(),
        _ => format!(" {}", input.plan.variance_flags()),
    };
    let (seed, replications) = (outcome.seed, outcome.replications);
    format!("ninefold run scenario.yaml --seed {seed} --replications {replications}{variance} --out again")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::analysis::COMPONENTS_MAX;

    use super::*;
    use crate::figures::figures;
    use crate::toy_shop::ToyShop;

    fn report(shop: &ToyShop) -> String {
        html(&shop.input(), &figures(&shop.input()), Format::Parquet).unwrap()
    }

    #[test]
    fn the_report_is_self_contained_and_in_order() {
        let html = report(&ToyShop::new());
        for outside in ["src=\"http", "href=\"http", "url(", "@import"] {
            assert!(!html.contains(outside), "{outside}");
        }
        let order = [
            "id=\"verdict\"",
            "id=\"numbers\"",
            "id=\"drivers\"",
            "id=\"structure\"",
            "id=\"recovery\"",
            "id=\"doubt\"",
            "id=\"agreements\"",
            "id=\"windows\"",
            "id=\"figures\"",
            "id=\"assumptions\"",
            "id=\"inputs\"",
            "id=\"method\"",
            "id=\"reproduce\"",
        ];
        let places: Vec<_> = order.iter().map(|id| html.find(id).unwrap_or_else(|| panic!("{id}"))).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(html.matches("role=\"img\"").count(), 6);
        assert!(
            html.contains("3.8e-4 ± 0.4e-4") && html.contains("prefers-color-scheme") && html.contains("@media print")
        );
    }

    #[test]
    fn links_lead_to_the_tables_in_their_format() {
        let shop = ToyShop::new();
        let html = html(&shop.input(), &figures(&shop.input()), Format::Csv).unwrap();
        assert!(html.contains("href=\"tables/incidents.csv\"") && !html.contains(".parquet"));
    }

    #[test]
    fn hostile_names_are_escaped() {
        let mut shop = ToyShop::new();
        let hostile = "<script>alert('x')</script><img src=x onerror=alert(1)>";
        shop.about.scenario = hostile.into();
        shop.spec.name = hostile.into();
        shop.spec.journeys[0].name = hostile.into();
        shop.spec.components[0].name = hostile.into();
        shop.about.assumptions[0].reason = hostile.into();
        shop.about.provenance[0].source = hostile.into();
        shop.results.requirements[0].agreement = hostile.into();
        shop.results.causes[0].cause = hostile.into();
        for m in &mut shop.results.measures {
            m.entity = m.entity.replace("checkout", hostile);
        }
        let html = report(&shop);
        assert_eq!(html.matches("<script").count(), 1, "only ours");
        assert!(!html.contains("<img"));
        assert!(html.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_report_without_anything_optional_is_still_a_report() {
        let mut shop = ToyShop::new();
        shop.spec.journeys.clear();
        shop.results.requirements.clear();
        shop.results.importance.clear();
        shop.results.cut_sets.clear();
        shop.results.cut_set_counts.clear();
        shop.results.recovery.clear();
        shop.results.cut_set_downtime.clear();
        shop.results.edge_downtime.clear();
        shop.results.causes.clear();
        shop.results.windowed.clear();
        shop.results.incidents.clear();
        shop.results.input_shares.clear();
        shop.results.outcome.parameter_draws = 0;
        shop.about.records.clear();
        shop.fits.clear();
        assert!(report(&shop).contains("id=\"reproduce\""));
        assert!(!report(&shop).contains("id=\"recovery\""));
    }

    #[test]
    fn what_is_too_large_for_an_order_of_recovery_is_told_so() {
        let mut shop = ToyShop::new();
        shop.results.recovery.clear();
        let one = shop.spec.components[0].clone();
        shop.spec.components.resize(COMPONENTS_MAX + 1, one);
        assert!(report(&shop).contains("more than 10,000 components or domains"));
    }

    #[test]
    fn odd_numbers_break_nothing() {
        use ninefold_models::results::{Estimated, WithInputs};
        let odd = [f64::NAN, f64::INFINITY, 0.0, 1.0, 1e-300, 5e-324, 1e300, -1.0];
        for value in odd {
            for bound in odd {
                let e = Estimated { value, standard_error: bound, lo: bound.min(value), hi: bound };
                let mut shop = ToyShop::new();
                let results = &mut shop.results;
                results.measures.iter_mut().for_each(|m| m.estimate = e);
                results.availability.iter_mut().for_each(|r| (r.unavailability, r.unserved_ratio) = (e, e));
                results.windowed.iter_mut().for_each(|r| (r.mcr_p05, r.mcr_p50, r.mcr_p95) = (value, bound, value));
                results.exceedance.iter_mut().for_each(|r| (r.downtime_min, r.p_exceed) = (value.abs(), e));
                results.traffic_moved.iter_mut().for_each(|r| r.moved = e);
                let odd = WithInputs { standard_deviation: bound, lo: bound.min(value), hi: bound };
                results.measures.iter_mut().for_each(|m| m.inputs = Some(odd));
                results.input_shares.iter_mut().for_each(|r| r.share = e);
                results.cut_set_downtime.iter_mut().for_each(|r| r.minutes_per_year = e);
                results.edge_downtime.iter_mut().for_each(|r| (r.minutes_through, r.minutes_ending) = (e, e));
                results
                    .cut_sets
                    .iter_mut()
                    .for_each(|r| (r.minutes_per_year, r.p_per_year) = (Some(value), Some(bound)));
                results.recovery.iter_mut().for_each(|r| (r.starts_min, r.up_min) = (Some(value), Some(bound)));
                results.causes.iter_mut().for_each(|r| r.minutes_per_year = e);
                results.incidents.iter_mut().for_each(|r| r.restored_s = r.fault_s + value.abs());
                results.requirements.iter_mut().for_each(|r| (r.shortfall, r.breach_probability) = (e, e));
                let html = report(&shop);
                assert!(!html.contains("NaN") && !html.contains(">inf"), "{value} {bound}");
                assert!(crate::terminal::answer(&shop.input()).lines().count() > 4);
            }
        }
    }

    #[test]
    fn many_items_are_capped_and_said_so() {
        let mut shop = ToyShop::new();
        let row = shop.about.provenance[0].clone();
        shop.about.provenance = vec![row; 5_000];
        let component = shop.spec.components[0].clone();
        let rename = |i: usize| {
            let mut copy = component.clone();
            copy.name = format!("component-with-a-rather-long-name-{i}");
            copy
        };
        shop.spec.components.extend((0..200).map(rename));
        let html = report(&shop);
        assert!(html.contains("and 4700 more") && html.contains("180 more components"));
        assert!(html.len() < 1_000_000, "{}", html.len());
    }
}
