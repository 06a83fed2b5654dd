//! Makes the files of `scenarios/library/records`: `cargo run -p ninefold-scenarios --example make_records`.
//!
//! `daily-orders.csv`: two years of orders by day, 2025 and 2026, about a level of 40,000 that grows by 25 % a year, with
//! quiet weekends and errors of 4 % that fade over days (an autoregression with coefficient 0.6).
//!
//! `node-failures.csv`: thirty hosts are watched for two years, 2025 and 2026. Each is up for a Weibull time (shape 0.74, mean 70 days,
//! new after every repair) and down for a lognormal one (median 40 min, sigma 1.2), to the second. Every 97th row has
//! its two stamps the wrong way round, as records kept by people do. A host that is down at the end has no `up_utc`.
//! Nothing here is anybody's real data; the same bytes come out every time, and a test holds the file to them.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use ninefold_models::lifetime::{Law, LawError};
use ninefold_models::units::Hours;

const HOSTS: u64 = 30;
const FROM_S: i64 = 1_735_689_600; // 2025-01-01T00:00:00Z
const WATCHED_S: f64 = 730.0 * 86_400.0;
const SWAPPED_EVERY: usize = 97;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("library/records");
    for (name, text) in [("node-failures.csv", node_failures()?), ("daily-orders.csv", daily_orders()?)] {
        std::fs::write(folder.join(name), text)?;
        eprintln!("wrote {}", folder.join(name).display());
    }
    Ok(())
}

/// Orders by day.
pub(crate) fn daily_orders() -> Result<String, Box<dyn std::error::Error>> {
    // Monday to Sunday; 2025-01-01 is a Wednesday.
    let week = [1.02, 1.04, 1.08, 1.12, 1.18, 0.86, 0.70];
    let error = Law::lognormal_median_sigma(Hours::new(1.0), 0.032)?;
    let (mut draws, mut carried) = (SplitMix64(7), 1.0);
    let mut text = "day,orders\n".to_owned();
    for day in 0..730_u16 {
        let stamp = stamp(Some(i64::from(day) * 86_400))?;
        carried = libm::pow(carried, 0.6) * error.quantile(draws.open01()).get();
        let growth = libm::pow(1.25, f64::from(day) / 365.0);
        let orders = (40_000.0 * growth * week[usize::from((day + 2) % 7)] * carried).round();
        writeln!(text, "{},{orders}", &stamp[..10])?;
    }
    Ok(text)
}

/// Failures of hosts.
pub(crate) fn node_failures() -> Result<String, Box<dyn std::error::Error>> {
    let mut rows = Vec::new();
    for host in 0..HOSTS {
        watch(host, &mut rows)?;
    }
    rows.sort_unstable();
    let mut text = "down_utc,up_utc,host\n".to_owned();
    for (index, (down, up, host)) in rows.into_iter().enumerate() {
        let (down, up) = (stamp(Some(down))?, stamp(up)?);
        let (down, up) = if (index + 1) % SWAPPED_EVERY == 0 && !up.is_empty() { (up, down) } else { (down, up) };
        writeln!(text, "{down},{up},node-{host:02}")?;
    }
    Ok(text)
}

type Row = (i64, Option<i64>, u64);

fn watch(host: u64, rows: &mut Vec<Row>) -> Result<(), LawError> {
    let life = Law::weibull_mean(0.74, Hours::from_days(70.0))?;
    let repair = Law::lognormal_median_sigma(Hours::from_minutes(40.0), 1.2)?;
    let mut draws = SplitMix64(host.wrapping_mul(0xD134_2543_DE82_EF95));
    let mut seconds_of = |law: &Law| (law.quantile(draws.open01()).get() * 3600.0).round().max(1.0);
    let mut now = 0.0;
    loop {
        now += seconds_of(&life);
        if now >= WATCHED_S {
            return Ok(());
        }
        let end = now + seconds_of(&repair);
        rows.push((now as i64, (end < WATCHED_S).then_some(end as i64), host));
        now = end;
    }
}

fn stamp(seconds: Option<i64>) -> Result<String, jiff::Error> {
    seconds.map_or(Ok(String::new()), |s| Ok(Timestamp::from_second(FROM_S + s)?.to_string()))
}

/// Steele, Lea & Flood, *Fast splittable pseudorandom number generators* (2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn open01(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}
