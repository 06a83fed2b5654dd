//! A prober: the probes of one target, and the verdict on it.
//!
//! No event is a probe: from the state of the target follows the law of the number of the probe that changes the verdict,
//! and that number is drawn. When the state changes before that probe is sent, how many probes in a row stand is drawn
//! given that it was not, and the number anew.

use ninefold_sim_core::stream::{Stream, StreamId};
use ninefold_sim_core::tick::Tick;

use super::Moment;
use crate::system::{Probing, Runs};

/// The probes of one target. Probe `n` is sent at `phase + n × interval`.
#[derive(Debug)]
pub(super) struct Prober {
    stream: Stream,
    phase: Tick,
    /// Whether a probe finds it bad, but for error.
    is_bad: bool,
    /// The verdict.
    is_out: bool,
    /// The first probe of the law that holds now, and how many in a row stand before it.
    first: i64,
    standing: u32,
    /// The probe that changes the verdict, if any does, and whether it finds the target bad.
    decides: Option<(i64, bool)>,
}

impl Prober {
    pub(super) fn new(stream: StreamId) -> Self {
        Self {
            stream: Stream::new(stream),
            phase: Tick::ZERO,
            is_bad: false,
            is_out: false,
            first: 0,
            standing: 0,
            decides: None,
        }
    }

    /// Whether the target is judged bad.
    pub(super) const fn is_out(&self) -> bool {
        self.is_out
    }

    /// Begins a replication with a good target; when the verdict changes, if the state stays.
    pub(super) fn start(&mut self, law: &Probing, at: Moment<'_>) -> Tick {
        self.stream.rewind();
        let uniform = self.stream.open01(at.replication);
        self.phase = Tick::new((uniform * law.interval.get() as f64) as i64);
        (self.is_bad, self.is_out) = (false, false);
        self.watch((0, 0), law, at)
    }

    /// Probes find the target bad, or good, from now on. When the verdict changes then, if that is another time now.
    pub(super) fn turns(&mut self, is_bad: bool, law: &Probing, at: Moment<'_>) -> Option<Tick> {
        if self.is_bad == is_bad {
            return None;
        }
        let sent = self.sent(law, at.now);
        if self.decides.is_some_and(|(number, _)| number < sent) {
            // The probe that decides is under way.
            self.is_bad = is_bad;
            return None;
        }
        let passed = (sent - self.first).max(0) as u64;
        let standing = match passed {
            0 => self.standing,
            _ => self.runs(law).standing(self.standing, passed, self.stream.open01(at.replication)),
        };
        self.is_bad = is_bad;
        Some(self.watch((self.first.max(sent), standing), law, at))
    }

    /// The verdict changes now: whether the probe found the target bad, and when it changes again; `None` if no probe
    /// decided anything.
    pub(super) fn judged(&mut self, law: &Probing, at: Moment<'_>) -> Option<(bool, Tick)> {
        let (number, found_bad) = self.decides?;
        self.is_out = !self.is_out;
        Some((found_bad, self.watch((number + 1, 0), law, at)))
    }

    fn sent_at(&self, number: i64, interval: Tick) -> Tick {
        interval.get().checked_mul(number).map_or(Tick::NEVER, |passed| self.phase.after(Tick::new(passed)))
    }

    /// Probes sent up to now.
    fn sent(&self, law: &Probing, now: Tick) -> i64 {
        let passed = now.since(self.phase).get();
        if passed < 0 { 0 } else { passed / law.interval.get() + 1 }
    }

    fn runs<'a>(&self, law: &'a Probing) -> &'a Runs {
        let laws = if self.is_out { &law.returns } else { &law.ejects };
        &laws[usize::from(self.is_bad)]
    }

    /// Draws which probe from `first` on changes the verdict, if the state stays as it is.
    fn watch(&mut self, (first, standing): (i64, u32), law: &Probing, at: Moment<'_>) -> Tick {
        (self.first, self.standing) = (first, standing);
        let trials = self.runs(law).trials(standing, self.stream.open01(at.replication));
        self.decides = trials.map(|trials| (first + trials as i64 - 1, self.is_bad));
        let due = self.decides.map_or(Tick::NEVER, |(number, _)| {
            let sent = self.sent_at(number, law.interval);
            // That a probe has failed is known when nobody answered in time; that it has passed, at once.
            if self.is_out || sent.is_never() { sent } else { sent.after(law.timeout) }
        });
        if due <= at.system.end { due } else { Tick::NEVER }
    }
}
