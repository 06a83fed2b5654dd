//! A spot instance that is reclaimed: its replacement starts and its work drains while the notice runs.
//!
//! `gap = max(0, boot − lead)` without the capacity, `lost = max(0, drain − lead)` of work cut off, where the lead is the
//! notice, or an earlier recommendation to rebalance.
//!
//! # Source
//! *Amazon EC2 User Guide*, spot instance interruptions (120 s; about 30 s on other clouds).

use ninefold_sim_core::tick::Tick;

/// One reclaimed instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reclaim {
    /// From the notice, or the recommendation before it, to the end of the instance.
    pub lead: Tick,
    /// From the request of a replacement to its first served request.
    pub boot: Tick,
    /// What the instance needs to finish its work.
    pub drain: Tick,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reclaimed {
    /// Time without the capacity.
    pub gap: Tick,
    /// Whether the work was finished in time.
    pub drained: bool,
    /// Work that was cut off, as the time it still needed.
    pub lost: Tick,
}

impl Reclaim {
    /// What comes of it.
    pub fn outcome(&self) -> Reclaimed {
        let beyond = |needed: Tick| needed.since(self.lead).max(Tick::ZERO);
        Reclaimed { gap: beyond(self.boot), drained: self.drain <= self.lead, lost: beyond(self.drain) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_longer_than_the_boot_leaves_no_gap() {
        let of = |lead, boot, drain| {
            let reclaim = Reclaim { lead: Tick::new(lead), boot: Tick::new(boot), drain: Tick::new(drain) };
            let Reclaimed { gap, drained, lost } = reclaim.outcome();
            (gap.get(), drained, lost.get())
        };
        assert_eq!([of(120, 45, 60), of(0, 90, 30), of(30, 30, 30)], [(0, true, 0), (90, false, 30), (0, true, 0)]);
    }
}
