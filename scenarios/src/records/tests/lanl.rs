//! The published facts of the LANL failure records 1996–2005 ("failure data provided by Los Alamos National
//! Laboratory", LA-UR-05-7318). The file is not carried here: without it these tests say that they are skipped.

use std::path::Path;

use super::super::*;

fn lanl() -> Option<Table> {
    let file = "shared/cases/records/lanl-failures-1996-2005.csv";
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|a| a.join(file)).find(|p| p.exists());
    if found.is_none() {
        // Written past the test harness's capture, so that a skip is never silent.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: no ../{file}\n").as_bytes());
    }
    found.map(|path| read_table(&path).unwrap())
}

fn downtime(table: &Table, filters: &[&str]) -> Column {
    let query = Query {
        source: Source::Value("Down Time".to_owned(), Unit::Min, None),
        filters: filters.iter().map(|f| Filter::parse(f).unwrap()).collect(),
        quality: Quality::default(),
    };
    column(table, &query, Unit::Min).unwrap()
}

fn near(found: f64, published: f64, half_last_digit: f64) {
    assert!((found - published).abs() <= half_last_digit, "{found}, published {published}");
}

#[test]
fn repair_times() {
    let Some(table) = lanl() else { return };
    assert_eq!(table.rows(), 23_739);
    let column = downtime(&table, &[]);
    assert_eq!(column.rejected_text(), "zero 187");
    let report = report(&column, None).unwrap();
    assert_eq!((report.used, report.censored, report.chosen), (23_552, 0, "lognormal"));
    near(report.summary.mean, 355.18, 0.005);
    near(report.summary.median, 60.0, 0.0);
    near(report.summary.squared_cv.unwrap(), 175.2, 0.05);
    let row = |family: &str| report.fits.iter().find(|row| row.family == family).unwrap();
    let value = |family: &str, name: &str| {
        let row = row(family);
        row.params.iter().chain(&row.also).find(|p| p.name == name).unwrap().value
    };
    near(value("lognormal", "mu"), 4.1537, 0.000_05);
    near(value("lognormal", "sigma"), 1.4024, 0.000_05);
    near(row("lognormal").loglik, -139_211.5, 0.05);
    near(row("weibull").loglik, -144_167.0, 0.5);
    near(value("weibull", "shape"), 0.578, 0.000_5);
    near(row("gamma").loglik, -150_825.0, 0.5);
    near(row("exponential").loglik, -161_864.0, 0.5);
    assert_eq!(report.yaml, "repair: {lognormal: {median: 63.67min, sigma: 1.402}}");
}

#[test]
fn times_between_failures() {
    let Some(table) = lanl() else { return };
    for (system, shape, ties, half_last) in
        [(2, 0.738, 0.24, 0.005), (18, 0.817, 0.020, 0.000_5), (19, 0.889, 0.015, 0.000_5), (20, 0.647, 0.031, 0.000_5)]
    {
        let query = Query {
            source: Source::Gaps("Prob Started".to_owned(), None),
            filters: vec![Filter::parse(&format!("System={system}")).unwrap()],
            quality: Quality::default(),
        };
        let column = column(&table, &query, Unit::Min).unwrap();
        let report = report(&column, Some(ninefold_models::fit::Family::Weibull)).unwrap();
        let weibull = report.fits.iter().find(|row| row.chosen).unwrap();
        near(weibull.params[0].value, shape, 0.000_5);
        near(report.tie_share.unwrap(), ties, half_last);
        let exponential = report.fits.iter().find(|row| row.family == "exponential").unwrap();
        assert!(exponential.loglik < weibull.loglik, "system {system}");
    }
}

/// Cause: column, share of rows, share of minutes, mean of the positive repairs.
const CAUSES: [(&str, f64, f64, f64); 6] = [
    ("Hardware", 0.6041, 0.5893, 345.0),
    ("Software", 0.2258, 0.2231, 350.0),
    ("Undetermined", 0.1117, 0.1399, 458.0),
    ("Network", 0.0177, 0.0126, 250.0),
    ("Facilities", 0.0152, 0.0248, 572.0),
    ("Human Error", 0.0063, 0.0029, 164.0),
];

#[test]
fn causes() {
    let Some(table) = lanl() else { return };
    let minutes = |column: &Column| column.values.iter().map(|o| o.value).sum::<f64>();
    let all = minutes(&downtime(&table, &[]));
    near(all, 8_365_183.0, 0.0);
    for (cause, rows, share, mean) in CAUSES {
        let column = downtime(&table, &[&format!("{cause}!=")]);
        near(column.rows as f64 / 23_739.0, rows, 0.000_05);
        near(minutes(&column) / all, share, 0.000_05);
        near(report(&column, None).unwrap().summary.mean, mean, 0.5);
    }
    let blank: Vec<String> = CAUSES.iter().map(|(cause, ..)| format!("{cause}=")).collect();
    let column = downtime(&table, &blank.iter().map(String::as_str).collect::<Vec<_>>());
    near(column.rows as f64 / 23_739.0, 0.0191, 0.000_05);
    near(minutes(&column) / all, 0.0074, 0.000_05);
}
