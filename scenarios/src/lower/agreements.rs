//! `agreements`.

use ninefold_models::system::{AgreementSpec, Indicator, SystemSpec, Target};

use super::Lowering;
use super::read::At;
use super::windows::{Measured, lay};
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
    let indicator =
        sli.as_ref().and_then(|sli| indicator(cx, at, sli, laid.as_ref().map(|(_, windows)| windows.as_slice())));
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

/// What an agreement measures is the flow: where each request is followed, it would speak of something else.
fn refuse_request_level(cx: &mut Lowering<'_>, journey: &At<'_>, spec: &SystemSpec) {
    if spec.queueing.request_level.is_some() {
        let problem = Diagnostic::new(
            Code::NotYet,
            "an agreement on requests that are simulated one by one is not supported yet",
            journey.span(),
        );
        cx.sink.push(
            problem
                .why("agreements measure the flow, which knows nothing of waits, losses and retries")
                .hint("remove the agreement, or `run.demand_mode`"),
        );
    }
}

fn journey(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<String> {
    let journey = cx.required(at, "journey")?;
    let name = journey.text()?;
    if spec.journeys.iter().any(|known| known.name == name) {
        refuse_request_level(cx, &journey, spec);
        return Some(name.to_owned());
    }
    let names = spec.journeys.iter().map(|known| known.name.as_str());
    cx.sink.push(
        Diagnostic::new(Code::NoJourney, format!("there is no journey `{name}`"), journey.span())
            .hint(suggestion(name, names)),
    );
    None
}

fn indicator(
    cx: &mut Lowering<'_>,
    at: &At<'_>,
    sli: &At<'_>,
    windows: Option<&[ninefold_models::system::Window]>,
) -> Option<Indicator> {
    let indicator = match sli.text()? {
        "good_minutes" | "uptime" => Indicator::GoodMinutes,
        "success_ratio" => Indicator::SuccessRatio,
        _ => return None,
    };
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
    if let (Some(Indicator::SuccessRatio), Some(sli)) = (indicator, sli) {
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
