//! Loss of data in a chain: a state of its own from which nothing leads back.

use std::collections::BTreeMap;

use super::METHOD;
use super::chain::Chain;
use super::model::Model;
use super::state::{Branches, State};
use crate::exact::error::NotExact;
use crate::exact::solutions::{Measure, Solutions};
use crate::exact::structure::Structure;
use crate::system::{DataLoss, System};
use crate::units::Hours;

/// The data that a chain is asked about.
#[derive(Clone, Debug)]
pub(super) struct Data {
    /// Classes of the units that keep them.
    classes: Vec<usize>,
    /// Units of all of them.
    units: u32,
    tolerates: u32,
    unreadable: f64,
}

impl Model {
    /// The chain of a component's units under the gate `root`, asked whether their data are lost.
    ///
    /// # Errors
    /// As [`Model::of`].
    pub(crate) fn keeping(
        system: &System,
        root: (&Structure, usize),
        (data, schemes): (&DataLoss, &BTreeMap<usize, usize>),
    ) -> Result<Self, NotExact> {
        let mut model = Self::of_component(system, root, (data.component as usize, schemes))?;
        let of = |class: &usize| model.classes[*class].owner == data.component as usize;
        let classes: Vec<usize> = (0..model.classes.len()).filter(of).collect();
        let units = classes.iter().map(|&class| u32::from(model.start.able[class])).sum();
        model.data = Some(Data { classes, units, tolerates: data.tolerates, unreadable: data.unreadable });
        Ok(model)
    }

    /// What failures that have brought one state to another do to the data: those of one instant are one.
    pub(super) fn lose(&self, before: &State, mut after: State) -> Branches {
        let Some(data) = &self.data else { return vec![(after, 1.0)] };
        let failed =
            |state: &State| data.units - data.classes.iter().map(|&class| u32::from(state.able[class])).sum::<u32>();
        let (was, is) = (failed(before), failed(&after));
        // Where the data are lost nothing else matters.
        let lost = || State { lost: true, ..self.start.clone() };
        if is > data.tolerates {
            after = lost();
        } else if is > was && is == data.tolerates && data.unreadable > 0.0 {
            let mut all = vec![(lost(), data.unreadable)];
            if data.unreadable < 1.0 {
                all.push((after, 1.0 - data.unreadable));
            }
            return all;
        }
        vec![(after, 1.0)]
    }
}

impl Chain {
    /// Mean time to the loss, from new, and its probability within a time.
    pub(crate) fn add_data_loss(&self, entity: &str, within: Hours, solutions: &mut Solutions) -> Result<(), NotExact> {
        let mean = self.mean_time_to_failure()?;
        if mean.is_finite() {
            solutions.add(entity, Measure::Mttdl, None, (mean, METHOD));
        }
        let survives = self.survives(within.get())?;
        solutions.add(entity, Measure::LossProbability, None, (survives.down, METHOD));
        Ok(())
    }
}
