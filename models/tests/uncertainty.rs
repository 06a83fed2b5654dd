//! The outer loop: draws of the inputs against closed forms, and the same bytes however they are shared out.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use ninefold_models::assess::{AssessError, Unwatched, Watch, assess, resume, shard};
use ninefold_models::lifetime::Law;
use ninefold_models::metric::Metric;
use ninefold_models::plan::{Goal, Plan, Stopping};
use ninefold_models::results::{Measured, Results, Stopped, Verdict};
use ninefold_models::snapshot::{Identity, Kept, Prefix, decode, encode};
use ninefold_models::system::*;
use ninefold_models::uncertainty::{Cells, InputLaw};
use ninefold_models::units::Hours;

const SEED: u64 = 5;
const HORIZON: Hours = Hours::new(4360.0);

/// Components of one unit each in series, with exponential lives of these means and repairs of mean 10 h.
fn series(lives_h: &[f64]) -> SystemSpec {
    let exponential = |hours: f64| Law::exponential(Hours::new(hours)).unwrap();
    let component = |(at, &life): (usize, &f64)| ComponentSpec {
        name: format!("c{at}"),
        units: vec![UnitSpec { name: format!("c{at}/1"), domain: None }],
        redundancy: Redundancy::None,
        per: None,
        modes: vec![ModeSpec {
            name: "crash".into(),
            time_to_failure: exponential(life),
            repair: Repair::Takes(exponential(10.0)),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        }],
        capacity_per_unit: None,
    };
    let components: Vec<ComponentSpec> = lives_h.iter().enumerate().map(component).collect();
    let leaf = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
    let path = Path::All(components.iter().map(leaf).collect());
    let journey = JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() };
    let mut spec = SystemSpec { components, journeys: vec![journey], ..SystemSpec::default() };
    (spec.time.warmup, spec.time.horizon) = (Hours::new(200.0), HORIZON);
    spec.agreements = vec![AgreementSpec {
        name: "slo".into(),
        journey: "use".into(),
        indicator: Indicator::GoodMinutes,
        target: Target::AtLeast(0.985),
        window_kind: "horizon".into(),
        windows: vec![Window { label: "all".into(), start: Hours::new(200.0), end: HORIZON }],
    }];
    spec
}

/// The series under `draws` of the mean lives; the first system has their means.
fn drawn(laws: &[InputLaw], draws: u32) -> System {
    let path = |at: usize| format!("components.c{at}.failure_modes.crash.time_to_failure.exponential.mean");
    let of = |draw: u32, values: Vec<f64>| {
        let inputs = values.iter().enumerate().map(|(at, &value)| InputValue { path: path(at), value }).collect();
        SystemSpec { draw, inputs, ..series(&values) }
    };
    let at = |draw: u32| laws.iter().enumerate().map(|(at, law)| law.draw(SEED, draw, &path(at))).collect();
    let point = of(0, laws.iter().map(InputLaw::mean).collect());
    System::build(point).unwrap().with_draws((1..=draws).map(|draw| of(draw, at(draw))).collect()).unwrap()
}

fn fixed(replications: u64) -> Plan {
    Plan { seed: SEED, stopping: Stopping::Fixed(replications), ..Plan::default() }
}

fn measure<'a>(results: &'a Results, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == measure).unwrap()
}

fn wide() -> InputLaw {
    InputLaw::pert(500.0, 1000.0, 2500.0).unwrap()
}

/// Mean and standard deviation of 10 ÷ (10 + life) over the law, by the middles of equal steps of probability.
fn unavailability(law: &InputLaw) -> (f64, f64) {
    let steps = 20_000;
    let at = |i: i32| 10.0 / (10.0 + law.quantile((f64::from(i) + 0.5) / f64::from(steps)));
    let values: Vec<f64> = (0..steps).map(at).collect();
    let mean = values.iter().sum::<f64>() / f64::from(steps);
    (mean, (values.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>() / f64::from(steps)).sqrt())
}

#[test]
fn mean_and_deviation_over_an_uncertain_life_are_those_of_the_quadrature() {
    let (mean, deviation) = unavailability(&wide());
    let draws = 400;
    let results = assess(&drawn(&[wide()], draws), &fixed(1), &Unwatched).unwrap();
    assert_eq!((results.outcome.replications, results.outcome.parameter_draws), (64 * 400, draws));
    let u = measure(&results, "unavailability");
    let with = u.inputs.unwrap();
    // The mean over draws is known up to draws and chance; √draws leaves of the deviation what draws leave.
    let error = (deviation * deviation / f64::from(draws) + u.estimate.standard_error.powi(2)).sqrt();
    assert!((u.estimate.value - mean).abs() <= 4.0 * error, "{} ± {error}, expected {mean}", u.estimate.value);
    assert!(error <= 0.03 * mean && u.estimate.standard_error <= 0.01 * mean);
    // Standard error of a deviation from 400 draws: 3.5 %.
    assert!((with.standard_deviation / deviation - 1.0).abs() < 0.14, "{} for {deviation}", with.standard_deviation);
    // Beside it stands the mean of the exact values of the draws, of which the estimate is one by chance alone.
    let exact = u.exact.unwrap();
    assert!((u.estimate.value - exact).abs() <= 4.0 * u.estimate.standard_error, "{exact}");
}

