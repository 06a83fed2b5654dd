//! Replication: how far the data of a standby unit lag behind those of the active one.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::components::Group;
use super::error::SystemError;
use super::spec::{Redundancy, SystemSpec};
use super::units::unknown;
use crate::lifetime::Law;

/// How the writes of a component reach its dormant units. The component stands by with one active place.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicationSpec {
    /// The component; it has at most one of these.
    pub component: String,
    /// Asynchronous: law of the time by which a dormant unit lags behind, drawn at each takeover; `None` is synchronous.
    pub lag: Option<Law>,
    /// How fast a unit that was down catches up.
    pub resync: Option<Resync>,
}

/// The rates of writing and of catching up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resync {
    /// Bytes a second that are written while the component is up; above 0.
    pub write_bytes_per_s: f64,
    /// Bytes a second at which a unit that was down receives; above 0.
    pub resync_bytes_per_s: f64,
}

impl Resync {
    /// Written time that is received in a unit of time; a unit catches up only above 1.
    pub fn speed(&self) -> f64 {
        self.resync_bytes_per_s / self.write_bytes_per_s
    }
}

/// The replication of a component, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicated {
    /// Index of the component.
    pub component: u32,
    /// Law of the lag; `None` is synchronous.
    pub lag: Option<Law>,
    /// How fast a unit that was down catches up; `None` is at once.
    pub resync: Option<Resync>,
    /// Its groups, with the stream of the lags of each.
    pub groups: Vec<(u32, StreamId)>,
}

pub(super) fn build(spec: &SystemSpec, groups: &[Group]) -> Result<Vec<Replicated>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let mut all: Vec<Replicated> = Vec::new();
    for declared in &spec.replications {
        let component = spec.components.iter().position(|component| component.name == declared.component);
        let component = component.ok_or_else(|| unknown("component", &declared.component))? as u32;
        if all.iter().any(|other| other.component == component) {
            return Err(SystemError::Duplicate { what: "replication of component", name: declared.component.clone() });
        }
        let active = match &spec.components[component as usize].redundancy {
            Redundancy::Standby(scheme) => scheme.active,
            _ => 0,
        };
        let out_of_range = |what, value, allowed: &str| {
            let (name, allowed) = (declared.component.clone(), allowed.to_owned());
            Err(SystemError::OutOfRange { what, name, value, allowed })
        };
        if active != 1 {
            return out_of_range("active places with replication", f64::from(active), "1, under standby");
        }
        for rate in declared.resync.iter().flat_map(|resync| [resync.write_bytes_per_s, resync.resync_bytes_per_s]) {
            if !(rate > 0.0 && rate.is_finite()) {
                return out_of_range("rate of replication", rate, "above 0");
            }
        }
        let mut of_groups = Vec::new();
        for (id, group) in (0..).zip(groups).filter(|(_, group)| group.component == component) {
            let domain = group.domain.as_ref().map_or_else(String::new, |domain| format!("@{domain}"));
            of_groups.push((id, streams.take("lag", &format!("{}{domain}", declared.component))?));
        }
        let (lag, resync) = (declared.lag.clone(), declared.resync);
        all.push(Replicated { component, lag, resync, groups: of_groups });
    }
    Ok(all)
}
