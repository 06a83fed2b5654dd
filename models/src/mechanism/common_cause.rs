//! Common cause: shocks that strike several units at one instant, and bursts that strike them within a window.
//!
//! Whom a shock strikes is drawn here; whether a unit that is struck was up, and how it is repaired, is the affair of
//! failure and repair, which hear of it by a fact.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{Burst, Effect, Hits, ModeId, Shock, System};

/// The shocks of one world.
#[derive(Debug)]
pub(super) struct CommonCause {
    draws: Vec<Draws>,
    /// For each mode, whether a burst under way is yet to strike it; empty where there are no bursts.
    awaited: Vec<bool>,
    /// Scratch: those that may be chosen.
    candidates: Vec<ModeId>,
}

#[derive(Debug)]
struct Draws {
    times: Stream,
    choices: Stream,
}

impl CommonCause {
    fn schedule_next(&mut self, shock: u32, at: Moment<'_>, out: &mut Out) {
        let uniform = self.draws[shock as usize].times.open01(at.replication);
        let law = &at.system.spec.shocks[shock as usize].time_to_shock;
        // No time at all would let it strike without end in one instant.
        let due = at.now.after(Tick::from_hours(law.quantile(uniform).get()).max(Tick::new(1)));
        if due <= at.system.end {
            out.schedule(due, Kind::Shock, shock);
        }
    }

    fn strike(&mut self, shock: u32, at: Moment<'_>, out: &mut Out) {
        let Self { draws, awaited, candidates } = self;
        let choices = &mut draws[shock as usize].choices;
        let Shock { struck, .. } = &at.system.shocks[shock as usize];
        let hit = |mode: ModeId, out: &mut Out| out.note(FactKind::Struck, mode);
        match &at.system.spec.shocks[shock as usize].hits {
            Hits::All => struck.iter().for_each(|&mode| hit(mode, out)),
            Hits::Each(p) => {
                for &mode in struck {
                    if choices.open01(at.replication) < *p {
                        hit(mode, out);
                    }
                }
            }
            Hits::Exactly(count) => {
                candidates.clear();
                candidates.extend_from_slice(struck);
                for place in 0..*count as usize {
                    choose(candidates, place, choices.open01(at.replication));
                    hit(candidates[place], out);
                }
            }
            Hits::Burst(burst) => {
                candidates.clear();
                candidates.extend(struck.iter().filter(|&&mode| is_up(mode, at) && !awaited[mode as usize]));
                let size = size_of(burst, choices.open01(at.replication)).min(candidates.len());
                for place in 0..size {
                    choose(candidates, place, choices.open01(at.replication));
                    let after = choices.open01(at.replication) * burst.window.get();
                    let due = at.now.after(Tick::from_hours(after));
                    if due == at.now {
                        hit(candidates[place], out);
                    } else if due <= at.system.end {
                        awaited[candidates[place] as usize] = true;
                        out.schedule(due, Kind::BurstStrikes, candidates[place]);
                    }
                }
            }
        }
    }
}

/// Puts one of the candidates from `place` on, chosen evenly, there.
fn choose(candidates: &mut [ModeId], place: usize, uniform: f64) {
    let left = candidates.len() - place;
    candidates.swap(place, place + ((uniform * left as f64) as usize).min(left - 1));
}

fn size_of(burst: &Burst, uniform: f64) -> usize {
    let mut left = uniform;
    let found = burst.sizes.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    found.or(burst.sizes.last()).map_or(0, |(size, _)| *size as usize)
}

/// Whether no failure holds a mode's unit down.
fn is_up(mode: ModeId, at: Moment<'_>) -> bool {
    let units = &at.system.units;
    let mut modes = units.units[units.modes[mode as usize].unit as usize].modes.clone();
    !modes.any(|mode| units.modes[mode as usize].effect == Effect::Down && at.board.is_active(mode))
}

impl Mechanism for CommonCause {
    const LISTENS: FactSet = FactSet::NONE;

    fn new(system: &System) -> Self {
        let draws =
            |shock: &Shock| Draws { times: Stream::new(shock.time_stream), choices: Stream::new(shock.choice_stream) };
        let bursts = system.spec.shocks.iter().any(|shock| matches!(shock.hits, Hits::Burst(_)));
        Self {
            draws: system.shocks.iter().map(draws).collect(),
            awaited: vec![false; if bursts { system.units.modes.len() } else { 0 }],
            candidates: Vec::with_capacity(system.shocks.iter().map(|shock| shock.struck.len()).max().unwrap_or(0)),
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.awaited.fill(false);
        for shock in 0..self.draws.len() {
            self.draws[shock].times.rewind();
            self.draws[shock].choices.rewind();
            self.schedule_next(shock as u32, at, out);
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        if kind == Kind::Shock {
            self.strike(entity, at, out);
            self.schedule_next(entity, at, out);
        } else {
            self.awaited[entity as usize] = false;
            out.note(FactKind::Struck, entity);
        }
    }

    fn fact(&mut self, fact: Fact, _: Moment<'_>, _: &mut Out) {
        unreachable!("bug: common cause hears nothing, got {fact:?}");
    }
}
