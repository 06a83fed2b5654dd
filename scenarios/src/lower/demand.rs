//! Demand over time: what multiplies a level, cut wherever any of it changes.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};
use ninefold_models::system::{COURSE_STEPS_MAX, Course, Level, Noise, Variation};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::read::At;
use super::{forecast, profile};
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

/// Every key of a demand that is read.
const ALL: [&str; 10] =
    ["level", "growth", "daily", "weekly", "yearly", "noise", "share_of", "ratio", "profile", "forecast"];

/// Where a demand comes from: one of these.
const BASES: [&str; 4] = ["level", "profile", "forecast", "share_of"];

/// Steps of one ramp; each has the height of its middle, so that the area is that of the ramp.
const RAMP_STEPS: u32 = 16;

/// A business event that multiplies the demand of every journey.
#[derive(Clone, Debug)]
struct Peak {
    /// Hours since the start at which it begins to rise, is up, begins to fall, is over.
    corners: [f64; 4],
    multiplier: f64,
}

/// `calendar.peaks`.
#[derive(Clone, Debug, Default)]
pub(super) struct Peaks(Vec<Peak>);

/// What multiplies a level, by parts of local time and from dates on.
struct Shape {
    zone: TimeZone,
    daily: Option<Vec<f64>>,
    weekly: Option<Vec<f64>>,
    yearly: Option<Vec<f64>>,
    annual: f64,
    /// Hours since the start, and the factor from then on.
    initiatives: Vec<(f64, f64)>,
}

pub(super) fn peaks(cx: &mut Lowering<'_>, top: &At<'_>, calendar: &Calendar) -> Peaks {
    let Some(section) = top.get("calendar").and_then(|calendar| calendar.get("peaks")) else { return Peaks::default() };
    let mut all = Vec::new();
    for (_, at) in section.entries() {
        let from = cx.required(&at, "from").and_then(|from| hours_at(cx, &from, calendar));
        let mut length = |key: &str| at.get(key).and_then(|at| cx.duration(&at)).map_or(0.0, Hours::get);
        let (up, down) = (length("ramp_up"), length("ramp_down"));
        let hold = cx.required(&at, "hold").and_then(|hold| cx.duration(&hold));
        let multiplier = cx.required(&at, "multiplier").and_then(|at| cx.number(&at));
        if let (Some(from), Some(hold), Some(multiplier)) = (from, hold, multiplier) {
            let corners = [from, from + up, from + up + hold.get(), from + up + hold.get() + down];
            all.push(Peak { corners, multiplier });
        }
    }
    Peaks(all)
}

/// Hours from the start to an instant.
pub(super) fn hours_at(cx: &mut Lowering<'_>, at: &At<'_>, calendar: &Calendar) -> Option<f64> {
    let value = values::start(at.text()?).ok()?;
    match value.in_zone(calendar.start.time_zone()) {
        Ok(instant) => Some(calendar.hours_to(&instant)),
        Err(refusal) => {
            cx.sink.push(refusal.at(at.span()));
            None
        }
    }
}

