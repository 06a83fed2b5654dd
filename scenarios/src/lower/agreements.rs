//! `agreements`.

use ninefold_models::system::{AgreementSpec, Indicator, SystemSpec, Target};

use super::read::At;
use super::windows::{Measured, lay};
use super::{Lowering, request_level};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;
use crate::values;

pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, clock: &Measured, spec: &mut SystemSpec) {
    let Some(section) = top.get("agreements") else { return };
    for (name, at) in section.entries() {
        if let Some(agreement) = one(cx, name, &at, (clock, spec)) {
            spec.agreements.push(agreement);
        }
    }
}

fn one(cx: &mut Lowering<'_>, name: &str, at: &At<'_>, scene: (&Measured, &SystemSpec)) -> Option<AgreementSpec> {
    let (clock, spec) = scene;
    let journey = journey(cx, at, spec);
    let sli = cx.required(at, "sli");
    let target = cx.required(at, "target");
    let zone = match at.get("zone") {
        Some(zone) => zone.text().and_then(|text| values::zone(text).ok()),
        None => Some(clock.start.time_zone().clone()),
    };
    if at.get("maintenance").is_none() {
        cx.assume(
            "agreements.*.maintenance",
            "include",
            "planned maintenance counts unless an agreement says otherwise",
        );
    }
    let laid = cx.required(at, "window").zip(zone).and_then(|(window, zone)| lay(cx, &window, &zone, clock));
    let indicator = sli
        .as_ref()
        .and_then(|sli| indicator(cx, (at, sli), laid.as_ref().map(|(_, windows)| windows.as_slice()), spec));
    let target = target.and_then(|target| self::target(cx, &target, indicator, sli.as_ref()));
    let (window_kind, windows) = laid?;
    Some(AgreementSpec {
        name: name.to_owned(),
        journey: journey?,
        indicator: indicator?,
        target: target?,
        window_kind,
        windows,
    })
}

fn journey(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<String> {
    let journey = cx.required(at, "journey")?;
    let name = journey.text()?;
    if spec.journeys.iter().any(|known| known.name == name) {
        return Some(name.to_owned());
    }
    let names = spec.journeys.iter().map(|known| known.name.as_str());
    cx.sink.push(
        Diagnostic::new(Code::NoJourney, format!("there is no journey `{name}`"), journey.span())
            .hint(suggestion(name, names)),
    );
    None
}

/// What an agreement measures where requests are followed: their answers. Its time is that of the flow, which knows nothing
/// of waits, losses and retries.
fn of_requests(cx: &mut Lowering<'_>, at: &At<'_>, (sli, indicator): (&At<'_>, Indicator)) -> Option<Indicator> {
    if indicator == Indicator::SuccessRatio {
        let Some(latency) = at.get("latency") else { return Some(Indicator::Answered(None)) };
        let below = cx.required(&latency, "below").and_then(|below| cx.duration(&below))?;
        return Some(Indicator::Answered(Some(below)));
    }
    let message = "an agreement on time beside requests that are simulated one by one is not supported yet";
    let problem = Diagnostic::new(Code::NotYet, message, sli.span());
    cx.sink.push(
        problem
            .why("up and down are those of the flow, which knows nothing of waits, losses and retries")
            .hint("write `sli: success_ratio`, or remove `run.demand_mode`"),
    );
    None
}

fn indicator(
    cx: &mut Lowering<'_>,
    (at, sli): (&At<'_>, &At<'_>),
    windows: Option<&[ninefold_models::system::Window]>,
    spec: &SystemSpec,
) -> Option<Indicator> {
    let indicator = match sli.text()? {
        "good_minutes" | "uptime" => Indicator::GoodMinutes,
        "success_ratio" => Indicator::SuccessRatio,
        _ => return None,
    };
    let is_time = indicator == Indicator::GoodMinutes;
    if spec.queueing.follows_all() && (is_time || at.get("slice").is_none()) {
        return of_requests(cx, at, (sli, indicator));
    }
    if let Some(latency) = at.get("latency") {
        request_level::refuse_in_flow(cx, (&latency, "latency"));
    }
    let Some(slice) = at.get("slice") else { return Some(indicator) };
    let length = cx.duration(&slice)?;
    let refuse = |message: &str, hint: &str| {
        Diagnostic::new(Code::Slice, message.to_owned(), slice.span())
            .why("a slice is a part of a window that any bad instant spoils")
            .hint(hint.to_owned())
    };
    if indicator == Indicator::SuccessRatio {
        cx.sink.push(refuse("a success ratio has no slices", "remove `slice`, or write `sli: good_minutes`"));
        return None;
    }
    let shortest =
        windows.into_iter().flatten().map(|window| window.end - window.start).reduce(|a, b| if b < a { b } else { a });
    if length.get() <= 0.0 || shortest.is_some_and(|shortest| length > shortest) {
        cx.sink.push(refuse("a slice is longer than 0 and no longer than its window", "write `slice: 60s`"));
        return None;
    }
    Some(Indicator::GoodSlices(length))
}

fn target(cx: &mut Lowering<'_>, at: &At<'_>, indicator: Option<Indicator>, sli: Option<&At<'_>>) -> Option<Target> {
    let Some(downtime) = at.get("downtime_at_most") else { return cx.ratio(at).map(Target::AtLeast) };
    let limit = cx.duration(&downtime)?;
    if let (Some(Indicator::SuccessRatio | Indicator::Answered(_)), Some(sli)) = (indicator, sli) {
        cx.sink.push(
            Diagnostic::new(Code::TargetIndicator, "a success ratio has no downtime", downtime.key_span())
                .secondary(sli.span(), "measures demand, not time")
                .why("a limit on downtime needs an indicator of time")
                .hint("write `sli: uptime`, or a ratio as the target"),
        );
        return None;
    }
    Some(Target::DowntimeAtMost(limit))
}
