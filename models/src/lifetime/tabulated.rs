//! A tabulated inverse of a distribution that has no closed one: polynomials between exact quantiles.
//!
//! A quantile is looked up by the smaller tail `m = min(p, 1 - p)`, at each end by itself. The octaves of `m` from 2⁻¹⁷
//! to 1/2 are cut into four cells each, and a cell into segments of the same polynomial degree, halved until a segment
//! is within [`TOLERANCE`] of the exact root at the places where its error is largest. What does not get there (at a
//! jump or a kink, after [`HALVINGS_MAX`] halvings or [`SEGMENTS_MAX`] segments) and the tails below 2⁻¹⁷ are solved
//! exactly at each draw.
//!
//! **Error**: relative, of the duration (for a PERT law of its distance from the nearer end in probability), at most
//! 1e-9. **Monotone**: a segment's values are held between the exact quantiles at its ends, and its slope is checked;
//! inside a segment neighbours may fall by the rounding of one evaluation, a few units in the last place.
//! **Memory**: 13 KiB for a smooth law, at most 41, shared by its clones, made at the first draw from some 1300 exact roots.
//!
//! # Source
//! Interpolation at Chebyshev nodes: Trefethen, *Approximation Theory and Approximation Practice* (2013), ch. 2–8.
//! Cells by the bits of the argument: Hörmann & Leydold, *ACM TOMACS* 13 (2003), there by a guide table.

use std::sync::{Arc, OnceLock};

use ninefold_sim_core::special::exp::exp;

/// Relative error at which a segment is taken; the stated one leaves room between the places that are looked at.
const TOLERANCE: f64 = 1e-10;
/// How often a cell may be halved.
const HALVINGS_MAX: u32 = 12;
/// Segments at one end; what would need more is solved exactly.
const SEGMENTS_MAX: usize = 192;
/// Coefficients of a segment.
const TERMS: usize = 8;
/// The upper bits of a float that number its cell: sign, exponent and two of the fraction.
const CELL_SHIFT: u32 = 50;
/// The least `m` in the table, 2⁻¹⁷, and the end of it, 1/2, as cell numbers.
const FIRST_CELL: u64 = (1023 - 17) << 2;
const END_CELL: u64 = (1023 - 1) << 2;
const CELLS: usize = (END_CELL - FIRST_CELL) as usize;
/// Draws that are looked up before they are finished in lanes.
const BLOCK: usize = 64;

/// An end of a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Short durations: `m` is the probability of less.
    Lower,
    /// Long durations: `m` is the probability of more.
    Upper,
}

impl End {
    /// The end that `p` is nearer to, and its tail there.
    #[inline(always)]
    fn of(p: f64) -> (Self, f64) {
        if p < 0.5 { (Self::Lower, p) } else { (Self::Upper, 1.0 - p) }
    }
}

/// A law whose quantile is found by solving.
pub(super) trait Solved {
    /// The exact root where the tail at `end` is `m`, in the law's own unit; not negative, at the lower end rising with
    /// `m`.
    fn solve(&self, end: End, m: f64) -> f64;

    /// From the law's own unit to hours.
    fn hours(&self, root: f64, end: End) -> f64;

    /// Whether the logarithm of the root is tabulated: for laws that rise from 0 like a high power.
    fn logarithmic(&self) -> bool {
        false
    }

    /// Where the table is kept.
    fn table(&self) -> &Tabulated;

    /// The exact quantile.
    fn solved_hours(&self, p: f64) -> f64 {
        let (end, m) = End::of(p);
        self.hours(self.solve(end, m), end)
    }

    /// The tabulated quantile.
    #[inline(always)]
    fn tabulated_hours(&self, p: f64) -> f64 {
        let mut one = [p];
        self.tabulate_block(self.table().inverse(self), &mut one);
        one[0]
    }

    /// Each probability becomes its tabulated quantile.
    #[inline(always)]
    fn tabulate_hours(&self, p_to_hours: &mut [f64]) {
        let inverse = self.table().inverse(self);
        for block in p_to_hours.chunks_mut(BLOCK) {
            self.tabulate_block(inverse, block);
        }
    }

