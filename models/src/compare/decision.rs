//! Weighing options: what each costs and how long each is down, which of them no other beats in both, and what a minute
//! less costs along these.

use super::{Comparison, Less};
use crate::results::Estimated;

/// What an option costs beyond the baseline; below 0 it saves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Amount a year.
    pub per_year: f64,
    /// Amount once.
    pub once: f64,
}

/// An option as it is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// Its cost, if it is known.
    pub cost: Option<Cost>,
    /// Its downtime in the long run, minutes a year, if an exact engine has it.
    pub exact: Option<f64>,
}

/// How options are to be weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question<'a> {
    /// The entity whose downtime counts.
    pub entity: &'a str,
    /// What a minute of its downtime costs, if somebody says so; at least 0.
    pub loss_per_minute: Option<f64>,
    /// Years over which a cost that is paid once is spread; above 0.
    pub once_over_years: f64,
}

/// An option that has been weighed.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// As it was offered.
    pub offer: Offer,
    /// Cost a year, what is paid once spread over the years; `None` where it is not known.
    pub yearly: Option<f64>,
    /// Downtime, minutes a year.
    pub downtime: Estimated,
    /// Downtime − the baseline's, paired by replication; `None` for the baseline.
    pub delta: Option<Estimated>,
    /// Confidence that it has less mean downtime than the baseline; `None` for the baseline.
    pub p_better: Option<f64>,
    /// Who has less, as far as it was to be decided: the baseline is A.
    pub less: Option<Less>,
    /// Nobody costs no more and is down no longer, and better in one of the two. Only where the cost is known.
    pub on_front: bool,
    /// What each minute that it saves over the next cheaper one on the front costs.
    pub marginal: Option<Marginal>,
}

/// Cost of a minute of downtime avoided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marginal {
    /// Difference of the costs ÷ difference of the downtimes.
    pub value: f64,
    /// With the downtimes as far apart as their intervals allow.
    pub lo: f64,
    /// With the downtimes as close as their intervals allow; infinite where they may be the same.
    pub hi: f64,
}

/// By what an option is recommended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// The least sum of its cost and the loss by its downtime.
    LeastTotal {
        /// What a minute of downtime costs.
        loss_per_minute: f64,
    },
    /// The knee of the front: it lies farthest below the line from the cheapest to the one with least downtime, both
    /// axes scaled to the front's extent.
    Knee,
}

/// Which option is recommended, and by what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recommended {
    /// Its place among the options.
    pub option: usize,
    /// The rule.
    pub rule: Rule,
}

/// What comes of weighing.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The entity whose downtime counts.
    pub entity: String,
    /// Whether front, marginal costs and recommendation go by exact values: every option has one.
    pub exact: bool,
    /// Every option, the baseline first.
    pub options: Vec<Weighed>,
    /// Places of those on the front, the cheapest first.
    pub front: Vec<usize>,
    /// `None` where no rule applies: less than three on the front, and no loss given.
    pub recommended: Option<Recommended>,
}

/// A point of cost a year and minutes a year.
type Point = (f64, f64);

/// Weighs the baseline and the options that were compared with it; `offers` are of the baseline and of each comparison, in
/// order. `None` if an option does not have the entity.
pub fn decide(comparisons: &[Comparison], offers: &[Offer], question: Question<'_>) -> Option<Decision> {
    let mut options = weighed(comparisons, offers, question)?;
    let exact = options.iter().all(|option| option.offer.exact.is_some());
    let downtime = |option: &Weighed| if exact { option.offer.exact } else { Some(option.downtime.value) };
    let points: Vec<Option<Point>> = options.iter().map(|option| Some((option.yearly?, downtime(option)?))).collect();
    let front = front(&points);
    let on_front: Vec<Point> = front.iter().filter_map(|&place| points[place]).collect();
    for (step, &place) in front.iter().enumerate() {
        options[place].on_front = true;
        if step > 0 {
            let half = |place: usize| if exact { 0.0 } else { half_width(&options[place]) };
            let apart = half(place) + half(front[step - 1]);
            options[place].marginal = marginal(on_front[step - 1], on_front[step], apart);
        }
    }
    let recommended = match question.loss_per_minute {
        Some(loss_per_minute) => {
            let best = least_total(&on_front, loss_per_minute);
            best.map(|step| Recommended { option: front[step], rule: Rule::LeastTotal { loss_per_minute } })
        }
        None => knee(&on_front).map(|step| Recommended { option: front[step], rule: Rule::Knee }),
    };
    Some(Decision { entity: question.entity.to_owned(), exact, options, front, recommended })
}

