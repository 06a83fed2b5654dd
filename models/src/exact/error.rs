//! Why an exact answer does not exist, or cannot be had.

use crate::system::{Leadership, ModeId, ModeSpec, System, Unit};

/// A reason, in words a reader of the report understands. It is never a failure of the run: the simulation answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotExact {
    /// The decision diagram does not fit.
    #[error("the decision diagram needs more than {nodes} nodes")]
    TooLarge {
        /// The limit it ran into.
        nodes: usize,
    },
    /// More variables than cut sets are computed for.
    #[error("{variables} units and domains; cut sets are computed for at most {limit}")]
    TooManyVariables {
        /// How many there are.
        variables: usize,
        /// The limit.
        limit: usize,
    },
    /// A mode that is never repaired leaves no steady state.
    #[error("`{0}` is never repaired, so there is no steady state")]
    NeverRepaired(String),
    /// A mode that stands still with the service depends on everything else.
    #[error("a failure mode of `{0}` ages in service time, so it depends on the rest of the system")]
    ServiceClock(String),
    /// Modes of one unit in operating and in calendar time.
    #[error("`{0}` has several failure modes, not all in operating time and not all in calendar time")]
    MixedClocks(String),
    /// A mode whose repairs do not make it as good as new.
    #[error("repairs of `{0}` leave it older than new; there is no formula for what comes after the first of them")]
    Worn(String),
    /// A mean that is not finite where one is needed.
    #[error("a repair of `{0}` has no finite mean")]
    NoMean(String),
    /// A time to failure that is always zero.
    #[error("`{0}` fails again and again in no time")]
    NoLife(String),
    /// Two or more processes that never forget the phase they started in.
    #[error("units of `{0}` and `{1}` run on fixed schedules and stay in step with each other")]
    InStep(String, String),
    /// Two or more processes that can change at the same instant.
    #[error("units of `{0}` and `{1}` change at separate instants only, and may do so at the same one")]
    Coincide(String, String),
    /// Standby with dormant units whose switch takes time, may fail, or that age differently.
    #[error("standby `{0}` depends on the order of failures, not only on which units are healthy")]
    Standby(String),
    /// Failures that cost time although redundancy survives them.
    #[error("a failure that `{0}` survives may take it down for a time, whatever units are healthy")]
    Coverage(String),
    /// Units that share a load, in domains that fail.
    #[error(
        "units of `{0}` share its load, and a domain that fails takes some of them out of it while their clocks run on"
    )]
    LoadSharing(String),
    /// Something is done to it on purpose.
    #[error("an experiment is carried out on `{0}`")]
    Experiment(String),
    /// Units that serve or not by what a health check makes of them.
    #[error("a health check takes units of `{0}` out of rotation")]
    HealthCheck(String),
    /// The number of units follows the load.
    #[error("an autoscaler starts and removes units of `{0}`")]
    Autoscale(String),
    /// Spot capacity that is reclaimed.
    #[error("spot units of `{0}` are reclaimed and replaced; there is a formula for the long run alone")]
    Spot(String),
    /// Spot capacity of which much is reclaimed at once.
    #[error("spot units of `{0}` are reclaimed together")]
    SpotTogether(String),
    /// Units that serve less at first.
    #[error("units of `{0}` warm up whenever they begin to serve")]
    WarmUp(String),
    /// Units that slow or evict one another.
    #[error("units of `{0}` share hosts with others, which slow them, or by whose load they are evicted")]
    SharedHosts(String),
    /// Clients that a router sends to a place.
    #[error("clients of `{0}` are sent to its places by a router, and follow it some time later")]
    Routing(String),
    /// Data that come back from backups.
    #[error(
        "when the data of `{0}` are back depends on which backups are corrupt, on tests, or on what else has failed"
    )]
    Restored(String),
    /// Writes that wait for a leader.
    #[error("when a leader of `{0}` is lost another is elected, and that takes time")]
    Election(String),
    /// Sides of a partition that both take writes.
    #[error("whether several sides of `{0}` take writes is no matter of what is up alone")]
    TwoWriters(String),
    /// Repairs that wait for a part.
    #[error("repairs of `{0}` wait for parts, which are ordered as they are used")]
    SpareParts(String),
    /// Repairs that are asked for later, or crews that have a way to go.
    #[error("a repair of `{0}` is asked for some time after the failure, or its crew has a way to go first")]
    Logistics(String),
    /// Crews that work at certain hours.
    #[error("the crews that repair `{0}` work at certain hours of the week")]
    WorkingHours(String),
    /// Crews that take up next what most is lost for.
    #[error("which repair comes next to those of `{0}` follows from what journeys lose")]
    ByLossRate(String),
    /// Failures may be dealt with at once, and no bound says how many.
    #[error("several failures of `{0}` may be dealt with at the same time, so a chain would have no end of states")]
    Overlapping(String),
    /// The place of a standby is moved by a failover plan.
    #[error("a failover plan moves the place of `{0}`, step by step")]
    Failover(String),
    /// A team that failover plans call for as well.
    #[error("the crews that repair `{0}` are called for by failover plans too")]
    CrewOfPlan(String),
    /// The rule of the journey looks at more than the hard structure.
    #[error("whether it is up depends on capacity or errors, not only on which components are up")]
    NotStructural,
    /// Demand or capacity varies at random.
    #[error("its demand or capacity varies at random")]
    Drawn,
    /// First failures of a system that starts somewhere in its long run.
    #[error("it does not start new, so a first failure depends on what is found in its course")]
    Stationary,
    /// The laws have no formula for this measure.
    #[error("no formula for the laws of `{0}`")]
    NoFormula(String),
    /// Its repairs or failures are bound up with those of others.
    #[error("failures or repairs of `{0}` depend on what else has failed")]
    Coupled(String),
    /// A hidden failure whose laws have no formula here.
    #[error(
        "failures of `{0}` are hidden until a test; there is a formula for one mode alone, exponential, mended in no time"
    )]
    Hidden(String),
    /// Who is struck, and when, is no matter of the state.
    #[error("bursts of `{0}` last, and choose among what is up")]
    Burst(String),
    /// A chain needs durations of exponential phases.
    #[error("`{0}` needs a Markov chain, and a law of its is not made of exponential phases")]
    NoPhases(String),
    /// Failures and switches at one instant whose order matters.
    #[error("around `{0}` several failures and a switch may come at the same instant, and their order matters")]
    Simultaneous(String),
    /// More states than a chain may have.
    #[error("the Markov chain has more than {states} states")]
    TooManyStates {
        /// The limit.
        states: usize,
    },
    /// An instant too far away.
    #[error("the instant is too many transitions away")]
    TooManySteps,
    /// Something in a chain is never repaired.
    #[error("something in it is never repaired, so there is no long run")]
    NoLongRun,
    /// An integral that does not converge.
    #[error("the integral or iteration does not converge")]
    NoConvergence,
}

