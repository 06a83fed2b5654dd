//! The story of one incident: who was down, switching or waiting, and when, one lane each, the journey first.

use ninefold_models::results::IncidentEventRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::story::Story;
use crate::terminal::{cause_name, short};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 220.0;
const RIGHT: f64 = WIDTH - 36.0;
const LANE: f64 = 34.0;
const LANES_MAX: usize = 16;
const NAME_MAX: usize = 28;
const LEAST_WIDTH: f64 = 3.0;

/// So much of the incident's length is shown before it and after it.
const AROUND: f64 = 0.15;

/// What keeps somebody from serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Failed,
    Lost,
    Waits,
    Switching,
    Reconfiguring,
    Ejected,
    Reclaimed,
    Withdrawn,
    ByHand,
    Follows,
    Journey,
}

impl Why {
    /// What begins with a kind of transition.
    fn begun_by(kind: &str) -> Option<Self> {
        Some(match kind {
            "failed" | "struck" | "degraded" => Self::Failed,
            "lost" => Self::Lost,
            "ejected" => Self::Ejected,
            "reclaimed" => Self::Reclaimed,
            "withdrawn" => Self::Withdrawn,
            "waits" | "waits_for_part" | "repair_delayed" => Self::Waits,
            "reconfigures" => Self::Reconfiguring,
            "switch_started" | "failover_started" | "failover_deciding" | "failover_approving" | "failover_decided"
            | "step_ready" | "step_calls" | "step_begins" => Self::Switching,
            "switch_failed" | "no_standby" | "failover_override" | "failover_nobody" => Self::ByHand,
            "down" => Self::Follows,
            "journey_down" => Self::Journey,
            _ => return None,
        })
    }

    /// Whether it is over with a kind of transition.
    fn ended_by(self, kind: &str) -> bool {
        match self {
            Self::Failed => matches!(kind, "repaired" | "cleared"),
            Self::Lost => kind == "returned",
            Self::Ejected => kind == "readmitted",
            Self::Reclaimed => kind == "replaced",
            Self::Withdrawn => kind == "announced",
            Self::Waits => matches!(kind, "repair_begins" | "part_comes" | "repair_asked_for"),
            Self::Switching | Self::ByHand => {
                matches!(kind, "switch_started" | "switch_failed" | "no_standby" | "switched")
                    || kind.starts_with("failover_")
                    || kind.starts_with("step_")
            }
            Self::Reconfiguring => kind == "reconfigured",
            Self::Follows => kind == "up",
            Self::Journey => kind == "journey_up",
        }
    }

    const fn ink(self) -> Ink {
        match self {
            Self::Journey => Ink::Series(1),
            Self::Failed => Ink::Series(0),
            Self::Lost | Self::Ejected | Self::Reclaimed | Self::Withdrawn => Ink::Series(3),
            Self::Switching | Self::Reconfiguring => Ink::Series(2),
            Self::ByHand | Self::Waits => Ink::Series(4),
            Self::Follows => Ink::Series(5),
        }
    }

    fn words(self, row: &IncidentEventRow) -> String {
        match self {
            Self::Failed => cause_name(&row.actor),
            Self::Lost => format!("lost with {}", short(&row.actor)),
            Self::Reclaimed => "reclaimed".to_owned(),
            Self::Withdrawn => format!("withdrawn by {}", short(&row.actor)),
            Self::Waits => format!("waits for {}", short(&row.actor)),
            Self::Switching => format!("switches {}", row.detail),
            Self::Reconfiguring | Self::Ejected => cause_name(&row.actor),
            Self::ByHand => "waits for a unit or a person".to_owned(),
            Self::Follows | Self::Journey => row.detail.clone(),
        }
    }
}

/// A span in which something was so.
struct Bar<'a> {
    why: Why,
    row: &'a IncidentEventRow,
    /// Seconds since the journey went down; `None` if it is not over.
    until_s: Option<f64>,
}

/// The bars of one component.
struct Lane<'a> {
    component: &'a str,
    bars: Vec<Bar<'a>>,
}

/// The story as a figure.
pub fn story_figure(story: &Story<'_>) -> Figure {
    let lanes = lanes(story.rows);
    let incident = story.incident;
    let lasted = incident.restored_s - incident.fault_s;
    let name = format::truncated(short(&incident.journey), 24);
    let title = format!(
        "{name} is down for {}, first by {}",
        format::duration(lasted / 3600.0),
        format::truncated(&cause_name(&incident.cause), NAME_MAX)
    );
    let canvas = draw(story, &lanes, &title, lasted);
    let told: Vec<String> = lanes.iter().flat_map(|lane| &lane.bars).take(LANES_MAX).map(words).collect();
    let alt = format!(
        "What held {name} down in incident {} of replication {}: {}.",
        incident.seq,
        incident.rep,
        told.join("; ")
    );
    Figure { name: "incident_story", svg: canvas.into_svg(&title, &alt), title, alt, table: Some("incident_events") }
}

fn words(bar: &Bar<'_>) -> String {
    let until = bar.until_s.map_or_else(|| "the end".to_owned(), |s| format!("{s} s"));
    format!("{} {} from {} s to {until}", bar.row.component, bar.why.words(bar.row), bar.row.after_s)
}

