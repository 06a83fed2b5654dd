//! What every engine has to do, and the parts of it that are no engine's: sizes, draws, the state of the modelled thing.

use std::collections::VecDeque;

use ninefold_sim_core::tick::Tick;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Exp1, LogNormal};

/// Groups in series of the workload k-of-n.
pub const GROUPS: u32 = 10;
/// Units of a group; it is up while at most one of them is down.
pub const SIZE: u32 = 100;
/// All units.
pub const UNITS: u32 = GROUPS * SIZE;
/// Mean life of a unit, in hours.
pub const LIFE_HOURS: f64 = 8760.0;
/// Mean repair, in hours.
pub const REPAIR_HOURS: f64 = 4.0;
/// Ten years.
pub const HORIZON_HOURS: f64 = 87_600.0;
/// Share of the time in which a server of the queues is busy.
pub const LOAD: f64 = 0.8;

/// Spans drawn beforehand for the hold model.
const SPANS: usize = 1 << 16;

/// A workload and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Which.
    pub workload: Workload,
    /// Holds, customers or replications.
    pub size: u64,
    /// The seed of what it draws.
    pub seed: u64,
}

/// What is to be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// So many pending events; each is put again Exp(1) hours later.
    Hold(u32),
    /// The queue with so many servers.
    Queue(u32),
    /// Ten groups in series, each up while 99 of its 100 units are.
    KOfN,
    /// The same with one crew for all repairs, which are exponential.
    Crews,
}

impl Workload {
    /// The workload of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "hold-1e3" => Self::Hold(1_000),
            "hold-1e5" => Self::Hold(100_000),
            "hold-1e6" => Self::Hold(1_000_000),
            "mm1" => Self::Queue(1),
            "mm10" => Self::Queue(10),
            "k-of-n" => Self::KOfN,
            "crews" => Self::Crews,
            _ => return None,
        })
    }
}

/// What came out: the units of work done, and a value to be held against the known one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// Holds, customers or transitions.
    pub units: f64,
    /// The digest of the popped times; the mean wait over the mean service; the unavailability.
    pub value: f64,
}

/// Watches what is popped: never earlier than before, and at the very times at which it must be.
///
/// Spans are Exp(1) hours in ticks, drawn beforehand: the hold model measures the queue of events, not the generator.
/// Which event takes which span depends on the order alone, so the digest of any two right engines is equal.
#[derive(Clone, Debug)]
pub struct Watch {
    dice: Dice,
    spans: Vec<i64>,
    next: usize,
    last: i64,
    digest: u64,
    /// Holds still to be done; what is popped beyond is not noted.
    pub left: u64,
}

impl Watch {
    /// Nothing popped yet.
    pub fn new() -> Self {
        let mut watch = Self { dice: Dice::new(1), spans: Vec::new(), next: 0, last: 0, digest: 0, left: 0 };
        watch.spans = (0..SPANS).map(|_| watch.first()).collect();
        watch
    }

    /// When one of the events that are put at the start is due; each draws for itself, so that no two meet.
    pub fn first(&mut self) -> i64 {
        Tick::from_hours(self.dice.exponential(1.0)).get().max(1)
    }

    /// Ticks until the event that was popped is due again.
    #[inline]
    fn later(&mut self) -> i64 {
        let later = self.spans[self.next & (SPANS - 1)];
        self.next += 1;
        later
    }

    /// Notes an event popped at `now` and gives the ticks until it is due again.
    #[inline]
    pub fn popped(&mut self, now: i64) -> i64 {
        assert!(now >= self.last, "popped out of order: {now} after {}", self.last);
        self.last = now;
        if self.left > 0 {
            self.left -= 1;
            self.digest = self.digest.rotate_left(1) ^ now as u64;
        }
        self.later()
    }

    /// The digest, short enough for a number of 53 bits.
    pub fn digest(&self) -> f64 {
        (self.digest >> 12) as f64
    }
}

/// Draws as a user of the peers would make them: the fast generator of `rand`, the ziggurats of `rand_distr`.
#[derive(Clone, Debug)]
pub struct Dice {
    rng: SmallRng,
    repair: LogNormal<f64>,
}

impl Dice {
    /// The draws of a seed.
    pub fn new(seed: u64) -> Self {
        let repair = LogNormal::new(REPAIR_HOURS.ln() - 0.5, 1.0).expect("bug: a good law");
        Self { rng: SmallRng::seed_from_u64(seed), repair }
    }

