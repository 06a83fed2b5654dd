//! `burst` in a run: which units are spot capacity, how it is reclaimed and what takes its place.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{ReclaimShare, ReclaimSpec, Redundancy, SpotSpec};
use ninefold_models::uncertainty::InputLaw;
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use super::units::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

/// Keys of a component that do not go with spot capacity yet.
const APART: [&str; 3] = ["health_check", "data_loss", "replication"];

/// What keeps shares of whole numbers whole.
const ROUNDING: f64 = 1e-9;

/// The units that are spot: in each domain so many of the first n that their number is the share of n rounded down, each
/// domain a part of a unit ahead of the one before it, so that the domains together have their share too.
pub(super) fn spot_units(domains: &[Option<usize>], share: f64) -> Vec<u32> {
    let mut met: Vec<(Option<usize>, u32)> = Vec::new();
    let all = domains.iter().collect::<std::collections::BTreeSet<_>>().len() as f64;
    let mut chosen = Vec::new();
    for (place, domain) in (0..).zip(domains) {
        let at = met.iter().position(|(known, _)| known == domain).unwrap_or_else(|| {
            met.push((*domain, 0));
            met.len() - 1
        });
        let before = |units: u32| (f64::from(units) * share + at as f64 / all + ROUNDING).floor();
        let units = met[at].1;
        if before(units + 1) > before(units) {
            chosen.push(place);
        }
        met[at].1 += 1;
    }
    chosen
}

