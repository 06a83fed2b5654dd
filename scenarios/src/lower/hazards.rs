//! `domains.hazards`: what takes down several domains at once, by name or by where they are.

use ninefold_models::system::{Hazard, SystemSpec};

use super::Lowering;
use super::domains::DomainTree;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

/// Mean radius of the Earth (IUGG), in km.
const EARTH_KM: f64 = 6371.0088;

/// Degrees north and east.
type Place = (f64, f64);

/// Adds every hazard to the domains.
pub(super) fn lower(cx: &mut Lowering<'_>, section: &At<'_>, tree: &DomainTree<'_>, spec: &mut SystemSpec) {
    let Some(hazards) = section.get("hazards") else { return };
    let places = places(section);
    for (name, at) in hazards.entries() {
        let Some(hazard) = cx.hazard(name, &at, (tree, &places)) else { continue };
        if let Err(refused) = spec.strike(&hazard) {
            let message = format!("the hazard `{}` cannot be: {}", refused.risk, refused.why);
            cx.sink.push(Diagnostic::new(Code::SharedRisk, message, at.key_span()).hint(refused.hint));
        }
    }
}

/// Where each domain that says so is, in written order.
fn places(section: &At<'_>) -> Vec<Option<Place>> {
    let tree = section.get("tree").map(|tree| tree.entries()).unwrap_or_default();
    tree.iter().map(|(_, domain)| domain.get("geo").and_then(|geo| place(&geo))).collect()
}

fn place(at: &At<'_>) -> Option<Place> {
    let degrees = |key: &str| values::number_in(at.get(key)?.text()?, -180.0, 180.0).ok();
    Some((degrees("lat")?, degrees("lon")?))
}

impl Lowering<'_> {
    fn hazard(
        &mut self,
        name: &str,
        at: &At<'_>,
        (tree, places): (&DomainTree<'_>, &[Option<Place>]),
    ) -> Option<Hazard> {
        if !at.is_map() {
            return None;
        }
        let footprint = match (at.get("domains"), at.get("centre")) {
            (Some(domains), None) => self.named(&domains, tree),
            (None, Some(centre)) => self.around(at, &centre, (tree, places)),
            (None, None) => {
                let message = format!("`{}` strikes nowhere", at.path());
                let hint = "name its `domains`, or give a `centre` and a `radius`";
                self.sink.push(Diagnostic::new(Code::Missing, message, at.key_span()).hint(hint));
                None
            }
            (Some(domains), Some(centre)) => {
                self.sink.push(
                    Diagnostic::new(Code::Variant, "the footprint is given twice", centre.key_span())
                        .secondary(domains.key_span(), "first given here")
                        .hint("keep one of the two"),
                );
                None
            }
        };
        let time_to_shock = self.time_to_shock(at, "annual_rate");
        let hits = self.hits(at);
        let repair = self.required(at, "repair").and_then(|repair| self.repair(&repair));
        let cause = at.get("cause").and_then(|cause| cause.text().map(str::to_owned));
        Some(Hazard {
            name: name.to_owned(),
            cause,
            domains: footprint?,
            time_to_shock: time_to_shock?,
            hits: hits?,
            repair: repair?,
        })
    }

    fn named(&mut self, domains: &At<'_>, tree: &DomainTree<'_>) -> Option<Vec<String>> {
        let known = |cx: &mut Self, domain: &At<'_>| {
            let name = domain.text()?;
            if tree.find(name).is_none() {
                cx.sink.push(tree.unknown(name, domain.span()));
                return None;
            }
            Some(name.to_owned())
        };
        let items = domains.items();
        let names: Vec<Option<String>> = items.iter().map(|domain| known(self, domain)).collect();
        if names.is_empty() {
            let problem = Diagnostic::new(Code::Empty, "a hazard that strikes nowhere", domains.span());
            self.sink.push(problem.hint("name at least one domain"));
            return None;
        }
        names.into_iter().collect()
    }

    /// Every domain that says where it is and lies within the radius.
    fn around(
        &mut self,
        at: &At<'_>,
        centre: &At<'_>,
        (tree, places): (&DomainTree<'_>, &[Option<Place>]),
    ) -> Option<Vec<String>> {
        let radius = self.required(at, "radius")?;
        let text = radius.text()?;
        let number = text.strip_suffix("km").map(str::trim);
        let Some(reach) = number.and_then(|number| values::number_in(number, 0.0, 20_100.0).ok()) else {
            let message = format!("`{text}` is no radius");
            let hint = "write kilometres from 0 to 20100, such as `300km`";
            self.sink.push(Diagnostic::new(Code::UnitMissing, message, radius.span()).hint(hint));
            return None;
        };
        self.note(&radius, "km");
        let centre_at = place(centre)?;
        let within = |found: &Option<Place>| found.is_some_and(|found| distance_km(centre_at, found) <= reach);
        let near = places.iter().enumerate().filter(|(_, found)| within(found));
        let names: Vec<String> = near.map(|(domain, _)| tree.names[domain].to_owned()).collect();
        if names.is_empty() {
            let nearest = places.iter().flatten().map(|&found| distance_km(centre_at, found));
            let nearest = nearest.fold(f64::INFINITY, f64::min);
            let hint = match nearest.is_finite() {
                true => format!("the nearest domain with a `geo` is {nearest:.0} km away"),
                false => "give the domains of `domains.tree` a `geo: {lat: …, lon: …}`".to_owned(),
            };
            let problem = Diagnostic::new(Code::Empty, "no domain lies in the footprint", radius.span());
            self.sink.push(problem.hint(hint));
            return None;
        }
        Some(names)
    }
}

/// Great-circle distance on a sphere, by the haversine formula (Sinnott, *Sky & Telescope* 68 (1984)).
fn distance_km((lat, lon): Place, (other_lat, other_lon): Place) -> f64 {
    let radians = |degrees: f64| degrees * std::f64::consts::PI / 180.0;
    let half = |a: f64, b: f64| {
        let sine = libm::sin(radians(b - a) / 2.0);
        sine * sine
    };
    let chord = half(lat, other_lat) + libm::cos(radians(lat)) * libm::cos(radians(other_lat)) * half(lon, other_lon);
    2.0 * EARTH_KM * libm::asin(chord.clamp(0.0, 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::distance_km;

    #[test]
    fn distances_are_those_of_the_sphere() {
        let quarter = std::f64::consts::FRAC_PI_2 * super::EARTH_KM;
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-7, "{found}");
        close(distance_km((0.0, 0.0), (90.0, 33.0)), quarter);
        close(distance_km((0.0, -90.0), (0.0, 0.0)), quarter);
        close(distance_km((10.0, 170.0), (-10.0, -10.0)), 2.0 * quarter);
        // Across the date line it is near.
        close(distance_km((0.0, 179.5), (0.0, -179.5)), quarter / 90.0);
        assert_eq!(distance_km((50.0, 8.0), (50.0, 8.0)), 0.0);
    }
}
