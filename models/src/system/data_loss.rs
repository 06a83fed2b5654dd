//! Loss of data: more units of a component failed at once than its copies tolerate.
//!
//! Source: Patterson, Gibson & Katz, *SIGMOD* (1988) 109; Greenan, Plank & Wylie, *HotStorage* (2010) on what the mean time
//! to it does not say.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::backup::Backup;
use super::error::SystemError;
use super::spec::SystemSpec;
use super::units::{ModeId, unknown};

/// When the data of a component are lost.
#[derive(Clone, Debug, PartialEq)]
pub struct DataLossSpec {
    /// The component; it has at most one of these.
    pub component: String,
    /// Failed units that its data survive, below the number of its units.
    pub tolerates: u32,
    /// Probability, 0..=1, that the failure that uses up the last tolerated one meets data that cannot be read.
    pub unreadable: f64,
    /// Whether they come back from a [backup](super::BackupSpec); else a loss is final, and the first of a replication counts.
    pub recovers: bool,
}

/// The data of a component, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataLoss {
    /// Index of the component.
    pub component: u32,
    /// Failed units that its data survive.
    pub tolerates: u32,
    /// Probability of unreadable data at the failure that uses up the last tolerated one.
    pub unreadable: f64,
    /// Stream of whether data can be read.
    pub stream: StreamId,
    /// The mode by which the component is down while they come back, if they do.
    pub restores: Option<ModeId>,
}

/// Whether the failures of a component's units may lose data.
pub(super) fn keeps_data(spec: &SystemSpec, component: &str) -> bool {
    spec.data_losses.iter().any(|data| data.component == component)
}

pub(super) fn build(spec: &SystemSpec, backups: &[Backup]) -> Result<Vec<DataLoss>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let compile = |(place, data): (usize, &DataLossSpec)| {
        let component = spec.components.iter().position(|component| component.name == data.component);
        let component = component.ok_or_else(|| unknown("component", &data.component))?;
        if keeps_data_before(spec, place) {
            return Err(SystemError::Duplicate { what: "data loss of component", name: data.component.clone() });
        }
        let units = spec.components[component].units.len();
        let out_of_range =
            |what, value, allowed| Err(SystemError::OutOfRange { what, name: data.component.clone(), value, allowed });
        if data.tolerates as usize >= units {
            return out_of_range("failures tolerated", f64::from(data.tolerates), format!("0 to {}", units - 1));
        }
        if !(0.0..=1.0).contains(&data.unreadable) {
            return out_of_range("probability of unreadable data", data.unreadable, "0 to 1".to_owned());
        }
        let stream = streams.take("unreadable", &data.component)?;
        let component = component as u32;
        let restores = backups.iter().find(|backup| backup.component == component).and_then(|backup| backup.lost);
        if restores.is_some() != data.recovers {
            return Err(unknown("loss of the data of", &data.component));
        }
        let DataLossSpec { tolerates, unreadable, .. } = *data;
        Ok(DataLoss { component, tolerates, unreadable, stream, restores })
    };
    spec.data_losses.iter().enumerate().map(compile).collect()
}

fn keeps_data_before(spec: &SystemSpec, place: usize) -> bool {
    spec.data_losses[..place].iter().any(|other| other.component == spec.data_losses[place].component)
}