fn weighed(comparisons: &[Comparison], offers: &[Offer], question: Question<'_>) -> Option<Vec<Weighed>> {
    let yearly = |offer: &Offer| offer.cost.map(|cost| cost.per_year + cost.once / question.once_over_years);
    let row = |comparison: &Comparison| {
        let of = |row: &&super::ComparedRow| row.entity == question.entity && row.measure == "downtime";
        comparison.rows.iter().find(of).cloned()
    };
    let (baseline, others) = offers.split_first()?;
    let mut options = vec![Weighed {
        yearly: yearly(baseline),
        offer: baseline.clone(),
        downtime: row(comparisons.first()?)?.a,
        delta: None,
        p_better: None,
        less: None,
        on_front: false,
        marginal: None,
    }];
    for (comparison, offer) in comparisons.iter().zip(others) {
        let row = row(comparison)?;
        let verdict = comparison.verdicts.iter().find(|verdict| verdict.entity == question.entity);
        options.push(Weighed {
            yearly: yearly(offer),
            offer: offer.clone(),
            downtime: row.b,
            delta: Some(row.delta),
            p_better: Some(row.p_b_better),
            less: verdict.map(|verdict| verdict.less),
            on_front: false,
            marginal: None,
        });
    }
    Some(options)
}

/// Half of the interval of what an option is better than the baseline by: 0 for the baseline itself.
fn half_width(option: &Weighed) -> f64 {
    option.delta.map_or(0.0, |delta| (delta.hi - delta.lo) / 2.0)
}

/// Places of the points that no other one is as good as in both and better than in one, by cost.
fn front(points: &[Option<Point>]) -> Vec<usize> {
    let beats = |a: Point, b: Point| a.0 <= b.0 && a.1 <= b.1 && (a.0 < b.0 || a.1 < b.1);
    let kept =
        |place: &usize| points[*place].is_some_and(|point| !points.iter().flatten().any(|&other| beats(other, point)));
    let mut front: Vec<usize> = (0..points.len()).filter(kept).collect();
    let cost = |place: &usize| points[*place].map_or(f64::INFINITY, |point| point.0);
    front.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
    front
}

/// What a minute costs on the way from one point of the front to the next. The difference of two downtimes that are each
/// known beside the baseline's is known at least as well as the sum of both half-widths says, whatever binds them.
fn marginal(from: Point, to: Point, apart: f64) -> Option<Marginal> {
    let (cost, avoided) = (to.0 - from.0, from.1 - to.1);
    let per = |minutes: f64| if minutes > 0.0 { cost / minutes } else { f64::INFINITY };
    (avoided > 0.0).then(|| Marginal { value: per(avoided), lo: per(avoided + apart), hi: per(avoided - apart) })
}

/// The point of least cost and loss together; the cheapest of equals.
fn least_total(front: &[Point], loss_per_minute: f64) -> Option<usize> {
    let total = |step: &usize| front[*step].0 + loss_per_minute * front[*step].1;
    (0..front.len()).min_by(|a, b| total(a).total_cmp(&total(b)))
}

