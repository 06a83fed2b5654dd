//! Minimal cut sets of up to three members, and what each of them costs.
//!
//! Members are units and domains, which fail independently of one another, so a set is down with the product of their
//! unavailabilities and fails with frequency Σᵢ ωᵢ Πⱼ uⱼ, j ≠ i. Source: Rauzy, *Reliab. Eng. Syst. Saf.* 40 (1993);
//! Vesely, *Nucl. Eng. Des.* 13 (1970). What cannot be listed within the limits is counted and said.

use super::losses::{Losses, Seen, is_unit, name};
use super::shared_risks::not_shown;
use crate::exact::{Chance, Cone, CutSets as Family, Model, NotExact, ORDER_MAX, Solutions, Steady, VARIABLES_MAX};
use crate::exact::{GateId, is_structural};
use crate::results::{CutSetCountRow, CutSetRow};
use crate::system::{StandbyMode, System, Tracked, UnitId};
use crate::units::HOURS_PER_YEAR;

/// Cut sets listed at most for one entity.
pub const LISTED_MAX: usize = 10_000;

/// Entities whose cut sets are looked for.
pub const ANALYSED_MAX: usize = 100;

/// The tables `spof` and `cut_set_counts`.
#[derive(Clone, Debug, Default)]
pub struct CutSets {
    /// Sets by entity, those with the most expected downtime first.
    pub sets: Vec<CutSetRow>,
    /// One row an entity.
    pub counts: Vec<CutSetCountRow>,
}

/// The minimal cut sets of every journey (of every component where there is no journey) of at most [`ORDER_MAX`]
/// members, by expected downtime; `exact` are the answers of [`solve`](crate::exact::solve).
pub fn cut_sets(system: &System, exact: &Solutions) -> CutSets {
    let (losses, model) = (Losses::of(system, Seen::Declared), Model::of(system));
    let entities = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
    let mut found = CutSets::default();
    for (place, tracked) in system.tracked[..entities].iter().enumerate() {
        let mut analysis = Analysis { system, model: &model, exact, losses: &losses, entity: tracked.entity() };
        let gate = match tracked {
            Tracked::Gate { gate, .. } => *gate,
            Tracked::Journey { journey, .. } => system.journeys[*journey as usize].served.gate,
        };
        let refused = |why: String| CutSetCountRow::refused(tracked.entity(), why);
        let row = if place >= ANALYSED_MAX {
            Err(format!("cut sets are looked for in the first {ANALYSED_MAX} entities"))
        } else {
            analysis.run(losses.gate(gate), &mut found.sets).map_err(|reason| reason.to_string())
        };
        let mut row = row.unwrap_or_else(refused);
        if let Tracked::Journey { journey, .. } = tracked
            && !is_structural(system, &system.journeys[*journey as usize])
        {
            row.remark("capacity or errors can take it down as well; no cut set shows that");
        }
        if let Some(remark) = not_shown(&losses.risks) {
            row.remark(&remark);
        }
        found.counts.push(row);
    }
    found
}

struct Analysis<'a> {
    system: &'a System,
    model: &'a Model,
    exact: &'a Solutions,
    losses: &'a Losses,
    entity: &'a str,
}

