//! `health_check`.

use ninefold_models::system::{Depth, HealthCheckSpec, Redundancy};

use super::Lowering;
use super::probing::Usual;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// The health check of a component; `None` if it has none.
    pub(super) fn health_check(
        &mut self,
        component: (&At<'_>, &str),
        redundancy: Option<&Redundancy>,
    ) -> Option<HealthCheckSpec> {
        let at = component.0.get("health_check")?;
        let usual = Usual { interval: None, in_a_row: (1, "one probe is enough unless it says so") };
        let probes = self.probes((Some(&at), at.path()), &usual);
        let open = "ejected units do not serve, however many they are";
        let fail_open_below = self.chance((at.get("fail_open_below"), at.path()), "fail_open_below", open);
        let depth = match at.get("depth").map(|depth| depth.text() == Some("deep")) {
            Some(true) => Depth::Deep,
            Some(false) => Depth::Shallow,
            None => {
                self.assume(format!("{}.depth", at.path()), "shallow", "a probe asks after the unit alone");
                Depth::Shallow
            }
        };
        let together = redundancy.and_then(Redundancy::scheme);
        if let Some(other) = together {
            let message = format!("a health check beside {other} is not supported yet");
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.key_span())
                    .why("who serves is then for the scheme to say as well")
                    .hint("leave it out, or give the component `k_of_n` or no redundancy"),
            );
            return None;
        }
        Some(HealthCheckSpec {
            component: component.1.to_owned(),
            probes: probes?,
            depth,
            fail_open_below: fail_open_below?,
        })
    }
}