#[test]
fn the_second_interval_holds_the_first_and_what_the_inputs_can_do() {
    let results = assess(&drawn(&[wide()], 50), &fixed(1), &Unwatched).unwrap();
    for measured in &results.measures {
        let Some(with) = measured.inputs else { panic!("{} has no second interval", measured.measure) };
        assert!(with.lo <= measured.estimate.lo && with.hi >= measured.estimate.hi, "{measured:?}");
        assert!(with.standard_deviation >= measured.estimate.standard_error || measured.estimate.value == 0.0);
    }
    let u = measure(&results, "unavailability");
    let with = u.inputs.unwrap();
    assert!((with.hi - with.lo) > 5.0 * (u.estimate.hi - u.estimate.lo), "{u:?}");
    // By chance alone the target of 98.5 % is met; by what is not known of the life it may well not be.
    assert!(results.requirements[0].shortfall.hi < 0.015);
    assert_eq!(results.requirements[0].verdict, Verdict::Undecided);
}

#[test]
fn shares_of_a_series_are_those_of_its_parts() {
    // Rare failures add: variances are those of each unavailability.
    let laws = [wide(), InputLaw::pert(900.0, 1000.0, 1200.0).unwrap(), InputLaw::pert(700.0, 1000.0, 1500.0).unwrap()];
    let squares: Vec<f64> = laws.iter().map(|law| unavailability(law).1.powi(2)).collect();
    let results = assess(&drawn(&laws, 200), &fixed(64 * 200), &Unwatched).unwrap();
    let rows: Vec<_> = results.input_shares.iter().filter(|row| row.measure == "unavailability").collect();
    assert_eq!(rows.len(), 5);
    for (row, square) in rows.iter().zip(&squares) {
        let known = square / squares.iter().sum::<f64>();
        // The life enters by its inverse: a straight line leaves some of it over.
        let bent = 0.10 * known;
        assert!((row.share.value - known).abs() <= 4.0 * row.share.standard_error + bent, "{row:?} for {known}");
        assert!(row.share.standard_error < 0.1, "{row:?}");
    }
    assert_eq!((rows[3].input.as_str(), rows[4].input.as_str()), ("chance", "rest"));
    assert!(rows[3].share.value < 0.01 && rows[4].share.value < 0.15);
}

#[test]
fn draws_of_equal_inputs_differ_by_chance_alone() {
    let one = InputLaw::pert(999.999, 1000.0, 1000.001).unwrap();
    let results = assess(&drawn(&[one], 20), &fixed(64 * 20 * 4), &Unwatched).unwrap();
    let u = measure(&results, "unavailability");
    // Streams of their own: were they the same for every draw, nothing would be left between draws at all.
    let with = u.inputs.unwrap();
    assert!(with.standard_deviation < 3.0 * u.estimate.standard_error && u.estimate.standard_error > 0.0, "{u:?}");
    assert!((u.estimate.value - 10.0 / 1010.0).abs() <= 4.0 * u.estimate.standard_error, "{u:?}");
    assert!(u.estimate.standard_error <= 0.02 * u.estimate.value);
}

/// Everything a run hands over, as text: NaN equals NaN there.
fn shown(results: &Results) -> String {
    format!("{results:?}")
}

fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn threads_change_nothing() {
    let system = drawn(&[wide(), wide()], 5);
    let precise = Plan { seed: SEED, ..Plan::default() };
    for plan in [fixed(700), precise] {
        let one = shown(&assess(&system, &plan, &Unwatched).unwrap());
        for threads in [1, 2, 3] {
            assert_eq!(one, shown(&on(threads, || assess(&system, &plan, &Unwatched).unwrap())));
        }
    }
    let replications = assess(&system, &fixed(700), &Unwatched).unwrap().outcome.replications;
    assert_eq!(replications, 960, "rounded up to whole chunks for each of five draws");
}

/// Keeps what was counted, and stops after so many chunks.
struct Keeping<'a>(&'a Identity, Mutex<(u64, Vec<u8>)>);

