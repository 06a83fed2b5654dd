//! The fewest replicas there may be: what is scheduled, and what predictive scaling raises to at the start of an hour.

use ninefold_sim_core::tick::Tick;

use crate::scaling::hourly_forecast::HourlyForecast;
use crate::system::Autoscale as Declared;

/// What is scheduled and forecast of one autoscaler.
#[derive(Debug)]
pub(super) struct Floor {
    /// The fewest at any time.
    least: u32,
    forecast: Option<HourlyForecast>,
    /// The hour that was forecast last, and replicas for it.
    hour: Tick,
    predicted: Option<u32>,
}

impl Floor {
    pub(super) fn new(declared: &Declared) -> Self {
        let least = declared.spec.scaler.least();
        let forecast = declared.predicted_load.map(|_| HourlyForecast::default());
        Self { least, forecast, hour: Tick::ZERO, predicted: None }
    }

    /// Begins a replication.
    pub(super) fn start(&mut self) {
        if let Some(forecast) = &mut self.forecast {
            forecast.restart();
        }
        (self.hour, self.predicted) = (Tick::ZERO, None);
    }

    /// The load was this until now, millionths.
    pub(super) fn observe(&mut self, load: u64, now: Tick) {
        if let Some(forecast) = &mut self.forecast {
            forecast.observe(load, now);
        }
    }

    /// Replicas that are forecast for this hour; what was before must have been observed.
    pub(super) fn predicted(&mut self, declared: &Declared, now: Tick) -> Option<u32> {
        let (forecast, each) = self.forecast.as_ref().zip(declared.predicted_load)?;
        if now >= self.hour {
            let replicas = |load: u64| u32::try_from(load.div_ceil(each)).unwrap_or(u32::MAX);
            self.predicted = forecast.now().map(replicas);
            self.hour = HourlyForecast::next_hour(now);
        }
        self.predicted
    }

    /// The fewest replicas now.
    pub(super) fn now(&mut self, declared: &Declared, now: Tick) -> u32 {
        let scheduled = match declared.floors.partition_point(|(from, _)| *from <= now) {
            0 => 0,
            next => declared.floors[next - 1].1,
        };
        let predicted = self.predicted(declared, now).unwrap_or(0);
        self.least.max(scheduled).max(predicted).min(declared.spec.scaler.limits().1)
    }

    /// When the fewest may next be others; [`Tick::NEVER`] where they never are.
    pub(super) fn next(&self, declared: &Declared, now: Tick) -> Tick {
        let scheduled = declared.floors.partition_point(|(from, _)| *from <= now);
        let scheduled = declared.floors.get(scheduled).map_or(Tick::NEVER, |(from, _)| *from);
        if self.forecast.is_some() { scheduled.min(HourlyForecast::next_hour(now)) } else { scheduled }
    }
}
