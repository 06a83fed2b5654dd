//! The forecast that predictive scaling goes by: hour by hour, from what has been seen.
//!
//! The forecast of an hour is the mean of the same hour of the week in the last 14 days; as long as there is none, the mean
//! of the same hour of the days before; in the first 24 h there is none. An hour is forecast from hours that are over by at
//! least 24 h, so it does not matter that the provider makes the forecast only every 6 h.
//!
//! # Source
//! *Amazon EC2 Auto Scaling User Guide*, predictive scaling: 14 days of history, at least 24 h, a forecast by the hour. How
//! the provider weighs the history is not published; this is a seasonal mean.

use ninefold_sim_core::tick::Tick;

/// An hour.
const HOUR: i64 = 3_600_000_000_000;
/// Hours of a week.
const WEEK: i64 = 168;
/// Hours that are remembered.
const HISTORY: usize = 2 * WEEK as usize;

/// Load by the hour, over the last 14 days.
#[derive(Clone, Debug)]
pub struct HourlyForecast {
    /// Load × time of each remembered hour, at its number modulo [`HISTORY`].
    hours: Vec<u128>,
    /// Until when the load is known.
    until: Tick,
}

impl Default for HourlyForecast {
    fn default() -> Self {
        Self { hours: vec![0; HISTORY], until: Tick::ZERO }
    }
}

impl HourlyForecast {
    /// Begins anew at tick 0.
    pub fn restart(&mut self) {
        self.hours.fill(0);
        self.until = Tick::ZERO;
    }

    /// The load, millionths, was this until an instant.
    pub fn observe(&mut self, load: u64, until: Tick) {
        while self.until < until {
            let hour = self.until.get() / HOUR;
            let end = until.min(Tick::new((hour + 1) * HOUR));
            let sum = &mut self.hours[hour as usize % HISTORY];
            if self.until.get() == hour * HOUR {
                *sum = 0;
            }
            *sum += u128::from(load) * end.since(self.until).get() as u128;
            self.until = end;
        }
    }

    /// Mean load forecast for the hour that begins now, millionths; what was before must have been observed.
    pub fn now(&self) -> Option<u64> {
        let hour = self.until.get() / HOUR;
        let back = |every: i64| (1..=HISTORY as i64 / every).map(move |k| hour - k * every).take_while(|&h| h >= 0);
        let weeks = back(WEEK).count();
        let (sum, count) = if weeks > 0 { self.sum(back(WEEK)) } else { self.sum(back(24)) };
        (count > 0).then(|| (sum / (count * HOUR as u128)) as u64)
    }

    fn sum(&self, hours: impl Iterator<Item = i64>) -> (u128, u128) {
        hours.fold((0, 0), |(sum, count), hour| (sum + self.hours[hour as usize % HISTORY], count + 1))
    }

    /// The beginning of the hour after an instant.
    pub const fn next_hour(now: Tick) -> Tick {
        Tick::new((now.get() / HOUR + 1) * HOUR)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The forecasts at the beginnings of hours under a load by the hour.
    fn forecasts(load: impl Fn(i64) -> u64, hours: i64) -> Vec<Option<u64>> {
        let mut forecast = HourlyForecast::default();
        let each = |hour: i64| {
            let now = forecast.now();
            // In two parts, to see that parts add up.
            forecast.observe(load(hour) - 100, Tick::new(hour * HOUR + HOUR / 2));
            forecast.observe(load(hour) + 100, Tick::new((hour + 1) * HOUR));
            now
        };
        (0..hours).map(each).collect()
    }

    #[test]
    fn a_day_and_then_a_week_are_learnt() {
        let load = |hour: i64| (1000 + 10 * (hour % 24) + if hour / 24 % 7 >= 5 { 5000 } else { 0 }) as u64;
        let found = forecasts(load, 5 * WEEK);
        assert!(found[..24].iter().all(Option::is_none), "24 h at the least");
        assert!((24..120).all(|hour| found[hour] == Some(load(hour as i64))), "the days of a week before its end");
        let shape = |hour: i64| load(hour % WEEK);
        assert!((WEEK..5 * WEEK).all(|hour| found[hour as usize] == Some(shape(hour))));
    }

    #[test]
    fn only_two_weeks_are_remembered() {
        let found = forecasts(|hour| 1000 * (1 + hour / WEEK) as u64, 4 * WEEK);
        assert_eq!(found[3 * WEEK as usize], Some(2500), "the mean of the second and the third week");
    }
}
