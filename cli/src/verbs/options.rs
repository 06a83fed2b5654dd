//! `ninefold compare FILE`: the options of a scenario, each against the scenario as it is.

use std::path::Path;

use anyhow::Context;
use ninefold_models::compare::{Comparison, Cost, Decision, Offer, Question, compare_all, decide};
use ninefold_models::exact::solve;
use ninefold_models::system::System;
use ninefold_reports::decision::Decided;
use ninefold_reports::folder::{Compared, ComparisonInput, write_comparison};
use ninefold_reports::{InputFile, RunInfo, Unfinished};
use ninefold_scenarios::Loaded;
use ninefold_scenarios::options::{BASELINE, ScenarioOption};
use serde_json::Value;

use crate::args::CompareArgs;
use crate::exit::Exit;
use crate::host::Clock;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::progress::Watcher;
use crate::verbs::compare::ended;
use crate::verbs::run::{ended_early, pool};
use crate::{output, scenario};

/// The baseline and the options that are compared with it, loaded and built.
struct Choice {
    baseline: Loaded,
    options: Vec<(ScenarioOption, Loaded)>,
    /// The baseline's, then the options'.
    systems: Vec<System>,
}

/// Compares the options of a scenario.
pub(super) fn compare(args: &CompareArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let Some(choice) = Choice::of(args, messages)? else { return Ok(Exit::Usage) };
    let plan = args.plan.over_compared(&choice.baseline.plan);
    if choice.baseline.draws.count() > 0 {
        messages.note("a comparison takes uncertain inputs at their point values; `parameter_draws` counts for `run`");
    }
    let entity = choice.entity(args.journey.as_deref())?;
    let clock = Clock::start();
    let unfinished = args.out.as_deref().map(|dir| Unfinished::begin(dir, args.force)).transpose()?;
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?);
    let (first, others) = choice.systems.split_first().expect("bug: the baseline is one of them");
    let others: Vec<&System> = others.iter().collect();
    let compared = pool(args.plan.threads())?.install(|| compare_all(first, &others, &plan, &watcher));
    watcher.finish();
    let comparisons = match compared {
        Ok(comparisons) => comparisons,
        Err(error) => {
            unfinished.map_or(Ok(()), Unfinished::discard)?;
            return ended_early(error, &watcher, messages);
        }
    };
    let question = Question { entity: &entity, loss_per_minute: args.loss_per_minute, once_over_years: args.once_over };
    let decision = decide(&comparisons, &choice.offers(&entity), question).expect("bug: all of them have the entity");
    let labels: Vec<_> = choice.options.iter().map(|(option, _)| option.labels.clone()).collect();
    let decided = Decided {
        scenario: &choice.baseline.about.scenario,
        decision: &decision,
        comparisons: &comparisons,
        labels: &labels,
        currency: &choice.baseline.currency,
        seed: plan.seed,
    };
    let object = decided.object();
    let wrote = match unfinished {
        Some(unfinished) => {
            let told = (&decision, comparisons.as_slice(), &object, plan.seed);
            choice.write(unfinished, told, (clock.info(args.plan.threads()), args))?
        }
        None => String::new(),
    };
    if args.json {
        output::print_json(&object)?;
    } else {
        output::print(&(decided.text() + &wrote))?;
    }
    Ok(ended(&watcher))
}

impl Choice {
    /// As the command line names it; `None` if something is refused, which is shown.
    fn of(args: &CompareArgs, messages: &Messages) -> anyhow::Result<Option<Self>> {
        let (file, named) = scenario::file_and_option(&args.a);
        let Some(baseline) = scenario::load_or_show(&file, &args.set, messages)? else { return Ok(None) };
        let wanted: Vec<&str> = args.option.iter().chain(&named).map(String::as_str).collect();
        let chosen = chosen(&baseline, &wanted, &file)?;
        let mut options = Vec::new();
        for option in chosen {
            match scenario::with_option(&baseline, (&file, &option.name))? {
                Ok(loaded) => options.push((option, loaded)),
                Err(problems) => {
                    messages.refuse(&problems);
                    return Ok(None);
                }
            }
        }
        let mut systems = vec![scenario::compile(&baseline)?];
        for (option, loaded) in &options {
            systems.push(scenario::compile(loaded).with_context(|| format!("with option `{}`", option.name))?);
        }
        for (system, (option, _)) in systems[1..].iter().zip(&options) {
            if (system.measured(), system.warmup) != (systems[0].measured(), systems[0].warmup) {
                anyhow::bail!("option `{}` is measured over another time than the baseline", option.name);
            }
        }
        Ok(Some(Self { baseline, options, systems }))
    }

