//! Paths: what a journey needs, as an expression over components.
//!
//! A part that has a name may stand in many places and is one part all the same: what is made of it is made once, so
//! that an expression with shared parts, such as a fault tree, costs what is written and not what it would be spelt out.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::spec::Side;

/// Names within names: how deep named parts may lie in one another.
pub const PATH_DEPTH_MAX: usize = 200;

/// A path expression. A component named twice is one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// One component, or one side of a quorum.
    Component {
        /// The component's name.
        name: String,
        /// Which quorum counts; [`Side::Both`] unless the path says otherwise.
        side: Side,
    },
    /// Every entry is needed.
    All(Vec<Path>),
    /// Branches that are called at once, all of them needed.
    AtOnce(Vec<Path>),
    /// At least `need` of the branches are needed (`any_of` is `need: 1`).
    KOf {
        /// Branches needed, 1..=branches.
        need: u32,
        /// The branches.
        branches: Vec<Path>,
    },
    /// A part with a name.
    Named(Arc<NamedPath>),
}

/// A part of paths that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPath {
    /// Unique among them, and no component's.
    pub name: String,
    /// What it stands for; what is named in it lies at most [`PATH_DEPTH_MAX`] deep.
    pub path: Path,
}

impl Path {
    /// The components it names, in written order; those of a named part where it first stands.
    pub fn entries(&self) -> Vec<&str> {
        let component = |step| match step {
            Step::Into(Self::Component { name, .. }) => Some(name.as_str()),
            _ => None,
        };
        self.steps().into_iter().filter_map(component).collect()
    }

    /// The components it names, each once, in order of first mention.
    pub fn components(&self) -> Vec<&str> {
        let mut met = BTreeSet::new();
        self.entries().into_iter().filter(|&name| met.insert(name)).collect()
    }

    /// The parts with a name, at any depth, each once and after those that are named in it.
    pub fn named_parts(&self) -> Vec<&NamedPath> {
        let left = |step| if let Step::OutOf(named) = step { Some(named) } else { None };
        self.steps().into_iter().filter_map(left).collect()
    }

    /// The components in branches of which less than all can be enough; some more than once.
    pub fn branched(&self) -> Vec<&str> {
        let of = |step| if let Step::Into(Self::KOf { branches, .. }) = step { branches.as_slice() } else { &[] };
        self.steps().into_iter().flat_map(of).flat_map(Self::components).collect()
    }

    /// A walk through every part, of what has a name where it first stands.
    fn steps(&self) -> Vec<Step<'_>> {
        let (mut steps, mut met) = (Vec::new(), BTreeSet::new());
        self.walk(&mut steps, &mut met);
        steps
    }

    fn walk<'a>(&'a self, steps: &mut Vec<Step<'a>>, met: &mut BTreeSet<&'a str>) {
        steps.push(Step::Into(self));
        match self {
            Self::Component { .. } => {}
            Self::All(parts) | Self::AtOnce(parts) | Self::KOf { branches: parts, .. } => {
                parts.iter().for_each(|part| part.walk(steps, met));
            }
            Self::Named(named) => {
                if met.insert(&named.name) {
                    named.path.walk(steps, met);
                    steps.push(Step::OutOf(named));
                }
            }
        }
    }
}

/// A step of a walk.
enum Step<'a> {
    Into(&'a Path),
    /// All of a named part has been walked.
    OutOf(&'a NamedPath),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str) -> Path {
        Path::Component { name: name.to_owned(), side: Side::Both }
    }

    #[test]
    fn a_named_part_is_walked_once_however_often_it_stands() {
        // 2^100 spelt out.
        let mut part = Path::All(vec![leaf("b"), leaf("a")]);
        for depth in 0..100 {
            let named = Path::Named(Arc::new(NamedPath { name: format!("p{depth}"), path: part }));
            part = Path::All(vec![named.clone(), leaf("a"), named]);
        }
        assert_eq!(part.components(), ["b", "a"]);
        assert_eq!(part.entries().len(), 102);
        assert_eq!(part.named_parts().len(), 100);
        assert_eq!(part.named_parts()[0].name, "p0");
        assert_eq!(Path::KOf { need: 1, branches: vec![part.clone()] }.branched(), ["b", "a"]);
        assert_eq!(part.clone(), part);
    }
}