impl NotExact {
    /// Why who serves of a component does not follow from which of its units are up, if so.
    pub(crate) fn rotates(system: &System, component: u32) -> Option<Self> {
        let (of, name) =
            (&system.components[component as usize], || system.spec.components[component as usize].name.clone());
        match () {
            () if of.probed => Some(Self::HealthCheck(name())),
            () if of.scaled => Some(Self::Autoscale(name())),
            () if system.spec.components[component as usize].modes.iter().any(ModeSpec::is_eviction) => {
                Some(Self::SharedHosts(name()))
            }
            () => Self::of_seat(system, component),
        }
    }

    /// Why a repair by a crew is no matter of who waits for it in which order, if so.
    pub(crate) fn of_crew(system: &System, mode: ModeId, owner: &str) -> Option<Self> {
        let crew = system.units.modes[mode as usize].crew?;
        let team = &system.spec.teams[crew.team as usize];
        let supply = crew.supply.map(|supply| &system.units.supplies[supply as usize]);
        match () {
            () if supply.is_some_and(|supply| supply.part.is_some()) => Some(Self::SpareParts(owner.to_owned())),
            () if supply.is_some() => Some(Self::Logistics(owner.to_owned())),
            () if team.hours.is_some() => Some(Self::WorkingHours(owner.to_owned())),
            () if team.order.chooses() => Some(Self::ByLossRate(owner.to_owned())),
            () => None,
        }
    }

    /// The same of any mode of a component.
    pub(crate) fn of_crews(system: &System, component: &str) -> Option<Self> {
        let named =
            |unit: &&Unit| unit.component.is_some_and(|place| system.spec.components[place as usize].name == component);
        let unit = system.units.units.iter().find(named)?;
        unit.modes.clone().find_map(|mode| Self::of_crew(system, mode, component))
    }

    /// The reason of a component that stands for a leader, or for there being one writer.
    fn of_seat(system: &System, component: u32) -> Option<Self> {
        let slot = system.units.units[system.components[component as usize].units.start as usize].dormant?;
        let of = |seat: &Leadership| {
            let name = system.spec.components[seat.component as usize].name.clone();
            match &seat.election {
                Some((_, of, _)) if *of == slot => Some(Self::Election(name)),
                _ => seat.two_writers.filter(|of| *of == slot).map(|_| Self::TwoWriters(name)),
            }
        };
        system.leaderships.iter().find_map(of)
    }

    /// Whether a Markov chain may have the answer that is refused so.
    pub(super) const fn is_for_a_chain(&self) -> bool {
        matches!(self, Self::Coupled(_) | Self::Standby(_) | Self::Coverage(_) | Self::NoFormula(_))
    }
}
