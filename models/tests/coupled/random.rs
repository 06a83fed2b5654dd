//! Random small systems with exponential laws: what is simulated is what the chain says, for every entity.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::Measured;
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use ninefold_sim_core::stream::{Replication, Stream, StreamId};

/// Systems drawn.
const SYSTEMS: u32 = 80;

/// A deviation of so many standard errors happens in one of 150 000 comparisons.
const DEVIATION: f64 = 4.5;

/// Numbers that make up a system.
struct Numbers {
    stream: Stream,
    replication: Replication,
}

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        ((self.stream.open01(self.replication) * bound as f64) as usize).min(bound - 1)
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.stream.open01(self.replication)
    }

    fn exponential(&mut self, least: f64, most: f64) -> Law {
        Law::exponential(Hours::new(self.between(least, most))).unwrap()
    }

    fn repair(&mut self) -> Repair {
        let takes = match self.below(4) {
            0 => Law::erlang(2, Hours::new(self.between(4.0, 30.0))).unwrap(),
            _ => self.exponential(4.0, 30.0),
        };
        match self.below(4) {
            0 => Repair::Takes(takes),
            _ => Repair::ByCrew(CrewRepair::new("field", takes, 1 + self.below(3) as u32)),
        }
    }

    fn redundancy(&mut self, units: u32) -> Redundancy {
        match self.below(4) {
            0 => Redundancy::KOfN { need: 1 + self.below(units as usize) as u32 },
            1 => Redundancy::None,
            2 => {
                let covered = if self.below(2) == 0 { None } else { Some(self.exponential(0.5, 2.0)) };
                Redundancy::Covered {
                    need: 1 + self.below(units as usize) as u32,
                    coverage: Coverage {
                        success: self.between(0.3, 0.9),
                        covered: covered.unwrap_or_else(|| Law::constant(Hours::ZERO).unwrap()),
                        uncovered: Law::erlang(2, Hours::new(self.between(4.0, 20.0))).unwrap(),
                        meanwhile: Meanwhile::Frozen,
                    },
                }
            }
            _ => {
                let active = 1 + self.below(units as usize) as u32;
                let success = [1.0, 0.8][self.below(2)];
                let manual_switch = if self.below(2) == 0 { None } else { Some(self.exponential(2.0, 9.0)) };
                let may_wait = (success == 1.0 || manual_switch.is_some()) && self.below(2) == 0;
                let takes = if self.below(2) == 0 { None } else { Some(self.exponential(0.5, 4.0)) };
                Redundancy::Standby(Standby {
                    mode: [StandbyMode::Hot, StandbyMode::Warm { dormancy: 0.4 }, StandbyMode::Cold][self.below(3)],
                    active,
                    need: 1 + self.below(active as usize) as u32,
                    switch_takes: takes.unwrap_or_else(|| Law::constant(Hours::ZERO).unwrap()),
                    switch_success: success,
                    manual_switch,
                    repair_starts: if may_wait { RepairStarts::AfterSwitch } else { RepairStarts::AtOnce },
                })
            }
        }
    }

    fn component(&mut self, name: &str) -> ComponentSpec {
        let units = 1 + self.below(3) as u32;
        let mode = |numbers: &mut Self, name: &str| ModeSpec {
            name: name.into(),
            time_to_failure: numbers.exponential(40.0, 200.0),
            repair: numbers.repair(),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        };
        let modes = ["wear", "crash"][..1 + self.below(2)].iter().map(|name| mode(self, name)).collect();
        let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
        ComponentSpec {
            name: name.into(),
            units: (1..=units).map(unit).collect(),
            redundancy: self.redundancy(units),
            per: None,
            modes,
            capacity_per_unit: None,
        }
    }

    /// Often something that makes units of all components fail together.
    fn share(&mut self, spec: &mut SystemSpec) {
        // Coverage and shared risks are refused together.
        let covered = |component: &&ComponentSpec| matches!(component.redundancy, Redundancy::Covered { .. });
        if spec.components.iter().find(covered).is_some() {
            return;
        }
        let members: Vec<String> = spec.components.iter().map(|component| component.name.clone()).collect();
        let units = spec.components.iter().map(|component| component.units.len()).sum::<usize>();
        let own = |numbers: &mut Self, hits| {
            let repair = [None, Some(Repair::Takes(numbers.exponential(4.0, 30.0)))][numbers.below(2)].clone();
            RiskModel::Own { time_to_shock: numbers.exponential(100.0, 300.0), hits, repair }
        };
        let model = match self.below(6) {
            0 => RiskModel::Beta(self.between(0.05, 0.15)),
            1 => own(self, Hits::All),
            2 => {
                let hits = Hits::Each(self.between(0.2, 0.9));
                own(self, hits)
            }
            3 => {
                let hits = Hits::Exactly(1 + self.below(units) as u32);
                own(self, hits)
            }
            _ => return,
        };
        spec.share(&[SharedRisk { name: "common".into(), cause: None, members, model }]).unwrap();
    }

    /// Often a load that the units of a component share.
    fn burden(&mut self, spec: &mut SystemSpec) {
        for component in &spec.components {
            let may = !matches!(component.redundancy, Redundancy::Standby(_) | Redundancy::Covered { .. });
            if may && self.below(2) == 0 {
                let hazard = |units_up| SharedHazard { units_up, hazard: self.between(0.5, 3.0) };
                let hazards = (1..=component.units.len() as u32).map(hazard).collect();
                spec.load_sharings.push(LoadSharingSpec { component: component.name.clone(), hazards });
            }
        }
    }

    /// Often units that may fail when they are called.
    fn demand(&mut self, spec: &mut SystemSpec) {
        for component in &mut spec.components {
            let Redundancy::Standby(scheme) = &component.redundancy else { continue };
            if scheme.active as usize >= component.units.len() || self.below(3) == 0 {
                continue;
            }
            component.modes.push(ModeSpec {
                name: "no-start".into(),
                time_to_failure: Law::constant(Hours::new(1.0)).unwrap(),
                repair: self.repair(),
                effect: Effect::Down,
                clock: Clock::Called,
                propagates: Vec::new(),
            });
            let (component, mode) = (component.name.clone(), "no-start".into());
            spec.on_demands.push(OnDemandSpec { component, mode, probability: self.between(0.05, 0.6) });
        }
    }

    fn order(&mut self) -> Order {
        match self.below(5) {
            0 => Order::FirstCome,
            1 => Order::Shared,
            2 => Order::Priority(Interrupt::None),
            3 => Order::Priority(Interrupt::Restart),
            _ => Order::Priority(Interrupt::Resume),
        }
    }

    fn system(&mut self) -> SystemSpec {
        let names = &["a", "b"][..1 + self.below(2)];
        let mut components: Vec<ComponentSpec> = names.iter().map(|name| self.component(name)).collect();
        if self.below(3) == 0 {
            let to = names[self.below(names.len())].to_owned();
            let (units, probability) = (1 + self.below(2) as u32, self.between(0.1, 0.9));
            components[0].modes[0].propagates = vec![Propagation { to, units, probability }];
        }
        let leaf = |name: &&str| Path::Component { name: (*name).into(), side: Side::Both };
        let path = Path::All(names.iter().map(leaf).collect());
        let teams = vec![TeamSpec::new("field", 1 + self.below(2) as u32, self.order())];
        let journeys = vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }];
        let mut spec = SystemSpec { name: "random".into(), components, journeys, teams, ..SystemSpec::default() };
        (spec.time.warmup, spec.time.horizon) = (Hours::new(1500.0), Hours::new(6000.0));
        self.share(&mut spec);
        self.burden(&mut spec);
        self.demand(&mut spec);
        spec
    }
}

