//! Downtime in which a repair waits for a crew, against the chain of machine repair.

use ninefold_models::lifetime::Law;
use ninefold_models::replication::World;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

use crate::theorems::{by_crew, group, system};

/// Two units that are both needed, one crew: with both down, half of each instant is the crash's under repair, and half
/// the waiting's. So of the downtime waiting owns ½ p₂ ÷ (p₁ + p₂), with p₁ = 2r p₀ and p₂ = r p₁, r = repair ÷ life.
#[test]
fn waiting_owns_its_share_of_the_downtime() {
    let exponential = |mean| Law::exponential(Hours::new(mean)).unwrap();
    let spec = system(group(2, 2, (exponential(100.0), by_crew(exponential(20.0)))), 1, Order::FirstCome);
    let system = System::build(spec).unwrap();
    let waiting = system.units.causes.iter().position(|cause| cause == "field/waiting").unwrap() as u32;
    let mut world = World::new(&system);
    let shares: Vec<f64> = (0..1600)
        .map(|index| {
            let trace = world.run(11, index).unwrap();
            let of = |wanted: &dyn Fn(u32) -> bool| -> i64 {
                trace.causes.iter().filter(|&&(_, cause, _)| wanted(cause)).map(|&(.., ticks)| ticks).sum()
            };
            of(&|cause| cause == waiting) as f64 / of(&|_| true) as f64
        })
        .collect();
    let mean = shares.iter().sum::<f64>() / 1600.0;
    let variance = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>() / 1599.0;
    let (error, r) = ((variance / 1600.0).sqrt(), 0.2);
    let exact = 0.5 * r / (1.0 + r);
    assert!(error < 0.01 * exact, "too wide to tell: {error}");
    assert!((mean - exact).abs() < 4.0 * error, "{mean} ± {error}, exact {exact}");
}
