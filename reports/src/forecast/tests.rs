//! A small forecast on every surface.

use super::*;
use crate::figures::{demand_fan, pit_histogram};
use crate::tables::{capacity_forecast, forecast_methods, forecast_parts, forecast_pit, forecast_scores};

/// A tenth of the values in each tenth.
fn scored(steps: (usize, usize), count: u64) -> Scored {
    let pit_bins = vec![count as f64 / 10.0; 10];
    Scored { steps, count, crps: 1.5, skill: Some(0.4), pit: 0.5, pit_bins, inside: 0.8, brier: Some(0.05) }
}

fn shown() -> ForecastShown {
    let step = |day: u32, point: f64, passed: f64| StepAhead {
        at: format!("2030-01-{day:02}"),
        point,
        band: Some((point - 4.0, point + 4.0)),
        quantiles: [point - 5.0, point, point + 5.0],
        exhausted: Some([passed, passed - 0.01, passed + 0.01]),
        actual: None,
    };
    let method = |name: &str, mae| Method {
        name: name.to_owned(),
        mae,
        mase: Some(mae / 4.0),
        interval_score: Some(4.0 * mae),
        coverage: Some(0.8),
        origins: 24,
    };
    ForecastShown {
        file: "shop.csv".to_owned(),
        column: "orders".to_owned(),
        step: "1 d".to_owned(),
        seasons: vec![7],
        seasons_said: false,
        repaired: vec!["2 steps without a row lie on the line between their neighbours".to_owned()],
        history: (1..=20).map(|day| (format!("2029-12-{day:02}"), 80.0 + f64::from(day % 7))).collect(),
        known: 20,
        level: 0.8,
        ahead: vec![step(1, 90.0, 0.02), step(2, 97.0, 0.3), step(3, 92.0, 0.31)],
        no_bands: None,
        methods: vec![method("theta, additive season", 2.0), method("seasonal naive", 4.0), method("naive", 9.0)],
        scores: vec![scored((1, 3), 60), scored((1, 2), 40), scored((3, 3), 20)],
        parts: vec![("trend".to_owned(), vec![81.0; 20]), ("remainder".to_owned(), vec![2.0; 20])],
        left_out: vec![("MSTL, no trend".to_owned(), "too short".to_owned())],
        peak: [93.0, 97.5, 101.0],
        order: Some(Order {
            capacity: 100.0,
            risk: 0.1,
            lead_time: Some("1d".to_owned()),
            needed: Some((1, "2030-01-02".to_owned())),
            order_by: Some(("2030-01-01".to_owned(), false)),
        }),
        held_out: None,
    }
}

#[test]
fn the_answer_comes_first() {
    insta::assert_snapshot!(text(&shown()));
}

#[test]
fn too_late_and_never_are_said() {
    let mut late = shown();
    let order = late.order.as_mut().unwrap();
    order.order_by = Some(("2029-12-01".to_owned(), true));
    assert!(text(&late).contains("too late: 2029-12-01 would have been in time for 2030-01-02"));
    late.order.as_mut().unwrap().needed = None;
    assert!(text(&late).contains("nothing: the probability stays at 10 % or below"));
}

#[test]
fn the_object_the_tables_and_the_figure_say_the_same() {
    let shown = shown();
    let object = object(&shown);
    assert_eq!(object["ahead"][1]["p_exhausted"]["value"], 0.3);
    assert_eq!(object["capacity"]["order_by"], "2030-01-01");
    assert_eq!(object["method"], "theta, additive season");
    let (steps, methods) = (capacity_forecast(&shown), forecast_methods(&shown));
    assert_eq!([steps.rows(), methods.rows()], [3, 3]);
    let (scores, pit, parts) = (forecast_scores(&shown), forecast_pit(&shown), forecast_parts(&shown));
    assert_eq!([scores.rows(), pit.rows(), parts.rows()], [3, 10, 40]);
    assert_eq!(object["scores"][1]["last_step"], 2);
    let even = pit_histogram(&shown).unwrap();
    assert_eq!(even.title, "orders: forecasts of the past were as sure as they should be");
    let mut sure = shown.clone();
    sure.scores[0].pit_bins = vec![30.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 30.0];
    assert!(pit_histogram(&sure).unwrap().title.ends_with("too sure"));
    sure.scores[0].pit_bins = vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 20.0, 30.0];
    assert!(pit_histogram(&sure).unwrap().title.ends_with("too low"));
    assert!(pit_histogram(&ForecastShown { scores: Vec::new(), ..shown.clone() }).is_none());
    let figure = demand_fan(&shown).unwrap();
    assert_eq!(figure.title, "orders: next peak 97.00 at 2030-01-02");
    assert!(figure.svg.contains("more needed from 2030-01-02"));
    assert!(demand_fan(&ForecastShown { ahead: Vec::new(), ..shown }).is_none());
}
