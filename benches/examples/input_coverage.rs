//! Is the second interval honest? Over many seeds, a truth is drawn from what is believed of the inputs; how often does
//! the 95 % interval by inputs and chance hold its exact unavailability?
//!
//! `cargo run --release -p ninefold-benches --example input_coverage -- --seeds 400`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::process::ExitCode;

use ninefold_benches::{component, series};
use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::system::{InputValue, Redundancy, System, SystemSpec};
use ninefold_models::uncertainty::InputLaw;
use ninefold_models::units::Hours;
use ninefold_sim_core::interval;

/// Bounds of honest coverage over 400 seeds; fewer seeds are held to what chance makes of them.
const HONEST: (f64, f64) = (0.92, 0.98);

/// One unit with exponential lives and repairs of uncertain means.
struct Case {
    name: &'static str,
    life: InputLaw,
    repair: InputLaw,
    draws: u32,
}

impl Case {
    fn spec(&self, draw: u32, [life, repair]: [f64; 2]) -> SystemSpec {
        let exponential = |mean| Law::exponential(Hours::new(mean)).unwrap();
        let mut spec = series(vec![component("unit", 1, Redundancy::None, (exponential(life), exponential(repair)))]);
        spec.time.warmup = Hours::new(1000.0);
        spec.time.horizon = Hours::new(1000.0 + 8760.0);
        spec.draw = draw;
        let input = |path: &str, value| InputValue { path: path.to_owned(), value };
        spec.inputs = vec![input("life", life), input("repair", repair)];
        spec
    }

    fn drawn(&self, seed: u64, draw: u32) -> [f64; 2] {
        [self.life.draw(seed, draw, "life"), self.repair.draw(seed, draw, "repair")]
    }

    /// Whether the interval holds the unavailability of a truth that no draw of the run is, and its width.
    fn covers(&self, seed: u64) -> (bool, f64) {
        let point = System::build(self.spec(0, [self.life.mean(), self.repair.mean()])).unwrap();
        let draws = (1..=self.draws).map(|draw| self.spec(draw, self.drawn(seed, draw))).collect();
        let plan = Plan { seed, stopping: Stopping::Fixed(1), ..Plan::default() };
        let results = assess(&point.with_draws(draws).unwrap(), &plan, &Unwatched).unwrap();
        let unavailability = &results.measures[0];
        let with = unavailability.inputs.unwrap();
        let [life, repair] = self.drawn(seed, u32::MAX);
        let truth = repair / (life + repair);
        (with.lo <= truth && truth <= with.hi, (with.hi - with.lo) / unavailability.estimate.value)
    }
}

fn main() -> ExitCode {
    let seeds: u64 = std::env::args().skip_while(|arg| arg != "--seeds").nth(1).map_or(400, |n| n.parse().unwrap());
    let pert = |min, mode, max| InputLaw::pert(min, mode, max).unwrap();
    let cases = [
        Case { name: "wide", life: pert(500.0, 1000.0, 3000.0), repair: pert(2.0, 8.0, 30.0), draws: 50 },
        Case { name: "narrow", life: pert(900.0, 1000.0, 1150.0), repair: pert(9.5, 10.0, 10.5), draws: 50 },
        Case { name: "few draws", life: pert(500.0, 1000.0, 3000.0), repair: pert(5.0, 8.0, 12.0), draws: 10 },
        Case { name: "noisy", life: pert(9000.0, 12000.0, 18000.0), repair: pert(5.0, 8.0, 12.0), draws: 50 },
    ];
    println!("coverage of the 95 % interval by inputs and chance, {seeds} seeds, 64 replications a draw");
    let mut honest = true;
    for case in cases {
        let (mut covered, mut width) = (0, 0.0);
        for seed in 1..=seeds {
            let (covers, wide) = case.covers(seed);
            covered += u64::from(covers);
            width += wide;
        }
        let share = interval::share(covered, seeds, 0.99);
        // Chance that looks like inputs widens the interval: too often is no fault of it.
        let ok = if seeds >= 400 { share.value >= HONEST.0 } else { share.hi >= HONEST.0 };
        honest &= ok;
        println!(
            "{:<10} covered {:.1} %  mean width {:.2} of the estimate  {}",
            case.name,
            100.0 * share.value,
            width / seeds as f64,
            if !ok {
                "NOT HONEST"
            } else if share.value > HONEST.1 {
                "wide"
            } else {
                "ok"
            }
        );
    }
    ExitCode::from(u8::from(!honest))
}
