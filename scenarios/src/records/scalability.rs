//! The universal scalability law fitted to measured loads and throughputs of a file: the part of `ninefold fit` for capacity.

use std::fmt::Write as _;
use std::path::Path;

use ninefold_models::queueing::QueueError;
use ninefold_models::queueing::usl::{ScalabilityFit, fit};
use ninefold_models::queueing::usl_bootstrap::{Interval, RESAMPLES, ScalabilityIntervals, intervals};
use serde_json::{Value, json};

use super::report::significant;
use super::table::Reading;
use super::{RecordError, read_table};

/// Most measurements that are read: the fits of the intervals take time in proportion.
const POINTS_MAX: usize = 2000;

/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// A fitted law with what it was fitted to.
#[derive(Clone, Debug)]
pub struct ScalabilityReport {
    /// Column of the loads.
    pub load: String,
    /// Column of the throughputs.
    pub throughput: String,
    /// Load and throughput a second, as they stand in the file.
    pub points: Vec<(f64, f64)>,
    /// The law.
    pub fit: ScalabilityFit,
    /// 95 % intervals.
    pub intervals: ScalabilityIntervals,
}

/// Fits the law to two columns of a file.
///
/// # Errors
/// [`RecordError`] if the file cannot be read, a cell is no number, or the law cannot be fitted.
pub fn scalability_file(file: &Path, load: &str, throughput: &str) -> Result<ScalabilityReport, RecordError> {
    let table = read_table(file)?;
    if table.rows() > POINTS_MAX {
        return Err(RecordError::TooManyRows { limit: POINTS_MAX });
    }
    let cell = |column: &str, row: usize| match table.number(column, row)? {
        Reading::Value(value) => Ok(value),
        Reading::Missing => Err(bad(column, row, "is missing")),
        Reading::Unreadable => Err(bad(column, row, "is no number")),
    };
    let point = |row| Ok((cell(load, row)?, cell(throughput, row)?));
    let points = (0..table.rows()).map(point).collect::<Result<Vec<_>, RecordError>>()?;
    let refused = |reason: QueueError| RecordError::Scalability { column: throughput.to_owned(), reason };
    let fit = fit(&points).map_err(refused)?;
    let intervals = intervals(&points, &fit, (CONFIDENCE, RESAMPLES), 1).map_err(refused)?;
    Ok(ScalabilityReport { load: load.to_owned(), throughput: throughput.to_owned(), points, fit, intervals })
}

fn bad(column: &str, row: usize, reason: &'static str) -> RecordError {
    RecordError::Series { column: column.to_owned(), row: row + 1, reason }
}

impl ScalabilityReport {
    /// One screen of text, the answer first.
    pub fn text(&self) -> String {
        let (law, intervals) = (&self.fit.law, &self.intervals);
        let [rate, contention, coherency] =
            [law.rate, law.contention, law.coherency].map(|value| significant(value, 4));
        let mut out =
            format!("capacity: {{usl: {{rate: {rate}/s, contention: {contention}, coherency: {coherency}}}}}\n\n");
        let (count, load, throughput) = (self.points.len(), &self.load, &self.throughput);
        let _ = writeln!(
            out,
            "{throughput} (a second) at {count} values of {load}: X(N) = γN ÷ (1 + α(N − 1) + βN(N − 1))"
        );
        let _ = writeln!(out, "least squares; 95 % intervals by {RESAMPLES} resamples of the residuals\n");
        let lines = [
            ("rate γ", law.rate, intervals.rate),
            ("contention α", law.contention, intervals.contention),
            ("coherency β", law.coherency, intervals.coherency),
            ("peak at a load of", law.peak_load().unwrap_or(f64::INFINITY), intervals.peak_load),
            ("peak", self.peak(), intervals.peak_throughput),
        ];
        for (name, value, (lo, hi)) in lines {
            let _ = writeln!(out, "  {name:<18} {:>10}   ({} to {})", shown(value), shown(lo), shown(hi));
        }
        if let Some(limit) = law.limit() {
            let _ = writeln!(out, "  {:<18} {:>10}   without coherency cost", "limit γ/α", shown(limit));
        }
        let residual = self.fit.residual_standard_error;
        let _ = writeln!(out, "  {:<18} {:>10}", "residual", shown(residual));
        if intervals.has_peak < 1.0 {
            let share = (100.0 * (1.0 - intervals.has_peak)).round();
            let _ = writeln!(out, "\n{share} % of the resamples have no peak: measure at larger loads to see one");
        }
        out
    }

