//! Forecasts of files as the command line asks them: what is read, repaired, refused with its row, and answered.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::PathBuf;

use ninefold_models::forecast::{Series, decompose};
use ninefold_scenarios::forecast::{Capacity, ForecastReport, ForecastRequest, Gaps, History, Step, Take};

fn request(name: &str, text: &str) -> ForecastRequest {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("forecast-{name}.csv"));
    std::fs::write(&path, text).unwrap();
    ForecastRequest::new(path, "4".to_owned())
}

/// Growth and a season of 7 days without noise.
fn orders(days: usize) -> String {
    let start: jiff::civil::Date = "2029-01-01".parse().unwrap();
    let mut text = "day,orders\n".to_owned();
    for t in 0..days {
        let value = 100.0 + t as f64 + [0.0, 5.0, 9.0, 9.0, 4.0, -20.0, -30.0][t % 7];
        let day = start.checked_add(jiff::Span::new().days(t as i64)).unwrap();
        writeln!(text, "{day},{value}").unwrap();
    }
    text
}

#[test]
fn rows_become_equal_steps_and_repairs_are_counted() {
    let months = request("months", "ds,y\r1949-01-01,112\r1949-02-01,118\r1949-03-01,132\r");
    let history = History::read(&months).unwrap();
    assert_eq!((history.step, &history.values[..]), (Step::Month, &[112.0, 118.0, 132.0][..]));
    assert_eq!(history.instant(12) - history.instant(0), 365 * 86_400);
    let text = "t,v\n2014-04-10 00:04:00,1\n2014-04-10 00:59:00,2\n2014-04-10 02:00:00,5\n2014-04-10 02:00:00,6\n";
    let mut hours = ForecastRequest { every: Some("1h".to_owned()), gaps: Gaps::Zero, ..request("hours", text) };
    hours.take = Take::Sum;
    let history = History::read(&hours).unwrap();
    assert_eq!(history.values, [3.0, 0.0, 11.0]);
    assert_eq!([history.filled, history.merged, history.duplicates, history.rows], [1, 2, 1, 4]);
    let days = ForecastRequest {
        gaps: Gaps::Line,
        ..request("days", "\"ds\",\"y\"\r\n\"2014-04-10\",1\r\n\"2014-04-11\",1\r\n\"2014-04-14\",4\r\n")
    };
    assert_eq!(History::read(&days).unwrap().values, [1.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn what_is_no_demand_is_refused_with_its_row() {
    let day = "day,v\n2030-01-01,1\n2030-01-02,2\n";
    let table = [
        ("negative", "2030-01-03,-4\n", "row 3 (2030-01-03): its value in `v` is -4; a demand is not negative"),
        ("missing", "2030-01-03,\n", "row 3 (2030-01-03): its value in `v` is missing"),
        ("word", "2030-01-03,many\n", "row 3 (2030-01-03): its value in `v` is `many`, no number"),
        ("instant", "soon,4\n", "row 3: `soon` in `day` is no instant"),
        ("back", "2029-01-03,4\n", "row 3 (2029-01-03): it comes before the row above"),
        (
            "twice",
            "2030-01-02,4\n",
            "row 3 (2030-01-02): it has the instant of the row above; `--every` puts rows together",
        ),
        (
            "gap",
            "2030-01-05,4\n",
            "row 3 (2030-01-05): 2 step(s) of 1 d before it have no row; `--gaps zero` or `--gaps line` fills them",
        ),
        (
            "between",
            "2030-01-03 12:00,4\n",
            "row 3 (2030-01-03T12:00:00Z): it lies between the steps of 1 d; `--every` puts rows together",
        ),
    ];
    for (name, row, expected) in table {
        let error = History::read(&request(name, &format!("{day}{row}"))).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let wrong = |change: &dyn Fn(&mut ForecastRequest)| {
        let mut request = request("settings", &orders(60));
        change(&mut request);
        ForecastReport::of(&request).unwrap_err().to_string()
    };
    assert_eq!(wrong(&|r| r.horizon = "36h".to_owned()), "`--horizon`: `36h` is no whole number of steps of 1 d");
    assert!(wrong(&|r| r.method = Some("oracle".to_owned())).starts_with("`--method`: `oracle` is none of naive"));
    assert_eq!(wrong(&|r| r.level = 1.0), "`--level`: it is above 0 and below 100 %");
    assert!(wrong(&|r| r.capacity = Some(Capacity { amount: -1.0, lead_time: None, risk: 0.1 })).contains("capacity"));
    assert!(wrong(&|r| r.horizon = "90d".to_owned()).contains("at least"));
    assert!(wrong(&|r| r.column = Some("order".to_owned())).contains("orders"));
}

/// Without noise the future is known, and so is the day on which a capacity is passed.
#[test]
fn growth_with_a_season_is_continued_and_orders_are_dated() {
    let request = ForecastRequest {
        horizon: "28d".to_owned(),
        capacity: Some(Capacity { amount: 332.0, lead_time: Some("10d".to_owned()), risk: 0.1 }),
        ..request("orders", &orders(210))
    };
    let report = ForecastReport::of(&request).unwrap();
    assert_eq!(report.seasons, (vec![7], false));
    for (h, ahead) in report.ahead.iter().enumerate() {
        let t = 210 + h;
        let known = 100.0 + t as f64 + [0.0, 5.0, 9.0, 9.0, 4.0, -20.0, -30.0][t % 7];
        assert!((ahead.point - known).abs() < 1.0, "{h}: {} {known}", ahead.point);
        assert!(ahead.band.is_some());
    }
    // 332 is passed first at t = 226, a Wednesday: 100 + 226 + 9.
    let order = report.order.unwrap();
    assert_eq!(order.needed, Some((16, report.history.instant(226))));
    assert_eq!(order.order_by, Some(report.history.instant(216)));
    assert!(order.exhausted[15].value < 0.05 && order.exhausted[16].value > 0.95);
    assert!(report.methods.iter().any(|method| method.name == "seasonal naive"));
}

/// Parts of the hourly demand for electricity beside those of R's `forecast::mstl`, where the known answers are at hand.
#[test]
fn parts_are_those_of_another_program() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases/capacity"));
    let Ok(cases) = std::fs::read_to_string(folder.join("resilience.json")) else {
        eprintln!("SKIPPED: the known answers are not at hand; nothing is proven");
        return;
    };
    let cases: serde_json::Value = serde_json::from_str(&cases).unwrap();
    let case = cases.as_array().unwrap().iter().find(|case| case["family"] == "mstl_decomposition").unwrap();
    let trace = folder.join("traces").join(case["input"]["trace"].as_str().unwrap());
    let values = History::read(&ForecastRequest::new(trace, "1".to_owned())).unwrap().values;
    let parts = decompose(&Series::with_seasons(values, vec![24, 168]).unwrap()).unwrap();
    let sd = case["expected"]["variance"][0].as_f64().unwrap().sqrt();
    let rows = case["expected"]["rows"].as_object().unwrap();
    assert!(rows.len() > 10);
    for (row, known) in rows {
        let (place, known) = (row.parse::<usize>().unwrap(), |column: usize| known[column].as_f64().unwrap());
        assert!((parts.trend[place] / known(1) - 1.0).abs() < 0.002, "{row}");
        let off = [parts.seasons[0][place] - known(2), parts.seasons[1][place] - known(3)];
        assert!(off.iter().all(|off| off.abs() < 0.02 * sd), "{row}: {off:?}");
    }
}
