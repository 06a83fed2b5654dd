//! The story of an incident in words.

mod failover;
mod json_lines;

use std::fmt::Write;

use ninefold_models::results::{IncidentEventRow, IncidentRow};

use crate::format;
use crate::terminal::{cause_name, short};

pub use json_lines::{json_lines, line_schema};

/// A story with what it is of.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The seed of the run.
    pub seed: u64,
    /// The incident.
    pub incident: &'a IncidentRow,
    /// Its transitions.
    pub rows: &'a [IncidentEventRow],
}

impl Story<'_> {
    /// The story on a screen, ending in a newline.
    pub fn text(&self) -> String {
        let IncidentRow { rep, seq, journey, cause, fault_s, restored_s, censored, .. } = self.incident;
        let lasted = format::duration((restored_s - fault_s) / 3600.0);
        let mut out =
            format!("{} · replication {rep}, seed {} · incident {seq} of {journey}\n", self.scenario, self.seed);
        let _ = writeln!(out, "down for {lasted} from {} on, first by {}\n", clock(*fault_s), cause_name(cause));
        let lines: Vec<[String; 5]> = self.lines();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2), width(3)];
        for [number, at, since, what, from] in &lines {
            let [a, b, c, d] = widths;
            let line = format!("{number:>a$}  {at:>b$}  {since:>c$}  {what:<d$}  {from}");
            let _ = writeln!(out, "{}", line.trim_end());
        }
        if *censored && !self.rows.iter().any(|row| row.kind == "journey_up") {
            let _ = writeln!(out, "\n{} is still down when the replication ends", short(journey));
        }
        out
    }

    /// Number, time, time since the journey went down, what happened, and the number of what that follows from. Units that
    /// a domain takes with it, or gives back, share a line.
    fn lines(&self) -> Vec<[String; 5]> {
        let head = ["#", "at", "since down", "what happened", "from"].map(str::to_owned);
        let together = |a: &IncidentEventRow, b: &IncidentEventRow| {
            matches!(a.kind, "lost" | "returned") && (a.kind, a.t_s, a.parent) == (b.kind, b.t_s, b.parent)
        };
        // What shares a line goes by its first number.
        let firsts: Vec<u64> = self.rows.chunk_by(together).map(|alike| alike[0].seq).collect();
        let shown = |seq: u64| firsts[firsts.partition_point(|first| *first <= seq).saturating_sub(1)];
        let line = |alike: &[IncidentEventRow]| {
            let row = &alike[0];
            let more = if alike.len() > 1 { format!(" and {} more", alike.len() - 1) } else { String::new() };
            let from = row.parent.map_or_else(String::new, |parent| format!("← {}", shown(parent)));
            [row.seq.to_string(), clock(row.t_s), since(row.after_s), self.sentence(row, &more), from]
        };
        std::iter::once(head).chain(self.rows.chunk_by(together).map(line)).collect()
    }

    fn sentence(&self, row: &IncidentEventRow, more: &str) -> String {
        let IncidentEventRow { actor, component, detail, .. } = row;
        let began = row.parent.and_then(|parent| self.rows.get(parent as usize));
        let after = began
            .map_or_else(String::new, |began| format!(" after {}", format::duration((row.t_s - began.t_s) / 3600.0)));
        let and_detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
        match row.kind {
            "failed" if !detail.is_empty() => format!("{component} fails: {}, {detail}", cause_name(actor)),
            "failed" => format!("{component} fails: {}", cause_name(actor)),
            "struck" => format!("{component} is struck by {}{and_detail}", cause_name(actor)),
            "degraded" => format!("{component} is degraded by {}{and_detail}", cause_name(actor)),
            "repair_delayed" => format!("the repair of {component} has yet to be asked for"),
            "repair_asked_for" => format!("the repair of {component} is asked for{after}"),
            "waits_for_part" => format!("the repair of {component} waits for a part: {}", cause_name(actor)),
            "part_comes" => format!("the repair of {component} has its part{after}"),
            "waits" => format!("the repair of {component} waits for a crew of {actor}"),
            "repair_begins" => format!("a crew of {actor} takes up the repair of {component}"),
            "repaired" => format!("{component} is mended of {}{after}", cause_name(actor)),
            "restores" => format!("{component} come back from a backup after {}{and_detail}", cause_name(actor)),
            "restored" => format!("{component} are back{after}"),
            "lost" => format!("{component}{more} lost with {actor}"),
            "returned" => format!("{component}{more} back with {actor}"),
            "switch_started" => format!("{component} begins to switch {detail}"),
            "switch_failed" => format!("the switch of {component} fails{after}"),
            "no_standby" => format!("nobody is able to fill the place in {component}"),
            "reconfigures" => format!("{component} deals with the failure: {}", cause_name(actor)),
            "reconfigured" => format!("{component} has dealt with the failure{after}"),
            "ejected" => format!("the health check takes {component} out of rotation"),
            "started" => format!("{component} serves, started by its autoscaler{after}"),
            "removed" => format!("{component} is removed by its autoscaler{after}"),
            "cleared" => format!("the restart of {component} ends {}{after}", cause_name(actor)),
            "reclaimed" => format!("the provider takes {component} back"),
            "replaced" => format!("what replaces {component} serves{after}"),
            "warms_up" => format!("{component} serves, and warms up"),
            "warm" => format!("{component} is warm{after}"),
            "readmitted" => format!("{component} is back in rotation{after}"),
            "withdrawn" => format!("{actor} sends clients to {component} no longer"),
            "announced" => format!("{actor} sends clients to {component} again{after}"),
            "election_begins" => format!("{} begins: a quorum, and no leader", cause_name(actor)),
            "election_ends" => format!("{} ends{after}", cause_name(actor)),
            "two_writers" => format!("{component}: several sides take writes"),
            "one_writer" => format!("{component}: no more than one side takes writes"),
            "switched" => format!("{component} has switched {detail}"),
            "down" => format!("{component} goes down{and_detail}"),
            "up" => format!("{component} is up again{and_detail}"),
            "journey_down" => format!("{component} GOES DOWN{and_detail}"),
            "journey_up" => format!("{component} IS UP AGAIN{and_detail}"),
            _ => self.of_plan(row).unwrap_or_else(|| format!("{component} {detail}")),
        }
    }
}

