//! What is so on this machine on this day, for `run-info.json`.

use std::sync::{Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use ninefold_models::assess::{Stage, Watch};
use ninefold_reports::{Phases, RunInfo};
use ninefold_sim_core::simd::Level;

/// Forces an instruction set: `baseline`, `avx2` or `avx512`.
const SIMD: &str = "NINEFOLD_SIMD";

/// Puts the instruction set that [`SIMD`] names in force, if it is set.
pub(crate) fn choose_instruction_set() -> anyhow::Result<()> {
    let Some(name) = std::env::var_os(SIMD).filter(|name| !name.is_empty()) else { return Ok(()) };
    let chosen = Level::from_name(&name.to_string_lossy()).with_context(|| format!("{SIMD} cannot be used"))?;
    chosen.set().with_context(|| format!("{SIMD} cannot be used"))
}

/// A clock that was started with the run, and times its phases.
pub(crate) struct Clock {
    started: SystemTime,
    phases: Mutex<Phases>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: SystemTime::now(), phases: Mutex::new(Phases::begin("load")) }
    }

    fn phases(&self) -> MutexGuard<'_, Phases> {
        self.phases.lock().expect("bug: nothing panics while it holds this lock")
    }

    /// What the run took until now, on `threads` threads.
    pub(crate) fn info(&self, threads: usize) -> RunInfo {
        let phases = self.phases().clone();
        let since = self.started.duration_since(UNIX_EPOCH).unwrap_or_default();
        RunInfo {
            started: rfc3339(since.as_secs()),
            wall_s: phases.seconds(),
            phases,
            threads,
            simd: Level::current().to_string(),
            host: host(),
            command_line: command_line(),
        }
    }
}

impl Watch for Clock {
    fn entered(&self, stage: Stage) {
        self.phases().enter(match stage {
            Stage::Preparing => "prepare",
            Stage::Solving => "exact",
            Stage::Simulating => "simulation",
            Stage::ReadingOut => "read out",
        });
    }
}

fn host() -> Vec<String> {
    let mut host = vec![std::env::consts::OS.to_owned(), std::env::consts::ARCH.to_owned()];
    if let Ok(cores) = std::thread::available_parallelism() {
        host.push(format!("{cores} cores"));
    }
    #[cfg(target_arch = "x86_64")]
    for (name, there) in [
        ("sse4.2", std::arch::is_x86_feature_detected!("sse4.2")),
        ("avx2", std::arch::is_x86_feature_detected!("avx2")),
        ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
    ] {
        if there {
            host.push(name.to_owned());
        }
    }
    host
}

/// As typed, with quotes where a shell needs them.
fn command_line() -> String {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|word| quoted(&word.to_string_lossy())).collect();
    format!("ninefold {}", arguments.join(" "))
}

/// A word of a command line, with quotes where a shell needs them.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Seconds since 1970 as a timestamp in UTC. Civil date of a day number after Hinnant, *chrono-compatible low-level
/// date algorithms* (2013), `civil_from_days`, for days after 1970.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn timestamps() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ];
        for (seconds, text) in cases {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
