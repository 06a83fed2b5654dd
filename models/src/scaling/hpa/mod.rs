//! The Horizontal Pod Autoscaler of Kubernetes (`autoscaling/v2`), decision by decision.
//!
//! | part | here |
//! |---|---|
//! | from a metric to replicas | [`Target`], `replicas.rs` |
//! | stabilisation windows, policies, limits | [`Behavior`], `behavior.rs` |
//! | the controller with its memory | [`Hpa`] |
//!
//! # Source
//! Kubernetes documentation, *Horizontal Pod Autoscaling*, and the controller `pkg/controller/podautoscaler`. Metric values
//! are not rounded to thousandths as the metrics API rounds them. Oracle: the controller's own unit tests, as cases.

mod behavior;
mod controller;
mod replicas;

pub use behavior::{Behavior, Change, Policy, Rules, Select};
pub use controller::{Hpa, HpaSpec, Remembered};
pub use replicas::{Target, Tolerance};
