//! A mixture of laws: which one holds is drawn first.

use std::sync::Arc;

use super::range::{count, shares};
use super::tabulated::{End, Solved, Tabulated};
use super::{Law, LawError, Lifetime, Parameter, refuse, remaining};
use crate::units::Hours;
use ninefold_sim_core::special::root;

/// Most parts, after mixtures inside are opened.
pub const MIXTURE_PARTS_MAX: usize = 256;
/// How deep mixtures may nest; a mixture of plain laws has depth 1.
pub const MIXTURE_DEPTH_MAX: u32 = 4;

/// Mixture: with probability `share` a duration of that part's law. A mixture inside is opened into its parts.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `share` | 1 | > 0 each; they sum to 1 |
/// | `law` | - | any law; at most 4 mixtures deep, 256 parts in all |
///
/// Survival: `S(t) = Σ share · S_part(t)`; its inverse is tabulated, and bisected to the last bit at jumps.
/// Source: Barlow & Proschan, *Statistical Theory of Reliability and Life Testing* (1975), section 4.3.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    parts: Arc<[(f64, Law)]>,
    depth: u32,
    pub(super) table: Tabulated,
}

impl Mixture {
    pub(super) fn new(given: Vec<(f64, Law)>) -> Result<Self, LawError> {
        count("mixture.parts", given.len(), MIXTURE_PARTS_MAX)?;
        let shares = shares("mixture.share", given.iter().map(|(share, _)| *share))?;
        let mut parts = Vec::with_capacity(given.len());
        let mut depth = 1;
        for (share, (_, law)) in shares.into_iter().zip(given) {
            match law {
                Law::Mixture(inner) => {
                    depth = depth.max(inner.depth + 1);
                    parts.extend(inner.parts.iter().map(|(part, law)| (share * part, law.clone())));
                }
                plain => parts.push((share, plain)),
            }
        }
        count("mixture.parts", parts.len(), MIXTURE_PARTS_MAX)?;
        if depth > MIXTURE_DEPTH_MAX {
            return Err(refuse(
                "mixture.parts",
                f64::from(depth),
                format!("mixtures at most {MIXTURE_DEPTH_MAX} deep"),
            ));
        }
        Ok(Self { parts: parts.into(), depth, table: Tabulated::default() })
    }

    /// The parts with their shares.
    pub(super) fn parts(&self) -> &[(f64, Law)] {
        &self.parts
    }

    fn sum(&self, term: impl Fn(&Law) -> f64) -> f64 {
        self.parts.iter().map(|(share, law)| share * term(law)).sum()
    }
}

impl Lifetime for Mixture {
    fn name(&self) -> &'static str {
        "mixture"
    }
    fn parameters(&self) -> Vec<Parameter> {
        let part = |(share, law): &(f64, Law)| {
            let mut list = vec![("share", *share, "1")];
            list.extend(law.parameters());
            list
        };
        self.parts.iter().flat_map(part).collect()
    }
    fn mean_hours(&self) -> f64 {
        self.sum(|law| law.mean().get())
    }
    fn variance_h2(&self) -> f64 {
        let overall = self.mean_hours();
        if overall.is_infinite() {
            return f64::INFINITY;
        }
        self.sum(|law| {
            let off = law.mean().get() - overall;
            law.variance_h2() + off * off
        })
    }
    fn survival(&self, age_hours: f64) -> f64 {
        self.sum(|law| law.survival_hours(age_hours))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.sum(|law| law.cdf_hours(age_hours))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.tabulated_hours(p)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        self.tabulate_hours(p_to_hours);
    }
    fn exact_quantile_hours(&self, p: f64) -> f64 {
        self.solved_hours(p)
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        self.sum(|law| law.integrated_tail(Hours::new(age_hours)).get())
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        let below = self.cdf(age_hours);
        if below < 0.5 {
            return -libm::log1p(-below);
        }
        let age = Hours::new(age_hours);
        let parts = || self.parts.iter().map(|(share, law)| libm::log(*share) - law.accrued_hazard(age));
        -remaining::ln_sum(parts().fold(f64::NEG_INFINITY, f64::max), parts())
    }
    fn has_hazard(&self) -> bool {
        self.parts.iter().all(|(_, law)| law.has_hazard())
    }
}

impl Solved for Mixture {
    /// The quantile lies between the least and the largest of the parts' own.
    fn solve(&self, end: End, m: f64) -> f64 {
        let p = if end == End::Lower { m } else { 1.0 - m };
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for (_, law) in self.parts.iter() {
            let own = law.exact_quantile_hours(p);
            low = low.min(own);
            high = high.max(own);
        }
        match end {
            End::Lower => root::first(low, high, |age_hours| self.cdf(age_hours) >= m),
            End::Upper => root::first(low, high, |age_hours| self.survival(age_hours) <= m),
        }
    }
    #[inline(always)]
    fn hours(&self, root: f64, _: End) -> f64 {
        root
    }
    fn table(&self) -> &Tabulated {
        &self.table
    }
}
