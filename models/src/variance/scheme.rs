//! Which methods a run uses, why, and what they gained.

use super::pilot::{PILOT, Pilot, pilot};
use super::possible::{Possible, targets};
use super::relaxation::Relaxation;
use crate::assess::{AssessError, Watch};
use crate::metric::Tallies;
use crate::metric::gain::Gain;
use crate::plan::{Plan, Use};
use crate::replication::{Blocks, Sampling};
use crate::results::VarianceRow;
use crate::system::{System, TrackedId};

/// Ratio of variances in the pilot from which pairs are used: below, what is measured is mostly noise.
const PAIRS_PAY_FROM: f64 = 1.1;

/// Lives a mode sees in a replication up to which first lives decide enough for strata to pay.
const STRATA_PAY_TO: f64 = 1.0;

/// What became of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// `antithetic`, `control` or `stratified`.
    pub method: &'static str,
    /// What the plan asked for.
    pub asked: Use,
    /// Why it is not used; `None` if it is.
    pub refused: Option<String>,
}

/// The control variate: the downtime of the independent relaxation.
#[derive(Clone, Debug)]
pub struct Control {
    /// By tracked entity, the coefficient and the exact mean share of time down; `None` where it is not used.
    entities: Vec<Option<(f64, f64)>>,
    /// Events spent in all ÷ events of the system alone.
    spent: f64,
}

impl Control {
    /// The coefficient of an entity.
    pub fn coefficient(&self, id: TrackedId) -> Option<f64> {
        self.entities.get(id as usize)?.map(|(coefficient, _)| coefficient)
    }

    /// The exact mean share of the measured time that the relaxation of an entity is down.
    pub fn expected(&self, id: TrackedId) -> Option<f64> {
        self.entities.get(id as usize)?.map(|(_, expected)| expected)
    }
}

/// How a run draws and what it corrects by: a function of system and plan, the same in every shard.
#[derive(Debug)]
pub struct Scheme {
    /// The draws of every replication.
    pub sampling: Sampling,
    /// The control variate, if one is used.
    pub control: Option<Control>,
    relaxation: Option<Relaxation>,
    choices: Vec<Choice>,
}

impl Scheme {
    /// Decides among what is possible; runs the pilot if something has to be counted for it.
    ///
    /// # Errors
    /// [`AssessError`] for a method that is demanded and of no use by what the pilot counted, or if the pilot was stopped.
    pub(crate) fn decide(
        system: &System,
        plan: &Plan,
        possible: Possible,
        watch: &dyn Watch,
    ) -> Result<Self, AssessError> {
        let asked = plan.variance;
        let Possible { strata, pairs, relaxed } = possible;
        let open = |asked: Use, possible: &Result<(), String>| asked == Use::Auto && possible.is_ok();
        let counted = open(asked.antithetic, &pairs) || open(asked.stratified, &strata) || relaxed.is_ok();
        let sampling = |blocks| Sampling { seed: plan.seed, blocks };
        let pilot = if counted {
            let paired = asked.antithetic != Use::Off && asked.stratified != Use::On;
            let blocks = if paired { Blocks::Antithetic } else { Blocks::Independent };
            pilot(system, relaxed.as_ref().ok(), sampling(blocks), watch)?
        } else {
            Pilot::default()
        };
        let mut choices = Vec::new();
        let mut choose = |method, asked: Use, found: Result<(), String>| -> Result<bool, AssessError> {
            match (asked, found) {
                (Use::Off, _) => return Ok(false),
                (Use::On, Err(why)) => return Err(AssessError::Variance { method, why }),
                (_, found) => choices.push(Choice { method, asked, refused: found.err() }),
            }
            Ok(choices.last().is_some_and(|choice: &Choice| choice.refused.is_none()))
        };
        let strata = strata.and_then(|()| strata_pay(system, &pilot, asked.stratified));
        let strata = choose("stratified", asked.stratified, strata)?;
        let pairs = if strata { Err("strata are used".to_owned()) } else { pairs };
        let pairs = pairs.and_then(|()| pairs_pay(system, &pilot, asked.antithetic));
        let pairs = choose("antithetic", asked.antithetic, pairs)?;
        let (control, relaxation) = match relaxed {
            Ok(relaxation) => (control(system, &pilot, (&relaxation, asked.control)), Some(relaxation)),
            Err(why) => (Err(why), None),
        };
        let (control, found) = control.map_or_else(|why| (None, Err(why)), |control| (Some(control), Ok(())));
        let control = if choose("control", asked.control, found)? { control } else { None };
        let blocks = match (strata, pairs) {
            (true, _) => Blocks::Stratified,
            (_, true) => Blocks::Antithetic,
            _ => Blocks::Independent,
        };
        let relaxation = if control.is_some() { relaxation } else { None };
        Ok(Self { sampling: sampling(blocks), control, relaxation, choices })
    }

