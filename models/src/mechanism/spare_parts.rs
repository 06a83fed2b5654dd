//! Spare parts: what a team's store has, who waits for a part, and what has been ordered.

use std::collections::VecDeque;

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::crew_tally::{Span, Stocked};
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{ModeId, Part};

/// The parts of one kind.
#[derive(Debug)]
pub(super) struct Stock {
    at_hand: u32,
    /// Parts asked for since the last order.
    taken: u32,
    /// When orders come, the earliest last.
    orders: Vec<Tick>,
    /// Who waits, the first in front.
    waiting: VecDeque<ModeId>,
    lead_time: Stream,
    since: Span,
    counted: Stocked,
}

impl Stock {
    pub(super) fn of(part: &Part) -> Self {
        let (orders, waiting) = (Vec::new(), VecDeque::new());
        let (at_hand, lead_time) = (part.spec.stock, Stream::new(part.stream));
        let counted = Stocked { at_hand: 0, waiting: 0, demands: 0, filled: 0 };
        Self { at_hand, taken: 0, orders, waiting, lead_time, since: Span::new(), counted }
    }

    /// Begins a replication.
    pub(super) fn start(&mut self, part: &Part) {
        (self.at_hand, self.taken) = (part.spec.stock, 0);
        self.orders.clear();
        self.waiting.clear();
        self.lead_time.rewind();
        (self.since, self.counted) = (Span::new(), Stocked::default());
    }

    fn count(&mut self, ticks: i128) {
        self.counted.at_hand += ticks * i128::from(self.at_hand);
        self.counted.waiting += ticks * self.waiting.len() as i128;
    }

    /// What was counted until the end of the replication.
    pub(super) fn counted(&mut self, end: Tick, warmup: Tick) -> Stocked {
        let ticks = self.since.until(end, warmup);
        self.count(ticks);
        self.counted
    }

    /// A repair asks for a part; whether it has one, or waits.
    pub(super) fn ask<P: Pending>(
        &mut self,
        (mode, place): (ModeId, u32),
        part: &Part,
        at: Moment<'_>,
        out: &mut Out<P>,
    ) -> bool {
        let ticks = self.since.passed(at);
        self.count(ticks);
        let has = self.at_hand > 0;
        if has {
            self.at_hand -= 1;
        } else {
            self.waiting.push_back(mode);
        }
        if at.now >= at.system.warmup {
            self.counted.demands += 1;
            self.counted.filled += i64::from(has);
        }
        self.taken += 1;
        if self.taken == part.spec.batch {
            self.taken = 0;
            self.order((part, place), at, out);
        }
        has
    }

    fn order<P: Pending>(&mut self, (part, place): (&Part, u32), at: Moment<'_>, out: &mut Out<P>) {
        let Some(law) = &part.spec.lead_time else { return };
        let takes = Tick::from_hours(law.quantile(self.lead_time.open01(at.replication)).get());
        let comes = at.now.after(takes);
        if comes > at.system.end {
            return;
        }
        let behind = self.orders.partition_point(|&other| other > comes);
        self.orders.insert(behind, comes);
        out.schedule(*self.orders.last().expect("bug: an order is under way"), Kind::PartsCome, place);
    }

    /// The earliest order has come; the next has its event.
    pub(super) fn comes<P: Pending>(&mut self, (part, place): (&Part, u32), at: Moment<'_>, out: &mut Out<P>) {
        let ticks = self.since.passed(at);
        self.count(ticks);
        self.orders.pop();
        self.at_hand += part.spec.batch;
        if let Some(&next) = self.orders.last() {
            out.schedule(next, Kind::PartsCome, place);
        }
    }

    /// Who waits first takes a part, if there is one.
    pub(super) fn hand_out(&mut self) -> Option<ModeId> {
        let mode = if self.at_hand > 0 { self.waiting.pop_front()? } else { return None };
        self.at_hand -= 1;
        Some(mode)
    }
}
