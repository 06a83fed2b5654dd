//! Agreements: the indicator of a journey in each window, and how often it is in breach.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::{Cubes, Moments};
use ninefold_sim_core::sequential_test::{Evidence, Side};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::service::lost_within;
use crate::metric::{Metric, Reading, overlap};
use crate::replication::{Outage, Trace};
use crate::requests::{Stretch, promise};
use crate::results::{Judged, Measured, Requirement, Verdict};
use crate::system::{AgreementSpec, Indicator, System, Target};

/// One, in the fixed point of a window's shortfall.
const ONE: f64 = (1u64 << 40) as f64;

/// One agreement over replications.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tally {
    #[serde(skip)]
    journey: usize,
    #[serde(skip)]
    windows: Vec<(Tick, Tick)>,
    shortfall: Moments,
    cubes: Cubes,
    breaches: Moments,
    any: u64,
    affected: u64,
}

/// Every agreement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Agreements {
    tallies: Vec<Tally>,
}

/// The part of a window that counts as bad, in ticks.
fn bad_within((system, trace, agreement): (&System, &Trace, usize), journey: usize, (from, to): (Tick, Tick)) -> Tick {
    match system.spec.agreements[agreement].indicator {
        Indicator::GoodMinutes => overlap(&trace.outages[journey], from, to),
        Indicator::SuccessRatio => lost_within((system, trace, journey), (from, to), |loss| loss.lost),
        Indicator::Answered(_) => unanswered_within((system, trace, agreement), (from, to)),
        Indicator::GoodSlices(slice) => {
            spoiled(&trace.outages[journey], Tick::from_hours(slice.get()).get().max(1), (from, to))
        }
    }
}

/// The part of a window that is to it as requests without an answer in time are to all that came in it; none where none came.
fn unanswered_within((system, trace, agreement): (&System, &Trace, usize), (from, to): (Tick, Tick)) -> Tick {
    let kept = system.requests.promises.iter().zip(&trace.requested.promises);
    let kept = kept.into_iter().find(|(of, _)| of.agreement as usize == agreement);
    let Stretch { ended, bad } = kept.map_or(Stretch::default(), |(of, kept)| promise::within(kept, of, (from, to)));
    Tick::new((i128::from(to.since(from).get()) * i128::from(bad) / i128::from(ended.max(1))) as i64)
}

/// Time in slices that hold a bad instant; slices count from the start of the window, the last may be shorter.
fn spoiled(outages: &[Outage], slice: i64, (from, to): (Tick, Tick)) -> Tick {
    let (mut free, mut sum) = (from.get(), 0);
    for outage in outages.iter().filter(|outage| outage.end > from && outage.start < to && outage.end > outage.start) {
        let (start, last) = (outage.start.max(from).since(from).get(), outage.end.min(to).since(from).get() - 1);
        let first = (from.get() + start / slice * slice).max(free);
        let end = (from.get() + (last / slice + 1) * slice).min(to.get());
        sum += (end - first).max(0);
        free = free.max(end);
    }
    Tick::new(sum)
}

/// The most bad time that a window may have.
fn allowed(target: Target, span: Tick) -> Tick {
    match target {
        Target::AtLeast(ratio) => Tick::new(((1.0 - ratio) * span.get() as f64).round() as i64),
        Target::DowntimeAtMost(hours) => Tick::from_hours(hours.get()),
    }
}

