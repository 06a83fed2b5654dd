//! The sweep: of the spells of a group with spare units, shows those times in which too many are down at once.
//!
//! When such a time begins, the failures that are present are shown, as if they happened then; while it lasts every up and
//! down is shown; when it ends, what is still present is shown as repaired. The state of the group, and who is to blame
//! while it is down, are at every instant those of the whole truth.

use ninefold_sim_core::calendar::Event;

use super::losses::{Loss, Losses};
use super::part::Part;
use super::sieve::Sieve;
use super::spell::{Spells, Tile, fails, repaired, show_whole};
use crate::system::{ModeId, Sight, System, UnitId};

/// Scratch for showing groups, kept over replications.
#[derive(Debug)]
pub(super) struct Sweep {
    sieve: Sieve,
    /// Of one group, in order of starts.
    stays: Vec<Stay>,
    /// Those that have begun and not ended, the earliest end last.
    present: Vec<Stay>,
    /// For each unit, what holds it down.
    holds: Vec<u32>,
    down: u32,
}

/// What holds units of a group down, and how long.
#[derive(Clone, Copy, Debug)]
struct Stay {
    start: i64,
    end: i64,
    who: Who,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    Mode(ModeId),
    /// The place of a loss.
    Loss(u32),
}

impl Sweep {
    pub(super) fn new(system: &System) -> Self {
        Self {
            sieve: Sieve::default(),
            stays: Vec::new(),
            present: Vec::new(),
            holds: vec![0; system.units.replicas],
            down: 0,
        }
    }

    /// Shows what can be seen of the spells of a part.
    pub(super) fn show(
        &mut self,
        system: &System,
        part: &Part,
        (spells, tile): (&Spells, Tile),
        losses: &Losses,
        events: &mut Vec<Event>,
    ) {
        let sights = &system.paths.sights[part.groups.start as usize..part.groups.end as usize];
        if sights.iter().all(|sight| matches!(sight, Sight::Every(_))) {
            return spells.iter_from(0).for_each(|spell| show_whole(spell, tile, events));
        }
        let mut sieve = std::mem::take(&mut self.sieve);
        sieve.begin(spells, part.mean_spell, sights.iter().map(too_many), tile);
        for (row, group) in (0..).zip(part.groups.clone()) {
            losses.of(group, tile).for_each(|loss| sieve.add(row, (loss.start, loss.end), loss.units.len()));
        }
        sieve.pass();
        let mut rest = sieve.passed();
        while let [first, ..] = rest {
            let row = spells.get(*first as u32).2.row();
            let of_group;
            (of_group, rest) = rest.split_at(rest.partition_point(|key| *key < sieve.keys_after(row)));
            let Sight::Down(least) = sights[row as usize] else {
                of_group.iter().for_each(|key| show_whole(spells.get(*key as u32), tile, events));
                continue;
            };
            let losses: Vec<Loss<'_>> = losses.of(part.groups.start + row, tile).collect();
            self.line_up((spells, of_group), &losses);
            let held = if part.is_of_one_mode() && losses.is_empty() { Held::Apart } else { Held::By(system, &losses) };
            self.show_group(held, (least, tile), events);
        }
        self.sieve = sieve;
    }

