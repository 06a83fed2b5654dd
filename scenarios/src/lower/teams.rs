//! `teams`, and repairs that need one of their crews.

use ninefold_models::system::{CrewRepair, Interrupt, Order, Repair, TeamSpec};

use super::Lowering;
use super::read::At;
use super::windows::Measured;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Every team, in written order.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, clock: &Measured) -> Vec<TeamSpec> {
    let Some(section) = top.get("teams") else { return Vec::new() };
    section.entries().into_iter().filter_map(|(name, at)| team(cx, (name, &at), clock)).collect()
}

fn team(cx: &mut Lowering<'_>, (name, at): (&str, &At<'_>), clock: &Measured) -> Option<TeamSpec> {
    let crews = cx.required(at, "crews").and_then(|crews| cx.units(&crews));
    let order = order(cx, at).unwrap_or_default();
    let (hours, spares) = (cx.crew_hours(at, order, clock), cx.spares(at));
    // A team that could not be read whole still answers to its name.
    Some(TeamSpec { name: name.to_owned(), crews: crews.unwrap_or(1), order, hours, spares })
}

fn order(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<Order> {
    let Some(order) = at.get("order") else {
        cx.assume(format!("{}.order", at.path()), "first_come", "a team takes up repairs as they come");
        return Some(Order::FirstCome);
    };
    match order.text() {
        Some("first_come") => return Some(Order::FirstCome),
        Some("shared") => return Some(Order::Shared),
        Some("loss_rate") => return Some(Order::LossRate),
        Some("c_mu") => return Some(Order::CMu),
        _ => {}
    }
    let priority = order.get("priority").filter(At::is_map)?;
    let interrupt = cx.required(&priority, "interrupt")?;
    match interrupt.text()? {
        "resume" => Some(Order::Priority(Interrupt::Resume)),
        "restart" => Some(Order::Priority(Interrupt::Restart)),
        "none" => Some(Order::Priority(Interrupt::None)),
        _ => None,
    }
}

impl Lowering<'_> {
    /// `{crew: TEAM, takes: LAW, priority: N, logistics: LAW, part: NAME, travel: LAW}`.
    pub(super) fn crew_repair(&mut self, at: &At<'_>) -> Option<Repair> {
        let crew = self.required(at, "crew");
        let takes = self.required(at, "takes").and_then(|takes| self.law(&takes));
        let name = crew.as_ref()?.text()?.to_owned();
        let Some(team) = self.teams.iter().find(|team| team.name == name).cloned() else {
            let hint = match self.teams[..] {
                [] => format!("declare it: `teams: {{{name}: {{crews: 1}}}}`"),
                _ => suggestion(&name, self.teams.iter().map(|team| team.name.as_str())),
            };
            let place = crew.as_ref()?.span();
            let problem = Diagnostic::new(Code::NoTeam, format!("there is no team `{name}`"), place);
            self.sink.push(problem.label("not in `teams`").hint(hint));
            return None;
        };
        let by_priority = matches!(team.order, Order::Priority(_));
        let supply = self.supplied(at, &team);
        let priority = self.priority(at, &name, by_priority)?;
        Some(Repair::ByCrew(CrewRepair { team: name, takes: takes?, priority, supply: supply? }))
    }

    fn priority(&mut self, at: &At<'_>, team: &str, by_priority: bool) -> Option<u32> {
        match at.get("priority") {
            None if by_priority => {
                let path = format!("{}.priority", at.path());
                self.assume(path, "1", "a repair without a priority is among the first");
                Some(1)
            }
            None => Some(1),
            Some(given) if !by_priority => {
                self.sink.push(
                    Diagnostic::new(Code::Priority, format!("team `{team}` does not work by priority"), given.span())
                        .label("nobody heeds this")
                        .hint(format!(
                            "remove it, or write `order: {{priority: {{interrupt: resume}}}}` under `teams.{team}`"
                        )),
                );
                None
            }
            Some(given) => self.units(&given),
        }
    }
}
