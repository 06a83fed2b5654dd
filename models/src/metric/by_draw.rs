//! The same tallies apart for each parameter draw, so that what inputs do can be told from what chance does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Tallies};
use crate::replication::Trace;
use crate::system::System;

/// Everything counted, by parameter draw; nothing where no input is drawn, or inside the tallies of a draw.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ByDraw {
    /// Whether these are the tallies of one draw.
    inside: bool,
    draws: BTreeMap<u32, Tallies>,
}

/// Tallies of one draw.
fn of_one(system: &System) -> Tallies {
    let by_draw = ByDraw { inside: true, draws: BTreeMap::new() };
    Tallies { by_draw, ..Tallies::new(system) }
}

impl Metric for ByDraw {
    fn new(system: &System) -> Self {
        let of = |drawn: &System| (drawn.spec.draw, of_one(drawn));
        Self { inside: false, draws: system.drawn.iter().map(of).collect() }
    }

    fn record(&mut self, system: &System, index: u64, trace: &Trace) {
        if self.inside || system.spec.draw == 0 {
            return;
        }
        self.draws.entry(system.spec.draw).or_insert_with(|| of_one(system)).record(system, index, trace);
    }

    fn merge(&mut self, later: Self) {
        for (draw, tallies) in later.draws {
            if let Some(mine) = self.draws.get_mut(&draw) {
                mine.merge(tallies);
            } else {
                self.draws.insert(draw, tallies);
            }
        }
    }

    fn fits(&self, system: &System) -> bool {
        let fits = |(&draw, tallies): (&u32, &Tallies)| {
            let of = (draw as usize).checked_sub(1).and_then(|place| system.drawn.get(place));
            of.is_some_and(|of| tallies.by_draw.draws.is_empty() && tallies.fits(of))
        };
        self.inside || self.draws.iter().all(fits)
    }
}

impl ByDraw {
    /// What was counted of each draw, in order of draw.
    pub fn draws(&self) -> impl Iterator<Item = &Tallies> {
        self.draws.values()
    }
}