    /// Puts what holds down units of a group in order of starts.
    fn line_up(&mut self, (spells, passed): (&Spells, &[u64]), losses: &[Loss<'_>]) {
        self.stays.clear();
        for key in passed {
            let (start, end, member) = spells.get(*key as u32);
            let stay = Stay { start, end, who: Who::Mode(member.mode()) };
            // Only those of one bin are not in order yet.
            let mut at = self.stays.len();
            self.stays.push(stay);
            while at > 0 && self.stays[at - 1].start > stay.start {
                self.stays[at] = self.stays[at - 1];
                at -= 1;
            }
            self.stays[at] = stay;
        }
        if !losses.is_empty() {
            let stay =
                |(place, loss): (u32, &Loss<'_>)| Stay { start: loss.start, end: loss.end, who: Who::Loss(place) };
            self.stays.extend((0..).zip(losses).map(stay));
            self.stays.sort_unstable_by_key(|stay| stay.start);
        }
    }

    /// Goes through the instants at which anything begins or ends.
    fn show_group(&mut self, held: Held<'_>, (least, tile): (u32, Tile), events: &mut Vec<Event>) {
        self.present.clear();
        let mut begun = self.begin_until(tile.after, 0, held);
        let mut open = self.down >= least;
        loop {
            let starts = self.stays.get(begun).map_or(i64::MAX, |stay| stay.start);
            let ends = self.present.last().map_or(i64::MAX, |stay| stay.end);
            let now = starts.min(ends);
            if now > tile.until {
                break;
            }
            while let Some(stay) = self.present.pop_if(|stay| stay.end == now) {
                self.hold(stay, false, held);
                if let (true, Who::Mode(mode)) = (open, stay.who) {
                    events.push(repaired(now, mode));
                }
            }
            let before = begun;
            begun = self.begin_until(now, begun, held);
            let opens = self.down >= least;
            if open || opens {
                self.show_instant(now, (open, opens), before..begun, events);
            }
            open = opens;
        }
        while let Some(stay) = self.present.pop() {
            self.hold(stay, false, held);
        }
    }

    /// Shows what is to be seen of an instant but for what ends, given whether too many were down before it and are after
    /// it, and what has begun.
    fn show_instant(
        &self,
        now: i64,
        (open, opens): (bool, bool),
        begun: std::ops::Range<usize>,
        events: &mut Vec<Event>,
    ) {
        let seen = if open && opens { &self.stays[begun] } else { &self.present[..] };
        for stay in seen {
            match stay.who {
                Who::Mode(mode) if opens => events.push(fails(now, mode)),
                // What begins as the time ends has never been shown.
                Who::Mode(mode) if stay.start < now => events.push(repaired(now, mode)),
                _ => {}
            }
        }
    }

    /// Lets begin what starts at `now` or before; returns how many have begun.
    fn begin_until(&mut self, now: i64, mut begun: usize, held: Held<'_>) -> usize {
        while let Some(&stay) = self.stays.get(begun).filter(|stay| stay.start <= now) {
            let mut at = self.present.len();
            self.present.push(stay);
            while at > 0 && self.present[at - 1].end < stay.end {
                self.present[at] = self.present[at - 1];
                at -= 1;
            }
            self.present[at] = stay;
            self.hold(stay, true, held);
            begun += 1;
        }
        begun
    }

    /// Something begins or ends to hold units down.
    #[inline]
    fn hold(&mut self, stay: Stay, holds: bool, held: Held<'_>) {
        match (held, stay.who) {
            (Held::Apart, _) if holds => self.down += 1,
            (Held::Apart, _) => self.down -= 1,
            (Held::By(system, _), Who::Mode(mode)) => {
                self.hold_unit(system.units.modes[mode as usize].unit, holds);
            }
            (Held::By(_, losses), Who::Loss(place)) => {
                losses[place as usize].units.iter().for_each(|&unit| self.hold_unit(unit, holds));
            }
        }
    }

    fn hold_unit(&mut self, unit: UnitId, holds: bool) {
        let count = &mut self.holds[unit as usize];
        if holds {
            self.down += u32::from(*count == 0);
            *count += 1;
        } else {
            *count -= 1;
            self.down -= u32::from(*count == 0);
        }
    }
}

/// Whom the stays of a group hold down.
#[derive(Clone, Copy, Debug)]
enum Held<'a> {
    /// Each another unit than those that are present with it.
    Apart,
    /// The units of modes and of losses, several perhaps the same.
    By(&'a System, &'a [Loss<'a>]),
}

/// How many units down are shown; 0 where all are.
const fn too_many(sight: &Sight) -> u32 {
    match sight {
        Sight::Every(_) => 0,
        Sight::Down(least) => *least,
    }
}
