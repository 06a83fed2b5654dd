//! Experiments: something is done to a system on purpose, to learn whether it holds.
//!
//! What an experiment injects is a mode of its target that never comes by itself ([`Clock::Struck`]), named as the cause of
//! the downtime it brings: `experiments/NAME`. So repairs, switches, attribution and stories treat it as any other mode.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::shock::{Owner, Strike};
use super::spec::{Clock, Effect, ModeSpec, Repair, SystemSpec};
use super::units::{ModeId, Units, unknown};
use crate::lifetime::Law;
use crate::units::Hours;

/// An experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentSpec {
    /// Unique among experiments; it keys their random streams.
    pub name: String,
    /// Its target, and the mode that it brings about there; see [`SystemSpec::experiment`].
    pub strike: Strike,
    /// Units that are struck at once, chosen evenly among those that are up: all of them if there are fewer. 1..=n.
    pub units: u32,
    /// When it is due.
    pub when: Due,
    /// It is given up when this does not hold, and not begun.
    pub abort_below: Option<Condition>,
    /// What it is to show; where this does not hold before, it is not begun.
    pub hypothesis: Option<Condition>,
}

/// When an experiment is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// At these times since the start, strictly ascending; at least one.
    At(Vec<Hours>),
    /// Again and again; the law of the calendar time from one to the next.
    Every(Law),
}

/// A share of a journey's demand that is to be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The journey.
    pub journey: String,
    /// The least share, above 0, at most 1.
    pub success: f64,
}

/// A compiled experiment.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The modes that it can bring about, in order of units.
    pub modes: Vec<ModeId>,
    /// When it is due, where that is fixed.
    pub at: Vec<Tick>,
    /// Journey and least share below which it is given up.
    pub abort_below: Option<(u32, f64)>,
    /// Journey and least share that it is to show.
    pub hypothesis: Option<(u32, f64)>,
    /// Stream of the times from one to the next.
    pub time_stream: StreamId,
    /// Stream of whom it strikes.
    pub choice_stream: StreamId,
}

impl SystemSpec {
    /// Adds an experiment, and to its target the mode that it brings about, with this effect and end.
    ///
    /// # Errors
    /// [`SystemError`] for a target that is not there, or a number out of range.
    pub fn experiment(
        &mut self,
        mut experiment: ExperimentSpec,
        (effect, repair): (Effect, Repair),
    ) -> Result<(), SystemError> {
        let (what, owner) = experiment.strike.owner.name();
        let (modes, units) = match &experiment.strike.owner {
            Owner::Component(_) => self
                .components
                .iter_mut()
                .find(|component| component.name == owner)
                .map(|component| (&mut component.modes, component.units.len())),
            Owner::Domain(_) => {
                self.domains.iter_mut().find(|domain| domain.name == owner).map(|domain| (&mut domain.modes, 1))
            }
        }
        .ok_or_else(|| unknown(what, owner))?;
        let name = format!("experiments/{}", experiment.name);
        // What a unit alone sees of it, of which engines read the mean.
        let between = match &experiment.when {
            Due::At(times) => self.time.horizon.get() / times.len() as f64,
            Due::Every(law) => law.mean().get(),
        };
        let mean = Hours::new(between * units as f64 / f64::from(experiment.units));
        let time_to_failure = Law::exponential(mean).map_err(|_| {
            let (what, allowed) = ("mean time between experiments", "above 0, finite".to_owned());
            SystemError::OutOfRange { what, name: experiment.name.clone(), value: mean.get(), allowed }
        })?;
        let (clock, propagates) = (Clock::Struck, Vec::new());
        modes.push(ModeSpec { name: name.clone(), time_to_failure, repair, effect, clock, propagates });
        experiment.strike.mode = name;
        self.experiments.push(experiment);
        Ok(())
    }
}

impl super::System {
    /// The units of an owner (components, then domains), if experiments are carried out on it.
    pub(crate) fn experiments_at(&self, owner: usize) -> Vec<usize> {
        let of = self.spec.experiments.iter().zip(&self.experiments);
        let of = of.filter(|(declared, _)| declared.strike.owner.index(&self.spec) == Some(owner));
        let units = of.flat_map(|(_, compiled)| &compiled.modes);
        units.map(|&mode| self.units.modes[mode as usize].unit as usize).collect()
    }

    /// Whether an experiment or a canary test brings a mode about.
    pub(crate) fn is_injected(&self, mode: ModeId) -> bool {
        self.experiments.iter().any(|experiment| experiment.modes.contains(&mode)) || self.is_canary(mode)
    }

    fn is_canary(&self, mode: ModeId) -> bool {
        let unit = self.units.modes[mode as usize].unit;
        let group = self.group_of.get(unit as usize).and_then(|&group| self.plans.of_group(group).next());
        let canary = group.and_then(|plan| self.plans.instances[plan as usize].canary);
        canary.is_some_and(|place| self.units.units[unit as usize].modes.start + place == mode)
    }
}