/// The journey first, the others as they come.
fn lanes(rows: &[IncidentEventRow]) -> Vec<Lane<'_>> {
    let mut lanes: Vec<Lane<'_>> = Vec::new();
    for row in rows {
        let place = lanes.iter().position(|lane| lane.component == row.component);
        if let Some(place) = place {
            for bar in &mut lanes[place].bars {
                let same = bar.why != Why::Failed && bar.why != Why::Lost || bar.row.actor == row.actor;
                if bar.until_s.is_none() && same && bar.why.ended_by(row.kind) {
                    bar.until_s = Some(row.after_s);
                }
            }
        }
        let Some(why) = Why::begun_by(row.kind) else { continue };
        let bar = Bar { why, row, until_s: None };
        match place {
            Some(place) => lanes[place].bars.push(bar),
            None => lanes.push(Lane { component: &row.component, bars: vec![bar] }),
        }
    }
    lanes.sort_by_key(|lane| !lane.bars.iter().any(|bar| bar.why == Why::Journey));
    lanes
}

fn draw(story: &Story<'_>, lanes: &[Lane<'_>], title: &str, lasted: f64) -> Canvas {
    let shown = &lanes[..lanes.len().min(LANES_MAX)];
    let more = lanes.len() - shown.len();
    let height = 84.0 + LANE * shown.len() as f64 + if more > 0 { 20.0 } else { 0.0 } + 54.0;
    let mut canvas = Canvas::new(WIDTH, height);
    let earlier = lanes.iter().flat_map(|lane| &lane.bars).any(|bar| bar.row.after_s < -AROUND * lasted);
    let note = if earlier { "; ‹ marks what began before what is shown" } else { "" };
    let below = format!("Replication {} of seed {}{note}", story.incident.rep, story.seed);
    heading(&mut canvas, title, &below);
    let plot = Plot { upper_left: (LEFT, 72.0), lower_right: (RIGHT, height - 54.0) };
    let (unit, size) = unit_of(lasted);
    let x = Scale::linear((-AROUND * lasted, (1.0 + AROUND) * lasted), (LEFT, RIGHT));
    for value in round_steps(lasted / size, 6.0) {
        plot.x_tick(&mut canvas, x.at(value * size), &format::significant(value, 2));
    }
    plot.x_name(&mut canvas, &format!("{unit} since {} went down", short(&story.incident.journey)));
    for (i, lane) in shown.iter().enumerate() {
        draw_lane(&mut canvas, &x, plot.upper_left.1 + LANE * (i as f64 + 0.5), (lane, lasted));
    }
    if more > 0 {
        let y = plot.upper_left.1 + LANE * shown.len() as f64 + 8.0;
        let text = format!("and {more} more");
        canvas.text((LEFT - 10.0, y), text, Face::new(12.0, Ink::Faint).align(Align::Right));
    }
    canvas
}

fn draw_lane(canvas: &mut Canvas, x: &Scale, y: f64, (lane, lasted): (&Lane<'_>, f64)) {
    canvas.line(&[(LEFT, y + 4.0), (RIGHT, y + 4.0)], Pen::solid(Ink::Edge, 1.0));
    let name = format::truncated(lane.component, NAME_MAX);
    canvas.text((LEFT - 10.0, y + 4.0), name, Face::new(13.0, Ink::Text).align(Align::Right));
    let mut free = LEFT;
    for bar in &lane.bars {
        let (from, to) = (x.at(bar.row.after_s), bar.until_s.map_or(RIGHT, |until| x.at(until)));
        let to = to.max(from + LEAST_WIDTH);
        canvas.rect((from, y - 2.0), (to, y + 10.0), bar.why.ink());
        if bar.row.after_s < -AROUND * lasted {
            canvas.text((LEFT + 2.0, y + 4.0), "‹", Face::new(13.0, Ink::Paper).bold());
        }
        let face = Face::new(10.5, Ink::Faint);
        let text = format::truncated(&bar.why.words(bar.row), 44);
        let at = from.max(free).min(RIGHT - face.width(&text)).max(LEFT);
        // Where words would run into one another the bars speak for themselves.
        if at >= free {
            free = at + face.width(&text) + 8.0;
            canvas.text((at, y - 9.0), text, face);
        }
    }
}

/// The unit in which a span of seconds reads well, and its size.
fn unit_of(seconds: f64) -> (&'static str, f64) {
    match seconds {
        s if s < 180.0 => ("seconds", 1.0),
        s if s < 3.0 * 3600.0 => ("minutes", 60.0),
        s if s < 96.0 * 3600.0 => ("hours", 3600.0),
        _ => ("days", 86_400.0),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn bars_last_from_what_begins_to_what_ends_them() {
        let results = ToyShop::new().results;
        let lanes = lanes(&results.incident_events);
        assert_eq!(lanes[0].component, "journeys.checkout");
        let bars = |component: &str| {
            let lane = lanes.iter().find(|lane| lane.component == component).unwrap();
            lane.bars.iter().map(|bar| (bar.why, bar.row.after_s, bar.until_s)).collect::<Vec<_>>()
        };
        assert_eq!(bars("journeys.checkout"), [(Why::Journey, 0.0, Some(720.0))]);
        assert_eq!(bars("domains.eu-1b"), [(Why::Failed, -5400.0, None)]);
        let db =
            [(Why::Switching, 0.0, Some(30.0)), (Why::Follows, 0.0, Some(720.0)), (Why::ByHand, 30.0, Some(720.0))];
        assert_eq!(bars("components.db"), db);
    }

    #[test]
    fn the_figure_is_legible_and_escaped() {
        let mut results = ToyShop::new().results;
        results.incident_events[0].component = "</svg><script>".into();
        let incident = results.incidents.iter().find(|row| (row.rep, row.seq) == (517, 1)).unwrap();
        let story = Story { scenario: "shop", seed: 7, incident, rows: &results.incident_events };
        let figure = story_figure(&story);
        assert!(figure.svg.contains("prefers-color-scheme: dark") && !figure.svg.contains("<script"));
        assert!(!figure.svg.contains("NaN") && figure.alt.contains("switches to db/eu-1c/3"));
    }
}
