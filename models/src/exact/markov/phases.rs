//! Durations as exponential phases, one after the other or one of several.

use crate::lifetime::Law;

/// Most phases of a duration.
const PHASES_MAX: usize = 64;

/// A duration made of exponential phases.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::exact) struct Phases {
    /// Where it begins, with the probability of each.
    pub(in crate::exact) begins: Vec<(u16, f64)>,
    /// Ends of each phase per hour.
    pub(in crate::exact) rates: Vec<f64>,
    /// Whether the end of a phase is the end of all; else the next phase follows.
    pub(in crate::exact) ends: Vec<bool>,
}

impl Phases {
    /// The phases of a law that is exponential, Erlang or hyperexponential; `None` for every other.
    pub(in crate::exact) fn of(law: &Law) -> Option<Self> {
        if let Some(mean) = law.is_exponential() {
            return Some(Self { begins: vec![(0, 1.0)], rates: vec![1.0 / mean.get()], ends: vec![true] });
        }
        let parameters: Vec<f64> = law.parameters().into_iter().map(|(_, value, _)| value).collect();
        match (law, &parameters[..]) {
            (Law::Erlang(_), &[stages, mean]) if stages <= PHASES_MAX as f64 => {
                let count = stages as usize;
                let ends = (1..=count).map(|phase| phase == count).collect();
                Some(Self { begins: vec![(0, 1.0)], rates: vec![stages / mean; count], ends })
            }
            (Law::Hyperexponential(_), pairs) if pairs.len() <= 2 * PHASES_MAX => {
                let branches = pairs.chunks_exact(2);
                let begins = (0..).zip(branches.clone()).map(|(phase, pair)| (phase, pair[0])).collect();
                let rates: Vec<f64> = branches.map(|pair| 1.0 / pair[1]).collect();
                Some(Self { begins, ends: vec![true; rates.len()], rates })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::units::Hours;

    fn mean(phases: &Phases) -> f64 {
        let from = |first: u16| -> f64 {
            let mut total = 0.0;
            for phase in first as usize.. {
                total += 1.0 / phases.rates[phase];
                if phases.ends[phase] {
                    break;
                }
            }
            total
        };
        phases.begins.iter().map(|&(first, probability)| probability * from(first)).sum()
    }

    #[test]
    fn phases_have_the_mean_of_their_law() {
        let h = Hours::new;
        let laws = [
            Law::exponential(h(3.0)).unwrap(),
            Law::weibull_mean(1.0, h(3.0)).unwrap(),
            Law::erlang(4, h(3.0)).unwrap(),
            Law::hyperexponential(vec![(0.25, h(9.0)), (0.75, h(1.0))]).unwrap(),
        ];
        for law in laws {
            assert!((mean(&Phases::of(&law).unwrap()) - 3.0).abs() < 1e-12, "{law:?}");
        }
        assert_eq!(Phases::of(&Law::constant(h(3.0)).unwrap()), None);
        assert_eq!(Phases::of(&Law::erlang(65, h(3.0)).unwrap()), None);
    }
}
