//! Virtual ages: how old a mode is after repairs that do not make it as good as new; and restarts, which clear modes.

use ninefold_sim_core::tick::Tick;

use crate::board::FactKind;
use crate::mechanism::failure::Failure;
use crate::mechanism::life::{Life, at_speed};
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{Effect, Mode, ModeId, Quality, System};
use crate::units::Hours;

/// The virtual ages of all modes; empty where every repair makes as good as new.
#[derive(Debug)]
pub(super) struct VirtualAges(Vec<Age>);

#[derive(Clone, Copy, Debug)]
struct Age {
    /// The age at which its life began.
    began_at: Tick,
    /// How long that life was to be.
    life: Tick,
    /// What was left of it when it was cut short.
    left: Tick,
}

const NEW: Age = Age { began_at: Tick::ZERO, life: Tick::NEVER, left: Tick::ZERO };

impl VirtualAges {
    pub(super) fn of(system: &System) -> Self {
        let modes = &system.units.modes;
        let is_worn = modes.iter().any(|mode| mode.worn.is_some());
        Self(vec![NEW; if is_worn { modes.len() } else { 0 }])
    }

    /// Begins a replication, every mode new.
    pub(super) fn first_lives(&mut self, lives: &[Life]) {
        for (age, life) in self.0.iter_mut().zip(lives) {
            *age = Age { life: life.left, ..NEW };
        }
    }

    /// The age at which the next life begins, after a repair.
    fn leave(&mut self, mode: ModeId, quality: Quality) -> Tick {
        let age = &mut self.0[mode as usize];
        let lived = Tick::new(age.life.get() - age.left.get());
        age.began_at = match quality {
            Quality::AsBadAsOld => age.began_at.after(lived),
            Quality::KijimaI(q) => age.began_at.after(at_speed(lived, q)),
            Quality::KijimaII(q) => at_speed(age.began_at.after(lived), q),
        };
        age.began_at
    }

    fn begin(&mut self, mode: ModeId, life: Tick) {
        let age = &mut self.0[mode as usize];
        (age.life, age.left) = (life, Tick::ZERO);
    }
}

/// Whether the end of a mode's repair restarts its unit, and that clears something.
pub(super) fn restarts(system: &System, mode: &Mode) -> bool {
    let modes = system.units.units[mode.unit as usize].modes.clone();
    mode.effect == Effect::Down && modes.into_iter().any(|other| system.units.modes[other as usize].is_cleared)
}

impl Failure {
    /// A new life of a bound mode that has been repaired, and of what its repair clears.
    #[cold]
    #[inline(never)]
    pub(super) fn renew_bound<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        match of.worn {
            Some(quality) => self.live_on(mode, quality, at),
            None => self.renew(mode, at),
        }
        if of.effect == Effect::Down {
            self.restart(mode, at, out);
        }
    }

    /// The rest of the life that is left at the age a repair leaves. At age 0 it is a life as any, bit for bit.
    fn live_on(&mut self, mode: ModeId, quality: Quality, at: Moment<'_>) {
        let age = self.bonds().ages.leave(mode, quality);
        if age <= Tick::ZERO {
            self.renew(mode, at);
        } else {
            let law = &at.system.units.laws[at.system.units.modes[mode as usize].time_to_failure as usize];
            let uniform = self.failures.next_uniform(mode, at.replication);
            let left = law.remaining_quantile(Hours::new(age.hours()), uniform);
            self.life[mode as usize].left = Tick::from_hours(left.get()).max(Tick::new(1));
        }
        let life = self.life[mode as usize].left;
        self.bonds().ages.begin(mode, life);
    }

    /// A mode takes hold before its life is over.
    pub(super) fn cut_short(&mut self, mode: ModeId, at: Moment<'_>) {
        if at.system.units.modes[mode as usize].worn.is_none() {
            return;
        }
        if self.life[mode as usize].running {
            self.stop(mode, at);
        }
        let left = self.life[mode as usize].left;
        self.bonds().ages.0[mode as usize].left = left;
    }

    /// The unit of a mode comes up anew: modes that a restart clears end, and begin as good as new.
    fn restart<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let units = &at.system.units;
        for other in units.units[units.modes[mode as usize].unit as usize].modes.clone() {
            if !units.modes[other as usize].is_cleared {
                continue;
            }
            let life = &mut self.life[other as usize];
            if std::mem::take(&mut life.running) {
                out.cancel(Kind::Fails, other);
            }
            if std::mem::take(&mut life.present) {
                out.lift(other);
                if units.modes[other as usize].is_told {
                    out.note(FactKind::ModeTurned, other);
                }
            }
            self.renew(other, at);
        }
    }
}
