//! Laws.

use ninefold_models::lifetime::{Law, LawError};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// How far shares may be from summing to 1.
const SHARES_TOLERANCE: f64 = 1e-9;

impl Lowering<'_> {
    /// The law at this place, if it can be read.
    pub(crate) fn law(&mut self, at: &At<'_>) -> Option<Law> {
        if at.text().is_some() {
            let duration = self.duration(at)?;
            return self.made(Law::constant(duration), at);
        }
        let variants = at.variants();
        let [(name, inner)] = variants.as_slice() else { return None };
        match *name {
            "fit" => self.fit(at, inner),
            "empirical" => self.empirical(inner),
            "hyperexponential" => self.hyperexponential(inner),
            "mixture" => self.mixture(inner),
            "piecewise_hazard" => self.piecewise_hazard(inner),
            _ => self.simple(name, inner),
        }
    }

    /// A law whose parameters are single values.
    fn simple(&mut self, name: &str, at: &At<'_>) -> Option<Law> {
        let sets: &[&[&str]] = match name {
            "exponential" => &[&["mean"]],
            "weibull" => &[&["shape", "mean"], &["shape", "scale"]],
            "lognormal" => &[&["median", "p95"], &["median", "sigma"], &["mean", "sigma"]],
            "gamma" => &[&["shape", "mean"]],
            "pert" | "triangular" => &[&["min", "mode", "max"]],
            "uniform" => &[&["min", "max"]],
            "normal" => &[&["mean", "sd"]],
            "erlang" => &[&["stages", "mean"]],
            "pareto" => &[&["shape", "min"]],
            "geometric" => &[&["mean", "step"]],
            _ => return None,
        };
        let set = self.parameter_set(name, at, sets)?;
        let [a, b, c] = [0, 1, 2].map(|index| set.get(index).and_then(|key| at.get(key)));
        let law = match (name, set) {
            ("exponential", _) => Law::exponential(self.duration(&a?)?),
            ("weibull", [_, "mean"]) => Law::weibull_mean(self.number(&a?)?, self.duration(&b?)?),
            ("weibull", _) => Law::weibull_scale(self.number(&a?)?, self.duration(&b?)?),
            ("lognormal", [_, "p95"]) => Law::lognormal_median_p95(self.duration(&a?)?, self.duration(&b?)?),
            ("lognormal", ["median", _]) => Law::lognormal_median_sigma(self.duration(&a?)?, self.number(&b?)?),
            ("lognormal", _) => Law::lognormal_mean_sigma(self.duration(&a?)?, self.number(&b?)?),
            ("gamma", _) => Law::gamma(self.number(&a?)?, self.duration(&b?)?),
            ("pert", _) => Law::pert(self.duration(&a?)?, self.duration(&b?)?, self.duration(&c?)?),
            ("triangular", _) => Law::triangular(self.duration(&a?)?, self.duration(&b?)?, self.duration(&c?)?),
            ("uniform", _) => Law::uniform(self.duration(&a?)?, self.duration(&b?)?),
            ("normal", _) => Law::normal(self.duration(&a?)?, self.duration(&b?)?),
            ("erlang", _) => Law::erlang(u32::try_from(self.count(&a?)?).ok()?, self.duration(&b?)?),
            ("pareto", _) => Law::pareto(self.number(&a?)?, self.duration(&b?)?),
            _ => Law::geometric(self.duration(&a?)?, self.duration(&b?)?),
        };
        self.made(law, at)
    }

    /// The one set of parameters that is given, exactly.
    fn parameter_set<'s>(&mut self, name: &str, at: &At<'_>, sets: &'s [&'s [&'s str]]) -> Option<&'s [&'s str]> {
        if !at.is_map() {
            return None;
        }
        let known = |key: &str| sets.iter().any(|set| set.contains(&key));
        let mut given: Vec<&str> = at.variants().into_iter().map(|(key, _)| key).filter(|key| known(key)).collect();
        given.sort_unstable();
        let matches = |set: &[&str]| {
            let mut wanted = set.to_vec();
            wanted.sort_unstable();
            wanted == given
        };
        let found = sets.iter().find(|set| matches(set));
        // A slip of the pen in a parameter's name has been reported as such.
        let all_known = at.variants().len() == given.len();
        if found.is_none() && all_known {
            let ways: Vec<String> = sets.iter().map(|set| format!("`{{{}}}`", set.join(", "))).collect();
            let has = if given.is_empty() { "nothing".to_owned() } else { format!("`{}`", given.join("`, `")) };
            self.sink.push(
                Diagnostic::new(Code::LawParameters, format!("`{name}` takes {}", ways.join(" or ")), at.key_span())
                    .label(format!("given: {has}"))
                    .why("too few parameters leave the law open, too many contradict one another")
                    .hint("give exactly one of these sets"),
            );
        }
        found.copied()
    }

    fn hyperexponential(&mut self, at: &At<'_>) -> Option<Law> {
        let list = self.required(at, "branches")?;
        let branches: Vec<(f64, Hours)> = self.each(&list, |cx, branch| {
            let share = cx.required(branch, "share").and_then(|at| cx.ratio(&at));
            let mean = cx.required(branch, "mean").and_then(|at| cx.duration(&at));
            Some((share?, mean?))
        })?;
        self.shares(&list, branches.iter().map(|(share, _)| *share))?;
        self.made(Law::hyperexponential(branches), &list)
    }

    fn mixture(&mut self, at: &At<'_>) -> Option<Law> {
        let list = self.required(at, "parts")?;
        let parts: Vec<(f64, Law)> = self.each(&list, |cx, part| {
            let share = cx.required(part, "share").and_then(|at| cx.ratio(&at));
            let law = cx.required(part, "law").and_then(|at| cx.law(&at));
            Some((share?, law?))
        })?;
        self.shares(&list, parts.iter().map(|(share, _)| *share))?;
        self.made(Law::mixture(parts), &list)
    }

    fn piecewise_hazard(&mut self, at: &At<'_>) -> Option<Law> {
        let list = self.required(at, "pieces")?;
        let pieces: Vec<(Hours, f64)> = self.each(&list, |cx, piece| {
            let from = cx.required(piece, "from").and_then(|at| cx.duration(&at));
            let hazard = cx.required(piece, "hazard").and_then(|at| cx.rate(&at));
            Some((from?, hazard? * 3600.0))
        })?;
        self.made(Law::piecewise_hazard(pieces), &list)
    }

    /// Reads every entry of a list; `None` if any cannot be read.
    fn each<T>(&mut self, list: &At<'_>, mut read: impl FnMut(&mut Self, &At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = list.items().iter().map(|item| read(self, item)).collect();
        read.into_iter().collect()
    }

    pub(super) fn shares(&mut self, list: &At<'_>, shares: impl Iterator<Item = f64>) -> Option<()> {
        let sum: f64 = shares.sum();
        if (sum - 1.0).abs() <= SHARES_TOLERANCE {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(Code::Shares, format!("the shares sum to {sum}, not to 1"), list.key_span())
                .why("every draw must belong to exactly one of them")
                .hint("make the shares sum to 1"),
        );
        None
    }

    /// The law, or its refusal at the parameter that is to blame.
    pub(super) fn made(&mut self, law: Result<Law, LawError>, at: &At<'_>) -> Option<Law> {
        let error = match law {
            Ok(law) => return Some(law),
            Err(error) => error,
        };
        let parameter = error.parameter.rsplit('.').next().unwrap_or(error.parameter);
        let found = at.get(parameter);
        let place = found.as_ref().map_or(at.span(), At::span);
        let given = match found.as_ref().and_then(At::text) {
            Some(text) => format!("is {text}"),
            None => format!("is {}", error.value),
        };
        let message = format!("`{}` is outside its range", error.parameter);
        self.sink.push(
            Diagnostic::new(Code::LawRange, message, place)
                .label(given)
                .why("no such law exists")
                .hint(format!("allowed is {}", error.allowed)),
        );
        None
    }
}
