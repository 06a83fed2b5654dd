//! Buckets of equal width over a stretch of time; what is in one is not ordered.

use super::Event;

/// Events that lie together in memory: 64 bytes, one cache line.
const CHUNK: usize = 4;

/// No chunk.
const NONE: u32 = u32::MAX;

/// An unordered bag of events: a chain of chunks of which only the first is not full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    head: u32,
    pub(super) count: u32,
}

impl Bucket {
    const EMPTY: Self = Self { head: NONE, count: 0 };
}

/// The memory of all buckets.
#[derive(Debug)]
pub(super) struct Chunks {
    events: Vec<[Event; CHUNK]>,
    next: Vec<u32>,
    free: u32,
}

impl Default for Chunks {
    fn default() -> Self {
        Self { events: Vec::new(), next: Vec::new(), free: NONE }
    }
}

impl Chunks {
    /// Adds an event to a bucket.
    #[inline]
    pub(super) fn append(&mut self, bucket: &mut Bucket, event: Event) {
        let place = bucket.count as usize % CHUNK;
        if place == 0 {
            bucket.head = self.take(bucket.head, event);
        } else {
            self.events[bucket.head as usize][place] = event;
        }
        bucket.count += 1;
    }

    /// A chunk that begins with `event`, chained before `next`.
    #[inline]
    fn take(&mut self, next: u32, event: Event) -> u32 {
        let taken = self.free;
        if let Some(chunk) = self.events.get_mut(taken as usize) {
            chunk[0] = event;
            self.free = std::mem::replace(&mut self.next[taken as usize], next);
            return taken;
        }
        self.events.push([event; CHUNK]);
        self.next.push(next);
        (self.events.len() - 1) as u32
    }

    /// Hands the events of a bucket that was taken to `each`, some at a time, and takes its chunks back.
    #[inline]
    pub(super) fn empty(&mut self, Bucket { head, count }: Bucket, mut each: impl FnMut(&[Event])) {
        if count == 0 {
            return;
        }
        let (mut at, mut left) = (head as usize, (count as usize - 1) / CHUNK);
        each(&self.events[at][..(count as usize - 1) % CHUNK + 1]);
        while left > 0 {
            at = self.next[at] as usize;
            each(&self.events[at]);
            left -= 1;
        }
        self.next[at] = std::mem::replace(&mut self.free, head);
    }

    /// Takes back every chunk at once.
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.next.clear();
        self.free = NONE;
    }
}

/// A stretch of time from `start` in buckets of 2^`shift` ticks.
#[derive(Debug, Default)]
pub(super) struct Rung {
    start: i64,
    shift: u32,
    /// The next bucket to be emptied; those before it are empty for good.
    cursor: usize,
    buckets: Vec<Bucket>,
}

impl Rung {
    /// Begins anew with `count` empty buckets.
    pub(super) fn begin(&mut self, start: i64, shift: u32, count: usize) {
        (self.start, self.shift, self.cursor) = (start, shift, 0);
        self.buckets.clear();
        self.buckets.resize(count, Bucket::EMPTY);
    }

    /// The width of a bucket is 2 to this power.
    pub(super) const fn shift(&self) -> u32 {
        self.shift
    }

    /// The first tick of bucket number `index`.
    #[inline]
    pub(super) const fn start_of(&self, index: usize) -> i64 {
        self.start.wrapping_add(((index as u64) << self.shift) as i64)
    }

    /// The last tick of bucket number `index`.
    #[inline]
    pub(super) fn last_of(&self, index: usize) -> i64 {
        Self::last_of_all(self.start, self.shift, index + 1)
    }

    /// The last tick of `count` buckets from `start`.
    #[inline]
    pub(super) fn last_of_all(start: i64, shift: u32, count: usize) -> i64 {
        let ticks = ((count as u128) << shift) - 1;
        start.saturating_add_unsigned(u64::try_from(ticks).unwrap_or(u64::MAX))
    }

    /// The bucket of a time that is not before `start`, unless it is past the stretch.
    #[inline]
    pub(super) fn bucket(&mut self, time: i64) -> Option<&mut Bucket> {
        let index = (time.wrapping_sub(self.start) as u64) >> self.shift;
        self.buckets.get_mut(index as usize)
    }

    /// Takes the next bucket that is not empty, with its number.
    #[inline]
    pub(super) fn next(&mut self) -> Option<(usize, Bucket)> {
        let found = self.buckets[self.cursor..].iter().position(|bucket| bucket.count > 0)?;
        let index = self.cursor + found;
        self.cursor = index + 1;
        Some((index, std::mem::replace(&mut self.buckets[index], Bucket::EMPTY)))
    }

    /// Takes every bucket that is left.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Bucket> {
        self.buckets.drain(self.cursor..).filter(|bucket| bucket.count > 0)
    }
}
