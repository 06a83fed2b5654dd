//! What a forecast says: the steps ahead, how the methods did, and what was held out.

use ninefold_models::forecast::{
    Backtest, Band, Chosen, Conformal, ForecastError, Method, Parts, Peak, SamplePaths, Series, Worth, choose,
    choose_among, decompose,
};

use super::method_words::method;
use super::scores::{ScoreRow, scores};
use super::{ForecastFileError, ForecastRequest, HeldOut, History, Order};

/// Paths drawn for probabilities.
pub const PATHS: u32 = 4_000;

/// Confidence of the interval of a probability over those paths.
pub(super) const CONFIDENCE: f64 = 0.95;

/// Most steps ahead.
const HORIZON_MAX: usize = 20_000;

/// A step ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// Its instant, seconds since 1970.
    pub at: i64,
    /// The forecast, in the unit of the values.
    pub point: f64,
    /// Its interval; nothing where the backtest has too few origins for the level.
    pub band: Option<Band>,
    /// The 10 %, 50 % and 90 % quantiles of paths at this step.
    pub quantiles: [f64; 3],
}

/// How a method did in the backtest.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodRow {
    /// Its name.
    pub name: String,
    /// Mean absolute error, in the unit of the values.
    pub mae: f64,
    /// That ÷ the mean absolute change over a season of the history; nothing where that is 0.
    pub mase: Option<f64>,
    /// Coverage and score of its intervals; nothing with too few origins.
    pub worth: Option<Worth>,
    /// Origins it forecast from.
    pub origins: usize,
}

/// An answer to a [`ForecastRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastReport {
    /// What was asked.
    pub request: ForecastRequest,
    /// The file as values at equal steps, the end that is held out included.
    pub history: History,
    /// Values that are known to the forecast: all but those held out.
    pub known: usize,
    /// The seasons, in steps, and whether the request says them.
    pub seasons: (Vec<usize>, bool),
    /// The steps ahead.
    pub ahead: Vec<Ahead>,
    /// Why there are no intervals, where there are none.
    pub no_bands: Option<String>,
    /// The methods that were backtested, the chosen one first.
    pub methods: Vec<MethodRow>,
    /// Methods that could not be asked, and why.
    pub left_out: Vec<(String, String)>,
    /// How the choice scored as a distribution: over all steps, then by period; nothing with too few origins.
    pub scores: Vec<ScoreRow>,
    /// The known history in parts, if they are asked for.
    pub parts: Option<Parts>,
    /// Level and trend that smoothing with given weights ends with.
    pub smoothed: Option<(f64, f64)>,
    /// The 10 %, 50 % and 90 % quantiles of the highest step of a path.
    pub peak: [f64; 3],
    /// The capacity over the horizon, if one is asked for.
    pub order: Option<Order>,
    /// What was held out, if anything.
    pub held_out: Option<HeldOut>,
}

impl ForecastReport {
    /// Answers a request.
    ///
    /// # Errors
    /// [`ForecastFileError`].
    pub fn of(request: &ForecastRequest) -> Result<Self, ForecastFileError> {
        let history = History::read(request)?;
        let horizon = history.step.count("--horizon", &request.horizon)?;
        if horizon > HORIZON_MAX {
            let reason = format!("{horizon} steps; at most {HORIZON_MAX}");
            return Err(ForecastFileError::setting("--horizon", reason));
        }
        if !(request.level > 0.0 && request.level < 1.0) {
            return Err(ForecastFileError::setting("--level", "it is above 0 and below 100 %"));
        }
        if history.step.after(history.first, (history.values.len() + horizon) as i64).is_none() {
            return Err(ForecastFileError::setting("--horizon", "it ends beyond the year 9999"));
        }
        let known = history.values.len().saturating_sub(if request.hold_out { horizon } else { 0 });
        let (values, actual) = history.values.split_at(known);
        let seasons = seasons(request, &history, known)?;
        let series = Series::with_seasons(values.to_vec(), seasons.0.clone())?;
        let named = request.method.as_deref().map(method).transpose()?;
        let chosen = match named {
            Some(method) => choose_among(&series, horizon, vec![method])?,
            None => choose(&series, horizon)?,
        };
        let bands = Conformal::of(chosen.best(), request.level).map(|conformal| conformal.about(chosen.points()));
        let (paths, order, peak) = spread(request, &history_until(&history, known), (&chosen, seasons.0[0]))?;
        let held_out = match request.hold_out {
            true => {
                let bands = bands.as_deref().ok();
                Some(HeldOut::of((&series, actual), (chosen.points(), bands), request.level)?)
            }
            false => None,
        };
        let ahead = ahead(&history, (known, &chosen), (bands.as_deref().ok(), &paths));
        let naive = seasonal_naive(&chosen, (&series, horizon));
        let capacity = request.capacity.as_ref().map(|capacity| capacity.amount);
        let scores = scores((chosen.best(), naive.as_ref()), series.season(), capacity)?;
        let methods = methods(&chosen, (naive, &series), request.level);
        Ok(Self {
            known,
            ahead,
            no_bands: bands.err().map(|why| why.to_string()),
            methods,
            scores,
            parts: request.parts.then(|| decompose(&series)).transpose()?,
            left_out: chosen.left_out.iter().map(|(method, why)| (method.to_string(), why.to_string())).collect(),
            smoothed: match named {
                Some(Method::Weighted(form, weights)) => {
                    form.smooth(&series, weights).ok().map(|smoothed| (smoothed.level, smoothed.trend))
                }
                _ => None,
            },
            peak,
            order,
            held_out,
            request: request.clone(),
            history,
            seasons,
        })
    }
}

