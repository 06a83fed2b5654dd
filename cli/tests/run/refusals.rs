//! What is refused is refused before the work, with exit code 2, and leaves nothing behind.

use crate::place::{Place, SHOP, library};

const DAILY: &str = "calendar.reporting=[rolling_1d]";

const FAILURE_RATE: &str = "run.replications={until: {measure: journeys.visit.failure_rate}}";

#[test]
fn what_cannot_be_run_is_refused_and_nothing_is_written() {
    let place = Place::with_shop("refused");
    place.put("empty.yaml", "");
    std::fs::write(place.path("binary.yaml"), [0xff, 0x00, 0x12, 0xfe]).unwrap();
    place.put("broken.yaml", "scenario: x\ncomponents: {web: {replica: 3}}\n");
    place.put("other.yaml", &SHOP.replace("web", "api").replace("visit", "call"));
    std::fs::create_dir(place.path("folder")).unwrap();
    std::fs::create_dir(place.path("precious")).unwrap();
    place.put("precious/thesis.tex", "");
    let before = place.names();
    let cases: &[(&[&str], &str)] = &[
        (&["run", "nowhere.yaml"], "there is no such file"),
        (&["run", "folder"], "it is a folder"),
        (&["run", "empty.yaml", "--out", "out"], "the file is empty"),
        (&["run", "-", "--out", "out"], "the file is empty"),
        (&["run", "binary.yaml", "--out", "out"], "not UTF-8"),
        (&["run", "broken.yaml", "--out", "out"], "`replica`"),
        (&["run", "shop.yaml", "--out", "precious"], "exists"),
        (&["run", "shop.yaml", "--out", "precious", "--force"], "is not a run folder"),
        (&["run", "shop.yaml", "--out", "shop.yaml/out"], "could not be"),
        (&["run", "shop.yaml", "--replications", "0"], "allowed is 1 to"),
        (&["run", "shop.yaml", "--replications", "99999999999"], "allowed is 1 to"),
        (&["run", "shop.yaml", "--threads", "0"], "allowed is 1 to"),
        (&["run", "shop.yaml", "--seed", "-1"], "--seed"),
        (&["run", "shop.yaml", "--max-time", "30"], "carries its unit"),
        (&["run", "shop.yaml", "--until-rel-error", "5"], "below 1"),
        (&["run", "shop.yaml", "--until-abs-error", "5"], "`5min/year` for downtime"),
        (&["run", "shop.yaml", "--until-abs-error", "0.1/fortnight"], "`0.1/year` for failures"),
        (&["run", "shop.yaml", "--until-abs-error", "5min/week"], "write `5min/year`"),
        (&["run", "shop.yaml", "--until-abs-error", "100h"], "`5min/year` for `downtime`"),
        (&["run", "shop.yaml", "--until-abs-error", "5min", "--set", FAILURE_RATE], "a number a year as a half-width"),
        (&["run", "shop.yaml", "--replications", "9", "--until-rel-error", "0.1"], "cannot be used with"),
        (&["run", "shop.yaml", "--set", "components.web.replicas"], "is not a patch"),
        (&["run", "shop.yaml", "--force"], "--out"),
        (&["run", "shop.yaml", "--bogus"], "--bogus"),
        (&["run"], "required"),
        (&["run", "--resume", "nowhere"], "there is no unfinished run for `nowhere`"),
        (&["run", "--resume", "/"], "does not name a folder"),
        (&["run", "shop.yaml", "--resume", "out"], "cannot be used with"),
        (&["run", "--resume", "out", "--seed", "3"], "cannot be used with"),
        (&["run", "--resume", "out", "--format", "csv"], "cannot be used with"),
        (&["run", "shop.yaml", "--per-replication"], "--out"),
        (&["run", "shop.yaml", "--per-replication", "--format", "csv", "--out", "out"], "as Parquet alone"),
        (&["run", "shop.yaml", "--shard", "1/2"], "--out"),
        (&["run", "shop.yaml", "--shard", "1/2", "--out", "out"], "say it with `--replications N`"),
        (&["run", "shop.yaml", "--shard", "3/2", "--replications", "9", "--out", "out"], "allowed is 1/2 to 2/2"),
        (&["run", "shop.yaml", "--shard", "three", "--out", "out"], "write a shard like 3/16"),
        (&["run", "shop.yaml", "--shard", "1/2", "--json", "--out", "out"], "cannot be used with"),
        (&["run", "shop.yaml", "--shard", "1/2", "--shard-base", "2", "--out", "out"], "--shard-base"),
        (&["merge", "--out", "out"], "required"),
        (&["merge", "precious", "--out", "out"], "`precious` is no shard of a run"),
        (&["compare", "shop.yaml", "shop.yaml", "--antithetic", "auto"], "has its own pairing"),
        (&["compare", "shop.yaml", "shop.yaml", "--control", "on"], "has its own pairing"),
        (&["compare", "-", "-"], "only once"),
        (&["compare", "shop.yaml"], "`shop.yaml` has no options: add `options: "),
        (&["compare", "shop.yaml", "--option", "x", "--set-b", "run.seed=3"], "cannot be used with"),
        (&["compare", "shop.yaml", "--loss-per-minute", "-1"], "allowed is 0 to 1e12"),
        (&["compare", "shop.yaml", "--once-over", "0"], "allowed is 0.01 to 100"),
        (&["run", "shop.yaml", "--option", "x"], "`shop.yaml` has no option `x`; none is declared"),
        (&["compare", "shop.yaml", "other.yaml"], "nothing to compare"),
        (&["compare", "shop.yaml", "--set-b", "run.seed=3", "--format", "csv"], "--out"),
        (&["explain-outage", "shop.yaml", "--journey", "bye"], "there is no journey `bye`; hint: there are `visit`"),
        (&["explain-outage", "shop.yaml", "--replication", "7", "--replications", "7"], "there is no replication 7"),
        (&["explain-outage", "shop.yaml", "--replication", "0", "--incident", "900"], "no incident 900"),
        (&["explain-outage", "shop.yaml", "--replication", "0", "--worst"], "cannot be used with"),
        (&["explain-outage", "shop.yaml", "--threads", "2"], "goes with `--worst`"),
        (&["explain", "E9999"], "there is no code `E9999`"),
        (&["library", "nothing"], "there is no scenario `nothing`"),
        (&["fit", "shop.yaml"], "required"),
        (&["fit", "nowhere.csv", "--value", "x", "--unit", "s"], "nowhere.csv"),
        (&["fit", "folder", "--value", "x", "--unit", "s"], "folder"),
        (&["fit", "binary.yaml", "--value", "x", "--unit", "s", "--figure", "fit.svg"], "binary.yaml"),
    ];
    for (arguments, says) in cases {
        let (code, out, err) = place.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}\n{err}");
        assert!(err.contains(says), "{arguments:?} says\n{err}");
        assert!(!err.contains("panicked") && !err.contains("bug:"), "{arguments:?} says\n{err}");
    }
    assert_eq!(place.names(), before);
}

