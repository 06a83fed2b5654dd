//! What retries are paid with.

use crate::system::RetryBudget;

/// A bucket of tokens; full at the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    of: Option<RetryBudget>,
    tokens: f64,
}

impl Bucket {
    pub(super) fn new(of: Option<RetryBudget>) -> Self {
        Self { of, tokens: of.map_or(0.0, |of| of.cap) }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.of);
    }

    /// A first attempt is made.
    pub(super) fn earn(&mut self) {
        if let Some(of) = self.of {
            self.tokens = (self.tokens + of.ratio).min(of.cap);
        }
    }

    /// Pays for a retry, if it can.
    pub(super) fn pay(&mut self) -> bool {
        if self.of.is_some() {
            if self.tokens < 1.0 {
                return false;
            }
            self.tokens -= 1.0;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_of_a_tenth_pays_for_a_tenth_once_the_bucket_is_empty() {
        let mut bucket = Bucket::new(Some(RetryBudget { ratio: 0.125, cap: 4.0 }));
        assert_eq!((0..10).filter(|_| bucket.pay()).count(), 4);
        let paid = (0..800).filter(|_| {
            bucket.earn();
            bucket.pay()
        });
        assert_eq!(paid.count(), 100);
        assert!(Bucket::new(None).pay());
    }
}
