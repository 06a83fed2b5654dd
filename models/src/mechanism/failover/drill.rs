//! Tests of a plan: of nothing that is served, of a share of it, or of all.

use ninefold_sim_core::tick::Tick;

use super::{Failover, Phase, Reason, Turn, of, plan, schedule};
use crate::board::FactKind;
use crate::mechanism::{Kind, Moment, Out, Place};
use crate::system::{PlanId, TestMethod, UnitId};

impl Failover {
    /// A test is due one interval after the last was.
    pub(super) fn await_test(&self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        if let Some(test) = &plan(i, at.system).test {
            schedule(out, at, (Tick::from_hours(test.every.get()), Kind::PlanTest, i));
        }
    }

    /// A shadow test is carried out whatever is under way. What touches what is served is not, unless the place is at rest
    /// and somebody could take it.
    pub(super) fn test_is_due(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        self.await_test(i, at, out);
        let Some(test) = &plan(i, at.system).test else { return };
        match (test.method, self.served_by(i, at)) {
            (TestMethod::Shadow, _) => self.look_for_defects(i, at),
            (TestMethod::Canary(_), Some(unit)) => {
                let place = of(i, at.system).canary.expect("bug: a canary test has its mode");
                out.note(FactKind::Struck, at.system.units.units[unit as usize].modes.start + place);
                self.look_for_defects(i, at);
            }
            (TestMethod::Full, Some(unit)) => {
                self.begin(i, (Reason::Test, unit), at, out);
                self.act(i, at, out);
            }
            (TestMethod::Canary(_) | TestMethod::Full, None) => {}
        }
    }

    /// The unit in the place, if nothing is under way and somebody could take it.
    fn served_by(&mut self, i: PlanId, at: Moment<'_>) -> Option<UnitId> {
        let (Phase::Watching, Place::Filled(unit)) = (self.instance(i).phase, self.instance(i).place) else {
            return None;
        };
        self.choose(i, at).map(|_| unit)
    }

    fn look_for_defects(&mut self, i: PlanId, at: Moment<'_>) {
        let Some(test) = &plan(i, at.system).test else { return };
        let found = self.instances[i as usize].draws.readiness.finds_defect(test, at.now, at.replication);
        self.note(i, at, Turn::Tested { found });
    }
}
