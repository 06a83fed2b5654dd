//! Who of those who look sees that the unit in the place is lost.

use super::{Failover, of, plan};
use crate::mechanism::Moment;
use crate::system::{PlanId, SlotEffect, UnitId, View};

impl Failover {
    /// The probability that a round of verdicts on a lost unit says unhealthy. Each sees it unless all that holds the unit
    /// down is hidden from that one.
    pub(super) fn round_on_lost(&self, i: PlanId, unit: UnitId, at: Moment<'_>) -> f64 {
        let trigger = &plan(i, at.system).trigger;
        let compiled = of(i, at.system);
        if let Some(sites) = &compiled.sites {
            let sees = |seen| self.is_seen_lost((i, sites), seen, unit, at);
            return trigger.round_seen(|who| sees(who.map_or(sites.probe, |one| sites.confirmers[one])));
        }
        if compiled.views.is_empty() {
            return trigger.round(true);
        }
        let own = &at.system.units.units[unit as usize];
        let group = &at.system.groups[compiled.groups[0] as usize];
        let component = &at.system.spec.components[group.component as usize].name;
        let views = || trigger.views.iter().filter(|view| view.component == *component).zip(&compiled.views);
        let view_of = |place: u32| views().find(|(_, at)| **at == place).map(|(view, _)| view);
        let takes_down = |slot: u32| matches!(at.system.units.slots[slot as usize].effect, SlotEffect::Failed);
        let domain = own.lost.clone().any(|slot| at.board.is_active(slot));
        let down = || own.modes.clone().filter(|&mode| at.board.is_active(mode) && takes_down(mode));
        trigger.round_seen(|who| {
            let sees = |view: Option<&View>| {
                view.is_none_or(|view| who.map_or(view.probe, |confirmer| view.confirmers[confirmer]))
            };
            domain || down().any(|mode| sees(view_of(mode - own.modes.start)))
        })
    }
}
