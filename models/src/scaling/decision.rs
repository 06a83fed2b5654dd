//! What an autoscaler decides at one look, and why.

/// What kept a decision from what the metric asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nothing.
    None,
    /// The metric is within the tolerance.
    Tolerance,
    /// Recent advice within the stabilisation window.
    Stabilization,
    /// The policies of the rate of change.
    Policies,
    /// The smallest number of replicas.
    Min,
    /// The largest number of replicas.
    Max,
    /// A cooldown, or replicas that are still warming up.
    Cooldown,
    /// An alarm that has not seen enough yet.
    Alarm,
    /// The metric could not be had.
    NoMetric,
    /// Scaling is off: there are no replicas.
    Off,
}

impl Limit {
    /// As in the table `autoscale_events`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Tolerance => "tolerance",
            Self::Stabilization => "stabilization",
            Self::Policies => "policies",
            Self::Min => "min",
            Self::Max => "max",
            Self::Cooldown => "cooldown",
            Self::Alarm => "alarm",
            Self::NoMetric => "no_metric",
            Self::Off => "off",
        }
    }
}

/// One decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// Replicas before.
    pub from: u32,
    /// Replicas after.
    pub to: u32,
    /// The metric that decided, in the unit of its target (utilisation in percent); none where none could be had.
    pub metric: Option<f64>,
    /// What the metric alone asks for.
    pub raw: u32,
    /// The same after the stabilisation windows.
    pub stabilised: u32,
    /// What kept it from the raw advice.
    pub limit: Limit,
}

impl Decision {
    /// No change.
    pub(super) const fn stay(current: u32, metric: Option<f64>, limit: Limit) -> Self {
        Self { from: current, to: current, metric, raw: current, stabilised: current, limit }
    }

    /// No change but what the limits of the number force.
    pub(super) fn within(current: u32, limits: (u32, u32), metric: Option<f64>, limit: Limit) -> Self {
        Self::stay(current, metric, limit).clamped(limits)
    }

    /// The same within limits of the number.
    pub(super) fn clamped(self, (min, max): (u32, u32)) -> Self {
        let to = self.to.clamp(min, max.max(min));
        let limit = match () {
            () if to < self.to => Limit::Max,
            () if to > self.to => Limit::Min,
            () => self.limit,
        };
        Self { to, limit, ..self }
    }

    /// Why, in a few words.
    pub const fn reason(&self) -> &'static str {
        match (self.limit, self.to > self.from, self.to < self.from) {
            (Limit::None, true, _) => "the metric asks for more",
            (Limit::None, _, true) => "the metric asks for less",
            (Limit::None, ..) => "the metric asks for what is there",
            (Limit::Tolerance, ..) => "within the tolerance",
            (Limit::Stabilization, false, false) => "held by recent advice",
            (Limit::Stabilization, ..) => "as far as recent advice allows",
            (Limit::Policies, true, _) => "as far up as the policies allow",
            (Limit::Policies, _, true) => "as far down as the policies allow",
            (Limit::Policies, ..) => "the policies allow no change yet",
            (Limit::Min, ..) => "at the smallest number",
            (Limit::Max, ..) => "at the largest number",
            (Limit::Cooldown, ..) => "within a cooldown or warm-up",
            (Limit::Alarm, ..) => "no alarm",
            (Limit::NoMetric, ..) => "no metric",
            (Limit::Off, ..) => "off: no replicas",
        }
    }
}
