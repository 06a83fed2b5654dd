//! What can make no difference is left out before anything is compiled: a mechanism that is switched off costs nothing, and
//! exact answers are not refused for its sake.

use super::spec::{Clock, SystemSpec};

/// Leaves out failures on demand and propagations that never happen.
pub(super) fn leave_out(spec: &mut SystemSpec) {
    let never = spec.on_demands.extract_if(.., |demand| demand.probability == 0.0).collect::<Vec<_>>();
    for component in &mut spec.components {
        let is_never = |mode: &str| never.iter().any(|one| one.component == component.name && one.mode == mode);
        component.modes.retain(|mode| mode.clock != Clock::Called || !is_never(&mode.name));
    }
    let domains = spec.domains.iter_mut().flat_map(|domain| &mut domain.modes);
    for mode in spec.components.iter_mut().flat_map(|component| &mut component.modes).chain(domains) {
        mode.propagates.retain(|propagation| propagation.probability > 0.0);
    }
}
