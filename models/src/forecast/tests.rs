//! Oracles: answers by hand, series whose parameters are known, coverage of intervals over many series.
#![allow(clippy::unwrap_used)]

use ninefold_sim_core::special::normal;
use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

fn series(values: &[f64], season: usize) -> Series {
    Series::new(values.to_vec(), season).unwrap()
}

fn near(got: &[f64], known: &[f64]) {
    let close = |(g, k): (&f64, &f64)| (g - k).abs() <= 1e-12 * k.abs().max(1.0);
    assert!(got.len() == known.len() && got.iter().zip(known).all(close), "{got:?} is not {known:?}");
}

/// Errors of forecasts that were all `points`.
fn backtest(points: &[f64], errors: Vec<Vec<f64>>) -> Backtest {
    Backtest { methods: vec![Method::Naive], forecasts: vec![points.to_vec(); errors.len()], errors }
}

/// Normal noise of standard deviation 1: a generator for the series of number `index`.
fn noise(index: u32) -> impl FnMut() -> f64 {
    let (mut stream, replication) = (Stream::new(StreamId::of(0, "noise", "test")), Replication::new(11, index));
    move || normal::quantile(stream.open01(replication))
}

#[test]
fn simple_methods_by_hand() {
    let history = series(&[2.0, 8.0, 4.0, 6.0, 11.0], 2);
    near(&Method::Naive.forecast(&history, 2).unwrap(), &[11.0, 11.0]);
    near(&Method::Mean.forecast(&history, 1).unwrap(), &[6.2]);
    near(&Method::Drift.forecast(&history, 2).unwrap(), &[13.25, 15.5]);
    near(&Method::SeasonalNaive.forecast(&history, 3).unwrap(), &[6.0, 11.0, 6.0]);
    near(&Method::Drift.forecast(&series(&[9.0, 5.0, 2.0], 1), 3).unwrap(), &[0.0, 0.0, 0.0]);
}

#[test]
fn accuracy_by_hand() {
    let history = series(&[1.0, 2.0, 5.0, 4.0], 2);
    let got = Accuracy::of(&history, &[6.0, 0.0, 3.0], &[2.0, 0.0, 6.0]).unwrap();
    near(
        &[got.mae, got.rmse, got.mase.unwrap(), got.bias],
        &[7.0 / 3.0, (25.0_f64 / 3.0).sqrt(), 7.0 / 9.0, 1.0 / 3.0],
    );
    let share = (0.5 + 1.0 / 3.0) / 3.0;
    near(&[got.smape_m4, got.smape_prophet, got.smape_nixtla], &[200.0 * share, 2.0 * share, share]);
    assert_eq!(Accuracy::of(&series(&[3.0, 3.0], 1), &[3.0], &[4.0]).unwrap().mase, None);
    let bands = [Band { low: 1.0, high: 3.0 }, Band { low: 2.0, high: 6.0 }, Band { low: 0.0, high: 1.0 }];
    near(&[coverage(&bands, &[3.0, 1.0, 2.0]).unwrap()], &[1.0 / 3.0]);
    near(&[interval_score(&bands, &[3.0, 1.0, 2.0], 0.8).unwrap()], &[(2.0 + 4.0 + 10.0 + 1.0 + 10.0) / 3.0]);
}

/// The definition by two theta lines: the regression line, and twice the history less that line, smoothed.
#[test]
fn theta_is_the_mean_of_its_two_lines() {
    let mut draw = noise(0);
    let values: Vec<f64> = (0..60).map(|t| 40.0 + 0.7 * f64::from(t) + 3.0 * draw()).collect();
    let n = values.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / n;
    let products: f64 = values.iter().enumerate().map(|(t, y)| (t as f64 - middle) * (y - mean)).sum();
    let slope = products / (n * (n * n - 1.0) / 12.0);
    let line = |t: f64| mean + slope * (t - middle);
    let (alpha, _) = simple_smoothing::fit(&values);
    let doubled: Vec<f64> = values.iter().enumerate().map(|(t, y)| 2.0 * y - line(t as f64)).collect();
    let level = doubled.iter().skip(1).fold(doubled[0], |level, value| alpha * value + (1.0 - alpha) * level);
    let known: Vec<f64> = (0..5).map(|h| (line(n + f64::from(h)) + level) / 2.0).collect();
    let got = Method::Theta(Season::None).forecast(&series(&values, 1), 5).unwrap();
    assert!(got.iter().zip(&known).all(|(g, k)| (g - k).abs() < 1e-9), "{got:?} {known:?}");
}

