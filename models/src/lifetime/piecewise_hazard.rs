//! The law of a piecewise constant hazard: the bathtub curve.

use std::sync::Arc;

use super::range::{count, not_negative, within};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;
use ninefold_sim_core::special::gamma;
use ninefold_sim_core::special::ln::ln_one_minus;

/// Most pieces.
pub const HAZARD_PIECES_MAX: usize = 1000;
/// Largest hazard, per hour.
pub const HAZARD_MAX_PER_HOUR: f64 = 1e15;
/// Least hazard of the last piece, per hour.
pub const HAZARD_LAST_MIN_PER_HOUR: f64 = 1e-18;

/// Piecewise constant hazard: `hazard` applies from the age `from` to the next piece, the last one forever.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `from` | h | first 0, then ascending |
/// | `hazard` | 1/h | 0 to 1e15; the last at least 1e-18 |
///
/// Survival: `S(t) = exp(-H(t))`, `H` the integral of the hazard, inverted in closed form.
/// Source: Barlow & Proschan, *Mathematical Theory of Reliability* (1965), ch. 2.
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseHazard {
    pieces: Arc<[Piece]>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from_hours: f64,
    hazard_per_hour: f64,
    /// `H` at `from_hours`.
    accrued: f64,
}

impl Piece {
    /// The age at which `H` is `accrued`, inside this piece.
    #[inline(always)]
    fn age_at(&self, accrued: f64) -> f64 {
        self.from_hours + (accrued - self.accrued) / self.hazard_per_hour
    }
}

/// Pieces up to which lanes look at each; more are searched.
const SCANNED_MAX: usize = 24;
/// Draws that go through the pieces together.
const BLOCK: usize = 64;

impl PiecewiseHazard {
    pub(super) fn new(given: &[(Hours, f64)]) -> Result<Self, LawError> {
        count("piecewise_hazard.pieces", given.len(), HAZARD_PIECES_MAX)?;
        let mut pieces: Vec<Piece> = Vec::with_capacity(given.len());
        for &(from, hazard) in given {
            let from_hours = not_negative("piecewise_hazard.from", from)?;
            let hazard_per_hour = within("piecewise_hazard.hazard", hazard, 0.0, HAZARD_MAX_PER_HOUR)?;
            let accrued = match pieces.last() {
                None if from_hours > 0.0 => {
                    return Err(refuse("piecewise_hazard.from", from_hours, "0 h for the first piece"));
                }
                None => 0.0,
                Some(last) if from_hours <= last.from_hours => {
                    let allowed = format!("above the piece before, {} h", last.from_hours);
                    return Err(refuse("piecewise_hazard.from", from_hours, allowed));
                }
                Some(last) => last.accrued + last.hazard_per_hour * (from_hours - last.from_hours),
            };
            pieces.push(Piece { from_hours, hazard_per_hour, accrued });
        }
        let last = pieces.last().map_or(0.0, |piece| piece.hazard_per_hour);
        if last < HAZARD_LAST_MIN_PER_HOUR {
            let allowed = format!("at least {HAZARD_LAST_MIN_PER_HOUR:e} per hour in the last piece");
            return Err(refuse("piecewise_hazard.hazard", last, allowed));
        }
        Ok(Self { pieces: pieces.into() })
    }

    /// `H(age)`.
    fn accrued(&self, age_hours: f64) -> f64 {
        let index = self.pieces.partition_point(|piece| piece.from_hours <= age_hours);
        let piece = self.pieces[index.max(1) - 1];
        piece.accrued + piece.hazard_per_hour * (age_hours - piece.from_hours)
    }

    /// Each piece with its length, infinite for the last.
    fn lengths(&self) -> impl Iterator<Item = (&Piece, f64)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.from_hours).chain([f64::INFINITY]);
        self.pieces.iter().zip(ends).map(|(piece, end)| (piece, end - piece.from_hours))
    }

    /// The age before which nothing fails.
    fn first_risk_hours(&self) -> f64 {
        self.pieces.iter().find(|piece| piece.hazard_per_hour > 0.0).map_or(0.0, |piece| piece.from_hours)
    }

    /// `∫ S` and `∫ (t - shift) S` over the pieces from `shift` on.
    fn integrals(&self, shift: f64) -> (f64, f64) {
        let mut sums = (0.0, 0.0);
        for (piece, length) in self.lengths().filter(|(piece, _)| piece.from_hours >= shift) {
            let hazard = piece.hazard_per_hour;
            let (plain, moment) = if hazard == 0.0 {
                (length, 0.5 * length * length)
            } else {
                // ∫ e^-hx dx and ∫ x e^-hx dx over the piece.
                (-libm::expm1(-hazard * length) / hazard, gamma::lower(2.0, hazard * length) / hazard / hazard)
            };
            let survives = libm::exp(-piece.accrued);
            sums.0 += survives * plain;
            sums.1 += survives * ((piece.from_hours - shift) * plain + moment);
        }
        sums
    }
}

impl Lifetime for PiecewiseHazard {
    fn name(&self) -> &'static str {
        "piecewise_hazard"
    }
    fn parameters(&self) -> Vec<Parameter> {
        let pair = |piece: &Piece| [("from", piece.from_hours, "h"), ("hazard", piece.hazard_per_hour, "1/h")];
        self.pieces.iter().flat_map(pair).collect()
    }
    fn mean_hours(&self) -> f64 {
        let shift = self.first_risk_hours();
        shift + self.integrals(shift).0
    }
    fn variance_h2(&self) -> f64 {
        let (mean, moment) = self.integrals(self.first_risk_hours());
        (2.0 * moment - mean * mean).max(0.0)
    }
    fn survival(&self, age_hours: f64) -> f64 {
        libm::exp(-self.accrued(age_hours))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        -libm::expm1(-self.accrued(age_hours))
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        let wanted = -ln_one_minus(p);
        // The last piece that begins below `wanted` has a positive hazard, as `H` reaches `wanted` inside it.
        let index = self.pieces.partition_point(|piece| piece.accrued < wanted);
        let piece = self.pieces[index.max(1) - 1];
        piece.age_at(wanted)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        if self.pieces.len() > SCANNED_MAX {
            p_to_hours.iter_mut().for_each(|p| *p = self.quantile_hours(*p));
            return;
        }
        for block in p_to_hours.chunks_mut(BLOCK) {
            let mut found = [self.pieces[0]; BLOCK];
            for p in block.iter_mut() {
                *p = -ln_one_minus(*p);
            }
            for piece in &self.pieces[1..] {
                for (wanted, found) in block.iter().zip(&mut found) {
                    *found = if piece.accrued < *wanted { *piece } else { *found };
                }
            }
            for (wanted, found) in block.iter_mut().zip(&found) {
                *wanted = found.age_at(*wanted);
            }
        }
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let reached = self.lengths().take_while(|(piece, _)| piece.from_hours < age_hours);
        let parts = reached.map(|(piece, length)| {
            let (hazard, length) = (piece.hazard_per_hour, length.min(age_hours - piece.from_hours));
            let plain = if hazard == 0.0 { length } else { -libm::expm1(-hazard * length) / hazard };
            libm::exp(-piece.accrued) * plain
        });
        parts.sum()
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        self.accrued(age_hours)
    }
    fn accrues_within_hours(&self, age_hours: f64, more: f64) -> f64 {
        let wanted = self.accrued(age_hours) + more;
        let index = self.pieces.partition_point(|piece| piece.accrued < wanted);
        (self.pieces[index.max(1) - 1].age_at(wanted) - age_hours).max(0.0)
    }
}
