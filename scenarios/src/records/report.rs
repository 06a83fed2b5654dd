//! What fitting a column says: the chosen law as YAML first, then every family beside it, and what was left out.

use std::fmt::Write as _;

use ninefold_models::fit::{Family, Fit, Parameter, Sample, Step, fit_all, product_limit};
use serde::Serialize;

use super::column::Column;
use super::{RecordError, Unit};

/// The answer of `ninefold fit`; its rows are the table `fits`.
#[derive(Clone, Debug, Serialize)]
pub struct FitReport {
    /// Version of this shape.
    pub schema: u32,
    /// What was fitted.
    pub column: String,
    /// Unit of every time below, and of the values the log-likelihood is of.
    pub unit: &'static str,
    /// Rows looked at, after `--where`.
    pub rows: u64,
    /// Values used, censored ones included.
    pub used: u64,
    /// Of these, censored.
    pub censored: u64,
    /// What was left out.
    pub rejected: Vec<Rejected>,
    /// Share of times between failures that are exactly 0: failures that came together.
    pub tie_share: Option<f64>,
    /// Plain numbers of the complete values.
    pub summary: Summary,
    /// The chosen family.
    pub chosen: &'static str,
    /// The chosen law, as a line of a failure mode: `repair: {…}`, or `time_to_failure: {…}` for times between.
    pub yaml: String,
    /// Every family that could be fitted, least AIC first.
    pub fits: Vec<FitRow>,
    /// The others.
    pub unfitted: Vec<Unfitted>,
    /// The empirical survival function (product-limit), for figures.
    #[serde(skip)]
    pub steps: Vec<Step>,
    /// The values that were fitted, in `unit`, for figures.
    #[serde(skip)]
    pub sample: Sample,
}

/// Rows left out by one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The rule.
    pub rule: &'static str,
    /// Rows.
    pub rows: u64,
}

/// Plain numbers of the complete values (with censoring they leave out the longest ones).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Mean.
    pub mean: f64,
    /// Median; the mean of the middle two of an even number.
    pub median: f64,
    /// Smallest.
    pub least: f64,
    /// Largest.
    pub largest: f64,
    /// Variance (n − 1) ÷ mean²; none for a single value.
    pub squared_cv: Option<f64>,
}

/// One family: a row of `fits`.
#[derive(Clone, Debug, Serialize)]
pub struct FitRow {
    /// The family.
    pub family: &'static str,
    /// Values, censored ones included.
    pub n: u64,
    /// Of these, censored.
    pub censored: u64,
    /// Parameters with their standard errors.
    pub params: Vec<Number>,
    /// The same estimate read otherwise.
    pub also: Vec<Number>,
    /// Log-likelihood, in the unit of the report.
    pub loglik: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Kolmogorov–Smirnov distance.
    pub ks: f64,
    /// Its p value, an upper bound since the law was fitted; none with censored values.
    pub ks_p: Option<f64>,
    /// Anderson–Darling A²; none with censored values.
    pub ad: Option<f64>,
    /// Whether it is the chosen one.
    pub chosen: bool,
    /// The fit itself, for figures and laws.
    #[serde(skip)]
    pub fit: Fit,
}

/// A number with its error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Number {
    /// As written in a scenario.
    pub name: &'static str,
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Its unit; `1` for a pure number.
    pub unit: &'static str,
}

/// A family without a fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfitted {
    /// The family.
    pub family: &'static str,
    /// Why.
    pub reason: String,
}

/// Fits every family to `column` and chooses `family`, or the one with the least AIC.
///
/// # Errors
/// [`RecordError::Fit`] if the asked family (or every family) cannot be fitted.
pub fn report(column: &Column, family: Option<Family>) -> Result<FitReport, RecordError> {
    let refused = |source| RecordError::Fit { column: column.name.clone(), source };
    let sample = Sample::new(&column.values).map_err(refused)?;
    let ranking = fit_all(&sample).map_err(refused)?;
    let failed = |family| ranking.failed.iter().find(|(f, _)| Some(*f) == family);
    if let Some((_, error)) = failed(family) {
        return Err(refused(error.clone()));
    }
    let chosen = family.unwrap_or(ranking.best().family);
    let unit = column.unit.name();
    let fits: Vec<FitRow> = ranking.fits.into_iter().map(|fit| row(fit, chosen, unit)).collect();
    let best = fits.iter().find(|row| row.chosen).map(|row| row.fit.clone());
    let best = best.unwrap_or_else(|| unreachable!("bug: a family is either fitted or failed"));
    let key = if column.gaps.is_some() { "time_to_failure" } else { "repair" };
    let ties = column.rejected.get("tie").copied().unwrap_or(0);
    Ok(FitReport {
        schema: 1,
        column: column.name.clone(),
        unit,
        rows: column.rows,
        used: sample.len() as u64,
        censored: sample.censored().len() as u64,
        rejected: column.rejected.iter().map(|(rule, rows)| Rejected { rule, rows: *rows }).collect(),
        tie_share: column.gaps.filter(|gaps| *gaps > 0).map(|gaps| ties as f64 / gaps as f64),
        summary: summary(sample.complete()),
        chosen: chosen.name(),
        yaml: format!("{key}: {}", yaml(&best, column.unit)),
        steps: product_limit(&sample),
        fits,
        unfitted: ranking
            .failed
            .into_iter()
            .map(|(family, error)| Unfitted { family: family.name(), reason: error.to_string() })
            .collect(),
        sample,
    })
}

