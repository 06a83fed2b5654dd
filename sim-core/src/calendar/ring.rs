//! A ring of buckets for a moderate number of pending events: the intrusive calendar queue.

use super::bottom::Bottom;
use super::spread::shift_for;
use super::{Calendar, Event};

/// No slot.
const NONE: u32 = u32::MAX;

/// A ring set up so often for the steps' sake is the wrong calendar.
const REFORMS_MAX: u32 = 8;

/// It should hold at most this many; beyond, its chains leave the cache and a ladder is faster.
const EVENTS_MAX: usize = 1 << 18;

/// Fewest buckets.
const BUCKETS_MIN: usize = 16;

/// A calendar queue: a ring of buckets, each a day of a year that comes round, an event being chained into the bucket
/// of its day whatever its year. Only the bucket of the current day is sorted.
///
/// Buckets are chains through one array of next slots, so that an append is one shift and two stores. The length of a
/// day and of the year are set from the events themselves, again whenever the *steps* (buckets looked at, events
/// passed over) outgrow the events taken. Steps are counted, never timed.
///
/// # Source
/// Brown, *Communications of the ACM* 31(10) (1988), 1220–1227.
#[derive(Debug)]
pub struct RingCalendar {
    /// The current day's events and all before them.
    bottom: Bottom,
    /// The current day; [`i64::MIN`] while nothing has been asked for.
    today: i64,
    /// A day is 2 to this power of ticks.
    shift: u32,
    heads: Vec<u32>,
    slots: Vec<Slot>,
    free: u32,
    /// Events in the ring.
    chained: usize,
    len: usize,
    steps: usize,
    taken: usize,
    /// Times it was set up for the steps' sake since it was last cleared.
    reformed: u32,
    /// The most it should hold.
    limit: usize,
    moving: Vec<Event>,
}

/// An event and the next of its bucket, or of the free slots.
#[derive(Clone, Copy, Debug)]
struct Slot {
    event: Event,
    next: u32,
}

impl Default for RingCalendar {
    fn default() -> Self {
        Self {
            bottom: Bottom::default(),
            today: i64::MIN,
            shift: 32,
            heads: vec![NONE; BUCKETS_MIN],
            slots: Vec::new(),
            free: NONE,
            chained: 0,
            len: 0,
            steps: 0,
            taken: 0,
            reformed: 0,
            limit: EVENTS_MAX,
            moving: Vec::new(),
        }
    }
}

impl RingCalendar {
    /// Chains an event into the bucket of its day.
    #[inline]
    fn chain(&mut self, event: Event, day: i64) {
        let bucket = day as usize & (self.heads.len() - 1);
        let head = &mut self.heads[bucket];
        self.chained += 1;
        if let Some(slot) = self.slots.get_mut(self.free as usize) {
            let free = slot.next;
            *slot = Slot { event, next: *head };
            *head = std::mem::replace(&mut self.free, free);
        } else {
            self.slots.push(Slot { event, next: *head });
            *head = (self.slots.len() - 1) as u32;
        }
    }

    /// Takes the events of `day` out of its bucket; whether there were any.
    #[inline]
    fn take_day(&mut self, day: i64) -> bool {
        let bucket = day as usize & (self.heads.len() - 1);
        let (mut at, mut kept, mut found) = (self.heads[bucket], NONE, 0);
        while let Some(slot) = self.slots.get_mut(at as usize) {
            let Slot { event, next } = *slot;
            self.steps += 1;
            if event.time.get() >> self.shift == day {
                self.bottom.append(event);
                slot.next = std::mem::replace(&mut self.free, at);
                found += 1;
            } else {
                slot.next = std::mem::replace(&mut kept, at);
            }
            at = next;
        }
        self.heads[bucket] = kept;
        self.chained -= found;
        self.taken += found;
        found > 0
    }

    /// Brings the next day that has events to the bottom, which is empty.
    #[inline(never)]
    fn refill(&mut self) {
        if self.chained == 0 {
            self.today = i64::MIN;
            return;
        }
        let laborious = self.is_laborious();
        if self.today == i64::MIN || self.chained > 2 * self.heads.len() || laborious {
            self.reformed += u32::from(laborious);
            if self.reformed > REFORMS_MAX {
                self.limit = 0;
            }
            self.set_up();
        }
        loop {
            for _ in 0..self.heads.len() {
                self.today += 1;
                self.steps += 1;
                if self.take_day(self.today) {
                    return self.bottom.sort();
                }
            }
            let first = self.first();
            self.today = (first >> self.shift) - 1;
        }
    }

    /// Whether it holds more than it should: beyond `limit`, or anything at all if setting it up has not kept the steps
    /// down because the times are too uneven for days of one length.
    #[inline]
    pub(super) const fn is_overfull(&self) -> bool {
        self.len > self.limit
    }

    fn is_laborious(&self) -> bool {
        self.steps > 8 * self.taken + 4 * self.chained + 64
    }

    /// The earliest time in the ring.
    fn first(&mut self) -> i64 {
        let mut first = i64::MAX;
        for &head in &self.heads {
            let mut at = head;
            while let Some(slot) = self.slots.get(at as usize) {
                first = first.min(slot.event.time.get());
                at = slot.next;
                self.steps += 1;
            }
        }
        first
    }

    /// Sets the lengths of day and year from the events in the ring.
    fn set_up(&mut self) {
        let mut moving = std::mem::take(&mut self.moving);
        self.unchain(&mut moving);
        let count = moving.len().next_power_of_two().max(BUCKETS_MIN);
        self.heads.clear();
        self.heads.resize(count, NONE);
        let start = moving.iter().fold(i64::MAX, |first, event| first.min(event.time.get()));
        self.shift = shift_for(&moving, start, count / 2);
        self.today = (start >> self.shift) - 1;
        for event in moving.drain(..) {
            self.chain(event, event.time.get() >> self.shift);
        }
        self.moving = moving;
        (self.steps, self.taken) = (0, 0);
    }

    /// Empties the ring.
    fn unchain(&mut self, into: &mut Vec<Event>) {
        for &head in &self.heads {
            let mut at = head;
            while let Some(slot) = self.slots.get(at as usize) {
                into.push(slot.event);
                at = slot.next;
            }
        }
        self.heads.fill(NONE);
        self.slots.clear();
        self.free = NONE;
        self.chained = 0;
    }
}

impl Calendar for RingCalendar {
    #[inline]
    fn push(&mut self, event: Event) {
        self.len += 1;
        let day = event.time.get() >> self.shift;
        if day > self.today {
            self.chain(event, day);
        } else {
            self.bottom.push(event);
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
        self.unchain(into);
        (self.today, self.steps, self.taken, self.reformed) = (i64::MIN, 0, 0, 0);
        self.limit = EVENTS_MAX;
        self.len = 0;
    }

    fn clear(&mut self) {
        self.bottom.clear();
        self.heads.fill(NONE);
        self.slots.clear();
        (self.free, self.chained, self.len) = (NONE, 0, 0);
        (self.today, self.steps, self.taken, self.reformed) = (i64::MIN, 0, 0, 0);
        self.limit = EVENTS_MAX;
    }
}
