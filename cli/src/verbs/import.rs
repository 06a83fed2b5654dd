//! `ninefold import FILE`: a model of another tool as a scenario.

use ninefold_scenarios::import::{ImportOptions, Imported, import_file};
use serde_json::json;

use crate::args::ImportArgs;
use crate::exit::Exit;
use crate::message::Messages;
use crate::output;

/// Imports, and writes the scenario where it is to go, or to stdout.
pub(crate) fn import(args: &ImportArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let imported = match import_file(&args.file, &ImportOptions { top: args.top.clone() }) {
        Ok(imported) => imported,
        Err(errors) => {
            if args.json {
                output::print_json(&json!({"schema": 1, "ok": false, "errors": errors.to_json()}))?;
            } else {
                messages.refuse(&errors);
            }
            return Ok(Exit::Usage);
        }
    };
    if let Some(to) = &args.to {
        output::refuse_replacing(to, &imported.scenario, args.force)?;
        output::put(to, &imported.scenario)?;
    }
    if args.json {
        output::print_json(&object(args, &imported))?;
    } else if args.to.is_some() {
        output::print(&told(args, &imported))?;
    } else {
        output::print(&imported.scenario)?;
    }
    Ok(Exit::Done)
}

fn told(args: &ImportArgs, imported: &Imported) -> String {
    let to = args.to.as_deref().map(|to| to.display().to_string()).unwrap_or_default();
    let Imported { top, events, gates, .. } = imported;
    let assumed: String = imported.assumptions.iter().map(|assumption| format!("assumed: {assumption}\n")).collect();
    format!(
        "top event {top}: {events} basic events are components, {gates} gates are paths\n{assumed}\
         wrote {to}\nnext: ninefold run {to}\n"
    )
}

fn object(args: &ImportArgs, imported: &Imported) -> serde_json::Value {
    json!({
        "schema": 1,
        "ok": true,
        "top": imported.top,
        "events": imported.events,
        "gates": imported.gates,
        "assumptions": imported.assumptions,
        "wrote": args.to.as_ref().map(|to| to.display().to_string()),
        "scenario": imported.scenario,
    })
}