fn row(fit: Fit, chosen: Family, unit: &'static str) -> FitRow {
    let number = |p: &Parameter| Number {
        name: p.name,
        value: p.value,
        se: p.standard_error,
        unit: if p.is_time { unit } else { "1" },
    };
    FitRow {
        family: fit.family.name(),
        n: fit.n as u64,
        censored: fit.censored as u64,
        params: fit.parameters.iter().map(number).collect(),
        also: fit.also.iter().map(number).collect(),
        loglik: fit.log_likelihood,
        aic: fit.aic,
        ks: fit.goodness.ks,
        ks_p: fit.goodness.ks_p,
        ad: fit.goodness.anderson_darling,
        chosen: fit.family == chosen,
        fit,
    }
}

fn summary(sorted: &[f64]) -> Summary {
    let n = sorted.len();
    let mean = sorted.iter().sum::<f64>() / n as f64;
    let squares: f64 = sorted.iter().map(|x| (x - mean) * (x - mean)).sum();
    Summary {
        mean,
        median: 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]),
        least: sorted[0],
        largest: sorted[n - 1],
        squared_cv: (n > 1).then(|| squares / (n as f64 - 1.0) / (mean * mean)),
    }
}

/// The law as a scenario writes it, to four significant digits.
fn yaml(fit: &Fit, unit: Unit) -> String {
    let parameter = |p: &Parameter| {
        let suffix = if p.is_time { unit.name() } else { "" };
        format!("{}: {}{suffix}", p.name, significant(p.value, 4))
    };
    let parameters: Vec<String> = fit.parameters.iter().map(parameter).collect();
    format!("{{{}: {{{}}}}}", fit.family.name(), parameters.join(", "))
}

/// Plain decimals, never an exponent, without trailing zeros behind the point.
pub(super) fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = format!("{:e}", value.abs()).split_once('e').and_then(|(_, e)| e.parse::<i32>().ok()).unwrap_or(0);
    let decimals = usize::try_from(digits - 1 - magnitude).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl FitReport {
    /// One screen of text, the answer first.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n{}: ", self.yaml, self.column);
        self.write_values(&mut out);
        let parameters: Vec<String> =
            self.fits.iter().map(|row| row.params.iter().map(number).collect::<Vec<_>>().join(", ")).collect();
        let wide = parameters.iter().map(|p| p.chars().count()).max().unwrap_or(0);
        let _ = writeln!(
            out,
            "\n  {:<11}  {:<wide$}  {:>12}  {:>11}  {:>6}  {:>8}  {:>7}",
            "family", "parameters ± standard error", "log-lik.", "AIC", "KS", "p ≤", "AD"
        );
        for (row, parameters) in self.fits.iter().zip(parameters) {
            let mark = if row.chosen { '*' } else { ' ' };
            let p = row.ks_p.map_or("-".to_owned(), |p| if p < 1e-4 { "1e-4".to_owned() } else { significant(p, 2) });
            let ad = row.ad.map_or("-".to_owned(), |x| significant(x, 3));
            let _ = writeln!(
                out,
                "{mark} {:<11}  {parameters:<wide$}  {:>12.1}  {:>11.1}  {:>6.4}  {p:>8}  {ad:>7}",
                row.family, row.loglik, row.aic, row.ks
            );
        }
        for failed in &self.unfitted {
            let _ = writeln!(out, "  {:<12} not fitted: {}", failed.family, failed.reason);
        }
        let _ = writeln!(
            out,
            "\n* chosen; log-likelihood and times in {}. p is an upper bound: the law was fitted to the same values.",
            self.unit
        );
        out
    }

    fn write_values(&self, out: &mut String) {
        let unit = self.unit;
        let _ = write!(out, "{} values from {} rows", self.used, self.rows);
        if self.censored > 0 {
            let _ = write!(out, ", {} of them censored", self.censored);
        }
        let left_out: Vec<String> = self.rejected.iter().map(|r| format!("{} {}", r.rule, r.rows)).collect();
        let _ =
            writeln!(out, "; left out: {}", if left_out.is_empty() { "none".to_owned() } else { left_out.join(", ") });
        let s = &self.summary;
        let of = |x: f64| significant(x, 4);
        let _ = write!(
            out,
            "mean {} {unit}, median {} {unit}, {} to {} {unit}",
            of(s.mean),
            of(s.median),
            of(s.least),
            of(s.largest)
        );
        if let Some(cv) = s.squared_cv {
            let _ = write!(out, ", squared coefficient of variation {}", of(cv));
        }
        if let Some(share) = self.tie_share {
            let _ = write!(out, ", exact ties {} %", significant(100.0 * share, 2));
        }
        out.push('\n');
    }
}

fn number(n: &Number) -> String {
    let unit = if n.unit == "1" { String::new() } else { format!(" {}", n.unit) };
    format!("{} {} ± {}{unit}", n.name, significant(n.value, 4), significant(n.se, 2))
}

#[cfg(test)]
mod tests {
    use super::significant;

    #[test]
    fn significant_digits_without_exponents() {
        let cases = [(63.668_2, "63.67"), (1.402_43, "1.402"), (0.000_123_456, "0.0001235"), (355.179, "355.2")];
        for (value, text) in cases {
            assert_eq!(significant(value, 4), text);
        }
        assert_eq!(significant(1_234_567.0, 4), "1234567");
        assert_eq!(significant(100.0, 4), "100");
        assert_eq!(significant(0.999_96, 4), "1");
    }
}
