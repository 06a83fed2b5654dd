//! `domains.shared_risk`: what makes the failures of components one.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Burst, Hits, Repair, RiskModel, SharedRisk, SystemSpec, not_together};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// The ways in which members fail together; one is given.
const MODELS: [&str; 4] = ["beta", "mgl", "shock", "burst"];

/// Share of bursts of a geometric size that are counted with the largest.
const TAIL: f64 = 1e-12;

/// Applies every shared risk to the components.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(section) = top.get("domains").and_then(|domains| domains.get("shared_risk")) else { return };
    let entries = section.entries();
    let risks: Vec<SharedRisk> = entries.iter().filter_map(|(name, at)| cx.shared_risk(name, at, spec)).collect();
    if risks.len() < entries.len() {
        return; // Something about them is reported already.
    }
    if let Err(refused) = spec.share(&risks) {
        let place = section.get(&refused.risk).map_or(section.key_span(), |at| at.key_span());
        let message = format!("the shared risk `{}` cannot be: {}", refused.risk, refused.why);
        cx.sink.push(Diagnostic::new(Code::SharedRisk, message, place).hint(refused.hint));
    }
}

/// Refuses shared risks and hidden failures of a component beside what they are not simulated together with yet.
pub(super) fn refuse_together(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    for (component, one, other) in not_together(spec) {
        let place = top.get("components").and_then(|all| all.get(&component)).map_or(top.span(), |at| at.key_span());
        let message = format!("{one} and {other} of `{component}` are not supported together yet");
        let hint =
            "model them on separate components, or leave one of them out and mind what the answer then leaves out";
        let problem = Diagnostic::new(Code::NotYet, message, place).label(format!("has {one} and {other}"));
        cx.sink.push(problem.why("the answer would be wrong without either").hint(hint));
    }
}

