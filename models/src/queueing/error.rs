//! Why a queue has no answer.

/// A reason, in words a reader of the report understands.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// More work comes than can be done.
    #[error("the offered load of {offered} erlangs is not below its {servers} servers, so the queue grows without end")]
    Unstable {
        /// Offered load in erlangs.
        offered: f64,
        /// Servers.
        servers: f64,
    },
    /// A parameter outside its range.
    #[error("{what} is {value}; allowed is {allowed}")]
    OutOfRange {
        /// The quantity.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// The range, in words.
        allowed: &'static str,
    },
    /// More states, steps or servers than are computed with.
    #[error("{what}: {count} needed, at most {limit} are computed with")]
    TooLarge {
        /// What there are too many of.
        what: &'static str,
        /// How many are needed.
        count: f64,
        /// The limit.
        limit: f64,
    },
    /// An iteration that does not settle.
    #[error("{0} does not converge")]
    NoConvergence(&'static str),
}

/// Refuses what is not a finite number above zero.
pub(super) fn positive(what: &'static str, value: f64) -> Result<f64, QueueError> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(QueueError::OutOfRange { what, value, allowed: "a finite number above 0" })
}

/// Refuses what is not a finite number of at least zero.
pub(super) fn not_negative(what: &'static str, value: f64) -> Result<f64, QueueError> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(QueueError::OutOfRange { what, value, allowed: "a finite number, at least 0" })
}

/// Refuses a number of servers outside 1 to [`SERVERS_MAX`](super::SERVERS_MAX).
pub(super) fn servers(servers: u32) -> Result<u32, QueueError> {
    if (1..=super::SERVERS_MAX).contains(&servers) {
        return Ok(servers);
    }
    Err(QueueError::OutOfRange { what: "servers", value: f64::from(servers), allowed: "1 to 1000000" })
}