#[test]
fn what_a_run_refuses_before_its_first_replication_check_refuses_in_the_same_words() {
    let place = Place::with_shop("checked");
    let uncertain = SHOP.replace("mean: 10d", "mean: {pert: {min: 5d, mode: 10d, max: 20d}}");
    place.put("drawn.yaml", &format!("{uncertain}run: {{parameter_draws: 3}}\n"));
    let standby = "replicas: 2\n    redundancy: {standby: {mode: cold, switch: {takes: 1min}}}";
    let coupled = SHOP.replace("replicas: 2", standby);
    place.put("coupled.yaml", &coupled);
    place.put("worn.yaml", &coupled.replace("{exponential: {mean: 10d}}", "{weibull: {shape: 2, mean: 10d}}"));
    let quantiles = "{lognormal: {median: 4h, p95: {pert: {min: 3h, mode: 5h, max: 9h}}}}";
    let crossed = SHOP.replace("{exponential: {mean: 4h}}", quantiles);
    place.put("crossed.yaml", &format!("{crossed}run: {{parameter_draws: 50}}\n"));
    let draws_differ = "the replications of parameter draws are of different systems";
    let cases: &[(&str, &[&str], &str)] = &[
        ("drawn.yaml", &["run.replications={until: {decision: {}}}"], "cannot stop on a decision"),
        ("drawn.yaml", &["run.replications=4294967296"], "in whole chunks for every parameter draw"),
        ("drawn.yaml", &["run.variance={antithetic: on}"], draws_differ),
        ("drawn.yaml", &["run.variance={stratified: on}"], draws_differ),
        ("drawn.yaml", &["run.variance={control: on}"], draws_differ),
        ("crossed.yaml", &[], "above the median"),
        ("drawn.yaml", &["run.parameter_draws=1000", DAILY, "calendar.horizon=5y"], "the limit is 1000000"),
        ("shop.yaml", &["run.variance={control: on}"], "nothing is coupled"),
        ("coupled.yaml", &["run.variance={control: on}", "run.replications=256"], "leave too few after it"),
        ("worn.yaml", &["run.variance={control: on}"], "has no exact mean"),
        ("shop.yaml", &["run.variance={antithetic: on}", "run.replications={max: 3, min: 2}"], "fewer than two blocks"),
        (
            "shop.yaml",
            &["components.web.failure_modes.crash={time_to_failure: 1ms, repair: 1ms}"],
            "failures and changes of levels expected within the horizon",
        ),
    ];
    for (file, patches, says) in cases {
        let sets: Vec<&str> = patches.iter().flat_map(|patch| ["--set", patch]).collect();
        let checked = place.run(&[&["check", file], &sets[..]].concat());
        let (code, out, err) = &checked;
        assert_eq!((*code, out.as_str()), (2, ""), "{file} {patches:?}\n{err}");
        assert!(err.contains(says), "{file} {patches:?} says\n{err}");
        assert_eq!(place.run(&[&["run", file], &sets[..]].concat()), checked, "{file} {patches:?}");
        let (code, out, _) = place.run(&[&["check", "--json", file], &sets[..]].concat());
        let object: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &object["ok"]), (2, &false.into()), "{out}");
        assert!(object["errors"][0].to_string().contains(says), "{out}");
    }
}

