//! Failover plans, compiled: for each standby group that a plan switches, an instance of the plan with its steps.

use std::ops::Range;

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::System;
use super::components::Group;
use super::error::SystemError;
use super::failover::{FailoverSpec, StepSpec};
use super::journeys::Journey;
use super::plan_test;
use super::routing::Routing;
use super::sites::{self, Act, Sites};
use super::spec::{Effect, Order, Redundancy, RepairStarts, SystemSpec};
use super::units::{ModeId, UnitId, unknown};

/// Index of an instance of a plan.
pub type PlanId = u32;

/// Index of a step of an instance.
pub type StepId = u32;

/// Index of something for which a plan needs one of a team's crews.
pub type JobId = u32;

/// The instances of all plans.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    /// In order of groups.
    pub instances: Vec<PlanInstance>,
    /// In order of instances, as written.
    pub steps: Vec<PlanStep>,
    /// For each job, the team it needs.
    pub jobs: Vec<u32>,
    /// For each group, the instances that move its places.
    of_groups: Vec<Range<PlanId>>,
}

/// A plan over one place of a group, or over all that it moves together.
#[derive(Clone, Debug)]
pub struct PlanInstance {
    /// Index of the plan.
    pub plan: u32,
    /// The groups whose places it moves, ascending; of a plan of sites that moves none, those its router sends clients to.
    pub groups: Vec<u32>,
    /// Which of the group's places it moves, from 0; of a plan of sites all.
    pub place: u32,
    /// Where they are moved together.
    pub sites: Option<Sites>,
    /// Its steps, stage by stage.
    pub stages: Vec<Range<StepId>>,
    /// Whether the plan decides by itself.
    pub automatic: bool,
    /// Share of all demand that needs the component.
    pub blast: f64,
    /// Place among a unit's modes of the one that a canary test brings about.
    pub canary: Option<ModeId>,
    /// Place among a unit's modes of each that not all of those see who look, in the order of the trigger's.
    pub views: Vec<ModeId>,
    /// What keeps a member of the deciding team busy.
    pub approval: Option<JobId>,
    /// Stream of detections and false alarms.
    pub detect_stream: StreamId,
    /// Stream of decisions.
    pub decide_stream: StreamId,
    /// Stream of failbacks.
    pub failback_stream: StreamId,
    /// Stream of defects and whether tests find them.
    pub test_stream: StreamId,
    /// Stream of how late its status is known.
    pub publish_stream: StreamId,
    /// Stream of what would be done twice by whom does not know.
    pub double_stream: StreamId,
}

/// A step of an instance.
#[derive(Clone, Debug)]
pub struct PlanStep {
    /// Index of the instance.
    pub instance: PlanId,
    /// The step.
    pub spec: StepSpec,
    /// The crew it needs.
    pub job: Option<JobId>,
    /// What it does, of a plan of sites.
    pub acts: Vec<Act>,
    /// The domains without which it cannot begin.
    pub control_plane: Vec<UnitId>,
    /// Stream of its times.
    pub takes_stream: StreamId,
    /// Stream of whether it works.
    pub success_stream: StreamId,
    /// Stream of the times to hand it over and between tries.
    pub pause_stream: StreamId,
}

/// What plans are compiled from.
pub(super) struct Parts<'a> {
    pub(super) spec: &'a SystemSpec,
    pub(super) groups: &'a [Group],
    pub(super) journeys: &'a [Journey],
    pub(super) routings: &'a [Routing],
    /// For each replica, the domains it sits in.
    pub(super) ancestors: &'a [Vec<UnitId>],
    pub(super) first_domain: usize,
}

