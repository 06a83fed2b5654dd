//! How widely pending events lie in time, judged by a few of them.

use super::Event;

/// Events looked at.
const SAMPLE: usize = 64;

/// The least power of two of ticks such that `count` buckets from `start` on take at least three quarters of the
/// events, as far as every n-th of them tells. None is before `start`.
pub(super) fn shift_for(events: &[Event], start: i64, count: usize) -> u32 {
    let mut times = [0u64; SAMPLE];
    let step = events.len().div_ceil(SAMPLE).max(1);
    let mut seen = 0;
    for (time, event) in times.iter_mut().zip(events.iter().step_by(step)) {
        *time = event.time.get().wrapping_sub(start) as u64;
        seen += 1;
    }
    let times = &mut times[..seen];
    times.sort_unstable();
    let reach = times.get(seen * 3 / 4).copied().unwrap_or(0);
    (u64::BITS - reach.leading_zeros()).saturating_sub(count.ilog2())
}
