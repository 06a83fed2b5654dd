//! Nodes under an autoscaler: by hand, against laws, and against an autoscaler without nodes.

use super::*;

fn cluster() -> Provisioner {
    let [scan, unneeded, after_add] = [10.0, 600.0, 600.0].map(|s| Hours::new(s * SECOND));
    Provisioner::ClusterAutoscaler { scan, below: 0.5, unneeded, after_add }
}

fn karpenter(batch_s: f64, budget: f64) -> Provisioner {
    let (batch, consolidate_after) = (Hours::new(batch_s * SECOND), Hours::new(30.0 * SECOND));
    Provisioner::Karpenter { batch, consolidate_after, budget }
}

fn pool(places: u32, max: u32, provision: Law, provisioner: Provisioner) -> NodePoolSpec {
    NodePoolSpec {
        places,
        min: 0,
        max,
        provision,
        timeout: Hours::new(0.25),
        refused: 0.0,
        retry_after: Hours::new(300.0 * SECOND),
        shortage: None,
        provisioner,
    }
}

/// 50/s for each replica, followed at once in both directions.
fn followed(nodes: NodePoolSpec, replicas: u32, boot_s: f64) -> AutoscaleSpec {
    let free = || Rules {
        policies: vec![Policy { change: Change::Pods, value: 100, period: seconds(15.0) }],
        select: Select::Max,
        window: Tick::ZERO,
    };
    let policy = policy(Target::PerReplica(50.0), (1, 16), Some(Behavior { up: free(), down: free() }));
    AutoscaleSpec { nodes: Some(nodes), ..scaler(policy, replicas, 0.0, constant(boot_s)) }
}

fn stands(of: AutoscaleSpec, steps: &[(f64, f64)], hours: f64) -> (Vec<(f64, u32, u32)>, Pooled) {
    let trace = trace(&System::build(spec(of, steps, hours, Vec::new())).unwrap(), 1);
    let seen = trace.stands[0].iter().map(|stand| (stand.at.hours() * 3600.0, stand.replicas, stand.serving));
    (seen.map(|(at, replicas, serving)| (at.round(), replicas, serving)).collect(), trace.pooled[0])
}

/// 4 replicas on a node of 4 places; at 100 s 10 are wanted. The look at 105 s asks for 6, the scan at 110 s for two nodes,
/// which are there at 200 s; the replicas boot for 30 s.
#[test]
fn a_replica_waits_for_the_scan_the_node_and_its_boot() {
    let of = followed(pool(4, 5, constant(90.0), cluster()), 4, 30.0);
    let (seen, pooled) = stands(of, &[(0.0, 200.0), (100.0, 500.0)], 1.0);
    assert_eq!(seen, [(0.0, 4, 4), (100.0, 4, 4), (105.0, 10, 4), (230.0, 10, 10)]);
    assert_eq!((pooled.most, pooled.evictions), (3, 0));
    // 6 replicas waited from 105 s to 200 s.
    assert_eq!(pooled.waiting, seconds(6.0 * 95.0).get());
}

/// Karpenter asks a second after replicas wait, whatever the time.
#[test]
fn karpenter_asks_after_its_batch() {
    let of = followed(pool(4, 5, constant(90.0), karpenter(1.0, 0.0)), 4, 30.0);
    let (seen, _) = stands(of, &[(0.0, 200.0), (100.0, 500.0)], 1.0);
    assert_eq!(seen, [(0.0, 4, 4), (100.0, 4, 4), (105.0, 10, 4), (226.0, 10, 10)]);
}

/// The quota: two nodes of 4 places carry 8 replicas, the other two of 10 wait for ever.
#[test]
fn beyond_the_quota_replicas_wait() {
    let of = followed(pool(4, 2, constant(0.0), cluster()), 4, 0.0);
    let (seen, pooled) = stands(of, &[(0.0, 500.0)], 1.0);
    assert_eq!(*seen.last().unwrap(), (0.0, 10, 8));
    assert_eq!((pooled.most, pooled.waiting), (2, seconds(2.0 * 3600.0).get()));
}

