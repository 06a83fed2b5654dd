//! The parameter draws of a scenario: the same tree, lowered again for each with its inputs drawn.

use std::sync::Arc;

use ninefold_models::system::SystemSpec;

use crate::diagnostic::{Diagnostics, Sink};
use crate::evidence::Evidence;
use crate::lower::{Draw, lower};
use crate::source::Sources;
use crate::yaml::Node;

/// What a run needs to draw its inputs.
#[derive(Clone, Debug, Default)]
pub struct ParameterDraws(Option<Arc<Outer>>);

#[derive(Debug)]
struct Outer {
    count: u32,
    root: Node,
    sources: Sources,
    evidence: Evidence,
}

impl ParameterDraws {
    pub(crate) fn new(count: u32, root: Node, sources: Sources, evidence: Evidence) -> Self {
        Self((count > 0).then(|| Arc::new(Outer { count, root, sources, evidence })))
    }

    /// Draws that the scenario asks for; 0 where it asks for none.
    pub fn count(&self) -> u32 {
        self.0.as_ref().map_or(0, |outer| outer.count)
    }

    /// The system under each draw, from draw 1 on: a function of scenario, seed and number of the draw.
    ///
    /// # Errors
    /// The problems of the first draw whose inputs contradict one another, such as a 95 % quantile drawn below its median.
    pub fn specs(&self, seed: u64) -> Result<Vec<SystemSpec>, Diagnostics> {
        let Some(outer) = &self.0 else { return Ok(Vec::new()) };
        (1..=outer.count).map(|number| outer.spec(Draw { seed, number })).collect()
    }
}

impl Outer {
    fn spec(&self, draw: Draw) -> Result<SystemSpec, Diagnostics> {
        let (mut sink, mut evidence) = (Sink::of_draw(draw.number), self.evidence.clone());
        let lowered = lower(&self.root, &self.sources, (&mut sink, &mut evidence), Some(draw));
        let (errors, _) = sink.finish(&self.sources);
        if errors.is_empty() { Ok(lowered.spec) } else { Err(errors) }
    }
}
