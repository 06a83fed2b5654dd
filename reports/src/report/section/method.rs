//! Method, precision, limits: how the run was done, and what its numbers do not cover.

use super::super::part::{Fact, Part, Section, Source};
use crate::input::ReportInput;
use crate::tables::{SEQUENTIAL_TEST, stopped_name};
use crate::terminal::whole_duration;
use crate::{format, stopping};

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let parts = vec![Part::Facts(facts(source.input)), Part::List(limits(source.input))];
    Section::of("method", "Method, precision, limits", parts)
}

fn facts(input: &ReportInput<'_>) -> Vec<Fact> {
    let outcome = &input.results.outcome;
    let (replications, horizon) =
        (format::grouped(outcome.replications), whole_duration(input.spec.time.horizon.get()));
    let measured = whole_duration(outcome.measured_h);
    let method =
        format!("discrete-event simulation, {replications} replications of {horizon}, {measured} of it measured");
    let mut facts = vec![Fact::text("method", method)];
    facts.extend(stopping::rounded(input).map(|rounded| Fact::text("rounded", rounded)));
    let mut exact: Vec<_> = input.results.measures.iter().filter_map(|m| m.exact_method).collect();
    exact.sort_unstable();
    exact.dedup();
    if !exact.is_empty() {
        let beside = format!("{}: steady-state values, free of sampling error", exact.join(", "));
        facts.push(Fact::text("exact beside it", beside));
    }
    facts.push(Fact::text("seed", outcome.seed.to_string()));
    facts.push(Fact::text("stopped because", stopped(input)));
    facts.extend(goal(input).map(|goal| Fact::text(stopping::label(outcome), goal)));
    let zones = &input.about.zone_data;
    let zones = if zones.is_empty() { String::new() } else { format!(", time-zone data {zones}") };
    facts.push(Fact::text("engine", format!("Ninefold {}{zones}", env!("CARGO_PKG_VERSION"))));
    facts.push(Fact::code("scenario", input.scenario_digest()));
    facts.push(Fact::code("run", input.run_id()));
    facts
}

/// Why no further replication was run.
fn stopped(input: &ReportInput<'_>) -> String {
    let outcome = &input.results.outcome;
    let open = if stopping::is_decision(outcome) {
        "not every verdict asked for is decided"
    } else {
        "the precision asked for is not reached"
    };
    match stopped_name(outcome.stopped) {
        "fixed" => "the fixed number of replications is done".to_owned(),
        "precision" => "the precision asked for is reached".to_owned(),
        "decision" => "every verdict asked for is decided".to_owned(),
        "budget" => format!("the largest number of replications is done; {open}"),
        "time" => format!("the time was up; {open}"),
        _ => format!("it was interrupted; {open}"),
    }
}

/// What was asked of the precision, and what it came to.
fn goal(input: &ReportInput<'_>) -> Option<String> {
    let outcome = &input.results.outcome;
    let steering = outcome.steering.as_deref().unwrap_or("the unavailability of every journey");
    let reached = outcome.reached?;
    let method = if stopping::is_decision(outcome) { format!(" ({SEQUENTIAL_TEST})") } else { String::new() };
    let come = stopping::come(&reached).map(|come| format!(", reached {come}")).unwrap_or_default();
    Some(format!("{steering}: asked {}{method}{come}", stopping::asked(&reached)))
}

fn limits(input: &ReportInput<'_>) -> Vec<String> {
    let chance = if input.results.outcome.parameter_draws > 0 {
        "± covers the chance of the simulation; the intervals by inputs and chance also cover doubt about the inputs that \
         are given as uncertain, and about no others."
    } else {
        "Intervals cover the chance of the simulation. They do not cover doubt about the inputs, which enter as point values."
    };
    let exact = "An exact value is of the long run; a simulated one is of the measured time, so the two differ where the \
                 system starts new and has not settled.";
    vec![chance.to_owned(), exact.to_owned(), "What the scenario does not describe cannot fail here.".to_owned()]
}
