//! `ninefold size FILE`: the least number of replicas that keeps each promise of `size_for`, and what one fewer reaches.

use ninefold_models::exact::solve;
use ninefold_models::results::QueueRow;
use ninefold_models::system::{Promise, SizeSpec};
use serde_json::{Value, json};

use crate::args::SizeArgs;
use crate::exit::Exit;
use crate::message::Messages;
use crate::verbs::size_agreement::size_agreement;
use crate::{output, scenario};

/// Sizes by an agreement, if one is named; else without simulating: every promise has its formula, or says why it has none.
pub(crate) fn size(args: &SizeArgs, messages: &Messages) -> anyhow::Result<Exit> {
    if args.agreement.is_some() {
        return size_agreement(args, messages);
    }
    let Some(loaded) = scenario::load_or_show(&args.file, &args.set, messages)? else { return Ok(Exit::Usage) };
    let system = match scenario::ready(&loaded, &loaded.plan)? {
        Ok(system) => system,
        Err(problems) => {
            messages.refuse(&problems);
            return Ok(Exit::Usage);
        }
    };
    let sizes = &loaded.spec.queueing.sizes;
    if sizes.is_empty() {
        anyhow::bail!(
            "no component has a promise to be sized for; write `size_for: {{wait: {{within: 200ms, share: 99 %}}}}`"
        );
    }
    let solutions = solve(&system);
    let found: Vec<Found<'_>> = sizes.iter().map(|size| Found::of(size, solutions.queues())).collect();
    let known = found.iter().all(|found| found.least.is_ok());
    if args.json {
        let rows: Vec<Value> = found.iter().map(Found::object).collect();
        output::print_json(&json!({"schema": 1, "scenario": loaded.about.scenario, "sizes": rows}))?;
    } else {
        output::print(&found.iter().map(Found::text).collect::<String>())?;
    }
    Ok(if known { Exit::Done } else { Exit::Unproven })
}

/// What was found of a promise.
struct Found<'a> {
    size: &'a SizeSpec,
    least: Result<&'a QueueRow, &'a str>,
    reached: f64,
    one_less: f64,
}

impl<'a> Found<'a> {
    fn of(size: &'a SizeSpec, rows: &'a [QueueRow]) -> Self {
        let entity = format!("components.{}", size.component);
        let row = |measure: &str| rows.iter().find(|row| row.entity == entity && row.measure == measure);
        let value = |measure: &str| row(measure).and_then(|row| row.value).unwrap_or(f64::NAN);
        let least = row("size_least").expect("bug: a promise has a row");
        Self {
            size,
            least: if least.value.is_some() { Ok(least) } else { Err(&least.why) },
            reached: value("size_reached"),
            one_less: value("size_one_less"),
        }
    }

    fn promise(&self) -> String {
        match self.size.promise {
            Promise::Wait { within, share } => {
                format!("{} of requests wait at most {} s", percent(share), within.get() * 3600.0)
            }
            Promise::Blocking(most) => format!("at most {} of requests are lost", percent(most)),
            Promise::Up { need, probability } => format!("at least {need} up with probability {probability}"),
        }
    }

    fn text(&self) -> String {
        let component = &self.size.component;
        match self.least {
            Err(why) => format!("{component}: {}: no exact answer: {why}\n", self.promise()),
            Ok(row) => format!(
                "{component}: {} replicas: {}: reached {:.6}; with one fewer {:.6} ({})\n",
                row.value.unwrap_or(f64::NAN),
                self.promise(),
                self.reached,
                self.one_less,
                row.method
            ),
        }
    }

    fn object(&self) -> Value {
        json!({
            "component": self.size.component,
            "promise": self.promise(),
            "replicas": self.least.ok().and_then(|row| row.value),
            "reached": self.reached,
            "one_less": self.one_less,
            "exact_method": self.least.map_or("", |row| row.method),
            "why": self.least.err().unwrap_or_default(),
        })
    }
}

fn percent(share: f64) -> String {
    // Twelve digits: a share of 0.99 is not 99.00000000000001 %.
    format!("{} %", (share * 1e14).round() / 1e12)
}