#[test]
fn decomposition_recovers_the_shape_of_a_season() {
    for shape in [vec![-3.0, 1.0, 2.0], vec![5.0, -4.0, -2.0, 1.0]] {
        let values: Vec<f64> = (0..29).map(|t| 20.0 + 0.5 * t as f64 + shape[t % shape.len()]).collect();
        near(&decomposition::shape(&series(&values, shape.len()), Season::Additive).unwrap(), &shape);
        let factors: Vec<f64> = shape.iter().map(|part| 1.0 + part / 10.0).collect();
        let values: Vec<f64> = (0..29).map(|t| 50.0 * factors[t % factors.len()]).collect();
        near(&decomposition::shape(&series(&values, factors.len()), Season::Multiplicative).unwrap(), &factors);
    }
}

/// A series made by the model's own equations has the weights that it was made with: with 6,000 values the standard error
/// of a weight is about √((1 − (1 − α)²)/n), 0.01.
#[test]
fn weights_of_smoothing_are_recovered() {
    let (alpha, gamma, steps) = (0.3, 0.4, 4);
    for (trend, season) in [(Trend::None, Season::None), (Trend::Linear, Season::Additive)] {
        let mut draw = noise(1);
        let (mut level, mut slope, mut parts) = (4_000.0, 0.05, [6.0, -2.0, -5.0, 1.0]);
        let mut made = Vec::new();
        for t in 0..6_000 {
            let (error, part) = (draw(), &mut parts[t % steps]);
            let (carried, shift) = if trend == Trend::None { (0.0, 0.0) } else { (slope, *part) };
            made.push(level + carried + shift + error);
            level += carried + alpha * error;
            slope += 0.01 * alpha * error;
            *part += gamma * (1.0 - alpha) * error;
        }
        let fit = HoltWinters { trend, season, log: false }.fit(&series(&made, steps)).unwrap();
        assert!((fit.weights.level - alpha).abs() < 0.04, "{:?}", fit.weights);
        if trend == Trend::Linear {
            assert!((fit.weights.season - gamma).abs() < 0.05, "{:?}", fit.weights);
            // Level and season are known up to a constant that one gives the other; their sum is what is forecast.
            for (h, got) in fit.forecast(steps).into_iter().enumerate() {
                let known = level + slope * (h as f64 + 1.0) + parts[h];
                assert!((got - known).abs() < 0.6, "{h}: {got} {known}");
            }
        }
    }
}

/// Two seasons worked out by hand, the second of which is smoothed.
#[test]
fn one_season_of_smoothing_by_hand() {
    let history = series(&[8.0, 12.0, 10.0, 16.0], 2);
    let weights = Smoothing { level: 0.5, trend: 0.5, season: 0.5, damping: 1.0 };
    let form = HoltWinters { trend: Trend::Linear, season: Season::Additive, log: false };
    let got = form.smooth(&history, weights).unwrap_err();
    assert_eq!(got, ForecastError::TooShort { have: 4, need: 5 });
    // Level 10, trend 1.5, season (−2, 2). 10: level ½·12 + ½·11.5 = 11.75, trend ½·1.75 + ½·1.5 = 1.625, season
    // ½·(−1.75) + ½·(−2) = −1.875. 16: level ½·14 + ½·13.375 = 13.6875, trend 1.78125, season 2.15625.
    // 11: level ½·12.875 + ½·15.46875 = 14.171875, trend 1.1328125, season ½·(−3.171875 − 1.875).
    let got = form.smooth(&series(&[8.0, 12.0, 10.0, 16.0, 11.0], 2), weights).unwrap();
    near(&[got.level, got.trend], &[14.171875, 1.1328125]);
    near(&got.season, &[2.15625, -2.5234375]);
    near(&got.forecast(2), &[14.171875 + 1.1328125 + 2.15625, 14.171875 + 2.265625 - 2.5234375]);
}

#[test]
fn growth_and_season_without_noise_are_continued() {
    let at = |t: usize| (1_000.0 + 4.0 * t as f64) * [0.7, 1.0, 1.1, 1.2][t % 4];
    let chosen = choose(&series(&(0..160).map(at).collect::<Vec<_>>(), 4), 8).unwrap();
    for (h, got) in chosen.points().iter().enumerate() {
        assert!((got / at(160 + h) - 1.0).abs() < 1e-3, "{h}: {got} {} {}", at(160 + h), chosen.best().name());
    }
    let naive = chosen.ranked.iter().find(|backtest| backtest.methods == [Method::SeasonalNaive]).unwrap();
    assert!(chosen.best().mean_absolute_error() < 0.1 * naive.mean_absolute_error());
}

