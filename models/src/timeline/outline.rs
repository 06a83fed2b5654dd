//! The outline of a system's paths, for people: what goes by timelines, what by events, and which islands are coupled.

use crate::system::{Clock, Coupling, Exposure, Route, Sight, System, Tie, UnitId};

use super::part::expected_rate;

/// What takes which path, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// Components in written order, then domains.
    pub rows: Vec<OutlineRow>,
    /// The coupled islands, in order of their first component.
    pub islands: Vec<Island>,
    /// About how many times demand or capacity changes in a replication where anybody sees it.
    pub changes: f64,
}

/// How the units of one component, or one domain, go.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineRow {
    /// `components.NAME` or `domains.NAME`.
    pub entity: String,
    /// Its units.
    pub units: usize,
    /// The path they take.
    pub route: Route,
    /// What is shown of their ups and downs; of a component with several groups, of the first.
    pub sight: Sight,
    /// About how many ups and downs a replication has, by the means of the laws.
    pub transitions: f64,
}

/// Components whose behaviour reads a state that is not their own, and each other's.
#[derive(Clone, Debug, PartialEq)]
pub struct Island {
    /// Its components, in written order.
    pub components: Vec<String>,
    /// What couples it.
    pub why: &'static str,
}

/// The outline of `system`.
pub fn outline(system: &System) -> Outline {
    let components = system.spec.components.iter().enumerate().map(|(i, declared)| {
        let component = &system.components[i];
        OutlineRow {
            entity: format!("components.{}", declared.name),
            units: declared.units.len(),
            route: system.paths.components[i],
            sight: system.paths.sights[component.groups.start as usize],
            transitions: transitions(system, component.units.clone()),
        }
    });
    let domains = system.spec.domains.iter().enumerate().map(|(i, declared)| {
        let unit = (system.units.replicas + i) as UnitId;
        OutlineRow {
            entity: format!("domains.{}", declared.name),
            units: 1,
            route: system.paths.domains,
            sight: Sight::Every(Exposure::Domain),
            transitions: transitions(system, unit..unit + 1),
        }
    });
    let seen = (0..system.courses.len()).filter(|&course| system.is_course_seen(course)).map(|i| &system.courses[i]);
    let changes = seen.map(|course| {
        let held = course.variation.as_ref().map_or(f64::INFINITY, |variation| variation.held().hours());
        (course.steps.len() - 1) as f64 + system.spec.time.horizon.get() / held
    });
    Outline { rows: components.chain(domains).collect(), islands: islands(system), changes: changes.sum() }
}

/// Two for each failure that is expected within the horizon.
fn transitions(system: &System, units: std::ops::Range<UnitId>) -> f64 {
    let modes = units.flat_map(|unit| system.units.units[unit as usize].modes.clone());
    2.0 * system.spec.time.horizon.get() * modes.map(|mode| expected_rate(system, mode)).sum::<f64>()
}

/// Each standby group switches by what it sees of itself; components with service clocks are coupled through the
/// journeys they share, others through their crews and the failures that they pass on.
fn islands(system: &System) -> Vec<Island> {
    let mut island: Vec<Option<usize>> = vec![None; system.components.len()];
    let serviced = |component: u32| {
        system.spec.components[component as usize].modes.iter().any(|mode| mode.clock == Clock::Service)
    };
    for (i, declared) in system.spec.components.iter().enumerate() {
        let standby = matches!(declared.redundancy, crate::system::Redundancy::Standby(_));
        let bound = system.islands.components[i];
        if bound.is_some() {
            island[i] = system.islands.components.iter().position(|other| *other == bound);
        } else if standby || serviced(i as u32) {
            island[i] = Some(i);
        }
    }
    for journey in &system.journeys {
        let together: Vec<usize> =
            journey.reads.iter().filter(|&&c| serviced(c)).filter_map(|&c| island[c as usize]).collect();
        let Some(&first) = together.iter().min() else { continue };
        for place in &mut island {
            if place.is_some_and(|of| together.contains(&of)) {
                *place = Some(first);
            }
        }
    }
    let island = &island;
    let members = |of: usize| (0..island.len()).filter(|&i| island[i] == Some(of)).collect::<Vec<_>>();
    let make = |members: Vec<usize>| {
        let why = if members.iter().any(|&i| serviced(i as u32)) {
            "its clocks stand still while every journey through it is down"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::Crew))) {
            "its repairs wait for the crews of its teams"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::Propagation))) {
            "failures of one take down units of another"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::Shock))) {
            "a shared risk takes down units of all at once"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::Coverage))) {
            "a failure that is being dealt with holds its other units"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::LoadSharing))) {
            "its units age by how many of them are up"
        } else if members.iter().any(|&i| matches!(system.islands.ties[i], Some(Tie::OnDemand))) {
            "its dormant units may fail when they are called"
        } else if members.iter().all(|&i| system.paths.components[i] == Route::Timeline) {
            "its switches wait for one another"
        } else {
            "its switches wait for one another, and its clocks for who is active"
        };
        let name = |&i: &usize| system.spec.components[i].name.clone();
        Island { components: members.iter().map(name).collect(), why }
    };
    (0..island.len()).map(members).filter(|members| !members.is_empty()).map(make).collect()
}

