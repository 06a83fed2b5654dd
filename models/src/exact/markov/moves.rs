//! What may happen in a state: failures, phases of repairs, switches; and what follows at the same instant.

use super::crews::Job;
use super::model::{Class, Kind, Model, Scheme};
use super::state::{Branches, Filling, State, then};

/// The unit that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// One of a class without a standby scheme.
    Serving,
    /// The one that fills this place.
    Active(usize),
    /// A dormant one, chosen for this place.
    Chosen(usize),
    /// A dormant one that nobody has chosen.
    Dormant,
}

impl Model {
    /// Every move out of a state: events per hour, and the states that may follow.
    pub(super) fn moves(&self, state: &State) -> Vec<(f64, Branches)> {
        let mut moves = Vec::new();
        if state.lost {
            return moves;
        }
        for class in 0..self.classes.len() {
            self.failures(state, class, &mut moves);
            if let Some(cover) = &self.classes[class].coverage {
                self.windows(state, cover, &mut moves);
            }
            if let Some(scheme) = &self.classes[class].standby {
                self.switches(state, (class, scheme), &mut moves);
            }
        }
        for kind in 0..self.kinds.len() {
            if !self.is_frozen(state, self.kinds[kind].class) {
                self.repairs_alone(state, kind, &mut moves);
            }
        }
        for team in 0..self.teams.len() {
            self.repairs_by(state, team, &mut moves);
        }
        self.shocks.iter().for_each(|shock| moves.push((shock.per_hour, self.struck(state, shock))));
        for (_, branches) in &mut moves {
            branches.iter_mut().for_each(|(state, _)| self.tidy_places(state));
        }
        moves
    }

    /// Places that nobody can tell apart are put in order.
    fn tidy_places(&self, state: &mut State) {
        for scheme in self.classes.iter().filter_map(|class| class.standby.as_ref()).filter(|scheme| scheme.alike) {
            state.places[scheme.places.clone()].sort_unstable();
        }
    }

    fn failures(&self, state: &State, class: usize, moves: &mut Vec<(f64, Branches)>) {
        let victims = self.victims(state, class);
        for kind in self.classes[class].kinds.clone() {
            let rate = self.kinds[kind].rate;
            for &(victim, count, speed) in &victims {
                let branches = self.fail(state.clone(), kind, victim);
                let branches = self.kinds[kind].hits.iter().fold(branches, |branches, hit| {
                    then(branches, |state| self.propagate(state, (&hit.classes, hit.units, hit.probability)))
                });
                let branches = then(branches, |after| self.reconfigure(state, after));
                let branches = then(branches, |after| self.lose(state, after));
                moves.push((rate * count * speed, branches));
            }
        }
    }

    /// Whose clocks run in a class, how many of each they are, and how fast.
    fn victims(&self, state: &State, class: usize) -> Vec<(Victim, f64, f64)> {
        let able = if self.is_frozen(state, class) { 0.0 } else { f64::from(state.able[class]) };
        let Some(scheme) = &self.classes[class].standby else {
            return if able > 0.0 {
                vec![(Victim::Serving, able, self.shared_speed(state, class))]
            } else {
                Vec::new()
            };
        };
        let mut victims = Vec::new();
        let mut free = able;
        for place in scheme.places.clone() {
            match state.places[place].filling {
                Filling::Filled => victims.push((Victim::Active(place), 1.0, 1.0)),
                Filling::Switching if scheme.dormancy > 0.0 => {
                    victims.push((Victim::Chosen(place), 1.0, scheme.dormancy));
                }
                Filling::Switching => {}
                Filling::ByHand | Filling::Waiting => continue,
            }
            free -= 1.0;
        }
        if free > 0.0 && scheme.dormancy > 0.0 {
            victims.push((Victim::Dormant, free, scheme.dormancy));
        }
        victims
    }

    /// How fast the clocks of a class run whose units share a load with those of its owner that are able.
    fn shared_speed(&self, state: &State, class: usize) -> f64 {
        let Class { owner, shared, .. } = &self.classes[class];
        let Some(hazards) = shared else { return 1.0 };
        let of_owner = self.classes.iter().zip(&state.able).filter(|(class, _)| class.owner == *owner);
        hazards[of_owner.map(|(_, &able)| usize::from(able)).sum::<usize>()]
    }

    pub(super) fn fail_serving(&self, state: State, kind: usize) -> Branches {
        self.fail(state, kind, Victim::Serving)
    }

