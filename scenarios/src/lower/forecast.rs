//! `demand: {forecast: …}`: a recorded history, continued over the horizon by the paths of a forecast.

use std::sync::Arc;

use ninefold_models::forecast::{ForecastError, SamplePaths, Series, choose, choose_among};
use ninefold_models::system::{COURSE_STEPS_MAX, ForecastPaths};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::forecast::{Step, method};

/// The mean of the forecast over the horizon, and its paths.
pub(super) fn lower(
    cx: &mut Lowering<'_>,
    (journey, at): (&str, &At<'_>),
    calendar: &Calendar,
) -> Option<(f64, ForecastPaths)> {
    let from = cx.required(at, "from");
    let every = cx.required(at, "every");
    let length = every.as_ref().and_then(|every| cx.duration(every)).map(Hours::get);
    let unit = cx.required(at, "unit").and_then(|unit| cx.flow(&unit));
    let (from, every, length, unit) = (from?, every?, length?, unit?);
    let horizon = steps_of(cx, (&every, length), calendar)?;
    let history = cx.recorded_flow(&from, length, unit)?;
    let seasons = seasons(cx, at, (length, history.len()))?;
    let named = match at.get("method") {
        None => None,
        Some(word) => match method(word.text()?) {
            Ok(method) => Some(method),
            Err(wrong) => {
                cx.sink.push(Diagnostic::new(Code::Variant, wrong.to_string(), word.span()).hint("use one of them"));
                return None;
            }
        },
    };
    let shortest = seasons[0];
    let chosen = Series::with_seasons(history, seasons).and_then(|series| match named {
        Some(method) => choose_among(&series, horizon, vec![method]),
        None => choose(&series, horizon),
    });
    let paths = chosen.and_then(|chosen| {
        let points = chosen.points();
        Ok((points.iter().sum::<f64>() / points.len() as f64, SamplePaths::of_choice((&chosen, shortest), journey)?))
    });
    match paths {
        Ok((mean, paths)) if mean > 0.0 => {
            let (every, name) = (Hours::new(length), journey.to_owned());
            Some((mean, ForecastPaths { every, paths: Arc::new(paths), name }))
        }
        Ok(_) => {
            let problem = Diagnostic::new(Code::Record, "the forecast of this record is 0 throughout", from.span());
            cx.sink.push(problem.hint("a journey without demand has no `demand`"));
            None
        }
        Err(why) => {
            cx.sink.push(refusal(&why, &from));
            None
        }
    }
}

/// Steps of the forecast until the horizon.
fn steps_of(cx: &mut Lowering<'_>, (every, length): (&At<'_>, f64), calendar: &Calendar) -> Option<usize> {
    if length <= 0.0 {
        let problem = Diagnostic::new(Code::Range, "the steps of a forecast last for no time", every.span());
        cx.sink.push(problem.hint("write the step of the record, as in `every: 1h`"));
        return None;
    }
    let steps = libm::ceil(calendar.horizon_h / length - 1e-9);
    if steps > ninefold_models::forecast::HORIZON_MAX.min(COURSE_STEPS_MAX) as f64 {
        let limit = ninefold_models::forecast::HORIZON_MAX.min(COURSE_STEPS_MAX);
        let message = format!("the forecast has {steps} steps to the horizon; at most {limit}");
        let hint = "shorten `run.horizon`, or record longer steps";
        cx.sink.push(Diagnostic::new(Code::Limit, message, every.span()).hint(hint));
        return None;
    }
    Some((steps as usize).max(1))
}

/// Seasons in steps; where none are said, the usual ones that the history holds twice.
fn seasons(cx: &mut Lowering<'_>, at: &At<'_>, (length, known): (f64, usize)) -> Option<Vec<usize>> {
    let Some(list) = at.get("seasons") else {
        let mut usual = Step::Seconds(libm::round(length * 3600.0) as i64).usual_seasons();
        usual.retain(|season| 2 * season < known);
        return Some(if usual.is_empty() { vec![1] } else { usual });
    };
    let mut seasons = Vec::new();
    for item in list.items() {
        let steps = cx.duration(&item)?.get() / length;
        let whole = libm::round(steps);
        if whole < 1.0 || (steps - whole).abs() > 1e-9 * steps {
            let message = format!("a season of `{}` is no whole number of steps", item.text().unwrap_or_default());
            cx.sink.push(Diagnostic::new(Code::Range, message, item.span()).hint("a season is a multiple of `every`"));
            return None;
        }
        seasons.push(whole as usize);
    }
    if seasons.is_empty() || !seasons.is_sorted_by(|a, b| a < b) {
        let message = "the seasons do not rise";
        let hint = "write the shortest first, as in `seasons: [1d, 7d]`; without seasons leave the key out";
        cx.sink.push(Diagnostic::new(Code::Range, message, list.span()).hint(hint));
        return None;
    }
    Some(seasons)
}

fn refusal(why: &ForecastError, from: &At<'_>) -> Diagnostic {
    let hint = match why {
        ForecastError::TooShort { .. } => {
            "the record has to hold two seasons and the horizon besides: lengthen it, or shorten `run.horizon`"
        }
        _ => "look at it with `ninefold forecast`",
    };
    Diagnostic::new(Code::Record, format!("this record cannot be forecast: {why}"), from.span()).hint(hint)
}