/// 8 replicas on two nodes; from 60 s on 3 are enough. They are 2 and 1 on the two nodes, or 3 and 0: either way one node is
/// below half, and what runs on it fits on the other. It goes 600 s later, at a scan; what ran on it boots anew.
#[test]
fn a_node_that_is_little_used_for_ten_minutes_is_removed() {
    let of = followed(pool(4, 2, constant(90.0), cluster()), 8, 30.0);
    let (seen, pooled) = stands(of, &[(0.0, 400.0), (60.0, 150.0)], 1.0);
    assert_eq!(seen[..2], [(0.0, 8, 8), (60.0, 3, 3)]);
    let moved = 3 - seen[2].2;
    assert_eq!((seen[2].0, u64::from(moved)), (660.0, pooled.evictions));
    assert_eq!(seen[3..], [(690.0, 3, 3)]);
    assert_eq!(pooled.nodes, seconds(3600.0 + 660.0).get(), "one node all the time, the other for 660 s");
}

/// With a budget of a tenth Karpenter removes one of two nodes 30 s after it was left alone.
#[test]
fn karpenter_removes_what_fits_elsewhere_within_its_budget() {
    let of = followed(pool(4, 3, constant(90.0), karpenter(1.0, 0.1)), 12, 0.0);
    let (_, pooled) = stands(of.clone(), &[(0.0, 600.0), (60.0, 150.0)], 1.0);
    // At 90 s one of three, and 15 s after that another, once it was left alone for 30 s: what was moved came to it at 90 s.
    assert!(pooled.nodes >= seconds(3.0 * 90.0 + 2.0 * 15.0 + 3495.0).get(), "{pooled:?}");
    assert!(pooled.nodes <= seconds(3.0 * 90.0 + 2.0 * 30.0 + 3480.0).get(), "{pooled:?}");
    let nobody = followed(pool(4, 3, constant(90.0), karpenter(1.0, 0.0)), 12, 0.0);
    assert_eq!(stands(nobody, &[(0.0, 600.0), (60.0, 150.0)], 1.0).1.nodes, seconds(3.0 * 3600.0).get());
}

/// A node that takes longer than the timeout is given up, and asked for again after the time to retry: every 20 minutes.
#[test]
fn a_node_that_does_not_come_is_given_up() {
    let of = followed(pool(4, 2, constant(1e6), cluster()), 4, 0.0);
    let (seen, pooled) = stands(of, &[(0.0, 400.0)], 10.0);
    assert_eq!((seen.last().unwrap().2, pooled.given_up, pooled.most), (4, 30, 1));
}

/// A request is refused with probability p and tried again after r: until the node is there it takes r × p ÷ (1 − p) in the
/// mean, and refusals are p ÷ (1 − p).
#[test]
fn refusals_are_geometric() {
    let nodes = NodePoolSpec { refused: 0.6, ..pool(4, 2, constant(0.0), cluster()) };
    let results = run(spec(followed(nodes, 4, 0.0), &[(0.0, 400.0)], 20.0, Vec::new()), 4000);
    let (short, error) = measure(&results, "components.web", "under_capacity_ratio");
    let expected = 300.0 * SECOND * 1.5 / 20.0;
    assert!((short - expected).abs() < 4.0 * error && error < 0.03 * expected, "{short} ± {error}, {expected}");
    let (refused, error) = measure(&results, "components.web", "nodes_refused");
    let expected = 1.5 * 8760.0 / 20.0;
    assert!((refused - expected).abs() < 4.0 * error && error < 0.03 * expected, "{refused} ± {error}, {expected}");
}

