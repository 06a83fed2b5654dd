//! Crews that are divided equally over all repairs at hand (processor sharing).
//!
//! With `n` repairs and `c` crews each goes on at speed `min(1, c/n)`. A clock that runs at this speed shows how much work
//! each has had since any instant, so every repair ends at a fixed reading of that clock, and only the earliest has an
//! event. Source: Kleinrock, *Queueing Systems* II (1976), 4.4.

use ninefold_sim_core::tick::Tick;

use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::ModeId;

/// A team that shares its crews.
#[derive(Debug)]
pub(super) struct Sharing {
    crews: u32,
    /// The reading at which each repair ends, in ticks of work, the earliest last.
    jobs: Vec<(f64, ModeId)>,
    /// What is left of repairs that stand still; each keeps its share of the crews.
    halted: Vec<(f64, ModeId)>,
    /// The reading now, and when it was taken.
    reading: f64,
    since: Tick,
    /// The repair that has an event.
    first: Option<ModeId>,
}

impl Sharing {
    /// A team of so many crews.
    pub(super) const fn new(crews: u32) -> Self {
        Self { crews, jobs: Vec::new(), halted: Vec::new(), reading: 0.0, since: Tick::ZERO, first: None }
    }

    /// Nothing is at hand.
    pub(super) fn clear(&mut self) {
        self.jobs.clear();
        self.halted.clear();
        (self.reading, self.since, self.first) = (0.0, Tick::ZERO, None);
    }

    /// A mode calls for so much work.
    pub(super) fn call<P: Pending>(&mut self, (mode, work): (ModeId, Tick), at: Moment<'_>, out: &mut Out<P>) {
        self.read(at.now);
        let left = if work.is_never() { f64::INFINITY } else { work.get() as f64 };
        self.join(left, mode);
        self.schedule(at, out);
    }

    fn join(&mut self, left: f64, mode: ModeId) {
        let ends = self.reading + left;
        let place = self.jobs.partition_point(|&(other, of)| (ends, mode) < (other, of));
        self.jobs.insert(place, (ends, mode));
    }

    /// A repair stands still and keeps its share.
    pub(super) fn halt<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        self.read(at.now);
        let Some(place) = self.jobs.iter().rposition(|&(_, of)| of == mode) else { return };
        let (ends, _) = self.jobs.remove(place);
        self.halted.push(((ends - self.reading).max(0.0), mode));
        self.schedule(at, out);
    }

    /// A repair goes on.
    pub(super) fn go_on<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        self.read(at.now);
        let Some(place) = self.halted.iter().position(|&(_, of)| of == mode) else { return };
        let (left, _) = self.halted.remove(place);
        self.join(left, mode);
        self.schedule(at, out);
    }

    /// A repair has ended.
    pub(super) fn dismiss<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        self.read(at.now);
        let done = self.jobs.iter().rposition(|&(_, of)| of == mode);
        self.jobs.remove(done.expect("bug: only what is at hand ends"));
        self.first = None;
        self.schedule(at, out);
    }

    pub(super) const fn crews(&self) -> usize {
        self.crews as usize
    }

    /// Crews that are at work.
    pub(super) fn at_work(&self) -> usize {
        (self.jobs.len() + self.halted.len()).min(self.crews())
    }

    fn speed(&self) -> f64 {
        (f64::from(self.crews) / (self.jobs.len() + self.halted.len()) as f64).min(1.0)
    }

    fn read(&mut self, now: Tick) {
        if self.jobs.is_empty() {
            // A reading that starts anew keeps its digits.
            self.reading = 0.0;
        } else {
            self.reading += now.since(self.since).get() as f64 * self.speed();
        }
        self.since = now;
    }

    /// The earliest end becomes the event.
    fn schedule<P: Pending>(&mut self, at: Moment<'_>, out: &mut Out<P>) {
        let first = self.jobs.last().copied();
        if let Some(before) = self.first.filter(|before| first.is_none_or(|(_, mode)| mode != *before)) {
            out.cancel(Kind::Repaired, before);
        }
        self.first = first.map(|(_, mode)| mode);
        let Some((ends, mode)) = first else { return };
        // Rounded up, so that no repair ends before its work is done.
        let span = ((ends - self.reading) / self.speed()).max(0.0).ceil();
        let due = if span < Tick::LAST.get() as f64 { at.now.after(Tick::new(span as i64)) } else { Tick::NEVER };
        out.schedule(if due <= at.system.end { due } else { Tick::NEVER }, Kind::Repaired, mode);
    }
}
