use std::fs;
use std::path::PathBuf;

use ninefold_models::fit::Family;

use super::*;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("ninefold-records-{name}-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

fn query(source: Source) -> Query {
    Query { source, filters: Vec::new(), quality: Quality::default() }
}

fn repairs() -> Source {
    Source::Duration("down".to_owned(), "up".to_owned())
}

fn table(text: &str) -> Table {
    csv::read(text.as_bytes(), ROWS_MAX).unwrap()
}

const MESSY: &str = "\
host,down,up
a,2027-01-01 00:00,2027-01-01 02:00
a,2027-01-01 01:00,2027-01-01 05:00
b,2027-01-01 00:00,2027-01-01 00:00
b,2027-01-02 00:00,2027-01-01 23:00
b,soon,2027-01-02 00:00
a,2027-01-03 00:00,
,,2027-01-03 00:00
a,1/4/2027 0:00,1/4/27 12:00 PM
";

#[test]
fn rejected_rows_are_counted_by_rule() {
    let column = column(&table(MESSY), &query(repairs()), Unit::H).unwrap();
    let values: Vec<f64> = column.values.iter().map(|o| o.value).collect();
    assert_eq!(values, [2.0, 4.0, 12.0]);
    assert_eq!(column.rows, 8);
    assert_eq!(column.rejected_text(), "end_before_start 1, missing 2, unreadable 1, zero 1");
}

#[test]
fn quality_rules_do_what_they_say() {
    let with = |quality| column(&table(MESSY), &Query { quality, ..query(repairs()) }, Unit::H);
    let dropped = with(Quality { missing: Missing::Drop, ..Quality::default() }).unwrap();
    assert_eq!(dropped.rejected_text(), "end_before_start 1, unreadable 1, zero 1");
    let refused = with(Quality { missing: Missing::Refuse, ..Quality::default() }).unwrap_err();
    assert_eq!(refused.to_string(), "2 rows break the rule `missing: refuse`");
    let cut = with(Quality { censored_at: CensoredAt::Export, ..Quality::default() }).unwrap();
    let open: Vec<f64> = cut.values.iter().filter(|o| o.censored).map(|o| o.value).collect();
    // The record ends on 4 January at noon; the row of 3 January is still open then.
    assert_eq!(open, [36.0]);
    assert_eq!(cut.rejected_text(), "end_before_start 1, missing 1, unreadable 1, zero 1");
    let at = CensoredAt::named("2027-01-01T03:00Z").unwrap();
    let early = with(Quality { censored_at: at, ..Quality::default() }).unwrap();
    let all: Vec<(f64, bool)> = early.values.iter().map(|o| (o.value, o.censored)).collect();
    assert_eq!(all, [(2.0, false), (2.0, true)]);
    assert_eq!(early.rejected["after_cut"], 2);
}

#[test]
fn overlaps_are_kept_merged_or_refused() {
    let by_host = Source::UpTimes("down".to_owned(), "up".to_owned(), Some("host".to_owned()));
    let with = |source: &Source, overlaps| {
        let quality = Quality { overlaps, ..Quality::default() };
        column(&table(MESSY), &Query { quality, ..query(source.clone()) }, Unit::H)
    };
    let kept = with(&by_host, Overlaps::Keep).unwrap();
    let merged = with(&by_host, Overlaps::Merge).unwrap();
    let values = |c: &Column| c.values.iter().map(|o| o.value).collect::<Vec<f64>>();
    // Host a is down 0–2 and 1–5 on 1 January and next on 4 January.
    assert_eq!((values(&kept), kept.rejected["overlap"]), (vec![67.0], 1));
    assert_eq!((values(&merged), merged.rejected["overlap_merged"]), (vec![67.0], 1));
    assert!(matches!(with(&by_host, Overlaps::Refuse), Err(RecordError::Quality { rule: "overlaps", rows: 1 })));
    let whole = with(&repairs(), Overlaps::Merge).unwrap();
    assert_eq!(values(&whole), [5.0, 12.0]);
}

#[test]
fn gaps_are_by_group_and_ties_are_counted() {
    let text = "host,at\na,2027-01-01\nb,2027-01-01\na,2027-01-01\na,2027-01-03\nb,2027-01-02\n";
    let gaps = |by: Option<&str>, quality| {
        let source = Source::Gaps("at".to_owned(), by.map(str::to_owned));
        column(&table(text), &Query { quality, ..query(source) }, Unit::D).unwrap()
    };
    let values = |c: &Column| c.values.iter().map(|o| (o.value, o.censored)).collect::<Vec<_>>();
    let by_host = gaps(Some("host"), Quality::default());
    assert_eq!(values(&by_host), [(2.0, false), (1.0, false)]);
    assert_eq!((by_host.rejected["tie"], by_host.gaps), (1, Some(3)));
    let whole = gaps(None, Quality::default());
    assert_eq!(values(&whole), [(1.0, false), (1.0, false)]);
    assert_eq!((whole.rejected["tie"], whole.gaps), (2, Some(4)));
    let cut = gaps(Some("host"), Quality { censored_at: CensoredAt::Export, ..Quality::default() });
    assert_eq!(values(&cut), [(2.0, false), (1.0, false), (1.0, true)]);
}

#[test]
fn values_filters_and_flags() {
    let text = "t,cause,alive\n90,disk,no\n30,net,yes\n,disk,no\nx,disk,no\n-5,disk,no\n0,disk,no\n60,disk,maybe\n";
    let source = Source::Value("t".to_owned(), Unit::Min, Some("alive".to_owned()));
    let all = column(&table(text), &query(source.clone()), Unit::H).unwrap();
    assert_eq!(all.values.iter().map(|o| (o.value, o.censored)).collect::<Vec<_>>(), [(1.5, false), (0.5, true)]);
    assert_eq!(all.rejected_text(), "missing 1, negative 1, unreadable 2, zero 1");
    let filters = vec![Filter::parse("cause != net").unwrap(), Filter::parse("t=90").unwrap()];
    let one = column(&table(text), &Query { filters, ..query(source.clone()) }, Unit::Min).unwrap();
    assert_eq!((one.values.len(), one.rows), (1, 1));
    let filters = vec![Filter::parse("cause=nothing").unwrap()];
    let none = column(&table(text), &Query { filters, ..query(source) }, Unit::Min).unwrap_err();
    assert_eq!(none.to_string(), "no usable value in `t`: 0 rows, rejected none");
    assert!(Filter::parse("cause").is_err());
}

#[test]
fn a_missing_column_names_the_nearest() {
    let error =
        column(&table("Down Time,host\n1,a\n"), &query(Source::Value("down_time".to_owned(), Unit::H, None)), Unit::H);
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "there is no column `down_time` (did you mean `Down Time`?); the file has `Down Time`, `host`");
}

