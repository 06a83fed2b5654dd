//! Profiles: values that hold one after the other, for demand and for capacity.

use ninefold_models::system::{COURSE_STEPS_MAX, Course, Level};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// A profile as a level, its mean, and the factors on it.
pub(super) fn lower(cx: &mut Lowering<'_>, at: &At<'_>, calendar: &Calendar) -> Option<Level> {
    let every = cx.required(at, "every");
    let length = every.as_ref().and_then(|every| cx.duration(every)).map(Hours::get);
    let list = cx.required(at, "values")?;
    let (every, length) = (every?, length?);
    if length <= 0.0 {
        let message = "the values of a profile hold for no time";
        cx.sink.push(Diagnostic::new(Code::Range, message, every.span()).hint("write `every: 1h`"));
        return None;
    }
    let values = values(cx, (at, &list), length)?;
    let total = length * values.len() as f64;
    let repeat = at.get("repeat");
    let word = repeat.as_ref().and_then(|repeat| repeat.text()).unwrap_or("none");
    let short = match word {
        "daily" => (total != 24.0).then(|| ("fill a day of 24 h", format!("they last {total} h"))),
        "weekly" => (total != 168.0).then(|| ("fill a week of 168 h", format!("they last {total} h"))),
        "none" => (total < calendar.horizon_h)
            .then(|| ("reach the horizon", format!("they last {total} h of {} h", calendar.horizon_h))),
        _ => None,
    };
    if let Some((wanted, label)) = short {
        cx.sink.push(
            Diagnostic::new(Code::Range, format!("the values of the profile do not {wanted}"), list.span())
                .label(label)
                .why("what comes after the last value would be a guess")
                .hint("add values, or say how they go on: `repeat: daily`, `weekly` or `always`"),
        );
        return None;
    }
    let count = libm::ceil(calendar.horizon_h / length);
    if count > COURSE_STEPS_MAX as f64 {
        let message = format!("this profile changes {count} times; at most {COURSE_STEPS_MAX} times");
        let hint = "shorten the horizon, or let each value hold for longer";
        cx.sink.push(Diagnostic::new(Code::Limit, message, every.span()).hint(hint));
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let rate = if mean > 0.0 { mean } else { 1.0 };
    let factor = |step: usize| values[step % values.len()] / rate;
    let steps = (0..count as usize).map(|step| (Hours::new(length * step as f64), factor(step))).collect();
    Some(Level { rate, course: Some(Course { steps, variation: None }) })
}

/// The factor of a course at an instant; 1 where there is none.
pub(super) fn factor(course: &Course, hours: f64) -> f64 {
    let next = course.steps.partition_point(|step| step.0.get() <= hours);
    if next == 0 { 1.0 } else { course.steps[next - 1].1 }
}

fn values(cx: &mut Lowering<'_>, (profile, list): (&At<'_>, &At<'_>), every_h: f64) -> Option<Vec<f64>> {
    let unit = profile.get("unit");
    if list.text().is_some() {
        let unit = cx.required(profile, "unit").and_then(|unit| cx.flow(&unit))?;
        return cx.recorded_flow(list, every_h, unit);
    }
    if let Some(unit) = unit {
        let message = "values in a list have their own units";
        cx.sink.push(Diagnostic::new(Code::Variant, message, unit.key_span()).hint("remove `unit`"));
        return None;
    }
    let items = list.items();
    if items.is_empty() {
        if !list.is_map() {
            let message = "the profile has no value";
            cx.sink.push(Diagnostic::new(Code::Empty, message, list.key_span()).hint("write `values: [20/s, 30/s]`"));
        }
        return None;
    }
    items.iter().map(|item| cx.flow(item)).collect()
}
