//! The units of a component that is scaled: as many in each of its states as its autoscaler may ask for there, dealt over the
//! written places, and in which order they come.

/// The units of one autoscaler.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fleet {
    /// Units that there are at the start.
    pub(super) at_start: u32,
    /// Its units, by their places within the component, in the order in which they come.
    pub(super) units: Vec<u32>,
}

/// A place as written: units at the start, and the domains they are dealt over in turn, each with the state that it is in.
pub(super) struct Written<'a> {
    pub(super) at_start: u32,
    pub(super) homes: &'a [usize],
    pub(super) states: Vec<Option<usize>>,
}

impl Written<'_> {
    fn state(&self, ordinal: u32) -> Option<usize> {
        self.states[ordinal as usize % self.states.len()]
    }

    fn of_state(&self, state: Option<usize>) -> u32 {
        (0..self.at_start).filter(|&ordinal| self.state(ordinal) == state).count() as u32
    }

    /// Its units in turn: those at the start, then as many more as each state is to have here.
    fn deal(&self, mut quota: Vec<(Option<usize>, u32)>) -> Vec<u32> {
        let mut dealt = Vec::new();
        let mut left = |state, at_least: bool| {
            let found = quota.iter_mut().find(|(of, count)| *of == state && (*count > 0 || at_least));
            found.is_some_and(|(_, count)| {
                *count = count.saturating_sub(1);
                true
            })
        };
        for ordinal in 0..self.at_start {
            left(self.state(ordinal), true);
            dealt.push(ordinal % self.homes.len() as u32);
        }
        let mut passed_over = 0;
        for ordinal in self.at_start.. {
            if passed_over == self.homes.len() {
                break;
            }
            if left(self.state(ordinal), false) {
                dealt.push(ordinal % self.homes.len() as u32);
                passed_over = 0;
            } else {
                passed_over += 1;
            }
        }
        dealt
    }
}

