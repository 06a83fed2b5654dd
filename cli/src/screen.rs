//! What a run shows on a terminal while it goes on: the answer so far, redrawn in place, over a bar.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ninefold_models::assess::Outlook;
use ninefold_reports::outlook;

/// How long without news before the bar moves by itself.
const TICK: Duration = Duration::from_millis(200);

/// Least time between two outlooks: more cannot be read.
const PAUSE: Duration = Duration::from_millis(250);

/// The bar, and above it one line for each of the outlook.
pub(crate) struct Screen {
    all: MultiProgress,
    bar: ProgressBar,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    lines: Vec<ProgressBar>,
    at: Option<Instant>,
}

impl Screen {
    /// Begins to draw on stderr.
    pub(crate) fn start() -> Self {
        let all = MultiProgress::new();
        let bar = all.add(
            ProgressBar::no_length()
                .with_style(style("{spinner} {wide_bar} {human_pos}/{human_len} replications {msg} {eta}")),
        );
        bar.enable_steady_tick(TICK);
        Self { all, bar, shown: Mutex::default() }
    }

    /// Moves the bar.
    pub(crate) fn progress(&self, done: u64, expected: u64, message: String) {
        self.expect(expected);
        self.bar.set_position(done);
        self.bar.set_message(message);
    }

    /// Moves the bar through the pilot, and takes it back at its end: what follows is counted anew.
    pub(crate) fn pilot(&self, done: u64, of: u64) {
        if done < of {
            self.progress(done, of, "of the pilot".to_owned());
        } else {
            self.bar.set_message("");
            self.bar.reset();
            self.bar.unset_length();
        }
    }

    /// Whether an outlook would be read: there is none yet, or the last is old enough.
    pub(crate) fn wants_outlook(&self) -> bool {
        self.shown().at.is_none_or(|at| at.elapsed() >= PAUSE)
    }

    /// Shows an outlook in place of the one before.
    pub(crate) fn outlook(&self, outlook: &Outlook) {
        let mut shown = self.shown();
        shown.at = Some(Instant::now());
        let lines = outlook::lines(outlook);
        while shown.lines.len() < lines.len() {
            // As wide as the terminal at most: a line that wraps would not be drawn over.
            let line = ProgressBar::no_length().with_style(style("{wide_msg}"));
            shown.lines.push(self.all.insert_before(&self.bar, line));
        }
        for (bar, line) in shown.lines.iter().zip(lines) {
            bar.set_message(line);
        }
        if self.bar.length().is_none_or(|length| length < outlook.replications) {
            self.expect(outlook.least.max(outlook.replications));
        }
        self.bar.set_position(outlook.replications);
    }

    /// Begins to draw a bar, once there is something to expect.
    fn expect(&self, replications: u64) {
        if self.bar.length().is_none() {
            self.bar.set_style(style("{spinner} {wide_bar} {human_pos}/{human_len} replications {msg} {eta}"));
        }
        self.bar.set_length(replications);
    }

    /// Takes everything away.
    pub(crate) fn clear(&self) {
        for line in &self.shown().lines {
            line.finish_and_clear();
        }
        self.bar.finish_and_clear();
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().expect("bug: nothing panics while it holds this lock")
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("bug: the templates are fixed")
}