impl Plans {
    pub(super) fn build(parts: &Parts<'_>) -> Result<Self, SystemError> {
        let spec = parts.spec;
        let mut streams = StreamRegister::under(spec.draw);
        let mut plans = Self { of_groups: vec![0..0; parts.groups.len()], ..Self::default() };
        for (plan, declared) in spec.failovers.iter().enumerate() {
            check(declared, spec)?;
            if spec.failovers[..plan].iter().any(|other| other.name == declared.name) {
                return Err(SystemError::Duplicate { what: "failover plan", name: declared.name.clone() });
            }
        }
        for (index, group) in parts.groups.iter().enumerate() {
            let component = &spec.components[group.component as usize].name;
            let mut used = spec.failovers.iter().enumerate().filter(|(_, plan)| plan.components.contains(component));
            let Some((plan, declared)) = used.next() else { continue };
            if let Some((_, second)) = used.next() {
                let why = format!("`{component}` is switched by `{}` already", declared.name);
                return Err(SystemError::Failover { plan: second.name.clone(), why });
            }
            let scheme = group.standby.as_ref().map(|standby| &standby.scheme);
            if scheme.is_some_and(|scheme| scheme.repair_starts == RepairStarts::AfterSwitch) {
                let why = format!("the repairs of `{component}` wait for a switch");
                return Err(SystemError::Failover { plan: declared.name.clone(), why });
            }
            if declared.sites.is_some() {
                continue;
            }
            let name = group.domain.as_ref().map_or_else(|| component.clone(), |d| format!("{component}@{d}"));
            let first = plans.instances.len() as PlanId;
            for place in 0..scheme.map_or(0, |scheme| scheme.active) {
                let own = if place == 0 { name.clone() } else { format!("{name}#{place}") };
                let of = Of { plan, declared, name: &own, groups: vec![index as u32], place };
                plans.add(of, None, parts, &mut streams)?;
            }
            plans.of_groups[index] = first..plans.instances.len() as PlanId;
        }
        for (plan, declared) in spec.failovers.iter().enumerate() {
            let Some(declared_sites) = &declared.sites else { continue };
            let (sites, acts) = sites::compile(declared, declared_sites, parts)?;
            let instance = plans.instances.len() as PlanId;
            let mut groups: Vec<u32> = sites.members.iter().map(|member| member.group).collect();
            groups.iter().for_each(|&group| plans.of_groups[group as usize] = instance..instance + 1);
            if groups.is_empty() {
                let routed = declared_sites.routers.iter().filter_map(|name| sites::router_named(name, parts));
                let is_of = |to: u32| (0..).zip(parts.groups).filter(move |(_, group)| group.component == to);
                groups = routed.flat_map(|of| is_of(of.to)).map(|(id, _)| id).collect();
            }
            let name = format!("failovers.{}", declared.name);
            let of = Of { plan, declared, name: &name, groups, place: 0 };
            plans.add(of, Some((sites, acts)), parts, &mut streams)?;
        }
        Ok(plans)
    }

