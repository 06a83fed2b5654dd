//! Failover plans, as plain data: what a scenario says of how the place of a standby component is moved.

use super::plan_test::PlanTest;
use crate::lifetime::Law;
use crate::units::Hours;

/// A plan that moves the place of a standby component from one unit to another.
#[derive(Clone, Debug)]
pub struct FailoverSpec {
    /// Unique among plans.
    pub name: String,
    /// The components whose place it moves; each of their groups goes through the plan by itself.
    pub components: Vec<String>,
    /// What sets it off.
    pub trigger: Trigger,
    /// Who decides.
    pub authority: Authority,
    /// What is done, stage by stage; the steps of a stage run side by side.
    pub stages: Vec<Vec<StepSpec>>,
    /// When a person takes over, if anybody does.
    pub taken_over: Option<Override>,
    /// How the place goes back, if it does.
    pub failback: Option<Failback>,
    /// How the plan is tested, and how it decays between tests.
    pub test: Option<PlanTest>,
    /// The sites between which it moves all its components at once; `None` moves each place of each component by itself.
    pub sites: Option<SitesSpec>,
}

/// The sites of a plan that moves its components together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitesSpec {
    /// The domain where their places are at first.
    pub from: String,
    /// The domain that takes them over.
    pub to: String,
    /// Routers whose clients of [`Self::from`] are sent elsewhere while the places are not there.
    pub routers: Vec<String>,
    /// What the probe of the trigger looks at.
    pub probe: SiteView,
    /// What each of those who confirm looks at.
    pub confirmers: Vec<SiteView>,
}

/// What a probe of a site looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteView {
    /// All of the site where the places are.
    Any,
    /// The domain where they are at first, wherever they are.
    Domain,
    /// One of the components, at the site where the places are.
    Component(String),
}

/// What a step of a plan of sites does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The component's places are nobody's from the first try until the step has worked.
    Promote(String),
    /// The component stays where it is until the step has worked.
    Start(String),
    /// The router sends the clients of the first site elsewhere, or back, once the step has worked.
    Reroute(String),
}

impl FailoverSpec {
    /// Who downtime is put down to while the plan is at something: each component, or, of sites, the plan.
    pub(super) fn owners(&self) -> Vec<&str> {
        match &self.sites {
            Some(_) => vec![&self.name],
            None => self.components.iter().map(String::as_str).collect(),
        }
    }

    /// Every law of it.
    pub(super) fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        let steps = self.stages.iter_mut().flatten().flat_map(|step| {
            [Some(&mut step.takes), step.hand_over.as_mut(), step.pause.as_mut()].into_iter().flatten()
        });
        let decide = self.taken_over.as_mut().map(|person| &mut person.decide);
        let validate = self.failback.as_mut().and_then(|back| back.validate.as_mut()).map(|check| &mut check.takes);
        steps.chain(decide).chain(validate)
    }

    /// Every step, in written order.
    pub fn steps(&self) -> impl Iterator<Item = &StepSpec> {
        self.stages.iter().flatten()
    }
}

/// What sets a plan off: rounds of verdicts on the unit in the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// How it is looked at; `None` sees a loss at once and is never wrong.
    pub probe: Option<Probe>,
    /// How long the verdict must have stood.
    pub lasts: Hours,
    /// Those who must confirm each verdict of the probe.
    pub confirmers: Vec<Mistakes>,
    /// How many of them must; at most as many as there are.
    pub need: u32,
    /// Least time from the beginning of one failover to the beginning of the next.
    pub min_interval: Hours,
    /// Failures that not all of them see; each of the others is seen by all.
    pub views: Vec<View>,
}

/// Who sees a failure mode, of those who look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The component.
    pub component: String,
    /// Its mode, which takes the unit down.
    pub mode: String,
    /// Whether the probe sees it.
    pub probe: bool,
    /// Whether each of the confirmers does, in their order.
    pub confirmers: Vec<bool>,
}