/// Growth, a season and noise; a random walk; noise about a level.
fn synthetic(index: u32, length: usize) -> Vec<f64> {
    let mut draw = noise(100 + index);
    let (mut walk, shape) = (500.0, [0.0, 8.0, 20.0, 5.0, -13.0, -20.0]);
    let value = |t: usize| {
        let error = draw();
        walk += error;
        match index % 3 {
            0 => 300.0 + 0.8 * t as f64 + shape[t % 6] + 6.0 * error,
            1 => walk,
            _ => 200.0 + 10.0 * error,
        }
    };
    (0..length).map(value).collect()
}

/// What was seen after the history lies in 80 % intervals in 75 to 85 % of steps.
#[test]
fn intervals_cover_as_often_as_they_say() {
    let (horizon, runs) = (6, 210);
    let covered = |index: u32| {
        let all = synthetic(index, 120 + horizon);
        let chosen = choose(&series(&all[..120], 6), horizon).unwrap();
        let bands = Conformal::of(chosen.best(), 0.8).unwrap().about(chosen.points());
        coverage(&bands, &all[120..]).unwrap()
    };
    let shares: Vec<f64> = (0..runs).map(covered).collect();
    let mean = shares.iter().sum::<f64>() / f64::from(runs);
    let squares: f64 = shares.iter().map(|share| (share - mean) * (share - mean)).sum();
    let error = (squares / f64::from(runs - 1) / f64::from(runs)).sqrt();
    assert!(error < 0.02, "{error}");
    assert!((0.75..=0.85).contains(&mean), "{mean} ± {error}");
}

/// Parts that are known: a trend, a season of 6 and one of 30, and no noise. They are found again, and continued.
#[test]
fn two_seasons_are_parted_and_continued() {
    let (short, long) = ([4.0, -1.0, -3.0, 2.0, -4.0, 2.0], |t: usize| if t % 30 < 10 { 20.0 } else { -10.0 });
    let at = |t: usize| 400.0 + 0.5 * t as f64 + short[t % 6] + long(t);
    let values: Vec<f64> = (0..360).map(at).collect();
    let history = Series::with_seasons(values.clone(), vec![6, 30]).unwrap();
    let parts = decompose(&history).unwrap();
    for t in 0..360 {
        let sum = parts.trend[t] + parts.seasons[0][t] + parts.seasons[1][t] + parts.remainder[t];
        assert!((sum - values[t]).abs() < 1e-9, "{t}: {sum}");
        // What repeats in 6 repeats in 30 too: only the sum of both seasons is known, to about 1 % of their height.
        let seasons = parts.seasons[0][t] + parts.seasons[1][t];
        assert!((seasons - short[t % 6] - long(t)).abs() < 0.5, "{t}: {seasons}");
        assert!((parts.trend[t] - 400.0 - 0.5 * t as f64).abs() < 0.5, "{t}: {}", parts.trend[t]);
    }
    let ahead = Method::Mstl { trend: Trend::Linear, log: false }.forecast(&history, 60).unwrap();
    for (h, got) in ahead.iter().enumerate() {
        assert!((got - at(360 + h)).abs() < 1.5, "{h}: {got} {}", at(360 + h));
    }
    assert_eq!(decompose(&series(&values[..12], 6)), Err(ForecastError::TooShort { have: 12, need: 13 }));
}

