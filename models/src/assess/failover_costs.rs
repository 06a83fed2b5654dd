//! What an attempt of a failover plan did to clients and data.

use ninefold_sim_core::tick::Tick;

use super::failovers::seconds;
use crate::metric::failover::Attempt;
use crate::replication::{CLIENTS, Moving, Trace};
use crate::system::System;

/// Shares of the clients whose times are told.
const SHARES: [f64; 2] = [0.5, 0.95];

/// Seconds from the beginning of an attempt until half, and until 95 %, of the clients whose place the plan drains had been
/// sent elsewhere; `None` if fewer were.
pub(super) fn traffic_moved(system: &System, trace: &Trace, attempt: &Attempt) -> [Option<f64>; 2] {
    let sites = system.plans.instances[attempt.instance as usize].sites.as_ref();
    let Some(sites) = sites.filter(|sites| !sites.drained.is_empty()) else { return [None; 2] };
    let ended = attempt.ended.map_or(trace.end, |(ended, ..)| ended);
    let within = |withdrawn: Tick| attempt.started <= withdrawn && withdrawn <= ended;
    let moved = trace.moved.iter().filter(|moved| moved.what == Moving::Moved && sites.drained.contains(&moved.place));
    let moved = moved.filter(|moved| within(Tick::new(moved.at.get() - moved.took.get())));
    let mut moved: Vec<(Tick, u64)> = moved.map(|moved| (moved.at, moved.clients)).collect();
    moved.sort_unstable();
    let weight = |place: u32| {
        let of = system.routings.iter().find(|of| of.places.contains(&place));
        of.map_or(0.0, |of| of.weights[(place - of.places.start) as usize])
    };
    let all = sites.drained.iter().map(|&place| weight(place)).sum::<f64>() * CLIENTS as f64;
    SHARES.map(|share| {
        let mut so_far = 0;
        let reached = moved.iter().find(|(_, clients)| {
            so_far += clients;
            // Each cohort is counted in whole clients.
            so_far as f64 >= share * all * (1.0 - 1e-4)
        });
        reached.map(|&(at, _)| seconds(at.since(attempt.started)))
    })
}

/// Seconds of writes that the takeovers of an attempt lost, of several components the most.
pub(super) fn lost_writes(system: &System, trace: &Trace, attempt: &Attempt) -> Option<f64> {
    let groups = &system.plans.instances[attempt.instance as usize].groups;
    let (ended, ..) = attempt.ended?;
    let during = |at: Tick| at <= ended && (at > attempt.started || ended == attempt.started);
    let of = trace.takeovers.iter().filter(|takeover| groups.contains(&takeover.group) && during(takeover.at));
    of.map(|takeover| takeover.lost).max().map(seconds)
}
