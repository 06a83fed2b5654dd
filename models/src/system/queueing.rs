//! Queues of requests, as plain data: what stands before components, who calls whom how often, and who calls at all.
//!
//! Read by the exact engine ([`crate::exact`]), and by the simulation where it goes request by request
//! ([`crate::requests`]); everywhere else it takes demand as a flow.

use super::cache::CacheSpec;
use super::load_test::LoadTestSpec;
use super::metastability::MetastabilitySpec;
use super::shedding::Shedding;
use crate::lifetime::Law;
use crate::queueing::usl::{ScalabilityFit, ScalabilityLaw};
use crate::scaling::circuit_breaker::BreakerSpec;
use crate::units::Hours;

/// Everything about queues in a system; empty where there are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queueing {
    /// Components with a queue, in written order.
    pub queues: Vec<QueueSpec>,
    /// Calls between components.
    pub calls: Vec<CallSpec>,
    /// Journeys whose users are a fixed number.
    pub populations: Vec<PopulationSpec>,
    /// Journeys whose demand is a sine over time.
    pub sines: Vec<SineSpec>,
    /// Journeys that call several components at once.
    pub forks: Vec<ForkSpec>,
    /// Sizes that are asked for.
    pub sizes: Vec<SizeSpec>,
    /// Overflows whose probability is asked for.
    pub overflows: Vec<OverflowSpec>,
    /// Maps of metastability that are asked for.
    pub maps: Vec<MetastabilitySpec>,
    /// Components whose capacity does not grow in proportion to their units.
    pub scalings: Vec<ScalingSpec>,
    /// Load tests, each of a journey whose demand is its course already.
    pub load_tests: Vec<LoadTestSpec>,
    /// Whether the simulation goes request by request.
    pub request_level: Option<RequestLevel>,
}

/// A simulation that goes request by request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestLevel {
    /// Most calls of a replication: that may be expected of it, or, around incidents, that are simulated.
    pub most: u64,
    /// How long, from the opening of an incident on; `None` is always.
    pub around: Option<Hours>,
}

/// A component whose capacity follows the universal scalability law of its serving units.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingSpec {
    /// The component.
    pub component: String,
    /// The law; its rate is the capacity of one unit, per second.
    pub law: ScalabilityLaw,
    /// The fit it comes from, where it was fitted.
    pub fit: Option<ScalabilityFit>,
}

/// A queue before a component.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueSpec {
    /// The component.
    pub component: String,
    /// Requests that one unit serves at once, at least 1.
    pub concurrency: u32,
    /// Whether they are threads: a request keeps its own until what it calls has answered.
    pub holds: bool,
    /// Requests that can wait; `None` is no limit.
    pub places: Option<u64>,
    /// A queue before each unit, to which requests go at random, instead of one before all.
    pub per_replica: bool,
    /// Who is next.
    pub order: ServiceOrder,
    /// Service time of every journey not named in `service_of`.
    pub service: Option<Law>,
    /// Service times by journey.
    pub service_of: Vec<(String, Law)>,
    /// How long a request waits before it gives up; `None` is for ever.
    pub patience: Option<Law>,
    /// What it rejects or drops by what it measures.
    pub sheds: Option<Shedding>,
    /// What becomes of a request whose unit fails.
    pub on_failure: OnFailure,
    /// Whether a request whose caller has given up is dropped when its turn comes, instead of served.
    pub drops_expired: bool,
    /// Requests there at the start.
    pub starts_with: u64,
    /// The wait whose excess is asked for.
    pub wait_limit: Option<Hours>,
    /// The number of requests whose reaching is asked for.
    pub jobs_limit: Option<u64>,
}

/// Who is served next.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum ServiceOrder {
    /// As they came.
    #[default]
    FirstCome,
    /// The last of those who wait.
    LastCome,
    /// All that are there at once, each with an equal part.
    Sharing,
    /// By class: the journeys in descending order of rank.
    Priority {
        /// Journeys, the first goes first.
        classes: Vec<String>,
        /// Whether one under way is interrupted, and later goes on where it stopped.
        interrupts: bool,
    },
}

/// What becomes of a request on a unit that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// It is first in line and begins again.
    #[default]
    Requeued,
    /// It is first in line and goes on where it stopped.
    Resumed,
    /// It is lost.
    Lost,
    /// It is still answered; the unit begins nothing new.
    Finished,
}

/// Calls that follow from calls.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSpec {
    /// The component that calls.
    pub from: String,
    /// The component that is called; may be the same.
    pub to: String,
    /// Mean number of visits to it that follow a visit to `from`, ≥ 0.
    pub visits: f64,
    /// Share of the requests at `from` that call it at all, in 0..=1; each then does so `visits` ÷ `share` times, but for
    /// what its cache knows.
    pub share: f64,
    /// How often and how patiently it is tried, where that is said.
    pub retries: Option<RetrySpec>,
    /// What keeps callers from calling where calls fail; one for all units of the caller.
    pub breaker: Option<BreakerSpec>,
    /// What the caller knows without calling; `visits` are those of a warm one.
    pub cache: Option<CacheSpec>,
}