impl Lowering<'_> {
    fn shared_risk(&mut self, name: &str, at: &At<'_>, spec: &SystemSpec) -> Option<SharedRisk> {
        if !at.is_map() {
            return None;
        }
        let members = self.members(at);
        let cause = at.get("cause").and_then(|cause| cause.text().map(str::to_owned));
        let given: Vec<(&str, At<'_>)> =
            MODELS.into_iter().filter_map(|key| at.get(key).map(|found| (key, found))).collect();
        let [(key, form)] = given.as_slice() else {
            let says = if given.is_empty() { "does not say" } else { "says twice" };
            let message = format!("`{}` {says} how its members fail together", at.path());
            let hint = "give one of `beta`, `mgl`, `shock` and `burst`";
            if !self.sink.awaits(at.span()) {
                self.sink.push(Diagnostic::new(Code::SharedRisk, message, at.key_span()).hint(hint));
            }
            return None;
        };
        let members = members?;
        let units = spec.components.iter().filter(|c| members.contains(&c.name)).map(|c| c.units.len()).sum();
        let model = match *key {
            "beta" => RiskModel::Beta(self.ratio(form)?),
            "mgl" => RiskModel::GreekLetters(self.greek_letters(form)?),
            "shock" => {
                let time_to_shock = self.time_to_shock(form, "annual_rate");
                let hits = self.hits(form);
                let repair = self.own_repair(form)?;
                RiskModel::Own { time_to_shock: time_to_shock?, hits: hits?, repair }
            }
            _ => self.burst(form, units)?,
        };
        Some(SharedRisk { name: name.to_owned(), cause, members, model })
    }

    fn members(&mut self, at: &At<'_>) -> Option<Vec<String>> {
        let members = self.required(at, "members")?;
        let named = match members.get("component") {
            Some(only) => vec![only],
            None => members.items(),
        };
        if named.is_empty() && !members.is_map() {
            let problem = Diagnostic::new(Code::Empty, "a shared risk without members", members.span());
            self.sink.push(problem.hint("name at least one component"));
            return None;
        }
        let known = |cx: &mut Self, member: &At<'_>| {
            let name = member.text()?;
            if !cx.component_names.iter().any(|known| known == name) {
                let hint = suggestion(name, cx.component_names.iter().map(String::as_str));
                let problem =
                    Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), member.span());
                cx.sink.push(problem.label("not in `components`").hint(hint));
                return None;
            }
            Some(name.to_owned())
        };
        let members: Vec<Option<String>> = named.iter().map(|member| known(self, member)).collect();
        members.into_iter().collect()
    }

    /// The letters up to the last that is given.
    fn greek_letters(&mut self, at: &At<'_>) -> Option<Vec<f64>> {
        let beta = self.required(at, "beta").and_then(|beta| self.ratio(&beta))?;
        let mut letters = vec![beta];
        for (place, key) in (1..).zip(["gamma", "delta", "epsilon", "zeta"]) {
            if let Some(letter) = at.get(key) {
                letters.resize(place, 1.0);
                letters.push(self.ratio(&letter)?);
            }
        }
        Some(letters)
    }

    /// The law of the time from one shock to the next: `time_to_failure`, or a rate.
    pub(super) fn time_to_shock(&mut self, at: &At<'_>, rate_key: &str) -> Option<Law> {
        let law = match (at.get("time_to_failure"), at.get(rate_key)) {
            (Some(law), None) => self.law(&law)?,
            (None, Some(rate)) if rate_key == "annual_rate" => self.annual_rate(&rate)?,
            (None, Some(rate)) => {
                let per_s = self.rate(&rate)?;
                match Law::exponential(Hours::new(1.0 / (per_s * 3600.0))) {
                    Ok(law) => law,
                    Err(_) => {
                        let problem = Diagnostic::new(Code::Range, "such a rate has no law", rate.span());
                        self.sink.push(problem.hint("give a rate above 0, such as `4/year`"));
                        return None;
                    }
                }
            }
            (None, None) => {
                if !self.sink.awaits(at.span()) {
                    let message = format!("`{}` never strikes", at.path());
                    let hint = format!("add `time_to_failure: LAW`, or `{rate_key}`");
                    self.sink.push(Diagnostic::new(Code::FailureTime, message, at.key_span()).hint(hint));
                }
                return None;
            }
            (Some(law), Some(rate)) => {
                self.sink.push(
                    Diagnostic::new(Code::FailureTime, "how often it strikes is given twice", rate.key_span())
                        .secondary(law.key_span(), "first given here")
                        .hint("keep one of the two"),
                );
                return None;
            }
        };
        if law.mean() > Hours::ZERO {
            return Some(law);
        }
        let message = "the mean time from one shock to the next is 0";
        self.sink.push(Diagnostic::new(Code::LawRange, message, at.key_span()).hint("give a time above 0"));
        None
    }

    pub(super) fn hits(&mut self, at: &At<'_>) -> Option<Hits> {
        let Some(hits) = at.get("hits") else {
            self.assume(format!("{}.hits", at.path()), "all", "a shock strikes all that it may strike");
            return Some(Hits::All);
        };
        if hits.text() == Some("all") {
            return Some(Hits::All);
        }
        let each = hits.get("each")?;
        let p = self.ratio(&each)?;
        if p > 0.0 {
            return Some(Hits::Each(p));
        }
        let problem = Diagnostic::new(Code::Range, "a shock that strikes nobody", each.span());
        self.sink.push(problem.hint("give a probability above 0, or remove the shock"));
        None
    }

    /// A repair that is said, `Some(None)` where the members' own is meant.
    fn own_repair(&mut self, at: &At<'_>) -> Option<Option<Repair>> {
        match at.get("repair") {
            Some(repair) => self.repair(&repair).map(Some),
            None => Some(None),
        }
    }

    fn burst(&mut self, at: &At<'_>, units: usize) -> Option<RiskModel> {
        let time_to_shock = self.time_to_shock(at, "rate");
        let sizes = self.required(at, "size").and_then(|size| self.sizes(&size, units));
        let window = match at.get("window") {
            Some(window) => self.duration(&window),
            None => {
                self.assume(format!("{}.window", at.path()), "0s", "a burst without a window strikes at one instant");
                Some(Hours::ZERO)
            }
        };
        let repair = self.own_repair(at)?;
        let hits = Hits::Burst(Burst { sizes: sizes?, window: window? });
        Some(RiskModel::Own { time_to_shock: time_to_shock?, hits, repair })
    }

    /// Sizes with their shares; none above the number of members has a meaning of its own.
    fn sizes(&mut self, at: &At<'_>, units: usize) -> Option<Vec<(u32, f64)>> {
        if at.text().is_some() {
            return Some(vec![(self.units(at)?, 1.0)]);
        }
        if let Some(shares) = at.get("shares") {
            let items = shares.items();
            let read: Vec<Option<f64>> = items.iter().map(|share| self.ratio(share)).collect();
            let read: Vec<f64> = read.into_iter().collect::<Option<_>>()?;
            self.shares(&shares, read.iter().copied())?;
            return Some((1..).zip(read).filter(|(_, share)| *share > 0.0).collect());
        }
        let geometric = at.get("geometric").filter(At::is_map)?;
        let mean = self.required(&geometric, "mean").and_then(|mean| self.number(&mean))?;
        let further = 1.0 - 1.0 / mean;
        let (mut sizes, mut left) = (Vec::new(), 1.0);
        for size in 1..units.max(1) as u32 {
            if left * further <= TAIL {
                break;
            }
            sizes.push((size, left * (1.0 - further)));
            left *= further;
        }
        sizes.push((sizes.len() as u32 + 1, left));
        Some(sizes)
    }
}
