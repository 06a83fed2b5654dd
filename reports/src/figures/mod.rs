//! Figures: SVG, each from one table (the topology from the system). One figure, one file.
//!
//! A figure's title says what it shows of this run; its alternative text says it without a picture. Figures are
//! legible on light and dark ground: every colour has a partner that takes over where the reader prefers dark.

mod autoscaler_trace;
mod axis;
mod canvas;
mod capacity_buffer;
mod capacity_over_time;
mod cost_by_reserve;
mod cost_vs_downtime;
mod demand_fan;
mod distribution;
mod downtime_by_cause;
mod fit;
mod incident_story;
mod incident_timeline;
mod input_shares;
mod metastability_map;
mod nines_by_window;
mod paired_differences;
mod palette;
mod pit_histogram;
mod recovery_point;
mod recovery_time;
mod replicas_over_time;
mod scalability;
mod topology;
mod topology_layout;
mod traffic_moved;
mod utilisation_by_hour;
mod within;

pub use cost_vs_downtime::cost_vs_downtime;
pub use demand_fan::demand_fan;
pub use fit::fit_figure;
pub use incident_story::story_figure;
pub(crate) use input_shares::{label as share_label, largest_shares};
pub use paired_differences::paired_differences;
pub use pit_histogram::pit_histogram;
pub use replicas_over_time::replicas_over_time;
pub use scalability::scalability;
pub(crate) use topology_layout::redundancy;

use crate::input::ReportInput;

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// File name without extension.
    pub name: &'static str,
    /// What is to be seen, in a sentence.
    pub title: String,
    /// The same for who cannot see it, with the numbers.
    pub alt: String,
    /// The table it is drawn from; the topology has none.
    pub table: Option<&'static str>,
    /// The SVG document.
    pub svg: String,
}

/// Every figure the results have something to show for, in the order of the report.
pub fn figures(input: &ReportInput<'_>) -> Vec<Figure> {
    [
        downtime_by_cause::figure,
        input_shares::figure,
        distribution::figure,
        nines_by_window::figure,
        recovery_time::figure,
        recovery_point::figure,
        traffic_moved::figure,
        incident_timeline::figure,
        capacity_over_time::figure,
        utilisation_by_hour::figure,
        autoscaler_trace::figure,
        capacity_buffer::figure,
        cost_by_reserve::figure,
        metastability_map::figure,
        topology::figure,
    ]
    .iter()
    .filter_map(|figure| figure(input))
    .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn every_figure_has_a_title_an_alternative_text_and_both_grounds() {
        let figures = figures(&ToyShop::new().input());
        assert_eq!(figures.len(), 14);
        for figure in figures {
            assert!(!figure.title.is_empty() && figure.alt.len() > 40, "{}", figure.name);
            assert!(figure.svg.contains("role=\"img\"") && figure.svg.contains("<title>"), "{}", figure.name);
            assert!(figure.svg.contains("prefers-color-scheme: dark"), "{}", figure.name);
            assert!(!figure.svg.contains("NaN") && !figure.svg.contains("inf"), "{}", figure.name);
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        let mut shop = ToyShop::new();
        let hostile = "</svg><script>alert(1)</script>&\"'";
        shop.spec.components[0].name = hostile.into();
        shop.results.capacity.iter_mut().for_each(|row| row.entity = format!("components.{hostile}"));
        shop.results.purchases.iter_mut().for_each(|row| row.entity = format!("components.{hostile}"));
        shop.results.decisions.iter_mut().for_each(|row| row.component = format!("components.{hostile}"));
        shop.results.buffers.iter_mut().for_each(|row| row.place = format!("components.{hostile}"));
        shop.results.metastability.iter_mut().for_each(|row| row.cure = hostile.into());
        shop.spec.prices.currency = hostile.into();
        shop.spec.domains[0].name = hostile.into();
        shop.about.scenario = hostile.into();
        shop.results.causes[0].cause = hostile.into();
        shop.results.input_shares[0].input = hostile.into();
        for row in &mut shop.results.incidents {
            row.cause = hostile.into();
        }
        for figure in figures(&shop.input()) {
            assert!(!figure.svg.contains("<script"), "{}", figure.name);
            assert_eq!(figure.svg.matches("</svg>").count(), 1, "{}", figure.name);
        }
    }

    #[test]
    fn nothing_to_show_is_no_figure() {
        let mut shop = ToyShop::new();
        shop.results.causes.clear();
        shop.results.exceedance.clear();
        shop.results.windowed.clear();
        shop.results.availability.clear();
        shop.results.incidents.clear();
        shop.results.failovers.clear();
        shop.results.decisions.clear();
        shop.results.buffers.clear();
        shop.results.traffic_moved.clear();
        shop.results.input_shares.clear();
        shop.results.capacity.clear();
        shop.results.purchases.clear();
        shop.results.metastability.clear();
        let names: Vec<_> = figures(&shop.input()).iter().map(|f| f.name).collect();
        assert_eq!(names, ["topology"]);
    }
}
