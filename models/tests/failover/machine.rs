use ninefold_models::mechanism::{Ending, Happening, Reason, StepEnding, Turn};
use ninefold_models::replication::{Outage, World};
use ninefold_models::system::{
    Canary, CatchUp, CrewRepair, Failback, Mistakes, PlanTest, Probe, Repair, StepSpec, System, SystemSpec, TestMethod,
    Validate,
};
use ninefold_models::units::Hours;
use proptest::prelude::*;

use crate::system::{exponential, logs, person, plan, probe, spec, step};

const METHODS: [TestMethod; 3] =
    [TestMethod::Shadow, TestMethod::Canary(Canary { share: 0.1, takes: Hours::new(1.0) }), TestMethod::Full];

/// Any plan: noisy or not, with people or without, in steps side by side and one after the other.
pub(crate) fn any_plan() -> impl Strategy<Value = SystemSpec> {
    let trigger = (0.0..0.3f64, 0.0..0.3f64, 1u32..4, 0.0..50.0f64);
    let steps = prop::collection::vec((0.3..1.0f64, 0u32..3, any::<bool>(), 0.0..2.0f64), 1..5);
    let people = (prop::option::of((0.0..5.0f64, 0.0..0.5f64)), any::<bool>());
    let rest = (
        prop::option::of((0.0..10.0f64, 3.0..9.0f64, 0.0..0.5f64)),
        prop::option::of(0..METHODS.len()),
        any::<bool>(),
        any::<bool>(),
    );
    (trigger, steps, people, rest).prop_map(|(trigger, steps, (someone, asks), (back, test, crew, called))| {
        let mut declared = plan();
        let (false_positive, false_negative, in_a_row, least) = trigger;
        let mistakes = Mistakes { false_positive, false_negative };
        declared.trigger.probe = Some(Probe { mistakes, ..probe(1.0, in_a_row) });
        declared.trigger.min_interval = Hours::new(least);
        let all: Vec<StepSpec> = steps
            .into_iter()
            .map(|(success, retries, team, hours)| StepSpec {
                success,
                retries,
                team: team.then(|| "ops".into()),
                hand_over: team.then(|| exponential(0.1)),
                ..step("step", if hours < 0.5 { crate::system::constant(0.0) } else { exponential(hours) })
            })
            .collect();
        declared.stages = all.chunks(2).map(<[StepSpec]>::to_vec).collect();
        declared.taken_over = someone.map(|(after, wrong)| {
            let mut by = person(after, exponential(0.5));
            by.wrong_decision = wrong;
            by
        });
        if asks && someone.is_some() {
            declared.authority.auto_below_blast = Some(0.0);
            declared.authority.approver = Some("ops".into());
        }
        declared.failback = back.map(|(after_stable, rate_per_hour, diverges)| Failback {
            by_hand: asks && someone.is_some(),
            after_stable: Hours::new(after_stable),
            resync: Some(CatchUp { backlog: None, rate_per_hour, write_per_hour: 4.0 }),
            validate: Some(Validate { takes: exponential(1.0), diverges, detects: 0.9 }),
            open: None,
        });
        declared.test = test.map(|method| PlanTest {
            every: Hours::new(200.0),
            coverage: 0.7,
            ..crate::system::test(METHODS[method], 0.001)
        });
        let mut spec = spec(None, (100.0, 10.0));
        spec.failover(declared);
        if crew {
            let repair = CrewRepair::new("ops", exponential(10.0), 1);
            spec.components[0].modes[0].repair = Repair::ByCrew(repair);
        }
        if called {
            crate::called::may_not_start(&mut spec);
        }
        spec.time.horizon = Hours::new(3000.0);
        spec
    })
}

/// What must be true of any log: an attempt begins only when none is under way; decisions and steps belong to one; a
/// step ends as often as it is ready, and never before it began if it worked.
pub(crate) fn is_sound(log: &[Happening], steps: usize) -> Result<(), TestCaseError> {
    let (mut open, mut ready) = (false, vec![false; steps]);
    let mut last = log.first().map_or(0, |one| one.at.get());
    for one in log {
        prop_assert!(one.at.get() >= last, "time goes on");
        last = one.at.get();
        match one.turn {
            Turn::Started { .. } => {
                prop_assert!(!open, "an attempt within an attempt");
                open = true;
            }
            Turn::Ended { .. } => {
                prop_assert!(open, "an end without a beginning");
                prop_assert!(ready.iter().all(|ready| !ready), "a step goes on after the end");
                open = false;
            }
            Turn::StepReady(step) => {
                prop_assert!(open && !ready[step as usize]);
                ready[step as usize] = true;
            }
            Turn::StepEnds(_, StepEnding::Again) | Turn::StepBegins(_) => prop_assert!(open),
            Turn::StepEnds(step, _) => {
                prop_assert!(ready[step as usize], "a step ends twice");
                ready[step as usize] = false;
            }
            Turn::Deciding | Turn::Decided(_) | Turn::TakenOver | Turn::WrongDecision | Turn::Instead(_) => {
                prop_assert!(open);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A failback begins only when the place was moved since the last failback that is over, whether that worked or was given up.
fn take_turns(log: &[Happening]) -> Result<(), TestCaseError> {
    let (mut away, mut attempt) = (false, None);
    for one in log {
        match one.turn {
            Turn::Started { reason, from } => {
                prop_assert!(reason != Reason::Failback || away, "a failback without a failover before it");
                attempt = Some((reason, from));
            }
            Turn::Ended { how, to } => {
                let (reason, from) = attempt.take().unwrap();
                if reason == Reason::Failback && matches!(how, Ending::Moved | Ending::RolledBack) {
                    away = false;
                } else if to != from {
                    away = true;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// No transition is lost, each attempt ends before the next begins or is open at the horizon, and the same replication
    /// is the same however the units go.
    #[test]
    fn any_plan_keeps_its_order(spec in any_plan()) {
        let system = System::build(spec.clone()).unwrap();
        let all = logs(&system, 3);
        for log in &all {
            is_sound(log, system.plans.steps.len())?;
            take_turns(log)?;
        }
        let by_events = System::build(spec).unwrap().by_events();
        prop_assert_eq!(all, logs(&by_events, 3));
    }

    /// Every incident ends, or is censored at the horizon, before the next begins.
    #[test]
    fn every_incident_ends_or_is_censored(spec in any_plan()) {
        let system = System::build(spec).unwrap();
        let mut world = World::new(&system);
        for index in 0..3 {
            let trace = world.run(11, index).unwrap();
            for outages in &trace.outages {
                // What begins at the very horizon has no length there.
                let lasts = |outage: &Outage| outage.start < outage.end || outage.start == trace.end;
                prop_assert!(outages.iter().all(|outage| lasts(outage) && outage.end <= trace.end));
                prop_assert!(outages.windows(2).all(|two| two[0].end < two[1].start));
            }
        }
    }
}
