//! Lifetime laws: times to failure, repairs, delays. One law, one file.
//!
//! A [`Law`] is made by one of its constructors, which refuse parameters outside their range; after that nothing
//! fails. Draws are made by inversion, [`Law::quantile`], so that common random numbers and antithetic draws work.
//!
//! ```
//! # use ninefold_models::{lifetime::Law, units::Hours};
//! let repair = Law::lognormal_median_p95(Hours::new(4.0), Hours::new(20.0))?;
//! assert!((repair.quantile(0.95).get() - 20.0).abs() < 1e-12);
//! assert!((repair.mean().get() - 6.456).abs() < 1e-3);
//!
//! let error = Law::lognormal_median_p95(Hours::new(4.0), Hours::new(3.0)).unwrap_err();
//! assert_eq!(error.to_string(), "`lognormal.p95` is 3; allowed is above the median, 4 h");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod constant;
mod construct;
mod empirical;
mod erlang;
mod exponential;
mod gamma;
mod geometric;
mod hyperexponential;
mod lognormal;
mod mixture;
mod normal;
mod pareto;
mod pert;
mod piecewise_hazard;
mod range;
mod remaining;
mod residual;
mod shared;
mod stretched;
mod tabulated;
mod triangular;
mod uniform;
mod weibull;

pub use constant::Constant;
pub use empirical::{EMPIRICAL_VALUES_MAX, Empirical};
pub use erlang::{ERLANG_STAGES_MAX, Erlang};
pub use exponential::Exponential;
pub use gamma::{GAMMA_SHAPE_MAX, GAMMA_SHAPE_MIN, Gamma};
pub use geometric::{GEOMETRIC_STEPS_MAX, Geometric};
pub use hyperexponential::{HYPEREXPONENTIAL_BRANCHES_MAX, Hyperexponential};
pub use lognormal::{LOGNORMAL_SIGMA_MAX, LOGNORMAL_SIGMA_MIN, Lognormal};
pub use mixture::{MIXTURE_DEPTH_MAX, MIXTURE_PARTS_MAX, Mixture};
pub use normal::Normal;
pub use pareto::{PARETO_SHAPE_MAX, PARETO_SHAPE_MIN, Pareto};
pub use pert::Pert;
pub use piecewise_hazard::{HAZARD_LAST_MIN_PER_HOUR, HAZARD_MAX_PER_HOUR, HAZARD_PIECES_MAX, PiecewiseHazard};
pub use range::{DURATION_MAX_HOURS, DURATION_MIN_HOURS, SHARE_TOLERANCE};
pub(crate) use shared::SharedLaws;
pub use triangular::Triangular;
pub use uniform::Uniform;
pub use weibull::{WEIBULL_SHAPE_MAX, WEIBULL_SHAPE_MIN, Weibull};

use crate::units::Hours;
use ninefold_sim_core::simd::{Kernel, dispatch};
use range::refuse;

/// Names of all laws, as written in a scenario, in alphabetical order.
pub const LAW_NAMES: [&str; 16] = [
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "geometric",
    "hyperexponential",
    "lognormal",
    "mixture",
    "normal",
    "pareto",
    "pert",
    "piecewise_hazard",
    "triangular",
    "uniform",
    "weibull",
];

/// A parameter of a law is outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{parameter}` is {value}; allowed is {allowed}")]
#[non_exhaustive]
pub struct LawError {
    /// `law.parameter`, as written in a scenario (`weibull.shape`).
    pub parameter: &'static str,
    /// The offending value (hours for durations).
    pub value: f64,
    /// The allowed range, in words.
    pub allowed: String,
}

/// A parameter for display: name, value, unit (`h`, `1`, `1/h`).
pub type Parameter = (&'static str, f64, &'static str);

/// What each law's file provides. Ages are in hours, at least 0 and finite; `p` is strictly between 0 and 1.
trait Lifetime {
    fn name(&self) -> &'static str;
    fn parameters(&self) -> Vec<Parameter>;
    fn mean_hours(&self) -> f64;
    fn variance_h2(&self) -> f64;
    fn survival(&self, age_hours: f64) -> f64;
    fn cdf(&self, age_hours: f64) -> f64;
    fn quantile_hours(&self, p: f64) -> f64;
    /// `∫ S` from 0 to the age.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64;
    /// The inverse of `integrated_tail ÷ mean`, where there is no closed form.
    fn residual_quantile_hours(&self, p: f64) -> f64 {
        residual::invert(self, p)
    }