/// `demand` of a journey; of one that follows another, what that one has.
pub(super) fn lower(
    cx: &mut Lowering<'_>,
    (journey, at): (&str, &At<'_>),
    (calendar, peaks): (&Calendar, &Peaks),
    others: &BTreeMap<String, Level>,
) -> Option<Level> {
    if !at.is_map() {
        let rate = cx.flow(at)?;
        return Some(with_course(cx, at, Level::from(rate), peaks.course(calendar)));
    }
    let given: Vec<&str> = BASES.into_iter().filter(|key| at.get(key).is_some()).collect();
    let [only] = given[..] else {
        if given.is_empty() {
            return cx.required(at, "level").map(|_| Level::from(0.0));
        }
        let message = format!("a demand has either `{}`", given.join("` or `"));
        cx.sink.push(Diagnostic::new(Code::Variant, message, at.span()).hint("keep one of them"));
        return None;
    };
    let allowed: &[&str] = match only {
        "level" => &["level", "growth", "daily", "weekly", "yearly", "noise"],
        "profile" => &["profile", "growth", "noise"],
        "forecast" => &["forecast", "growth"],
        _ => &["share_of", "ratio"],
    };
    for (key, entry) in at.variants() {
        if ALL.contains(&key) && !allowed.contains(&key) {
            cx.sink.push(
                Diagnostic::new(Code::Variant, format!("`{key}` does not go with `{only}`"), entry.key_span())
                    .why("it would say the same thing twice, or nothing")
                    .hint(format!("beside `{only}` stand {}", allowed[1..].join(", "))),
            );
        }
    }
    if only == "share_of" {
        return follow(cx, at, others);
    }
    let mut variation = at.get("noise").and_then(|at| noise(cx, journey, &at)).map(Variation::Noise);
    let base = match only {
        "profile" => profile::lower(cx, &at.get("profile")?, calendar)?,
        "forecast" => {
            no_growth_twice(cx, at);
            let (mean, paths) = forecast::lower(cx, (journey, &at.get("forecast")?), calendar)?;
            variation = Some(Variation::Paths(paths));
            Level::from(mean)
        }
        _ => Level::from(at.get("level").and_then(|at| cx.flow(&at))?),
    };
    let shape = shape(cx, at, calendar)?;
    let mut cuts = shape.cuts(calendar);
    cuts.extend(peaks.cuts(calendar));
    let before = base.course.unwrap_or_default();
    cuts.extend(before.steps.iter().map(|step| step.0.get()));
    let factor = |hours: f64| profile::factor(&before, hours) * shape.at(calendar, hours) * peaks.at(hours);
    let course = Course { steps: steps(cuts, calendar.horizon_h, factor), variation };
    Some(with_course(cx, at, Level::from(base.rate), course))
}

/// A forecast has the growth of its history; initiatives are news to it.
fn no_growth_twice(cx: &mut Lowering<'_>, at: &At<'_>) {
    if let Some(annual) = at.get("growth").and_then(|growth| growth.get("annual")) {
        let problem = Diagnostic::new(Code::Variant, "`annual` growth does not go with `forecast`", annual.key_span());
        cx.sink.push(
            problem
                .why("the forecast continues the growth of its history, and it would count twice")
                .hint("keep `initiatives`, which the history does not know"),
        );
    }
}

/// The level with its course, if that is not too long and says anything.
fn with_course(cx: &mut Lowering<'_>, at: &At<'_>, level: Level, course: Course) -> Level {
    if course.steps.len() > COURSE_STEPS_MAX {
        let message = format!("this changes {} times; at most {COURSE_STEPS_MAX} times", course.steps.len());
        cx.sink.push(
            Diagnostic::new(Code::Limit, message, at.key_span()).hint("shorten the horizon, or coarsen the shape"),
        );
        return level;
    }
    let varies = course.variation.is_some() || course.steps.iter().any(|step| step.1 != 1.0);
    Level { course: varies.then_some(course), ..level }
}

fn follow(cx: &mut Lowering<'_>, at: &At<'_>, others: &BTreeMap<String, Level>) -> Option<Level> {
    let (other, ratio) = (at.get("share_of")?, cx.required(at, "ratio").and_then(|at| cx.number(&at)));
    let name = other.text()?;
    let Some(level) = others.get(name) else {
        cx.sink.push(
            Diagnostic::new(Code::NoJourney, format!("`{name}` has no demand to follow"), other.span())
                .label("no journey with a demand of its own")
                .hint(crate::nearest::suggestion(name, others.keys().map(String::as_str))),
        );
        return None;
    };
    Some(Level { rate: level.rate * ratio?, course: level.course.clone() })
}

fn noise(cx: &mut Lowering<'_>, journey: &str, at: &At<'_>) -> Option<Noise> {
    let cv = cx.required(at, "cv").and_then(|at| cx.number(&at))?;
    let time = cx.required(at, "correlation_time")?;
    let correlation = cx.duration(&time)?;
    if correlation.get() * 3600.0 < 1e-3 {
        let message = "noise that forgets within less than 1 ms";
        cx.sink.push(Diagnostic::new(Code::Range, message, time.span()).hint("write minutes, as in `10min`"));
        return None;
    }
    Some(Noise { cv, correlation, name: journey.to_owned() })
}

fn shape(cx: &mut Lowering<'_>, at: &At<'_>, calendar: &Calendar) -> Option<Shape> {
    let daily = at.get("daily");
    let zone = daily.as_ref().and_then(|daily| daily.get("zone")).and_then(|zone| values::zone(zone.text()?).ok());
    let hours = daily.and_then(|daily| cx.required(&daily, "shape"));
    let mut factors = |list: Option<At<'_>>, count: usize| match list {
        Some(list) => factors(cx, &list, count).map(Some),
        None => Some(None),
    };
    let (daily, weekly) = (factors(hours, 24), factors(at.get("weekly"), 7));
    let yearly = factors(at.get("yearly"), 12);
    let growth = at.get("growth");
    let annual = growth.as_ref().and_then(|growth| growth.get("annual")).and_then(|at| cx.signed(&at)).unwrap_or(0.0);
    let mut initiatives = Vec::new();
    for at in growth.and_then(|growth| growth.get("initiatives")).map(|list| list.items()).unwrap_or_default() {
        let from = cx.required(&at, "from").and_then(|from| hours_at(cx, &from, calendar));
        let uplift = cx.required(&at, "uplift").and_then(|at| cx.signed(&at));
        initiatives.extend(from.zip(uplift.map(|uplift| 1.0 + uplift)));
    }
    let zone = zone.unwrap_or_else(|| calendar.start.time_zone().clone());
    Some(Shape { zone, daily: daily?, weekly: weekly?, yearly: yearly?, annual, initiatives })
}