    fn add(
        &mut self,
        Of { plan, declared, name, groups, place }: Of<'_>,
        sites: Option<(Sites, Vec<Vec<Act>>)>,
        parts: &Parts<'_>,
        streams: &mut StreamRegister,
    ) -> Result<(), SystemError> {
        let instance = self.instances.len() as PlanId;
        let (sites, acts) = sites.unzip();
        let mut acts = acts.unwrap_or_default().into_iter();
        let mut stages = Vec::new();
        for stage in &declared.stages {
            let first = self.steps.len() as StepId;
            for step in stage {
                let own = format!("{name}:{}", self.steps.len() - self.first_step_of(instance));
                let job = step.team.as_ref().map(|team| self.job(team, parts.spec)).transpose()?;
                let control_plane = step.control_plane.as_ref().map(|domain| enclosing(domain, parts)).transpose()?;
                self.steps.push(PlanStep {
                    instance,
                    spec: step.clone(),
                    job,
                    acts: acts.next().unwrap_or_default(),
                    control_plane: control_plane.unwrap_or_default(),
                    takes_stream: streams.take("failover_step_takes", &own)?,
                    success_stream: streams.take("failover_step_success", &own)?,
                    pause_stream: streams.take("failover_step_pause", &own)?,
                });
            }
            stages.push(first..self.steps.len() as StepId);
        }
        let components: Vec<u32> = groups.iter().map(|&group| parts.groups[group as usize].component).collect();
        let blast = blast(&components, parts.journeys);
        let automatic = declared.authority.auto_below_blast.is_none_or(|below| blast < below);
        let approval = declared.authority.approver.as_ref().filter(|_| !automatic);
        let approval = approval.map(|team| self.job(team, parts.spec)).transpose()?;
        let of_one = components.first().filter(|_| sites.is_none()).map(|&one| &parts.spec.components[one as usize]);
        let mode = |name: &str| of_one.and_then(|of| of.modes.iter().position(|mode| mode.name == name));
        let views = declared.trigger.views.iter().filter(|view| of_one.is_some_and(|of| of.name == view.component));
        let views = views.filter_map(|view| mode(&view.mode)).map(|place| place as ModeId).collect();
        let canary = declared.canary_mode().and_then(|name| mode(&name)).map(|place| place as ModeId);
        self.instances.push(PlanInstance {
            plan: plan as u32,
            groups,
            place,
            sites,
            stages,
            automatic,
            blast,
            canary,
            views,
            approval,
            detect_stream: streams.take("failover_detect", name)?,
            decide_stream: streams.take("failover_decide", name)?,
            failback_stream: streams.take("failback", name)?,
            test_stream: streams.take("failover_test", name)?,
            publish_stream: streams.take("failover_publish", name)?,
            double_stream: streams.take("failover_double", name)?,
        });
        Ok(())
    }

    fn first_step_of(&self, instance: PlanId) -> usize {
        self.steps.iter().position(|step| step.instance == instance).unwrap_or(self.steps.len())
    }

    fn job(&mut self, team: &str, spec: &SystemSpec) -> Result<JobId, SystemError> {
        let found = spec.teams.iter().position(|known| known.name == team);
        self.jobs.push(found.ok_or_else(|| unknown("team", team))? as u32);
        Ok(self.jobs.len() as JobId - 1)
    }

    /// The instances that move the places of a group; none if no plan does.
    pub fn of_group(&self, group: u32) -> Range<PlanId> {
        self.of_groups[group as usize].clone()
    }

    /// The unit of a group that is active at first: the first in written order, or of a plan of sites at the first site.
    pub(crate) fn first_active(&self, group: u32, units: &[UnitId]) -> UnitId {
        let of = self.of_group(group).next().and_then(|plan| self.instances[plan as usize].sites.as_ref());
        let member = of.and_then(|sites| sites.members.iter().find(|member| member.group == group));
        member.map_or(units[0], |member| member.units[0][0])
    }
}

/// What an instance is of.
struct Of<'a> {
    plan: usize,
    declared: &'a FailoverSpec,
    name: &'a str,
    groups: Vec<u32>,
    place: u32,
}

/// A domain and those it sits in, as units.
pub(super) fn enclosing(domain: &str, parts: &Parts<'_>) -> Result<Vec<UnitId>, SystemError> {
    let domains = &parts.spec.domains;
    let (mut chain, mut at) = (Vec::new(), Some(domain));
    while let Some(name) = at {
        let index = domains.iter().position(|known| known.name == name).ok_or_else(|| unknown("domain", name))?;
        chain.push((parts.first_domain + index) as UnitId);
        at = domains[index].parent.as_deref();
    }
    Ok(chain)
}

/// The share of all demand that needs any of some components; a journey without a demand weighs 1.
fn blast(components: &[u32], journeys: &[Journey]) -> f64 {
    let demand = |journey: &Journey| journey.demand.unwrap_or(1.0);
    let all: f64 = journeys.iter().map(demand).sum();
    let needing =
        journeys.iter().filter(|journey| components.iter().any(|one| journey.served.components.contains(one)));
    if all > 0.0 { needing.map(demand).sum::<f64>() / all } else { 1.0 }
}