    /// The relaxation that is run beside the system, if it is.
    pub const fn relaxation(&self) -> Option<&Relaxation> {
        self.relaxation.as_ref()
    }

    /// What became of each method that was asked for.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// What each method that was asked for gained, as the run itself shows it.
    pub(crate) fn rows(&self, system: &System, tallies: &Tallies) -> Vec<VarianceRow> {
        let mut rows = Vec::new();
        for choice in &self.choices {
            let row = |entity: &str, ratio, how| VarianceRow {
                method: choice.method,
                asked: choice.asked.name(),
                used: choice.refused.is_none(),
                entity: entity.to_owned(),
                ratio,
                how,
            };
            if let Some(why) = &choice.refused {
                rows.push(row("", None, why.clone()));
                continue;
            }
            for id in targets(system) {
                let (ratio, how) = self.measured(choice.method, id, tallies);
                rows.push(row(system.tracked[id as usize].entity(), ratio, how));
            }
        }
        rows
    }

    fn measured(&self, method: &str, id: TrackedId, tallies: &Tallies) -> (Option<f64>, String) {
        let blocks = self.sampling.blocks;
        let sample = blocks.sample(tallies.replications);
        match (&self.control, method) {
            (Some(control), "control") => {
                let after = blocks.sample(tallies.replications.saturating_sub(PILOT));
                let how = format!(
                    "variance without ÷ with the control variate in the {} replications after the pilot; {:.2} times the events",
                    after.replications, control.spent,
                );
                (tallies.gain.of_control(id, after, control), how)
            }
            _ => {
                let of = if blocks == Blocks::Antithetic { "pairs" } else { "chunks of 64" };
                let how = format!("variance of single replications ÷ that shown by {} {of}", sample.blocks());
                (tallies.gain.of_blocks(id, sample), how)
            }
        }
    }
}

fn strata_pay(system: &System, pilot: &Pilot, asked: Use) -> Result<(), String> {
    if asked != Use::Auto {
        return Ok(());
    }
    // A life is a failure and a repair.
    let lives = pilot.events[0] as f64 / (2 * PILOT * system.units.modes.len().max(1) as u64) as f64;
    let many =
        format!("a failure mode saw {lives:.2} lives a replication in the pilot, and only first ones are spread");
    if lives <= STRATA_PAY_TO { Ok(()) } else { Err(many) }
}

/// The entity known worst after the pilot, which decides how long a run takes.
fn worst(system: &System, gain: &Gain, pilot: &Pilot) -> Result<TrackedId, String> {
    let seen = targets(system).filter_map(|id| gain.relative_error(id, pilot.sample()).map(|error| (error, id)));
    let worst = seen.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
    worst.map(|(_, id)| id).ok_or_else(|| "the pilot saw too little to tell".to_owned())
}

fn pairs_pay(system: &System, pilot: &Pilot, asked: Use) -> Result<(), String> {
    if asked != Use::Auto {
        return Ok(());
    }
    let id = worst(system, &pilot.gain, pilot)?;
    let ratio = pilot.gain.of_blocks(id, pilot.sample()).unwrap_or(1.0);
    let entity = system.tracked[id as usize].entity();
    let little = format!("in the pilot the variance ratio of `{entity}` was {ratio:.2}, below {PAIRS_PAY_FROM}");
    if ratio >= PAIRS_PAY_FROM { Ok(()) } else { Err(little) }
}

fn control(system: &System, pilot: &Pilot, (relaxation, asked): (&Relaxation, Use)) -> Result<Control, String> {
    let of = |id: usize| {
        let id = id as TrackedId;
        Some((pilot.gain.coefficient(id, pilot.sample())?, relaxation.expected(id)?))
    };
    let entities: Vec<_> = (0..system.tracked.len()).map(of).collect();
    let spent = (pilot.events[0] + pilot.events[1]) as f64 / pilot.events[0].max(1) as f64;
    let id = worst(system, &pilot.gain, pilot)?;
    let entity = system.tracked[id as usize].entity();
    let Some((coefficient, _)) = entities[id as usize] else {
        return Err(format!("the relaxation of `{entity}` was never down in the pilot, or has no exact mean"));
    };
    let ratio = pilot.gain.at_coefficient(id, pilot.sample(), coefficient).unwrap_or(1.0);
    if asked == Use::Auto && ratio <= spent {
        return Err(format!(
            "in the pilot the variance ratio of `{entity}` was {ratio:.2}, for {spent:.2} times the events"
        ));
    }
    Ok(Control { entities, spent })
}
