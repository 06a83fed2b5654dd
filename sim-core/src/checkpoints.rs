//! The fixed numbers of replications at which a run may stop, and the rule that a normal interval is fit to stop on.

/// Replications in a chunk, the unit of parallel work.
pub const CHUNK: u64 = 64;

/// Observations needed per squared unit of sample skewness before a Student interval is believed.
const COCHRAN: f64 = 25.0;

/// The checkpoints of a run: the minimum, then × 1.25, each rounded up to a whole [`CHUNK`], and last the maximum.
///
/// Stopping is decided at these and from the replications before them alone, so a run's length cannot depend on the
/// number of threads or the speed of a machine.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoints {
    next: Option<u64>,
    max: u64,
}

impl Checkpoints {
    /// Checkpoints from `min` to `max`.
    pub const fn new(min: u64, max: u64) -> Self {
        Self { next: Some(min), max }
    }
}

impl Iterator for Checkpoints {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let wanted = self.next?.next_multiple_of(CHUNK);
        if wanted >= self.max {
            self.next = None;
            return Some(self.max);
        }
        self.next = Some(wanted + wanted.div_ceil(4));
        Some(wanted)
    }
}

/// Whether `n` observations of this sample skewness are enough for the mean's Student interval to hold its confidence.
///
/// A run that stops on a short interval stops when it has been lucky: a skewed law whose large values have not been seen
/// yet looks well known. The rule `n > 25 g²` asks for more just then.
///
/// # Source
/// Cochran, *Sampling Techniques*, 3rd ed. (1977), section 2.15. Oracle: the coverage campaign.
pub fn enough_for_skewness(n: u64, skewness: f64) -> bool {
    n as f64 >= COCHRAN * skewness * skewness
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_grow_by_a_quarter_in_whole_chunks() {
        let checkpoints: Vec<u64> = Checkpoints::new(200, 1000).collect();
        assert_eq!(checkpoints, [256, 320, 448, 576, 768, 960, 1000]);
        assert_eq!(Checkpoints::new(200, 100).collect::<Vec<_>>(), [100]);
    }

    #[test]
    fn skewness_asks_for_more() {
        assert!(enough_for_skewness(100, 2.0));
        assert!(!enough_for_skewness(99, 2.0));
    }
}