impl Lowering<'_> {
    /// The spot capacity of a component; `None` if it has none.
    pub(super) fn spot(
        &mut self,
        (component, name): (&At<'_>, &str),
        (redundancy, placed): (Option<&Redundancy>, Option<&Placed>),
    ) -> Option<SpotSpec> {
        let at = component.get("burst")?;
        // Without it the refusal of what a replay alone obeys has spoken.
        let share = self.ratio(&at.get("spot_share")?)?;
        self.refuse_beside_spot(component, &at, redundancy)?;
        let units = self.spot_units((&at, share), placed?)?;
        let (interruption, reclaims) = self.interruption(&at)?;
        let lead = self.lead(&at)?;
        let returns = match at.get("returns") {
            Some(returns) => self.law(&returns)?,
            None => {
                let reason = "spot capacity that was reclaimed is to be had again an hour later in the mean";
                self.assume(format!("{}.returns", at.path()), "{exponential: {mean: 1h}}", reason);
                Law::exponential(Hours::new(1.0)).ok()?
            }
        };
        let boot = match component.get("start").and_then(|start| start.get("boot")) {
            Some(boot) => self.law(&boot)?,
            None => {
                self.assume(format!("{}.start.boot", component.path()), "0s", "a new unit serves at once");
                Law::constant(Hours::ZERO).ok()?
            }
        };
        let drain = match component.get("drain") {
            Some(drain) => self.duration(&drain)?,
            None => {
                let reason = "an instance that is reclaimed leaves no work behind";
                self.assume(format!("{}.drain", component.path()), "0s", reason);
                Hours::ZERO
            }
        };
        let stockout = self.on_demand_instead(&at)?;
        let component = name.to_owned();
        Some(SpotSpec { component, units, interruption, reclaims, lead, drain, boot, returns, stockout })
    }

    fn spot_units(&mut self, (at, share): (&At<'_>, f64), placed: &Placed) -> Option<Vec<u32>> {
        let units = spot_units(&placed.domains, share);
        let all = placed.units.len();
        if units.is_empty() {
            let place = at.get("spot_share").map_or(at.span(), |share| share.span());
            let message = format!("of {all} units this share makes none spot capacity");
            self.sink.push(Diagnostic::new(Code::Range, message, place).hint("raise it, or remove `burst`"));
            return None;
        }
        let value = format!("{} of {all} units", units.len());
        self.remark(format!("{}.spot_units", at.path()), value, "the share of whole units, in each domain");
        Some(units)
    }

    /// `interruption`: one by one, and together.
    fn interruption(&mut self, at: &At<'_>) -> Option<(Option<Law>, Option<ReclaimSpec>)> {
        let interruption = self.required(at, "interruption")?;
        let (own, shocks) = (interruption.get("per_instance"), interruption.get("correlated"));
        if own.is_none() && shocks.is_none() {
            let message = "nothing reclaims these instances";
            let problem = Diagnostic::new(Code::Missing, message, interruption.key_span());
            self.sink.push(problem.hint("add `per_instance: LAW`, or `correlated: {rate: …, share: …}`"));
            return None;
        }
        let law = match &own {
            Some(own) => Some(self.law(own)?),
            None => None,
        };
        if let Some(own) = own.filter(|_| law.as_ref().is_some_and(|law| !(law.mean().get() > 0.0))) {
            let problem = Diagnostic::new(Code::LawRange, "the mean time to an interruption is 0", own.span());
            self.sink.push(problem.hint("give a law with a mean above 0"));
            return None;
        }
        let reclaims = match shocks {
            Some(shocks) => Some(self.reclaims(&shocks)?),
            None => None,
        };
        Some((law, reclaims))
    }

    fn reclaims(&mut self, at: &At<'_>) -> Option<ReclaimSpec> {
        let rate = self.required(at, "rate");
        let share = self.required(at, "share")?;
        let place = rate?;
        let per_second = self.rate(&place)?;
        if per_second <= 0.0 {
            let problem = Diagnostic::new(Code::Range, "the rate of reclaims is 0", place.span());
            self.sink.push(problem.hint("remove `correlated`, or give a rate above 0"));
            return None;
        }
        let every = Hours::new(1.0 / (per_second * 3600.0));
        let share = if share.text().is_some() {
            let certain = self.ratio(&share)?;
            if certain <= 0.0 {
                let problem = Diagnostic::new(Code::Range, "a reclaim takes nothing", share.span());
                self.sink.push(problem.hint("remove `correlated`, or give a share above 0"));
                return None;
            }
            ReclaimShare::Certain(certain)
        } else {
            ReclaimShare::Drawn(self.drawn_share(&share)?)
        };
        Some(ReclaimSpec { every, share })
    }

    /// A share that is drawn within a replication, not once a parameter draw.
    pub(super) fn drawn_share(&mut self, at: &At<'_>) -> Option<InputLaw> {
        let variants = at.variants();
        let [(kind, inner)] = variants.as_slice() else { return None };
        let mut ratio = |key: &str| self.required(inner, key).and_then(|at| values::ratio(at.text()?).ok());
        let made = if *kind == "beta" {
            let mean = ratio("mean");
            let n = self.required(inner, "n").and_then(|n| values::number_in(n.text()?, 0.0, 1e9).ok());
            InputLaw::beta(mean?, n?)
        } else {
            let [min, mode, max] = ["min", "mode", "max"].map(&mut ratio);
            InputLaw::pert(min?, mode?, max?)
        };
        let law = self.believed(made, kind, inner)?;
        self.note_uncertain(at, "1", kind);
        Some(law)
    }

    fn lead(&mut self, at: &At<'_>) -> Option<Hours> {
        let notice = match at.get("notice") {
            Some(notice) => self.duration(&notice)?,
            None => {
                let reason = "AWS gives two minutes of notice, other clouds about half of one";
                self.assume(format!("{}.notice", at.path()), "2min", reason);
                Hours::new(2.0 / 60.0)
            }
        };
        let rebalance = match at.get("rebalance") {
            Some(rebalance) => self.duration(&rebalance)?,
            None => Hours::ZERO,
        };
        Some(if rebalance.get() > notice.get() { rebalance } else { notice })
    }

    /// The probability that no unit on demand is to be had, where one would take the place.
    #[allow(clippy::option_option, reason = "the outer says whether it could be read, the inner whether there is one")]
    fn on_demand_instead(&mut self, at: &At<'_>) -> Option<Option<f64>> {
        let stockout = at.get("on_demand_stockout");
        if at.get("fallback").is_none() {
            let Some(stockout) = stockout else { return Some(None) };
            let message = "nothing is asked for on demand, so nothing can be out of stock";
            let problem = Diagnostic::new(Code::Variant, message, stockout.key_span());
            self.sink.push(problem.hint("add `fallback: on_demand`, or remove this"));
            return None;
        }
        match stockout {
            Some(stockout) => self.ratio(&stockout).map(Some),
            None => {
                let reason = "a unit on demand is always to be had";
                self.assume(format!("{}.on_demand_stockout", at.path()), "0", reason);
                Some(Some(0.0))
            }
        }
    }

    /// Refuses by name what does not go with spot capacity yet.
    fn refuse_beside_spot(&mut self, component: &At<'_>, at: &At<'_>, redundancy: Option<&Redundancy>) -> Option<()> {
        let beside: Vec<At<'_>> = APART.iter().filter_map(|key| component.get(key)).collect();
        let mut found: Vec<(String, At<'_>)> = Vec::new();
        for place in beside {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            found.push((format!("`{key}` beside spot capacity is not supported yet"), place));
        }
        let scheme = redundancy.and_then(Redundancy::scheme);
        if let Some(scheme) = scheme {
            found.push((format!("spot capacity beside {scheme} is not supported yet"), at.clone()));
        }
        let good = found.is_empty();
        for (message, place) in found {
            let problem = Diagnostic::new(Code::NotYet, message, place.key_span());
            self.sink
                .push(problem.why("leaving it out silently would change the answer").hint("remove one of the two"));
        }
        good.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::spot_units;

    #[test]
    fn every_domain_has_its_share() {
        assert_eq!(spot_units(&[None; 6], 0.5), [1, 3, 5]);
        assert_eq!(spot_units(&[None; 10], 0.3), [3, 6, 9]);
        assert_eq!(spot_units(&[None; 3], 1.0), [0, 1, 2]);
        assert!(spot_units(&[None; 3], 0.3).is_empty());
        // Round robin over two zones: one of two in each, whatever the parity of the ordinals.
        let zones: Vec<_> = (0..8).map(|unit| Some(unit % 2)).collect();
        let spot = spot_units(&zones, 0.5);
        assert_eq!(spot.len(), 4);
        assert_eq!(spot.iter().filter(|unit| **unit % 2 == 0).count(), 2);
        // Three zones, one unit each: one of the three.
        assert_eq!(spot_units(&[Some(0), Some(1), Some(2)], 0.34).len(), 1);
    }

    #[test]
    fn more_units_move_nobody() {
        let zones: Vec<_> = (0..12).map(|unit| Some(unit % 3)).collect();
        let all = spot_units(&zones, 0.4);
        let few = spot_units(&zones[..9], 0.4);
        assert_eq!(all[..few.len()], few);
    }
}
