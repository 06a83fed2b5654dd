//! How the requests that an agreement speaks of ended, stretch by stretch of its windows.

use ninefold_sim_core::tick::Tick;

use crate::system::RequestPromise;

/// Requests that came within a stretch of time and have ended, or are too late by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// All of them.
    pub ended: i64,
    /// Those without an answer in time.
    pub bad: i64,
}

/// Counts a request that came at an instant and was answered, or not, after so long.
pub(super) fn count(kept: &mut Vec<Stretch>, promise: &RequestPromise, (came, took): (Tick, Tick), is_answered: bool) {
    if let Some(stretch) = promise.stretch(came) {
        kept.resize(promise.bounds.len() - 1, Stretch::default());
        kept[stretch].ended += 1;
        kept[stretch].bad += i64::from(!is_answered || took > promise.within);
    }
}

/// Those of all that came in a window.
pub(crate) fn within(kept: &[Stretch], promise: &RequestPromise, (from, to): (Tick, Tick)) -> Stretch {
    let first = promise.bounds.partition_point(|&bound| bound < from);
    let last = promise.bounds.partition_point(|&bound| bound < to);
    let mut sum = Stretch::default();
    for stretch in kept.get(first..last).into_iter().flatten() {
        sum.ended += stretch.ended;
        sum.bad += stretch.bad;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_that_overlap_share_their_requests() {
        let at = Tick::new;
        let bounds = [0, 10, 20, 30].map(at).to_vec();
        let promise = RequestPromise { agreement: 0, journey: 0, within: at(5), bounds };
        let mut kept = Vec::new();
        for (came, took, is_answered) in [(0, 5, true), (9, 6, true), (10, 1, false), (29, 1, true), (30, 9, false)] {
            count(&mut kept, &promise, (at(came), at(took)), is_answered);
        }
        let of = |from, to| within(&kept, &promise, (at(from), at(to)));
        assert_eq!(of(0, 20), Stretch { ended: 3, bad: 2 });
        assert_eq!(of(10, 30), Stretch { ended: 2, bad: 1 });
        assert_eq!(within(&[], &promise, (at(0), at(30))), Stretch::default());
    }
}
