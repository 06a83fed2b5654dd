//! Nodes that have to be had before replicas can run on them, after the rules of Cluster Autoscaler and Karpenter.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::autoscale::AutoscaleSpec;
use super::error::SystemError;
use crate::lifetime::Law;
use crate::units::Hours;

/// Most nodes of one pool.
pub const NODES_MAX: u32 = 10_000;

/// Least time between two scans: a second.
const SCAN_MIN: f64 = 1.0 / 3600.0;

/// The nodes under an autoscaler. All its replicas are of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct NodePoolSpec {
    /// Replicas that fit a node, at least 1.
    pub places: u32,
    /// Fewest nodes.
    pub min: u32,
    /// Most nodes, at most [`NODES_MAX`]: the quota. They have places for as many replicas as there are at the least.
    pub max: u32,
    /// From the request of a node until replicas can be placed on it, drawn for each.
    pub provision: Law,
    /// A node that is not there by then is given up.
    pub timeout: Hours,
    /// Probability that a request is refused, 0 to 1.
    pub refused: f64,
    /// How long nothing is asked for after a refusal or a node that was given up.
    pub retry_after: Hours,
    /// Times in which every request is refused: how long it is until the next, and how long it lasts.
    pub shortage: Option<[Law; 2]>,
    /// When nodes are asked for and removed.
    pub provisioner: Provisioner,
}

/// Who asks for nodes and removes them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Provisioner {
    /// Cluster Autoscaler: it scans at fixed times, and removes a node at a scan.
    ClusterAutoscaler {
        /// Time between scans, at least 1 s.
        scan: Hours,
        /// Share of a node's places that is taken, below which it may be removed if its replicas fit on others.
        below: f64,
        /// How long that must have been so.
        unneeded: Hours,
        /// How long nothing is removed after a node was asked for.
        after_add: Hours,
    },
    /// Karpenter: it asks a moment after replicas wait, and removes every node whose replicas fit on others.
    Karpenter {
        /// How long replicas wait for others to join them.
        batch: Hours,
        /// How long nothing has come to or gone from a node that is removed.
        consolidate_after: Hours,
        /// Largest share of the nodes out at once, rounded up.
        budget: f64,
    },
}

/// A pool of nodes, compiled.
#[derive(Clone, Debug)]
pub struct NodePool {
    /// What was declared.
    pub spec: NodePoolSpec,
    /// Its first node, over all pools.
    pub first: u32,
    /// For each node, the streams of how long it takes, and of whether it is refused.
    pub streams: Vec<[StreamId; 2]>,
    /// The streams of when it is short, and how long.
    pub shortages: [StreamId; 2],
}

pub(super) fn build(
    (scaler, name, first): (&AutoscaleSpec, &str, u32),
    streams: &mut StreamRegister,
) -> Result<Option<NodePool>, SystemError> {
    let Some(spec) = &scaler.nodes else { return Ok(None) };
    check(scaler, spec)?;
    let mut each = Vec::with_capacity(spec.max as usize);
    for node in 1..=spec.max {
        let node = format!("{name}#{node}");
        each.push([streams.take("node_provision", &node)?, streams.take("node_refused", &node)?]);
    }
    let shortages = [streams.take("node_shortage", name)?, streams.take("node_shortage_lasts", name)?];
    Ok(Some(NodePool { spec: spec.clone(), first, streams: each, shortages }))
}

fn check(scaler: &AutoscaleSpec, spec: &NodePoolSpec) -> Result<(), SystemError> {
    let places = f64::from(spec.places);
    let least = f64::from(scaler.scaler.least().max(scaler.replicas));
    let (scan, shares) = match spec.provisioner {
        Provisioner::ClusterAutoscaler { scan, below, unneeded, after_add } => {
            (scan.get(), [(below, 1.0), (unneeded.get(), f64::MAX), (after_add.get(), f64::MAX)])
        }
        Provisioner::Karpenter { batch, consolidate_after, budget } => {
            (SCAN_MIN, [(batch.get(), f64::MAX), (consolidate_after.get(), f64::MAX), (budget, 1.0)])
        }
    };
    let checks = [
        ("replicas of a node", places, (1.0, f64::MAX)),
        ("fewest nodes", f64::from(spec.min), (0.0, f64::from(spec.max))),
        ("most nodes", f64::from(spec.max), ((least / places).ceil().max(1.0), f64::from(NODES_MAX))),
        ("timeout of a node", spec.timeout.get(), (f64::MIN_POSITIVE, f64::MAX)),
        ("probability that a node is refused", spec.refused, (0.0, 1.0)),
        ("time until a node is asked for again", spec.retry_after.get(), (SCAN_MIN, f64::MAX)),
        ("time between scans", scan, (SCAN_MIN, f64::MAX)),
    ];
    let shares = shares.map(|(value, most)| ("rule of when a node is removed", value, (0.0, most)));
    match checks.into_iter().chain(shares).find(|(_, value, (from, to))| !(from <= value && value <= to)) {
        None => Ok(()),
        Some((what, value, (from, to))) => {
            let (name, allowed) = (scaler.component.clone(), format!("{from} to {to}"));
            Err(SystemError::OutOfRange { what, name, value, allowed })
        }
    }
}
