//! Data that come back from backups: the newest is restored first, and if it turns out corrupt the one before it.
//!
//! Backups are taken at the multiples of their interval. Those taken since the data went wrong hold the fault and are
//! passed over; what was restored before counts as a backup that is good.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::failure::Failure;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::replication::Restored;
use crate::system::{ModeId, System, TRIES_MAX};

/// The data of every component with backups in one replication.
#[derive(Debug)]
pub(super) struct Restores {
    /// For each, which backups are corrupt, and when what was restored last was in use again.
    data: Vec<(Stream, Option<Tick>)>,
    /// For each mode, since when it has been present and nobody knows; [`Tick::NEVER`] if it is not so. Empty without
    /// backups.
    unseen: Vec<Tick>,
    pub(super) done: Vec<Restored>,
}

impl Restores {
    pub(super) fn of(system: &System) -> Self {
        let modes = if system.backups.is_empty() { 0 } else { system.units.modes.len() };
        Self {
            data: system.backups.iter().map(|backup| (Stream::new(backup.stream), None)).collect(),
            unseen: vec![Tick::NEVER; modes],
            done: Vec::new(),
        }
    }

    /// Begins a replication.
    pub(super) fn clear(&mut self) {
        for (stream, restored) in &mut self.data {
            stream.rewind();
            *restored = None;
        }
        self.unseen.fill(Tick::NEVER);
        self.done.clear();
    }
}

impl Failure {
    /// Whether a bound mode that takes hold is one that nobody sees until a test does; it is found then.
    #[cold]
    #[inline(never)]
    pub(super) fn is_unseen<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) -> bool {
        let of = &at.system.units.modes[mode as usize];
        if !of.is_restored || of.tests.is_none() {
            return false;
        }
        self.bonds().restores.unseen[mode as usize] = at.now;
        let found = self.found(mode, at);
        if found <= at.system.end {
            out.schedule(found, Kind::Repaired, mode);
        }
        true
    }

    /// Whether what is over is only that nobody knew of a bound mode: its data come back from now on.
    #[cold]
    #[inline(never)]
    pub(super) fn comes_to_light<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) -> bool {
        if !at.system.units.modes[mode as usize].is_restored {
            return false;
        }
        let since = std::mem::replace(&mut self.bonds().restores.unseen[mode as usize], Tick::NEVER);
        if since.is_never() {
            return false;
        }
        out.place(mode);
        self.restore((mode, since), at, out);
        if !self.life[mode as usize].alone {
            let unit = self.life[mode as usize].unit;
            self.hosts[unit as usize].down_modes += 1;
            self.refresh_unit(unit, at, out);
        }
        true
    }

    /// The data of a mode's unit, wrong `since` then, come back: one backup after the other is restored, until one is good.
    pub(super) fn restore<P: Pending>(&mut self, (mode, since): (ModeId, Tick), at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        let mut backups = (0..).zip(&at.system.backups);
        let (place, backup) =
            backups.find(|(_, backup)| backup.data == of.unit).expect("bug: what is restored has backups");
        let law = &at.system.units.laws[of.repair.expect("bug: a restore has a law") as usize];
        let Self { bonds, repairs, .. } = self;
        let restores = &mut bonds.as_mut().expect("bug: a system with bound modes has bonds").restores;
        let (corrupt, restored) = &mut restores.data[place as usize];
        // What was restored after the data went wrong is wrong too.
        let good = restored.filter(|&restored| restored <= since).map(Tick::get);
        let mut back = since.get().div_euclid(backup.every.get()).saturating_mul(backup.every.get());
        let (mut takes, mut tries) = (repairs.next(mode, law, at.replication), 1);
        while tries < TRIES_MAX
            && good.is_none_or(|good| back > good)
            && corrupt.open01(at.replication) < backup.corrupt
        {
            takes = takes.after(repairs.next(mode, law, at.replication));
            (back, tries) = (back.saturating_sub(backup.every.get()), tries + 1);
        }
        let back = good.map_or(back, |good| back.max(good));
        let done = at.now.after(takes);
        *restored = Some(done);
        if done <= at.system.end {
            out.schedule(done, Kind::Repaired, mode);
        }
        let lost = Tick::new(at.now.get().saturating_sub(back).min(Tick::LAST.get()));
        restores.done.push(Restored { of: place, mode, at: at.now, lost, unseen: at.now.since(since), tries });
    }
}
