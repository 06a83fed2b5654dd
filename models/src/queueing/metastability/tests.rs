#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::fluid::recovers;
use super::*;

/// A hundred requests a second, a timeout of a second, three attempts.
pub(super) static STORM: std::sync::LazyLock<Storm> = std::sync::LazyLock::new(|| Storm {
    capacity: 100.0,
    late: Storm::late_of(1.0, |_| 0.0),
    timeout: 1.0,
    attempts: 3,
    pause: None,
    budget: None,
    breaker: None,
    places: None,
    newest_first: false,
    drops_expired: false,
});

const OUTAGE: Trigger = Trigger::Outage(20.0);

#[test]
fn what_is_published_of_a_storm_of_twenty_seconds() {
    // 30/s × 3 recovers, 60/s × 2 and 80/s × 3 never do; a budget of a tenth, a bound below the timeout and the last first
    // recover, dropping what has expired alone does not.
    // Ten workers of 0.1 s each.
    let storm = Storm { late: Storm::late_of(1.0, |t| libm::exp(-10.0 * t)), ..STORM.clone() };
    let back = |storm: &Storm, demand| recovers(storm, demand, Some(OUTAGE)).unwrap();
    assert!(back(&storm, 30.0));
    assert!(!back(&storm, 80.0) && !back(&Storm { attempts: 2, ..storm.clone() }, 60.0));
    assert!(back(&Storm { budget: Some((0.1, 100.0)), ..storm.clone() }, 80.0));
    assert!(back(&Storm { places: Some(60), ..storm.clone() }, 80.0));
    assert!(back(&Storm { newest_first: true, ..storm.clone() }, 80.0));
    assert!(back(&Storm { breaker: Some(BreakerSpec::RESILIENCE4J), ..storm.clone() }, 80.0));
    assert!(!back(&Storm { drops_expired: true, ..storm.clone() }, 80.0));
    assert!(!back(&Storm { places: Some(300), ..storm }, 80.0));
}

#[test]
fn the_map_has_its_regions_where_the_load_says() {
    let map = map(&STORM, (110.0, 11), (Trigger::Outage(4.0), 8), |_| false).unwrap();
    for cell in &map.cells {
        let known = match cell.demand {
            demand if demand < 33.0 => Some(Region::Stable),
            demand if demand > 99.0 => Some(Region::Overloaded),
            _ if cell.trigger_s < 1.0 => Some(Region::Vulnerable),
            _ if cell.trigger_s > 3.0 => Some(Region::Metastable),
            _ => None,
        };
        assert!(known.is_none_or(|known| known == cell.region), "{cell:?}");
    }
    let tips: Vec<f64> = map.lines.iter().filter_map(|line| line.tips_after_s).collect();
    assert!(tips.len() == 6 && tips.is_sorted_by(|a, b| a >= b), "{tips:?}");
    assert!(tips.iter().all(|tips| (1.0..3.0).contains(tips)));
}

#[test]
fn what_is_out_of_range_is_refused() {
    let of = |storm: &Storm, most, trigger| map(storm, (most, 2), (trigger, 2), |_| false);
    assert!(of(&Storm { attempts: 33, ..STORM.clone() }, 50.0, OUTAGE).is_err());
    assert!(of(&Storm { timeout: 0.0, ..STORM.clone() }, 50.0, OUTAGE).is_err());
    assert!(of(&STORM, f64::NAN, OUTAGE).is_err());
    assert!(of(&STORM, 50.0, Trigger::Outage(1e9)).is_err() && of(&STORM, 50.0, Trigger::Spike(0.0, 1.0)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A larger demand, a longer outage, one more attempt never make a system come back.
    #[test]
    fn more_never_helps(demand in 5.0..95.0_f64, more in 0.0..20.0_f64, outage in 0.1..6.0_f64, attempts in 1..5_u32) {
        let storm = Storm { attempts, ..STORM.clone() };
        if !recovers(&storm, demand, Some(Trigger::Outage(outage))).unwrap() {
            prop_assert!(!recovers(&storm, demand, Some(Trigger::Outage(1.3 * outage))).unwrap());
            prop_assert!(!recovers(&storm, (demand + more).min(99.0), Some(Trigger::Outage(outage))).unwrap());
            let storm = Storm { attempts: attempts + 1, ..STORM.clone() };
            prop_assert!(!recovers(&storm, demand, Some(Trigger::Outage(outage))).unwrap());
        }
    }

    /// Demand × attempts against the capacity says whether the largest trigger is survived.
    #[test]
    fn a_collapse_sustains_itself_iff_all_attempts_fill_the_capacity(demand in 5.0..95.0_f64, attempts in 1..5_u32) {
        let load = demand * f64::from(attempts) / 100.0;
        prop_assume!(!(0.93..1.02).contains(&load));
        let storm = Storm { attempts, ..STORM.clone() };
        prop_assert_eq!(recovers(&storm, demand, Some(Trigger::Outage(30.0))).unwrap(), load < 1.0);
    }
}