fn check(plan: &FailoverSpec, spec: &SystemSpec) -> Result<(), SystemError> {
    let refuse = |why: &str| Err(SystemError::Failover { plan: plan.name.clone(), why: why.to_owned() });
    for name in &plan.components {
        let component = spec.components.iter().find(|component| component.name == *name);
        match component.map(|component| &component.redundancy) {
            None => return Err(unknown("component", name)),
            Some(Redundancy::Standby(_)) => {}
            Some(_) => return refuse("it moves the place of a standby, and of nothing else"),
        }
    }
    let teams = plan.steps().filter_map(|step| step.team.as_ref()).chain(&plan.authority.approver);
    for team in teams {
        let known = spec.teams.iter().find(|known| known.name == *team).ok_or_else(|| unknown("team", team))?;
        if known.order != Order::FirstCome {
            return refuse("a step needs a team that takes up its work as it comes");
        }
    }
    let shares = plan.steps().map(|step| step.success).chain(plan.taken_over.iter().map(|by| by.wrong_decision));
    let checked = plan.failback.iter().filter_map(|back| back.validate.as_ref());
    let mut shares = shares.chain(checked.clone().flat_map(|check| [check.diverges, check.detects]));
    if !shares.all(|share| (0.0..=1.0).contains(&share)) {
        return refuse("a probability lies between 0 and 1");
    }
    if plan.components.is_empty() && plan.sites.is_none() {
        return refuse("no component uses it");
    }
    if plan.stages.is_empty() || plan.stages.iter().any(Vec::is_empty) {
        return refuse("it has no steps");
    }
    for view in &plan.trigger.views {
        let component = spec.components.iter().find(|known| known.name == view.component);
        let mode = component.and_then(|known| known.modes.iter().find(|mode| mode.name == view.mode));
        match mode.map(|mode| mode.effect) {
            None => return Err(unknown("failure mode", &view.mode)),
            Some(Effect::Down) if view.confirmers.len() == plan.trigger.confirmers.len() => {}
            Some(_) => return refuse("what its probes see takes a unit down, and each of them sees it or not"),
        }
    }
    if plan.trigger.need as usize > plan.trigger.confirmers.len() {
        return refuse("more must confirm than there are");
    }
    if plan.trigger.probe.is_some_and(|probe| !(probe.every.get() > 0.0) || probe.unhealthy_after == 0) {
        return refuse("a probe looks again after some time, and at least once");
    }
    if plan.taken_over.as_ref().is_some_and(|by| !(by.wrong_decision < 1.0)) {
        return refuse("a person who is always wrong never ends it");
    }
    if checked.into_iter().any(|check| !(check.diverges * check.detects < 1.0)) {
        return refuse("data that always diverge and are always found out never go back");
    }
    let by_hand = plan.failback.as_ref().is_some_and(|back| back.by_hand) || plan.authority.auto_below_blast.is_some();
    if by_hand && plan.taken_over.is_none() {
        return refuse("a person decides, and how long that takes is not said");
    }
    if plan.failback.as_ref().and_then(|back| back.open.as_ref()).is_some_and(Vec::is_empty) {
        return refuse("its failback window never opens");
    }
    let refused = sites::refusal(plan, spec).or_else(|| plan_test::refusal(plan, spec));
    refused.map_or(Ok(()), refuse)
}

impl System {
    /// `components.NAME`, or `components.NAME@DOMAIN`: whose place an instance of a plan moves; of several, one after the
    /// other.
    pub fn moved_by(&self, instance: PlanId) -> String {
        let named = self.plans.instances[instance as usize].groups.iter().map(|&group| {
            let group = &self.groups[group as usize];
            let name = &self.spec.components[group.component as usize].name;
            group.domain.as_ref().map_or_else(|| format!("components.{name}"), |d| format!("components.{name}@{d}"))
        });
        named.collect::<Vec<_>>().join(", ")
    }
}
