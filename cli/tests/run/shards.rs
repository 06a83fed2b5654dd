//! Shards: counted apart, merged to the bytes of the single run, or refused by name.

use std::fs;

use crate::place::{Place, Random, SHOP};

const RUN: [&str; 5] = ["run", "shop.yaml", "--replications", "448", "--per-replication"];

fn count(place: &Place, shard: &str, more: &[&str]) -> String {
    place.done(&[&RUN[..], &["--shard", shard], more].concat())
}

#[test]
fn shards_merge_to_the_bytes_of_the_single_run_in_any_order() {
    let place = Place::with_shop("shards");
    place.done(&[&RUN[..], &["--out", "whole"]].concat());
    let mut random = Random(3);
    for of in [1, 2, 7] {
        let mut parts: Vec<String> = (1..=of).map(|i| format!("part-{i}-of-{of}")).collect();
        for (i, part) in parts.iter().enumerate() {
            let threads = (1 + i % 3).to_string();
            let said = count(&place, &format!("{}/{of}", i + 1), &["--threads", &threads, "--out", part]);
            assert!(said.starts_with(&format!("wrote {part}/  (shard {} of {of}: ", i + 1)), "{said}");
        }
        for i in (1..parts.len()).rev() {
            parts.swap(i, (random.ratio() * (i + 1) as f64) as usize);
        }
        let out = format!("merged-{of}");
        let mut merge: Vec<&str> = vec!["merge"];
        merge.extend(parts.iter().map(String::as_str));
        let said = place.done(&[&merge[..], &["--out", &out]].concat());
        assert!(said.contains("\nprecision  reached ± "), "{said}");
        place.same_run("whole", &out);
    }
    let from_0 = ["--shard-base", "0", "--out", "from-0"];
    assert!(count(&place, "0/2", &from_0).contains("(shard 1 of 2: 192 replications)"));
    let json = place.done(&["merge", "from-0", "part-2-of-2", "--out", "again", "--json"]);
    assert_eq!(json, place.text("whole/summary.json"));
}

#[test]
fn what_is_no_whole_run_is_refused_by_name() {
    let place = Place::with_shop("parts");
    count(&place, "1/3", &["--out", "one"]);
    count(&place, "1/3", &["--out", "one-again"]);
    count(&place, "2/3", &["--out", "two"]);
    count(&place, "3/3", &["--out", "three"]);
    count(&place, "3/3", &["--out", "other-seed", "--seed", "2"]);
    count(&place, "3/3", &["--out", "other-scenario", "--set", "components.web.replicas=3"]);
    count(&place, "2/2", &["--out", "other-cut"]);
    place.done(&["run", "shop.yaml", "--replications", "448", "--shard", "3/3", "--out", "without-rows"]);
    place.done(&["run", "shop.yaml", "--replications", "512", "--per-replication", "--shard", "3/3", "--out", "more"]);
    place.done(&["run", "shop.yaml", "--replications", "64", "--out", "whole"]);
    let cases: &[(&[&str], &str)] = &[
        (
            &["one", "three"],
            "shard 2 of 3 is missing; to count what is missing:\n  ninefold run shop.yaml \
                             --replications 448 --seed 1 --per-replication --shard 2/3 --out part-2\n",
        ),
        (&["two"], "shards 1, 3 of 3 are missing"),
        (&["one", "two", "one-again", "three"], "`one` and `one-again` are both shard 1 of 3"),
        (
            &["one", "two", "other-seed"],
            "`other-seed` does not go with `one`: `other-seed/tallies.ninefold` is of seed 2, not 1",
        ),
        (&["one", "two", "other-scenario"], "`other-scenario/tallies.ninefold` is of another scenario"),
        (&["one", "two", "more"], "`more/tallies.ninefold` is of another plan"),
        (&["one", "other-cut"], "`other-cut` is shard 2 of 2, but `one` is shard 1 of 3"),
        (&["one", "two", "without-rows"], "one was counted with `--per-replication` and one without"),
        (&["one", "two", "whole"], "`whole` is no shard of a run"),
        (&["one", "two", "nowhere"], "`nowhere` is no shard of a run"),
    ];
    let before = place.names();
    for (parts, says) in cases {
        let (code, out, err) = place.run(&[&["merge"], *parts, &["--out", "merged"]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{parts:?}\n{err}");
        assert!(err.contains(says), "{parts:?} says\n{err}");
    }
    for file in ["tallies.ninefold", "rows.ninefold"] {
        let file = place.path("two").join(file);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        let (code, _, err) = place.run(&["merge", "one", "two", "three", "--out", "merged"]);
        assert_eq!(code, 2);
        assert!(err.contains("is cut off"), "{err}");
        fs::write(&file, whole).unwrap();
    }
    assert_eq!(place.names(), before);
    place.done(&["merge", "three", "two", "one", "--out", "merged"]);
}

#[test]
#[cfg(unix)]
fn a_shard_that_is_killed_goes_on_and_is_no_part_until_it_is_done() {
    let place = Place::with_shop("shard-killed");
    // Long replications, so that it has a checkpoint before it is done.
    place.put("shop.yaml", &SHOP.replace("components:", "calendar: {horizon: 100y}\ncomponents:"));
    let long = ["run", "shop.yaml", "--replications", "3000", "--shard", "2/2", "--threads", "1", "--out", "two"];
    let mut child = place.command(&long).spawn().unwrap();
    place.wait_for(".two.unfinished/tallies.ninefold", &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    place.done(&["run", "shop.yaml", "--replications", "3000", "--shard", "1/2", "--out", "one"]);
    let (code, _, err) = place.run(&["merge", "one", "two", "--out", "out"]);
    let says = "error: shard `two` is not finished: `ninefold run --resume two` goes on with it\n";
    assert_eq!((code, err.as_str()), (2, says));
    place.done(&["run", "--resume", "two"]);
    place.done(&["merge", "two", "one", "--out", "out"]);
    place.done(&["run", "shop.yaml", "--replications", "3000", "--out", "whole"]);
    place.same_run("whole", "out");
    assert_eq!(place.names(), ["one", "out", "shop.yaml", "two", "whole"]);
}
