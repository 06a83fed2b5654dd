//! Runs that are interrupted or killed, and gone on with.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ninefold_models::snapshot::{Kind, open, seal};

use crate::place::{Place, Random};

const RUN: [&str; 7] =
    ["run", "shop.yaml", "--set", "calendar.horizon=5y", "--replications", "1500", "--per-replication"];

const TALLIES: &str = ".out.unfinished/tallies.ninefold";

fn start(place: &Place, arguments: &[&str]) -> Child {
    place.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn signal(child: &Child, signal: &str) {
    // It may have ended a moment ago; then there is nobody to tell.
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
}

/// Starts a run that is far from its end and kills it as soon as it has a checkpoint.
fn killed(place: &Place, more: &[&str]) {
    let long = ["run", "shop.yaml", "--replications", "4000000", "--out", "out", "--per-replication"];
    let mut child = start(place, &[&long[..], more].concat());
    place.wait_for(TALLIES, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Interrupts a run at twenty random points, goes on after each, and ends it.
fn interrupted_at_twenty_points(test: &str, how: &str) {
    let place = Place::with_shop(test);
    let began = Instant::now();
    place.done(&[&RUN[..], &["--out", "whole"]].concat());
    let mut patience = began.elapsed() / 4;
    let mut random = Random(0x5eed);
    let mut interrupted = 0;
    for point in 0..20 {
        let threads = (1 + point % 3).to_string();
        let resumes = place.path(".out.unfinished/origin.ninefold").exists();
        let begin = [&RUN[..], &["--out", "out", "--force"]].concat();
        let arguments = if resumes { vec!["run", "--resume", "out"] } else { begin };
        let mut child = start(&place, &[&arguments[..], &["--threads", &threads]].concat());
        std::thread::sleep(patience.mul_f64(random.ratio()));
        match child.try_wait().unwrap() {
            None => interrupted += 1,
            // Other tests run beside this one: what was long may be short now.
            Some(_) => patience /= 2,
        }
        signal(&child, how);
        let code = child.wait().unwrap().code();
        assert!([None, Some(0), Some(130)].contains(&code), "{code:?}");
        assert!(code != Some(0) || !place.path(".out.unfinished").exists());
        // Whatever is in its place is a whole run folder.
        assert!(!place.path("out").exists() || place.path("out/manifest.json").exists());
    }
    assert!(interrupted >= 5, "{interrupted}");
    if place.path(".out.unfinished").exists() {
        place.done(&["run", "--resume", "out"]);
    }
    assert_eq!(place.names(), ["out", "shop.yaml", "whole"]);
    place.same_run("whole", "out");
}

#[test]
fn killed_at_twenty_points_it_ends_in_the_same_bytes() {
    interrupted_at_twenty_points("killed", "-KILL");
}

#[test]
fn interrupted_at_twenty_points_it_ends_in_the_same_bytes() {
    interrupted_at_twenty_points("interrupted", "-INT");
}

#[test]
fn a_run_that_stops_by_precision_stops_there_after_an_interruption_too() {
    let place = Place::with_shop("precision");
    let run = ["run", "shop.yaml", "--until-rel-error", "0.15", "--threads", "1", "--out"];
    place.done(&[&run[..], &["whole"]].concat());
    let mut child = start(&place, &[&run[..], &["out"]].concat());
    while !place.path(TALLIES).exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&child, "-INT");
    if child.wait().unwrap().code() == Some(130) {
        place.done(&["run", "--resume", "out", "--threads", "2"]);
    }
    place.same_run("whole", "out");
}

#[test]
fn an_interruption_loses_nothing_that_was_counted_and_says_how_to_go_on() {
    let place = Place::with_shop("says");
    killed(&place, &[]);
    let written = || fs::metadata(place.path(TALLIES)).unwrap().modified().unwrap();
    let before = written();
    let mut child = place.command(&["run", "--resume", "out"]).stderr(Stdio::piped()).spawn().unwrap();
    while written() == before {
        assert!(child.try_wait().unwrap().is_none(), "it must still run");
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, _, err) = place.run(&["run", "--resume", "out"]);
    assert_eq!((code, err.as_str()), (2, "error: another ninefold is at work on `out`\n"));
    signal(&child, "-INT");
    let mut err = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().unwrap(), &mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(err.ends_with("note: `ninefold run --resume out` goes on with it\n"), "{err}");
    let (code, _, err) =
        place.run(&["run", "shop.yaml", "--out", "other", "--max-time", "1ms", "--replications", "64"]);
    assert!(code == 0 || code == 3, "{err}");
    fs::remove_dir_all(place.path("out")).unwrap();
    let (code, _, err) = place.run(&["run", "shop.yaml", "--out", "out"]);
    assert_eq!(code, 2);
    assert!(err.contains("`ninefold run --resume out` goes on with it, `--force` begins anew"), "{err}");
    place.done(&["run", "shop.yaml", "--replications", "64", "--out", "out", "--force"]);
    assert!(!place.path(".out.unfinished").exists());
}

/// A checkpoint with `file` changed is refused by its name, with `says`, and stays as it is.
fn refused(place: &Place, file: &Path, bytes: &[u8], says: &[&str]) {
    let before = fs::read(file).unwrap();
    fs::write(file, bytes).unwrap();
    let (code, out, err) = place.run(&["run", "--resume", "out"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains(file.file_name().unwrap().to_str().unwrap()), "{err}");
    assert!(says.iter().any(|says| err.contains(says)) && !err.contains("bug"), "{err}");
    assert!(fs::read(file).unwrap() == bytes);
    fs::write(file, before).unwrap();
}

#[test]
fn a_damaged_checkpoint_is_refused_by_name_and_loses_nothing() {
    let place = Place::with_shop("damaged");
    killed(&place, &[]);
    let mut random = Random(7);
    for (name, cuts) in [("tallies.ninefold", 12), ("origin.ninefold", 6), ("rows.ninefold", 3)] {
        let file = place.path(".out.unfinished").join(name);
        let whole = fs::read(&file).unwrap();
        for _ in 0..cuts {
            let end = (random.ratio() * whole.len() as f64 / 8.0) as usize;
            refused(&place, &file, &whole[..end], &["is cut off"]);
            let mut flipped = whole.clone();
            // Rows after the last checkpoint are of no account.
            let at = (random.ratio() * whole.len() as f64 / 8.0) as usize;
            flipped[at] ^= 1 << (8.0 * random.ratio()) as u32;
            refused(
                &place,
                &file,
                &flipped,
                &["is damaged", "is cut off", "was not written by ninefold", "has format"],
            );
        }
    }
    let scenario = place.path(".out.unfinished/scenario.yaml");
    refused(&place, &scenario, b"scenario: other\n", &["is of another scenario"]);
    let (code, _, err) = place.run(&["run", "--resume", "out", "--max-time", "300ms"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("--resume out"), "{err}");
}

#[test]
fn a_checkpoint_of_another_run_or_version_is_refused_by_what_differs() {
    let place = Place::with_shop("foreign");
    killed(&place, &["--seed", "2"]);
    let of_seed_2 = fs::read(place.path(TALLIES)).unwrap();
    fs::remove_dir_all(place.path(".out.unfinished")).unwrap();
    killed(&place, &["--set", "components.web.replicas=3"]);
    let of_three = fs::read(place.path(TALLIES)).unwrap();
    fs::remove_dir_all(place.path(".out.unfinished")).unwrap();
    killed(&place, &[]);
    let tallies = place.path(TALLIES);
    refused(&place, &tallies, &of_seed_2, &["is of seed 2, not 1"]);
    refused(&place, &tallies, &of_three, &["is of another scenario"]);
    for (name, kind) in [("tallies.ninefold", Kind::Tallies), ("origin.ninefold", Kind::Origin)] {
        let file = place.path(".out.unfinished").join(name);
        let sealed = fs::read(&file).unwrap();
        let mut content = open(kind, &sealed).unwrap().to_vec();
        let version = env!("CARGO_PKG_VERSION").as_bytes();
        assert_eq!(&content[1..=version.len()], version);
        content[1] = b'9';
        refused(&place, &file, &seal(kind, &content), &["was made by ninefold 9"]);
        let other = if kind == Kind::Tallies { Kind::Origin } else { Kind::Tallies };
        refused(&place, &file, &seal(other, &content), &["holds something else"]);
    }
}
