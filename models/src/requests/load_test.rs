//! What comes of the requests of a load test, step by step.
//!
//! A request belongs to the step in which it comes, whenever it is answered, and one that has not ended counts by its age:
//! so no wait is left out because somebody was waiting (coordinated omission).

use ninefold_sim_core::dense_histogram::DenseHistogram;
use ninefold_sim_core::tick::Tick;

use super::tally::push;
use crate::system::LoadTest;

/// One step of a load test in a replication.
#[derive(Clone, Debug, Default)]
pub struct StepTally {
    /// Requests that came in it.
    pub came: i64,
    /// Those of them that were answered.
    pub answered: i64,
    /// Those of them that were answered in time.
    pub in_time: i64,
    /// Answers that were given in it, to whomever.
    pub answers: i64,
    /// Times to the answers of those that came in it.
    pub times: DenseHistogram,
    /// Ages of those that came in it and have not ended.
    pub open: DenseHistogram,
}

impl StepTally {
    pub(super) fn clear(&mut self) {
        (self.came, self.answered, self.in_time, self.answers) = (0, 0, 0, 0);
        self.times.clear();
        self.open.clear();
    }
}

/// Counts a request that ended, after so long.
pub(super) fn ended((test, steps): (&LoadTest, &mut [StepTally]), (came, took): (Tick, Tick), is_answered: bool) {
    if is_answered && let Some(step) = test.step(came.after(took)) {
        steps[step].answers += 1;
    }
    let Some(step) = test.step(came) else { return };
    let step = &mut steps[step];
    step.came += 1;
    if is_answered {
        step.answered += 1;
        step.in_time += i64::from(took <= test.within);
        push(&mut step.times, took);
    }
}

/// Counts a request that has not ended, of such an age.
pub(super) fn remains((test, steps): (&LoadTest, &mut [StepTally]), (came, age): (Tick, Tick)) {
    if let Some(step) = test.step(came) {
        steps[step].came += 1;
        push(&mut steps[step].open, age);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_belongs_to_the_step_in_which_it_comes() {
        let at = Tick::new;
        let test = LoadTest { journey: 0, bounds: [10, 20, 30].map(at).to_vec(), within: at(5) };
        let mut steps = vec![StepTally::default(); 2];
        for (came, took, is_answered) in [(9, 2, true), (10, 5, true), (19, 6, true), (20, 1, false), (30, 1, true)] {
            ended((&test, &mut steps), (at(came), at(took)), is_answered);
        }
        remains((&test, &mut steps), (at(29), at(50)));
        let counts = |step: &StepTally| [step.came, step.answered, step.in_time, step.answers];
        assert_eq!([counts(&steps[0]), counts(&steps[1])], [[2, 2, 1, 2], [2, 0, 0, 1]]);
        assert_eq!((steps[0].times.total(), steps[1].open.total()), (2, 1));
    }
}
