//! `ninefold forecast FILE`: a demand continued, how sure that is, and when a capacity is exhausted.

use std::path::Path;

use anyhow::Context;
use ninefold_reports::Unfinished;
use ninefold_reports::folder::write_forecast;
use ninefold_reports::forecast::{ForecastShown, Method, Order, Score, Scored, StepAhead, object, text};
use ninefold_scenarios::forecast::{
    Ahead, Capacity, ForecastReport, ForecastRequest, Gaps, Judged, MethodRow, ScoreRow, Take, written,
};

use crate::args::{ForecastArgs, GapRule, TakeRule};
use crate::exit::Exit;
use crate::host::Clock;
use crate::output;

/// Forecasts and prints.
pub(crate) fn forecast(args: &ForecastArgs) -> anyhow::Result<Exit> {
    let clock = Clock::start();
    let name = args.file.display().to_string();
    let report = ForecastReport::of(&request(args)?).with_context(|| format!("`{name}`"))?;
    let shown = shown(&report);
    let wrote = match &args.out {
        Some(dir) => {
            let unfinished = Unfinished::begin(dir, args.force)?;
            write_forecast(&unfinished, (&shown, &report.history.blake3), clock.info(1), args.format.into())?;
            let dir = unfinished.dir().display().to_string();
            unfinished.discard()?;
            format!("\nwrote {}/  (forecast.json, tables, figures)\n", dir.trim_end_matches('/'))
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

fn request(args: &ForecastArgs) -> anyhow::Result<ForecastRequest> {
    let capacity = args.capacity.map(|amount| {
        let risk = share("--risk", &args.risk)?;
        Ok::<_, anyhow::Error>(Capacity { amount, lead_time: args.lead_time.clone(), risk })
    });
    Ok(ForecastRequest {
        at: args.at.clone(),
        column: args.column.clone(),
        every: args.every.clone(),
        take: match args.take {
            TakeRule::Mean => Take::Mean,
            TakeRule::Sum => Take::Sum,
        },
        gaps: match args.gaps {
            GapRule::Refuse => Gaps::Refuse,
            GapRule::Zero => Gaps::Zero,
            GapRule::Line => Gaps::Line,
        },
        seasons: args.season.clone(),
        hold_out: args.hold_out,
        method: args.method.clone(),
        parts: args.parts,
        level: share("--level", &args.level)?,
        capacity: capacity.transpose()?,
        seed: args.seed,
        ..ForecastRequest::new(args.file.clone(), args.horizon.clone())
    })
}

/// `80`, `80 %` and `0.8` alike.
fn share(what: &str, text: &str) -> anyhow::Result<f64> {
    let percent = text.trim().trim_end_matches('%').trim_end();
    let number: f64 = percent.parse().with_context(|| format!("`{what}`: `{text}` is no share"))?;
    let share = if number > 1.0 || percent.len() < text.trim().len() { number / 100.0 } else { number };
    anyhow::ensure!((0.0..=1.0).contains(&share), "`{what}`: `{text}` is not between 0 and 100 %");
    Ok(share)
}

fn shown(report: &ForecastReport) -> ForecastShown {
    let history = &report.history;
    let instants = (0..history.values.len()).map(|place| written(history.instant(place)));
    ForecastShown {
        file: file_name(&report.request.file),
        column: history.column.clone(),
        step: history.step.to_string(),
        seasons: report.seasons.0.clone(),
        seasons_said: report.seasons.1,
        repaired: repaired(report),
        history: instants.zip(history.values.iter().copied()).collect(),
        known: report.known,
        level: report.request.level,
        ahead: report.ahead.iter().enumerate().map(|(place, ahead)| step(report, (place, ahead))).collect(),
        no_bands: report.no_bands.clone(),
        methods: report.methods.iter().map(method).collect(),
        scores: report.scores.iter().map(scored).collect(),
        parts: parts(report),
        left_out: report.left_out.clone(),
        peak: report.peak,
        order: report.order.as_ref().map(|order| Order {
            capacity: order.capacity.amount,
            risk: order.capacity.risk,
            lead_time: order.capacity.lead_time.clone(),
            needed: order.needed.map(|(place, at)| (place, written(at))),
            order_by: order.order_by.map(|at| (written(at), at < history.instant(report.known.max(1) - 1))),
        }),
        held_out: report
            .held_out
            .as_ref()
            .map(|held_out| (score(&held_out.by_method), held_out.by_seasonal_naive.as_ref().map(score))),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// What is not as it stands in the file.
fn repaired(report: &ForecastReport) -> Vec<String> {
    let history = &report.history;
    let how = match report.request.gaps {
        Gaps::Line => "on the line between their neighbours",
        Gaps::Zero | Gaps::Refuse => "set to 0",
    };
    let take = match report.request.take {
        Take::Mean => "mean",
        Take::Sum => "sum",
    };
    let mut all = Vec::new();
    if history.filled > 0 {
        all.push(format!("steps without a row, {how}: {}", history.filled));
    }
    if history.merged > 0 {
        all.push(format!("rows put together in steps by their {take}: {}", history.rows));
    }
    if history.duplicates > 0 {
        all.push(format!("of them with the instant of the row above: {}", history.duplicates));
    }
    all
}

fn step(report: &ForecastReport, (place, ahead): (usize, &Ahead)) -> StepAhead {
    StepAhead {
        at: written(ahead.at),
        point: ahead.point,
        band: ahead.band.map(|band| (band.low, band.high)),
        quantiles: ahead.quantiles,
        exhausted: report.order.as_ref().map(|order| {
            let by = &order.exhausted[place];
            [by.value, by.lo, by.hi]
        }),
        actual: report.held_out.as_ref().map(|held_out| held_out.actual[place]),
    }
}

fn method(row: &MethodRow) -> Method {
    Method {
        name: row.name.clone(),
        mae: row.mae,
        mase: row.mase,
        interval_score: row.worth.map(|worth| worth.interval_score),
        coverage: row.worth.map(|worth| worth.coverage),
        origins: row.origins,
    }
}

fn scored(row: &ScoreRow) -> Scored {
    Scored {
        steps: row.card.steps,
        count: row.card.count,
        crps: row.card.crps,
        skill: row.skill(),
        pit: row.card.pit_mean,
        pit_bins: row.card.pit.to_vec(),
        inside: row.card.inside,
        brier: row.card.brier,
    }
}

fn parts(report: &ForecastReport) -> Vec<(String, Vec<f64>)> {
    let Some(parts) = &report.parts else { return Vec::new() };
    let seasons = report.seasons.0.iter().map(|season| format!("season {season}")).zip(parts.seasons.iter().cloned());
    let trend = ("trend".to_owned(), parts.trend.clone());
    [trend].into_iter().chain(seasons).chain([("remainder".to_owned(), parts.remainder.clone())]).collect()
}

fn score(judged: &Judged) -> Score {
    let accuracy = &judged.accuracy;
    Score {
        mae: accuracy.mae,
        rmse: accuracy.rmse,
        mase: accuracy.mase,
        smape_m4: accuracy.smape_m4,
        bias: accuracy.bias,
        coverage: judged.coverage,
        interval_score: judged.interval_score,
    }
}
