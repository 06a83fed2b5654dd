//! The sweep: of the spells of a group with spare units, shows those times in which too many are down at once.
//!
//! When such a time begins, the failures that are present are shown, as if they happened then; while it lasts every up and
//! down is shown; when it ends, what is still present is shown as repaired. The state of the group, and who is to blame
//! while it is down, are at every instant those of the whole truth.

use ninefold_sim_core::calendar::Event;

use super::part::Part;
use super::sieve::Sieve;
use super::spell::{Spell, Tile, show_all};
use crate::system::{Sight, System, UnitId};

/// The times in which domains are down, and whom they take with them.
#[derive(Debug)]
pub(super) struct Losses {
    /// For each domain, its spells.
    spells: Vec<Vec<(i64, i64)>>,
    /// For each group, the domains that can fail and the group's units inside.
    inside: Vec<Vec<(usize, Vec<UnitId>)>>,
}

impl Losses {
    pub(super) fn new(system: &System) -> Self {
        let domains = system.units.units.len() - system.units.replicas;
        let fails = |domain: &UnitId| !system.units.units[*domain as usize].modes.is_empty();
        let mut inside = vec![Vec::new(); system.groups.len()];
        for (group, inside) in system.groups.iter().zip(&mut inside) {
            for &unit in &group.units {
                for domain in system.units.ancestors[unit as usize].iter().filter(|domain| fails(domain)) {
                    let domain = *domain as usize - system.units.replicas;
                    match inside.iter_mut().find(|(other, _): &&mut (usize, Vec<UnitId>)| *other == domain) {
                        Some((_, units)) => units.push(unit),
                        None => inside.push((domain, vec![unit])),
                    }
                }
            }
        }
        Self { spells: vec![Vec::new(); domains], inside }
    }

    pub(super) fn clear(&mut self) {
        self.spells.iter_mut().for_each(Vec::clear);
    }

    pub(super) fn forget_before(&mut self, after: i64) {
        self.spells.iter_mut().for_each(|spells| spells.retain(|&(_, end)| end > after));
    }

    /// Adds spells of domains, each once.
    pub(super) fn add(&mut self, system: &System, spells: &[Spell]) {
        for spell in spells {
            let unit = system.units.modes[spell.mode as usize].unit as usize;
            self.spells[unit - system.units.replicas].push((spell.start, spell.end));
        }
    }

    /// The losses of `group` that touch a tile.
    fn of(&self, group: u32, tile: Tile) -> impl Iterator<Item = Loss<'_>> {
        self.inside[group as usize].iter().flat_map(move |(domain, units)| {
            let within = self.spells[*domain].iter().filter(move |&&(start, _)| start <= tile.until);
            within.map(|&(start, end)| Loss { start, end, units })
        })
    }
}

/// A time in which a domain is down, with the units of a group that are inside.
#[derive(Clone, Copy, Debug)]
struct Loss<'a> {
    start: i64,
    end: i64,
    units: &'a [UnitId],
}

/// Who begins or ends at a mark.
#[derive(Clone, Copy, Debug)]
enum Who {
    Spell(u32),
    Loss(u32),
}

/// A change in a group's units.
#[derive(Clone, Copy, Debug)]
struct Mark {
    time: i64,
    starts: bool,
    who: Who,
}

/// Scratch for showing groups, kept over replications.
#[derive(Debug)]
pub(super) struct Sweep {
    sieve: Sieve,
    sorted: Vec<Spell>,
    offsets: Vec<usize>,
    /// For each mode of a replica, its unit and its group.
    place_of: Vec<(UnitId, u32)>,
    marks: Vec<Mark>,
    /// Spells that are present, as places.
    present: Vec<u32>,
    /// For each unit, what holds it down.
    holds: Vec<u32>,
    down: u32,
}

