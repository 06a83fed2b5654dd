//! `paths`: parts of paths with a name, each lowered after those that it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use ninefold_models::system::{NamedPath, PATH_DEPTH_MAX, Path, SystemSpec};

use super::read::At;
use super::{Lowering, journeys};
use crate::check::circles;
use crate::diagnostic::{Code, Diagnostic};

/// The named parts that have been lowered, by name.
pub(crate) type NamedPaths = BTreeMap<String, Arc<NamedPath>>;

/// Lowers the section; what it names may stand in the paths of journeys.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    let Some(section) = top.get("paths") else { return };
    let entries = section.entries();
    for (name, at) in &entries {
        cx.refuse_shadow(name, at, spec);
        cx.refuse_calls_at_once(at);
    }
    let is_component = |name: &str| spec.components.iter().any(|component| component.name == name);
    let places = entries.iter().enumerate().filter(|(_, (name, _))| !is_component(name));
    let place: BTreeMap<&str, usize> = places.map(|(place, (name, _))| (*name, place)).collect();
    let names: Vec<Vec<usize>> = entries.iter().map(|(_, at)| named_in(at, &place)).collect();
    // Those that cannot be read are there all the same: what names them is right.
    for (name, _) in &entries {
        let path = Path::All(Vec::new());
        cx.named_paths.insert((*name).to_owned(), Arc::new(NamedPath { name: (*name).to_owned(), path }));
    }
    let found = circles(&names);
    for circle in &found {
        let way: Vec<&str> = circle.iter().chain(circle.first()).map(|&at| entries[at].0).collect();
        let message = format!("paths contain one another in a circle: {}", way.join(" → "));
        let problem = Diagnostic::new(Code::PathCycle, message, entries[circle[0]].1.key_span());
        cx.sink.push(problem.hint("a path is made of components and of paths that do not lead back to it"));
    }
    if !found.is_empty() {
        return;
    }
    let mut depths = vec![0; entries.len()];
    for at in inner_first(&names) {
        let (name, written) = &entries[at];
        depths[at] = 1 + names[at].iter().map(|&inner| depths[inner]).max().unwrap_or(0);
        if depths[at] > PATH_DEPTH_MAX {
            let message = format!("`{name}` holds paths in paths, more than {PATH_DEPTH_MAX} deep");
            let problem = Diagnostic::new(Code::Limit, message, written.key_span());
            cx.sink.push(problem.hint("write some of them out in the paths that name them"));
            return;
        }
        let path = journeys::list(cx, written, spec).unwrap_or(Path::All(Vec::new()));
        cx.named_paths.insert((*name).to_owned(), Arc::new(NamedPath { name: (*name).to_owned(), path }));
    }
}

impl Lowering<'_> {
    fn refuse_shadow(&mut self, name: &str, at: &At<'_>, spec: &SystemSpec) {
        if spec.components.iter().any(|component| component.name == name) {
            let message = format!("`{name}` is both a component and a path");
            let problem = Diagnostic::new(Code::PathShadows, message, at.key_span());
            self.sink.push(problem.why("an entry of a path would name either").hint("give the path another name"));
        }
    }

    /// Calls at once belong to the journey that makes them.
    fn refuse_calls_at_once(&mut self, at: &At<'_>) {
        at.items().iter().for_each(|item| self.refuse_calls_at_once(item));
        for (key, inner) in at.variants() {
            if key == "all_of" {
                let message = "calls at once in a path with a name are not supported yet";
                let problem = Diagnostic::new(Code::NotYet, message, inner.key_span());
                self.sink.push(problem.hint("write `all_of` in the path of the journey itself, or a list"));
            }
            self.refuse_calls_at_once(&inner);
        }
    }
}

/// The places of the paths that are named at any depth of what is written.
fn named_in(at: &At<'_>, place: &BTreeMap<&str, usize>) -> Vec<usize> {
    let mut found: Vec<usize> = at.text().and_then(|name| place.get(name)).copied().into_iter().collect();
    at.items().iter().for_each(|item| found.extend(named_in(item, place)));
    at.variants().iter().for_each(|(_, inner)| found.extend(named_in(inner, place)));
    found
}

/// Every node after those that it names; there are no circles.
fn inner_first(names: &[Vec<usize>]) -> Vec<usize> {
    let (mut order, mut met) = (Vec::new(), vec![false; names.len()]);
    for start in 0..names.len() {
        let mut way = vec![(start, 0)];
        while let Some((node, next)) = way.pop() {
            if next == 0 && std::mem::replace(&mut met[node], true) {
                continue;
            }
            match names[node].get(next) {
                Some(&inner) => way.extend([(node, next + 1), (inner, 0)]),
                None => order.push(node),
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::inner_first;

    #[test]
    fn what_is_named_comes_first() {
        assert_eq!(inner_first(&[vec![2, 1], vec![2], vec![], vec![0, 0]]), [2, 1, 0, 3]);
    }
}
