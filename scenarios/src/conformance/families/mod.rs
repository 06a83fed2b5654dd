//! Families of systems: from the parameters of a case to scenarios, and from its measures to readings. One family, one
//! file; add a file and a line in `FAMILIES`.

mod adequacy;
mod autoscaled;
mod aws_step;
mod aws_target_tracking;
mod beta_factor;
mod bridge;
mod circuit_breaker;
mod cold_pair;
mod computing_system;
mod data_loss;
mod deterministic;
mod dft;
mod downtime;
mod fault_trees;
mod forecast_holdout;
mod hpa_behavior;
mod hpa_closed_loop;
mod hpa_single_decision;
mod k_of_n;
mod karpenter_budget;
mod keda_fallback;
mod machine_repair;
mod never_repaired;
mod proof_test;
mod queueing;
mod quorum_zones;
mod repairable_unit;
mod spot_notice;
mod standby_pair;
mod tiers;

use std::path::Path;

use super::case::Expected;
use super::clock::Clock;
use super::params::Params;
use super::refusal::Refusal;
use super::study::Plan;
use crate::diagnostic::Code;
use crate::merge::read_bounded;
use crate::yaml::{Kind, Node};

/// Most units that a case may have.
const UNITS_MAX: u64 = 10_000;

/// Names of a mean time to failure and of a failure rate.
const LIFE: (&[&str], &[&str]) = (&["mttf_h", "mttf"], &["lambda_per_h", "lambda", "lam"]);

/// Names of a mean time to repair and of a repair rate.
const REPAIR: (&[&str], &[&str]) = (&["mttr_h", "mttr"], &["mu_per_h", "mu"]);

/// A family of systems.
#[derive(Debug)]
pub(super) struct Family {
    /// The number that the ids of its cases begin with, or the name that its cases give themselves.
    prefix: &'static str,
    write: fn(&Given<'_>) -> Result<Plan, Refusal>,
}

static FAMILIES: &[Family] = &[
    Family { prefix: "r01", write: repairable_unit::write },
    Family { prefix: "r02", write: downtime::write },
    Family { prefix: "r03", write: k_of_n::write },
    Family { prefix: "r04", write: data_loss::write },
    Family { prefix: "r05", write: standby_pair::write },
    Family { prefix: "r06", write: never_repaired::write },
    Family { prefix: "r09", write: proof_test::write },
    Family { prefix: "r11", write: cold_pair::write },
    Family { prefix: "r12", write: quorum_zones::write },
    Family { prefix: "r13", write: bridge::write },
    Family { prefix: "r15", write: machine_repair::write },
    Family { prefix: "r18", write: beta_factor::write },
    Family { prefix: "r20", write: tiers::write },
    Family { prefix: "r22", write: computing_system::write },
    Family { prefix: "r24", write: deterministic::write },
    Family { prefix: "r26", write: adequacy::hourly },
    Family { prefix: "r30", write: adequacy::rts79 },
    Family { prefix: "dft", write: dft::write },
    Family { prefix: "fault_trees", write: fault_trees::write },
    Family { prefix: "aws_step", write: aws_step::write },
    Family { prefix: "aws_target_tracking", write: aws_target_tracking::write },
    Family { prefix: "circuit_breaker", write: circuit_breaker::write },
    Family { prefix: forecast_holdout::NAME, write: forecast_holdout::write },
    Family { prefix: "hpa_behavior", write: hpa_behavior::write },
    Family { prefix: "hpa_closed_loop", write: hpa_closed_loop::write },
    Family { prefix: "hpa_single_decision", write: hpa_single_decision::write },
    Family { prefix: "karpenter_budget", write: karpenter_budget::write },
    Family { prefix: "keda_fallback", write: keda_fallback::write },
    Family { prefix: "spot_notice", write: spot_notice::write },
];

/// The family of this name.
pub(super) fn find(name: &str) -> Option<&'static Family> {
    FAMILIES.iter().chain(&queueing::FAMILIES).find(|family| family.prefix == name)
}

/// Whether each entry of a list among the answers of a family is an answer.
pub(super) fn reads_lists(name: &str) -> bool {
    name == forecast_holdout::NAME || queueing::FAMILIES.iter().any(|family| family.prefix == name)
}

impl Family {
    /// The scenarios of a case, with its hours written by `clock`.
    ///
    /// - `folder`: where the files of the case are.
    pub(super) fn plan(
        &self,
        (case, folder): (&Node, &Path),
        expected: &[Expected],
        clock: Clock,
    ) -> Result<Plan, Refusal> {
        (self.write)(&Given { case, folder, expected, clock })
    }
}

/// What a family is given of a case.
struct Given<'a> {
    case: &'a Node,
    folder: &'a Path,
    expected: &'a [Expected],
    clock: Clock,
}

impl<'a> Given<'a> {
    fn id(&self) -> &'a str {
        self.case.get("id").or_else(|| self.case.get("model")).and_then(Node::text).unwrap_or_default()
    }

    /// What the case says in words.
    fn description(&self) -> &'a str {
        self.case.get("description").and_then(Node::text).unwrap_or_default()
    }

    /// The parameters, all of which the family has to know.
    fn params(&self, known: &[&str]) -> Result<Params<'a>, Refusal> {
        Params::of(self.params_node()?, known)
    }

    fn params_node(&self) -> Result<&'a Node, Refusal> {
        let hint = "a case has `id`, `params` (or `family` and `input`) and `expected`";
        let node = self.case.get("params").or_else(|| self.case.get("input"));
        let node = node.ok_or_else(|| Refusal::wrong(Code::Missing, "a case needs `params`", self.case.span, hint))?;
        match node.kind {
            Kind::Map(_) => Ok(node),
            _ => Err(Refusal::wrong(Code::Shape, "`params` is no map", node.span, hint)),
        }
    }

    /// An exponential law with this mean.
    fn exponential(&self, mean_h: f64) -> String {
        super::spoken_law::exponential(self.clock, mean_h)
    }

    /// Known answers with their places.
    fn answers(&self) -> impl Iterator<Item = (usize, &'a Expected)> + use<'a> {
        self.expected.iter().enumerate()
    }
}

/// `repair:` of units that share crews, and the section `teams` that it needs; a crew a unit needs no team.
fn crewed(law: &str, (crews, units): (u32, u32)) -> (String, String) {
    if crews >= units {
        return (law.to_owned(), String::new());
    }
    let teams = format!("teams: {{repair: {{crews: {crews}, order: first_come}}}}\n");
    (format!("{{crew: repair, takes: {law}}}"), teams)
}

/// Repair times after which even a busy crew has forgotten how it began.
const SETTLED: f64 = 60.0;

/// The text of the model file that a case names, which lies beside it.
fn model_file(given: &Given<'_>) -> Result<String, Refusal> {
    let name = given.case.get("file").and_then(Node::text).unwrap_or_default();
    let path = Path::new(name);
    if path.file_name().is_none_or(|file| file != path.as_os_str()) {
        return Err(Refusal::not_supported(format!("`{name}` is no name of a file beside the case")));
    }
    read_bounded(&given.folder.join(path))
        .map_err(|(_, message)| Refusal::not_supported(format!("the model `{name}`: {message}")))
}
