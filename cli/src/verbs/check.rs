//! `ninefold check FILE`: every problem at once, or what the scenario holds.

use ninefold_models::timeline::outline;
use ninefold_scenarios::{Diagnostics, Loaded};
use serde_json::{Value, json};

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::message::Messages;
use crate::{output, paths, scenario};

/// Checks a scenario without running it.
pub(crate) fn check(args: &CheckArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let loaded = scenario::load(&args.file, &args.set)?;
    if args.json {
        let mut object = object(&loaded);
        if let (true, Ok(loaded)) = (args.plan, &loaded) {
            object["plan"] = paths::object(&outline(&scenario::compile(loaded)?));
        }
        output::print_json(&object)?;
    }
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(_) if args.json => return Ok(Exit::Usage),
        Err(errors) => {
            messages.refuse(&errors);
            return Ok(Exit::Usage);
        }
    };
    let system = scenario::compile(&loaded)?;
    if !args.json {
        messages.show(&loaded.warnings);
        output::print(&match (args.effective, args.plan) {
            (true, _) => loaded.about.effective.clone(),
            (_, true) => paths::text(&outline(&system)),
            _ => ok(&loaded),
        })?;
    }
    Ok(Exit::Done)
}

fn ok(loaded: &Loaded) -> String {
    let counts: Vec<String> =
        counts(loaded).iter().filter(|(_, n)| *n > 0).map(|(noun, n)| counted(*n, noun)).collect();
    let assumed = loaded.about.assumptions.len();
    format!("ok: {}; {} (`--json` lists them)\n", counts.join(", "), counted(assumed, "assumption"))
}

fn counts(loaded: &Loaded) -> [(&'static str, usize); 5] {
    let spec = &loaded.spec;
    [
        ("unit", spec.components.iter().map(|c| c.units.len()).sum()),
        ("component", spec.components.len()),
        ("domain", spec.domains.len()),
        ("journey", spec.journeys.len()),
        ("agreement", spec.agreements.len()),
    ]
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn object(loaded: &Result<Loaded, Diagnostics>) -> Value {
    match loaded {
        Ok(loaded) => {
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
        Err(errors) => json!({"schema": 1, "ok": false, "errors": errors.to_json(), "warnings": []}),
    }
}