#[test]
fn broken_files_are_told_apart() {
    let dir = folder("broken");
    let parquet = parquet_file();
    let cut = &parquet[..parquet.len() / 2];
    let mut garbage = parquet.clone();
    let middle = garbage.len() - 40;
    garbage[middle..middle + 20].fill(0xAB);
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty.csv", b"", "the file has no header"),
        ("header.csv", b"a,b\n", "the file has a header but no rows"),
        ("ragged.csv", b"a,b\n1,2\n3,4,5\n", "line 3 has 3 cells"),
        ("latin1.csv", b"a,b\ncaf\xe9,2\n", "line 2 is not UTF-8"),
        ("utf16.csv", b"\xff\xfea\0,\0b\0", "zero byte"),
        ("zip.csv", b"PK\x03\x04\x14\0\0\0", "zero byte"),
        ("cut.parquet", cut, "cut off"),
        ("garbage.parquet", &garbage, "not a readable Parquet file"),
    ];
    for (name, bytes, expected) in cases {
        fs::write(dir.join(name), bytes).unwrap();
        let error = read_table(&dir.join(name)).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
    assert!(matches!(read_table(&dir.join("none.csv")), Err(RecordError::Unreadable { .. })));
    assert!(matches!(read_table(&dir), Err(RecordError::Unreadable { .. })));
    let big = fs::File::create(dir.join("big.csv")).unwrap();
    big.set_len(FILE_BYTES_MAX + 1).unwrap();
    assert!(matches!(read_table(&dir.join("big.csv")), Err(RecordError::TooLarge { .. })));
    fs::remove_dir_all(dir).unwrap();
}

/// Every truncation and many corruptions of a Parquet file end in an error or a table, never in a panic.
#[test]
fn no_parquet_bytes_panic() {
    let whole = parquet_file();
    for end in 0..whole.len() {
        let _ = file::table_of(&whole[..end]);
    }
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5A;
        let _ = file::table_of(&bytes);
    }
}