/// A probe of the unit in the place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// Time from probe to probe, above 0.
    pub every: Hours,
    /// Probes in a row that must find it unhealthy; at least 1.
    pub unhealthy_after: u32,
    /// How long a probe waits before it says unhealthy.
    pub timeout: Hours,
    /// How often it is wrong.
    pub mistakes: Mistakes,
}

/// How often a verdict is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mistakes {
    /// P(unhealthy | the unit is able), 0..=1.
    pub false_positive: f64,
    /// P(healthy | the unit is not able), 0..=1.
    pub false_negative: f64,
}

impl Mistakes {
    const fn says_unhealthy(self, lost: bool) -> f64 {
        if lost { 1.0 - self.false_negative } else { self.false_positive }
    }
}

impl Trigger {
    /// The probability that a round of verdicts says unhealthy: the probe says so and at least [`Self::need`] of those who
    /// confirm do, each for itself. With equal confirmers this is the tail of a binomial law.
    pub fn round(&self, lost: bool) -> f64 {
        self.round_seen(|_| lost)
    }

    /// The same where it is lost, and each sees it or not: `None` is the probe, `Some` a confirmer.
    pub fn round_seen(&self, sees: impl Fn(Option<usize>) -> bool) -> f64 {
        let Some(probe) = &self.probe else { return if sees(None) { 1.0 } else { 0.0 } };
        let mut said = vec![1.0];
        for (place, confirmer) in self.confirmers.iter().enumerate() {
            let p = confirmer.says_unhealthy(sees(Some(place)));
            let before = said.clone();
            said.push(0.0);
            for (count, probability) in said.iter_mut().enumerate() {
                let more = if count > 0 { before[count - 1] * p } else { 0.0 };
                *probability = before.get(count).map_or(0.0, |same| same * (1.0 - p)) + more;
            }
        }
        probe.mistakes.says_unhealthy(sees(None)) * said.iter().skip(self.need as usize).sum::<f64>()
    }

    /// Rounds in a row that must say unhealthy: those of the threshold, and those that fall into the time it must last.
    pub fn rounds(&self) -> u32 {
        self.probe.map_or(0, |probe| probe.unhealthy_after + self.rounds_that_last(probe))
    }

    fn rounds_that_last(&self, probe: Probe) -> u32 {
        // Thirty seconds are six times five, whatever the last digit says.
        libm::floor(self.lasts.get() / probe.every.get() + 1e-9).min(1e6) as u32
    }

    /// Time from the last of [`Self::rounds`] until the plan is set off.
    pub fn after_the_last(&self) -> Hours {
        let Some(probe) = self.probe else { return self.lasts };
        let counted = f64::from(self.rounds_that_last(probe)) * probe.every.get();
        Hours::new((self.lasts.get() - counted).max(0.0) + probe.timeout.get())
    }
}

/// Who decides whether the place is moved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Authority {
    /// Share of all demand below which the plan decides by itself; `None` lets it always.
    pub auto_below_blast: Option<f64>,
    /// The team of which one is busy while a person decides, if it is one of the teams.
    pub approver: Option<String>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct StepSpec {
    /// As it is told.
    pub name: String,
    /// Time of one try.
    pub takes: Law,
    /// P(a try works), 0..=1, drawn at its end.
    pub success: f64,
    /// Further tries after the first.
    pub retries: u32,
    /// Time between two tries; `None` is at once.
    pub pause: Option<Law>,
    /// The team of which one crew does it; `None` is done by the plan itself.
    pub team: Option<String>,
    /// Time before the first try, while it is handed to whoever does it.
    pub hand_over: Option<Law>,
    /// A domain without which it cannot begin.
    pub control_plane: Option<String>,
    /// What it does, of a plan of sites; what no step does is done with the last.
    pub acts: Vec<Action>,
}

/// A person who takes over from the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// From the place being empty, or its unit lost.
    pub manual_after: Hours,
    /// P(a decision is wrong), 0..1; it then takes another.
    pub wrong_decision: f64,
    /// Time of one decision.
    pub decide: Law,
}