#[test]
fn the_simulation_and_the_chain_agree() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for index in 0..SYSTEMS {
        let replication = Replication::new(11, index);
        let mut numbers = Numbers { stream: Stream::new(StreamId::of(0, "test", "systems")), replication };
        let spec = numbers.system();
        let system = System::build(spec.clone()).unwrap();
        let plan = Plan { stopping: Stopping::Fixed(300), ..Plan::default() };
        let results = assess(&system, &plan, &Unwatched).unwrap();
        let read =
            |row: &&Measured| row.quantile.is_none() && ["unavailability", "failure_rate"].contains(&row.measure);
        for row in results.measures.iter().filter(read) {
            let Some(exact) = row.exact else { continue };
            let (estimate, error) = (row.estimate.value, row.estimate.standard_error);
            compared += usize::from(error <= 0.03 * exact);
            if !((estimate - exact).abs() <= DEVIATION * error + 1e-12) {
                wrong.push(format!(
                    "{index} {}.{}: {estimate} ± {error}, chain {exact}\n{spec:?}",
                    row.entity, row.measure
                ));
            }
        }
    }
    assert!(compared >= 250, "only {compared} comparisons");
    assert!(wrong.is_empty(), "{} of {compared} wrong\n{}", wrong.len(), wrong.join("\n"));
}