    /// `-ln S`: what of the hazard has accrued by the age, also where `S` is below every double.
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        remaining::accrued(self, age_hours)
    }
    /// The time after an age by which `more` of the hazard accrues, more than 0, where there is no closed form.
    fn accrues_within_hours(&self, age_hours: f64, more: f64) -> f64 {
        remaining::invert(self, age_hours, more)
    }
    /// Whether it has a hazard at every age: no single duration is likely, and none is the longest.
    fn has_hazard(&self) -> bool {
        true
    }

    /// The exact quantile, where [`quantile_hours`](Self::quantile_hours) is tabulated.
    fn exact_quantile_hours(&self, p: f64) -> f64 {
        self.quantile_hours(p)
    }

    /// Each probability becomes its quantile; the bits of [`quantile_hours`](Self::quantile_hours).
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        for p in p_to_hours {
            *p = self.quantile_hours(*p);
        }
    }
}

/// The nearest probability that a quantile is made for.
#[inline(always)]
fn inside(p: f64) -> f64 {
    p.clamp(f64::MIN_POSITIVE, 1.0 - 0.5 * f64::EPSILON)
}

/// The quantiles of one law in lanes.
struct Quantiles<'a, L> {
    law: &'a L,
    p_to_hours: &'a mut [f64],
}

impl<L: Lifetime> Kernel for Quantiles<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for p in self.p_to_hours.iter_mut() {
            *p = inside(*p);
        }
        self.law.quantiles_hours(self.p_to_hours);
    }
}

/// A law of a non-negative random duration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// Always the same duration.
    Constant(Constant),
    /// No memory.
    Exponential(Exponential),
    /// Infant mortality or wear-out.
    Weibull(Weibull),
    /// Normal in the logarithm.
    Lognormal(Lognormal),
    /// A sum of stages, also a fractional number of them.
    Gamma(Gamma),
    /// An expert's least, likeliest and largest value, smooth.
    Pert(Pert),
    /// The same with straight lines.
    Triangular(Triangular),
    /// Equally likely between two ends.
    Uniform(Uniform),
    /// Normal, truncated at zero.
    Normal(Normal),
    /// Branches of exponentials.
    Hyperexponential(Hyperexponential),
    /// A whole number of stages.
    Erlang(Erlang),
    /// A bathtub curve.
    PiecewiseHazard(PiecewiseHazard),
    /// Parts of any laws.
    Mixture(Mixture),
    /// A power tail.
    Pareto(Pareto),
    /// Whole steps.
    Geometric(Geometric),
    /// Recorded values.
    Empirical(Empirical),
}

macro_rules! each {
    ($law:expr, $inner:ident => $body:expr) => {
        match $law {
            Law::Constant($inner) => $body,
            Law::Exponential($inner) => $body,
            Law::Weibull($inner) => $body,
            Law::Lognormal($inner) => $body,
            Law::Gamma($inner) => $body,
            Law::Pert($inner) => $body,
            Law::Triangular($inner) => $body,
            Law::Uniform($inner) => $body,
            Law::Normal($inner) => $body,
            Law::Hyperexponential($inner) => $body,
            Law::Erlang($inner) => $body,
            Law::PiecewiseHazard($inner) => $body,
            Law::Mixture($inner) => $body,
            Law::Pareto($inner) => $body,
            Law::Geometric($inner) => $body,
            Law::Empirical($inner) => $body,
        }
    };
}

impl Law {
    /// The mean; infinite for a Pareto law of shape ≤ 1 and a mixture that holds one.
    pub fn mean(&self) -> Hours {
        Hours::new(each!(self, law => law.mean_hours()))
    }

    /// The variance in hours squared; infinite for a Pareto law of shape ≤ 2 and a mixture that holds one.
    pub fn variance_h2(&self) -> f64 {
        each!(self, law => law.variance_h2())
    }

    /// P(duration > `age`), accurate in the upper tail; 1 below age 0.
    pub fn survival(&self, age: Hours) -> f64 {
        self.survival_hours(age.get())
    }

    /// P(duration ≤ `age`), accurate in the lower tail; 0 below age 0.
    pub fn cdf(&self, age: Hours) -> f64 {
        self.cdf_hours(age.get())
    }

    /// The shortest duration that a share of at least `p` of draws does not exceed; monotone in `p`.
    ///
    /// `p` in (0, 1); the ends and what lies beyond are taken as the nearest double inside; NaN has no
    /// meaning here. Closed form for most
    /// laws; for gamma, Erlang, PERT, hyperexponential and mixture a tabulated inverse within 1e-9 relative (PERT: of
    /// the distance from the nearer end), solved to about 1e-13 where a tail is below 2⁻¹⁷. The first call of such a
    /// law makes the table, which its clones share (at most 41 KiB, milliseconds); no other allocates.
    #[inline]
    pub fn quantile(&self, p: f64) -> Hours {
        let p = inside(p);
        Hours::new(each!(self, law => law.quantile_hours(p)))
    }

