//! A law on another scale of time: every duration multiplied by the same factor.

use super::{Law, LawError};
use crate::units::Hours;

impl Law {
    /// The law of a duration `factor` times as long, of the same family: `S'(t) = S(t ÷ factor)`. All rates become
    /// `1 ÷ factor` of what they were, the shape stays.
    ///
    /// # Errors
    /// [`LawError`] if a parameter leaves its range by it.
    pub fn stretched(&self, factor: f64) -> Result<Self, LawError> {
        let parameters = self.parameters();
        let value = |place: usize| parameters[place].1;
        let hours = |place: usize| Hours::new(value(place) * factor);
        let pairs = || parameters.chunks_exact(2).map(|pair| (pair[0].1, pair[1].1));
        match self {
            Self::Constant(_) => Self::constant(hours(0)),
            Self::Exponential(_) => Self::exponential(hours(0)),
            Self::Weibull(_) => Self::weibull_scale(value(0), hours(1)),
            Self::Lognormal(_) => Self::lognormal_median_sigma(hours(0), value(1)),
            Self::Gamma(_) => Self::gamma(value(0), hours(1)),
            Self::Pert(_) => Self::pert(hours(0), hours(1), hours(2)),
            Self::Triangular(_) => Self::triangular(hours(0), hours(1), hours(2)),
            Self::Uniform(_) => Self::uniform(hours(0), hours(1)),
            Self::Normal(_) => Self::normal(hours(0), hours(1)),
            Self::Hyperexponential(_) => {
                Self::hyperexponential(pairs().map(|(share, mean)| (share, Hours::new(mean * factor))).collect())
            }
            Self::Erlang(_) => Self::erlang(value(0) as u32, hours(1)),
            Self::PiecewiseHazard(_) => Self::piecewise_hazard(
                pairs().map(|(from, hazard)| (Hours::new(from * factor), hazard / factor)).collect(),
            ),
            Self::Mixture(mixture) => {
                let parts = mixture.parts().iter().map(|(share, law)| Ok((*share, law.stretched(factor)?)));
                Self::mixture(parts.collect::<Result<_, LawError>>()?)
            }
            Self::Pareto(_) => Self::pareto(value(0), hours(1)),
            Self::Geometric(_) => Self::geometric(hours(0), hours(1)),
            Self::Empirical(law) => {
                Self::empirical(law.values_hours().iter().map(|&value| Hours::new(value * factor)).collect())
            }
        }
    }
}