impl CallSpec {
    /// Share of what a warm cache is asked for that it does not know; 1 without one.
    pub fn missed(&self) -> f64 {
        1.0 - self.cache.map_or(0.0, |cache| cache.hits)
    }
}

/// Patience and retries of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetrySpec {
    /// How long the caller waits for an answer, > 0.
    pub timeout: Hours,
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// How long it waits before it tries again; `None` is not at all.
    pub backoff: Option<Backoff>,
    /// What retries are paid with; `None` is no limit.
    pub budget: Option<RetryBudget>,
}

/// The wait before a retry: doubled each time, up to a cap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// Before the first retry, > 0.
    pub base: Hours,
    /// Longest wait, at least `base`.
    pub cap: Hours,
    /// Whether it is uniform between 0 and that wait.
    pub has_jitter: bool,
}

/// A bucket of tokens that pays for retries; full at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RetryBudget {
    /// A first attempt adds `ratio` up to `cap`; a retry takes 1.
    FirstAttempts {
        /// Tokens that a first attempt adds, ≥ 0.
        ratio: f64,
        /// Most tokens, ≥ 1.
        cap: f64,
    },
    /// As clients of AWS in their standard mode: a retry takes a cost, which its success gives back.
    Aws {
        /// Most tokens, ≥ 1.
        tokens: f64,
        /// What a retry takes, ≥ 0.
        retry: f64,
        /// What a retry after a timeout takes, ≥ 0.
        timeout: f64,
    },
    /// As clients of gRPC throttle: a failure takes 1, a success adds a ratio, and retries are made above half.
    Grpc {
        /// Most tokens, ≥ 1.
        tokens: f64,
        /// What a success adds, > 0.
        token_ratio: f64,
    },
}

impl RetryBudget {
    /// Retries a first attempt pays for in the long run while everything fails, and the most that is saved up; `None` where
    /// successes pay.
    pub const fn of_first_attempts(self) -> Option<(f64, f64)> {
        match self {
            Self::FirstAttempts { ratio, cap } => Some((ratio, cap)),
            Self::Aws { .. } | Self::Grpc { .. } => None,
        }
    }
}

/// A fixed number of users of a journey who think, then call.
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationSpec {
    /// The journey.
    pub journey: String,
    /// Users, at least 1.
    pub users: u32,
    /// Time to think.
    pub think: Law,
}

/// A demand that is a sine of time since the start; requests per second.
#[derive(Clone, Debug, PartialEq)]
pub struct SineSpec {
    /// The journey.
    pub journey: String,
    /// Mean.
    pub mean_per_s: f64,
    /// At most the mean.
    pub amplitude_per_s: f64,
    /// Length of a period.
    pub period: Hours,
}

/// Components that a journey calls at once, the slowest of which counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ForkSpec {
    /// The journey.
    pub journey: String,
    /// For each branch, its components.
    pub branches: Vec<Vec<String>>,
}

/// So many requests at once, before there is none: an event whose probability is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OverflowSpec {
    /// Its name.
    pub name: String,
    /// Requests in all, at least 2.
    pub jobs: u32,
    /// The components that they are counted at, and how many are at each at the start: at least one in all, fewer than `jobs`.
    pub among: Vec<(String, u32)>,
}

/// A promise for which the least number of servers or units is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeSpec {
    /// The component.
    pub component: String,
    /// The promise.
    pub promise: Promise,
}

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Promise {
    /// At least this share of requests waits at most so long.
    Wait {
        /// Longest good wait.
        within: Hours,
        /// Share of requests, in (0, 1).
        share: f64,
    },
    /// At most this share of requests is lost, where none waits.
    Blocking(f64),
    /// At least `need` units are up with this probability.
    Up {
        /// Units needed.
        need: u32,
        /// Probability, in (0, 1).
        probability: f64,
    },
}

impl QueueSpec {
    /// The service time of a journey's requests.
    pub fn service_of(&self, journey: &str) -> Option<&Law> {
        let own = self.service_of.iter().find(|(name, _)| name == journey).map(|(_, law)| law);
        own.or(self.service.as_ref())
    }
}

impl Queueing {
    /// The queue before a component.
    pub fn queue(&self, component: &str) -> Option<&QueueSpec> {
        self.queues.iter().find(|queue| queue.component == component)
    }

    /// Whether every request of a replication is followed.
    pub fn follows_all(&self) -> bool {
        self.request_level.is_some_and(|level| level.around.is_none())
    }

    /// Whether a request at this queue keeps its server while it waits for what it calls.
    pub fn holds_while_calling(&self, queue: &QueueSpec) -> bool {
        queue.holds && self.calls.iter().any(|call| call.from == queue.component && call.visits > 0.0)
    }

    /// How the capacity of a component grows with its units, where that is said.
    pub fn scaling(&self, component: &str) -> Option<&ScalingSpec> {
        self.scalings.iter().find(|scaling| scaling.component == component)
    }

    /// Whether there is nothing of the kind.
    pub const fn is_empty(&self) -> bool {
        self.queues.is_empty() && self.sizes.is_empty() && self.scalings.is_empty()
    }
}
