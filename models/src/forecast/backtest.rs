//! What a method, or the mean of several, would have forecast in the past, and what it missed.

use super::{ForecastError, Method, Series};

/// Forecasts from every origin, and their errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// The method; of a mean, all whose forecasts it averages, the best first.
    pub methods: Vec<Method>,
    /// A row of `horizon` forecasts for each origin, oldest origin first, in the unit of the history.
    pub forecasts: Vec<Vec<f64>>,
    /// Value − forecast, likewise.
    pub errors: Vec<Vec<f64>>,
}

impl Backtest {
    /// Forecasts `horizon` steps from each of the `origins` (values known there) and compares.
    ///
    /// # Errors
    /// Those of [`Method::forecast`]; [`ForecastError::TooShort`] for an origin whose horizon ends after the history.
    pub fn run(method: Method, series: &Series, (origins, horizon): (&[usize], usize)) -> Result<Self, ForecastError> {
        let (mut forecasts, mut errors) = (Vec::new(), Vec::new());
        for &origin in origins {
            let ahead = method.forecast(&series.first(origin)?, horizon)?;
            series.at_least(origin + horizon)?;
            let seen = &series.values()[origin..origin + horizon];
            errors.push(seen.iter().zip(&ahead).map(|(value, forecast)| value - forecast).collect());
            forecasts.push(ahead);
        }
        Ok(Self { methods: vec![method], forecasts, errors })
    }

    /// That of the mean of the forecasts of `several`, all from the same origins.
    pub(super) fn mean_of(several: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> &Vec<Vec<f64>>| {
            let rows = of(&several[0]).iter().enumerate();
            rows.map(|(row, first)| {
                (0..first.len()).map(|at| mean(several.iter().map(|one| of(one)[row][at]))).collect()
            })
            .collect()
        };
        Self {
            methods: several.iter().flat_map(|one| one.methods.iter().copied()).collect(),
            forecasts: mean(|one| &one.forecasts),
            errors: mean(|one| &one.errors),
        }
    }

    /// The method by name; of a mean, all of them.
    pub fn name(&self) -> String {
        let names: Vec<String> = self.methods.iter().map(Method::to_string).collect();
        match &names[..] {
            [one] => one.clone(),
            _ => format!("mean of {}: {}", names.len(), names.join("; ")),
        }
    }

    /// Mean absolute error over origins and steps, in the unit of the history.
    pub fn mean_absolute_error(&self) -> f64 {
        mean(self.errors.iter().flatten().map(|error| error.abs()))
    }

    /// The oldest `count` origins.
    pub(super) fn until(&self, count: usize) -> Self {
        Self {
            methods: self.methods.clone(),
            forecasts: self.forecasts[..count].to_vec(),
            errors: self.errors[..count].to_vec(),
        }
    }
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / f64::from(count.max(1))
}
