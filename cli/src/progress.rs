//! What watches a run: the screen on a terminal, the time limit, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ninefold_models::assess::{Outlook, Progress, Stage, Watch};
use ninefold_models::results::{Reached, SteeringRule, Stopped};
use ninefold_models::variance::PILOT;
use ninefold_reports::stopping;

use crate::host::Clock;
use crate::interrupt::Interrupt;
use crate::screen::Screen;

/// Watches one run.
pub(crate) struct Watcher {
    /// None where stderr is no terminal.
    screen: Option<Screen>,
    end: Option<Instant>,
    interrupt: Interrupt,
    /// Times the stages, where they are told afterwards.
    clock: Option<Arc<Clock>>,
    last: Mutex<Last>,
}

/// What was heard and said last.
#[derive(Clone, Copy, Default)]
struct Last {
    stopped: Option<Stopped>,
    reached: Option<Reached>,
}

impl Watcher {
    /// Starts watching: the time limit counts from here.
    pub(crate) fn start(shown: bool, max_time: Option<Duration>, interrupt: Interrupt) -> Self {
        let screen = (shown && std::io::stderr().is_terminal()).then(Screen::start);
        let end = max_time.and_then(|limit| Instant::now().checked_add(limit));
        Self { screen, end, interrupt, clock: None, last: Mutex::new(Last::default()) }
    }

    /// The same, with this clock to time the stages.
    pub(crate) fn timed_by(self, clock: &Arc<Clock>) -> Self {
        Self { clock: Some(Arc::clone(clock)), ..self }
    }

    /// Takes the screen away.
    pub(crate) fn finish(&self) {
        self.screen.iter().for_each(Screen::clear);
    }

    /// Why the run was asked to stop, if it was.
    pub(crate) fn stopped(&self) -> Option<Stopped> {
        self.last().stopped
    }

    /// The precision that was asked for and is not reached, as far as the run has told.
    pub(crate) fn short_of_precision(&self) -> bool {
        self.last().reached.is_some_and(|reached| reached.reached > reached.asked)
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().expect("bug: nothing panics while it holds this lock")
    }
}

impl Watch for Watcher {
    fn progress(&self, progress: &Progress) {
        self.last().reached = progress.reached;
        let Some(screen) = &self.screen else { return };
        let message = progress.reached.map(|reached| match stopping::come(&reached) {
            Some(come) => format!("{come} of {}", stopping::asked(&reached)),
            None => format!("nothing known yet of {}", stopping::asked(&reached)),
        });
        screen.progress(progress.replications, expected(progress), message.unwrap_or_default());
    }

    fn entered(&self, stage: Stage) {
        self.clock.iter().for_each(|clock| clock.entered(stage));
    }

    fn pilot(&self, done: u64) {
        self.screen.iter().for_each(|screen| screen.pilot(done, PILOT));
    }

    fn wants_outlook(&self) -> bool {
        self.screen.as_ref().is_some_and(Screen::wants_outlook)
    }

    fn outlook(&self, outlook: &Outlook) {
        self.screen.iter().for_each(|screen| screen.outlook(outlook));
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

/// Replications it will take as far as can be told: a width shrinks with the root of their number, the logarithm of a
/// doubt with the number itself.
fn expected(progress: &Progress) -> u64 {
    let Some(Reached { rule, asked, reached }) = progress.reached else { return progress.most };
    let times = match rule {
        SteeringRule::Decision => asked.ln() / reached.ln(),
        _ => (reached / asked) * (reached / asked),
    };
    if !times.is_finite() {
        return progress.most;
    }
    let needed = progress.replications as f64 * times.max(1.0);
    (needed as u64).clamp(progress.replications, progress.most.max(progress.replications))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_expects_what_the_precision_needs_within_the_budget() {
        let at = |rule, asked, reached, most| {
            expected(&Progress { replications: 200, most, reached: Some(Reached { rule, asked, reached }) })
        };
        let width = SteeringRule::RelativeHalfWidth;
        assert_eq!(at(width, 0.1, 0.2, 200_000), 800);
        assert_eq!(at(width, 0.1, 0.05, 200_000), 200);
        assert_eq!(at(width, 0.1, 0.2, 500), 500);
        assert_eq!(at(width, 0.1, f64::INFINITY, 500), 500);
        assert_eq!(at(SteeringRule::Decision, 0.01, 0.1, 200_000), 400);
        assert_eq!(at(SteeringRule::Decision, 0.01, 1.0, 500), 500);
        assert_eq!(expected(&Progress { replications: 200, most: 500, reached: None }), 500);
    }
}
