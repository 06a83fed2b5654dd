//! Leadership: elections of a new leader, and sides of a partition that both take writes.
//!
//! The leader is a unit with data on the side that has a quorum to write. When it is lost, or cut off from that side, the
//! able units there elect another; meanwhile the leader's seat is down. A leader that finds a quorum again before another
//! was elected goes on at once. While there is no quorum nobody is elected.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{Leadership as Declared, System, UnitId, holders};

/// The leadership of one component.
#[derive(Debug)]
struct Seat {
    stream: Option<Stream>,
    leader: Option<UnitId>,
    /// There was a quorum when it was last looked at.
    had_quorum: bool,
    electing: bool,
}

/// Who leads, in every component that elects or may be written on two sides.
#[derive(Debug)]
pub(super) struct Leadership {
    seats: Vec<Seat>,
    /// For each unit, the seat that looks at it; empty where there are none.
    seat_of: Vec<Option<u32>>,
}

/// Whether a unit is on the side that has a quorum; `None` if no side has.
fn quorum_side<'a>(declared: &'a Declared, at: Moment<'a>) -> Option<impl Fn(UnitId) -> bool + 'a> {
    if !at.board.is_up(declared.quorum) {
        return None;
    }
    let apart = declared.partition.as_ref().filter(|partition| !at.board.is_up(partition.link));
    let side = apart.map(|partition| {
        let able = |units: &[UnitId]| units.iter().filter(|&&unit| at.board.is_able(unit)).count() as u32;
        let own: Vec<u32> = partition.sides.iter().map(|side| able(&side.units)).collect();
        let first = holders(&own, able(&partition.outside), declared.write).next();
        (partition, first)
    });
    Some(move |unit: UnitId| match side {
        None => true,
        Some((_, None)) => false,
        Some((partition, Some(first))) => {
            partition.sides[first].units.contains(&unit) || partition.outside.contains(&unit)
        }
    })
}

impl Seat {
    /// Looks who leads now.
    fn look(&mut self, (seat, declared): (u32, &Declared), at: Moment<'_>, out: &mut Out) {
        if let (Some(slot), Some(partition)) = (declared.two_writers, &declared.partition) {
            let writers = partition.writers(declared.write, at.board.is_up(partition.link), |u| at.board.is_able(u));
            if writers > 1 { out.place(slot) } else { out.lift(slot) }
        }
        let Some((election, slot, _)) = &declared.election else { return };
        let has_quorum = quorum_side(declared, at).is_some();
        let heard = std::mem::replace(&mut self.had_quorum, has_quorum);
        // Who was down comes back as a follower.
        self.leader = self.leader.filter(|&leader| at.board.is_able(leader));
        let candidates = candidates(declared, at).count();
        let leads = self.leader.is_some_and(|leader| candidates_hold(declared, at, leader));
        if !has_quorum || leads || candidates == 0 {
            if std::mem::take(&mut self.electing) {
                out.cancel(Kind::Elected, seat);
            }
            return out.lift(*slot);
        }
        if !self.electing {
            self.electing = true;
            let stream = self.stream.as_mut().expect("bug: who elects has a stream");
            let takes = election.takes(candidates, heard, || stream.open01(at.replication));
            let ends = at.now.after(Tick::from_hours(takes.get()));
            out.schedule(if ends <= at.system.end { ends } else { Tick::NEVER }, Kind::Elected, seat);
            out.place(*slot);
        }
    }

    /// One of the candidates, each as likely as the others, leads from now on.
    fn elected(&mut self, declared: &Declared, at: Moment<'_>, out: &mut Out) {
        let Some((_, slot, _)) = &declared.election else { return };
        self.electing = false;
        let stream = self.stream.as_mut().expect("bug: who elects has a stream");
        let (uniform, count) = (stream.open01(at.replication), candidates(declared, at).count());
        let winner = (uniform * count as f64) as usize;
        self.leader = candidates(declared, at).nth(winner.min(count.saturating_sub(1)));
        out.lift(*slot);
    }
}

/// The able units that may lead.
fn candidates<'a>(declared: &'a Declared, at: Moment<'a>) -> impl Iterator<Item = UnitId> + 'a {
    let side = quorum_side(declared, at);
    let able = move |unit: &UnitId| at.board.is_able(*unit) && side.as_ref().is_some_and(|side| side(*unit));
    declared.eligible.iter().copied().filter(able)
}

fn candidates_hold(declared: &Declared, at: Moment<'_>, leader: UnitId) -> bool {
    candidates(declared, at).any(|unit| unit == leader)
}

impl Mechanism for Leadership {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp]);

    fn new(system: &System) -> Self {
        let mut seat_of = if system.leaderships.is_empty() { Vec::new() } else { vec![None; system.units.replicas] };
        let mut seats = Vec::new();
        for (seat, declared) in (0..).zip(&system.leaderships) {
            for unit in system.components[declared.component as usize].units.clone() {
                seat_of[unit as usize] = Some(seat);
            }
            if let Some(partition) = &declared.partition {
                seat_of[partition.link as usize] = Some(seat);
            }
            let stream = declared.election.as_ref().map(|(_, _, stream)| Stream::new(*stream));
            seats.push(Seat { stream, leader: None, had_quorum: true, electing: false });
        }
        Self { seats, seat_of }
    }

    fn listens(&self) -> FactSet {
        if self.seats.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, at: Moment<'_>, _: &mut Out) {
        for (seat, declared) in self.seats.iter_mut().zip(&at.system.leaderships) {
            seat.stream.iter_mut().for_each(Stream::rewind);
            (seat.leader, seat.had_quorum, seat.electing) = (declared.eligible.first().copied(), true, false);
        }
    }

    fn event(&mut self, _: Kind, seat: u32, at: Moment<'_>, out: &mut Out) {
        self.seats[seat as usize].elected(&at.system.leaderships[seat as usize], at, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        if let Some(&Some(seat)) = self.seat_of.get(fact.subject as usize) {
            self.seats[seat as usize].look((seat, &at.system.leaderships[seat as usize]), at, out);
        }
    }
}
