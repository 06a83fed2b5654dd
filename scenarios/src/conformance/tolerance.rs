//! How closely an answer has to agree, as a case says it by kinds of answer.

use super::case::{Expected, Value};
use super::judging::EXACT_RELATIVE;
use crate::yaml::Node;

/// Known values that were computed by solving a chain or equations of time in double precision have lost digits below
/// this: rounding and absolute tolerances are larger than what is left. (A probability of 8e-14 was 1.5 % off the same
/// chain solved with sixty digits, one of 1e-49 off classical Runge-Kutta steps by 4e-4.)
const FAR_TAIL: f64 = 1e-12;

/// How well such values are believed.
const FAR_TAIL_RELATIVE: f64 = 0.02;

/// How well the place of a least sum of squares is known: the sum is flat there, and a search that stops when it no longer
/// falls stops early. (Parameters 3e-6 off were found with a larger sum of squares than those of the fit here.)
const LEAST_SQUARES: f64 = 1e-5;

/// Relative errors that a case allows: one for all of an exact engine's answers, and others for some of them.
pub(super) struct Tolerance<'a> {
    stated: Option<&'a Node>,
    method: Option<&'a str>,
}

impl<'a> Tolerance<'a> {
    /// As the case says it; the strictest where it says nothing.
    pub(super) fn of(case: &'a Node) -> Self {
        Self { stated: case.get("tolerance"), method: case.get("method").and_then(Node::text) }
    }

    /// For a known answer: `approximations_rel` for approximations, `computed_rel` and `published_rel` for what stands
    /// under `computed` and `published`, else whatever is said of exact answers; more for what is known less well.
    pub(super) fn of_answer(&self, known: &Expected) -> f64 {
        let stated = self.of_measure(&known.measure).max(if self.is("least squares") { LEAST_SQUARES } else { 0.0 });
        match known.value {
            // A difference from 1 of a quotient: what the quotient is known to, by what is left of it.
            Value::Number(error) if known.measure.ends_with("rel_error") => stated * (1.0 + error) / error.abs(),
            Value::Number(value) if value > 0.0 && value < FAR_TAIL && self.is_numerical() => {
                stated.max(FAR_TAIL_RELATIVE)
            }
            _ => stated,
        }
    }

    fn is_numerical(&self) -> bool {
        self.is("CTMC") || self.is("LSODA")
    }

    fn is(&self, word: &str) -> bool {
        self.method.is_some_and(|method| method.contains(word))
    }

    fn of_measure(&self, measure: &str) -> f64 {
        let section = measure.split('.').next().unwrap_or_default();
        let approximate = measure.contains("allen_cunneen") || measure.contains("sakasegawa");
        let own = match section {
            "computed" => self.number("computed_rel"),
            "published" => self.number("published_rel"),
            _ if approximate && !measure.ends_with("rel_error") => self.number("approximations_rel"),
            _ => None,
        };
        let all = || ["analytic_rel", "exact_rel", "fixed_point_rel"].iter().find_map(|key| self.number(key));
        own.or_else(all).unwrap_or(EXACT_RELATIVE)
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.stated?.get(key)?.text()?.parse().ok()
    }
}
