//! Observers of a replication: they see what happens and change nothing.

use ninefold_sim_core::calendar::Event;
use ninefold_sim_core::tick::Tick;

use crate::board::Effect;
use crate::mechanism::{Mechanisms, Moment};

/// Sees a replication unfold. Every method does nothing unless it is written, so that whoever observes nothing costs
/// nothing.
pub trait Observe {
    /// A replication begins: the mechanisms have begun, none of their effects is in place.
    fn begins(&mut self, _: Moment<'_>, _: &Mechanisms) {}

    /// An event of the queue is about to happen.
    fn event(&mut self, _: Event) {}

    /// Effects are about to be put in place or taken away.
    fn effects(&mut self, _: Moment<'_>, _: &[Effect]) {}

    /// Effects are settled, and the facts that follow from them are told.
    fn told(&mut self, _: Moment<'_>, _: &Mechanisms) {}

    /// An instant is over.
    fn passed(&mut self, _: Moment<'_>) {}

    /// The replication is over.
    fn ends(&mut self, _: Tick) {}
}

/// Nobody observes.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observe for Unobserved {}