impl Sweep {
    pub(super) fn new(system: &System) -> Self {
        let replica_modes = system.units.modes.iter().filter(|mode| !system.units.is_domain(mode.unit));
        Self {
            sieve: Sieve::default(),
            sorted: Vec::new(),
            offsets: Vec::new(),
            place_of: replica_modes.map(|mode| (mode.unit, system.group_of[mode.unit as usize])).collect(),
            marks: Vec::new(),
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
        (spells, tile): (&mut Vec<Spell>, Tile),
        losses: &Losses,
        events: &mut Vec<Event>,
    ) {
        let sights = &system.paths.sights[part.groups.start as usize..part.groups.end as usize];
        if sights.iter().all(|sight| matches!(sight, Sight::Every(_))) {
            return show_all(spells, tile, events);
        }
        if part.groups.len() == 1 {
            return self.show_group(system, (part.groups.start, part.mean_spell), (spells, tile), losses, events);
        }
        self.by_group(part, spells);
        let (mut sorted, offsets) = (std::mem::take(&mut self.sorted), std::mem::take(&mut self.offsets));
        for (i, group) in part.groups.clone().enumerate() {
            let of_group = &mut sorted[offsets[i]..offsets[i + 1]];
            if of_group.is_empty() {
                continue;
            }
            self.show_group(system, (group, part.mean_spell), (of_group, tile), losses, events);
        }
        std::mem::swap(spells, &mut sorted);
        (self.sorted, self.offsets) = (sorted, offsets);
    }

    /// Puts the spells of a part in order of their groups.
    fn by_group(&mut self, part: &Part, spells: &[Spell]) {
        let (first, place_of) = (part.groups.start, &self.place_of);
        let group = |spell: &Spell| (place_of[spell.mode as usize].1 - first) as usize;
        self.offsets.clear();
        self.offsets.resize(part.groups.len() + 2, 0);
        spells.iter().for_each(|spell| self.offsets[group(spell) + 2] += 1);
        (2..self.offsets.len()).for_each(|i| self.offsets[i] += self.offsets[i - 1]);
        self.sorted.clear();
        self.sorted.extend_from_slice(spells);
        for spell in spells {
            let place = &mut self.offsets[group(spell) + 1];
            self.sorted[*place] = *spell;
            *place += 1;
        }
    }

    fn show_group(
        &mut self,
        system: &System,
        (group, mean): (u32, i64),
        (spells, tile): (&mut [Spell], Tile),
        losses: &Losses,
        events: &mut Vec<Event>,
    ) {
        let Sight::Down(least) = system.paths.sights[group as usize] else {
            return show_all(spells, tile, events);
        };
        let losses: Vec<Loss<'_>> = losses.of(group, tile).collect();
        self.mark((spells, mean), tile, &losses, least);
        self.marks.sort_unstable_by_key(|mark| mark.time);
        let marks = std::mem::take(&mut self.marks);
        self.present.clear();
        let mut open = false;
        for instant in marks.chunk_by(|a, b| a.time == b.time) {
            for mark in instant {
                self.happens(mark, spells, &losses);
            }
            let opens = self.down >= least;
            self.show_instant(instant, (open, opens), spells, events);
            open = opens;
        }
        for mark in &marks {
            self.forget(mark, spells, &losses);
        }
        self.marks = marks;
    }

    /// Marks what passes the sieve.
    fn mark(&mut self, (spells, mean): (&[Spell], i64), tile: Tile, losses: &[Loss<'_>], least: u32) {
        let at_most = |count: usize| count.min(usize::from(u8::MAX)) as u8;
        let least = at_most(least as usize);
        self.sieve.begin((spells.len(), mean), tile);
        for spell in spells.iter().filter(|spell| spell.start <= tile.until) {
            self.sieve.add(spell.start, spell.end, 1);
        }
        for loss in losses {
            self.sieve.add(loss.start, loss.end, at_most(loss.units.len()));
        }
        self.marks.clear();
        for (place, spell) in spells.iter().enumerate().filter(|(_, spell)| spell.start <= tile.until) {
            if self.sieve.passes(spell.start, spell.end, least) {
                self.mark_within(tile, (spell.start, spell.end), Who::Spell(place as u32));
            }
        }
        for (place, loss) in losses.iter().enumerate() {
            self.mark_within(tile, (loss.start, loss.end), Who::Loss(place as u32));
        }
    }

    fn mark_within(&mut self, tile: Tile, (start, end): (i64, i64), who: Who) {
        self.marks.push(Mark { time: start.max(tile.after), starts: true, who });
        if end <= tile.until {
            self.marks.push(Mark { time: end, starts: false, who });
        }
    }

    /// Counts who is down after a mark.
    fn happens(&mut self, mark: &Mark, spells: &[Spell], losses: &[Loss<'_>]) {
        match mark.who {
            Who::Spell(place) => {
                self.hold(self.unit_of(&spells[place as usize]), mark.starts);
                if mark.starts {
                    self.present.push(place);
                } else {
                    let at = self.present.iter().position(|&other| other == place).expect("bug: it began");
                    self.present.swap_remove(at);
                }
            }
            Who::Loss(place) => losses[place as usize].units.iter().for_each(|&unit| self.hold(unit, mark.starts)),
        }
    }

    /// Something begins or ends to hold a unit down.
    fn hold(&mut self, unit: UnitId, holds: bool) {
        let count = &mut self.holds[unit as usize];
        if holds {
            self.down += u32::from(*count == 0);
            *count += 1;
        } else {
            *count -= 1;
            self.down -= u32::from(*count == 0);
        }
    }

    /// Shows what is to be seen of an instant, given whether too many were down before it and are after it.
    fn show_instant(
        &self,
        instant: &[Mark],
        (open, opens): (bool, bool),
        spells: &mut [Spell],
        events: &mut Vec<Event>,
    ) {
        let time = instant[0].time;
        for mark in instant {
            let Who::Spell(place) = mark.who else { continue };
            let spell = &mut spells[place as usize];
            if mark.starts {
                spell.begins_to_show(open && opens, time, events);
            } else {
                spell.ceases_to_show(time, events);
            }
        }
        if open != opens {
            for &place in &self.present {
                let spell = &mut spells[place as usize];
                if opens { spell.begins_to_show(true, time, events) } else { spell.ceases_to_show(time, events) }
            }
        }
    }

    /// Nothing holds anybody any more.
    fn forget(&mut self, mark: &Mark, spells: &[Spell], losses: &[Loss<'_>]) {
        match mark.who {
            Who::Spell(place) => {
                let unit = self.unit_of(&spells[place as usize]);
                self.holds[unit as usize] = 0;
            }
            Who::Loss(place) => losses[place as usize].units.iter().for_each(|&unit| self.holds[unit as usize] = 0),
        }
        self.down = 0;
    }

    fn unit_of(&self, spell: &Spell) -> UnitId {
        self.place_of[spell.mode as usize].0
    }
}
