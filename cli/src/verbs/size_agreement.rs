//! `ninefold size FILE --agreement NAME --vary PATH`: the least value of a number of the scenario with which an agreement
//! holds.

use anyhow::Context;
use ninefold_models::assess::AssessError;
use ninefold_models::plan::{DEFAULT_MIN_REPLICATIONS, Goal, Plan, Stopping};
use ninefold_models::results::Verdict;
use ninefold_models::size::{Ladder, Look, Question, Sizing, size};
use ninefold_models::system::System;
use ninefold_reports::sizing::Told;
use ninefold_scenarios::{Diagnostics, Loaded};

use crate::args::SizeArgs;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::plan::PlanArgs;
use crate::progress::Watcher;
use crate::verbs::run::{ended_early, pool, stopped_exit};
use crate::{output, scenario};

/// Why a value cannot be looked at.
enum Refused {
    Problems(Diagnostics),
    Assess(AssessError),
    Other(anyhow::Error),
}

impl From<AssessError> for Refused {
    fn from(error: AssessError) -> Self {
        Self::Assess(error)
    }
}

/// What the flags ask for.
struct Asked<'a> {
    args: &'a SizeArgs,
    path: &'a str,
    question: Question<'a>,
}

/// Sizes by an agreement.
pub(super) fn size_agreement(args: &SizeArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let (Some(agreement), Some(path), Some(from), Some(to)) = (&args.agreement, &args.vary, args.from, args.to) else {
        anyhow::bail!("sizing by an agreement takes `--agreement`, `--vary`, `--from` and `--to`");
    };
    if args.file == std::path::Path::new("-") {
        anyhow::bail!("every value loads the scenario anew, which standard input does not allow: name a file");
    }
    let missed_at_most = args.missed_at_most;
    let ladder = Ladder::new((from, to), args.step)?;
    let question = Question { agreement, missed_at_most, confidence: args.confidence, ladder };
    let Some(loaded) = scenario::load_or_show(&args.file, &args.set, messages)? else { return Ok(Exit::Usage) };
    if loaded.draws.count() > 0 {
        messages.note("sizing takes uncertain inputs at their point values; `parameter_draws` counts for `run`");
    }
    Asked { args, path, question }.answer(&loaded, messages)
}

impl Asked<'_> {
    fn answer(&self, loaded: &Loaded, messages: &Messages) -> anyhow::Result<Exit> {
        let plan = self.plan(&loaded.plan);
        let flags = PlanArgs { threads: self.args.threads, ..PlanArgs::default() };
        let watcher = Watcher::start(!self.args.no_progress, self.args.max_time, Interrupt::listen()?);
        let found = pool(flags.threads())?.install(|| size(self.question, &plan, &watcher, |value| self.system(value)));
        watcher.finish();
        let sizing = match found {
            Ok(sizing) => sizing,
            Err(Refused::Problems(problems)) => {
                messages.refuse(&problems);
                return Ok(Exit::Usage);
            }
            Err(Refused::Assess(error)) => return ended_early(error, &watcher, messages),
            Err(Refused::Other(error)) => return Err(error),
        };
        let told = Told {
            scenario: &loaded.about.scenario,
            path: self.path,
            question: self.question,
            sizing: &sizing,
            costs: self.costs(&sizing)?,
            currency: &loaded.currency,
            seed: plan.seed,
        };
        if self.args.json {
            output::print_json(&told.object())?;
        } else {
            output::print(&told.text())?;
        }
        Ok(exit(&sizing))
    }

    /// Seed and bounds; when a value is decided the question says.
    fn plan(&self, scenario: &Plan) -> Plan {
        let mut plan = scenario.clone();
        plan.seed = self.args.seed.unwrap_or(plan.seed);
        if let (Some(max), Stopping::Until { min, goal, .. }) = (self.args.max_replications, &plan.stopping) {
            plan.stopping = Stopping::Until { min: (*min).min(max), max, goal: goal.clone() };
        } else if let Some(max) = self.args.max_replications {
            let goal = Goal::default();
            plan.stopping = Stopping::Until { min: DEFAULT_MIN_REPLICATIONS.min(max), max, goal };
        }
        plan
    }

    /// The scenario with a value.
    fn loaded(&self, value: f64) -> Result<Loaded, Refused> {
        let mut sets = self.args.set.clone();
        sets.push(format!("{}={value}", self.path));
        scenario::load(&self.args.file, &sets).map_err(Refused::Other)?.map_err(Refused::Problems)
    }

    fn system(&self, value: f64) -> Result<System, Refused> {
        let loaded = self.loaded(value)?;
        let unbuilt = || format!("with {}={value}", self.path);
        scenario::compile(&loaded).with_context(unbuilt).map_err(Refused::Other)
    }

    /// What the least that holds, and one less, cost a year, where units have a price.
    fn costs(&self, sizing: &Sizing) -> anyhow::Result<Option<(f64, f64)>> {
        let price = |value: f64| match self.loaded(value) {
            Ok(loaded) => Ok(loaded.price_per_year),
            Err(Refused::Other(error)) => Err(error),
            Err(_) => Ok(None),
        };
        let (Some(least), Some(one_less)) = (sizing.least, sizing.one_less()) else { return Ok(None) };
        Ok(price(least)?.zip(price(one_less.value)?))
    }
}

/// Not met where it holds with no value; unproven where what one less reaches, or the largest value, is not decided.
fn exit(sizing: &Sizing) -> Exit {
    let undecided = |look: Option<&Look>| look.is_some_and(|l| l.verdict == Verdict::Undecided);
    match (sizing.stopped, sizing.least) {
        (Some(stopped), _) => stopped_exit(stopped),
        (None, None) if undecided(sizing.looks.last()) => Exit::Unproven,
        (None, None) => Exit::NotMet,
        (None, Some(_)) if undecided(sizing.one_less()) => Exit::Unproven,
        (None, Some(_)) => Exit::Done,
    }
}