/// Of each place, the domains of its units in turn; and who starts and removes which of them: at most `max` in each state.
pub(super) fn lay(places: &[Written<'_>], max: u32) -> (Vec<Vec<usize>>, Vec<Fleet>) {
    let mut states: Vec<Option<usize>> = Vec::new();
    for place in places {
        let used = (0..place.at_start).map(|ordinal| place.state(ordinal));
        used.for_each(|state| {
            if !states.contains(&state) {
                states.push(state)
            }
        });
    }
    let shares: Vec<Vec<u32>> = states
        .iter()
        .map(|&state| in_proportion(max, &places.iter().map(|place| place.of_state(state)).collect::<Vec<_>>()))
        .collect();
    let mut homes = Vec::new();
    let mut comes: Vec<Vec<(bool, f64, u32)>> = vec![Vec::new(); states.len()];
    let mut next = 0;
    for (number, place) in places.iter().enumerate() {
        let quota = states.iter().zip(&shares).map(|(&state, shares)| (state, shares[number])).collect();
        let dealt = place.deal(quota);
        let mut seen = vec![0_u32; states.len()];
        for (ordinal, &home) in (0..).zip(&dealt) {
            let state = place.states[home as usize];
            let Some(of) = states.iter().position(|&other| other == state) else { continue };
            let (start, all) = (place.of_state(state), shares[of][number]);
            let later = ordinal >= place.at_start;
            // As far through the units of its place as through those of every other.
            let (turn, of_all) = if later { (seen[of] - start, all.saturating_sub(start)) } else { (seen[of], start) };
            comes[of].push((later, (f64::from(turn) + 0.5) / f64::from(of_all.max(1)), next));
            seen[of] += 1;
            next += 1;
        }
        homes.push(dealt.into_iter().map(|home| place.homes[home as usize]).collect());
    }
    let fleet = |mut units: Vec<(bool, f64, u32)>| {
        units.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let at_start = units.iter().filter(|(later, ..)| !later).count() as u32;
        Fleet { at_start, units: units.into_iter().map(|(.., unit)| unit).collect() }
    };
    (homes, comes.into_iter().map(fleet).collect())
}

/// A whole number dealt in proportion to others, by largest remainders.
fn in_proportion(whole: u32, to: &[u32]) -> Vec<u32> {
    let sum: u64 = to.iter().map(|&part| u64::from(part)).sum::<u64>().max(1);
    let product = |part: u32| u64::from(whole) * u64::from(part);
    let mut parts: Vec<u32> = to.iter().map(|&part| (product(part) / sum) as u32).collect();
    let mut order: Vec<usize> = (0..to.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(product(to[place]) % sum));
    let left = whole.saturating_sub(parts.iter().sum()) as usize;
    order.into_iter().filter(|&place| to[place] > 0).take(left).for_each(|place| parts[place] += 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(at_start: u32, homes: &[usize], of: impl Fn(usize) -> Option<usize>) -> Written<'_> {
        Written { at_start, homes, states: homes.iter().map(|&home| of(home)).collect() }
    }

    #[test]
    fn one_place_has_its_units_in_turn() {
        let (homes, fleets) = lay(&[place(4, &[7, 8, 9], |_| None)], 8);
        assert_eq!(homes, [[7, 8, 9, 7, 8, 9, 7, 8]]);
        assert_eq!(fleets, [Fleet { at_start: 4, units: (0..8).collect() }]);
    }

    #[test]
    fn two_places_of_one_autoscaler_grow_in_proportion() {
        let (homes, fleets) = lay(&[place(3, &[0], |_| None), place(2, &[1], |_| None)], 10);
        assert_eq!(homes, [vec![0; 6], vec![1; 4]]);
        // 3 and 2 to begin with, then one after another.
        assert_eq!(fleets, [Fleet { at_start: 5, units: vec![0, 6, 1, 7, 2, 3, 8, 4, 9, 5] }]);
    }

    #[test]
    fn a_place_over_zones_with_an_autoscaler_each_has_all_in_each() {
        let (homes, fleets) = lay(&[place(2, &[4, 5], Some)], 3);
        assert_eq!(homes, [[4, 5, 4, 5, 4, 5]]);
        assert_eq!(fleets[0], Fleet { at_start: 1, units: vec![0, 2, 4] });
        assert_eq!(fleets[1], Fleet { at_start: 1, units: vec![1, 3, 5] });
    }

    proptest! {
        /// Every unit is of one autoscaler, each has its most, and those at the start are the written ones.
        #[test]
        fn every_unit_comes_once(
            at_start in prop::collection::vec(1_u32..6, 1..5), zones in 1_usize..4, apart in any::<bool>(), more in 0_u32..20,
        ) {
            let all: Vec<Vec<usize>> = (0..at_start.len()).map(|p| (p * 10..p * 10 + zones).collect()).collect();
            let of = |home: usize| apart.then_some(home / 20);
            let places: Vec<Written<'_>> = at_start.iter().zip(&all).map(|(&start, homes)| place(start, homes, of)).collect();
            let max = at_start.iter().sum::<u32>() + more;
            let (homes, fleets) = lay(&places, max);
            let mut units: Vec<u32> = fleets.iter().flat_map(|fleet| fleet.units.clone()).collect();
            units.sort_unstable();
            prop_assert_eq!(units, (0..homes.iter().map(Vec::len).sum::<usize>() as u32).collect::<Vec<_>>());
            prop_assert_eq!(fleets.iter().map(|fleet| fleet.at_start).sum::<u32>(), at_start.iter().sum::<u32>());
            prop_assert!(fleets.iter().all(|fleet| fleet.units.len() == max as usize));
            let first = |place: usize| homes[..place].iter().map(Vec::len).sum::<usize>() as u32;
            for fleet in &fleets {
                for unit in &fleet.units[..fleet.at_start as usize] {
                    let place = (0..places.len()).rfind(|&place| first(place) <= *unit).unwrap_or(0);
                    prop_assert!(unit - first(place) < at_start[place]);
                }
            }
        }
    }
}