impl Route {
    /// Why it is taken.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Timeline => "its clocks read nothing but their own unit",
            Self::Events(Coupling::Dormancy) => "the clocks of its dormant units read which units are active",
            Self::Events(Coupling::Crew) => "its repairs wait for crews, and how long depends on what else has failed",
            Self::Events(Coupling::Propagation) => "its failures take down units of others, or theirs its own",
            Self::Events(Coupling::Shock) => {
                "a shared risk or an experiment takes down several of its units, or others with them, at once"
            }
            Self::Events(Coupling::Tested) => "its failures are hidden until a test, and tests keep to the calendar",
            Self::Events(Coupling::Worn) => "its repairs leave units older than new, so each life reads all before it",
            Self::Events(Coupling::Restart) => "a restart clears one of its failure modes: it reads repairs of another",
            Self::Events(Coupling::RepairAfterSwitch) => "a repair of its waits until the place is filled",
            Self::Events(Coupling::Coverage) => "a failure of its may be uncovered, and holds its other units",
            Self::Events(Coupling::Scaled) => "an autoscaler starts and removes its units, which do not age while away",
            Self::Events(Coupling::LoadSharing) => "its units share a load: their clocks read how many of them are up",
            Self::Events(Coupling::OnDemand) => "its dormant units may fail when they are called",
            Self::Events(Coupling::Observed) => {
                "its health check sees some of its modes: each is told as it comes and goes"
            }
            Self::Events(Coupling::DataLoss) => "its data may be lost, and every failure is counted as it happens",
            Self::Events(Coupling::ServiceClock) => "a clock of its reads whether a journey is up",
            Self::Events(Coupling::WarmUp) => "a unit of its that is able again warms up, whatever it was lost by",
            Self::Events(Coupling::SharedHosts) => {
                "its units share hosts: what each can do reads how many others are up"
            }
            Self::Events(Coupling::FirstFailure) => {
                "replications end at the first failure, which nobody knows beforehand"
            }
            Self::Events(Coupling::Asked) => "asked for",
        }
    }
}

impl Sight {
    /// What is shown, and why.
    pub fn why(self) -> String {
        match self {
            Self::Every(Exposure::NoSpare) => "every one shown: each loss changes its state".to_owned(),
            Self::Every(Exposure::Switching) => "every one shown: its standby scheme switches".to_owned(),
            Self::Every(Exposure::Numbers) => "every one shown: journeys read its capacity or errors".to_owned(),
            Self::Every(Exposure::Unit) => "every one shown: a unit is looked at for itself".to_owned(),
            Self::Every(Exposure::Serving) => "every one shown: requests are served by each".to_owned(),
            Self::Every(Exposure::Routed) => "every one shown: a router looks at its places".to_owned(),
            Self::Every(Exposure::SharedHosts) => "every one shown: its units share hosts".to_owned(),
            Self::Every(Exposure::Spot) => "every one shown: some of its units are spot".to_owned(),
            Self::Every(Exposure::Probed) => "every one shown: a health check probes each".to_owned(),
            Self::Every(Exposure::Voting) => "every one shown: each may lead or be the last of its side".to_owned(),
            Self::Every(Exposure::Domain) => "every one shown: it takes down what is inside".to_owned(),
            Self::Down(least) => format!("shown while {least} or more of its units are down"),
        }
    }
}