    /// As [`tabulate_hours`](Self::tabulate_hours), for at most [`BLOCK`] of them.
    #[inline(always)]
    fn tabulate_block(&self, inverse: &Inverse, p_to_hours: &mut [f64]) {
        let mut roots = [0.0; BLOCK];
        for (p, root) in p_to_hours.iter().zip(&mut roots) {
            *root = inverse.root(*p);
        }
        if self.logarithmic() {
            for root in &mut roots[..p_to_hours.len()] {
                *root = exp(*root);
            }
        }
        let mut missing = false;
        for (p, root) in p_to_hours.iter_mut().zip(&mut roots) {
            missing |= root.is_nan();
            // What is not in the table stays a probability.
            *p = if root.is_nan() { *p } else { self.hours(*root, End::of(*p).0) };
        }
        if missing {
            for (p, _) in p_to_hours.iter_mut().zip(&roots).filter(|(_, root)| root.is_nan()) {
                *p = self.solved_hours(*p);
            }
        }
    }
}

/// The inverse of a law, made when it is first asked for and shared by clones.
#[derive(Clone, Default)]
pub(super) struct Tabulated(Arc<OnceLock<Inverse>>);

impl Tabulated {
    #[inline(always)]
    fn inverse(&self, law: &(impl Solved + ?Sized)) -> &Inverse {
        self.0.get_or_init(|| Inverse::of(law))
    }
}

#[cfg(test)]
impl Tabulated {
    /// Whether both are one.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The table follows from the parameters, which are compared beside it.
impl PartialEq for Tabulated {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Tabulated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tabulated")
    }
}

/// Both ends of a tabulated inverse.
pub(super) struct Inverse {
    lower: Side,
    upper: Side,
}

impl Inverse {
    #[cold]
    fn of(law: &(impl Solved + ?Sized)) -> Self {
        let value = |end| {
            move |m: f64| {
                let root = law.solve(end, m);
                if law.logarithmic() { libm::log(root) } else { root }
            }
        };
        let relative = !law.logarithmic();
        Self { lower: Side::of(value(End::Lower), relative), upper: Side::of(value(End::Upper), relative) }
    }

    /// The tabulated root at `p`, its logarithm for a [logarithmic](Solved::logarithmic) law; NaN where it must be
    /// solved.
    #[inline(always)]
    fn root(&self, p: f64) -> f64 {
        let (end, m) = End::of(p);
        if end == End::Lower { self.lower.root(m) } else { self.upper.root(m) }
    }
}

/// One end: segments in rising `m`, and where those of a cell begin.
struct Side {
    begins: Box<[u32; CELLS + 1]>,
    segments: Vec<Segment>,
}

/// A polynomial in `(m - middle) · per_half`, from -1 to 1, held between the values at its ends.
struct Segment {
    end: f64,
    middle: f64,
    per_half: f64,
    low: f64,
    high: f64,
    /// NaN in a segment that is solved.
    coefficients: [f64; TERMS],
}

impl Side {
    fn of(value: impl Fn(f64) -> f64, relative: bool) -> Self {
        let chebyshev = Chebyshev::new();
        let mut side = Self { begins: Box::new([0; CELLS + 1]), segments: Vec::with_capacity(CELLS) };
        let edge = |cell: usize| f64::from_bits((FIRST_CELL + cell as u64) << CELL_SHIFT);
        let mut from = (edge(0), value(edge(0)));
        for cell in 0..CELLS {
            side.begins[cell] = side.segments.len() as u32;
            let to = (edge(cell + 1), value(edge(cell + 1)));
            // The cells after this one need a segment each.
            let most = SEGMENTS_MAX - (CELLS - 1 - cell);
            side.cut(&mut Cut { value: &value, relative, chebyshev: &chebyshev, most }, [from, to], 0);
            from = to;
        }
        side.begins[CELLS] = side.segments.len() as u32;
        side
    }

    /// Appends the segments between two places.
    fn cut(&mut self, cut: &mut Cut<'_>, [from, to]: [(f64, f64); 2], halvings: u32) {
        let segment = Segment::through(cut, from, to);
        let full = self.segments.len() + 2 > cut.most || halvings == HALVINGS_MAX;
        if full || !segment.is_solved() {
            self.segments.push(segment);
            return;
        }
        let middle = 0.5 * (from.0 + to.0);
        let middle = (middle, (cut.value)(middle));
        // The second half needs its place too.
        cut.most -= 1;
        self.cut(cut, [from, middle], halvings + 1);
        cut.most += 1;
        self.cut(cut, [middle, to], halvings + 1);
    }

    #[inline(always)]
    fn root(&self, m: f64) -> f64 {
        // `m` is 1/2 only as the end of the last cell.
        let cell = (m.to_bits() >> CELL_SHIFT).min(END_CELL - 1).wrapping_sub(FIRST_CELL) as usize;
        if cell >= CELLS {
            return f64::NAN;
        }
        let (mut at, end) = (self.begins[cell] as usize, self.begins[cell + 1] as usize);
        if end - at > 1 {
            at += self.segments[at..end - 1].partition_point(|segment| segment.end <= m);
        }
        self.segments[at].root(m)
    }
}

