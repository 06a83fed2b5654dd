//! The report: one self-contained HTML file that opens offline, prints well and follows the reader's light or dark.

mod grid;
mod part;
mod section;
mod verdict;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use part::{Section, Source};

use crate::figures::Figure;
use crate::input::ReportInput;
use crate::tables::Format;

pub use verdict::sentence;

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("sort.js");

/// The report could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be made")]
pub struct ReportError(#[from] Box<minijinja::Error>);

/// Everything the template shows, in its order.
#[derive(Serialize)]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    extension: &'static str,
    scenario: &'a str,
    verdict: String,
    verdict_class: &'static str,
    sections: Vec<Section<'a>>,
}

/// The report as HTML; links to tables have the extension of `format`.
///
/// # Errors
/// [`ReportError`] if the template fails, which would be a fault of the template.
pub fn html(input: &ReportInput<'_>, figures: &[Figure], format: Format) -> Result<String, ReportError> {
    render(input, figures, format).map_err(|error| ReportError(Box::new(error)))
}

fn render(input: &ReportInput<'_>, figures: &[Figure], format: Format) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE)?;
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        extension: format.extension(),
        scenario: &input.about.scenario,
        verdict: verdict::sentence(input),
        verdict_class: verdict::class(input),
        sections: section::sections(Source { input, figures }),
    };
    environment.get_template("report")?.render(Serde(&page))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::analysis::COMPONENTS_MAX;

    use super::*;
    use crate::figures::figures;
    use crate::toy_shop::ToyShop;

    fn report(shop: &ToyShop) -> String {
        html(&shop.input(), &figures(&shop.input()), Format::Parquet).unwrap()
    }

    #[test]
    fn the_report_is_self_contained_and_in_order() {
        let html = report(&ToyShop::new());
        for outside in ["src=\"http", "href=\"http", "url(", "@import"] {
            assert!(!html.contains(outside), "{outside}");
        }
        let order = [
            "id=\"verdict\"",
            "id=\"numbers\"",
            "id=\"drivers\"",
            "id=\"capacity\"",
            "id=\"failover\"",
            "id=\"structure\"",
            "id=\"recovery\"",
            "id=\"doubt\"",
            "id=\"agreements\"",
            "id=\"windows\"",
            "id=\"figures\"",
            "id=\"measures\"",
            "id=\"assumptions\"",
            "id=\"inputs\"",
            "id=\"method\"",
            "id=\"reproduce\"",
        ];
        let places: Vec<_> = order.iter().map(|id| html.find(id).unwrap_or_else(|| panic!("{id}"))).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(
            html.matches("role=\"img\"").count(),
            figures(&ToyShop::new().input()).len(),
            "every figure has its place"
        );
        assert!(
            html.contains("3.8e-4 ± 0.4e-4") && html.contains("prefers-color-scheme") && html.contains("@media print")
        );
    }

    #[test]
    fn links_lead_to_the_tables_in_their_format() {
        let shop = ToyShop::new();
        let html = html(&shop.input(), &figures(&shop.input()), Format::Csv).unwrap();
        assert!(html.contains("href=\"tables/incidents.csv\"") && !html.contains(".parquet"));
    }

    #[test]
    fn hostile_names_are_escaped() {
        let mut shop = ToyShop::new();
        let hostile = "<script>alert('x')</script><img src=x onerror=alert(1)>";
        shop.about.scenario = hostile.into();
        shop.spec.name = hostile.into();
        shop.spec.journeys[0].name = hostile.into();
        shop.spec.components[0].name = hostile.into();
        shop.about.assumptions[0].reason = hostile.into();
        shop.about.provenance[0].source = hostile.into();
        shop.results.requirements[0].agreement = hostile.into();
        shop.results.causes[0].cause = hostile.into();
        for m in &mut shop.results.measures {
            m.entity = m.entity.replace("checkout", hostile);
        }
        let html = report(&shop);
        assert_eq!(html.matches("<script").count(), 1, "only ours");
        assert!(!html.contains("<img"));
        assert!(html.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_report_without_anything_optional_is_still_a_report() {
        let mut shop = ToyShop::new();
        shop.spec.journeys.clear();
        shop.results.requirements.clear();
        shop.results.importance.clear();
        shop.results.cut_sets.clear();
        shop.results.cut_set_counts.clear();
        shop.results.recovery.clear();
        shop.results.cut_set_downtime.clear();
        shop.results.edge_downtime.clear();
        shop.results.causes.clear();
        shop.results.windowed.clear();
        shop.results.incidents.clear();
        shop.results.input_shares.clear();
        shop.results.outcome.parameter_draws = 0;
        shop.about.records.clear();
        shop.fits.clear();
        assert!(report(&shop).contains("id=\"reproduce\""));
        assert!(!report(&shop).contains("id=\"recovery\""));
    }

    #[test]
    fn what_is_too_large_for_an_order_of_recovery_is_told_so() {
        let mut shop = ToyShop::new();
        shop.results.recovery.clear();
        let one = shop.spec.components[0].clone();
        shop.spec.components.resize(COMPONENTS_MAX + 1, one);
        assert!(report(&shop).contains("more than 10,000 components or domains"));
    }

    #[test]
    fn odd_numbers_break_nothing() {
        use ninefold_models::results::{Estimated, WithInputs};
        let odd = [f64::NAN, f64::INFINITY, 0.0, 1.0, 1e-300, 5e-324, 1e300, -1.0];
        for value in odd {
            for bound in odd {
                let e = Estimated { value, standard_error: bound, lo: bound.min(value), hi: bound };
                let mut shop = ToyShop::new();
                let results = &mut shop.results;
                results.measures.iter_mut().for_each(|m| m.estimate = e);
                results.availability.iter_mut().for_each(|r| (r.unavailability, r.unserved_ratio) = (e, e));
                results.windowed.iter_mut().for_each(|r| (r.mcr_p05, r.mcr_p50, r.mcr_p95) = (value, bound, value));
                results.exceedance.iter_mut().for_each(|r| (r.downtime_min, r.p_exceed) = (value.abs(), e));
                results.traffic_moved.iter_mut().for_each(|r| r.moved = e);
                let odd = WithInputs { standard_deviation: bound, lo: bound.min(value), hi: bound };
                results.measures.iter_mut().for_each(|m| m.inputs = Some(odd));
                results.input_shares.iter_mut().for_each(|r| r.share = e);
                results.cut_set_downtime.iter_mut().for_each(|r| r.minutes_per_year = e);
                results.edge_downtime.iter_mut().for_each(|r| (r.minutes_through, r.minutes_ending) = (e, e));
                results
                    .cut_sets
                    .iter_mut()
                    .for_each(|r| (r.minutes_per_year, r.p_per_year) = (Some(value), Some(bound)));
                results.recovery.iter_mut().for_each(|r| (r.starts_min, r.up_min) = (Some(value), Some(bound)));
                results.causes.iter_mut().for_each(|r| r.minutes_per_year = e);
                results.incidents.iter_mut().for_each(|r| r.restored_s = r.fault_s + value.abs());
                results.requirements.iter_mut().for_each(|r| (r.shortfall, r.breach_probability) = (e, e));
                let html = report(&shop);
                assert!(!html.contains("NaN") && !html.contains(">inf"), "{value} {bound}");
                assert!(crate::terminal::answer(&shop.input()).lines().count() > 4);
            }
        }
    }

    #[test]
    fn many_items_are_capped_and_said_so() {
        let mut shop = ToyShop::new();
        let row = shop.about.provenance[0].clone();
        shop.about.provenance = vec![row; 5_000];
        let component = shop.spec.components[0].clone();
        let rename = |i: usize| {
            let mut copy = component.clone();
            copy.name = format!("component-with-a-rather-long-name-{i}");
            copy
        };
        shop.spec.components.extend((0..200).map(rename));
        let html = report(&shop);
        assert!(html.contains("and 4700 more") && html.contains("180 more components"));
        assert!(html.len() < 1_000_000, "{}", html.len());
    }
}
