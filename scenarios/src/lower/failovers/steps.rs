//! The steps of a plan.

use ninefold_models::system::{Order, StepSpec, SystemSpec};

use super::{Lowering, refused, share, sites};
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::read::At;
use crate::nearest::suggestion;

impl Lowering<'_> {
    /// `steps`, stage by stage.
    pub(super) fn stages(&mut self, plan: &At<'_>, spec: &SystemSpec) -> Option<Vec<Vec<StepSpec>>> {
        let list = self.required(plan, "steps")?;
        let items = list.items();
        if items.is_empty() {
            let problem = Diagnostic::new(Code::Empty, "the plan has no steps", list.span());
            self.sink.push(problem.hint("add at least one: `{do: promote, takes: 30s}`"));
        }
        let stages: Vec<Option<Vec<StepSpec>>> = items.iter().map(|item| self.stage(item, spec)).collect();
        stages.into_iter().collect::<Option<Vec<_>>>().filter(|stages| !stages.is_empty())
    }

    fn stage(&mut self, at: &At<'_>, spec: &SystemSpec) -> Option<Vec<StepSpec>> {
        let Some(parallel) = at.get("parallel") else { return Some(vec![self.step(at, spec)?]) };
        let own = [
            "do",
            "takes",
            "success",
            "retry",
            "team",
            "hand_over",
            "needs_control_plane",
            "promotes",
            "starts",
            "reroutes",
        ];
        if let Some(other) = own.iter().find_map(|key| at.get(key)) {
            let message = "steps that run side by side have each what is theirs";
            self.sink.push(
                Diagnostic::new(Code::Failover, message, other.key_span())
                    .secondary(parallel.key_span(), "these")
                    .hint("write it under each step of `parallel`"),
            );
            return None;
        }
        let items = parallel.items();
        if items.is_empty() {
            let problem = Diagnostic::new(Code::Empty, "no steps run side by side here", parallel.span());
            self.sink.push(problem.hint("add at least one"));
            return None;
        }
        items.iter().map(|item| self.step(item, spec)).collect::<Vec<_>>().into_iter().collect()
    }

    fn step(&mut self, at: &At<'_>, spec: &SystemSpec) -> Option<StepSpec> {
        let name = self.required(at, "do").and_then(|at| at.text().map(str::to_owned));
        let takes = self.required(at, "takes").and_then(|at| self.law(&at));
        let success = share(self, at, "success", 1.0);
        let mut law = |key: &str, of: &At<'_>| of.get(key).map_or(Some(None), |at| self.law(&at).map(Some));
        let hand_over = law("hand_over", at);
        let retry = at.get("retry");
        let pause = retry.as_ref().map_or(Some(None), |retry| law("pause", retry));
        let retries = match &retry {
            Some(retry) => {
                self.required(retry, "times").and_then(|at| self.count(&at)).and_then(|n| u32::try_from(n).ok())
            }
            None => Some(0),
        };
        let team = at.get("team").filter(|at| at.text() != Some("auto"));
        let team = team.map_or(Some(None), |at| self.first_come_team(&at).map(Some));
        let control_plane = at.get("needs_control_plane");
        let control_plane = control_plane.map_or(Some(None), |at| self.domain(&at, spec).map(Some));
        Some(StepSpec {
            name: name?,
            takes: takes?,
            success: success?,
            retries: retries?,
            pause: pause?,
            team: team?,
            hand_over: hand_over?,
            control_plane: control_plane?,
            acts: sites::acts(at).into_iter().map(|(act, _)| act).collect(),
        })
    }

    /// The domain of this name.
    pub(super) fn domain(&mut self, at: &At<'_>, spec: &SystemSpec) -> Option<String> {
        let name = at.text()?;
        if spec.domains.iter().any(|domain| domain.name == name) {
            return Some(name.to_owned());
        }
        let hint = match spec.domains[..] {
            [] => "declare it in `domains.tree`".to_owned(),
            _ => suggestion(name, spec.domains.iter().map(|domain| domain.name.as_str())),
        };
        let problem = Diagnostic::new(Code::NoDomain, format!("there is no domain `{name}`"), at.span());
        self.sink.push(problem.label("not in `domains.tree`").hint(hint));
        None
    }

    /// A team that takes up what comes as it comes.
    pub(super) fn first_come_team(&mut self, at: &At<'_>) -> Option<String> {
        let name = at.text()?;
        let Some(team) = self.teams.iter().find(|team| team.name == name) else {
            let hint = match self.teams[..] {
                [] => format!("declare it: `teams: {{{name}: {{crews: 1}}}}`"),
                _ => suggestion(name, self.teams.iter().map(|team| team.name.as_str())),
            };
            let problem = Diagnostic::new(Code::NoTeam, format!("there is no team `{name}`"), at.span());
            self.sink.push(problem.label("not in `teams`").hint(hint));
            return None;
        };
        if team.order != Order::FirstCome {
            let message = format!("`{name}` does not take up its work as it comes; plans need a team that does");
            self.sink.push(refused(message, at, "other orders of a team are not supported yet for plans"));
            return None;
        }
        Some(name.to_owned())
    }
}