    fn fail(&self, mut state: State, kind: usize, victim: Victim) -> Branches {
        let class = self.kinds[kind].class;
        state.able[class] -= 1;
        let Some(scheme) = &self.classes[class].standby else { return self.begin_repair(state, kind) };
        let branches = match victim {
            Victim::Active(place) if scheme.after_switch && self.kinds[kind].repair.is_some() => {
                state.places[place].held = Some(kind as u16);
                vec![(state, 1.0)]
            }
            _ => self.begin_repair(state, kind),
        };
        let branches = match victim {
            Victim::Active(place) | Victim::Chosen(place) => {
                then(branches, |state| self.begin_switch(state, (class, scheme), place))
            }
            Victim::Serving | Victim::Dormant => branches,
        };
        then(branches, |state| self.release_if_none_is_left(state, (class, scheme)))
    }

    /// Dormant able units that no place has chosen.
    fn free(state: &State, class: usize, scheme: &Scheme) -> usize {
        let taken = state.places[scheme.places.clone()].iter();
        let taken = taken.filter(|place| matches!(place.filling, Filling::Filled | Filling::Switching)).count();
        usize::from(state.able[class]) - taken
    }

    fn begin_switch(&self, mut state: State, (class, scheme): (usize, &Scheme), place: usize) -> Branches {
        state.places[place].filling = Filling::Waiting;
        self.call_up(state, (class, scheme), &|mut state| {
            if scheme.switch_rate.is_none() {
                return self.end_switch(state, scheme, place);
            }
            state.places[place].filling = Filling::Switching;
            vec![(state, 1.0)]
        })
    }

    /// Dormant units are called one after the other until one starts, for which `starts` says what follows; none may.
    fn call_up(&self, state: State, (class, scheme): (usize, &Scheme), starts: &dyn Fn(State) -> Branches) -> Branches {
        if Self::free(&state, class, scheme) == 0 {
            return vec![(state, 1.0)];
        }
        let mut all = Branches::new();
        let mut left = 1.0;
        for &(kind, probability) in scheme.on_demand.iter().filter(|(_, probability)| *probability > 0.0) {
            let mut failed = state.clone();
            failed.able[class] -= 1;
            let next = then(self.begin_repair(failed, kind), |state| self.call_up(state, (class, scheme), starts));
            all.extend(next.into_iter().map(|(state, part)| (state, part * left * probability)));
            left *= 1.0 - probability;
        }
        if left > 0.0 {
            all.extend(starts(state).into_iter().map(|(state, part)| (state, part * left)));
        }
        all
    }

    fn end_switch(&self, mut state: State, scheme: &Scheme, place: usize) -> Branches {
        let mut all = Branches::new();
        if scheme.success < 1.0 {
            let mut failed = state.clone();
            failed.places[place].filling =
                if scheme.manual_rate.is_some() { Filling::ByHand } else { Filling::Waiting };
            all.push((failed, 1.0 - scheme.success));
        }
        if scheme.success > 0.0 {
            state.places[place].filling = Filling::Filled;
            let filled = self.release(state, place).into_iter();
            all.extend(filled.map(|(state, part)| (state, part * scheme.success)));
        }
        all
    }

    /// The repair that waited for this place begins.
    fn release(&self, mut state: State, place: usize) -> Branches {
        match state.places[place].held.take() {
            Some(kind) => self.begin_repair(state, kind as usize),
            None => vec![(state, 1.0)],
        }
    }

    fn release_if_none_is_left(&self, state: State, (class, scheme): (usize, &Scheme)) -> Branches {
        let filled = state.places[scheme.places.clone()].iter().filter(|place| place.filling == Filling::Filled);
        if usize::from(state.able[class]) > filled.count() {
            return vec![(state, 1.0)];
        }
        scheme.places.clone().fold(vec![(state, 1.0)], |all, place| then(all, |state| self.release(state, place)))
    }

    fn begin_repair(&self, mut state: State, kind: usize) -> Branches {
        let Kind { begins, repair, alone, team, .. } = &self.kinds[kind];
        if repair.is_none() {
            return vec![(state, 1.0)];
        }
        if let Some(team) = team {
            return self.call(state, (*team, kind as u16));
        }
        if let [(phase, _)] = begins[..] {
            state.alone[alone + phase as usize] += 1;
            return vec![(state, 1.0)];
        }
        let begin = |&(phase, probability): &(u16, f64)| {
            let mut next = state.clone();
            next.alone[alone + phase as usize] += 1;
            (next, probability)
        };
        begins.iter().map(begin).collect()
    }