    /// An exponential draw of this mean.
    #[inline]
    pub fn exponential(&mut self, mean: f64) -> f64 {
        mean * self.rng.sample::<f64, _>(Exp1)
    }

    /// Lognormal hours of a repair.
    #[inline]
    pub fn repair(&mut self) -> f64 {
        self.rng.sample(self.repair)
    }
}

/// The state of the queue M/M/c; the events are the engine's. Times are in mean services.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Draws.
    pub dice: Dice,
    between: f64,
    free: u32,
    waiting: VecDeque<f64>,
    waited: f64,
    /// Customers whose service has still to begin.
    pub left: u64,
    customers: u64,
}

impl Counter {
    /// An empty queue with `servers`, for `customers`.
    pub fn new(servers: u32, customers: u64, seed: u64) -> Self {
        let between = 1.0 / (LOAD * f64::from(servers));
        let waiting = VecDeque::new();
        Self { dice: Dice::new(seed), between, free: servers, waiting, waited: 0.0, left: customers, customers }
    }

    /// Time until the next customer.
    #[inline]
    pub fn until_next(&mut self) -> f64 {
        self.dice.exponential(self.between)
    }

    /// A customer comes; the service time if a server is free.
    #[inline]
    pub fn arrives(&mut self, now: f64) -> Option<f64> {
        if self.free == 0 {
            self.waiting.push_back(now);
            return None;
        }
        self.free -= 1;
        self.left = self.left.saturating_sub(1);
        Some(self.dice.exponential(1.0))
    }

    /// A server is done; the service time of the customer it turns to.
    #[inline]
    pub fn departs(&mut self, now: f64) -> Option<f64> {
        let Some(arrived) = self.waiting.pop_front() else {
            self.free += 1;
            return None;
        };
        if self.left > 0 {
            self.waited += now - arrived;
        }
        self.left = self.left.saturating_sub(1);
        Some(self.dice.exponential(1.0))
    }

    /// Mean wait over the customers.
    pub fn answer(&self) -> Answer {
        Answer { units: self.customers as f64, value: self.waited / self.customers as f64 }
    }
}

/// The state of the groups; the events are the engine's. Times are in hours.
#[derive(Clone, Debug)]
pub struct Plant {
    /// Draws.
    pub dice: Dice,
    down: [u32; GROUPS as usize],
    broken: u32,
    since: f64,
    downtime: f64,
    transitions: u64,
}

impl Plant {
    /// All units new.
    pub fn new(seed: u64) -> Self {
        let down = [0; GROUPS as usize];
        Self { dice: Dice::new(seed), down, broken: 0, since: 0.0, downtime: 0.0, transitions: 0 }
    }

    /// Hours until a unit that is new fails.
    #[inline]
    pub fn life(&mut self) -> f64 {
        self.dice.exponential(LIFE_HOURS)
    }

    /// A unit fails; hours until it is mended.
    #[inline]
    pub fn fails(&mut self, unit: u32, now: f64) -> f64 {
        self.transitions += 1;
        let down = &mut self.down[(unit / SIZE) as usize];
        *down += 1;
        if *down == 2 {
            if self.broken == 0 {
                self.since = now;
            }
            self.broken += 1;
        }
        self.dice.repair()
    }

    /// A unit is mended; hours until it fails again.
    #[inline]
    pub fn mended(&mut self, unit: u32, now: f64) -> f64 {
        self.transitions += 1;
        let down = &mut self.down[(unit / SIZE) as usize];
        *down -= 1;
        if *down == 1 {
            self.broken -= 1;
            if self.broken == 0 {
                self.downtime += now - self.since;
            }
        }
        self.life()
    }

    /// What one replication of ten years came to.
    pub fn answer(&self) -> Answer {
        let open = if self.broken > 0 { HORIZON_HOURS - self.since } else { 0.0 };
        Answer { units: self.transitions as f64, value: (self.downtime + open) / HORIZON_HOURS }
    }
}

/// The sum of units and the mean of values over `replications` runs with seeds of their own.
pub fn replicated(replications: u64, seed: u64, mut one: impl FnMut(u64) -> Answer) -> Answer {
    let mut sum = Answer { units: 0.0, value: 0.0 };
    for replication in 0..replications {
        let answer = one(seed * 1_000_000 + replication);
        sum = Answer { units: sum.units + answer.units, value: sum.value + answer.value };
    }
    Answer { value: sum.value / replications as f64, ..sum }
}
