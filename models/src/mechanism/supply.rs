//! What a repair by a crew waits for before the crew: that it is asked for, and a part. And the way of the crew.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::crew_tally::Stocked;
use crate::mechanism::failure::Failure;
use crate::mechanism::spare_parts::Stock;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{ModeId, ModeSupply, System};

/// What repairs need beside crews in one replication.
#[derive(Debug)]
pub(super) struct Supplies {
    of: Vec<Needs>,
    stocks: Vec<Stock>,
}

/// Of one mode.
#[derive(Debug)]
struct Needs {
    /// The work of its repair, while it waits for a part or has not been asked for.
    work: Tick,
    logistics: Option<Stream>,
    travel: Option<Stream>,
}

impl Supplies {
    pub(super) fn of(system: &System) -> Self {
        let stream = |law: &Option<(_, _)>| law.as_ref().map(|(_, stream)| Stream::new(*stream));
        let needs = |supply: &ModeSupply| Needs {
            work: Tick::ZERO,
            logistics: stream(&supply.logistics),
            travel: stream(&supply.travel),
        };
        Self {
            of: system.units.supplies.iter().map(needs).collect(),
            stocks: system.units.parts.iter().map(Stock::of).collect(),
        }
    }

    /// Begins a replication.
    pub(super) fn start(&mut self, system: &System) {
        for needs in &mut self.of {
            needs.logistics.iter_mut().chain(&mut needs.travel).for_each(Stream::rewind);
        }
        self.stocks.iter_mut().zip(&system.units.parts).for_each(|(stock, part)| stock.start(part));
    }

    /// What was counted of the parts until the end of the replication.
    pub(super) fn stocked(&mut self, end: Tick, warmup: Tick) -> impl Iterator<Item = Stocked> + '_ {
        self.stocks.iter_mut().map(move |stock| stock.counted(end, warmup))
    }

    /// The way of a crew to a mode's unit, drawn anew.
    pub(super) fn travel(&mut self, mode: ModeId, at: Moment<'_>) -> Tick {
        let Some(place) = supply_of(mode, at.system) else { return Tick::ZERO };
        let travel = at.system.units.supplies[place].travel.as_ref().zip(self.of[place].travel.as_mut());
        travel.map_or(Tick::ZERO, |((law, _), stream)| {
            Tick::from_hours(law.quantile(stream.open01(at.replication)).get())
        })
    }
}

/// Where it stands what a mode's repair needs.
fn supply_of(mode: ModeId, system: &System) -> Option<usize> {
    let crew = system.units.modes.get(mode as usize)?.crew?;
    crew.supply.map(|place| place as usize)
}

impl Failure {
    /// A repair that needs more than a crew begins: first it is to be asked for.
    pub(super) fn supply<P: Pending>(&mut self, (mode, work): (ModeId, Tick), at: Moment<'_>, out: &mut Out<P>) {
        let Some(place) = supply_of(mode, at.system) else { return self.call_crew((mode, work), at, out) };
        let declared = &at.system.units.supplies[place];
        let needs = &mut self.bonds().supplies.of[place];
        needs.work = work;
        let Some(((law, _), stream)) = declared.logistics.as_ref().zip(needs.logistics.as_mut()) else {
            return self.seek_part(place, at, out);
        };
        let passes = at.now.after(Tick::from_hours(law.quantile(stream.open01(at.replication)).get()));
        out.place(declared.delayed);
        if passes <= at.system.end {
            out.schedule(passes, Kind::RepairAskedFor, mode);
        }
    }

    /// It is asked for: a part is taken, or waited for.
    pub(super) fn asked_for<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let place = supply_of(mode, at.system).expect("bug: only what needs something is asked for later");
        out.lift(at.system.units.supplies[place].delayed);
        self.seek_part(place, at, out);
    }

    fn seek_part<P: Pending>(&mut self, place: usize, at: Moment<'_>, out: &mut Out<P>) {
        let ModeSupply { mode, part, no_part, .. } = at.system.units.supplies[place];
        let supplies = &mut self.bonds().supplies;
        let work = supplies.of[place].work;
        if let Some(kind) = part {
            let declared = &at.system.units.parts[kind as usize];
            if !supplies.stocks[kind as usize].ask((mode, kind), declared, at, out) {
                out.place(no_part);
                return;
            }
        }
        self.call_crew((mode, work), at, out);
    }

    /// An order of parts has come; whoever waits takes one.
    pub(super) fn parts_come<P: Pending>(&mut self, kind: u32, at: Moment<'_>, out: &mut Out<P>) {
        let declared = &at.system.units.parts[kind as usize];
        self.bonds().supplies.stocks[kind as usize].comes((declared, kind), at, out);
        while let Some(mode) = self.bonds().supplies.stocks[kind as usize].hand_out() {
            let place = supply_of(mode, at.system).expect("bug: only what needs a part waits for one");
            let work = self.bonds().supplies.of[place].work;
            out.lift(at.system.units.supplies[place].no_part);
            self.call_crew((mode, work), at, out);
        }
    }
}