impl Metric for Agreements {
    fn new(system: &System) -> Self {
        let tally = |agreement: &AgreementSpec| Tally {
            journey: system.spec.journeys.iter().position(|j| j.name == agreement.journey).expect("bug: checked"),
            windows: agreement
                .windows
                .iter()
                .map(|window| (Tick::from_hours(window.start.get()), Tick::from_hours(window.end.get())))
                .collect(),
            shortfall: Moments::default(),
            cubes: Cubes::default(),
            breaches: Moments::default(),
            any: 0,
            affected: 0,
        };
        // A run to the first failure has no windows to keep.
        let kept = if system.spec.time.until_first_failure { &[][..] } else { &system.spec.agreements };
        Self { tallies: kept.iter().map(tally).collect() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (number, (tally, agreement)) in self.tallies.iter_mut().zip(&system.spec.agreements).enumerate() {
            let is_flow = !matches!(agreement.indicator, Indicator::Answered(_));
            if is_flow && trace.losses[tally.journey].is_empty() && trace.outages[tally.journey].is_empty() {
                continue;
            }
            let (mut shortfall, mut breaches) = (0, 0);
            for &(from, to) in &tally.windows {
                let bad = bad_within((system, trace, number), tally.journey, (from, to));
                let span = to.since(from);
                shortfall += (bad.get() as f64 / span.get() as f64 * ONE).round() as i64;
                breaches += i64::from(bad > allowed(agreement.target, span));
            }
            tally.shortfall.push_within(trace.block, shortfall);
            tally.cubes.push_within(trace.block, shortfall);
            tally.breaches.push_within(trace.block, breaches);
            tally.any += u64::from(breaches > 0);
            tally.affected += u64::from(shortfall > 0);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.tallies.iter_mut().zip(&later.tallies) {
            mine.shortfall.merge(&other.shortfall);
            mine.cubes.merge(&other.cubes);
            mine.breaches.merge(&other.breaches);
            mine.any += other.any;
            mine.affected += other.affected;
        }
    }
}

impl Agreements {
    /// Share of windows in breach of the agreement of this name.
    pub fn breach_probability(&self, name: &str, reading: Reading<'_>) -> Option<Estimate> {
        let place = reading.system.spec.agreements.iter().position(|agreement| agreement.name == name)?;
        self.tallies.get(place).map(|tally| share(&tally.breaches, tally.windows.len() as f64, reading))
    }

    /// The evidence that the agreement at this place is met or not met.
    pub fn evidence(&self, place: usize, reading: Reading<'_>) -> Evidence {
        let (tally, agreement) = (&self.tallies[place], &reading.system.spec.agreements[place]);
        evidence(tally, mean_allowed(tally, agreement.target), reading)
    }

    /// The evidence that the agreement at this place is missed in at most this share of its windows, or in more: the share
    /// of a replication's windows lies in [0, 1].
    pub fn evidence_of_breach(&self, place: usize, at_most: f64, reading: Reading<'_>) -> Evidence {
        let (tally, sample) = (&self.tallies[place], reading.sample());
        let unit = (tally.windows.len() as u64 * sample.per_block) as f64;
        Evidence::of(&tally.breaches, sample.blocks(), unit, at_most)
    }

    /// Verdicts, and the measures behind them.
    pub fn read(&self, reading: Reading<'_>, measures: &mut Vec<Measured>) -> Vec<Requirement> {
        let agreements = self.tallies.iter().zip(&reading.system.spec.agreements);
        agreements.map(|(tally, agreement)| requirement(tally, agreement, reading, measures)).collect()
    }
}

fn share(moments: &Moments, unit: f64, reading: Reading<'_>) -> Estimate {
    interval::mean(moments, reading.sample(), (unit, 1.0), reading.confidence)
}

/// A replication's mean shortfall over windows lies in [0, 1], so does the mean of a block; blocks are independent.
fn evidence(tally: &Tally, limit: f64, reading: Reading<'_>) -> Evidence {
    let sample = reading.sample();
    Evidence::of(&tally.shortfall, sample.blocks(), (tally.windows.len() as u64 * sample.per_block) as f64 * ONE, limit)
}

fn requirement(
    tally: &Tally,
    agreement: &AgreementSpec,
    reading: Reading<'_>,
    measures: &mut Vec<Measured>,
) -> Requirement {
    let windows = tally.windows.len() as f64;
    let shortfall = share(&tally.shortfall, windows * ONE, reading);
    let shortfall = interval::widened(shortfall, (tally.affected, reading.sample()), 1.0, reading.confidence);
    // One window a replication makes the share of windows a plain share of trials, with its exact interval.
    let breach = if tally.windows.len() == 1 {
        interval::share(tally.any, reading.sample(), reading.confidence)
    } else {
        interval::widened(
            share(&tally.breaches, windows, reading),
            (tally.any, reading.sample()),
            1.0,
            reading.confidence,
        )
    };
    let any = interval::share(tally.any, reading.sample(), reading.confidence);
    let entity = format!("agreements.{}", agreement.name);
    for (measure, estimate) in [("breach_probability", breach), ("breach_probability_horizon", any)] {
        measures.push(Measured { seen: tally.any, ..reading.measured(&entity, (measure, "1"), estimate) });
    }
    let limit = mean_allowed(tally, agreement.target);
    let evidence = evidence(tally, limit, reading);
    let by_interval = verdict((shortfall.lo, shortfall.hi), limit);
    Requirement {
        agreement: agreement.name.clone(),
        journey: agreement.journey.clone(),
        indicator: match agreement.indicator {
            Indicator::SuccessRatio | Indicator::Answered(None) => "success_ratio".to_owned(),
            Indicator::Answered(Some(within)) => format!("success_ratio within {:.3} s", within.get() * 3600.0),
            Indicator::GoodMinutes => "good_minutes".to_owned(),
            Indicator::GoodSlices(slice) => format!("good_minutes in slices of {:.0} s", slice.get() * 3600.0),
        },
        window_kind: agreement.window_kind.clone(),
        windows: tally.windows.len() as u64,
        target: 1.0 - limit,
        shortfall: shortfall.into(),
        shortfall_inputs: None,
        breach_probability: breach.into(),
        breach_probability_horizon: any.into(),
        verdict: by_interval,
        judged: Judged::Interval,
        confidence: reading.confidence,
        by_interval,
        favours: match evidence.side {
            Some(Side::AtMost) => Verdict::Met,
            Some(Side::Above) => Verdict::NotMet,
            None => Verdict::Undecided,
        },
        doubt: evidence.doubt,
    }
}

/// The shortfall agreed, as a ratio: the mean over windows where their lengths differ.
fn mean_allowed(tally: &Tally, target: Target) -> f64 {
    match target {
        Target::AtLeast(ratio) => 1.0 - ratio,
        Target::DowntimeAtMost(hours) => {
            let ratios = tally.windows.iter().map(|&(from, to)| (hours.get() / to.since(from).hours()).min(1.0));
            ratios.sum::<f64>() / tally.windows.len() as f64
        }
    }
}

/// Met where the whole interval of the mean shortfall is within the limit.
pub(crate) fn verdict((lo, hi): (f64, f64), limit: f64) -> Verdict {
    if hi <= limit {
        Verdict::Met
    } else if lo > limit {
        Verdict::NotMet
    } else {
        Verdict::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage(start: i64, end: i64) -> Outage {
        Outage { start: Tick::new(start), end: Tick::new(end), cause: 0 }
    }

    #[test]
    fn any_bad_instant_spoils_a_slice_once() {
        let window = (Tick::new(100), Tick::new(195));
        assert_eq!(spoiled(&[outage(0, 50)], 10, window).get(), 0);
        assert_eq!(spoiled(&[outage(95, 101)], 10, window).get(), 10);
        assert_eq!(spoiled(&[outage(109, 111), outage(112, 113)], 10, window).get(), 20);
        assert_eq!(spoiled(&[outage(110, 120)], 10, window).get(), 10);
        assert_eq!(spoiled(&[outage(194, 300)], 10, window).get(), 5);
    }

    #[test]
    fn limits_in_ticks() {
        let month = Tick::from_hours(730.0);
        // Capabilities, M8.5: 99.99 % of 730 h is 4.38 min.
        assert!((allowed(Target::AtLeast(0.9999), month).hours() * 60.0 - 4.38).abs() < 1e-9);
        assert_eq!(verdict((0.3, 0.7), 0.7), Verdict::Met);
        assert_eq!(verdict((0.3, 0.7), 0.5), Verdict::Undecided);
        assert_eq!(verdict((0.3, 0.7), 0.29), Verdict::NotMet);
    }
}
