//! Loess on equal steps: at each place a constant or a line through the nearest values, weighted by distance (tricube).
//!
//! Source: Cleveland, Cleveland, McRae and Terpenning, *J. Official Statistics* 6 (1990), section 2; the jumps between the
//! places that are worked out, and what happens at the ends, are those of the authors' program `stl`.

/// How values are smoothed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loess {
    /// Values that have a weight; odd, at least 3.
    pub(super) window: usize,
    /// A line in the window, and not a constant.
    pub(super) line: bool,
    /// Every so many places is worked out, at least 1; those between lie on a line.
    pub(super) jump: usize,
}

impl Loess {
    /// Smoothed values, as many as given.
    pub(super) fn smooth(self, values: &[f64]) -> Vec<f64> {
        let n = values.len();
        if n < 2 {
            return values.to_vec();
        }
        let jump = self.jump.min(n - 1);
        let mut places: Vec<usize> = (0..n).step_by(jump).collect();
        if places.last() != Some(&(n - 1)) {
            places.push(n - 1);
        }
        let mut smooth = vec![0.0; n];
        let mut before = None;
        for &at in &places {
            smooth[at] = self.at(values, at as f64, self.neighbours(n, at)).unwrap_or(values[at]);
            if let Some(from) = before {
                let rise = (smooth[at] - smooth[from]) / (at - from) as f64;
                for between in from + 1..at {
                    smooth[between] = smooth[from] + rise * (between - from) as f64;
                }
            }
            before = Some(at);
        }
        smooth
    }

    /// The window of a place, moved inwards at the ends.
    fn neighbours(self, n: usize, at: usize) -> (usize, usize) {
        if self.window >= n {
            return (0, n - 1);
        }
        let first = at.saturating_sub(self.window / 2).min(n - self.window);
        (first, first + self.window - 1)
    }

    /// The value at `at`, which may lie outside, from the values at `first..=last`; nothing where none has weight.
    pub(super) fn at(self, values: &[f64], at: f64, (first, last): (usize, usize)) -> Option<f64> {
        let n = values.len();
        let mut reach = (at - first as f64).max(last as f64 - at);
        if self.window > n {
            reach += ((self.window - n) / 2) as f64;
        }
        let weight = |place: usize| {
            let far = (place as f64 - at).abs();
            if far > 0.999 * reach {
                return 0.0;
            }
            let share = if far <= 0.001 * reach { 0.0 } else { far / reach };
            let rest = 1.0 - share * share * share;
            rest * rest * rest
        };
        let weights: Vec<f64> = (first..=last).map(weight).collect();
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mean = |of: &dyn Fn(usize) -> f64| {
            weights.iter().enumerate().map(|(i, weight)| weight * of(first + i)).sum::<f64>() / total
        };
        let level = mean(&|place| values[place]);
        if !self.line || reach <= 0.0 {
            return Some(level);
        }
        let centre = mean(&|place| place as f64);
        let spread = mean(&|place| (place as f64 - centre) * (place as f64 - centre));
        if spread.sqrt() <= 0.001 * (n - 1) as f64 {
            return Some(level);
        }
        Some(level + (at - centre) / spread * mean(&|place| (place as f64 - centre) * values[place]))
    }
}