/// `12 d 04:33:10`; the fraction of a second only where there is one.
fn clock(seconds: f64) -> String {
    let thousandths = (seconds * 1000.0) as u64;
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    let time = format!("{} d {:02}:{:02}:{:02}", whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
    if rest == 0 { time } else { format!("{time}.{rest:03}") }
}

/// `+30 s`, `−4 h`, `0`.
fn since(seconds: f64) -> String {
    match seconds {
        0.0 => "0".to_owned(),
        s if s < 0.0 => format!("−{}", format::duration(-s / 3600.0)),
        s => format!("+{}", format::duration(s / 3600.0)),
    }
}

#[cfg(test)]
mod tests {
    use ninefold_models::results::INCIDENT_EVENT_KINDS;

    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn a_story_reads_as_agreed() {
        let results = ToyShop::new().results;
        let first = &results.incident_events[0];
        let same = |incident: &&IncidentRow| {
            (incident.rep, &incident.journey, incident.seq) == (first.rep, &first.journey, first.incident)
        };
        let Some(incident) = results.incidents.iter().find(same) else { panic!("the story is of an incident") };
        let story = Story { scenario: "two-tier shop", seed: 7, incident, rows: &results.incident_events };
        insta::assert_snapshot!(story.text());
    }

    #[test]
    fn every_kind_of_transition_has_its_words() {
        let results = ToyShop::new().results;
        let mut rows = results.incident_events[..1].to_vec();
        for (kind, _) in INCIDENT_EVENT_KINDS {
            (rows[0].kind, rows[0].component, rows[0].detail) = (kind, "web/1".to_owned(), String::new());
            let story = Story { scenario: "", seed: 7, incident: &results.incidents[0], rows: &rows };
            let sentence = story.sentence(&rows[0], "");
            // These say all in their detail.
            let in_detail = ["journey_serves", "failover_ended"].contains(&kind);
            assert!(in_detail || sentence.trim() != "web/1", "{kind}: {sentence:?}");
        }
    }

    #[test]
    fn times_are_whole_where_they_can_be() {
        assert_eq!(clock(93_784.0), "1 d 02:03:04");
        assert_eq!(clock(0.25), "0 d 00:00:00.250");
        assert_eq!([since(0.0), since(30.0), since(-14_400.0)], ["0", "+30 s", "−4.0 h"]);
    }
}
