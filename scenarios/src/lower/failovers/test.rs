//! Tests of a plan.

use ninefold_models::system::{Believed, Canary, PlanTest, TestMethod};

use super::{Lowering, refused, share};
use crate::lower::read::At;

pub(super) fn test(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<PlanTest> {
    let interval = cx.required(at, "every");
    let every = interval.as_ref().and_then(|at| cx.duration(at));
    let method = method(cx, at);
    let decay = cx.required(at, "decay_per_untested_day").and_then(|at| cx.number(&at));
    let believed = believed(cx, at);
    if let (Some(given), Some(TestMethod::Full)) = (at.get("coverage"), method) {
        let message = "a full test goes through all of the plan";
        cx.sink.push(refused(message, &given, "remove `coverage`, or write `method: shadow`"));
        return None;
    }
    let coverage = if method == Some(TestMethod::Full) { Some(1.0) } else { share(cx, at, "coverage", 1.0) };
    if let (Some(hours), Some(interval)) = (every, &interval)
        && hours.get() <= 0.0
    {
        cx.sink.push(refused("a test follows a test in no time", interval, "give a duration above 0s"));
        return None;
    }
    let decay_per_hour = decay? / 24.0;
    Some(PlanTest { every: every?, method: method?, coverage: coverage?, decay_per_hour, believed: believed? })
}

fn method(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<TestMethod> {
    let method = cx.required(at, "method")?;
    let canary = method.text() == Some("canary");
    for (key, given) in [("share", at.get("share")), ("takes", at.get("takes"))] {
        if let Some(given) = given.filter(|_| !canary) {
            let message = format!("a `{}` test has no `{key}`", method.text().unwrap_or_default());
            cx.sink.push(refused(message, &given, "remove it, or write `method: canary`"));
            return None;
        }
    }
    match method.text()? {
        "shadow" => Some(TestMethod::Shadow),
        "full" => Some(TestMethod::Full),
        "canary" => {
            let (given, lasts) = (cx.required(at, "share"), cx.required(at, "takes"));
            let share = given.as_ref().and_then(|at| cx.ratio(at));
            let takes = lasts.as_ref().and_then(|at| cx.duration(at));
            let (share, takes) = (share?, takes?);
            let nothing = if share <= 0.0 { given } else { lasts.filter(|_| takes.get() <= 0.0) };
            if let Some(nothing) = nothing {
                let hint = "give a share and a duration above 0, or write `method: shadow`";
                cx.sink.push(refused("a canary test that exposes nothing is a shadow test", &nothing, hint));
                return None;
            }
            Some(TestMethod::Canary(Canary { share, takes }))
        }
        _ => None,
    }
}

fn believed(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<Believed> {
    let Some(at) = at.get("believed") else {
        let reason = "before its tests any success of the plan is as likely as any other";
        cx.remark(format!("{}.believed", at.path()), "mean 0.5, n 2", reason);
        return Some(Believed::default());
    };
    let (mean, n) = (cx.required(&at, "mean"), cx.required(&at, "n"));
    let (mean_value, n) = (mean.as_ref().and_then(|at| cx.ratio(at))?, n.and_then(|at| cx.number(&at))?);
    let believed = Believed { passed: mean_value * n, failed: (1.0 - mean_value) * n };
    if believed.passed >= LEAST && believed.failed >= LEAST {
        return Some(believed);
    }
    let hint = "give a mean strictly between 0 and 1, and such an `n` that both shares of it are at least 0.01";
    cx.sink.push(refused("what is believed leaves no doubt, or rests on next to nothing", &at, hint));
    None
}

/// Least parameter of a beta law.
const LEAST: f64 = 0.01;