fn factors(cx: &mut Lowering<'_>, list: &At<'_>, count: usize) -> Option<Vec<f64>> {
    let items = list.items();
    if items.len() != count {
        let message = format!("{} factors where {count} are needed", items.len());
        cx.sink.push(Diagnostic::new(Code::Range, message, list.span()).hint(format!("write {count} numbers")));
        return None;
    }
    items.iter().map(|item| cx.number(item)).collect()
}

/// Instants with the factor from each on; pieces take the factor of their middle.
fn steps(mut cuts: Vec<f64>, horizon_h: f64, factor: impl Fn(f64) -> f64) -> Vec<(Hours, f64)> {
    cuts.retain(|&cut| cut > 0.0 && cut < horizon_h);
    cuts.push(0.0);
    cuts.sort_by(f64::total_cmp);
    cuts.dedup_by(|later, earlier| *later - *earlier < 1e-9);
    let ends = cuts.iter().skip(1).copied().chain([horizon_h]);
    let mut steps: Vec<(Hours, f64)> = Vec::new();
    for (&from, to) in cuts.iter().zip(ends) {
        let value = factor(f64::midpoint(from, to));
        if steps.last().is_none_or(|last| last.1 != value) {
            steps.push((Hours::new(from), value));
        }
    }
    steps
}

impl Shape {
    fn at(&self, calendar: &Calendar, hours: f64) -> f64 {
        let local = calendar.instant(hours).with_time_zone(self.zone.clone());
        let by = |factors: &Option<Vec<f64>>, place: i8| factors.as_ref().map_or(1.0, |all| all[place as usize]);
        let days = libm::floor(hours / 24.0);
        let growth = libm::pow(1.0 + self.annual, days / 365.0);
        let lifted = self.initiatives.iter().filter(|(from, _)| *from <= hours).map(|(_, factor)| factor);
        by(&self.daily, local.hour())
            * by(&self.weekly, local.weekday().to_monday_zero_offset())
            * by(&self.yearly, local.month() - 1)
            * growth
            * lifted.product::<f64>()
    }

    /// Every instant at which it may change: local hours, local midnights, days since the start, dates.
    fn cuts(&self, calendar: &Calendar) -> Vec<f64> {
        let mut cuts: Vec<f64> = self.initiatives.iter().map(|(from, _)| *from).collect();
        let start = calendar.start.with_time_zone(self.zone.clone());
        if self.daily.is_some() {
            let to_hour = i64::from(60 - start.minute()) * 60 - i64::from(start.second());
            walk(calendar, start.checked_add(Span::new().seconds(to_hour)).ok(), 1.hours(), &mut cuts);
        } else if self.weekly.is_some() || self.yearly.is_some() {
            let tomorrow = start.start_of_day().ok().and_then(|day| day.checked_add(1.days()).ok());
            walk(calendar, tomorrow, 1.days(), &mut cuts);
        }
        if self.annual != 0.0 {
            let days = libm::ceil(calendar.horizon_h / 24.0) as u32;
            cuts.extend((1..days.min(COURSE_STEPS_MAX as u32 + 1)).map(|day| f64::from(day) * 24.0));
        }
        cuts
    }
}

/// From one instant on by equal spans to the horizon, at most one beyond what a course may have.
fn walk(calendar: &Calendar, from: Option<Zoned>, by: Span, cuts: &mut Vec<f64>) {
    let mut next = from;
    while let Some(at) = next {
        let hours = calendar.hours_to(&at);
        if hours >= calendar.horizon_h || cuts.len() > COURSE_STEPS_MAX {
            break;
        }
        cuts.push(hours);
        next = at.checked_add(by).ok();
    }
}

impl Peaks {
    /// What peaks alone make of a constant level.
    fn course(&self, calendar: &Calendar) -> Course {
        Course { steps: steps(self.cuts(calendar), calendar.horizon_h, |hours| self.at(hours)), variation: None }
    }

    /// The product of all of them.
    fn at(&self, hours: f64) -> f64 {
        self.0.iter().map(|peak| 1.0 + (peak.multiplier - 1.0) * peak.height(hours)).product()
    }

    fn cuts(&self, calendar: &Calendar) -> Vec<f64> {
        let ramp = |from: f64, to: f64| {
            let steps = if to > from { RAMP_STEPS } else { 0 };
            (0..=steps).map(move |i| from + (to - from) * f64::from(i) / f64::from(RAMP_STEPS))
        };
        let of = |peak: &Peak| ramp(peak.corners[0], peak.corners[1]).chain(ramp(peak.corners[2], peak.corners[3]));
        self.0.iter().flat_map(of).filter(|&cut| cut < calendar.horizon_h).collect()
    }
}

impl Peak {
    /// 0..=1.
    fn height(&self, hours: f64) -> f64 {
        let [rises, up, falls, over] = self.corners;
        if hours < rises || hours >= over {
            0.0
        } else if hours < up {
            (hours - rises) / (up - rises)
        } else if hours < falls {
            1.0
        } else {
            (over - hours) / (over - falls)
        }
    }
}
