//! Health checks: probes of units, and ejection from rotation.

use ninefold_sim_core::tick::Tick;

use super::probing::Prober;
use super::visibility::{Look, look};
use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::Checked;
use crate::system::{Probing, System, UnitId};

/// The probes of one unit.
#[derive(Debug)]
struct Probe {
    unit: UnitId,
    pool: u32,
    prober: Prober,
    /// Since when it has been not able in rotation, until that is found.
    failed: Tick,
    /// Since when it has been kept out of rotation though able.
    wasted: Tick,
    /// Since when something has been wrong with it that no probe sees.
    unseen: Tick,
}

/// The probes of one component.
#[derive(Debug)]
struct Pool {
    probes: std::ops::Range<usize>,
    ejected: usize,
    /// So many are ejected that all serve.
    is_open: bool,
    /// What a deep check reads is down.
    lacks: bool,
    tally: Checked,
}

/// The health checks of one world.
#[derive(Debug)]
pub(super) struct HealthCheck {
    pools: Vec<Pool>,
    probes: Vec<Probe>,
    /// For each replica, the place of its probe; empty where nothing is probed.
    place: Vec<Option<u32>>,
}

fn law<'a>(probe: &Probe, at: Moment<'a>) -> &'a Probing {
    &at.system.checks[probe.pool as usize].probing
}

impl Probe {
    /// Probes find the unit bad, or good, from now on.
    fn turns(&mut self, is_bad: bool, at: Moment<'_>, out: &mut Out) {
        if let Some(due) = self.prober.turns(is_bad, law(self, at), at) {
            out.schedule(due, Kind::Judged, self.unit);
        }
    }

    /// Measured ticks, until now, of what has been wrong with it and unseen.
    fn unseen_until(&self, now: Tick, warmup: Tick) -> i64 {
        if self.unseen.is_never() { 0 } else { now.since(self.unseen.max(warmup)).get().max(0) }
    }

    /// Books the time in which it was kept out of rotation though able, and looks whether it is so now.
    fn account(&mut self, tally: &mut Checked, is_out: bool, at: Moment<'_>) {
        if !self.wasted.is_never() {
            tally.wasted += at.now.since(self.wasted.max(at.system.warmup)).get().max(0);
        }
        self.wasted = if is_out && at.board.is_able(self.unit) { at.now } else { Tick::NEVER };
    }
}

