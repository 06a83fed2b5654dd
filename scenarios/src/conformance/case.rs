//! A case: a system with known answers, and the scenarios that are to find them.

use std::path::PathBuf;

use super::clock::Clock;
use super::families::Family;
use super::study::{Plan, Study};
use crate::yaml::Node;

/// A case with known answers, read and ready to be judged.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the case is called.
    pub id: String,
    /// Its family: the part of the id before the first underscore, or as the case says it.
    pub family: String,
    pub(super) expected: Vec<Expected>,
    /// The scenarios, an hour being an hour.
    pub(super) plan: Plan,
    /// What they were written from; nothing where the case brings its scenario.
    pub(super) origin: Option<Origin>,
}

/// What a case is written from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Where its file lies.
    pub(super) folder: PathBuf,
    pub(super) node: Node,
    pub(super) family: &'static Family,
}

/// One known answer.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// As the case names it.
    pub(super) measure: String,
    pub(super) value: Value,
    /// Relative error that the value itself may have.
    pub(super) accuracy: f64,
}

/// A known value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A sentence.
    Text(String),
    /// That there is none.
    Nothing,
    /// A list or a map.
    Composed,
}

impl Case {
    /// How many answers are known.
    pub fn answers(&self) -> usize {
        self.expected.len()
    }

    /// The scenario `at` this place, with an hour of the case as another unit; nothing where that cannot be had.
    pub(super) fn rewritten(&self, at: usize, clock: Clock) -> Option<Study> {
        let origin = self.origin.as_ref()?;
        let plan = origin.family.plan((&origin.node, &origin.folder), &self.expected, clock).ok()?;
        plan.studies.into_iter().nth(at)
    }
}
