//! The style of a plan: what is said of the units that wait, held against what they are.

use ninefold_models::system::{Failback, Redundancy, SitesSpec, StandbyMode, SystemSpec};

use super::{Lowering, refused};
use crate::lower::read::At;

/// Refuses a style that the standby does not have.
pub(super) fn check(
    cx: &mut Lowering<'_>,
    plan: &At<'_>,
    (components, sites, failback): (&[String], Option<&SitesSpec>, Option<&Failback>),
    spec: &SystemSpec,
) {
    let Some(at) = plan.get("style") else { return };
    let Some(style) = at.text() else { return };
    if style == "active_active" {
        if sites.is_none_or(|sites| sites.routers.is_empty()) {
            let hint = "add `reroutes: ROUTER` to the step that does, or `router: ROUTER` to the plan";
            cx.sink.push(refused("the plan sends nobody from one site to another", &at, hint));
        }
        return;
    }
    if components.is_empty() {
        let hint = "write `style: active_active`, or let a standby name the plan";
        cx.sink.push(refused(format!("nothing of the plan waits, as `{style}` says"), &at, hint));
    }
    for name in components {
        let Some(component) = spec.components.iter().find(|known| known.name == *name) else { continue };
        let Redundancy::Standby(standby) = &component.redundancy else { continue };
        let is_off = standby.mode == StandbyMode::Cold;
        let replicated = spec.replications.iter().any(|known| known.component == *name);
        let is_given = replicated || failback.is_some_and(|back| back.resync.is_some());
        let (fits, hint) = match style {
            "active_passive" => (!is_off, "write `mode: hot` or `mode: warm`, or `style: pilot_light`"),
            "pilot_light" => (is_off && is_given, "write `mode: cold`, and `replication` or a `resync`"),
            "backup_restore" => (is_off && !is_given, "write `mode: cold`, without `replication` and `resync`"),
            _ => return,
        };
        if !fits {
            let message = format!("the standby `{name}` is not what `{style}` says");
            let given = if is_given { "are given what is written" } else { "are not given what is written" };
            let why = format!("its units that wait are {}, and {given}", if is_off { "off" } else { "up" });
            cx.sink.push(refused(message, &at, hint).why(why));
        }
    }
}