/// Most times that one experiment may be expected in a replication: each is kept until the replication is counted.
pub const TIMES_MAX: f64 = 10_000.0;

impl Due {
    /// How often it is to be expected before the horizon.
    pub fn expected(&self, horizon: Hours) -> f64 {
        match self {
            Self::At(times) => times.len() as f64,
            Self::Every(law) => horizon.get() / law.mean().get(),
        }
    }
}

/// Strikes to be expected in a replication.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let times = |of: &ExperimentSpec| of.when.expected(spec.time.horizon);
    spec.experiments.iter().map(|of| 2.0 * f64::from(of.units) * times(of)).sum()
}

/// Checks and compiles the experiments.
pub(super) fn build(spec: &SystemSpec, units: &Units) -> Result<Vec<Experiment>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let mut all = Vec::with_capacity(spec.experiments.len());
    for (place, experiment) in spec.experiments.iter().enumerate() {
        let name = &experiment.name;
        if spec.experiments[..place].iter().any(|other| other.name == *name) {
            return Err(SystemError::Duplicate { what: "experiment", name: name.clone() });
        }
        if spec.time.until_first_failure {
            let name = name.clone();
            return Err(SystemError::NotTogether {
                component: name,
                one: "an experiment",
                other: "a run to the first failure",
            });
        }
        check(spec, experiment)?;
        let expected = experiment.when.expected(spec.time.horizon);
        if expected > TIMES_MAX {
            let allowed = format!("at most {TIMES_MAX}");
            return Err(out_of_range(
                "times an experiment is expected in a replication",
                experiment,
                (expected, allowed),
            ));
        }
        let modes = experiment.strike.modes(spec, units);
        if experiment.units == 0 || experiment.units as usize > modes.len() {
            let allowed = format!("1 to {}", modes.len());
            return Err(out_of_range("units struck", experiment, (f64::from(experiment.units), allowed)));
        }
        let condition = |condition: &Option<Condition>| -> Result<Option<(u32, f64)>, SystemError> {
            let Some(Condition { journey, success }) = condition else { return Ok(None) };
            let found = spec.journeys.iter().position(|declared| declared.name == *journey);
            let found = found.ok_or_else(|| unknown("journey", journey))?;
            if *success > 0.0 && *success <= 1.0 {
                return Ok(Some((found as u32, *success)));
            }
            Err(out_of_range("share served", experiment, (*success, "above 0, at most 1".to_owned())))
        };
        all.push(Experiment {
            modes,
            at: times(experiment)?,
            abort_below: condition(&experiment.abort_below)?,
            hypothesis: condition(&experiment.hypothesis)?,
            time_stream: streams.take("time_to_experiment", name)?,
            choice_stream: streams.take("experiment_target", name)?,
        });
    }
    Ok(all)
}

/// Its mode is there, and can be taken back where that is asked for.
fn check(spec: &SystemSpec, experiment: &ExperimentSpec) -> Result<(), SystemError> {
    let Strike { owner, mode } = &experiment.strike;
    let (what, name) = owner.name();
    let modes = owner.modes(spec).ok_or_else(|| unknown(what, name))?;
    let mode = modes.iter().find(|known| known.name == *mode && known.clock == Clock::Struck);
    let mode = mode.ok_or_else(|| unknown("mode of the experiment", &experiment.name))?;
    if experiment.abort_below.is_some() && !matches!(mode.repair, Repair::Takes(_)) {
        let component = name.to_owned();
        return Err(SystemError::NotTogether { component, one: "an experiment given up", other: "repairs by a crew" });
    }
    Ok(())
}

fn times(experiment: &ExperimentSpec) -> Result<Vec<Tick>, SystemError> {
    match &experiment.when {
        Due::At(hours) => {
            let ticks: Vec<Tick> = hours.iter().map(|at| Tick::from_hours(at.get())).collect();
            let ascends = ticks.is_sorted_by(|one, next| one < next);
            if ascends && !ticks.is_empty() && hours[0].get() >= 0.0 {
                return Ok(ticks);
            }
            let value = hours.first().map_or(f64::NAN, |at| at.get());
            Err(out_of_range(
                "time of an experiment",
                experiment,
                (value, "times that ascend from 0 or later".to_owned()),
            ))
        }
        Due::Every(law) if law.mean().get() > 0.0 => Ok(Vec::new()),
        Due::Every(law) => {
            Err(out_of_range("mean time between experiments", experiment, (law.mean().get(), "above 0".to_owned())))
        }
    }
}

fn out_of_range(what: &'static str, of: &ExperimentSpec, (value, allowed): (f64, String)) -> SystemError {
    SystemError::OutOfRange { what, name: of.name.clone(), value, allowed }
}
