//! A ladder of rungs for many pending events.

use super::bottom::Bottom;
use super::rung::{Chunks, Rung};
use super::spread::shift_for;
use super::{Calendar, Event};

/// A bucket of at most this many events is sorted; a fuller one becomes a rung of its own.
const SORT_MAX: usize = 48;

/// Most buckets of a rung: their first cache lines stay in the second-level cache.
const BUCKETS_MAX: usize = 1024;

/// Rungs that time of 64 bits can be divided into, at four bits or more each.
const RUNGS_MAX: usize = 16;

/// Three tiers: far events lie unordered in the *top*, nearer ones in the buckets of *rungs*, those about to happen
/// sorted in the *bottom*. Nothing is compared before it comes to the bottom.
///
/// A rung covers the nearer three quarters of the top, or one bucket of the rung above; so it adapts to any law of the
/// times by looking at them alone, and an event moves down at most `RUNGS_MAX` times.
///
/// # Source
/// Tang, Goh, Thng, *ACM TOMACS* 15(3) (2005), 175–204. Bucket widths are powers of two here.
#[derive(Debug)]
pub struct LadderCalendar {
    bottom: Bottom,
    /// The last tick of what goes to the bottom.
    bottom_last: i64,
    /// Those in use, from the widest.
    rungs: Vec<Rung>,
    depth: usize,
    /// The last tick of what goes to the rungs.
    rungs_last: i64,
    chunks: Chunks,
    top: Vec<Event>,
    /// Events on their way into a rung.
    moving: Vec<Event>,
    len: usize,
}

impl Default for LadderCalendar {
    fn default() -> Self {
        Self {
            bottom: Bottom::default(),
            bottom_last: i64::MIN,
            rungs: Vec::new(),
            depth: 0,
            rungs_last: i64::MIN,
            chunks: Chunks::default(),
            top: Vec::new(),
            moving: Vec::new(),
            len: 0,
        }
    }
}

impl LadderCalendar {
    #[inline]
    fn push_rung(&mut self, event: Event) {
        let time = event.time.get();
        for rung in self.rungs[..self.depth].iter_mut().rev() {
            if let Some(bucket) = rung.bucket(time) {
                return self.chunks.append(bucket, event);
            }
        }
        unreachable!("bug: the first rung ends where the top begins");
    }

    /// Brings the next bucket to the bottom, which is empty.
    #[inline(never)]
    fn refill(&mut self) {
        while self.depth > 0 || !self.top.is_empty() {
            let Some(lowest) = self.depth.checked_sub(1) else {
                if self.top.len() <= SORT_MAX {
                    return self.sort_top();
                }
                self.lower_top();
                continue;
            };
            let rung = &mut self.rungs[lowest];
            let Some((index, bucket)) = rung.next() else {
                self.depth = lowest;
                continue;
            };
            if bucket.count as usize <= SORT_MAX || rung.shift() == 0 || self.depth == RUNGS_MAX {
                self.chunks.empty(bucket, |events| self.bottom.extend(events));
                self.bottom_last = rung.last_of(index);
                return self.bottom.sort();
            }
            self.chunks.empty(bucket, |events| self.moving.extend_from_slice(events));
            let bits = buckets_for(self.moving.len()).ilog2().min(rung.shift());
            let (start, shift) = (rung.start_of(index), rung.shift() - bits);
            self.lower(start, shift, 1 << bits);
        }
    }

    /// Sorts the top, which is short.
    fn sort_top(&mut self) {
        self.bottom.extend(&self.top);
        self.bottom.sort();
        self.bottom_last = self.top.iter().fold(i64::MIN, |last, event| last.max(event.time.get()));
        self.rungs_last = self.bottom_last;
        self.top.clear();
    }

    /// Makes the nearer part of the top the first rung.
    fn lower_top(&mut self) {
        let count = buckets_for(self.top.len());
        let start = self.top.iter().fold(i64::MAX, |first, event| first.min(event.time.get()));
        let shift = shift_for(&self.top, start, count);
        let last = Rung::last_of_all(start, shift, count);
        let moving = &mut self.moving;
        self.top.retain(|&event| {
            let far = event.time.get() > last;
            if !far {
                moving.push(event);
            }
            far
        });
        self.rungs_last = last;
        self.lower(start, shift, count);
    }

    /// Puts the moving events into a new lowest rung.
    fn lower(&mut self, start: i64, shift: u32, count: usize) {
        if self.depth == self.rungs.len() {
            self.rungs.push(Rung::default());
        }
        let rung = &mut self.rungs[self.depth];
        rung.begin(start, shift, count);
        for event in self.moving.drain(..) {
            let bucket = rung.bucket(event.time.get()).expect("bug: a rung holds what it is made for");
            self.chunks.append(bucket, event);
        }
        self.depth += 1;
    }
}

/// Buckets for so many events.
fn buckets_for(events: usize) -> usize {
    (events / 2).next_power_of_two().clamp(16, BUCKETS_MAX)
}

impl Calendar for LadderCalendar {
    #[inline]
    fn push(&mut self, event: Event) {
        self.len += 1;
        let time = event.time.get();
        if time > self.rungs_last {
            self.top.push(event);
        } else if time <= self.bottom_last {
            self.bottom.push(event);
        } else {
            self.push_rung(event);
        }
    }

    #[inline]
    fn peek(&mut self) -> Option<Event> {
        if self.bottom.is_empty() {
            self.refill();
        }
        self.bottom.peek()
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        if self.bottom.is_empty() {
            self.refill();
        }
        let next = self.bottom.pop();
        self.len -= usize::from(next.is_some());
        next
    }

    #[inline]
    fn len(&self) -> usize {
        self.len
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        self.bottom.drain(into);
        into.append(&mut self.top);
        for rung in &mut self.rungs[..self.depth] {
            rung.drain().for_each(|bucket| self.chunks.empty(bucket, |events| into.extend_from_slice(events)));
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.bottom.clear();
        self.chunks.clear();
        self.top.clear();
        (self.bottom_last, self.rungs_last, self.depth, self.len) = (i64::MIN, i64::MIN, 0, 0);
    }
}
