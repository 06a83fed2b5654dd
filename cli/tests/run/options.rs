//! Options: checked, run, compared and weighed.

use serde_json::Value;

use crate::place::Place;

const OPTIONS: &str = "
  third: {patch: {components.web.replicas: 3}, cost: {per_year: 1200}, owner: ops}
  webs: {sweep: {components.web.replicas: [4, 5]}, cost: {per_year: 3000, once: 600}}
";

fn place(name: &str, more: &str) -> Place {
    let place = Place::with_shop(name);
    let text = place.text("shop.yaml");
    place.put("shop.yaml", &format!("{text}options:{OPTIONS}{more}"));
    place
}

#[test]
fn options_are_weighed_and_the_folder_repeats_them() {
    let place = place("weighed", "");
    let said = place.done(&["compare", "shop.yaml", "--replications", "200", "--out", "out"]);
    assert!(said.contains("3 options beside the baseline") && said.contains("noted        third: owner ops"), "{said}");
    let object: Value = serde_json::from_str(&place.text("out/comparison.json")).unwrap();
    let names: Vec<&str> = object["options"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["baseline", "third", "webs=4", "webs=5"]);
    assert!(object["options"][1]["on_pareto"].as_bool().unwrap(), "{object}");
    assert!(!object["options"][2]["on_pareto"].as_bool().unwrap(), "five for the same money are better: {object}");
    assert!(place.text("out/figures/cost_vs_downtime.svg").starts_with("<svg"));
    // The pair of two options says of the second what the decision says.
    let pair = place.done(&["compare", "shop.yaml", "shop.yaml#third", "--replications", "200", "--json"]);
    let pair: Value = serde_json::from_str(&pair).unwrap();
    let downtime =
        |rows: &Value| rows.as_array().unwrap().iter().find(|r| r["measure"] == "downtime").unwrap()["delta"].clone();
    assert_eq!(downtime(&pair["rows"]), object["options"][1]["delta"]);
    // The option's scenario in the folder is the option.
    let again = place.done(&["run", "out/options/01-third/scenario.yaml", "--replications", "64", "--json"]);
    assert_eq!(again, place.done(&["run", "shop.yaml", "--option", "third", "--replications", "64", "--json"]));
    assert_ne!(again, place.done(&["run", "shop.yaml", "--replications", "64", "--json"]));
}

#[test]
fn what_is_asked_in_money_is_answered_in_money() {
    let place = place("money", "");
    let recommended = |more: &[&str]| {
        let said = place.done(&[&["compare", "shop.yaml", "--replications", "200", "--json"], more].concat());
        let object: Value = serde_json::from_str(&said).unwrap();
        object["recommended"]["option"].as_str().unwrap_or("none").to_owned()
    };
    assert_eq!(recommended(&["--loss-per-minute", "0"]), "baseline");
    assert_eq!(recommended(&["--loss-per-minute", "1e9", "--option", "third"]), "third");
}

#[test]
fn check_looks_at_every_option() {
    let place = place(
        "checked",
        "  few: {patch: {components.web.redundancy: {k_of_n: {need: 3}}}}\n  typo: {patch: {components.wbe.replicas: 4}}\n",
    );
    let refused = |arguments: &[&str]| {
        let (code, _, said) = place.run(arguments);
        assert_eq!(code, 2, "{said}");
        said
    };
    let said = refused(&["check", "shop.yaml"]);
    assert!(said.contains("with option `few`") && said.contains("with option `typo`"), "{said}");
    assert!(place.done(&["check", "shop.yaml", "--option", "webs=4"]).starts_with("ok: "));
    // Who runs the scenario as it is need not mind them.
    place.done(&["run", "shop.yaml", "--replications", "64"]);
    assert!(refused(&["run", "shop.yaml", "--option", "few"]).contains("with option `few`"));
}