    /// A unit is able again.
    fn repaired(&self, mut state: State, kind: usize) -> Branches {
        let class = self.kinds[kind].class;
        state.able[class] += 1;
        let Some(scheme) = &self.classes[class].standby else { return vec![(state, 1.0)] };
        let waits = |place: &usize| matches!(state.places[*place].filling, Filling::ByHand | Filling::Waiting);
        match scheme.places.clone().find(waits) {
            Some(place) => {
                state.places[place].filling = Filling::Filled;
                self.release(state, place)
            }
            None => vec![(state, 1.0)],
        }
    }

    fn repairs_alone(&self, state: &State, kind: usize, moves: &mut Vec<(f64, Branches)>) {
        let Kind { repair: Some(phases), alone, team: None, .. } = &self.kinds[kind] else { return };
        for (phase, &rate) in phases.rates.iter().enumerate() {
            let count = state.alone[alone + phase];
            if count == 0 {
                continue;
            }
            let mut next = state.clone();
            next.alone[alone + phase] -= 1;
            let branches = if phases.ends[phase] {
                self.repaired(next, kind)
            } else {
                next.alone[alone + phase + 1] += 1;
                vec![(next, 1.0)]
            };
            moves.push((rate * f64::from(count), branches));
        }
    }

    fn repairs_by(&self, state: &State, team: usize, moves: &mut Vec<(f64, Branches)>) {
        let jobs = &state.teams[team];
        let speed = self.teams[team].speed(jobs.len());
        let runs = |job: &Job| job.on && !self.is_frozen(state, self.kinds[job.kind as usize].class);
        for (place, job) in jobs.iter().enumerate().filter(|(_, job)| runs(job)) {
            let kind = job.kind as usize;
            let phases = self.kinds[kind].repair.as_ref().expect("bug: what is never repaired calls nobody");
            let rate = phases.rates[job.phase as usize] * speed;
            let branches = if phases.ends[job.phase as usize] {
                // The crew is free before the unit is back.
                let dismissed = self.dismiss(state.clone(), (team, place));
                then(dismissed, |state| self.repaired(state, kind))
            } else {
                self.advance(state.clone(), (team, place))
            };
            moves.push((rate, branches));
        }
    }

    fn switches(&self, state: &State, of: (usize, &Scheme), moves: &mut Vec<(f64, Branches)>) {
        let scheme = of.1;
        for place in scheme.places.clone() {
            match (state.places[place].filling, scheme.switch_rate, scheme.manual_rate) {
                (Filling::Switching, Some(rate), _) => {
                    moves.push((rate, self.end_switch(state.clone(), scheme, place)))
                }
                (Filling::ByHand, _, Some(rate)) => moves.push((rate, self.by_hand(state.clone(), of, place))),
                _ => {}
            }
        }
    }

    /// A person fills a place with the first able unit that starts; if none does, the next that is repaired fills it.
    fn by_hand(&self, mut state: State, (class, scheme): (usize, &Scheme), place: usize) -> Branches {
        state.places[place].filling = Filling::Waiting;
        let called = self.call_up(state, (class, scheme), &|mut state| {
            state.places[place].filling = Filling::Filled;
            self.release(state, place)
        });
        then(called, |state| self.release_if_none_is_left(state, (class, scheme)))
    }

    /// Operating units of some classes fail at the same instant, chosen evenly, each by one of its modes in proportion
    /// to their rates.
    fn propagate(&self, state: State, (classes, units, probability): (&[usize], u32, f64)) -> Branches {
        let mut all = Branches::new();
        if probability < 1.0 {
            all.push((state.clone(), 1.0 - probability));
        }
        if probability > 0.0 {
            let hit =
                (0..units).fold(vec![(state, probability)], |hit, _| then(hit, |state| self.hit_one(state, classes)));
            all.extend(hit);
        }
        all
    }

    fn hit_one(&self, state: State, classes: &[usize]) -> Branches {
        let victims = |class: usize| self.victims(&state, class).into_iter().map(move |victim| (class, victim));
        let all: Vec<_> = classes.iter().flat_map(|&class| victims(class)).collect();
        let total: f64 = all.iter().map(|(_, (_, count, _))| count).sum();
        if total == 0.0 {
            return vec![(state, 1.0)];
        }
        let mut branches = Branches::new();
        for (class, (victim, count, _)) in all {
            let Class { kinds, .. } = &self.classes[class];
            let rates: f64 = self.kinds[kinds.clone()].iter().map(|kind| kind.rate).sum();
            if rates == 0.0 {
                branches.push((state.clone(), count / total));
                continue;
            }
            for kind in kinds.clone() {
                let chance = count / total * self.kinds[kind].rate / rates;
                let failed = self.fail(state.clone(), kind, victim).into_iter();
                branches.extend(failed.map(|(state, part)| (state, part * chance)));
            }
        }
        branches
    }
}
