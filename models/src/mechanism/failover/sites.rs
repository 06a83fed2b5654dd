//! Plans of sites: several components whose places are at one site, and are moved to the other together.

use super::{Failover, Phase, dormant_slot, of};
use crate::board::FactKind;
use crate::mechanism::{Moment, Out, Place};
use crate::system::{Act, PlanId, Seen, Sites, StepId, UnitId};

/// Where things stand.
#[derive(Debug)]
pub(super) struct Standing {
    /// Whether each site was fit at the last look.
    fit: [bool; 2],
    /// For each member, the site where its units are active; `None` is nowhere.
    at: Vec<Option<usize>>,
    /// For each router, whether clients of the first site are sent elsewhere.
    drained: Vec<bool>,
    /// Nobody sees what makes the site unfit.
    pub(super) unseen: bool,
}

impl Standing {
    pub(super) fn new(sites: &Sites) -> Self {
        let (members, routers) = (sites.members.len(), sites.drained.len());
        Self { fit: [true; 2], at: vec![Some(0); members], drained: vec![false; routers], unseen: false }
    }
}

fn sites<'a>(i: PlanId, at: Moment<'a>) -> &'a Sites {
    of(i, at.system).sites.as_ref().expect("bug: an instance that stands somewhere has its sites")
}

impl Failover {
    /// Whether an instance is a plan of sites.
    pub(super) fn standing(&self, i: PlanId) -> bool {
        self.instances[i as usize].standing.is_some()
    }

    /// Whether a unit is able; of a plan of sites, whether a site is fit: its domain is up, and of every member as many units
    /// are able there as it needs.
    pub(super) fn stands(&self, i: PlanId, unit: UnitId, at: Moment<'_>) -> bool {
        match &of(i, at.system).sites {
            None => at.board.is_able(unit),
            Some(sites) => is_fit(sites, sites.number(unit), at),
        }
    }

    /// Who looks sees that the site where the places are is unfit.
    pub(super) fn is_seen_lost(&self, (i, sites): (PlanId, &Sites), seen: Seen, unit: UnitId, at: Moment<'_>) -> bool {
        let site = sites.number(unit);
        match seen {
            Seen::Any => !self.stands(i, unit, at),
            Seen::Domain => site == 0 && !is_up(sites, site, at),
            Seen::Member(member) => !has_enough(sites, (member as usize, site), at),
        }
    }

    /// The units that are not active at first stand by.
    pub(super) fn stand_by_at_first(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let compiled = of(i, at.system);
        let mut stands_by = |unit: UnitId| {
            out.place(dormant_slot(unit, at.system));
            out.note(FactKind::StoodDown, unit);
        };
        let Some(standing) = &mut self.instances[i as usize].standing else {
            let group = &at.system.groups[compiled.groups[0] as usize];
            let active = at.system.plans.of_group(compiled.groups[0]).len();
            // The first of the instances speaks for all of the group.
            return if compiled.place == 0 {
                group.units[active..].iter().copied().for_each(stands_by)
            };
        };
        (standing.fit, standing.unseen) = ([true; 2], false);
        standing.at.fill(Some(0));
        standing.drained.fill(false);
        sites(i, at).members.iter().flat_map(|member| &member.units[1]).copied().for_each(&mut stands_by);
    }

    /// A domain is lost or has returned.
    pub(super) fn domain_turned(&mut self, domain: UnitId, at: Moment<'_>, out: &mut Out) {
        for i in 0..self.instances.len() as PlanId {
            let sites = of(i, at.system).sites.as_ref();
            if sites.is_some_and(|sites| sites.chains.iter().any(|chain| chain.contains(&domain))) {
                self.sites_turned(i, at, out);
                self.look_at_cover(i, at);
            }
        }
    }