impl Watch for Keeping<'_> {
    fn should_stop(&self) -> Option<Stopped> {
        (self.1.lock().unwrap().0 == 0).then_some(Stopped::Interrupted)
    }
    fn kept(&self, prefix: &Prefix<'_>, _: &[u8]) {
        let mut state = self.1.lock().unwrap();
        *state = (state.0.saturating_sub(1), encode(self.0, *prefix, &[]));
    }
}

#[test]
fn interrupted_after_any_chunk_it_ends_the_same() {
    let (system, plan) = (drawn(&[wide(), wide()], 3), fixed(800));
    let identity = Identity::new(&system, &plan, [3; 32]);
    let whole = shown(&assess(&system, &plan, &Unwatched).unwrap());
    for chunks in [1, 2, 7, 14] {
        let keeping = Keeping(&identity, Mutex::new((chunks, Vec::new())));
        let _ = on(1, || assess(&system, &plan, &keeping));
        let (kept, _) = decode(&keeping.1.lock().unwrap().1, &system, &identity).unwrap();
        assert_eq!(whole, shown(&resume(&system, &plan, kept, &Unwatched).unwrap()), "after {chunks} chunks");
    }
}

#[test]
fn shards_merge_to_the_same() {
    let (system, plan) = (drawn(&[wide(), wide()], 3), fixed(800));
    let whole = shown(&assess(&system, &plan, &Unwatched).unwrap());
    let cuts = [0, 64, 500, 960];
    let mut merged = Kept::nothing(&system, 0);
    for range in cuts.windows(2) {
        let mut kept = Kept::nothing(&system, range[0]);
        assert!(shard(&system, &plan, (&mut kept, range[1]), &Unwatched).unwrap());
        merged.decided.merge(kept.into_tallies());
    }
    assert_eq!(whole, shown(&resume(&system, &plan, merged, &Unwatched).unwrap()));
}

#[test]
fn a_decision_over_draws_is_refused() {
    let goal = Goal::Decision { agreement: None, confidence: 0.99 };
    let plan = Plan { stopping: Stopping::Until { min: 200, max: 1000, goal }, ..Plan::default() };
    let refused = assess(&drawn(&[wide()], 5), &plan, &Unwatched).unwrap_err();
    assert_eq!(refused, AssessError::DecisionWithDraws);
}

#[test]
fn a_draw_with_another_structure_is_refused() {
    let point = || System::build(series(&[1000.0])).unwrap();
    let draw = |lives: &[f64], draw| SystemSpec { draw, ..series(lives) };
    assert_eq!(point().with_draws(vec![draw(&[1.0, 2.0], 1)]).unwrap_err(), SystemError::OtherStructure(1));
    assert_eq!(point().with_draws(vec![draw(&[1.0], 2)]).unwrap_err(), SystemError::OtherStructure(1));
    let many = point().with_draws(vec![draw(&[1.0], 1); 1001]).unwrap_err();
    assert!(matches!(many, SystemError::TooMany { what: "parameter draws", .. }));
}

#[test]
fn more_than_all_draws_may_keep_is_refused_before_they_are_made() {
    let window = |at: u32| {
        let start = Hours::new(200.0 + f64::from(at));
        Window { label: at.to_string(), start, end: Hours::new(start.get() + 24.0) }
    };
    let windows: Vec<Window> = (0..1000).map(window).collect();
    let with = |windows: Vec<Window>, report_at: Vec<Hours>| {
        let mut spec = series(&[1000.0, 1000.0]);
        spec.time.reporting = vec![ReportingWindows { kind: "day".into(), windows }];
        spec.time.report_at = report_at;
        System::build(spec).unwrap()
    };
    // Two units, 1000 days and the agreement's one window: 1003 of each draw.
    let days = with(windows, Vec::new());
    days.refuse_draws(997).unwrap();
    let refused = days.refuse_draws(998).unwrap_err();
    let SystemError::TooManyDrawn { draws: 998, cells: Cells { units: 2, windows: 1001, points: 0 }, limit: 1_000_000 } =
        refused
    else {
        panic!("{refused}")
    };
    assert_eq!(
        refused.to_string(),
        "998 parameter draws of 2 units, 1001 windows of journeys and agreements and 0 values at report times are too \
         many: 998 × 1003 = 1000994, and the limit is 1000000; ask for fewer draws, windows or report times"
    );
    // A journey and two components at 1000 times.
    let times = with(Vec::new(), (1..=1000).map(|at| Hours::new(f64::from(at))).collect());
    assert!(times.refuse_draws(332).is_ok() && times.refuse_draws(334).is_err());
    // Draws that were made all the same are refused as well.
    let specs = (1..=334).map(|draw| SystemSpec { draw, ..times.spec.clone() }).collect();
    assert!(matches!(times.with_draws(specs), Err(SystemError::TooManyDrawn { .. })));
}