    /// Each element, a probability in (0, 1), becomes its quantile in hours: exactly what [`quantile`](Self::quantile)
    /// gives, bit for bit.
    pub fn quantiles(&self, p_to_hours: &mut [f64]) {
        each!(self, law => dispatch(Quantiles { law, p_to_hours }));
    }

    /// `∫ S` from age 0 to `age`, in hours: the mean of the lesser of duration and age; it rises to the mean. Source:
    /// Cox, *Renewal Theory* (1962), section 5.3.
    pub fn integrated_tail(&self, age: Hours) -> Hours {
        let (age_hours, mean_hours) = (age.get(), self.mean().get());
        Hours::new(if age_hours <= 0.0 {
            0.0
        } else if age_hours == f64::INFINITY {
            mean_hours
        } else {
            each!(self, law => law.integrated_tail_hours(age_hours)).min(mean_hours)
        })
    }

    /// The quantile of what is left of a duration at an instant that falls into it by chance, in a process that has run
    /// for ever: `p = ∫₀ᵗ S ÷ mean`. As long as [`quantile`](Self::quantile) of an exponential law, whose age does not
    /// matter; shorter for laws that vary less, longer for those that vary more. Monotone in `p`.
    ///
    /// Meaningful for a finite mean above 0 only. Allocates nothing.
    pub fn residual_quantile(&self, p: f64) -> Hours {
        let p = inside(p);
        Hours::new(each!(self, law => law.residual_quantile_hours(p)))
    }

    /// `-ln` of the [survival](Self::survival): the hazard that has accrued by an age, which is the mean number of
    /// failures by then of what is made as bad as old each time. Accurate also where the survival is below every double.
    pub fn accrued_hazard(&self, age: Hours) -> f64 {
        let age_hours = age.get();
        if !(age_hours > 0.0) {
            0.0
        } else if age_hours == f64::INFINITY {
            f64::INFINITY
        } else {
            each!(self, law => law.accrued_hazard(age_hours)).max(0.0)
        }
    }

    /// The quantile of the life that is left at an age, given that it was reached: the `t` with
    /// `S(age + t) = (1 - p) S(age)`. At age 0 it is [`quantile`](Self::quantile), bit for bit. Monotone in `p`, but for
    /// rounding. Allocates nothing.
    ///
    /// Meaningful where the law [has a hazard](Self::has_hazard).
    pub fn remaining_quantile(&self, age: Hours, p: f64) -> Hours {
        if !(age.get() > 0.0) {
            return self.quantile(p);
        }
        let more = -libm::log1p(-inside(p));
        Hours::new(each!(self, law => law.accrues_within_hours(age.get(), more)))
    }

    /// Whether there is a hazard at every age, so that a life can be gone on with wherever it was ended. Not so for laws
    /// of separate values (constant, geometric, empirical), for those with a longest value (uniform, triangular, PERT),
    /// and for mixtures that hold one of them.
    pub fn has_hazard(&self) -> bool {
        each!(self, law => law.has_hazard())
    }

    /// The duration that half of all draws do not exceed.
    pub fn median(&self) -> Hours {
        self.quantile(0.5)
    }

    /// The law's name, as written in a scenario; one of [`LAW_NAMES`].
    pub fn name(&self) -> &'static str {
        each!(self, law => law.name())
    }

    /// The parameters for display, in the order a scenario writes them; lists are laid out one after the other.
    pub fn parameters(&self) -> Vec<Parameter> {
        each!(self, law => law.parameters())
    }

    /// The mean, if the law is exponential (also a Weibull or gamma law of shape 1 and one Erlang stage).
    pub fn is_exponential(&self) -> Option<Hours> {
        let memoryless = match self {
            Self::Exponential(_) => true,
            Self::Weibull(_) | Self::Gamma(_) | Self::Erlang(_) => {
                matches!(self.parameters().first(), Some((_, 1.0, _)))
            }
            _ => false,
        };
        memoryless.then(|| self.mean())
    }

    /// Sums of shares may round to just above 1.
    fn survival_hours(&self, age_hours: f64) -> f64 {
        if !(age_hours >= 0.0) {
            1.0
        } else if age_hours == f64::INFINITY {
            0.0
        } else {
            each!(self, law => law.survival(age_hours)).clamp(0.0, 1.0)
        }
    }

    fn exact_quantile_hours(&self, p: f64) -> f64 {
        let p = inside(p);
        each!(self, law => law.exact_quantile_hours(p))
    }

    fn cdf_hours(&self, age_hours: f64) -> f64 {
        if !(age_hours >= 0.0) {
            0.0
        } else if age_hours == f64::INFINITY {
            1.0
        } else {
            each!(self, law => law.cdf(age_hours)).clamp(0.0, 1.0)
        }
    }
}
