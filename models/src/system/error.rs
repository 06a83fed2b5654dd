//! Why a [`SystemSpec`](super::SystemSpec) cannot be compiled.

use ninefold_sim_core::stream::StreamCollision;

use super::equilibrium::NoEquilibrium;
use crate::uncertainty::Cells;

/// A system that cannot be built. A scenario's own checks find these first and with a place; this is the last guard.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SystemError {
    /// A name that is used but not declared.
    #[error("{what} `{name}` is not declared")]
    Unknown {
        /// `domain`, `component`, `journey`, …
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name declared twice.
    #[error("{what} `{name}` is declared twice")]
    Duplicate {
        /// `domain`, `component`, …
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A number outside its range.
    #[error("{what} of `{name}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// The quantity.
        what: &'static str,
        /// Whose it is.
        name: String,
        /// The offending value.
        value: f64,
        /// The range, in words.
        allowed: String,
    },
    /// Two things of one component that no engine plays together yet.
    #[error("{one} and {other} of `{component}` are not supported yet together")]
    NotTogether {
        /// The component.
        component: String,
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A domain lies inside itself.
    #[error("domain `{0}` contains itself")]
    DomainCycle(String),
    /// Hard dependencies lead back to where they started.
    #[error("hard dependencies form a cycle: {}", .0.join(" → "))]
    DependencyCycle(Vec<String>),
    /// Hard dependencies, and soft ones without a fallback, lead back to where they started: nothing could start first.
    #[error("components wait for one another at start-up: {}", .0.join(" → "))]
    StartupCycle(Vec<String>),
    /// A unit of a component with `per` sits in no domain of that level.
    #[error("unit `{unit}` sits in no domain of level `{level}`")]
    NoSuchLevel {
        /// The unit.
        unit: String,
        /// The level asked for.
        level: String,
    },
    /// A level that changes over time in a run that has no end to lay it out to.
    #[error("{what} of `{name}` changes over time, and a run to the first failure has no horizon to lay it out to")]
    EndlessCourse {
        /// `demand` or `capacity`.
        what: &'static str,
        /// Whose.
        name: String,
    },
    /// Something that has no meaning yet where requests are simulated one by one.
    #[error("{name}: {why}")]
    NotAtRequestLevel {
        /// Whose.
        name: String,
        /// What and why.
        why: String,
    },
    /// A failed switch that nobody tries again, and a repair that waits for it.
    #[error("after a failed switch the repairs of `{0}` would wait for ever")]
    WaitsForEver(String),
    /// A mode that nothing ends but a restart, where there is none.
    #[error("`{mode}` {why}")]
    NeverCleared {
        /// The mode.
        mode: String,
        /// Why it would never be cleared.
        why: &'static str,
    },
    /// A repair that leaves a mode at an age, where the law of its life has no hazard to go on with.
    #[error("repairs of `{mode}` leave it at an age, and a {law} law has no hazard at each age")]
    NoHazard {
        /// The mode.
        mode: String,
        /// The name of the law.
        law: &'static str,
    },
    /// A failover plan that cannot be carried out.
    #[error("failover plan `{plan}`: {why}")]
    Failover {
        /// The plan.
        plan: String,
        /// Why not.
        why: String,
    },
    /// A stationary start of something that has no stationary law.
    #[error(transparent)]
    NoEquilibrium(#[from] NoEquilibrium),
    /// A parameter draw that differs from the system in more than numbers.
    #[error("parameter draw {0} has another structure than the system")]
    OtherStructure(u32),
    /// More to keep of all parameter draws together than the stated limit.
    #[error(
        "{draws} parameter draws of {} units, {} windows of journeys and agreements and {} values at report times are too \
         many: {draws} × {} = {}, and the limit is {limit}; ask for fewer draws, windows or report times",
        .cells.units, .cells.windows, .cells.points, .cells.times(1), .cells.times(*.draws)
    )]
    TooManyDrawn {
        /// How many draws.
        draws: usize,
        /// What is kept of each.
        cells: Cells,
        /// How much may be kept of all.
        limit: usize,
    },
    /// Two names share a random stream.
    #[error(transparent)]
    Streams(#[from] StreamCollision),
    /// More of something than the stated limit.
    #[error("the system has {count} {what}; the limit is {limit}")]
    TooMany {
        /// `units`, `journeys`, …
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
}
