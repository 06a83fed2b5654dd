//! The time that requests spend at a station, kept twice: as an area under their number, and request by request.
//!
//! Little's law, L = λ W, is the statement that both are the same. Here it holds to the tick, since requests that are there
//! when measuring begins and ends count for the part within; so it is asked of every queue at the end of every replication.
//!
//! # Source
//! Little, *Operations Research* 9 (1961); over a finite time: Little, Graves (2008), section 5.1.

use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::tally::measured;

/// Times at one station within the measured time, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    /// In line.
    pub(super) waiting: i128,
    /// On a server.
    pub(super) served: i128,
}

/// Both accounts of one station.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ledger {
    booked: Tick,
    /// Number × time.
    area: Spent,
    /// Sum over requests.
    each: Spent,
}

impl Ledger {
    /// Nobody is there, from now on.
    pub(super) fn from(now: Tick) -> Self {
        Self { booked: now, ..Self::default() }
    }

    /// Books the time until now, in which so many waited and were served.
    #[inline]
    pub(super) fn book(&mut self, now: Tick, from: Tick, (waiting, served): (u64, u64)) {
        let span = measured(self.booked, now, from);
        self.booked = now;
        if span > 0 {
            self.area.waiting += span * i128::from(waiting);
            self.area.served += span * i128::from(served);
        }
    }

    /// A request stops to wait.
    #[inline]
    pub(super) fn waited(&mut self, since: Tick, at: Instant<'_>) {
        self.each.waiting += measured(since, at.now, at.from);
    }

    /// A request leaves its server.
    #[inline]
    pub(super) fn served(&mut self, since: Tick, at: Instant<'_>) {
        self.each.served += measured(since, at.now, at.from);
    }

    /// What was spent here, with all who are still here counted until now.
    pub(super) fn spent(&self) -> Spent {
        assert!(
            self.area == self.each,
            "bug: Little's law: {:?} under the number, {:?} by requests",
            self.area,
            self.each
        );
        self.area
    }
}
