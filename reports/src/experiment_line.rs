//! The line of an experiment on the screen: how often, whether it held, whom it hurt.

use ninefold_models::results::Measured;

use crate::format;
use crate::input::ReportInput;

/// The measure of an experiment, if it was estimated.
pub(crate) fn of<'a>(input: &ReportInput<'a>, experiment: &str, measure: &str) -> Option<&'a Measured> {
    let entity = format!("experiments.{experiment}");
    input.results.measures.iter().find(|m| m.entity == entity && m.measure == measure)
}

/// What is said of each experiment, in written order.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    input.spec.experiments.iter().filter_map(|experiment| line(input, &experiment.name)).collect()
}

fn line(input: &ReportInput<'_>, name: &str) -> Option<String> {
    let begun = &of(input, name, "experiments_begun")?.estimate;
    let value = |measure: &str| of(input, name, measure).map(|m| m.estimate.value);
    let mut parts = vec![format!("{name}: begun {} times a year", format::significant(begun.value, 2))];
    if let Some(share) = value("held_ratio") {
        parts.push(format!("held in {}", format::percent(share)));
    }
    if let Some(share) = value("aborted_ratio").filter(|share| *share > 0.0) {
        parts.push(format!("given up in {}", format::percent(share)));
    }
    if let Some(share) = value("begun_ratio").filter(|share| *share < 1.0) {
        parts.push(format!("{} of those due not begun", format::percent(1.0 - share)));
    }
    if let Some(hurt) = value("users_hurt").filter(|hurt| *hurt >= 0.5) {
        parts.push(format!("{} requests not served in each", format::significant(hurt, 2)));
    }
    Some(parts.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::system::{Due, ExperimentSpec, Owner, Strike};
    use ninefold_models::units::Hours;

    use super::lines;
    use crate::toy_shop::ToyShop;

    #[test]
    fn a_line_says_how_often_and_whether_it_held() {
        let mut shop = ToyShop::new();
        let owner = Owner::Component("web".to_owned());
        shop.spec.experiments.push(ExperimentSpec {
            name: "gameday".to_owned(),
            strike: Strike { owner, mode: "experiments/gameday".to_owned() },
            units: 1,
            when: Due::At(vec![Hours::new(10.0)]),
            abort_below: None,
            hypothesis: None,
        });
        assert!(lines(&shop.input()).is_empty());
        let mut measure = |name: &'static str, value: f64| {
            let mut row = shop.results.measures[0].clone();
            (row.entity, row.measure, row.estimate.value) = ("experiments.gameday".to_owned(), name, value);
            shop.results.measures.push(row);
        };
        measure("experiments_begun", 12.0);
        measure("begun_ratio", 1.0);
        measure("held_ratio", 0.75);
        measure("users_hurt", 1800.0);
        let expected = "gameday: begun 12 times a year, held in 75 %, 1,800 requests not served in each";
        assert_eq!(lines(&shop.input()), [expected]);
    }
}
