//! Retries that are yet to come: by attempt, when.

/// For each attempt after the first, what comes at each of the next steps; as differences, so that what a jitter spreads
/// over many steps is two entries.
#[derive(Debug)]
pub(super) struct Pending {
    changes: Vec<Vec<f64>>,
    rate: Vec<f64>,
    at: usize,
}

impl Pending {
    /// `longest` is the longest pause in steps.
    pub(super) fn new(attempts: u32, longest: usize) -> Self {
        let later = attempts.saturating_sub(1) as usize;
        Self { changes: vec![vec![0.0; longest + 2]; later], rate: vec![0.0; later], at: 0 }
    }

    /// The next step begins.
    pub(super) fn advance(&mut self) {
        for (changes, rate) in self.changes.iter_mut().zip(&mut self.rate) {
            let change = std::mem::take(&mut changes[self.at]);
            // What is left of a sum of differences is rounding.
            *rate = if *rate + change > 1e-12 { *rate + change } else { 0.0 };
        }
        self.at = (self.at + 1) % self.changes.first().map_or(1, Vec::len);
    }

    /// What comes of an attempt (0 is the second) at this step.
    pub(super) fn due(&self, attempt: usize) -> f64 {
        self.rate[attempt]
    }

    /// So much comes after a pause of so many steps, at least 1; spread evenly over all of them if it has jitter.
    pub(super) fn push(&mut self, attempt: usize, amount: f64, (pause, has_jitter): (usize, bool)) {
        let (at, changes) = (self.at, &mut self.changes[attempt]);
        let len = changes.len();
        let (first, parts) = if has_jitter { (0, pause) } else { (pause - 1, 1) };
        changes[(at + first) % len] += amount / parts as f64;
        changes[(at + first + parts) % len] -= amount / parts as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_once_when_it_is_due() {
        let mut pending = Pending::new(3, 8);
        pending.push(0, 4.0, (3, false));
        pending.push(1, 8.0, (8, true));
        let mut came = Vec::new();
        for _ in 0..12 {
            pending.advance();
            came.push((pending.due(0), pending.due(1)));
        }
        let second: Vec<f64> = came.iter().map(|due| due.0).collect();
        assert_eq!(second[..4], [0.0, 0.0, 4.0, 0.0]);
        assert!(came.iter().enumerate().all(|(i, due)| due.1 == if i < 8 { 1.0 } else { 0.0 }), "{came:?}");
    }
}
