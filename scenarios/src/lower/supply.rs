//! What crews need beside themselves: hours to work, parts, a way to go; and what is lost without them.

use ninefold_models::system::{JourneyValueSpec, Order, SparesSpec, SupplySpec, SystemSpec, TeamSpec};

use super::Lowering;
use super::read::At;
use super::weekly::Spans;
use super::windows::Measured;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

fn refused(message: impl Into<String>, at: &At<'_>, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Crew, message, at.key_span()).hint(hint)
}

impl Lowering<'_> {
    /// When a team works; `None` is always.
    pub(super) fn crew_hours(&mut self, team: &At<'_>, order: Order, clock: &Measured) -> Option<Spans> {
        let at = team.get("hours")?;
        if order == Order::Shared {
            let message = "crews that share all repairs and work at certain hours are not supported yet";
            self.sink.push(Diagnostic::new(Code::NotYet, message, at.key_span()).hint("give another `order`"));
        }
        if clock.to_first_failure {
            let message = "a run to the first failure has no end until which hours could be laid";
            self.sink.push(refused(message, &at, "remove `run.until`, or `hours`"));
        }
        let spans = self.weekly_window(&at, clock)?;
        if spans.is_empty() {
            let message = "the team does not work before the horizon";
            self.sink.push(refused(message, &at, "give hours that begin before the horizon, or a later horizon"));
        }
        Some(spans)
    }

    /// The parts that a team keeps.
    pub(super) fn spares(&mut self, team: &At<'_>) -> Vec<SparesSpec> {
        let Some(section) = team.get("spares") else { return Vec::new() };
        section.entries().into_iter().map(|(name, at)| self.spare(name, &at)).collect()
    }

    /// One that could not be read whole still answers to its name.
    fn spare(&mut self, name: &str, at: &At<'_>) -> SparesSpec {
        let stock = self.required(at, "stock").and_then(|stock| self.units_or_none(&stock));
        let lead_time = self.required(at, "lead_time");
        let lead_time = lead_time.and_then(|law| if law.text() == Some("never") { None } else { self.law(&law) });
        let batch = match at.get("batch") {
            Some(batch) => self.units(&batch).unwrap_or(1),
            None => {
                self.assume(format!("{}.batch", at.path()), "1", "a part is ordered for each that is asked for");
                1
            }
        };
        if let (Some(stock), Some(at)) = (stock.filter(|stock| batch > (*stock).max(1)), at.get("batch")) {
            let problem =
                refused(format!("orders of {batch} parts for a store of {stock}"), &at, "give at most the stock");
            self.sink.push(problem.why("repairs would wait for parts that nobody orders until more things fail"));
        }
        SparesSpec { name: name.to_owned(), stock: stock.unwrap_or(0), batch, lead_time }
    }

    /// A count that may be 0.
    fn units_or_none(&mut self, at: &At<'_>) -> Option<u32> {
        self.count(at).and_then(|count| u32::try_from(count).ok())
    }

    /// What a repair by a crew of a team needs beside the crew; `None` where something is wrong with it.
    pub(super) fn supplied(&mut self, at: &At<'_>, team: &TeamSpec) -> Option<Option<Box<SupplySpec>>> {
        let law = |cx: &mut Self, key: &str| at.get(key).map_or(Some(None), |law| cx.law(&law).map(Some));
        let (logistics, travel) = (law(self, "logistics"), law(self, "travel"));
        let part = match at.get("part") {
            None => Some(None),
            Some(part) => self.part_of(&part, team).map(Some),
        };
        let supply = SupplySpec { logistics: logistics?, part: part?, travel: travel? };
        let needs = supply != SupplySpec::default();
        Some(needs.then(|| Box::new(supply)))
    }

    fn part_of(&mut self, at: &At<'_>, team: &TeamSpec) -> Option<String> {
        let name = at.text()?;
        if team.spares.iter().any(|spares| spares.name == name) {
            return Some(name.to_owned());
        }
        let hint = match team.spares[..] {
            [] => format!("declare it: `teams.{}.spares: {{{name}: {{stock: 1, lead_time: 7d}}}}`", team.name),
            _ => suggestion(name, team.spares.iter().map(|spares| spares.name.as_str())),
        };
        let message = format!("team `{}` keeps no part `{name}`", team.name);
        self.sink.push(Diagnostic::new(Code::NoPart, message, at.span()).label("not in its `spares`").hint(hint));
        None
    }

    /// What a success of a journey is worth, where somebody reads it.
    pub(super) fn journey_value(&mut self, journey: &str, at: &At<'_>, spec: &mut SystemSpec) {
        let Some(value) = at.get("value").filter(At::is_map) else { return };
        if !self.teams.iter().any(|team| team.order.chooses()) {
            let message = "nothing reads the value of a success but teams that work by what is lost; \
                           other uses are not supported yet";
            let hint = "give a team `order: loss_rate`, or remove it";
            self.sink.push(Diagnostic::new(Code::NotYet, message, value.key_span()).hint(hint));
        }
        if let Some(per_success) = self.required(&value, "per_success").and_then(|at| self.number(&at)) {
            spec.journey_values.push(JourneyValueSpec { journey: journey.to_owned(), per_success });
        }
    }

    /// Tells what teams that work by what is lost make of journeys that do not say it.
    pub(super) fn assume_worth(&mut self, spec: &SystemSpec) {
        if !self.teams.iter().any(|team| team.order.chooses()) {
            return;
        }
        let (value, why) = match spec.journey_values.is_empty() {
            true => ("{per_success: 1}", "no journey says what a success is worth, so all are worth the same"),
            false => ("{per_success: 0}", "a journey that does not say what a success is worth loses nothing"),
        };
        for journey in &spec.journeys {
            if !spec.journey_values.iter().any(|said| said.journey == journey.name) {
                self.remark(format!("journeys.{}.value", journey.name), value, why);
            }
        }
    }
}