/// What the segments of one end are made from.
struct Cut<'a> {
    value: &'a dyn Fn(f64) -> f64,
    relative: bool,
    chebyshev: &'a Chebyshev,
    most: usize,
}

impl Segment {
    /// The segment between two places and their values; [solved](Self::is_solved) if it is not within the tolerance.
    fn through(cut: &Cut<'_>, from: (f64, f64), to: (f64, f64)) -> Self {
        let (middle, half) = (0.5 * (from.0 + to.0), 0.5 * (to.0 - from.0));
        let nodes = cut.chebyshev.nodes.map(|node| (cut.value)(middle + half * node));
        let coefficients = cut.chebyshev.coefficients(nodes);
        let (low, high) = (from.1.min(to.1), from.1.max(to.1));
        let mut segment = Self { end: to.0, middle, per_half: 1.0 / half, low, high, coefficients };
        // The error of interpolation is largest at the ends and in the middle, where the Chebyshev polynomial is ±1.
        let off = |m: f64, want: f64| (segment.polynomial((m - middle) / half) - want).abs();
        let most = |want: f64| if cut.relative { TOLERANCE * want } else { TOLERANCE };
        let good = [from, to, (middle, (cut.value)(middle))].iter().all(|(m, want)| off(*m, *want) <= most(*want));
        if !(good && segment.is_monotone(to.1 - from.1)) {
            segment.coefficients = [f64::NAN; TERMS];
        }
        segment
    }

    fn is_solved(&self) -> bool {
        self.coefficients[0].is_nan()
    }

    /// Whether the polynomial goes one way, that of `rise`, at places a sixteenth apart, or is flat within rounding.
    fn is_monotone(&self, rise: f64) -> bool {
        let slack = 1e-14 * self.high.abs().max(self.low.abs());
        let values: Vec<f64> = (-16..=16).map(|i| self.polynomial(f64::from(i) / 16.0)).collect();
        values.windows(2).all(|pair| (pair[1] - pair[0]) * rise.signum() >= -slack)
    }

    #[inline(always)]
    fn root(&self, m: f64) -> f64 {
        let value = self.polynomial((m - self.middle) * self.per_half);
        // NaN passes both.
        let value = if value < self.low { self.low } else { value };
        if value > self.high { self.high } else { value }
    }

    #[inline(always)]
    fn polynomial(&self, t: f64) -> f64 {
        let [c0, c1, c2, c3, c4, c5, c6, c7] = self.coefficients;
        let square = t * t;
        let low = (c0 + c1 * t) + (c2 + c3 * t) * square;
        let high = (c4 + c5 * t) + (c6 + c7 * t) * square;
        low + high * (square * square)
    }
}

/// Interpolation at the zeros of the Chebyshev polynomial of degree [`TERMS`].
struct Chebyshev {
    nodes: [f64; TERMS],
    /// `powers[j][i]`: the coefficient of `tⁱ` in the Chebyshev polynomial of degree `j`.
    powers: [[f64; TERMS]; TERMS],
}

impl Chebyshev {
    fn new() -> Self {
        let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / TERMS as f64;
        let mut powers = [[0.0; TERMS]; TERMS];
        powers[0][0] = 1.0;
        powers[1][1] = 1.0;
        for j in 2..TERMS {
            for i in 0..TERMS {
                let raised = if i > 0 { 2.0 * powers[j - 1][i - 1] } else { 0.0 };
                powers[j][i] = raised - powers[j - 2][i];
            }
        }
        Self { nodes: std::array::from_fn(|k| libm::cos(angle(k))), powers }
    }

    /// The coefficients, from the constant term on, of the polynomial with these values at the nodes.
    fn coefficients(&self, values: [f64; TERMS]) -> [f64; TERMS] {
        let mut sum = [0.0; TERMS];
        for (j, powers) in self.powers.iter().enumerate() {
            let at = |t: f64| powers.iter().rev().fold(0.0, |sum, power| sum * t + power);
            let inner: f64 = self.nodes.iter().zip(values).map(|(node, value)| value * at(*node)).sum();
            let weight = if j == 0 { 1.0 } else { 2.0 } / TERMS as f64;
            for (sum, power) in sum.iter_mut().zip(powers) {
                *sum += weight * inner * power;
            }
        }
        sum
    }
}