impl HealthCheck {
    /// What was counted within the measured time until now, the end of the replication.
    pub(super) fn counted(&self, end: Tick, warmup: Tick) -> impl Iterator<Item = Checked> + '_ {
        self.pools.iter().map(move |pool| {
            let probes = &self.probes[pool.probes.clone()];
            let open = probes.iter().filter(|probe| !probe.wasted.is_never());
            let open: i64 = open.map(|probe| end.since(probe.wasted.max(warmup)).get().max(0)).sum();
            let unseen: i64 = probes.iter().map(|probe| probe.unseen_until(end, warmup)).sum();
            Checked { wasted: pool.tally.wasted + open, unseen: pool.tally.unseen + unseen, ..pool.tally }
        })
    }

    /// A unit's verdict is another.
    fn judged(&mut self, place: usize, at: Moment<'_>, out: &mut Out) {
        let probe = &mut self.probes[place];
        let pool = &mut self.pools[probe.pool as usize];
        let Some((found_bad, due)) = probe.prober.judged(law(probe, at), at) else { return };
        let measured = at.now >= at.system.warmup;
        let is_ejected = probe.prober.is_out();
        if is_ejected {
            pool.ejected += 1;
            if measured && !found_bad {
                pool.tally.false_ejections += 1;
            }
            let failed = std::mem::replace(&mut probe.failed, Tick::NEVER);
            if measured && found_bad && !failed.is_never() {
                pool.tally.detected += 1;
                pool.tally.detecting += at.now.since(failed).get();
            }
        } else {
            pool.ejected -= 1;
        }
        out.schedule(due, Kind::Judged, probe.unit);
        let of = probe.pool as usize;
        let all = self.pools[of].probes.clone();
        if is_ejected && self.pools[of].ejected == all.len() && all.len() > 1 && measured {
            let any_able = self.probes[all].iter().any(|probe| at.board.is_able(probe.unit));
            self.pools[of].tally.mass_ejections += u64::from(any_able);
        }
        self.rotate(of, place, at, out);
    }

    /// Puts a unit in or out of rotation, and all the ejected ones where the pool opens or closes.
    fn rotate(&mut self, of: usize, place: usize, at: Moment<'_>, out: &mut Out) {
        let pool = &mut self.pools[of];
        let count = pool.probes.len() as f64;
        let well = (pool.probes.len() - pool.ejected) as f64 / count;
        let is_open = well < at.system.checks[of].spec.fail_open_below;
        let changed = if is_open == pool.is_open { place..place + 1 } else { pool.probes.clone() };
        pool.is_open = is_open;
        for probe in &mut self.probes[changed] {
            let is_out = probe.prober.is_out() && !is_open;
            let slot =
                at.system.units.units[probe.unit as usize].dormant.expect("bug: a unit that is probed can be ejected");
            if is_out {
                out.place(slot)
            } else {
                out.lift(slot)
            }
            probe.account(&mut pool.tally, is_out, at);
        }
    }

    fn unit_changed(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let Some(&Some(place)) = self.place.get(unit as usize) else { return };
        let probe = &mut self.probes[place as usize];
        let pool = &mut self.pools[probe.pool as usize];
        let Look { bad, unseen } = look(&at.system.checks[probe.pool as usize], unit, at);
        probe.failed = match bad && !probe.prober.is_out() {
            true if probe.failed.is_never() => at.now,
            true => probe.failed,
            false => Tick::NEVER,
        };
        if unseen == probe.unseen.is_never() {
            pool.tally.unseen += probe.unseen_until(at.now, at.system.warmup);
            probe.unseen = if unseen { at.now } else { Tick::NEVER };
        }
        let is_out = probe.prober.is_out() && !pool.is_open;
        probe.account(&mut pool.tally, is_out, at);
        probe.turns(bad || pool.lacks, at, out);
    }

    /// A gate may be one that a deep check reads.
    fn gate_changed(&mut self, gate: u32, at: Moment<'_>, out: &mut Out) {
        for (pool, declared) in self.pools.iter_mut().zip(&at.system.checks) {
            if !declared.reads.contains(&gate) {
                continue;
            }
            let lacks = declared.reads.iter().any(|&gate| !at.board.is_up(gate));
            if lacks != pool.lacks {
                pool.lacks = lacks;
                for probe in &mut self.probes[pool.probes.clone()] {
                    probe.turns(lacks || look(declared, probe.unit, at).bad, at, out);
                }
            }
        }
    }
}

impl Mechanism for HealthCheck {
    const LISTENS: FactSet =
        FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp, FactKind::GateChanged, FactKind::ModeTurned]);

    fn new(system: &System) -> Self {
        let mut place = if system.checks.is_empty() { Vec::new() } else { vec![None; system.units.replicas] };
        let (mut pools, mut probes) = (Vec::new(), Vec::<Probe>::new());
        for (pool, check) in (0..).zip(&system.checks) {
            let first = probes.len();
            let units = system.components[check.component as usize].units.clone();
            for (unit, &stream) in units.zip(&check.streams) {
                place[unit as usize] = Some(probes.len() as u32);
                let prober = Prober::new(stream);
                let never = Tick::NEVER;
                probes.push(Probe { unit, pool, prober, failed: never, wasted: never, unseen: never });
            }
            let probes = first..probes.len();
            pools.push(Pool { probes, ejected: 0, is_open: false, lacks: false, tally: Checked::default() });
        }
        Self { pools, probes, place }
    }

    fn listens(&self) -> FactSet {
        if self.pools.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        for pool in &mut self.pools {
            (pool.ejected, pool.is_open, pool.lacks, pool.tally) = (0, false, false, Checked::default());
        }
        for probe in &mut self.probes {
            (probe.failed, probe.wasted, probe.unseen) = (Tick::NEVER, Tick::NEVER, Tick::NEVER);
            let due = probe.prober.start(law(probe, at), at);
            out.schedule(due, Kind::Judged, probe.unit);
        }
    }

    fn event(&mut self, _: Kind, unit: u32, at: Moment<'_>, out: &mut Out) {
        if let Some(&Some(place)) = self.place.get(unit as usize) {
            self.judged(place as usize, at, out);
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        match fact.kind {
            FactKind::GateChanged => self.gate_changed(fact.subject, at, out),
            FactKind::ModeTurned => self.unit_changed(at.system.units.modes[fact.subject as usize].unit, at, out),
            _ => self.unit_changed(fact.subject, at, out),
        }
    }
}
