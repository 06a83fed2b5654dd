//! What requests come by along a path: one entry after the other, and branches that are called at once.

use std::collections::BTreeSet;

use super::path::Path;
use super::spec::SystemSpec;

/// Most branches that are called at once.
pub(super) const BRANCHES_MAX: usize = 32;

/// A part of what the users of a journey call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Course<'a> {
    /// A component.
    Component(&'a str),
    /// One after the other.
    Sequence(Vec<Course<'a>>),
    /// So many of them at once.
    Branches(u32, Vec<Course<'a>>),
}

/// What a path enters, one after the other: all it names, but for what was named before, and what something named before
/// calls. What stands in a branch does not count as before in the others.
pub(super) fn course<'a>(spec: &'a SystemSpec, path: &'a Path) -> Vec<Course<'a>> {
    let mut entered = Vec::new();
    along(spec, path, &mut BTreeSet::new(), &mut entered);
    entered
}

fn along<'a>(spec: &'a SystemSpec, path: &'a Path, before: &mut BTreeSet<&'a str>, into: &mut Vec<Course<'a>>) {
    match path {
        Path::Component { name, .. } => {
            let calls = &spec.queueing.calls;
            let is_called = calls.iter().any(|call| call.to == *name && before.contains(call.from.as_str()));
            if before.insert(name) && !is_called {
                into.push(Course::Component(name));
            }
        }
        Path::All(parts) => parts.iter().for_each(|part| along(spec, part, before, into)),
        Path::AtOnce(branches) => into.extend(fork(spec, (branches.len() as u32, branches), before)),
        Path::KOf { need, branches } => into.extend(fork(spec, (*need, branches), before)),
        Path::Named(part) => along(spec, &part.path, before, into),
    }
}

/// Branches; one in which nothing is left to be called has answered already.
fn fork<'a>(
    spec: &'a SystemSpec,
    (need, branches): (u32, &'a [Path]),
    before: &mut BTreeSet<&'a str>,
) -> Option<Course<'a>> {
    let (known, mut parts) = (before.clone(), Vec::new());
    for branch in branches {
        let (mut met, mut entered) = (known.clone(), Vec::new());
        along(spec, branch, &mut met, &mut entered);
        before.extend(met);
        match entered.len() {
            0 => {}
            1 => parts.extend(entered),
            _ => parts.push(Course::Sequence(entered)),
        }
    }
    let need = need.saturating_sub((branches.len() - parts.len()) as u32);
    match (need, parts.len()) {
        (0, _) => None,
        (1, 1) => parts.pop(),
        _ => Some(Course::Branches(need, parts)),
    }
}

impl<'a> Course<'a> {
    /// The components in it, each with the calls of it that a request makes in the mean while everything answers.
    pub(super) fn visits(&self, times: f64, into: &mut Vec<(&'a str, f64)>) {
        match self {
            Self::Component(name) => into.push((name, times)),
            Self::Sequence(parts) => parts.iter().for_each(|part| part.visits(times, into)),
            Self::Branches(need, parts) => {
                let times = times * f64::from(*need) / parts.len() as f64;
                parts.iter().for_each(|part| part.visits(times, into));
            }
        }
    }

    /// The most branches that are called at once anywhere in it.
    pub(super) fn widest(&self) -> usize {
        match self {
            Self::Component(_) => 0,
            Self::Sequence(parts) => parts.iter().map(Self::widest).max().unwrap_or(0),
            Self::Branches(_, parts) => parts.iter().map(Self::widest).max().unwrap_or(0).max(parts.len()),
        }
    }
}