/// The point farthest below the line between the ends.
fn knee(front: &[Point]) -> Option<usize> {
    let (&first, &last) = (front.first()?, front.last()?);
    let below = |&(cost, downtime): &Point| {
        1.0 - (cost - first.0) / (last.0 - first.0) - (downtime - last.1) / (first.1 - last.1)
    };
    let inner = 1..front.len().saturating_sub(1);
    let best = inner.max_by(|&a, &b| below(&front[a]).total_cmp(&below(&front[b])).then(b.cmp(&a)))?;
    (below(&front[best]) > 0.0).then_some(best)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_front_its_knee_and_what_a_minute_costs() {
        // Two units instead of one, three, one that costs more than three and is worse, one without a cost.
        let points = [Some((0.0, 500.0)), Some((10.0, 5.0)), Some((20.0, 4.0)), Some((25.0, 6.0)), None];
        let front = front(&points);
        assert_eq!(front, [0, 1, 2]);
        let on_front: Vec<Point> = front.iter().map(|&place| points[place].unwrap()).collect();
        assert_eq!(knee(&on_front), Some(1));
        let second = marginal(on_front[0], on_front[1], 45.0).unwrap();
        assert_eq!((second.value, second.lo, second.hi), (10.0 / 495.0, 10.0 / 540.0, 10.0 / 450.0));
        assert_eq!(marginal(on_front[1], on_front[2], 1.0).unwrap().hi, f64::INFINITY);
        // The third pays from ten a minute on.
        assert_eq!(least_total(&on_front, 9.9), Some(1));
        assert_eq!(least_total(&on_front, 10.1), Some(2));
        assert_eq!(least_total(&on_front, 0.0), Some(0));
    }

    #[test]
    fn no_knee_where_every_minute_costs_the_same_or_ever_less() {
        assert_eq!(knee(&[(0.0, 2.0), (1.0, 1.0), (2.0, 0.0)]), None);
        assert_eq!(knee(&[(0.0, 2.0), (1.0, 1.9), (2.0, 0.0)]), None);
        assert_eq!(knee(&[(0.0, 2.0), (1.0, 1.0)]), None);
        assert_eq!(knee(&[]), None);
    }

    fn points() -> impl Strategy<Value = Vec<Option<Point>>> {
        // Whole numbers, so that ties are met.
        proptest::collection::vec(
            proptest::option::weighted(0.9, (0..20_u8, 0..20_u8)).prop_map(|p| p.map(|(x, y)| (x.into(), y.into()))),
            0..12,
        )
    }

    proptest! {
        #[test]
        fn the_front_is_what_nothing_beats(points in points()) {
            let front = front(&points);
            let known: Vec<Point> = points.iter().copied().flatten().collect();
            for (place, point) in points.iter().enumerate() {
                let Some((cost, downtime)) = *point else {
                    prop_assert!(!front.contains(&place));
                    continue;
                };
                let cheaper = known.iter().any(|p| p.0 < cost && p.1 <= downtime);
                let surer = known.iter().any(|p| p.0 <= cost && p.1 < downtime);
                prop_assert_eq!(front.contains(&place), !cheaper && !surer);
            }
            let along: Vec<Point> = front.iter().map(|&place| points[place].unwrap()).collect();
            prop_assert!(along.windows(2).all(|two| two[0] == two[1] || (two[0].0 < two[1].0 && two[0].1 > two[1].1)));
        }

        #[test]
        fn the_least_total_is_the_least_of_all(points in points(), loss in 0.0..5.0_f64) {
            let along: Vec<Point> = front(&points).iter().map(|&place| points[place].unwrap()).collect();
            let total = |p: &Point| p.0 + loss * p.1;
            let least = points.iter().flatten().map(total).fold(f64::INFINITY, f64::min);
            match least_total(&along, loss) {
                Some(step) => prop_assert_eq!(total(&along[step]), least),
                None => prop_assert!(points.iter().all(Option::is_none)),
            }
        }
    }
}
