//! Failback, and the windows in which it may begin.

use ninefold_models::system::{CatchUp, Failback, Resync, SystemSpec, Validate};
use ninefold_models::units::Hours;

use super::{Lowering, refused, share, span};
use crate::lower::read::At;
use crate::lower::weekly::{Spans, union};
use crate::lower::windows::Measured;

/// What a failback is read beside.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) clock: &'a Measured,
    pub(super) components: &'a [String],
    /// They are moved together: only those that are replicated have data.
    pub(super) together: bool,
    pub(super) spec: &'a SystemSpec,
}

impl Lowering<'_> {
    pub(super) fn failback(&mut self, at: &At<'_>, has_person: bool, of: Of<'_>) -> Option<Failback> {
        let mode = self.required(at, "mode")?;
        let by_hand = mode.text() == Some("manual");
        if by_hand && !has_person {
            let message = "a person gives the place back, and how long that takes is not said";
            let hint = "add `override: {manual_after: 10min, decide: 5min}` to the plan";
            self.sink.push(refused(message, &mode, hint));
            return None;
        }
        let after_stable = span(self, at, "after_stable");
        let resync = at.get("resync").map_or(Some(None), |at| self.catch_up(&at, of).map(Some));
        let validate = at.get("validate").map_or(Some(None), |at| self.validation(&at).map(Some));
        let open = self.failback_opens(at, &mode, of.clock);
        Some(Failback { by_hand, after_stable: after_stable?, resync: resync?, validate: validate?, open: open? })
    }

    fn catch_up(&mut self, at: &At<'_>, of: Of<'_>) -> Option<CatchUp> {
        if at.text() == Some("from_replication") {
            return self.as_replicated(at, of);
        }
        if !at.is_map() {
            return None;
        }
        let rate = self.required(at, "rate").and_then(|at| self.rate(&at));
        let write = self.required(at, "write").and_then(|at| self.rate(&at));
        let backlog = at.get("backlog").map_or(Some(None), |at| self.number(&at).map(Some));
        let (rate, write) = (rate?, write?);
        if rate <= write {
            self.remark(at.path().to_owned(), "never ends", "data are given no faster than they are written");
        }
        Some(CatchUp { backlog: backlog?, rate_per_hour: rate * 3600.0, write_per_hour: write * 3600.0 })
    }

    /// The rates of the replication of every component whose place is moved.
    fn as_replicated(&mut self, at: &At<'_>, of: Of<'_>) -> Option<CatchUp> {
        let rates = |component: &String| {
            let known = of.spec.replications.iter().find(|known| known.component == *component);
            known.and_then(|known| known.resync)
        };
        // Of a site those that are replicated have data to catch up on; where only its clients move, all that are.
        let all: Vec<Option<Resync>> = if of.together {
            let moves = |name: &String| of.components.is_empty() || of.components.contains(name);
            let replicated = of.spec.replications.iter();
            replicated.filter(|known| moves(&known.component)).map(|known| known.resync).collect()
        } else {
            of.components.iter().map(rates).collect()
        };
        match all[..] {
            [Some(Resync { write_bytes_per_s, resync_bytes_per_s }), ..] if all.iter().all(|one| *one == all[0]) => {
                let (rate_per_hour, write_per_hour) = (resync_bytes_per_s * 3600.0, write_bytes_per_s * 3600.0);
                Some(CatchUp { backlog: None, rate_per_hour, write_per_hour })
            }
            [] if !of.together => None,
            _ => {
                let message = "the components of the plan do not have one `resync_rate` and `write_rate`";
                let hint = "give them `replication: {mode: async, lag: 2s, resync_rate: 60MB/s, write_rate: 4MB/s}`, \
                            or write the rates here: `{rate: 60/s, write: 4/s}`";
                self.sink.push(refused(message, at, hint));
                None
            }
        }
    }

    fn validation(&mut self, at: &At<'_>) -> Option<Validate> {
        let takes = self.required(at, "takes").and_then(|at| self.law(&at));
        let diverges = share(self, at, "diverges", 0.0);
        let detects = share(self, at, "detects_divergence", 1.0);
        if let (Some(1.0..), Some(1.0..), Some(at)) = (diverges, detects, at.get("diverges")) {
            let message = "data that always diverge and are always found out never go back";
            self.sink.push(refused(message, &at, "give a probability below 1"));
            return None;
        }
        Some(Validate { takes: takes?, diverges: diverges?, detects: detects? })
    }

    /// When a failback may begin: `None` inside is always.
    fn failback_opens(&mut self, at: &At<'_>, mode: &At<'_>, clock: &Measured) -> Option<Option<Spans>> {
        let inside = at.get("window").map(|window| self.weekly_window(&window, clock).map(|spans| (spans, window)));
        let never = mode.get("never_during").map(|list| {
            let items = list.items();
            let spans: Vec<Option<Spans>> = items.iter().map(|item| self.weekly_window(item, clock)).collect();
            let spans = spans.into_iter().collect::<Option<Vec<Spans>>>();
            spans.map(|spans| (union(spans.into_iter().flatten().collect()), list))
        });
        let (inside, never) =
            (inside.map_or(Some(None), |inside| inside.map(Some)), never.map_or(Some(None), |never| never.map(Some)));
        let (inside, never) = (inside?, never?);
        let place = match (&inside, &never) {
            (None, None) => return Some(None),
            (Some((_, window)), _) => window.clone(),
            (None, Some((_, list))) => list.clone(),
        };
        let all = vec![(Hours::ZERO, Hours::new(clock.horizon_h))];
        let open = inside.map_or(all, |(spans, _)| spans);
        let open = never.map_or(open.clone(), |(never, _)| without(&open, &never));
        if open.is_empty() {
            let message = "the failback window never opens";
            self.sink.push(
                refused(message, &place, "choose a window that lies within the horizon")
                    .why("the place would never go back"),
            );
            return None;
        }
        Some(Some(open))
    }
}

/// What is left of spans outside others.
fn without(spans: &Spans, never: &Spans) -> Spans {
    let mut left = Vec::new();
    for &(start, end) in spans {
        let mut from = start.get();
        for &(closes, opens) in never {
            if closes.get() > from && closes.get() < end.get() {
                left.push((Hours::new(from), closes));
            }
            if closes.get() < end.get() {
                from = from.max(opens.get());
            }
        }
        if from < end.get() {
            left.push((Hours::new(from), end));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(spans: &[(f64, f64)]) -> Spans {
        spans.iter().map(|&(from, to)| (Hours::new(from), Hours::new(to))).collect()
    }

    #[test]
    fn what_is_left_of_windows() {
        let all = hours(&[(0.0, 10.0), (20.0, 30.0)]);
        assert_eq!(without(&all, &hours(&[(2.0, 4.0), (8.0, 22.0)])), hours(&[(0.0, 2.0), (4.0, 8.0), (22.0, 30.0)]));
        assert_eq!(without(&all, &hours(&[(0.0, 40.0)])), hours(&[]));
    }
}
