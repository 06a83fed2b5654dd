//! The hold model on the standard library's heap: what every engine's popped order is held to.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::workload::Watch;

/// A heap of `pending` events; each call of the closure holds so many times.
pub fn hold(pending: u32) -> impl FnMut(u64) -> f64 {
    let mut watch = Watch::new();
    let mut heap: BinaryHeap<Reverse<(i64, u32)>> =
        (0..pending).map(|entity| Reverse((watch.first(), entity))).collect();
    move |times| {
        watch.left = times;
        for _ in 0..times {
            let Reverse((now, entity)) = heap.pop().expect("bug: never empty");
            heap.push(Reverse((now + watch.popped(now), entity)));
        }
        watch.digest()
    }
}
