//! Facts: the short, closed list of things a mechanism may hear about.

/// What kind of thing happened. At one instant facts are delivered in this order, then by subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum FactKind {
    /// A unit stopped being able: failed, or in a lost domain.
    UnitDown,
    /// A unit is able again.
    UnitUp,
    /// A dormant unit became active.
    Activated,
    /// A unit became dormant.
    StoodDown,
    /// The place of a failed unit is filled, or nobody is left to fill it.
    RepairMayBegin,
    /// A crew has come for something a plan needs one for (subject: job).
    CrewCame,
    /// A plan needs a crew no longer (subject: job).
    CrewFree,
    /// A plan needs a crew (subject: job).
    CrewWanted,
    /// A crew is free and chooses what it takes up (subject: team).
    CrewChooses,
    /// A journey went down.
    JourneyDown,
    /// A journey came up.
    JourneyUp,
    /// A shock strikes the unit of a mode that it brings about, or a call finds it failed by that mode.
    Struck,
    /// A unit that keeps data failed by a mode of its own.
    UnitFailed,
    /// A gate came up or went down (subject: gate).
    GateChanged,
    /// The demand on a component, or on one of its places, may have changed (subject: component).
    LoadChanged,
    /// An autoscaler is to look (subject: autoscaler).
    LookDue,
    /// What a journey serves has changed.
    ServiceChanged,
    /// An experiment takes back a mode that it brought about (subject: mode).
    InjectionLifted,
    /// A mode that an experiment was to bring about is over, or did not take hold (subject: mode).
    InjectionOver,
    /// A mode of which it is said who sees it came or went (subject: mode).
    ModeTurned,
    /// A plan sends the clients of a router's place elsewhere (subject: place).
    PlaceDrained,
    /// A plan sends them there again (subject: place).
    PlaceReturned,
}

/// Number of kinds of facts.
pub const FACT_KINDS: usize = 22;

impl FactKind {
    /// Every kind, in order.
    pub const ALL: [Self; FACT_KINDS] = [
        Self::UnitDown,
        Self::UnitUp,
        Self::Activated,
        Self::StoodDown,
        Self::RepairMayBegin,
        Self::CrewCame,
        Self::CrewFree,
        Self::CrewWanted,
        Self::CrewChooses,
        Self::JourneyDown,
        Self::JourneyUp,
        Self::Struck,
        Self::UnitFailed,
        Self::GateChanged,
        Self::LoadChanged,
        Self::LookDue,
        Self::ServiceChanged,
        Self::InjectionLifted,
        Self::InjectionOver,
        Self::ModeTurned,
        Self::PlaceDrained,
        Self::PlaceReturned,
    ];
}

/// Something that happened to a subject (a unit, a journey or a mode, as the kind says).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// What.
    pub kind: FactKind,
    /// To whom.
    pub subject: u32,
}

/// A set of kinds of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactSet(u32);

impl FactSet {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// These kinds.
    pub const fn of(kinds: &[FactKind]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < kinds.len() {
            bits |= 1 << kinds[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// The kinds of either set.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a kind is in the set.
    pub const fn has(self, kind: FactKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_number() {
        assert!(FactKind::ALL.iter().enumerate().all(|(place, &kind)| kind as usize == place));
    }
}
