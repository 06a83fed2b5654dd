//! Traces: a CSV file of instants and values beside the case files, made into values at equal steps.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::refusal::Refusal;
use crate::merge::read_bounded;
use crate::yaml::Node;

/// Most steps of a prepared trace.
const STEPS_MAX: i64 = 200_000;

/// How a trace becomes values at equal steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prepare {
    /// As it is.
    AsItIs,
    /// The sum of each hour, 0 where there is nothing.
    HourlySum,
    /// The mean of each day; days without a value lie on the line between their neighbours.
    DailyMean,
}

impl Prepare {
    /// As a case says it by `resample`, `aggregate` and `fill`.
    pub(super) fn of(node: &Node) -> Result<Self, Refusal> {
        let word = |key: &str| node.get(key).filter(|value| !value.is_null()).and_then(Node::text);
        match (word("resample"), word("aggregate"), word("fill")) {
            (None, None, None) => Ok(Self::AsItIs),
            (Some("1h"), Some("sum"), Some("0")) => Ok(Self::HourlySum),
            (Some("1D"), Some("mean"), Some("interp")) => Ok(Self::DailyMean),
            other => Err(Refusal::not_supported(format!("preparing a trace by {other:?}"))),
        }
    }

    /// The values of the file at `path`.
    pub(super) fn read(self, path: &Path) -> Result<Vec<f64>, String> {
        let text = read_bounded(path).map_err(|(_, message)| message)?;
        let rows = rows(&text)?;
        let width = match self {
            Self::AsItIs => return Ok(rows.into_iter().map(|(_, value)| value).collect()),
            Self::HourlySum => 3_600,
            Self::DailyMean => 86_400,
        };
        let mut buckets: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for (second, value) in rows {
            let (sum, count) = buckets.entry(second.div_euclid(width)).or_default();
            (*sum, *count) = (*sum + value, *count + 1.0);
        }
        let (first, last) = buckets.first_key_value().zip(buckets.last_key_value()).ok_or("the trace has no rows")?;
        if last.0 - first.0 >= STEPS_MAX {
            return Err(format!("the trace spans more than {STEPS_MAX} steps"));
        }
        Ok(match self {
            Self::DailyMean => lined_up(&buckets),
            Self::AsItIs | Self::HourlySum => {
                (*first.0..=*last.0).map(|at| buckets.get(&at).map_or(0.0, |(sum, _)| *sum)).collect()
            }
        })
    }
}

/// Means of the buckets, and of those between them what lies on the line.
fn lined_up(buckets: &BTreeMap<i64, (f64, f64)>) -> Vec<f64> {
    let means: Vec<(i64, f64)> = buckets.iter().map(|(at, (sum, count))| (*at, sum / count)).collect();
    let between = |pair: &[(i64, f64)]| {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        (from..to).map(move |at| low + (high - low) * (at - from) as f64 / (to - from) as f64)
    };
    let last = means.last().map(|(_, mean)| *mean);
    means.windows(2).flat_map(between).chain(last).collect()
}

/// Seconds and values of the rows after the header; lines end by CR, LF or both.
fn rows(text: &str) -> Result<Vec<(i64, f64)>, String> {
    let lines = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).skip(1);
    let row = |line: &str| {
        let (at, value) = line.split_once(',')?;
        let plain = |cell: &str| cell.trim().trim_matches('"').to_owned();
        Some((second(&plain(at))?, plain(value).parse::<f64>().ok()?))
    };
    lines.map(|line| row(line).ok_or_else(|| format!("`{line}` is no instant and value"))).collect()
}

/// Seconds since 1970 of a civil date or time, taken as UTC.
fn second(text: &str) -> Option<i64> {
    let civil =
        text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.to_datetime(Time::midnight())));
    Some(Offset::UTC.to_timestamp(civil.ok()?).ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(prepare: Prepare, text: &str) -> Result<Vec<f64>, String> {
        let path = std::env::temp_dir().join(format!("trace-{}-{prepare:?}.csv", std::process::id()));
        std::fs::write(&path, text).expect("the folder can be written");
        let values = prepare.read(&path);
        std::fs::remove_file(&path).expect("it was written");
        values
    }

    #[test]
    fn traces_become_equal_steps() {
        assert_eq!(prepared(Prepare::AsItIs, "ds,y\r1949-01-01,112\r1949-02-01,118\r"), Ok(vec![112.0, 118.0]));
        let hours = "t,v\n2014-04-10 00:04:00,1\n2014-04-10 00:59:00,2\n2014-04-10 02:00:00,5\n";
        assert_eq!(prepared(Prepare::HourlySum, hours), Ok(vec![3.0, 0.0, 5.0]));
        let days = "\"ds\",\"y\"\r\n\"2014-04-10\",1\r\n\"2014-04-13\",4\r\n\"2014-04-13\",6\r\n";
        let thirds = [1.0, 1.0 + 4.0 / 3.0, 1.0 + 8.0 / 3.0, 5.0];
        assert_eq!(prepared(Prepare::DailyMean, days), Ok(thirds.to_vec()));
        assert!(prepared(Prepare::DailyMean, "ds,y\nyesterday,3\n").is_err());
    }
}