impl Analysis<'_> {
    fn run(&mut self, root: GateId, sets: &mut Vec<CutSetRow>) -> Result<CutSetCountRow, NotExact> {
        let variables = self.losses.structure.variables(root).len();
        if variables > VARIABLES_MAX {
            return Err(NotExact::TooManyVariables { variables, limit: VARIABLES_MAX });
        }
        let mut cone = Cone::compile(&self.losses.structure, root)?;
        let top = cone.top();
        let family = Family::of(cone.bdd(), top, variables)?;
        let counts = family.counts();
        let mut row = CutSetCountRow::counted(self.entity, counts, family.count());
        let by_level = cone.by_level();
        let (from, mut listed) = (sets.len(), 0.0);
        for (order, &count) in counts.iter().enumerate().skip(1) {
            listed += count;
            if listed > LISTED_MAX as f64 {
                row.remark(&format!(
                    "{count} minimal cut sets of {order} members; at most {LISTED_MAX} are listed for an entity"
                ));
                break;
            }
            row.listed_order = order as u64;
            for levels in family.list(order) {
                let mut members: Vec<UnitId> = levels.iter().map(|&level| by_level[level as usize] as UnitId).collect();
                members.sort_unstable();
                sets.push(self.row(&members));
            }
        }
        self.sum_up(&mut row, &mut cone, &family, &sets[from..])?;
        let minutes = |set: &CutSetRow| set.minutes_per_year.unwrap_or(-1.0);
        // Stable: at equal minutes the smaller set stays first, then the one listed first.
        sets[from..].sort_by(|a, b| minutes(b).total_cmp(&minutes(a)));
        Ok(row)
    }

    fn row(&self, members: &[UnitId]) -> CutSetRow {
        let long_run = self.long_run(members).ok();
        let unavailability = long_run.as_ref().map(|all| all.iter().map(|one| one.chance.down).product::<f64>());
        let all = self.exact.get(self.entity, "unavailability", None).map(|(down, _)| down);
        let failures_per_year = long_run.as_ref().and_then(|all| self.frequency(members, all));
        CutSetRow {
            entity: self.entity.to_owned(),
            order: members.len() as u64,
            members: members.iter().map(|&unit| name(self.system, unit as usize)).collect(),
            unavailability,
            minutes_per_year: unavailability.map(|down| down * HOURS_PER_YEAR * 60.0),
            failures_per_year,
            p_per_year: failures_per_year.map(|rate| -libm::expm1(-rate)),
            fussell_vesely: unavailability.zip(all).filter(|(_, all)| *all > 0.0).map(|(down, all)| down / all),
        }
    }

    /// The long run of the members, if they are independent of one another and of all else.
    fn long_run(&self, members: &[UnitId]) -> Result<Vec<Steady>, NotExact> {
        if let Some(&risk) = members.iter().find(|&&member| !is_unit(self.system, member as usize)) {
            return Err(NotExact::Coupled(name(self.system, risk as usize)));
        }
        for &unit in members.iter().filter(|&&unit| !self.system.units.is_domain(unit)) {
            let group = &self.system.groups[self.system.group_of[unit as usize] as usize];
            let waits = |scheme: &crate::system::Standby| (scheme.active as usize) < group.units.len();
            if group.coverage.is_some() {
                return Err(NotExact::Coverage(self.system.spec.components[group.component as usize].name.clone()));
            }
            if let Some(why) = NotExact::rotates(self.system, group.component) {
                return Err(why);
            }
            let standby = group.standby.as_ref().map(|standby| &standby.scheme);
            if standby.is_some_and(|scheme| scheme.mode != StandbyMode::Hot && waits(scheme)) {
                return Err(NotExact::Standby(self.system.spec.components[group.component as usize].name.clone()));
            }
        }
        self.model.steady(&members.iter().map(|&unit| unit as usize).collect::<Vec<_>>())
    }

    fn frequency(&self, members: &[UnitId], long_run: &[Steady]) -> Option<f64> {
        let variables: Vec<usize> = members.iter().map(|&unit| unit as usize).collect();
        self.model.refuse_coincidence(&variables, long_run).ok()?;
        let last = |i: usize| {
            let others = long_run.iter().enumerate().filter(|&(j, _)| j != i);
            long_run[i].per_hour * others.map(|(_, other)| other.chance.down).product::<f64>()
        };
        Some((0..long_run.len()).map(last).sum::<f64>() * HOURS_PER_YEAR)
    }

    /// What the listed sets come to, beside the whole structure.
    fn sum_up(
        &self,
        row: &mut CutSetCountRow,
        cone: &mut Cone,
        family: &Family,
        listed: &[CutSetRow],
    ) -> Result<(), NotExact> {
        let down_by = family.down_by(row.listed_order as usize, cone.bdd())?;
        let variables: Vec<UnitId> = cone.variables().iter().map(|&variable| variable as UnitId).collect();
        match self.long_run(&variables) {
            Ok(long_run) => {
                let of = |variable: usize| -> Chance {
                    let place = variables.binary_search(&(variable as UnitId)).expect("bug: a variable of the cone");
                    long_run[place].chance
                };
                row.rare_event = listed.iter().map(|set| set.unavailability).sum();
                row.unavailability_listed = Some(cone.diagram(down_by).chance(of).down);
                row.unavailability = Some(cone.diagram(cone.top()).chance(of).down);
            }
            Err(reason) => row.remark(&reason.to_string()),
        }
        Ok(())
    }
}

const _: () = assert!(ORDER_MAX == 3, "the table has a column for each order");
