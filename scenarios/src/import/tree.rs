//! Coherent fault trees: gates over basic events, where more failures never mend anything.

/// What stands below a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Cannot happen.
    Never,
    /// Has happened.
    Always,
    /// A basic event, by its place.
    Event(usize),
    /// A gate, by its place; parts of a gate have smaller places than it.
    Gate(usize),
}

/// How a basic event comes about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Happens {
    /// With this probability, strictly between 0 and 1.
    Chance(f64),
    /// At this rate, per hour above 0, and never undone.
    Rate(f64),
}

/// A basic event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    /// As the file calls it.
    pub(crate) name: String,
    pub(crate) happens: Happens,
}

impl Event {
    /// Failures and repairs an hour, about, where a repair takes an hour.
    pub(crate) fn changes_per_hour(&self) -> f64 {
        match self.happens {
            Happens::Chance(chance) => 2.0 * chance,
            Happens::Rate(rate) => rate,
        }
    }
}

/// A gate: happens while at least `need` of its parts have happened, 1..=parts, of which there are two or more.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gate {
    /// As the file calls it.
    pub(crate) name: String,
    pub(crate) need: usize,
    pub(crate) of: Vec<Part>,
}

/// A fault tree; no part of it is [`Part::Never`] or [`Part::Always`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FaultTree {
    pub(crate) name: String,
    pub(crate) events: Vec<Event>,
    pub(crate) gates: Vec<Gate>,
    pub(crate) top: Part,
    pub(crate) top_name: String,
    pub(crate) assumptions: Vec<String>,
}

impl FaultTree {
    /// One without anything.
    pub(super) fn new(name: String, top_name: String) -> Self {
        Self { name, events: Vec::new(), gates: Vec::new(), top: Part::Never, top_name, assumptions: Vec::new() }
    }

    /// A basic event; one that is certain or impossible is no event of the tree.
    pub(super) fn event(&mut self, name: &str, chance: f64) -> Part {
        if chance <= 0.0 {
            return Part::Never;
        }
        if chance >= 1.0 {
            return Part::Always;
        }
        self.events.push(Event { name: name.to_owned(), happens: Happens::Chance(chance) });
        Part::Event(self.events.len() - 1)
    }

    /// A basic event that happens at a constant rate; at a rate of 0 it is no event of the tree.
    pub(super) fn event_at_rate(&mut self, name: &str, rate: f64) -> Part {
        if rate <= 0.0 {
            return Part::Never;
        }
        self.events.push(Event { name: name.to_owned(), happens: Happens::Rate(rate) });
        Part::Event(self.events.len() - 1)
    }

    /// What happens while at least `need` of `of` have, with what is certain or impossible left out.
    pub(super) fn at_least(&mut self, name: &str, need: usize, of: &[Part]) -> Part {
        let certain = of.iter().filter(|part| **part == Part::Always).count();
        let open: Vec<Part> = of.iter().copied().filter(|part| !matches!(part, Part::Always | Part::Never)).collect();
        match (need.saturating_sub(certain), open.as_slice()) {
            (0, _) => Part::Always,
            (need, open) if need > open.len() => Part::Never,
            (_, [only]) => *only,
            (need, _) => {
                self.gates.push(Gate { name: name.to_owned(), need, of: open });
                Part::Gate(self.gates.len() - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_is_left_out() {
        let mut tree = FaultTree::new("t".to_owned(), "top".to_owned());
        let (a, b) = (tree.event("a", 0.1), tree.event("b", 0.2));
        assert_eq!((tree.event("no", 0.0), tree.event("yes", 1.0)), (Part::Never, Part::Always));
        assert_eq!(tree.at_least("g", 1, &[a, Part::Always]), Part::Always);
        assert_eq!(tree.at_least("g", 2, &[a, Part::Never]), Part::Never);
        assert_eq!(tree.at_least("g", 2, &[a, Part::Always]), a);
        assert_eq!(tree.at_least("g", 2, &[a, Part::Always, b]), Part::Gate(0));
        assert_eq!(tree.gates[0], Gate { name: "g".to_owned(), need: 1, of: vec![a, b] });
    }
}
