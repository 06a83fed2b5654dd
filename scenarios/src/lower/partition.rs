//! `partition` and `election` of a quorum, and witnesses.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    ComponentSpec, ElectionSpec, Minority, PartitionSpec, Redundancy, SystemSpec, UnitSpec, single_writer,
};
use ninefold_models::units::Hours;

use super::Lowering;
use super::domains::DomainTree;
use super::read::At;
use super::units::Placed;
use crate::diagnostic::{Code, Diagnostic};

/// A component with a quorum, as far as it has been read.
pub(super) struct Voting<'a> {
    pub(super) name: &'a str,
    pub(super) at: At<'a>,
    pub(super) redundancy: Option<&'a Redundancy>,
    pub(super) placed: Option<&'a Placed>,
}

impl Lowering<'_> {
    /// What else its quorum has.
    pub(super) fn voting(&mut self, voting: &Voting<'_>, tree: &DomainTree<'_>, spec: &mut SystemSpec) {
        if let Some(witnesses) = self.witnesses(voting) {
            spec.quorums.witnesses.extend(witnesses);
        }
        let partition = voting.at.get("partition").and_then(|at| self.partition((&at, voting), tree));
        let election = voting.at.get("election").and_then(|at| self.election((&at, voting)));
        if let (Some(partition), Some(at)) = (&partition, voting.at.get("election"))
            && partition.minority == Minority::Write
        {
            let message = "an election beside `minority: write` is not supported yet";
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.key_span())
                    .why("each side would go on with a leader of its own")
                    .hint("leave out `election`, or let the minority `stop` or be `read_only`"),
            );
        }
        spec.quorums.read_fallbacks.extend(self.read_fallback(voting));
        spec.quorums.partitions.extend(partition);
        spec.quorums.elections.extend(election);
    }

    /// Refuses what only a quorum over the whole component has.
    pub(super) fn needs_quorum(&mut self, (at, voting): (&At<'_>, &Voting<'_>), what: &str) -> Option<(u32, u32)> {
        let problem = match voting.redundancy? {
            Redundancy::Quorum { write, read } => {
                if voting.at.get("redundancy").and_then(|at| at.get("quorum")).is_none_or(|at| at.get("per").is_none())
                {
                    return Some((*write, *read));
                }
                Diagnostic::new(Code::NotYet, format!("{what} beside `per` is not supported yet"), at.key_span())
                    .hint(format!("leave out `per`, or `{what}`"))
            }
            _ => Diagnostic::new(Code::SideWithoutQuorum, format!("only a quorum has a block `{what}`"), at.key_span())
                .why("other schemes do not vote")
                .hint("give the component `redundancy: {quorum: majority}`, or leave it out"),
        };
        self.sink.push(problem);
        None
    }

    /// The names of the units that vote and serve nothing.
    fn witnesses(&mut self, voting: &Voting<'_>) -> Option<Vec<String>> {
        let places = voting.at.get("place")?.variants();
        let first = places.iter().find_map(|(_, place)| witness_role(place))?;
        if let Some(at) = voting.at.get("capacity") {
            let message = "a witness beside `capacity` is not supported yet";
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, first.span())
                    .secondary(at.key_span(), "every unit would lend this")
                    .hint("leave out `capacity`, or the role"),
            );
            return None;
        }
        let is_witness = |unit: &&UnitSpec| {
            let of = |place: &str| {
                unit.name.strip_prefix(voting.name).is_some_and(|rest| rest.starts_with(&format!("/{place}/")))
            };
            places.iter().any(|(name, place)| witness_role(place).is_some() && of(name))
        };
        let units = &voting.placed?.units;
        let witnesses: Vec<String> = units.iter().filter(is_witness).map(|unit| unit.name.clone()).collect();
        if witnesses.len() == units.len() {
            self.sink.push(
                Diagnostic::new(Code::StandbyPlaces, "every place is a witness", first.span())
                    .why("a witness votes and holds no data, so nothing is left to read or write")
                    .hint("give one place at least no role"),
            );
            return None;
        }
        Some(witnesses)
    }

    fn partition(&mut self, (at, voting): (&At<'_>, &Voting<'_>), tree: &DomainTree<'_>) -> Option<PartitionSpec> {
        let (write, _) = self.needs_quorum((at, voting), "partition")?;
        let between = self.required(at, "between").and_then(|between| self.sides((&between, voting), tree));
        let time_to_failure = self.required(at, "time_to_failure").and_then(|law| self.law(&law));
        let repair = self.required(at, "repair").and_then(|law| self.law(&law));
        let minority = match at.get("minority").and_then(|word| word.text()) {
            Some("read_only") => Minority::ReadOnly,
            Some("write") => Minority::Write,
            Some(_) => Minority::Stop,
            None => {
                let reason = "units that reach too few for a quorum serve nothing unless it says so";
                self.assume(format!("{}.minority", at.path()), "stop", reason);
                Minority::Stop
            }
        };
        let fencing = at.get("fencing");
        if let Some(fencing) = fencing.as_ref().filter(|_| minority != Minority::Write) {
            self.sink.push(
                Diagnostic::new(Code::UnknownKey, "only a minority that writes is fenced", fencing.key_span())
                    .hint("remove `fencing`, or write `minority: write`"),
            );
            return None;
        }
        let fencing = fencing.is_some_and(|fencing| fencing.text() == Some("on"));
        if minority == Minority::Write && !fencing {
            let reason = "while the places are cut off each takes writes, and they may conflict; the time is that in which \
                          `single-writer` is down";
            self.remark(format!("{}.fencing", at.path()), "off", reason);
        }
        let spec = PartitionSpec {
            component: voting.name.to_owned(),
            between: between?,
            time_to_failure: time_to_failure?,
            repair: repair?,
            minority,
            fencing,
        };
        self.note_stall(at, (&spec, write), voting);
        Some(spec)
    }

    /// Says so where no side can have a quorum to write however many of its units are able.
    fn note_stall(&mut self, at: &At<'_>, (spec, write): (&PartitionSpec, u32), voting: &Voting<'_>) {
        let Some(placed) = voting.placed.filter(|_| spec.minority != Minority::Write) else { return };
        let own = |side: &String| placed.units.iter().filter(|unit| unit.domain.as_ref() == Some(side)).count();
        // Domains inside the sides are not looked into: then nothing is said.
        let sides: Vec<usize> = spec.between.iter().map(own).collect();
        let outside = placed.units.len() - sides.iter().sum::<usize>();
        if sides.iter().all(|&own| own > 0 && own + outside < write as usize) {
            let shown = sides.iter().map(usize::to_string).collect::<Vec<_>>().join(" + ");
            let reason = "no side has a quorum to write by itself: every partition stops writes";
            self.remark(format!("{}.between", at.path()), shown, reason);
        }
    }

    /// The domains between which the network is lost: two or more, apart, each with units.
    fn sides(&mut self, (at, voting): (&At<'_>, &Voting<'_>), tree: &DomainTree<'_>) -> Option<Vec<String>> {
        let mut sides: Vec<(String, usize)> = Vec::new();
        for item in at.items() {
            let name = item.text()?;
            let Some(place) = tree.find(name) else {
                self.sink.push(tree.unknown(name, item.span()));
                return None;
            };
            let within = |inner: usize, outer: usize| tree.upwards(inner).any(|around| around == outer);
            if let Some((other, _)) = sides.iter().find(|&&(_, met)| within(place, met) || within(met, place)) {
                let message = format!("`{name}` and `{other}` are not apart");
                self.sink.push(
                    Diagnostic::new(Code::Range, message, item.span())
                        .why("a unit is on one side of a partition")
                        .hint("name domains that do not hold one another"),
                );
                return None;
            }
            let inside = voting.placed?.domains.iter().flatten().any(|&home| within(home, place));
            if !inside {
                let message = format!("no unit of `{}` is in `{name}`", voting.name);
                self.sink.push(
                    Diagnostic::new(Code::Range, message, item.span())
                        .why("a side without units has nothing to lose the others from")
                        .hint("place units there, or leave it out"),
                );
                return None;
            }
            sides.push((name.to_owned(), place));
        }
        if sides.len() < 2 {
            self.sink.push(
                Diagnostic::new(Code::Range, "a partition is between two domains or more", at.span())
                    .hint("write `between: [eu, us]`"),
            );
            return None;
        }
        Some(sides.into_iter().map(|(name, _)| name).collect())
    }

    fn election(&mut self, (at, voting): (&At<'_>, &Voting<'_>)) -> Option<ElectionSpec> {
        self.needs_quorum((at, voting), "election")?;
        let timeout: Law = self.required(at, "timeout").and_then(|law| self.law(&law))?;
        let (least, most) = (timeout.quantile(0.0), timeout.quantile(1.0));
        let heartbeat = match at.get("heartbeat") {
            Some(heartbeat) => self.duration(&heartbeat)?,
            None => {
                let half = Hours::new(least.get() / 2.0);
                let reason = "a leader is heard of twice within the least `timeout`";
                self.remark(format!("{}.heartbeat", at.path()), format!("{}s", half.get() * 3600.0), reason);
                half
            }
        };
        let round_trip = self.duration_or_none(at, "round_trip", "messages take no time")?;
        let fsync = self.duration_or_none(at, "fsync", "a vote is durable at once")?;
        let one_way = Hours::new(round_trip.get() / 2.0);
        if one_way > Hours::ZERO && one_way.get() >= most.get() - least.get() {
            let place = at.get("round_trip").map_or(at.key_span(), |at| at.span());
            self.sink.push(
                Diagnostic::new(Code::Range, "elections would never end", place)
                    .why("units stand for election within less than a message takes, and votes are split each time")
                    .hint("spread `timeout` wider, as in `{uniform: {min: 1s, max: 2s}}`"),
            );
            return None;
        }
        Some(ElectionSpec { component: voting.name.to_owned(), timeout, heartbeat, one_way, fsync })
    }

    fn duration_or_none(&mut self, at: &At<'_>, key: &str, reason: &str) -> Option<Hours> {
        match at.get(key) {
            Some(duration) => self.duration(&duration),
            None => {
                self.assume(format!("{}.{key}", at.path()), "0s", reason);
                Some(Hours::ZERO)
            }
        }
    }

    /// Whose side the users of a journey see.
    pub(super) fn seen_from(&mut self, (at, journey): (&At<'_>, &str), spec: &mut SystemSpec) {
        let Some(at) = at.get("from") else { return };
        let Some(domain) = at.text() else { return };
        let mut around = Vec::new();
        let mut next = Some(domain);
        while let Some(name) = next {
            let Some(found) = spec.domains.iter().find(|known| known.name == name) else {
                let names = spec.domains.iter().map(|known| known.name.as_str());
                let hint = crate::nearest::suggestion(domain, names);
                let message = format!("there is no domain `{domain}`");
                self.sink.push(Diagnostic::new(Code::NoDomain, message, at.span()).hint(hint));
                return;
            };
            around.push(found.name.clone());
            next = found.parent.as_deref().filter(|parent| !around.iter().any(|met| met == parent));
        }
        let place = |one: &PartitionSpec| one.between.iter().position(|side| around.contains(side));
        let found: Vec<_> = spec.quorums.partitions.iter().filter_map(|one| Some((one, place(one)?))).collect();
        if found.is_empty() {
            self.sink.push(
                Diagnostic::new(Code::NoDomain, format!("no partition has a side that holds `{domain}`"), at.span())
                    .why("users see their own side of a partition, and here is none")
                    .hint("name a domain of a `between`, or one inside, or leave out `from`"),
            );
            return;
        }
        if let Some((partition, _)) = found.iter().find(|(one, side)| is_unclear(one, *side, spec)) {
            let message = format!("`from` this side of `{}` is not supported yet", partition.component);
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.span())
                    .why("some of its units are on neither side, and whom they vote for depends on both")
                    .hint("leave out `from`, or put those units on a side"),
            );
            return;
        }
        let (journey, domain) = (journey.to_owned(), domain.to_owned());
        spec.quorums.views.push(ninefold_models::system::ViewSpec { journey, domain });
    }
}

