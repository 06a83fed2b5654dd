//! What is counted of requests in one replication, within the measured time.

use ninefold_sim_core::dense_histogram::DenseHistogram;
use ninefold_sim_core::tick::Tick;

use super::load_test::StepTally;
use super::promise::Stretch;

/// Full quality, in the fixed point of sums.
pub const QUALITY_ONE: f64 = (1u64 << 32) as f64;

/// What a replication counted at a component. Times are sums in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StationTally {
    /// Requests that came.
    pub came: i64,
    /// Those that found no room.
    pub blocked: i64,
    /// Those that found room, and had to wait.
    pub delayed: i64,
    /// Those that left the line.
    pub left: i64,
    /// Those that were dropped because nobody waited for the answer any more.
    pub expired: i64,
    /// Those that were rejected or dropped by what was measured.
    pub shed: i64,
    /// Those that were lost with their unit.
    pub lost: i64,
    /// Those that were served.
    pub served: i64,
    /// Attempts of callers that try again, and the first of them.
    pub attempts: i64,
    /// First attempts of callers that try again.
    pub first_attempts: i64,
    /// Attempts that the caller gave up.
    pub timed_out: i64,
    /// Time in line.
    pub waited: i64,
    /// Time in line and on servers.
    pub stayed: i64,
    /// Time of servers with somebody on them.
    pub busy: i64,
    /// When a request first took the last free server, since measuring began; −1 if none did.
    pub all_busy_after: i64,
    /// When a request first took the last room; −1 if none did.
    pub full_after: i64,
}

/// What a replication counted of the requests of a journey that came and ended within the measured time. Microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsersTally {
    /// Those that ended.
    pub ended: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Time of those that were answered.
    pub took: i64,
    /// Quality of their answers, each in parts of [`QUALITY_ONE`].
    pub quality: i64,
    /// Those that came within the measured time and have not ended.
    pub open: i64,
}

/// What a replication counted of the circuit breaker of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BreakerTally {
    /// Calls that were to be made.
    pub calls: i64,
    /// Those that were not made: they failed at once.
    pub rejected: i64,
    /// Times at which it opened.
    pub openings: i64,
    /// Time open, until the first trial call, in microseconds.
    pub open: i64,
    /// Time in which trial calls decide, in microseconds.
    pub half_open: i64,
}

/// What a replication counted of the cache of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheTally {
    /// Requests that looked.
    pub asked: i64,
    /// Those that found an answer.
    pub hits: i64,
}

/// How much of a replication was simulated request by request, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// Time around incidents for which it was to be.
    pub wanted: i64,
    /// Time for which it was.
    pub simulated: i64,
}

/// Times of single requests at a station, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct StationTimes {
    /// In line, of those that were served.
    pub wait: DenseHistogram,
    /// In line and on a server of those that were served; of users, from coming to the answer.
    pub took: DenseHistogram,
    /// Of users, how long those have waited that have not ended.
    pub open: DenseHistogram,
}

impl StationTimes {
    pub(super) fn clear(&mut self) {
        self.wait.clear();
        self.took.clear();
        self.open.clear();
    }
}

/// What was counted, by station as [`Requests::stations`](crate::system::Requests::stations) lists them.
#[derive(Clone, Debug, Default)]
pub struct Requested {
    /// Of components.
    pub stations: Vec<StationTally>,
    /// Of the users of journeys.
    pub users: Vec<UsersTally>,
    /// Times of all stations, those of users last, in microseconds.
    pub times: Vec<StationTimes>,
    /// What became of what is agreed, by promise.
    pub promises: Vec<Vec<Stretch>>,
    /// Of circuit breakers, by station and call.
    pub breakers: Vec<BreakerTally>,
    /// Of caches, by station and call.
    pub caches: Vec<CacheTally>,
    /// Of load tests, their steps.
    pub load_tests: Vec<Vec<StepTally>>,
    /// How much of the time was simulated, where it is not all.
    pub spans: Spans,
}

impl Requested {
    /// Forgets everything but times, which are replaced, keeping its memory.
    pub fn clear(&mut self) {
        self.stations.clear();
        self.users.clear();
        self.breakers.clear();
        self.caches.clear();
        self.promises.iter_mut().for_each(Vec::clear);
    }
}

/// Counts a time.
pub(super) fn push(times: &mut DenseHistogram, took: Tick) {
    times.push(microseconds(i128::from(took.get())).unsigned_abs());
}

/// Ticks as whole microseconds, the nearest.
pub(super) fn microseconds(ticks: i128) -> i64 {
    let hour = i128::from(Tick::from_hours(1.0).get());
    i64::try_from((ticks * 3_600_000_000 + hour / 2) / hour).unwrap_or(i64::MAX)
}

/// The part of a span before now that is within the measured time.
pub(super) fn measured(from: Tick, now: Tick, begin: Tick) -> i128 {
    // What begins never may lie further off than ticks reach.
    let from = from.max(begin);
    if now > from { i128::from(now.since(from).get()) } else { 0 }
}
