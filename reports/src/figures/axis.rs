//! Scales and ticks.

use super::canvas::Pen;
use super::canvas::{Align, Canvas, Face, Point};
use super::palette::Ink;

/// A map from values to pixels, linear or logarithmic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
    log: bool,
}

impl Scale {
    pub(super) fn linear(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to, log: false }
    }

    /// Both ends of `from` must be above 0.
    pub(super) fn log(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from: (libm::log10(from.0), libm::log10(from.1)), to, log: true }
    }

    /// The pixel of a value; values outside stay at the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = if self.log { libm::log10(value.max(1e-300)) } else { value };
        let share = ((value - self.from.0) / (self.from.1 - self.from.0)).clamp(0.0, 1.0);
        let share = if share.is_nan() { 0.0 } else { share };
        self.to.0 + (self.to.1 - self.to.0) * share
    }
}

/// Round values in `0..=max`, about `wanted` of them, from 0.
pub(super) fn round_steps(max: f64, wanted: f64) -> Vec<f64> {
    if !(max > 0.0 && max.is_finite()) {
        return vec![0.0];
    }
    let raw = max / wanted;
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw).unwrap_or(power * 10.0);
    (0..).map(|i| f64::from(i) * step).take_while(|v| *v <= max * 1.000_001).collect()
}

/// The exponents of the powers of ten within `lo..=hi`, thinned to at most `most`.
pub(super) fn decades(lo: f64, hi: f64, most: usize) -> Vec<i32> {
    if !(lo > 0.0 && lo < hi && hi.is_finite()) {
        return Vec::new();
    }
    let first = libm::ceil(libm::log10(lo) - 1e-9) as i32;
    let last = libm::floor(libm::log10(hi) + 1e-9) as i32;
    let count = usize::try_from(last - first + 1).unwrap_or(0);
    let every = count.div_ceil(most.max(1)).max(1);
    (first..=last).step_by(every).collect()
}

/// Times worth a tick, in hours.
const TIMES: [(f64, &str); 22] = [
    (1.0 / 3600.0, "1 s"),
    (5.0 / 3600.0, "5 s"),
    (15.0 / 3600.0, "15 s"),
    (1.0 / 60.0, "1 min"),
    (5.0 / 60.0, "5 min"),
    (15.0 / 60.0, "15 min"),
    (1.0, "1 h"),
    (3.0, "3 h"),
    (6.0, "6 h"),
    (12.0, "12 h"),
    (24.0, "1 d"),
    (72.0, "3 d"),
    (168.0, "1 w"),
    (336.0, "2 w"),
    (720.0, "30 d"),
    (2160.0, "90 d"),
    (4380.0, "½ y"),
    (8760.0, "1 y"),
    (26_280.0, "3 y"),
    (87_600.0, "10 y"),
    (262_800.0, "30 y"),
    (876_000.0, "100 y"),
];

/// Ticks for a logarithmic axis of time between two numbers of hours.
pub(super) fn time_ticks(lo_h: f64, hi_h: f64) -> Vec<(f64, &'static str)> {
    let inside: Vec<_> = TIMES.into_iter().filter(|t| t.0 >= lo_h * 0.999 && t.0 <= hi_h * 1.001).collect();
    let every = inside.len().div_ceil(9).max(1);
    inside.into_iter().step_by(every).collect()
}

/// The plotting region of a figure: upper left and lower right corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) upper_left: Point,
    pub(super) lower_right: Point,
}

const TICK: Face = Face::new(11.5, Ink::Faint);

impl Plot {
    /// A horizontal grid line with its label.
    pub(super) fn y_tick(&self, canvas: &mut Canvas, y: f64, label: &str) {
        canvas.line(&[(self.upper_left.0, y), (self.lower_right.0, y)], Pen::solid(Ink::Grid, 1.0));
        canvas.text((self.upper_left.0 - 8.0, y), label, TICK.align(Align::Right));
    }

    /// A vertical grid line with its label.
    pub(super) fn x_tick(&self, canvas: &mut Canvas, x: f64, label: &str) {
        canvas.line(&[(x, self.upper_left.1), (x, self.lower_right.1)], Pen::solid(Ink::Grid, 1.0));
        canvas.text((x, self.lower_right.1 + 13.0), label, TICK.align(Align::Centre));
    }

    /// What the horizontal axis holds, with its unit.
    pub(super) fn x_name(&self, canvas: &mut Canvas, name: &str) {
        let x = (self.upper_left.0 + self.lower_right.0) / 2.0;
        canvas.text((x, self.lower_right.1 + 34.0), name, TICK.align(Align::Centre));
    }

    /// What the vertical axis holds, with its unit: above it, where it reads without turning the head.
    pub(super) fn y_name(&self, canvas: &mut Canvas, name: &str) {
        canvas.text((self.upper_left.0 - 48.0, self.upper_left.1 - 16.0), name, TICK);
    }
}

/// The title line and the line below it.
pub(super) fn heading(canvas: &mut Canvas, title: &str, below: &str) {
    canvas.text((24.0, 26.0), title, Face::new(16.0, Ink::Text).bold());
    canvas.text((24.0, 47.0), below, Face::new(12.0, Ink::Faint));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_cover_the_range() {
        assert_eq!(round_steps(10.0, 5.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(round_steps(0.61, 4.0), [0.0, 0.2, 0.4, 0.600_000_000_000_000_1]);
    }

    #[test]
    fn decades_are_thinned() {
        assert_eq!(decades(1e-4, 1.0, 8), [-4, -3, -2, -1, 0]);
        assert_eq!(decades(1e-12, 1.0, 5), [-12, -9, -6, -3, 0]);
        assert_eq!(decades(0.2, 0.3, 5), [0_i32; 0]);
    }

    #[test]
    fn time_ticks_stay_inside_and_few() {
        let ticks = time_ticks(1.0 / 60.0, 8760.0);
        assert!(ticks.len() <= 9 && ticks.iter().all(|t| t.0 >= 0.016 && t.0 <= 8761.0));
    }

    #[test]
    fn scales_hit_their_ends_and_clamp() {
        let scale = Scale::log((1e-4, 1.0), (400.0, 0.0));
        assert!((scale.at(1e-4) - 400.0).abs() < 1e-9 && scale.at(1.0).abs() < 1e-9);
        assert!((scale.at(0.0) - 400.0).abs() < 1e-9);
        assert!((scale.at(1e-2) - 200.0).abs() < 1e-9);
    }
}