#[test]
fn a_run_that_is_refused_gives_up_no_unfinished_one() {
    let place = Place::with_shop("kept");
    let timed = ["run", "shop.yaml", "--replications", "4000000000", "--max-time", "1s", "--out", "out"];
    assert_eq!(place.run(&timed).0, 3);
    let tallies = place.path(".out.unfinished/tallies.ninefold");
    let before = std::fs::read(&tallies).unwrap();
    let (code, _, err) = place.run(&["run", "shop.yaml", "--control", "on", "--out", "out", "--force"]);
    assert!(code == 2 && err.contains("nothing is coupled"), "{err}");
    assert!(std::fs::read(&tallies).unwrap() == before);
}

#[test]
fn a_shard_that_is_gone_on_with_gives_no_answer_either() {
    let place = Place::with_shop("shard");
    let shard = ["run", "shop.yaml", "--replications", "4000000000", "--shard", "1/2", "--out", "out", "--max-time"];
    assert_eq!(place.run(&[&shard[..], &["500ms"]].concat()).0, 3);
    for flag in [&["--json"][..], &["--undecided", "ok"]] {
        let (code, out, err) = place.run(&[&["run", "--resume", "out"], flag].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("`out` is a shard, which gives no answer"), "{err}");
    }
    assert_eq!(place.run(&["run", "--resume", "out", "--max-time", "100ms"]).0, 3);
}

#[test]
fn a_run_folder_is_replaced_by_force_alone() {
    let place = Place::with_shop("replaced");
    let run = ["run", "shop.yaml", "--replications", "64", "--out", "out"];
    place.done(&run);
    let (code, _, err) = place.run(&run);
    assert_eq!((code, err.as_str()), (2, "error: `out` exists; `--force` replaces a run folder\n"));
    place.done(&[&run[..], &["--force", "--seed", "2"]].concat());
    assert!(place.text("out/manifest.json").contains("\"seed\": 2"));
}

#[test]
fn diagnostics_for_programs_and_pull_requests() {
    let place = Place::new("messages");
    place.put("broken.yaml", "scenario: x\ncomponents: {web: {replica: 3}}\n");
    let check = ["check", "broken.yaml", "--message-format"];
    let (code, _, err) = place.run(&[&check[..], &["json"]].concat());
    let list: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert_eq!((code, &list[0]["line"], &list[0]["file"]), (2, &2.into(), &"broken.yaml".into()));
    let (_, _, err) = place.run(&[&check[..], &["github"]].concat());
    assert!(err.starts_with("::error file=broken.yaml,line=2,col="), "{err}");
    let (code, out, err) = place.run(&["check", "broken.yaml", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &object["ok"], err.as_str()), (2, &false.into(), ""));
    assert_eq!(object["errors"], list);
    let (_, _, plain) = place.run(&["check", "broken.yaml"]);
    let (_, _, coloured) = place.run(&["check", "broken.yaml", "--color", "always"]);
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
}

#[test]
fn a_figure_replaces_nothing_unless_told() {
    let place = Place::new("figure");
    let records = library("records/node-failures.csv");
    let fit = ["fit", &records, "--start", "down_utc", "--end", "up_utc", "--unit", "min", "--figure", "fit.svg"];
    assert!(place.done(&fit).ends_with("wrote fit.svg\n"));
    assert!(place.text("fit.svg").starts_with("<svg"));
    place.put("fit.svg", "mine");
    assert_eq!(place.run(&fit).0, 2);
    assert_eq!(place.text("fit.svg"), "mine");
    place.done(&[&fit[..], &["--force"]].concat());
}