    /// The journey asked for, else the first, else the first component.
    fn entity(&self, journey: Option<&str>) -> anyhow::Result<String> {
        let spec = &self.baseline.spec;
        let names = || spec.journeys.iter().map(|journey| journey.name.as_str());
        let entity = match journey {
            Some(name) if names().any(|known| known == name) => format!("journeys.{name}"),
            Some(name) => {
                anyhow::bail!("there is no journey `{name}`; there are {}", names().collect::<Vec<_>>().join(", "))
            }
            None => {
                let first = self.systems.first().and_then(|system| system.tracked.first());
                first.context("the scenario has no component")?.entity().to_owned()
            }
        };
        let has = |system: &System| system.tracked.iter().any(|tracked| tracked.entity() == entity);
        if let Some(without) = self.systems.iter().position(|system| !has(system)) {
            let name = without.checked_sub(1).map_or(BASELINE, |place| self.options[place].0.name.as_str());
            anyhow::bail!("option `{name}` has no {entity}: its downtime cannot decide");
        }
        Ok(entity)
    }

    /// What every option costs, and what an exact engine knows of it.
    fn offers(&self, entity: &str) -> Vec<Offer> {
        let exact = |system: &System| solve(system).get(entity, "downtime", None).map(|(minutes, _)| minutes);
        let nothing = Some(Cost { per_year: 0.0, once: 0.0 });
        let costs = self.options.iter().map(|(option, own)| (option.name.as_str(), option.cost(own, &self.baseline)));
        let named = std::iter::once((BASELINE, nothing)).chain(costs).zip(&self.systems);
        named.map(|((name, cost), system)| Offer { name: name.to_owned(), cost, exact: exact(system) }).collect()
    }

    /// Writes the folder and returns the line that says so.
    fn write(
        &self,
        unfinished: Unfinished,
        (decision, comparisons, object, seed): (&Decision, &[Comparison], &Value, u64),
        (info, args): (RunInfo, &CompareArgs),
    ) -> anyhow::Result<String> {
        let options = self.options.iter().map(|(option, loaded)| (option.name.as_str(), loaded));
        let all: Vec<(&str, &Loaded)> = std::iter::once((BASELINE, &self.baseline)).chain(options).collect();
        let inputs: Vec<Vec<InputFile>> = all.iter().map(|(_, loaded)| scenario::inputs(loaded)).collect();
        let mut options = Vec::new();
        for (place, ((name, loaded), inputs)) in all.into_iter().zip(&inputs).enumerate() {
            options.push(Compared { name, folder: folder(place, name), about: &loaded.about, inputs });
        }
        let decision = Some((decision, self.baseline.currency.as_str()));
        let input = ComparisonInput { options, comparisons, decision, object, seed };
        write_comparison(&unfinished, &input, info, args.format.into())?;
        let dir = unfinished.dir().display().to_string();
        unfinished.discard()?;
        Ok(format!("wrote {}/  (comparison.json, tables, figures)\n", dir.trim_end_matches('/')))
    }
}

/// The options that are wanted, all where none is named.
fn chosen(baseline: &Loaded, wanted: &[&str], file: &Path) -> anyhow::Result<Vec<ScenarioOption>> {
    if baseline.options.list().next().is_none() {
        anyhow::bail!(
            "`{}` has no options: add `options: {{NAME: {{patch: {{path.to.key: value}}}}}}`, name a second scenario, or say \
             what is different by `--set-b`",
            file.display()
        );
    }
    for name in wanted {
        if !baseline.options.list().any(|option| option.name == *name) {
            anyhow::bail!("`{}` has no option `{name}`; {}", file.display(), baseline.options.suggestion(name));
        }
    }
    let is_wanted = |option: &&ScenarioOption| wanted.is_empty() || wanted.contains(&option.name.as_str());
    Ok(baseline.options.list().filter(is_wanted).cloned().collect())
}

/// `options/02-spares-4`: a name may hold what no file name may.
fn folder(place: usize, name: &str) -> String {
    if place == 0 {
        return BASELINE.to_owned();
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let plain: String = name.chars().map(plain).take(60).collect();
    format!("options/{place:02}-{plain}")
}
