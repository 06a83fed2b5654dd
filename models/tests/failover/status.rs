//! Who knows of a failover: what is done twice, and nothing else.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{StatusSpec, StepSpec, System, SystemSpec};

use crate::system::*;

fn by(team: &str, step: StepSpec) -> StepSpec {
    StepSpec { team: Some(team.into()), ..step }
}

/// A person decides for one hour; the step takes half an hour of a team of its own.
fn decided(status: Option<StatusSpec>) -> SystemSpec {
    let mut declared = plan();
    declared.authority.auto_below_blast = Some(0.0);
    declared.taken_over = Some(person(1e6, constant(1.0)));
    declared.stages = vec![vec![by("ops", step("promote", constant(0.5)))]];
    let mut spec = spec(Some(declared), (1000.0, 100.0));
    spec.status = status;
    spec
}

fn status(publish_delay: Option<Law>, duplicate_work: f64) -> Option<StatusSpec> {
    Some(StatusSpec { publish_delay, subscribers: None, duplicate_work })
}

/// The length of the first attempt in each replication that has one, in hours.
fn first_moves(spec: SystemSpec) -> Vec<Option<f64>> {
    let system = System::build(spec).unwrap();
    let first = |index: u64| {
        let log = ninefold_models::replication::World::new(&system).run(11, index).unwrap().failovers.clone();
        let mut open = ninefold_models::metric::failover::Attempts::new(system.plans.instances.len());
        let attempt = log.into_iter().find_map(|one| open.take(one))?;
        let (ended, ..) = attempt.ended?;
        Some(ended.since(attempt.started).hours())
    };
    (0..150).map(first).collect()
}

/// Against the same draws published at once, one decision of an hour or one step of half an hour more, each in the share of
/// attempts that is said; with a probability of 0 none; and known too late is not known.
#[test]
fn publishing_off_lengthens_by_the_duplicate_work_alone() {
    let known = first_moves(decided(status(Some(constant(0.0)), 0.3)));
    assert_eq!(known, first_moves(decided(None)));
    assert_eq!(known, first_moves(decided(status(None, 0.0))));
    let off = first_moves(decided(status(None, 0.3)));
    let late = first_moves(decided(status(Some(constant(1e4)), 0.3)));
    assert_eq!(off, late);
    let more: Vec<f64> = known.iter().zip(&off).filter_map(|(known, off)| Some((*off)? - (*known)?)).collect();
    // A unit that is able again meanwhile ends the attempt sooner; of those that are moved both times all differ so.
    let of = |hours: f64| more.iter().filter(|more| (**more - hours).abs() < 1e-6).count() as f64;
    let (none, step, decision, both) = (of(0.0), of(0.5), of(1.0), of(1.5));
    let all = none + step + decision + both;
    assert!(all >= 0.9 * more.len() as f64 && all > 100.0, "{more:?}");
    let share = |count: f64, expected: f64| {
        let error = (expected * (1.0 - expected) / all).sqrt();
        assert!((count / all - expected).abs() < 4.0 * error, "{count} of {all}, not {expected}");
    };
    share(step + both, 0.3);
    share(decision + both, 0.3);
}

/// A team that does not read the status does its step twice; a decision by a person of no team is not.
#[test]
fn who_does_not_read_it_does_not_know() {
    let mut spec = decided(status(Some(constant(0.0)), 1.0));
    let both = run(spec.clone(), 40);
    assert_eq!(measure(&both, "failovers.db-failover", "duplicate_work").estimate.value, 0.0);
    let saved = measure(&both, "failovers.db-failover", "duplicate_work_saved").estimate.value;
    let moves = measure(&both, "failovers.db-failover", "failovers_true").estimate.value;
    // Every attempt has a decision of 60 min, and a step of 30 min where there is a unit to move the place to.
    let steps = saved / moves - 60.0;
    assert!(steps > 20.0 && steps < 30.0, "{saved} min in {moves} attempts");
    spec.status.as_mut().unwrap().subscribers = Some(Vec::new());
    let some = run(spec, 40);
    let (twice, saved) =
        ["duplicate_work", "duplicate_work_saved"].map(|m| measure(&some, "failovers.db-failover", m)).into();
    let (twice, saved) = (twice.estimate.value / moves, saved.estimate.value / moves);
    assert!((twice - steps).abs() < 1.5 && (saved - 60.0).abs() < 1.5, "{twice} and {saved} min, not {steps} and 60");
}