/// Of errors that grow each lies outside what those before it say; of errors that fall each lies inside.
#[test]
fn intervals_are_judged_by_what_was_known_then() {
    let worth = |errors: [f64; 6]| {
        let errors = errors.iter().map(|error| vec![*error]).collect();
        Worth::of(&backtest(&[1.0], errors), 0.8).unwrap()
    };
    // Four errors are needed: the fifth is judged by the largest of four, the sixth by the largest of five.
    assert_eq!(worth([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).coverage, 0.0);
    near(&[worth([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).interval_score], &[((8.0 + 10.0) + (10.0 + 10.0)) / 2.0]);
    assert_eq!(worth([-6.0, 5.0, 4.0, -3.0, 2.0, 1.0]), Worth { coverage: 1.0, interval_score: 12.0 });
    let few = backtest(&[1.0], vec![vec![1.0]; 4]);
    assert_eq!(Worth::of(&few, 0.8), Err(ForecastError::TooFewErrors { errors: 4, level: 0.8 }));
}

#[test]
fn a_peak_is_the_highest_step_of_a_path() {
    let backtest = backtest(&[10.0; 2], vec![vec![0.0, 6.0], vec![3.0, -5.0]]);
    let paths = SamplePaths::new((&[10.0; 2], "demand"), &backtest, 2).unwrap();
    let peak = Peak::of(&paths, (5, 400)).unwrap();
    assert_eq!([peak.quantile(0.1), peak.quantile(0.9)], [Ok(13.0), Ok(16.0)]);
    assert!(peak.quantile(1.0).is_err() && Peak::of(&paths, (5, 0)).is_err());
}

#[test]
fn half_widths_are_order_statistics() {
    let errors = (1..=24).map(|k| vec![if k % 2 == 0 { f64::from(k) } else { -f64::from(k) }]).collect();
    let backtest = backtest(&[20.5], errors);
    let bands = |level| Conformal::of(&backtest, level).map(|conformal| conformal.about(&[20.5])[0]);
    assert_eq!(bands(0.8), Ok(Band { low: 0.5, high: 40.5 }));
    assert_eq!(bands(0.95), Ok(Band { low: 0.0, high: 44.5 }));
    assert_eq!(bands(0.99), Err(ForecastError::TooFewErrors { errors: 24, level: 0.99 }));
}

/// Errors that were a tenth of the forecast are a tenth of any other forecast; where it is low, of half its mean.
#[test]
fn errors_are_carried_over_in_proportion() {
    let then = [100.0, 200.0, 300.0];
    let backtest = backtest(&then, vec![vec![10.0, 20.0, -30.0]; 9]);
    let widths = Conformal::of(&backtest, 0.8).unwrap().half_widths(&[50.0, 10.0, 240.0]);
    near(&widths, &[5.0, 5.0, 24.0]);
    let path = SamplePaths::new((&[50.0, 10.0, 240.0], "demand"), &backtest, 3).unwrap();
    near(&path.draw(Replication::new(1, 0)), &[55.0, 15.0, 216.0]);
    assert_eq!([path.quantile(0, 0.5), path.quantile(3, 0.5)], [Ok(Some(55.0)), Ok(None)]);
    // Of a forecast of nothing errors stay as they were.
    near(&error_scale::of(&[0.0, 0.0]), &[1.0, 1.0]);
}

/// Two methods that err by as much to either side are averaged; one that adds nothing is not.
#[test]
fn methods_whose_errors_cancel_are_averaged() {
    let one = |method, errors: &[f64]| Backtest {
        methods: vec![method],
        forecasts: vec![vec![10.0; errors.len()]],
        errors: vec![errors.to_vec()],
    };
    let ranked = [one(Method::Naive, &[1.0, -2.0]), one(Method::Mean, &[-1.0, 2.5]), one(Method::Drift, &[4.0, 4.0])];
    let best = combination::best_mean(&ranked);
    assert_eq!(best.methods, [Method::Naive, Method::Mean]);
    assert_eq!(best.errors, [[0.0, 0.25]]);
    assert_eq!(best.name(), "mean of 2: naive; mean");
    assert_eq!(combination::best_mean(&ranked[2..]), ranked[2]);
}

/// Whole rows give only paths that were seen; single steps are independent of their neighbours; means are the errors'.
#[test]
fn paths_keep_errors_together_within_a_block() {
    let errors = vec![vec![-1.0, -1.0, -200.0], vec![0.0, 0.0, 0.0], vec![4.0, 4.0, 4.0]];
    let points = [10.0, 20.0, 30.0];
    let backtest = backtest(&points, errors);
    let together = SamplePaths::new((&points, "demand"), &backtest, 3).unwrap();
    let apart = SamplePaths::new((&points, "demand"), &backtest, 1).unwrap();
    let (mut mixed, mut first) = (0, 0.0);
    for index in 0..3_000 {
        let path = together.draw(Replication::new(5, index));
        assert!([[9.0, 19.0, 0.0], [10.0, 20.0, 30.0], [14.0, 24.0, 34.0]].contains(&[path[0], path[1], path[2]]));
        assert_eq!(path, together.draw(Replication::new(5, index)));
        first += path[0] / 3_000.0;
        let path = apart.draw(Replication::new(5, index));
        mixed += u32::from(path[0] - 10.0 != path[1] - 20.0);
    }
    // Mean 11, standard deviation √(14/3); two steps differ with probability ⅔.
    assert!((first - 11.0).abs() < 4.0 * (14.0_f64 / 3.0 / 3_000.0).sqrt(), "{first}");
    assert!((f64::from(mixed) - 2_000.0).abs() < 4.0 * (3_000.0_f64 * 2.0 / 9.0).sqrt(), "{mixed}");
}

/// Of two rows of errors one passes the capacity at step 2, the other at step 4: ½ by step 2, 1 by step 4. A path that falls
/// back below has passed all the same.
#[test]
fn a_capacity_is_exhausted_when_a_path_first_passes_it() {
    let errors = vec![vec![0.0, 6.0, -5.0, 0.0, 0.0], vec![0.0, 0.0, 5.0, 6.0, -9.0]];
    let backtest = backtest(&[10.0; 5], errors);
    let paths = SamplePaths::new((&[10.0; 5], "demand"), &backtest, 5).unwrap();
    let exhaustion = Exhaustion::of(&paths, 15.0, (5, 2_000)).unwrap();
    let by = |step| exhaustion.by(step, 0.95).map(|share| share.value);
    assert_eq!([by(1), by(4), by(5), by(6), by(0)], [Some(0.0), Some(1.0), Some(1.0), None, None]);
    // Standard deviation of the share: √(¼/2000), 0.011.
    let half = by(2).unwrap();
    assert!((half - 0.5).abs() < 0.045 && by(3) == Some(half), "{half}");
    let needed = [0.0, 0.3, 0.7, 1.0].map(|risk| exhaustion.needed_at(risk).unwrap());
    assert_eq!(needed, [Some(2), Some(2), Some(4), None]);
    assert_eq!([exhaustion.order_by(0.7, 3), exhaustion.order_by(0.3, 3)], [Ok(Some(1)), Ok(Some(-1))]);
    assert!(exhaustion.needed_at(1.5).is_err() && Exhaustion::of(&paths, f64::NAN, (5, 1)).is_err());
    assert!(Exhaustion::of(&paths, 1.0, (5, 0)).is_err());
}

#[test]
fn what_cannot_be_forecast_is_refused() {
    assert!(matches!(Series::new(vec![1.0, f64::NAN], 1), Err(ForecastError::Value { index: 1, .. })));
    assert_eq!(Series::new(vec![1.0, -2.0], 1), Err(ForecastError::Value { index: 1, value: -2.0 }));
    assert_eq!(Series::new(vec![], 1), Err(ForecastError::TooShort { have: 0, need: 1 }));
    assert_eq!(Series::new(vec![1.0], 0), Err(ForecastError::Season));
    assert_eq!(Series::with_seasons(vec![1.0; 90], vec![7, 7]), Err(ForecastError::Season));
    assert_eq!(Series::with_seasons(vec![1.0; 90], vec![]), Err(ForecastError::Season));
    assert_eq!(decompose(&series(&[1.0; 90], 1)), Err(ForecastError::Season));
    let short = series(&[1.0; 30], 12);
    assert_eq!(choose(&short, 6).unwrap_err(), ForecastError::TooShort { have: 30, need: 31 });
    assert_eq!(choose(&short, 0).unwrap_err(), ForecastError::Horizon { horizon: 0 });
    let zero = series(&[3.0, 0.0, 2.0, 4.0, 1.0, 2.0, 5.0, 1.0, 2.0], 2);
    let chosen = choose(&zero, 2).unwrap();
    assert!(chosen.left_out.iter().all(|(_, why)| *why == ForecastError::Zero { index: 1 }));
    assert_eq!(chosen.left_out.len(), 9);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() })]

    /// Any history is forecast by finite numbers of at least 0, or refused.
    #[test]
    fn forecasts_are_demands(
        values in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e3_f64, 0.0..f64::MAX], 1..60),
        season in 1..9_usize,
        horizon in 1..12_usize,
    ) {
        if let Ok(chosen) = choose(&series(&values, season), horizon) {
            prop_assert!(chosen.points().iter().all(|value| value.is_finite() && *value >= 0.0));
            prop_assert_eq!(chosen.points().len(), horizon);
        }
    }
}