    /// A unit or a domain of the sites is lost or able again: a site may have become unfit, or fit.
    pub(super) fn sites_turned(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let sites = sites(i, at);
        let now = [0, 1].map(|site| is_fit(sites, site, at));
        let Some(standing) = &mut self.instances[i as usize].standing else { return };
        let before = std::mem::replace(&mut standing.fit, now);
        for (site, domain) in sites.domains.into_iter().enumerate() {
            if before[site] && !now[site] {
                self.unit_down(i, domain, at, out);
            }
        }
        for (site, domain) in sites.domains.into_iter().enumerate() {
            if now[site] && !before[site] {
                self.unit_up(i, domain, at, out);
            }
        }
        // What nobody saw may have become what somebody does.
        let state = &self.instances[i as usize];
        if let (Phase::Detecting, Place::Filled(site), Some(Standing { unseen: true, .. })) =
            (state.phase, state.place, &state.standing)
        {
            self.detect(i, site, at, out);
        }
    }

    /// The places are about to be moved: members that no step moves leave.
    pub(super) fn leave_site(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        for (number, member) in sites(i, at).members.iter().enumerate() {
            if !member.by_step {
                self.member_goes((i, number), None, at, out);
            }
        }
    }

    /// The places are at a site for good: whatever is not there yet moves.
    pub(super) fn arrive(&mut self, i: PlanId, site: UnitId, at: Moment<'_>, out: &mut Out) {
        let sites = sites(i, at);
        let to = sites.number(site);
        for number in 0..sites.members.len() {
            self.member_goes((i, number), Some(to), at, out);
        }
        for router in 0..sites.drained.len() {
            self.reroutes((i, router), to != 0, at, out);
        }
    }

    /// A step is under way: what it promotes is nobody's meanwhile.
    pub(super) fn step_leaves(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        let step = &at.system.plans.steps[s as usize];
        for act in &step.acts {
            if let Act::Promote(member) = *act {
                self.member_goes((step.instance, member as usize), None, at, out);
            }
        }
    }

    /// A step has worked.
    pub(super) fn step_acts(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        let step = &at.system.plans.steps[s as usize];
        let i = step.instance;
        let Place::Switching(site) = self.instance(i).place else { return };
        for act in &step.acts {
            let to = sites(i, at).number(site);
            match *act {
                Act::Promote(member) | Act::Start(member) => self.member_goes((i, member as usize), Some(to), at, out),
                Act::Reroute(router) => self.reroutes((i, router as usize), to != 0, at, out),
            }
        }
    }

    fn member_goes(&mut self, (i, number): (PlanId, usize), to: Option<usize>, at: Moment<'_>, out: &mut Out) {
        let member = &sites(i, at).members[number];
        let Some(standing) = &mut self.instances[i as usize].standing else { return };
        let from = std::mem::replace(&mut standing.at[number], to);
        if from == to {
            return;
        }
        for &unit in from.into_iter().flat_map(|site| &member.units[site]) {
            out.place(dormant_slot(unit, at.system));
            out.note(FactKind::StoodDown, unit);
        }
        for &unit in to.into_iter().flat_map(|site| &member.units[site]) {
            out.lift(dormant_slot(unit, at.system));
            out.note(FactKind::Activated, unit);
        }
    }

    fn reroutes(&mut self, (i, router): (PlanId, usize), drained: bool, at: Moment<'_>, out: &mut Out) {
        let place = sites(i, at).drained[router];
        let Some(standing) = &mut self.instances[i as usize].standing else { return };
        if std::mem::replace(&mut standing.drained[router], drained) != drained {
            out.note(if drained { FactKind::PlaceDrained } else { FactKind::PlaceReturned }, place);
        }
    }
}

fn is_up(sites: &Sites, site: usize, at: Moment<'_>) -> bool {
    sites.chains[site].iter().all(|&domain| at.board.is_able(domain))
}

fn has_enough(sites: &Sites, (member, site): (usize, usize), at: Moment<'_>) -> bool {
    let member = &sites.members[member];
    member.units[site].iter().filter(|&&unit| at.board.is_able(unit)).count() >= member.need as usize
}

fn is_fit(sites: &Sites, site: usize, at: Moment<'_>) -> bool {
    is_up(sites, site, at) && (0..sites.members.len()).all(|member| has_enough(sites, (member, site), at))
}
