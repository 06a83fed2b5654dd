//! Maps of metastability: load against the size of a trigger.

/// A row of `metastability`: one load under one trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct MetastabilityRow {
    /// The measure of the scenario.
    pub measure: String,
    /// What is changed, or `as written`.
    pub cure: String,
    /// First attempts a second.
    pub demand: f64,
    /// Demand ÷ what the servers complete while busy.
    pub load: f64,
    /// `outage` or `spike`.
    pub trigger: &'static str,
    /// How long the trigger lasts.
    pub trigger_s: f64,
    /// `stable`, `vulnerable`, `metastable` or `overloaded`.
    pub region: &'static str,
}

/// A row of `metastability_loads`: one load before any trigger, and what it takes to tip it.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadStateRow {
    /// The measure of the scenario.
    pub measure: String,
    /// Who calls, and who is called.
    pub call: (String, String),
    /// What is changed, or `as written`.
    pub cure: String,
    /// First attempts a second.
    pub demand: f64,
    /// Demand ÷ what the servers complete while busy.
    pub load: f64,
    /// Whether it is the load of the scenario that is nearest.
    pub is_written: bool,
    /// `stable`, `vulnerable` or `overloaded`.
    pub region: &'static str,
    /// The shortest trigger of the map after which it stays down.
    pub tips_after_s: Option<f64>,
    /// All attempts a second at the operating point; `None` if there is none, or no formula.
    pub operating: Option<f64>,
    /// All attempts a second above which it runs away.
    pub tipping: Option<f64>,
    /// All attempts a second at which a collapse sustains itself.
    pub collapsed: Option<f64>,
}

/// What is not changed.
pub const AS_WRITTEN: &str = "as written";
