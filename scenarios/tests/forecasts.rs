//! Forecasts of held-out values as conformance cases: what is judged exactly, what is not beside the file, what is wrong.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_scenarios::conformance::{Row, Verdict, judge, read};

/// Two steps a season; by hand: the naive forecast is 4, 4 and errs by −2 and 1, values a season apart differ by 1 in the mean.
const CASE: &str = r#"{
    "id": "f-hand", "family": "forecast_holdout",
    "input": {
        "trace": "hand.csv", "prepare": {"resample": "1D", "aggregate": "mean", "fill": "interp"},
        "points": 10, "season_length": 2, "horizon": 2, "train_mean": 3.5, "test_sum": 9.0
    },
    "expected": {
        "naive_exact": {"mae": 1.5, "mase": 1.5, "bias": -0.5, "first_forecasts": [4.0, 4.0]},
        "mean_exact": {"mae": 1.5, "first_forecasts": [3.5]},
        "reference_worse": {"mase": 10.0},
        "reference_other": {"mae": 1.0, "mase": 9.0, "coverage_80": 0.5},
        "guess_exact": {"mae": 1.0}
    },
    "best_reference": {"name": "reference_other", "mase": 9.0}
}"#;

/// The sixth day has no value: it lies on the line, at 4.
const TRACE: &str = "day,value\n2030-01-01,3\n2030-01-02,4\n2030-01-03,2\n2030-01-04,3\n2030-01-05,3\n2030-01-07,5\n\
                     2030-01-08,4\n2030-01-09,6\n2030-01-10,3\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("forecasts-{name}"));
    std::fs::create_dir_all(folder.join("traces")).unwrap();
    folder
}

fn rows(folder: &Path, case: &str) -> Vec<Row> {
    std::fs::write(folder.join("case.json"), case).unwrap();
    let suite = read(&[folder.join("case.json")]).unwrap_or_else(|problems| panic!("{problems}"));
    judge(&suite.cases[0]).rows
}

fn told(rows: &[Row]) -> Vec<String> {
    let one = |row: &Row| format!("{} {} {}", row.measure, row.verdict.name(), row.note).trim_end().to_owned();
    rows.iter().map(one).collect()
}

#[test]
fn held_out_values_are_judged() {
    let folder = folder("judged");
    std::fs::write(folder.join("traces/hand.csv"), TRACE).unwrap();
    let judged = rows(&folder, CASE);
    assert_eq!(
        told(&judged),
        [
            "naive_exact.mae passed",
            "naive_exact.mase passed",
            "naive_exact.bias passed",
            "naive_exact.first_forecasts.0 passed",
            "naive_exact.first_forecasts.1 passed",
            "mean_exact.mae passed",
            "mean_exact.first_forecasts.0 passed",
            "reference_worse.mase not supported what another library reached",
            "reference_other.mae not supported what another library reached",
            "reference_other.mase passed",
            "reference_other.coverage_80 not supported what another library reached",
            "guess_exact.mae not supported the measure `guess_exact.mae` is not known",
        ]
    );
    let missed = rows(
        &folder,
        &CASE.replace("\"bias\": -0.5", "\"bias\": 0.5").replace("\"mase\": 9.0}\n}", "\"mase\": 0.1}\n}"),
    );
    let failed: Vec<&str> =
        missed.iter().filter(|row| row.verdict == Verdict::Failed).map(|row| row.measure.as_str()).collect();
    assert_eq!(failed, ["naive_exact.bias", "reference_other.mase"]);
}

#[test]
fn a_trace_that_is_absent_or_another_is_told() {
    let judged = rows(&folder("absent"), CASE);
    assert!(judged.iter().all(|row| row.verdict == Verdict::NotSupported));
    assert_eq!(judged[0].note, "the trace `traces/hand.csv` is not beside the case file");
    let other = folder("other");
    std::fs::write(other.join("traces/hand.csv"), TRACE.replace(",6", ",7")).unwrap();
    let judged = rows(&other, CASE);
    assert_eq!(judged[0].verdict, Verdict::Failed);
    assert_eq!(judged[0].note, "the trace is not that of the case: its mean or sum differs");
    let outside = rows(&other, &CASE.replace("hand.csv", "../case.json"));
    assert_eq!(outside[0].note, "a trace outside the folder `traces`");
}

/// Straight growth and a season of two steps: parted exactly, but for the ends of the windows; what another program says lies
/// as near as the case allows, or fails.
#[test]
fn parts_are_judged() {
    let folder = folder("parted");
    let values = (0..40).map(|t| (t, 100 + 2 * t + if t % 2 == 0 { 5 } else { -5 }));
    let rows_of: String = values.map(|(t, v)| format!("2030-01-01T{:02}:{:02}:00Z,{v}\n", t / 60, t % 60)).collect();
    std::fs::write(folder.join("traces/hand.csv"), format!("at,value\n{rows_of}")).unwrap();
    let case = r#"{
        "id": "f-parts", "family": "mstl_decomposition",
        "input": {"trace": "hand.csv", "points": 40, "periods": [2]},
        "expected": {
            "columns": ["data", "trend", "seasonal2", "remainder", "other"],
            "rows": {"20": [145.0, 140.0, 5.0, 0.0, 1.0], "21": [137.0, 150.0, 5.0], "99": [1.0]},
            "variance": [572.3], "max_abs_reconstruction_error": 1e-12
        },
        "tolerance": {"trend_rel": 0.01, "seasonal_abs": "3% of data sd"}
    }"#;
    let told = told(&rows(&folder, case));
    let verdicts: Vec<&str> = told.iter().map(|row| row.split(" off").next().unwrap()).collect();
    assert_eq!(
        verdicts,
        [
            "columns.0 not supported the name of a column, by which it is read",
            "columns.1 not supported the name of a column, by which it is read",
            "columns.2 not supported the name of a column, by which it is read",
            "columns.3 not supported the name of a column, by which it is read",
            "columns.4 not supported the name of a column, by which it is read",
            "rows.20.0 passed",
            "rows.20.1 passed",
            "rows.20.2 passed",
            "rows.20.3 passed",
            "rows.20.4 not supported the column `other` is not known",
            "rows.21.0 passed",
            "rows.21.1 FAILED",
            "rows.21.2 FAILED",
            "rows.99.0 FAILED there is no such step",
            "variance.0 FAILED",
            "max_abs_reconstruction_error passed",
        ]
    );
}