/// Whether what a side of a partition sees cannot be told from what is up there, because units on no side vote as well: of
/// a side that is not the first, or of the first where it could have a quorum with them while another has more voters.
fn is_unclear(partition: &PartitionSpec, seen: usize, spec: &SystemSpec) -> bool {
    let Some(component) = spec.components.iter().find(|component| component.name == partition.component) else {
        return false;
    };
    let side_of = |domain: &str| {
        let mut next = Some(domain);
        while let Some(name) = next {
            let side = partition.between.iter().position(|side| side == name);
            if side.is_some() {
                return side;
            }
            next = spec.domains.iter().find(|known| known.name == name).and_then(|known| known.parent.as_deref());
        }
        None
    };
    let (mut outside, mut sides) = (0, vec![0; partition.between.len()]);
    for unit in &component.units {
        match unit.domain.as_deref().and_then(side_of) {
            Some(side) => sides[side] += 1,
            None => outside += 1,
        }
    }
    let Redundancy::Quorum { write, read } = component.redundancy else { return false };
    let least: u32 = write.min(read).saturating_sub(outside);
    let most = sides.iter().enumerate().filter(|(side, _)| *side != seen).map(|(_, units)| *units).max();
    partition.minority != Minority::Write && outside > 0 && (seen > 0 || most.is_some_and(|most: u32| least < most))
}

fn witness_role<'a>(place: &At<'a>) -> Option<At<'a>> {
    place.get("role").filter(|role| role.text() == Some("witness"))
}

/// The components that stand for networks, leaders and single writers.
pub(super) fn stand_ins(spec: &SystemSpec) -> Vec<ComponentSpec> {
    let mut all: Vec<ComponentSpec> = spec.quorums.partitions.iter().map(PartitionSpec::link).collect();
    all.extend(spec.quorums.elections.iter().map(ElectionSpec::seat));
    let size = |name: &str| spec.components.iter().find(|c| c.name == name).map_or(0, |c| c.units.len());
    let write = |name: &str| match spec.components.iter().find(|c| c.name == name).map(|c| &c.redundancy) {
        Some(Redundancy::Quorum { write, .. }) => *write as usize,
        _ => usize::MAX / 2,
    };
    let conflicts = |one: &&PartitionSpec| {
        one.minority == Minority::Write && !one.fencing || 2 * write(&one.component) <= size(&one.component)
    };
    all.extend(spec.quorums.partitions.iter().filter(conflicts).map(|one| single_writer(&one.component)));
    all
}
