//! From formulas to a coherent tree: opposites are pushed down to the events (De Morgan), where constants take them up;
//! what is left of them is refused, for a component that mends something by failing is none the language can say.

use std::collections::BTreeMap;

use super::document::{Document, Event};
use super::formula::{Formula, Id};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::import::tree::{FaultTree, Part};
use crate::nearest::suggestion;
use crate::source::Span;

/// Formulas and gates on the way down.
const DEPTH_MAX: usize = 1000;

/// Builds the tree below the top event.
pub(super) fn tree(document: &Document, top: Option<&str>, sink: &mut Sink) -> Option<FaultTree> {
    let top_name = top_name(document, top).map_err(|problem| sink.push(*problem)).ok()?;
    let tree = FaultTree::new(document.name.clone(), top_name.clone());
    let span = Span::top(document.file);
    let mut building =
        Building { document, tree, parts: BTreeMap::new(), events: BTreeMap::new(), way: Vec::new(), depth: 0 };
    let built = building.named((&top_name, span), false).map(|top| {
        building.tree.top = top;
        building.tree
    });
    built.map_err(|problem| sink.push(*problem)).ok()
}

/// The gate that was asked for, or the one that no other names.
fn top_name(document: &Document, top: Option<&str>) -> Result<String, Box<Diagnostic>> {
    let wrong = |message: String, hint: String| {
        Err(Box::new(Diagnostic::new(Code::Import, message, Span::top(document.file)).hint(hint)))
    };
    let gates = || document.gates.iter().map(String::as_str);
    if let Some(top) = top {
        return match gates().find(|gate| *gate == top) {
            Some(gate) => Ok(gate.to_owned()),
            None => wrong(format!("there is no gate `{top}`"), suggestion(top, gates())),
        };
    }
    let named = document.formulas.named();
    let tops: Vec<&str> = gates().filter(|gate| !named.contains(gate)).collect();
    match tops[..] {
        [only] => Ok(only.to_owned()),
        [] if document.gates.is_empty() => {
            wrong("the file defines no gate".to_owned(), "a fault tree has a top gate".to_owned())
        }
        [] => wrong(
            "every gate is named by another: there is no top event".to_owned(),
            "break the circle of gates, or name the top event: `--top GATE`".to_owned(),
        ),
        [first, second, ..] => wrong(
            format!("{} gates are named by no other, `{first}` and `{second}` among them", tops.len()),
            format!("name the top event: `--top {first}`"),
        ),
    }
}

struct Building<'a> {
    document: &'a Document,
    tree: FaultTree,
    /// What a formula, or its opposite, has become.
    parts: BTreeMap<(Id, bool), Result<Part, Box<Diagnostic>>>,
    /// What a basic event has become.
    events: BTreeMap<&'a str, Part>,
    /// The gates on the way down.
    way: Vec<&'a str>,
    depth: usize,
}

impl<'a> Building<'a> {
    /// The part that an event is, or its opposite.
    fn named(&mut self, (name, span): (&'a str, Span), opposite: bool) -> Result<Part, Box<Diagnostic>> {
        let Some(defined) = self.document.events.get(name) else {
            let known = self.document.events.keys().map(String::as_str);
            let problem = Diagnostic::new(Code::Import, format!("`{name}` is not defined"), span);
            return Err(Box::new(problem.hint(suggestion(name, known))));
        };
        match defined.event {
            Event::House(value) => Ok(if value == opposite { Part::Never } else { Part::Always }),
            Event::Basic(chance) => self.basic((name, span), chance, opposite),
            Event::Gate(formula) => {
                if let Some(from) = self.way.iter().position(|gate| *gate == name) {
                    let way = [&self.way[from..], &[name]].concat().join(" → ");
                    let message = format!("gates contain one another in a circle: {way}");
                    let problem = Diagnostic::new(Code::Import, message, defined.span);
                    return Err(Box::new(problem.hint("a gate is made of events and of gates that do not hold it")));
                }
                self.way.push(name);
                let part = self.formula(formula, opposite);
                self.way.pop();
                part
            }
        }
    }

    fn basic(&mut self, (name, span): (&'a str, Span), chance: f64, opposite: bool) -> Result<Part, Box<Diagnostic>> {
        let part = match self.events.get(name) {
            Some(part) => *part,
            None => {
                let grouped = self.document.groups.iter().find(|group| group.holds(name));
                let part = match grouped {
                    Some(group) => group.member(name, &mut self.tree),
                    None => self.tree.event(name, chance),
                };
                self.events.insert(name, part);
                part
            }
        };
        match (part, opposite) {
            (part, false) => Ok(part),
            (Part::Never, true) => Ok(Part::Always),
            (Part::Always, true) => Ok(Part::Never),
            (Part::Event(_) | Part::Gate(_), true) => {
                let gate = self.way.last().copied().unwrap_or_default();
                let message = format!("not supported: gate `{gate}` happens because `{name}` has not");
                let problem = Diagnostic::new(Code::NotYet, message, span).why("the tree is not coherent");
                Err(Box::new(problem.hint("only trees in which more failures never mend anything are imported")))
            }
        }
    }

    /// The name of the gate whose formula it is, or part of.
    fn name_of(&self, id: Id) -> String {
        let gate = self.way.last().copied().unwrap_or_default();
        let defined = self.document.events.get(gate).map(|defined| &defined.event);
        if matches!(defined, Some(Event::Gate(whole)) if *whole == id) {
            gate.to_owned()
        } else {
            format!("{gate} part")
        }
    }

    fn formula(&mut self, id: Id, opposite: bool) -> Result<Part, Box<Diagnostic>> {
        if let Some(part) = self.parts.get(&(id, opposite)) {
            return part.clone();
        }
        let (formula, span) = self.document.formulas.get(id);
        if self.depth == DEPTH_MAX {
            let message = format!("gates and formulas are nested more than {DEPTH_MAX} deep");
            return Err(Box::new(Diagnostic::new(Code::Limit, message, *span).hint("flatten the tree")));
        }
        self.depth += 1;
        let part = match formula {
            Formula::Event(name) => self.named((name, *span), opposite),
            Formula::Constant(value) => Ok(if *value == opposite { Part::Never } else { Part::Always }),
            Formula::Not(inner) => self.formula(*inner, !opposite),
            Formula::AtLeast(need, of) => {
                // Not at least k of n is at least n - k + 1 of their opposites.
                let need = if opposite { of.len() - need + 1 } else { *need };
                let parts = of.iter().map(|&inner| self.formula(inner, opposite)).collect();
                decided(need, parts).map(|parts| self.tree.at_least(&self.name_of(id), need, &parts))
            }
        };
        self.depth -= 1;
        self.parts.insert((id, opposite), part.clone());
        part
    }
}

/// The parts, where none is an opposite that cannot be said or where the others do not decide without it.
fn decided(need: usize, parts: Vec<Result<Part, Box<Diagnostic>>>) -> Result<Vec<Part>, Box<Diagnostic>> {
    let certain = parts.iter().filter(|part| matches!(part, Ok(Part::Always))).count();
    let possible = parts.iter().filter(|part| !matches!(part, Ok(Part::Never))).count();
    let is_decided = certain >= need || possible < need;
    let unless_decided = |part: Result<Part, Box<Diagnostic>>| match part {
        // What it is changes nothing.
        Err(problem) if is_decided && problem.code() == Code::NotYet => Ok(Part::Never),
        part => part,
    };
    parts.into_iter().map(unless_decided).collect()
}
