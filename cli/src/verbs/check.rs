//! `ninefold check FILE`: every problem at once, or what the scenario holds.

use ninefold_models::system::System;
use ninefold_models::timeline::outline;
use ninefold_reports::graph::{GraphLanguage, graph};
use ninefold_scenarios::options::BASELINE;
use ninefold_scenarios::{Diagnostics, Loaded};
use serde_json::{Value, json};

use crate::args::{CheckArgs, GraphForm};
use crate::exit::Exit;
use crate::message::{Messages, listed};
use crate::{output, paths, scenario};

/// Why a scenario is refused.
enum Refused {
    /// Problems at their places.
    Problems(Diagnostics),
    /// What a run would say that has no place in the scenario.
    Run(anyhow::Error),
}

/// Checks a scenario without running it: what `run` would refuse before its first replication is refused.
pub(crate) fn check(args: &CheckArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let checked = checked(args)?;
    if args.json {
        output::print_json(&match &checked {
            Ok((loaded, system)) => {
                let mut object = object(loaded);
                if args.plan {
                    object["plan"] = paths::object(&outline(system));
                }
                object
            }
            Err(refused) => refused.object(),
        })?;
        return Ok(if checked.is_ok() { Exit::Done } else { Exit::Usage });
    }
    let (loaded, system) = match checked {
        Ok(checked) => checked,
        Err(Refused::Run(error)) => return Err(error),
        Err(Refused::Problems(problems)) => {
            messages.refuse(&problems);
            return Ok(Exit::Usage);
        }
    };
    messages.show(&loaded.warnings);
    output::print(&match (args.effective, args.plan, args.graph) {
        (true, ..) => loaded.about.effective.clone(),
        (_, true, _) => paths::text(&outline(&system)),
        (.., Some(GraphForm::Mermaid)) => graph(&loaded.spec, GraphLanguage::Mermaid),
        (.., Some(GraphForm::Dot)) => graph(&loaded.spec, GraphLanguage::Dot),
        _ => ok(&loaded),
    })?;
    Ok(Exit::Done)
}

/// The scenario, or the option that is named, with its system; if none is named, every option must be fine too.
fn checked(args: &CheckArgs) -> anyhow::Result<Result<(Loaded, System), Refused>> {
    let baseline = match scenario::load(&args.file, &args.set)? {
        Ok(baseline) => baseline,
        Err(problems) => return Ok(Err(Refused::Problems(problems))),
    };
    if let Some(name) = args.option.as_deref().filter(|name| *name != BASELINE) {
        let loaded = scenario::with_option(&baseline, (&args.file, name))?;
        return Ok(loaded.map_err(Refused::Problems).and_then(ready));
    }
    if args.option.is_none() {
        let mut found = Diagnostics::default();
        for option in baseline.options.list() {
            match scenario::with_option(&baseline, (&args.file, &option.name))?
                .map_err(Refused::Problems)
                .and_then(ready)
            {
                Ok(_) => {}
                Err(Refused::Problems(problems)) => found.extend(problems),
                Err(Refused::Run(error)) => {
                    return Ok(Err(Refused::Run(error.context(format!("with option `{}`", option.name)))));
                }
            }
        }
        if !found.is_empty() {
            return Ok(Err(Refused::Problems(found)));
        }
    }
    Ok(ready(baseline))
}

/// The system of a scenario that a run would take.
fn ready(loaded: Loaded) -> Result<(Loaded, System), Refused> {
    let system = scenario::ready(&loaded, &loaded.plan).map_err(Refused::Run)?.map_err(Refused::Problems)?;
    Ok((loaded, system))
}

impl Refused {
    fn object(&self) -> Value {
        let errors = match self {
            Self::Problems(problems) => problems.to_json(),
            Self::Run(error) => listed(error),
        };
        json!({"schema": 1, "ok": false, "errors": errors, "warnings": []})
    }
}

fn ok(loaded: &Loaded) -> String {
    let counts: Vec<String> =
        counts(loaded).iter().filter(|(_, n)| *n > 0).map(|(noun, n)| counted(*n, noun)).collect();
    let assumed = loaded.about.assumptions.len();
    format!("ok: {}; {} (`--json` lists them)\n", counts.join(", "), counted(assumed, "assumption"))
}

fn counts(loaded: &Loaded) -> [(&'static str, usize); 6] {
    let spec = &loaded.spec;
    [
        ("unit", spec.components.iter().map(|c| c.units.len()).sum()),
        ("component", spec.components.len()),
        ("domain", spec.domains.len()),
        ("journey", spec.journeys.len()),
        ("agreement", spec.agreements.len()),
        ("option", loaded.options.list().count()),
    ]
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn object(loaded: &Loaded) -> Value {
    let counts: serde_json::Map<String, Value> =
        counts(loaded).iter().map(|(noun, n)| (format!("{noun}s"), json!(n))).collect();
    let assumption =
        |a: &ninefold_models::about::Assumption| json!({"path": a.path, "value": a.value, "reason": a.reason});
    json!({
        "schema": 1,
        "ok": true,
        "scenario": loaded.about.scenario,
        "counts": counts,
        "assumptions": loaded.about.assumptions.iter().map(assumption).collect::<Vec<_>>(),
        "errors": [],
        "warnings": loaded.warnings.to_json(),
    })
}