    /// The largest throughput; the limit of contention where there is no peak, infinite where nothing bends.
    fn peak(&self) -> f64 {
        let law = &self.fit.law;
        law.peak_load().map_or_else(|| law.limit().unwrap_or(f64::INFINITY), |load| law.throughput(load))
    }

    /// The object that `--json` prints; what has no end is null.
    pub fn object(&self) -> Value {
        let (law, intervals) = (&self.fit.law, &self.intervals);
        let number = |value: f64| value.is_finite().then_some(value);
        let with = |value: f64, (lo, hi): Interval| json!({"value": number(value), "lo": number(lo), "hi": number(hi)});
        json!({
            "schema": 1,
            "load": self.load,
            "throughput": self.throughput,
            "points": self.points.len(),
            "confidence": CONFIDENCE,
            "resamples": RESAMPLES,
            "rate": with(law.rate, intervals.rate),
            "contention": with(law.contention, intervals.contention),
            "coherency": with(law.coherency, intervals.coherency),
            "peak_load": with(law.peak_load().unwrap_or(f64::INFINITY), intervals.peak_load),
            "peak_throughput": with(self.peak(), intervals.peak_throughput),
            "limit": law.limit(),
            "residual_standard_error": self.fit.residual_standard_error,
            "has_peak": intervals.has_peak,
        })
    }
}

fn shown(value: f64) -> String {
    if value.is_finite() { significant(value, 4) } else { "none".to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("ninefold-scalability-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_file_of_measurements_becomes_a_line_to_paste() {
        // SPEC SDM91 on a 16-CPU server: Gunther, Guerrilla Capacity Planning (2007).
        let text = "users,scripts\n1,64.9\n18,995.9\n36,1652.4\n72,1853.2\n108,1828.9\n144,1775.0\n216,1702.2\n";
        let path = written("sdm91", text);
        let report = scalability_file(&path, "users", "scripts").unwrap();
        let first = report.text().lines().next().unwrap().to_owned();
        assert_eq!(first, "capacity: {usl: {rate: 90/s, contention: 0.02773, coherency: 0.0001044}}");
        let peak = report.object()["peak_load"].clone();
        let (lo, hi) = (peak["lo"].as_f64().unwrap(), peak["hi"].as_f64().unwrap());
        assert!((peak["value"].as_f64().unwrap() - 96.52).abs() < 0.01 && lo < 96.0 && hi > 97.0, "{peak}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_is_no_measurement_is_refused_by_its_place() {
        let refused = |name: &str, text: &str, load: &str| {
            let path = written(name, text);
            let error = scalability_file(&path, load, "x").unwrap_err().to_string();
            std::fs::remove_file(path).unwrap();
            error
        };
        let good = "n,x\n1,10\n2,19\n4,35\n8,60\n";
        assert!(refused("column", good, "m").contains("no column `m`"));
        assert!(
            refused("word", "n,x\n1,10\n2,many\n4,35\n8,60\n", "n").contains("row 2 of the series `x` is no number")
        );
        assert!(refused("few", "n,x\n1,10\n2,19\n4,35\n", "n").contains("points is 3"));
        assert!(refused("negative", "n,x\n1,10\n2,19\n4,35\n8,-60\n", "n").contains("throughput is -60"));
    }
}
