//! `consistency` and `rtt_to`: reads without a quorum, and how far its units are from one another.

use ninefold_models::system::{ReadFallbackSpec, Redundancy, RoundTripSpec, SystemSpec};
use ninefold_models::units::Hours;

use super::Lowering;
use super::domains::DomainTree;
use super::partition::Voting;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// What reads of a component are worth that are answered without a quorum; `None` if none are.
    pub(super) fn read_fallback(&mut self, voting: &Voting<'_>) -> Option<ReadFallbackSpec> {
        let at = voting.at.get("consistency")?;
        self.needs_quorum((&at, voting), "consistency")?;
        let fallback = self.required(&at, "read_fallback")?;
        self.required(&fallback, "level")?;
        let quality = match fallback.get("quality") {
            Some(quality) => self.ratio(&quality)?,
            None => {
                let reason = "a read without a quorum is as good as any unless `read_fallback` says otherwise";
                self.assume(format!("{}.quality", fallback.path()), "1", reason);
                1.0
            }
        };
        Some(ReadFallbackSpec { component: voting.name.to_owned(), quality })
    }
}

/// Every `rtt_to`.
pub(super) fn round_trips(cx: &mut Lowering<'_>, top: &At<'_>, tree: &DomainTree<'_>, spec: &mut SystemSpec) {
    let domains = top.get("domains").and_then(|domains| domains.get("tree")).map_or_else(Vec::new, |all| all.entries());
    let mut first = None;
    for (from, at) in &domains {
        let Some(to) = at.get("rtt_to") else { continue };
        for (name, value) in to.variants() {
            let Some(takes) = cx.round_trip((from, name), &value, (tree, &*spec)) else { continue };
            first = first.or(Some(to.key_span()));
            spec.quorums.round_trips.push(RoundTripSpec { between: [(*from).to_owned(), name.to_owned()], takes });
        }
    }
    let Some(place) = first else { return };
    let quorums = spec.components.iter().any(|component| {
        matches!(component.redundancy, Redundancy::Quorum { .. })
            && component.per.is_none()
            && component.units.iter().any(|unit| unit.domain.is_some())
    });
    if !quorums {
        let problem = Diagnostic::new(Code::NotYet, "`rtt_to` without a quorum is not supported yet", place);
        cx.sink.push(problem.why("only the writes of a quorum wait for round trips").hint("leave it out"));
    }
    note_unsaid(cx, spec);
}

impl Lowering<'_> {
    /// The round trip between two domains, each of which must be there, apart from the other, and said once.
    fn round_trip(
        &mut self,
        (from, to): (&str, &str),
        at: &At<'_>,
        (tree, spec): (&DomainTree<'_>, &SystemSpec),
    ) -> Option<Hours> {
        let takes = self.duration(at);
        let Some(there) = tree.find(to) else {
            self.sink.push(tree.unknown(to, at.key_span()));
            return None;
        };
        let here = tree.find(from)?;
        if tree.upwards(here).any(|around| around == there) || tree.upwards(there).any(|around| around == here) {
            let problem = Diagnostic::new(Code::Range, format!("`{from}` and `{to}` are not apart"), at.key_span());
            self.sink.push(problem.hint("name domains that do not hold one another"));
            return None;
        }
        let said = |one: &RoundTripSpec| one.between == [from, to] || one.between == [to, from];
        if spec.quorums.round_trips.iter().any(said) {
            let message = format!("the round trip between `{from}` and `{to}` is given twice");
            self.sink.push(Diagnostic::new(Code::Range, message, at.key_span()).hint("give it at one of the two"));
            return None;
        }
        takes
    }
}

/// Says so where a quorum has units in domains between which no round trip is said.
fn note_unsaid(cx: &mut Lowering<'_>, spec: &SystemSpec) {
    let chain = |name: &str| {
        let of = |name: &str| spec.domains.iter().find(|domain| domain.name == name);
        let up = std::iter::successors(of(name), |domain| of(domain.parent.as_deref()?));
        up.map(|domain| domain.name.as_str()).collect::<Vec<_>>()
    };
    let is_said = |from: &str, to: &str| {
        let (from, to) = (chain(from), chain(to));
        let met = |one: &RoundTripSpec| {
            let [a, b] = [one.between[0].as_str(), one.between[1].as_str()];
            from.contains(&a) && to.contains(&b) || from.contains(&b) && to.contains(&a)
        };
        to.contains(&from[0]) || from.contains(&to[0]) || spec.quorums.round_trips.iter().any(met)
    };
    for component in spec.components.iter().filter(|one| matches!(one.redundancy, Redundancy::Quorum { .. })) {
        let mut homes: Vec<&str> = component.units.iter().filter_map(|unit| unit.domain.as_deref()).collect();
        homes.sort_unstable();
        homes.dedup();
        let apart = homes.iter().flat_map(|a| homes.iter().map(move |b| (*a, *b))).find(|(a, b)| !is_said(a, b));
        if let Some((a, b)) = apart {
            let path = format!("domains.tree.{a}.rtt_to.{b}");
            cx.remark(path, "0s", "no round trip is said between these two, nor between what they sit in");
        }
    }
}
