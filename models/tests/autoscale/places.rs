//! Autoscalers of places: one each under a router, one each behind one another, one over all.

use super::*;

const TARGET: f64 = 40.0;

fn free() -> Rules {
    Rules {
        policies: vec![Policy { change: Change::Pods, value: 100, period: seconds(15.0) }],
        select: Select::Max,
        window: Tick::ZERO,
    }
}

/// Advice is ⌈load ÷ 40⌉, followed at once.
fn prompt(limits: (u32, u32)) -> Scaler {
    hpa(policy(Target::PerReplica(TARGET), limits, Some(Behavior { up: free(), down: free() })))
}

/// A place: its weight, and when it is lost and for how long, s.
#[derive(Clone, Copy, Debug)]
struct PlaceOf {
    weight: f64,
    lost: Option<(f64, f64)>,
}

const NAMES: [&str; 3] = ["eu", "us", "asia"];

/// `web` in places of at most so many replicas each, with an autoscaler in each and clients that follow after a while.
fn routed(places: &[PlaceOf], (start, limits): (u32, (u32, u32)), (follows_s, boot_s): (f64, f64)) -> SystemSpec {
    let max = limits.1;
    let all = || (0_u32..).zip(NAMES).zip(places);
    let mut spec = spec(scaled(prompt(limits), start, 0.0, constant(boot_s)), &[(0.0, 1.0)], 1.0, Vec::new());
    let web = &mut spec.components[0];
    web.units = all()
        .flat_map(|((_, place), _)| {
            (1..=max).map(move |i| UnitSpec { name: format!("web/{place}/{i}"), domain: Some(place.to_owned()) })
        })
        .collect();
    web.per = Some("region".into());
    let lost = |(first, lasts): (f64, f64)| ModeSpec {
        name: "loss".into(),
        time_to_failure: constant(first),
        repair: Repair::Takes(constant(lasts)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    spec.domains = all()
        .map(|((_, name), place)| DomainSpec {
            name: name.to_owned(),
            level: Some("region".into()),
            parent: None,
            modes: place.lost.map(lost).into_iter().collect(),
        })
        .collect();
    spec.autoscalers = all()
        .map(|((number, _), _)| AutoscaleSpec {
            units: (number * max..(number + 1) * max).collect(),
            ..spec.autoscalers[0].clone()
        })
        .collect();
    let edge = ComponentSpec {
        name: "edge".into(),
        units: vec![UnitSpec { name: "edge/1".into(), domain: None }],
        per: None,
        capacity_per_unit: None,
        ..spec.components[0].clone()
    };
    spec.components.push(edge);
    let entry = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    spec.journeys[0].path = Path::All(vec![entry("edge"), entry("web")]);
    spec.journeys[0].rule.success = 0.0;
    spec.routings = vec![RoutingSpec {
        router: "edge".into(),
        to: "web".into(),
        weights: all().map(|((_, name), place)| (name.to_owned(), place.weight)).collect(),
        learns: Learns::Clients,
        follows: constant(follows_s),
        spill: false,
    }];
    spec
}

fn demand(spec: &mut SystemSpec, steps: &[(f64, f64)], hours: f64) {
    let steps = steps.iter().map(|&(at, rate)| (Hours::new(at * SECOND), rate)).collect();
    spec.journeys[0].demand = Some(Level { rate: 1.0, course: Some(Course { steps, variation: None }) });
    spec.time.horizon = Hours::new(hours);
}

/// 800/s over two regions of 10 replicas. One is lost after an hour and its clients come a minute later: the other carries
/// 500/s until 10 more have booted, 40 s later. So 400/s fail for 60 s, and 300/s less the reserve are shed for 40 s.
#[test]
fn a_survivor_sheds_until_its_autoscaler_has_followed() {
    let halves = [PlaceOf { weight: 0.5, lost: Some((3600.0, 3600.0)) }, PlaceOf { weight: 0.5, lost: None }];
    let of = |share: Option<f64>| {
        let mut spec = routed(&halves, (10, (2, 40)), (60.0, 40.0));
        demand(&mut spec, &[(0.0, 800.0)], 1.9);
        let shares = share.map(|share| ("us".to_owned(), share)).into_iter().collect();
        spec.capacity_buffers = vec![CapacityBufferSpec { plan: "regions".into(), router: "edge".into(), shares }];
        run(spec, 2)
    };
    for (share, shed) in [(None, 12_000.0), (Some(0.5), 4_000.0), (Some(0.75), 0.0)] {
        let results = of(share);
        let (unserved, _) = measure(&results, "journeys.use", "unserved_requests");
        assert!((unserved - 24_000.0 - shed).abs() < 1.0, "{share:?}: {unserved}");
        let rows: Vec<_> = results.buffers.iter().filter(|row| row.place == "components.web@us").collect();
        assert_eq!(rows.len(), 21);
        for row in rows {
            let expected = (300.0 - 400.0 * row.buffer).max(0.0) * 40.0;
            let requests = row.shed.value * 1.9 / 8760.0;
            assert!((requests - expected).abs() < 0.1, "{}: {requests}, not {expected}", row.buffer);
            assert_eq!(row.overload.unwrap().value, if expected > 0.01 { 1.0 } else { 0.0 }, "{}", row.buffer);
        }
    }
}

/// What a journey that is down lacks at the survivor is charged to the autoscaler that has not followed.
#[test]
fn what_the_survivor_lacks_is_charged_to_its_autoscaler() {
    let halves = [PlaceOf { weight: 0.5, lost: Some((3600.0, 3600.0)) }, PlaceOf { weight: 0.5, lost: None }];
    let mut spec = routed(&halves, (10, (2, 40)), (60.0, 40.0));
    demand(&mut spec, &[(0.0, 800.0)], 1.9);
    spec.journeys[0].rule.success = 0.9;
    let results = run(spec, 2);
    let share = |cause: &str| results.causes.iter().find(|row| row.cause == cause).map_or(0.0, |row| row.share);
    // 60 s of errors while clients are still sent to what is lost, then 40 s by capacity: of the 2 that are left of those lost,
    // to which nobody is sent by then, and of the 6
    // that are needed for 800/s beyond the 10 that serve.
    assert!((share("edge/moving") - 0.6).abs() < 1e-9, "{:?}", results.causes);
    assert!((share("web/scaling") - 0.4 * 6.0 / 8.0).abs() < 1e-9, "{:?}", results.causes);
}

/// A second implementation by quarters of a second, of clients who all follow together, without draws.
struct Regions {
    places: Vec<PlaceOf>,
    /// Of each place: seconds at which its replicas serve, the oldest first.
    ready_at: Vec<Vec<f64>>,
    sent_to: Vec<bool>,
    looks_at: Option<f64>,
    spill: bool,
}

impl Regions {
    fn is_up(&self, place: usize, at: f64) -> bool {
        self.places[place].lost.is_none_or(|(first, lasts)| (at % (first + lasts)) < first || at == 0.0)
    }

    fn serving(&self, place: usize, at: f64) -> usize {
        let ready = self.ready_at[place].iter().filter(|&&ready| ready <= at).count();
        if self.is_up(place, at) { ready } else { 0 }
    }

    /// What comes to each place.
    fn loads(&self, demand: f64, at: f64) -> Vec<f64> {
        let sent: f64 = (0..self.places.len()).filter(|&p| self.sent_to[p]).map(|p| self.places[p].weight).sum();
        let own = |p: usize| if self.sent_to[p] { demand * self.places[p].weight / sent } else { 0.0 };
        let mut loads: Vec<f64> = (0..self.places.len()).map(own).collect();
        let room = |p: usize, load: f64| PER_REPLICA * self.serving(p, at) as f64 - load;
        let rooms: Vec<f64> = loads.iter().enumerate().map(|(p, &load)| room(p, load)).collect();
        let over: f64 = (0..loads.len()).filter(|&p| self.serving(p, at) > 0).map(|p| (-rooms[p]).max(0.0)).sum();
        let free: f64 = rooms.iter().map(|room| room.max(0.0)).sum();
        if self.spill && over > 0.0 && free > 0.0 {
            loads.iter_mut().zip(&rooms).for_each(|(load, room)| *load += over.min(free) * room.max(0.0) / free);
        }
        loads
    }

    fn look(&mut self, loads: &[f64], at: f64, (boot, (min, max)): (f64, (usize, usize))) {
        for (place, &load) in loads.iter().enumerate() {
            let current = self.ready_at[place].len();
            if (load / (TARGET * current as f64) - 1.0).abs() <= 0.1 {
                continue;
            }
            let wanted = ((load / TARGET).ceil() as usize).clamp(min, max);
            self.ready_at[place].truncate(wanted);
            self.ready_at[place].resize(wanted, at + boot);
        }
    }

    /// At a quarter past a second, places change and clients follow, of which those first who were to look then.
    fn clients(&mut self, at: f64, follows: f64) {
        if self.looks_at == Some(at) {
            let up: Vec<bool> = (0..self.places.len()).map(|p| self.is_up(p, at - 0.25)).collect();
            self.sent_to = if up.contains(&true) { up } else { vec![true; self.places.len()] };
            self.looks_at = None;
        }
        let changes = (0..self.places.len()).any(|p| self.is_up(p, at) != self.is_up(p, at - 0.25));
        if changes && self.looks_at.is_none() {
            self.looks_at = Some(at + follows);
        }
    }
}

fn stand_at(stands: &[ninefold_models::replication::Stand], at: f64) -> (f64, usize, usize) {
    let place = stands.partition_point(|stand| stand.at <= seconds(at)) - 1;
    let stand = stands[place];
    (stand.demand as f64 / MILLIONTHS as f64, stand.serving as usize, stand.replicas as usize)
}

/// Times a quarter past a second.
fn lost() -> impl Strategy<Value = Option<(f64, f64)>> {
    let cycle = (300_u32..3000, 30_u32..1500).prop_map(|(up, down)| (f64::from(up) + 0.25, f64::from(down)));
    prop::option::weighted(0.7, cycle).prop_map(|cycle| cycle.filter(|(up, down)| up + down > 3600.0))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Every place at every second: what comes to it, who serves, who is there.
    #[test]
    fn every_place_follows_what_comes_to_it(
        weights in prop::collection::vec(0.2_f64..1.0, 2..4), lost in prop::collection::vec(lost(), 3),
        (follows, boot, spill) in (1_u32..200, 0_u32..120, any::<bool>()),
        rates in prop::collection::vec(100.0_f64..1500.0, 6),
    ) {
        let sum: f64 = weights.iter().sum();
        let all = weights.iter().zip(lost);
        let places: Vec<PlaceOf> = all.map(|(weight, lost)| PlaceOf { weight: weight / sum, lost }).collect();
        let (follows, boot, limits) = (f64::from(follows), f64::from(boot), (1, 30));
        let mut spec = routed(&places, (8, limits), (follows, boot));
        spec.routings[0].spill = spill;
        let steps: Vec<(f64, f64)> = (0..6).zip(&rates).map(|(i, &rate)| (f64::from(i) * 600.0, rate)).collect();
        demand(&mut spec, &steps, 1.0);
        let system = System::build(spec).unwrap();
        let trace = trace(&system, 3);
        prop_assert_eq!(&trace.stands, &self::trace(&system.clone().at_every_look(), 3).stands);
        let mut regions = Regions {
            ready_at: vec![vec![0.0; 8]; places.len()],
            sent_to: vec![true; places.len()],
            looks_at: None,
            spill,
            places,
        };
        for quarter in 0..4 * 3600_u32 {
            let at = f64::from(quarter) * 0.25;
            let demand = rates[quarter as usize / 2400];
            match quarter % 4 {
                1 => regions.clients(at, follows),
                0 if quarter % 60 == 0 => {
                    let loads = regions.loads(demand, at);
                    regions.look(&loads, at, (boot, (1, 30)));
                }
                _ => {}
            }
            for (place, load) in regions.loads(demand, at).into_iter().enumerate() {
                let (arrives, serving, replicas) = stand_at(&trace.stands[place], at);
                prop_assert_eq!((serving, replicas), (regions.serving(place, at), regions.ready_at[place].len()), "{} s", at);
                prop_assert!((arrives - load).abs() < 1e-5, "{} s: {} {}", at, arrives, load);
            }
        }
    }

    /// Groups behind one another are sent load in proportion to what they serve: alike, they are one after another.
    #[test]
    fn alike_groups_have_equal_parts(steps in steps(), scaler in any_scaler(), delay in 0_i64..90) {
        let one = scaled(scaler, 7, delay as f64, constant(40.0));
        let single = self::spec(one.clone(), &steps, 2.0, Vec::new());
        let mut double = single.clone();
        let names = ["a", "b"];
        double.domains = names.map(|name| DomainSpec {
            name: name.into(), level: Some("zone".into()), parent: None, modes: Vec::new(),
        }).to_vec();
        double.components[0].per = Some("zone".into());
        double.components[0].units = names.iter().flat_map(|zone| (1..=40).map(move |i| UnitSpec {
            name: format!("web/{zone}/{i}"), domain: Some((*zone).into()),
        })).collect();
        double.autoscalers = [0..40, 40..80].map(|units| AutoscaleSpec { units: units.collect(), ..one.clone() }).to_vec();
        double.journeys[0].demand.as_mut().unwrap().rate = 2.0;
        let (single, double) = (System::build(single).unwrap(), System::build(double).unwrap());
        let (single, double) = (trace(&single, 1), trace(&double, 1));
        prop_assert_eq!(&double.stands[0], &single.stands[0]);
        prop_assert_eq!(&double.stands[1], &single.stands[0]);
    }

    /// One autoscaler over all places asks for what it would without any; they come to places in turn.
    #[test]
    fn over_all_places_it_is_one(steps in steps(), scaler in any_scaler(), boot in 0_i64..90) {
        let one = scaled(scaler, 7, 15.0, constant(boot as f64));
        let plain = self::spec(one, &steps, 2.0, Vec::new());
        let mut dealt = plain.clone();
        dealt.autoscalers[0].units = (0..20).flat_map(|i| [i, 20 + i]).collect();
        let (plain, dealt) = (System::build(plain).unwrap(), System::build(dealt).unwrap());
        let (plain, dealt) = (trace(&plain, 1), trace(&dealt, 1));
        prop_assert_eq!(&dealt.stands, &plain.stands);
        prop_assert_eq!(&dealt.scaled, &plain.scaled);
    }
}

#[test]
fn every_state_has_one_autoscaler_of_all_its_units() {
    let halves = [PlaceOf { weight: 0.5, lost: None }; 2];
    let good = routed(&halves, (5, (1, 10)), (60.0, 40.0));
    assert!(System::build(good.clone()).is_ok());
    let refused = |change: &dyn Fn(&mut SystemSpec)| {
        let mut bad = good.clone();
        change(&mut bad);
        System::build(bad).unwrap_err().to_string()
    };
    assert!(refused(&|bad| drop(bad.autoscalers.pop())).contains("a state that has none"));
    assert!(refused(&|bad| bad.autoscalers[1].units = bad.autoscalers[0].units.clone()).contains("web@eu"));
    assert!(refused(&|bad| bad.autoscalers[1].units[0] = 3).contains("not those of one of its states"));
    assert!(refused(&|bad| bad.autoscalers[1].units[0] = 99).contains("unit that is scaled"));
    let without = |bad: &mut SystemSpec| {
        bad.autoscalers.clear();
        (bad.components[0].capacity_per_unit, bad.routings[0].spill) = (None, true);
    };
    assert!(refused(&without).contains("no capacity"));
}
