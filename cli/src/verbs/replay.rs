//! `ninefold replay FILE`: one policy, and what it does with what it is shown.

use std::path::Path;

use ninefold_reports::folder::{ReplayInput, write_replay};
use ninefold_reports::replay::{ReplayShown, object, text};
use ninefold_reports::{InputFile, Unfinished};
use ninefold_scenarios::replay::{LoadedReplay, demand_patch, load_file, load_text};
use ninefold_scenarios::{Diagnostics, LoadOptions};

use crate::args::ReplayArgs;
use crate::exit::Exit;
use crate::host::Clock;
use crate::message::Messages;
use crate::{output, scenario};

/// Replays what a scenario or a manifest shows.
pub(crate) fn replay(args: &ReplayArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let clock = Clock::start();
    let loaded = match load(args)? {
        Ok(loaded) => loaded,
        Err(errors) => {
            messages.refuse(&errors);
            return Ok(Exit::Usage);
        }
    };
    messages.show(&loaded.warnings);
    if loaded.fails {
        messages.note(&format!("nothing fails in a replay: the failure modes of `{}` are left out", loaded.component));
    }
    let unfinished = args.out.as_deref().map(|dir| Unfinished::begin(dir, args.force)).transpose()?;
    let outcome = loaded.task.run();
    let shown = ReplayShown {
        scenario: &loaded.scenario,
        component: &loaded.component,
        assumptions: &loaded.assumptions,
        task: &loaded.task,
        outcome: &outcome,
    };
    let wrote = match unfinished {
        Some(unfinished) => {
            let file = |(path, bytes): &(String, Vec<u8>)| InputFile {
                name: path.strip_prefix("inputs/").unwrap_or(path).to_owned(),
                bytes: bytes.clone(),
            };
            let inputs: Vec<InputFile> = loaded.inputs.iter().map(file).collect();
            let input = ReplayInput { shown: &shown, effective: &loaded.effective, inputs: &inputs };
            write_replay(&unfinished, &input, clock.info(1), args.format.into())?;
            let dir = unfinished.dir().display().to_string();
            unfinished.discard()?;
            format!("wrote {}/  (scenario.yaml, replay.json, tables, figures)\n", dir.trim_end_matches('/'))
        }
        None => String::new(),
    };
    if args.json {
        output::print_json(&object(&shown))?;
    } else {
        output::print(&(text(&shown) + &wrote))?;
    }
    Ok(Exit::Done)
}

/// The file with the patches that the flags stand for.
fn load(args: &ReplayArgs) -> anyhow::Result<Result<LoadedReplay, Diagnostics>> {
    let mut set = args.set.clone();
    set.extend(args.demand.as_deref().map(demand_patch));
    set.extend(args.length.as_ref().map(|length| format!("replay.for={length}")));
    set.extend(args.replicas.map(|replicas| format!("replay.replicas={replicas}")));
    let options = LoadOptions { set };
    if args.file != Path::new("-") {
        return Ok(load_file(&args.file, &options));
    }
    Ok(load_text("<stdin>", &scenario::standard_input()?, &options))
}
