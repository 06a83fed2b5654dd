//! What watches a run: a bar on the terminal, the time limit, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use ninefold_models::assess::{Progress, Watch};
use ninefold_models::results::Stopped;
use ninefold_reports::format;

use crate::interrupt::Interrupt;

/// How long without news before the bar moves by itself.
const TICK: Duration = Duration::from_millis(200);

/// Watches one run.
pub(crate) struct Watcher {
    bar: ProgressBar,
    end: Option<Instant>,
    interrupt: Interrupt,
    last: Mutex<Last>,
}

/// What was heard and said last.
#[derive(Clone, Copy, Default)]
struct Last {
    stopped: Option<Stopped>,
    reached: Option<f64>,
    asked: Option<f64>,
}

impl Watcher {
    /// Starts watching: the time limit counts from here.
    pub(crate) fn start(bar: bool, max_time: Option<Duration>, interrupt: Interrupt) -> Self {
        let bar = if bar && std::io::stderr().is_terminal() { terminal_bar() } else { ProgressBar::hidden() };
        let end = max_time.and_then(|limit| Instant::now().checked_add(limit));
        Self { bar, end, interrupt, last: Mutex::new(Last::default()) }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Why the run was asked to stop, if it was.
    pub(crate) fn stopped(&self) -> Option<Stopped> {
        self.last().stopped
    }

    /// The precision that was asked for and is not reached, as far as the run has told.
    pub(crate) fn short_of_precision(&self) -> bool {
        let last = self.last();
        last.asked.is_some_and(|asked| last.reached.is_none_or(|reached| reached > asked))
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().expect("bug: nothing panics while it holds this lock")
    }
}

impl Watch for Watcher {
    fn progress(&self, progress: &Progress) {
        {
            let mut last = self.last();
            (last.reached, last.asked) = (progress.reached, progress.asked);
        }
        self.bar.set_length(expected(progress));
        self.bar.set_position(progress.replications);
        let message = match (progress.reached, progress.asked) {
            (Some(reached), Some(asked)) if reached.is_finite() => {
                format!("± {} of ± {}", format::percent(reached), format::percent(asked))
            }
            (_, Some(asked)) => format!("nothing seen yet of ± {}", format::percent(asked)),
            _ => String::new(),
        };
        self.bar.set_message(message);
    }

    fn should_stop(&self) -> Option<Stopped> {
        let stopped = if self.interrupt.asked() {
            Some(Stopped::Interrupted)
        } else if self.end.is_some_and(|end| Instant::now() >= end) {
            Some(Stopped::Time)
        } else {
            None
        };
        if stopped.is_some() {
            self.last().stopped = stopped;
        }
        stopped
    }
}

/// Replications it will take as far as can be told: the width shrinks with the root of their number.
fn expected(progress: &Progress) -> u64 {
    match (progress.reached, progress.asked) {
        (Some(reached), Some(asked)) if reached.is_finite() && asked > 0.0 => {
            let ratio = reached / asked;
            let needed = progress.replications as f64 * (ratio * ratio).max(1.0);
            (needed as u64).clamp(progress.replications, progress.most.max(progress.replications))
        }
        _ => progress.most,
    }
}

fn terminal_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {wide_bar} {human_pos}/{human_len} replications {msg} {eta}")
        .expect("bug: the template is fixed");
    let bar = ProgressBar::no_length().with_style(style);
    bar.enable_steady_tick(TICK);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_expects_what_the_precision_needs_within_the_budget() {
        let at = |reached, most| Progress { replications: 200, most, reached, asked: Some(0.1) };
        assert_eq!(expected(&at(Some(0.2), 200_000)), 800);
        assert_eq!(expected(&at(Some(0.05), 200_000)), 200);
        assert_eq!(expected(&at(Some(0.2), 500)), 500);
        assert_eq!(expected(&at(Some(f64::INFINITY), 500)), 500);
        assert_eq!(expected(&at(None, 500)), 500);
    }
}
