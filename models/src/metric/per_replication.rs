//! Rows that are per replication: what every tracked entity did in each single replication.
//!
//! They are not tallied but handed on, chunk by chunk, so memory does not grow with their number. On the way they are
//! bytes: four numbers an entity, in order of replication and entity, seven bits a byte, the lowest first (LEB128). A
//! replication in which nothing happens takes four bytes an entity.

use ninefold_sim_core::tick::Tick;

use crate::metric::overlap;
use crate::metric::service::lost_within;
use crate::replication::Trace;
use crate::system::System;

/// What one entity did in one replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct EntityRow {
    /// Downtime within the measured time.
    pub down: Tick,
    /// Up-to-down transitions within the measured time.
    pub failures: u64,
    /// Demand of a journey not served in full quality within the measured time, in ticks of mean demand; 0 for others.
    pub lost: Tick,
    /// The first instant at which it was down, from the start of the replication.
    pub first_down: Option<Tick>,
}

impl EntityRow {
    fn of(system: &System, trace: &Trace, id: usize) -> Self {
        let outages = &trace.outages[id];
        let began = |start: Tick| start >= system.warmup && start > Tick::ZERO;
        Self {
            down: overlap(outages, system.warmup, trace.end),
            failures: outages.iter().filter(|outage| began(outage.start)).count() as u64,
            lost: match trace.losses.get(id) {
                Some(_) => lost_within((system, trace, id), (system.warmup, trace.end), |loss| loss.lost),
                None => Tick::ZERO,
            },
            first_down: outages.first().map(|outage| outage.start),
        }
    }
}

/// Appends the rows of a replication, one a tracked entity.
pub fn append(system: &System, trace: &Trace, into: &mut Vec<u8>) {
    for id in 0..system.tracked.len() {
        let row = EntityRow::of(system, trace, id);
        let first = row.first_down.map_or(0, |at| at.get() as u64 + 1);
        for number in [row.down.get() as u64, row.failures, row.lost.get() as u64, first] {
            push(number, into);
        }
    }
}

fn push(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// The next row of bytes that [`append`] made; `None` where they end or are no such bytes.
pub fn next_row(bytes: &mut impl Iterator<Item = u8>) -> Option<EntityRow> {
    let mut tick = || next_number(bytes).and_then(|ticks| i64::try_from(ticks).ok());
    let (down, failures, lost, first) = (tick()?, tick()?, tick()?, tick()?);
    let first_down = (first > 0).then(|| Tick::new(first - 1));
    Some(EntityRow { down: Tick::new(down), failures: failures as u64, lost: Tick::new(lost), first_down })
}

fn next_number(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..70).step_by(7) {
        let byte = bytes.next()?;
        let bits = u64::from(byte & 0x7f);
        number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| push(number, &mut bytes));
            let mut bytes = bytes.into_iter();
            for number in numbers {
                prop_assert_eq!(next_number(&mut bytes), Some(number));
            }
            prop_assert_eq!(bytes.next(), None);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut bytes = bytes.into_iter();
            while next_row(&mut bytes).is_some() {}
        }
    }
}
