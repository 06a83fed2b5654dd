//! A team's repairs: who is under way, who waits, who is interrupted.

use super::model::{Model, Team};
use super::state::{Branches, State};
use crate::system::{Interrupt, Order};

/// A repair in a team's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Job {
    /// The kind of repair.
    pub(super) kind: u16,
    /// The phase it is in; [`FRESH`] before it begins.
    pub(super) phase: u16,
    /// Under way.
    pub(super) on: bool,
}

/// A repair that has not begun.
pub(super) const FRESH: u16 = u16::MAX;

impl Team {
    /// Repairs under way among so many.
    fn under_way(&self, jobs: usize) -> usize {
        if self.order == Order::Shared { jobs } else { jobs.min(self.crews as usize) }
    }

    /// The speed of each repair under way.
    pub(super) fn speed(&self, jobs: usize) -> f64 {
        if self.order == Order::Shared && jobs > self.crews as usize {
            f64::from(self.crews) / jobs as f64
        } else {
            1.0
        }
    }

    /// Where a new repair stands among those in hand.
    fn position(&self, jobs: &[Job], priority: impl Fn(u16) -> u32, kind: u16) -> usize {
        let fixed = match self.order {
            // Who is chosen otherwise has no chain.
            Order::FirstCome | Order::Shared | Order::LossRate | Order::CMu => return jobs.len(),
            Order::Priority(Interrupt::None) => jobs.iter().filter(|job| job.on).count(),
            Order::Priority(_) => 0,
        };
        let before = |job: &Job| priority(job.kind) <= priority(kind);
        fixed + jobs[fixed..].iter().take_while(|job| before(job)).count()
    }

    /// What is the same future becomes the same list.
    fn tidy(&self, jobs: &mut [Job]) {
        let under_way = self.under_way(jobs.len());
        match self.order {
            // Who is interrupted first depends on the order among those under way.
            Order::Priority(Interrupt::Resume | Interrupt::Restart) => {}
            _ => jobs[..under_way].sort_unstable(),
        }
    }
}

impl Model {
    /// A team takes a repair on.
    pub(super) fn call(&self, mut state: State, (team, kind): (usize, u16)) -> Branches {
        let priority = |kind: u16| self.kinds[kind as usize].priority;
        let at = self.teams[team].position(&state.teams[team], priority, kind);
        state.teams[team].insert(at, Job { kind, phase: FRESH, on: false });
        self.assign(state, team)
    }

    /// A repair under way is done.
    pub(super) fn dismiss(&self, mut state: State, (team, job): (usize, usize)) -> Branches {
        state.teams[team].remove(job);
        self.assign(state, team)
    }

    /// A repair under way went on to its next phase.
    pub(super) fn advance(&self, mut state: State, (team, job): (usize, usize)) -> Branches {
        state.teams[team][job].phase += 1;
        self.teams[team].tidy(&mut state.teams[team]);
        vec![(state, 1.0)]
    }

    /// Crews go to the first of the list; whoever begins draws where.
    fn assign(&self, mut state: State, team: usize) -> Branches {
        let declared = &self.teams[team];
        let under_way = declared.under_way(state.teams[team].len());
        for (place, job) in state.teams[team].iter_mut().enumerate() {
            let interrupted = job.on && place >= under_way;
            if interrupted && declared.order == Order::Priority(Interrupt::Restart) {
                job.phase = FRESH;
            }
            job.on = place < under_way;
        }
        let fresh = state.teams[team].iter().position(|job| job.on && job.phase == FRESH);
        let Some(fresh) = fresh else {
            declared.tidy(&mut state.teams[team]);
            return vec![(state, 1.0)];
        };
        let kind = &self.kinds[state.teams[team][fresh].kind as usize];
        let mut all = Branches::new();
        for &(phase, probability) in &kind.begins {
            let mut next = state.clone();
            next.teams[team][fresh].phase = phase;
            all.extend(self.assign(next, team).into_iter().map(|(state, part)| (state, part * probability)));
        }
        all
    }
}
