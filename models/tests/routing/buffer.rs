//! Capacity buffers: the shares that are needed, what is shed with less, and how often a survivor is overloaded.

use super::*;
use ninefold_models::results::BufferRow;

/// Places by their weights, of which `eu` is lost, with a demand of 100/s and no delay in following.
fn places(weights: &[f64], (life, repair): (Law, Law)) -> SystemSpec {
    let mut spec = spec((life, repair), weights, (Learns::Clients, constant(0.0)));
    spec.journeys[0].demand = Some(Level::from(100.0));
    spec
}

fn with_buffer(mut spec: SystemSpec, place: &str, share: f64) -> SystemSpec {
    let shares = vec![(place.to_owned(), share)];
    spec.capacity_buffers = vec![CapacityBufferSpec { plan: "regions".into(), router: "edge".into(), shares }];
    spec
}

fn rows_of<'a>(results: &'a Results, place: &str) -> Vec<&'a BufferRow> {
    results.buffers.iter().filter(|row| row.place == format!("components.web@{place}")).collect()
}

/// k equal places need 1 ÷ (k − 1) of their own peak; of 55 and 45 % the smaller needs 1.222, the larger 0.818.
#[test]
fn the_share_that_is_needed() {
    let lost = || (constant(1.0), constant(1.0));
    for k in 2..=4_usize {
        let system = System::build(places(&vec![1.0 / k as f64; k], lost())).unwrap();
        let needed = system.routings[0].needed(1);
        assert!((needed - 1.0 / (k as f64 - 1.0)).abs() < 1e-12, "{needed}");
    }
    let of = System::build(places(&[0.55, 0.45], lost())).unwrap().routings[0].clone();
    assert!((of.needed(0) - 0.45 / 0.55).abs() < 1e-12 && (of.needed(1) - 0.55 / 0.45).abs() < 1e-12);
    assert_eq!((of.own_peaks[0].round(), of.own_peaks[1].round()), (55.0, 45.0));
}

/// With what is needed nothing is shed and no failover overloads; with half of it what is missing is shed, and the journey
/// misses the same. The two ways to it share no code.
#[test]
fn less_than_needed_sheds_the_difference() {
    for (share, expected) in [(0.55 / 0.45, 0.0), (0.5, 100.0 - 45.0 * 1.5), (0.0, 55.0)] {
        let mut spec = with_buffer(places(&[0.55, 0.45], (constant(1.0), constant(1000.0))), "us", share);
        spec.time.horizon = Hours::new(100.0);
        let results = run(spec, 2);
        let rows = rows_of(&results, "us");
        let written = rows.iter().find(|row| row.written).unwrap();
        assert_eq!(written.failovers, 2);
        assert_eq!(written.overload.unwrap().value, if expected > 0.0 { 1.0 } else { 0.0 });
        let shed = written.shed.value * 100.0 / 8760.0;
        assert!((shed - expected * 99.0 * 3600.0).abs() < 20.0, "{shed}: millionths of its peak");
        let unserved = measure(&results, "journeys.use", "unserved_requests").estimate.value;
        assert!((unserved - shed).abs() < 20.0, "{unserved} {shed}");
        assert_eq!(measure(&results, "components.web@us", "shed_on_failover").estimate.value, written.shed.value);
        assert!(rows.windows(2).all(|two| two[0].shed.value >= two[1].shed.value), "more in reserve sheds no more");
    }
}

/// The demand is at its peak for 2 h of each day and half of it else. With half of its peak in reserve the survivor is
/// overloaded by failovers of an hour that meet the peak: 3 of 24 hours.
#[test]
fn a_failover_overloads_if_it_meets_the_peak() {
    let mut spec = with_buffer(places(&[0.55, 0.45], (exponential(50.0), constant(1.0))), "us", 0.5);
    let steps =
        (0..365).flat_map(|day| [(0.0, 0.5), (8.0, 1.0), (10.0, 0.5)].map(|(at, x)| (24.0 * f64::from(day) + at, x)));
    let steps = steps.map(|(at, factor)| (Hours::new(at), factor)).collect();
    spec.journeys[0].demand = Some(Level { rate: 200.0, course: Some(Course { steps, variation: None }) });
    let results = run(spec, 60);
    let row = *rows_of(&results, "us").iter().find(|row| row.written).unwrap();
    let overload = row.overload.unwrap();
    let off = (overload.value - 3.0 / 24.0).abs();
    assert!(off < 4.0 * overload.standard_error && overload.standard_error < 0.004, "{overload:?}");
    // Overloaded by 200 − 1.5 × 90 while both hold.
    let expected = 65.0 * 3600.0 * 2.0 / 24.0 * (8760.0 / 51.0);
    let off = (row.shed.value - expected).abs();
    assert!(off < 4.0 * row.shed.standard_error && row.shed.standard_error < 0.04 * expected, "{row:?} {expected}");
    // Off the peak it is sent 100/s, its own peak being 90/s: every failover overloads it if nothing is in reserve.
    assert_eq!(rows_of(&results, "us")[0].overload.unwrap().value, 1.0);
}

#[test]
fn a_place_has_one_buffer_of_a_router_that_is_there() {
    let good = with_buffer(places(&[0.55, 0.45], (constant(1.0), constant(1.0))), "us", 0.5);
    assert!(System::build(good.clone()).is_ok());
    let refused = |change: &dyn Fn(&mut CapacityBufferSpec)| {
        let mut bad = good.clone();
        change(&mut bad.capacity_buffers[0]);
        System::build(bad).unwrap_err().to_string()
    };
    assert!(refused(&|bad| bad.router = "egde".into()).contains("egde"));
    assert!(refused(&|bad| bad.shares[0].0 = "asia".into()).contains("asia"));
    assert!(refused(&|bad| bad.shares[0].1 = -0.5).contains("capacity buffer"));
    assert!(refused(&|bad| bad.shares.push(("us".into(), 0.1))).contains("twice"));
}