/// The history as far as it is known.
fn history_until(history: &History, known: usize) -> History {
    History { values: history.values[..known].to_vec(), ..history.clone() }
}

/// Seasons that the request says; else the usual ones of the step that fill two rounds and a step.
fn seasons(
    request: &ForecastRequest,
    history: &History,
    known: usize,
) -> Result<(Vec<usize>, bool), ForecastFileError> {
    if request.seasons.is_empty() {
        let mut usual = history.step.usual_seasons();
        usual.retain(|season| 2 * season < known);
        return Ok((if usual.is_empty() { vec![1] } else { usual }, false));
    }
    let steps = request.seasons.iter().map(|text| history.step.count("--season", text)).collect::<Result<_, _>>()?;
    Ok((steps, true))
}

/// Quantiles of the steps of paths, a capacity over them, and quantiles of their highest step.
type Spread = (Vec<[f64; 3]>, Option<Order>, [f64; 3]);

fn spread(
    request: &ForecastRequest,
    known: &History,
    (chosen, season): (&Chosen, usize),
) -> Result<Spread, ForecastFileError> {
    let paths = SamplePaths::of_choice((chosen, season), &known.column)?;
    let order =
        request.capacity.as_ref().map(|capacity| Order::of(capacity, (&paths, request.seed), known)).transpose()?;
    let peak = Peak::of(&paths, (request.seed, PATHS))?;
    let peak = [peak.quantile(0.1)?, peak.quantile(0.5)?, peak.quantile(0.9)?];
    let quantile = |step, level| Ok(paths.quantile(step, level)?.expect("bug: a path has every step of the horizon"));
    let quantiles = |step| Ok([quantile(step, 0.1)?, quantile(step, 0.5)?, quantile(step, 0.9)?]);
    let steps = (0..paths.horizon()).map(quantiles).collect::<Result<_, ForecastError>>()?;
    Ok((steps, order, peak))
}

fn ahead(
    history: &History,
    (known, chosen): (usize, &Chosen),
    (bands, quantiles): (Option<&[Band]>, &[[f64; 3]]),
) -> Vec<Ahead> {
    let step = |(step, point): (usize, &f64)| Ahead {
        at: history.instant(known + step),
        point: *point,
        band: bands.map(|bands| bands[step]),
        quantiles: quantiles[step],
    };
    chosen.points().iter().enumerate().map(step).collect()
}

/// The backtest of the seasonal naive forecast, beside which all are judged; nothing without a season.
fn seasonal_naive(chosen: &Chosen, (series, horizon): (&Series, usize)) -> Option<Backtest> {
    if series.season() == 1 {
        return None;
    }
    let known = chosen.ranked.iter().find(|backtest| backtest.methods == [Method::SeasonalNaive]);
    known.cloned().or_else(|| Some(choose_among(series, horizon, vec![Method::SeasonalNaive]).ok()?.best().clone()))
}

/// A row for what was chosen and for each method, the seasonal naive forecast among them.
fn methods(chosen: &Chosen, (naive, series): (Option<Backtest>, &Series), level: f64) -> Vec<MethodRow> {
    let mut backtests = chosen.ranked.clone();
    if chosen.best().methods.len() > 1 {
        backtests.insert(0, chosen.best().clone());
    }
    backtests.extend(naive.filter(|naive| !backtests.iter().any(|known| known.methods == naive.methods)));
    let row = |backtest: &Backtest| MethodRow {
        name: backtest.name(),
        mae: backtest.mean_absolute_error(),
        mase: series.naive_scale().map(|scale| backtest.mean_absolute_error() / scale),
        worth: Worth::of(backtest, level).ok(),
        origins: backtest.errors.len(),
    };
    backtests.iter().map(row).collect()
}