/// In a shortage every request is refused: at a random instant with the share of time that is short.
#[test]
fn a_shortage_is_an_alternating_renewal_process() {
    let exponential = |hours: f64| Law::exponential(Hours::new(hours)).unwrap();
    let nodes = NodePoolSpec {
        shortage: Some([exponential(9.0), exponential(3.0)]),
        retry_after: Hours::new(200.0),
        timeout: Hours::new(900.0),
        ..pool(4, 2, constant(0.0), cluster())
    };
    // Far from the start one node more is wanted, once.
    let results = run(spec(followed(nodes, 4, 0.0), &[(0.0, 200.0), (360_000.0, 400.0)], 200.0, Vec::new()), 4000);
    let (short, error) = measure(&results, "components.web", "under_capacity_ratio");
    let expected = 0.25 * 100.0 / 200.0;
    assert!((short - expected).abs() < 4.0 * error && error < 0.004, "{short} ± {error}, {expected}");
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |change: &dyn Fn(&mut NodePoolSpec)| {
        let mut nodes = pool(4, 2, constant(0.0), cluster());
        change(&mut nodes);
        System::build(spec(followed(nodes, 8, 0.0), &[(0.0, 1.0)], 1.0, Vec::new())).unwrap_err().to_string()
    };
    assert!(refused(&|nodes| nodes.max = 1).contains("most nodes"), "8 replicas need two nodes");
    assert!(refused(&|nodes| nodes.min = 3).contains("fewest nodes"));
    assert!(refused(&|nodes| nodes.places = 0).contains("replicas of a node"));
    assert!(refused(&|nodes| nodes.refused = f64::NAN).contains("refused"));
    assert!(refused(&|nodes| nodes.provisioner = karpenter(-1.0, 0.1)).contains("removed"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Nodes that are had at once and never removed are no nodes.
    #[test]
    fn nodes_that_are_had_at_once_change_nothing(
        scaler in any_scaler(), steps in steps(), (replicas, places, seed) in (1_u32..40, 1_u32..9, 0_u64..1000),
    ) {
        let boot = Law::exponential(Hours::new(40.0 * SECOND)).unwrap();
        let of = scaled(scaler, replicas, 15.0, boot);
        let at_once = pool(places, 60, constant(0.0), karpenter(0.0, 0.0));
        let build = |of| System::build(spec(of, &steps, 2.0, vec![crash(2.0, constant(200.0))])).unwrap();
        let with = trace(&build(AutoscaleSpec { nodes: Some(at_once), ..of.clone() }), seed);
        let without = trace(&build(of), seed);
        prop_assert_eq!(&with.scaled, &without.scaled);
        prop_assert_eq!(&with.stands, &without.stands);
    }

    /// Whatever happens to nodes, looks that are passed over would have changed nothing.
    #[test]
    fn with_nodes_every_look_is_the_same(
        scaler in any_scaler(), steps in steps(), (replicas, places, seed) in (1_u32..40, 1_u32..9, 0_u64..1000),
        (refused, is_karpenter) in (0.0..0.9_f64, any::<bool>()),
    ) {
        let law = |s: f64| Law::exponential(Hours::new(s * SECOND)).unwrap();
        let by = if is_karpenter { karpenter(1.0, 0.1) } else { cluster() };
        let short = Some([law(2000.0), law(300.0)]);
        let nodes = NodePoolSpec { refused, shortage: short, ..pool(places, 50, law(100.0), by) };
        let of = AutoscaleSpec { nodes: Some(nodes), ..scaled(scaler, replicas, 15.0, law(40.0)) };
        let system = System::build(spec(of, &steps, 2.0, vec![crash(2.0, constant(200.0))])).unwrap();
        let (some, all) = (trace(&system, seed), trace(&system.clone().at_every_look(), seed));
        prop_assert_eq!(&some.stands, &all.stands);
        prop_assert_eq!(&some.pooled, &all.pooled);
        prop_assert!(some.pooled[0].most <= 50);
        for stand in &some.stands[0] {
            prop_assert!(stand.serving <= 50 * places);
        }
    }
}
