//! From statements to a tree: an event that depends on triggers is itself or any of them.
//!
//! Triggers may lead back to what they depend on. What has happened is the least that fits: a part within itself has not
//! happened by itself (logic loops are cut there; Yang, *Ann. Nucl. Energy* 34 (2007), does so for plants).

use std::collections::BTreeMap;

use super::statement::{Element, Elements, Kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::Opened;
use crate::import::tree::{FaultTree, Part};
use crate::nearest::suggestion;
use crate::source::Span;

/// Elements on the way down.
const DEPTH_MAX: usize = 1000;

/// Elements that are built, those of loops again each time that they are cut at another place.
const BUILT_MAX: usize = 100_000;

/// No loop was cut.
const NOWHERE: usize = usize::MAX;

/// Builds the tree below the top event.
pub(super) fn tree(opened: &Opened<'_>, elements: &Elements<'_>) -> Result<FaultTree, Box<Diagnostic>> {
    let top = opened.top.or(elements.top).ok_or_else(|| {
        let problem = Diagnostic::new(Code::Import, "the file names no top event", Span::top(opened.file));
        Box::new(problem.hint("write `toplevel \"SYSTEM\";`"))
    })?;
    let mut triggers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for element in elements.by_name.values().filter(|element| element.kind == Kind::Dependency) {
        for dependent in &element.of[1..] {
            triggers.entry(dependent).or_default().push(element.of[0]);
        }
    }
    let mut tree = FaultTree::new(top.to_owned(), top.to_owned());
    tree.assumptions.push("Rates are per hour, and nothing is repaired.".to_owned());
    let (built, events) = Default::default();
    let mut building = Building { elements, triggers, tree, built, events, way: Vec::new(), steps: 0 };
    let (top, _) = building.part((top, Span::top(opened.file)), false)?;
    building.tree.top = top;
    Ok(building.tree)
}

struct Building<'a> {
    elements: &'a Elements<'a>,
    /// What brings a basic event about.
    triggers: BTreeMap<&'a str, Vec<&'a str>>,
    tree: FaultTree,
    /// What does not depend on where a loop was cut.
    built: BTreeMap<&'a str, Part>,
    /// Basic events by themselves.
    events: BTreeMap<&'a str, Part>,
    /// The names on the way down, and whether each was reached as a trigger.
    way: Vec<(&'a str, bool)>,
    steps: usize,
}

impl<'a> Building<'a> {
    /// What a name is, and the first place of the way at which a loop was cut below it.
    fn part(&mut self, (name, span): (&'a str, Span), trigger: bool) -> Result<(Part, usize), Box<Diagnostic>> {
        if let Some(part) = self.built.get(name) {
            return Ok((*part, NOWHERE));
        }
        let Some(element) = self.elements.by_name.get(name) else {
            let known = self.elements.by_name.keys().copied();
            let problem = Diagnostic::new(Code::Import, format!("`{name}` is not defined"), span);
            return Err(Box::new(problem.hint(suggestion(name, known))));
        };
        if let Some(from) = self.way.iter().position(|(on_way, _)| *on_way == name) {
            if trigger || self.way[from + 1..].iter().any(|(_, trigger)| *trigger) {
                return Ok((Part::Never, from));
            }
            let names = self.way[from..].iter().map(|(name, _)| *name).chain([name]);
            let message = format!("gates contain one another in a circle: {}", names.collect::<Vec<_>>().join(" → "));
            let problem = Diagnostic::new(Code::Import, message, element.span);
            return Err(Box::new(problem.hint("a gate is made of events and of gates that do not hold it")));
        }
        self.steps += 1;
        if self.way.len() == DEPTH_MAX || self.steps > BUILT_MAX {
            let problem = Diagnostic::new(Code::Limit, "the tree is too deep, or its loops are too many", element.span);
            return Err(Box::new(problem.hint("import a part of it: `--top NAME`")));
        }
        let here = self.way.len();
        self.way.push((name, trigger));
        let (part, cut) = self.element(name, element)?;
        self.way.pop();
        if cut >= here {
            self.built.insert(name, part);
        }
        Ok((part, if cut >= here { NOWHERE } else { cut }))
    }

    fn element(&mut self, name: &'a str, element: &'a Element<'a>) -> Result<(Part, usize), Box<Diagnostic>> {
        let triggers = self.triggers.get(name).cloned().unwrap_or_default();
        let (need, of, trigger) = match element.kind {
            Kind::Basic(_) => (1, triggers, true),
            Kind::AtLeast(need) if triggers.is_empty() => {
                (if need == 0 { element.of.len() } else { need }, element.of.clone(), false)
            }
            Kind::AtLeast(_) | Kind::Dependency => {
                let message = format!("not supported: `{name}` as what depends on a trigger, or is part of a gate");
                let problem = Diagnostic::new(Code::NotYet, message, element.span);
                return Err(Box::new(problem.hint("basic events depend, gates and basic events are parts")));
            }
        };
        let mut parts = Vec::new();
        if let Kind::Basic(rate) = element.kind {
            let tree = &mut self.tree;
            parts.push(*self.events.entry(name).or_insert_with(|| tree.event_at_rate(name, rate)));
        }
        let mut cut = NOWHERE;
        for inner in of {
            let (part, at) = self.part((inner, element.span), trigger)?;
            parts.push(part);
            cut = cut.min(at);
        }
        let called = if trigger { format!("{name} or its trigger") } else { name.to_owned() };
        Ok((self.tree.at_least(&called, need, &parts), cut))
    }
}
