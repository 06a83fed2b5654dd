//! Replications of a system under a seed, and what is handed to whoever watches.

use std::ops::Range;

use ninefold_sim_core::replicate::{Follow, Replicate, replicate};

use super::Watch;
use super::outlook::View;
use crate::metric::{Metric, Tallies, per_replication};
use crate::replication::ReplicationError;
use crate::snapshot::Prefix;
use crate::system::System;
use crate::uncertainty::DrawnWorld;
use crate::variance::Scheme;

/// What is counted, and the rows of the replications that were folded last.
struct Part {
    tallies: Tallies,
    rows: Vec<u8>,
}

/// Replications of a system as a scheme draws them.
struct Replicated<'a> {
    system: &'a System,
    scheme: &'a Scheme,
    with_rows: bool,
}

impl<'a> Replicate for Replicated<'a> {
    type World = DrawnWorld<'a>;
    type Tally = Part;
    type Error = ReplicationError;

    fn block(&self) -> u64 {
        self.scheme.sampling.blocks.size()
    }

    fn world(&self) -> DrawnWorld<'a> {
        DrawnWorld::new(self.system, self.scheme.relaxation())
    }

    fn tally(&self) -> Part {
        // A chunk is of one draw, whose tallies are laid out as everybody's.
        Part { tallies: Tallies::new(self.system.of_replication(0)), rows: Vec::new() }
    }

    fn replicate(&self, world: &mut DrawnWorld<'a>, index: u64, part: &mut Part) -> Result<(), ReplicationError> {
        let (system, trace) = world.run(self.scheme.sampling, index)?;
        part.tallies.record(system, index, trace);
        if self.with_rows {
            per_replication::append(system, trace, &mut part.rows);
        }
        Ok(())
    }

    fn merge(&self, into: &mut Part, later: Part) {
        into.tallies.merge(later.tallies);
        into.rows.extend(later.rows);
    }
}

/// Hands every chunk that was folded to the watcher.
struct Handing<'a> {
    watch: &'a dyn Watch,
    first: u64,
    decided: &'a Tallies,
    view: Option<&'a View<'a>>,
}

impl Follow<Part> for Handing<'_> {
    fn should_stop(&self) -> bool {
        self.watch.should_stop().is_some()
    }

    fn folded(&self, _: u64, part: &mut Part) {
        let Self { first, decided, .. } = *self;
        let prefix = Prefix { first, decided, since: &part.tallies };
        self.watch.kept(&prefix, &part.rows);
        if let Some(view) = self.view
            && self.watch.wants_outlook()
        {
            self.watch.outlook(&view.of(&prefix));
        }
        part.rows.clear();
    }
}

/// Where replications are to be counted on from.
pub(super) struct From<'a> {
    pub(super) system: &'a System,
    pub(super) scheme: &'a Scheme,
    /// The first replication of the run or shard.
    pub(super) first: u64,
    pub(super) decided: &'a Tallies,
    /// How an outlook is taken, where the run gives any.
    pub(super) view: Option<&'a View<'a>>,
}

/// Runs the replications of `range` and adds them to `since`; returns the index up to which all are done.
pub(super) fn count(
    from: From<'_>,
    range: Range<u64>,
    since: &mut Tallies,
    watch: &dyn Watch,
) -> Result<u64, ReplicationError> {
    let From { system, scheme, first, decided, view } = from;
    let replicated = Replicated { system, scheme, with_rows: watch.wants_rows() };
    let mut part = Part { tallies: std::mem::replace(since, Tallies::new(system)), rows: Vec::new() };
    let end = range.end;
    let done = replicate(&replicated, range, &mut part, &Handing { watch, first, decided, view });
    *since = part.tallies;
    if done.as_ref().is_ok_and(|&done| done < end) {
        // Whoever puts away only now and then has not yet been told that this was the last time.
        watch.kept(&Prefix { first, decided, since }, &[]);
    }
    done
}