fn parquet_file() -> Vec<u8> {
    use polars::prelude::{Column, DataFrame, ParquetWriter};
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("host".into(), ["a", "b", "a"]),
        Column::new("down".into(), ["2027-01-01 00:00", "2027-01-01 01:00", "2027-01-02 00:00"]),
        Column::new("minutes".into(), [Some(5.5), None, Some(7.0)]),
        Column::new("epoch".into(), [0_i64, 3600, 7200]),
        Column::new("open".into(), [true, false, false]),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

#[test]
fn parquet_and_csv_say_the_same() {
    let parquet = file::table_of(&parquet_file()).unwrap();
    let text = "host,down,minutes,epoch,open\na,2027-01-01 00:00,5.5,0,true\nb,2027-01-01 01:00,,3600,false\na,2027-01-02 00:00,7,7200,false\n";
    let csv = table(text);
    let flag = Some("open".to_owned());
    for source in [
        Source::Value("minutes".to_owned(), Unit::Min, flag),
        Source::Gaps("down".to_owned(), Some("host".to_owned())),
        Source::Gaps("down".to_owned(), None),
    ] {
        assert_eq!(
            column(&parquet, &query(source.clone()), Unit::H).unwrap(),
            column(&csv, &query(source), Unit::H).unwrap()
        );
    }
    let epoch = column(&parquet, &query(Source::Gaps("epoch".to_owned(), None)), Unit::H).unwrap();
    assert_eq!(epoch.values.iter().map(|o| o.value).collect::<Vec<_>>(), [1.0, 1.0]);
}

#[test]
fn scenario_files_stay_inside_the_folder() {
    let dir = folder("inside");
    fs::write(dir.join("r.csv"), MESSY).unwrap();
    assert!(inside(&dir, "r.csv").is_ok() && inside(&dir, "./r.csv").is_ok());
    for bad in ["../r.csv", "x/../../r.csv", "/etc/passwd"] {
        assert!(matches!(inside(&dir, bad), Err(RecordError::Outside { .. })), "{bad}");
    }
    assert!(matches!(inside(&dir, "none.csv"), Err(RecordError::Unreadable { .. })));
    #[cfg(unix)]
    {
        let outside = folder("outside").join("r.csv");
        fs::write(&outside, MESSY).unwrap();
        let link = dir.join("link.csv");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&outside, &link).unwrap();
        assert!(matches!(inside(&dir, "link.csv"), Err(RecordError::Outside { .. })));
    }
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_record_gives_its_columns_by_name() {
    let dir = folder("record");
    fs::write(dir.join("r.csv"), format!("{MESSY}c,2027-02-01,2027-02-02\n")).unwrap();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let spec = RecordSpec {
        file: "r.csv".to_owned(),
        map: [pair("started", "down"), pair("resolved", "up"), pair("node", "host")].into(),
        ..RecordSpec::default()
    };
    let record = Record::open(&dir, spec.clone()).unwrap();
    let repair = record.column("repair").unwrap();
    assert_eq!(repair.hours().iter().map(|h| h.get()).collect::<Vec<_>>(), [2.0, 4.0, 12.0, 24.0]);
    assert_eq!(record.column("time_to_failure").unwrap().values[0].value, 67.0);
    assert!(matches!(record.column("host"), Err(RecordError::NoUnit(_))));
    assert!(matches!(record.column("nothing"), Err(RecordError::NoColumn { .. })));
    let digest = record.digest("failures", &[repair]);
    assert_eq!((digest.rows, digest.file.as_str(), digest.blake3.len()), (9, "r.csv", 64));
    assert_eq!(digest.rejected.len(), 4);
    let bad = RecordSpec { map: [pair("started", "dwn")].into(), ..spec.clone() };
    assert!(matches!(Record::open(&dir, bad), Err(RecordError::NoColumn { nearest: Some(n), .. }) if n == "down"));
    let bare = RecordSpec { map: Default::default(), ..spec };
    let no_role = Record::open(&dir, bare).unwrap().column("repair").unwrap_err().to_string();
    assert_eq!(no_role, "`repair` needs `map: {started: COLUMN}` on the record");
    fs::remove_dir_all(dir).unwrap();
}

/// 300 repairs drawn from a lognormal law, cut at an export: the report finds the law again.
#[test]
fn the_report_says_the_answer_first() {
    let mut text = String::from("t,open\n");
    let mut state = 1_u64;
    for _ in 0..300 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let u = ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let t = ninefold_models::lifetime::Law::lognormal_median_sigma(ninefold_models::units::Hours::new(2.0), 0.8)
            .unwrap()
            .quantile(u)
            .get();
        text.push_str(&if t > 6.0 { "6,yes\n".to_owned() } else { format!("{t},no\n") });
    }
    let source = Source::Value("t".to_owned(), Unit::H, Some("open".to_owned()));
    let column = column(&table(&text), &query(source), Unit::Min).unwrap();
    let report = report(&column, None).unwrap();
    assert_eq!((report.chosen, report.unit, report.used), ("lognormal", "min", 300));
    assert!(report.censored > 10);
    let best = report.fits.iter().find(|row| row.chosen).unwrap();
    assert!((best.params[0].value - 120.0).abs() < 4.0 * best.params[0].se);
    assert!((best.params[1].value - 0.8).abs() < 4.0 * best.params[1].se);
    assert!(report.text().starts_with("repair: {lognormal: {median: "), "{}", report.text());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["fits"].as_array().unwrap().len(), 4);
    assert!(json["fits"][0]["ks_p"].is_null() && json["fits"][0]["params"][0]["se"].is_f64());
    let asked = super::report(&column, Some(Family::Gamma)).unwrap();
    assert!(asked.yaml.starts_with("repair: {gamma: {shape: ") && asked.yaml.ends_with("min}}"), "{}", asked.yaml);
}

mod lanl;
