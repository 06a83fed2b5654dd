//! What retries are paid with.
//!
//! # Source
//! First attempts: Beyer et al., *Site Reliability Engineering* (2016), chapter 21. AWS: *Retry behavior*, AWS SDKs and Tools
//! reference guide, standard mode; one token comes back for each success without a retry. gRPC: proposal A6, *gRPC Retry
//! Design*, throttling.

use crate::system::RetryBudget;

/// What a success without a retry gives back to a bucket of AWS.
const AWS_SUCCESS: f64 = 1.0;

/// A bucket of tokens; full at the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    of: Option<RetryBudget>,
    tokens: f64,
}

impl Bucket {
    pub(super) fn new(of: Option<RetryBudget>) -> Self {
        let tokens = match of {
            None => 0.0,
            Some(RetryBudget::FirstAttempts { cap, .. }) => cap,
            Some(RetryBudget::Aws { tokens, .. } | RetryBudget::Grpc { tokens, .. }) => tokens,
        };
        Self { of, tokens }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.of);
    }

    /// A first attempt is made.
    pub(super) fn earn(&mut self) {
        if let Some(RetryBudget::FirstAttempts { ratio, cap }) = self.of {
            self.tokens = (self.tokens + ratio).min(cap);
        }
    }

    /// An attempt was answered; it was tried again after one that timed out, or failed, or not at all.
    pub(super) fn succeeded(&mut self, paid: Option<Paid>) {
        match self.of {
            Some(RetryBudget::Aws { tokens, .. }) => {
                let back = paid.map_or(AWS_SUCCESS, |paid| self.cost(paid));
                self.tokens = (self.tokens + back).min(tokens);
            }
            Some(RetryBudget::Grpc { tokens, token_ratio }) => self.tokens = (self.tokens + token_ratio).min(tokens),
            Some(RetryBudget::FirstAttempts { .. }) | None => {}
        }
    }

    fn cost(&self, paid: Paid) -> f64 {
        match (self.of, paid) {
            (Some(RetryBudget::Aws { retry, .. }), Paid::AfterFailure) => retry,
            (Some(RetryBudget::Aws { timeout, .. }), Paid::AfterTimeout) => timeout,
            (Some(RetryBudget::FirstAttempts { .. }), _) => 1.0,
            (Some(RetryBudget::Grpc { .. }) | None, _) => 0.0,
        }
    }

    /// An attempt has failed.
    pub(super) fn failed(&mut self) {
        if let Some(RetryBudget::Grpc { .. }) = self.of {
            self.tokens = (self.tokens - 1.0).max(0.0);
        }
    }

    /// Pays for a retry, if it can.
    pub(super) fn pay(&mut self, what: Paid) -> bool {
        if let Some(RetryBudget::Grpc { tokens, .. }) = self.of {
            return self.tokens > tokens / 2.0;
        }
        let cost = self.cost(what);
        let pays = self.tokens >= cost || self.of.is_none();
        if pays {
            self.tokens -= cost;
        }
        pays
    }
}

/// What a retry is made after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paid {
    /// An attempt that was answered by a failure.
    AfterFailure,
    /// An attempt that was given up.
    AfterTimeout,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_of_a_tenth_pays_for_a_tenth_once_the_bucket_is_empty() {
        let mut bucket = Bucket::new(Some(RetryBudget::FirstAttempts { ratio: 0.125, cap: 4.0 }));
        assert_eq!((0..10).filter(|_| bucket.pay(Paid::AfterTimeout)).count(), 4);
        let paid = (0..800).filter(|_| {
            bucket.earn();
            bucket.pay(Paid::AfterFailure)
        });
        assert_eq!(paid.count(), 100);
        assert!(Bucket::new(None).pay(Paid::AfterTimeout));
    }

    #[test]
    fn five_hundred_tokens_pay_for_a_hundred_retries_or_fifty_after_timeouts() {
        let of = RetryBudget::Aws { tokens: 500.0, retry: 5.0, timeout: 10.0 };
        let mut bucket = Bucket::new(Some(of));
        assert_eq!((0..200).filter(|_| bucket.pay(Paid::AfterFailure)).count(), 100);
        bucket.clear();
        assert_eq!((0..200).filter(|_| bucket.pay(Paid::AfterTimeout)).count(), 50);
        // What a retry took comes back with its success; a success without one brings a token.
        bucket.succeeded(Some(Paid::AfterTimeout));
        assert!(bucket.pay(Paid::AfterTimeout) && !bucket.pay(Paid::AfterFailure));
        (0..5).for_each(|_| bucket.succeeded(None));
        assert!(bucket.pay(Paid::AfterFailure) && !bucket.pay(Paid::AfterFailure));
    }

    #[test]
    fn above_half_of_its_tokens_a_throttle_lets_retries_through() {
        let mut bucket = Bucket::new(Some(RetryBudget::Grpc { tokens: 10.0, token_ratio: 0.5 }));
        (0..4).for_each(|_| bucket.failed());
        assert!(bucket.pay(Paid::AfterFailure));
        bucket.failed();
        assert!(!bucket.pay(Paid::AfterFailure), "five of ten is not above half");
        bucket.succeeded(None);
        assert!(bucket.pay(Paid::AfterFailure));
        (0..100).for_each(|_| bucket.failed());
        (0..11).for_each(|_| bucket.succeeded(None));
        assert!(bucket.pay(Paid::AfterFailure), "it never has fewer than none");
    }
}