/// How the place goes back to the unit that has lost it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failback {
    /// Whether a person sets it off, after the time of a decision.
    pub by_hand: bool,
    /// How long that unit must have been able.
    pub after_stable: Hours,
    /// What it must be given first.
    pub resync: Option<CatchUp>,
    /// What is looked at before.
    pub validate: Option<Validate>,
    /// Spans since the start, ascending and apart, in which it may begin; `None` is always.
    pub open: Option<Vec<(Hours, Hours)>>,
}

/// Data a returning unit has to catch up on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CatchUp {
    /// Data missing at first; `None` is what was written since the unit lost its place.
    pub backlog: Option<f64>,
    /// Data per hour that it is given.
    pub rate_per_hour: f64,
    /// Data per hour that is written meanwhile.
    pub write_per_hour: f64,
}

impl CatchUp {
    /// Time to catch up, `backlog ÷ (rate − write)`; `None` if it never does.
    pub fn takes(&self, away: Hours) -> Option<Hours> {
        let backlog = self.backlog.unwrap_or(self.write_per_hour * away.get());
        let gains = self.rate_per_hour - self.write_per_hour;
        if backlog <= 0.0 { Some(Hours::ZERO) } else { (gains > 0.0).then(|| Hours::new(backlog / gains)) }
    }
}

/// A look at the data before the place goes back.
#[derive(Clone, Debug, PartialEq)]
pub struct Validate {
    /// Time it takes.
    pub takes: Law,
    /// P(the data have diverged), 0..=1.
    pub diverges: f64,
    /// P(a divergence is found), 0..=1.
    pub detects: f64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn trigger(voters: usize, need: u32, p: f64) -> Trigger {
        let mistakes = Mistakes { false_positive: p, false_negative: p };
        let probe = Probe {
            every: Hours::new(0.1),
            unhealthy_after: 3,
            timeout: Hours::ZERO,
            mistakes: Mistakes { false_positive: 1.0, false_negative: 0.0 },
        };
        let (confirmers, lasts) = (vec![mistakes; voters], Hours::new(0.25));
        Trigger { probe: Some(probe), lasts, confirmers, need, min_interval: Hours::ZERO, views: Vec::new() }
    }

    /// Of a probe that always says unhealthy, the error of k votes of m is the tail of the binomial law.
    #[test]
    fn the_error_of_a_vote_is_a_binomial_tail() {
        // P(B(3, 0.1) >= 2) = 3 · 0.01 · 0.9 + 0.001, P(B(5, 0.2) >= 3) = 0.05792.
        assert!((trigger(3, 2, 0.1).round(false) - 0.028).abs() < 1e-15);
        assert!((trigger(5, 3, 0.2).round(false) - 0.057_92).abs() < 1e-15);
        assert!((trigger(3, 2, 0.1).round(true) - 0.972).abs() < 1e-15);
        assert_eq!(trigger(0, 0, 0.3).round(false), 1.0);
    }

    /// Rounds that fall into the time an alarm must last count as well.
    #[test]
    fn a_verdict_must_last() {
        let trigger = trigger(0, 0, 0.0);
        assert_eq!(trigger.rounds(), 5);
        assert!((trigger.after_the_last().get() - 0.05).abs() < 1e-12);
    }

    #[test]
    fn catching_up_takes_the_backlog_over_the_gain() {
        let resync = CatchUp { backlog: Some(120.0), rate_per_hour: 60.0, write_per_hour: 4.0 };
        assert_eq!(resync.takes(Hours::new(7.0)).unwrap().get(), 120.0 / 56.0);
        assert_eq!(CatchUp { backlog: None, ..resync }.takes(Hours::new(7.0)).unwrap().get(), 28.0 / 56.0);
        assert_eq!(CatchUp { rate_per_hour: 4.0, ..resync }.takes(Hours::ZERO), None);
    }
}
