//! `ninefold explain-outage FILE`: the story of an incident.

use anyhow::Context;
use ninefold_models::assess::{assess, sampling};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::story::{StoryError, Which, choose, story};
use ninefold_models::system::System;
use ninefold_reports::figures::story_figure;
use ninefold_reports::story::{Story, json_lines};

use crate::args::ExplainOutageArgs;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::progress::Watcher;
use crate::verbs::run::{ended_early, pool};
use crate::{output, scenario};

/// Replays one replication and tells one of its incidents.
pub(crate) fn explain_outage(args: &ExplainOutageArgs, messages: &Messages) -> anyhow::Result<Exit> {
    if let Some(flag) = args.plan.of_a_run().filter(|_| !args.worst) {
        anyhow::bail!("`{flag}` is for a whole run: it goes with `--worst`");
    }
    let asked = (args.file.as_path(), args.option.as_deref());
    let Some(loaded) = scenario::load_option_or_show(asked, &args.set, messages)? else {
        return Ok(Exit::Usage);
    };
    let plan = args.plan.over(&loaded.plan);
    let system = match scenario::compile_drawn(&loaded, plan.seed)? {
        Ok(system) => system,
        Err(problems) => {
            messages.refuse(&problems);
            return Ok(Exit::Usage);
        }
    };
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?);
    let replication = match (args.worst, args.replication) {
        (true, _) => {
            let results = pool(args.plan.threads())?.install(|| assess(&system, &plan, &watcher));
            watcher.finish();
            match results {
                Ok(results) => {
                    let none = StoryError::NothingInRun(results.outcome.replications);
                    Some(results.worst_replication.ok_or(none)?)
                }
                Err(error) => return ended_early(error, &watcher, messages),
            }
        }
        (false, asked) => asked,
    };
    let sampling = sampling(&system, &plan, &watcher)?;
    watcher.finish();
    let which = Which { replication, journey: args.journey.clone(), incident: args.incident };
    let (rep, incident) = choose(&system, sampling, &which, most(&system, &plan))?;
    let rows = story(&system, sampling, (rep, incident))?.ok_or(StoryError::TooLong)?;
    let row = incident.row(&system, rep);
    let story = Story { scenario: &loaded.about.scenario, seed: plan.seed, incident: &row, rows: &rows };
    if let Some(path) = &args.figure {
        let svg = story_figure(&story).svg;
        output::refuse_replacing(path, &svg, args.force)?;
        output::put(path, &svg).context("the figure could not be written")?;
    }
    output::print(&if args.json { json_lines(&rows) } else { story.text() })?;
    Ok(Exit::Done)
}

/// Replications of a run of the plan at most.
fn most(system: &System, plan: &Plan) -> u64 {
    let (Stopping::Fixed(most) | Stopping::Until { max: most, .. }) = plan.stopping;
    system.dealt(most)
}
