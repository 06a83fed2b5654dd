//! Visibility: failures that a health check does not see, and gray ones that it does.
//!
//! Unless said otherwise a check sees what takes a unit down and nothing that only degrades it. Source: Huang, Guo, Zhou,
//! Lorch, Dang, Chintalapati & Yao, *HotOS '17*: what users see and what the failure detector sees differ.

use super::error::SystemError;
use super::health_check::is_probed;
use super::spec::{ComponentSpec, Effect, SystemSpec};
use super::units::unknown;

/// Whether the health check of a component sees one of its modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibilitySpec {
    /// The component; it has a health check.
    pub component: String,
    /// Its mode; each has at most one of these.
    pub mode: String,
    /// Whether a probe of a unit finds it bad while the mode is present.
    pub seen: bool,
}

/// Whether somebody says of a component's modes who sees them.
pub(super) fn is_observed(spec: &SystemSpec, component: &str) -> bool {
    spec.visibilities.iter().any(|visibility| visibility.component == component)
}

/// Which modes of a component its health check sees, in order; `None` where nothing is said of any.
pub(super) fn seen(spec: &SystemSpec, component: &ComponentSpec) -> Option<Vec<bool>> {
    let said = |mode: &str| spec.visibilities.iter().find(|v| v.component == component.name && v.mode == mode);
    let modes = component.modes.iter();
    let seen = modes.map(|mode| said(&mode.name).map_or(mode.effect == Effect::Down, |visibility| visibility.seen));
    is_observed(spec, &component.name).then(|| seen.collect())
}

pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for (place, visibility) in spec.visibilities.iter().enumerate() {
        let component = spec.components.iter().find(|component| component.name == visibility.component);
        let component = component.ok_or_else(|| unknown("component", &visibility.component))?;
        if !component.modes.iter().any(|mode| mode.name == visibility.mode) {
            return Err(unknown("failure mode", &visibility.mode));
        }
        let same = |v: &VisibilitySpec| (&v.component, &v.mode) == (&visibility.component, &visibility.mode);
        if spec.visibilities[..place].iter().any(same) {
            return Err(SystemError::Duplicate { what: "visibility of mode", name: visibility.mode.clone() });
        }
        if !is_probed(spec, &visibility.component) {
            let component = visibility.component.clone();
            let (one, other) = ("a failure that only some see", "no health check");
            return Err(SystemError::NotTogether { component, one, other });
        }
    }
    Ok(())
}
