//! No text makes the loader panic: scenarios that are cut, mixed up and sprinkled with odd characters.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use ninefold_scenarios::{LoadOptions, load_text, replay};

const EVERYTHING: &str = include_str!("good/everything.yaml");

/// Replays of every kind, and a manifest.
const REPLAYS: [&str; 5] = [
    include_str!("good_replays/closed-loop.yaml"),
    include_str!("good_replays/keda.yaml"),
    include_str!("good_replays/steps.yaml"),
    include_str!("good_replays/breaker.yaml"),
    include_str!("good_replays/manifest.yaml"),
];

/// Pieces that mean something to YAML or to the language.
const PIECES: [&str; 24] = [
    "null",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "\"",
    "'",
    "&a ",
    "*a",
    "!x ",
    "<<: ",
    "é",
    "\t",
    "99.9",
    "1e308h",
    "-1s",
    "0",
    ".nan",
    "*",
    "like: web",
    "%",
];

#[derive(Clone, Debug)]
enum Edit {
    Cut(usize, usize),
    Insert(usize, usize),
    Swap(usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<usize>(), 1_usize..40).prop_map(|(at, length)| Edit::Cut(at, length)),
        (any::<usize>(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Edit::Swap(a, b)),
    ]
}

/// Applies an edit to words and the white space between them, so that the result stays close to a scenario.
fn apply(words: &mut Vec<String>, edit: &Edit) {
    if words.is_empty() {
        return;
    }
    let count = words.len();
    match edit {
        Edit::Cut(at, length) => drop(words.drain(at % count..(at % count + length).min(count))),
        Edit::Insert(at, piece) => words.insert(at % count, PIECES[*piece].to_owned()),
        Edit::Swap(a, b) => words.swap(a % count, b % count),
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || c == '-' || c == '_' || c == '.' => {
                words[..].last_mut().into_iter().for_each(|w| w.push(c))
            }
            c => words.extend([c.to_string(), String::new()]),
        }
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(9), ..ProptestConfig::default() })]

    #[test]
    fn mutated_scenarios(edits in prop::collection::vec(edit(), 1..12)) {
        let mut words = words(EVERYTHING);
        edits.iter().for_each(|edit| apply(&mut words, edit));
        let text = words.concat();
        match load_text("mutated.yaml", &text, &LoadOptions::default()) {
            Ok(loaded) => {
                let built = ninefold_models::system::System::build(loaded.spec.clone());
                prop_assert!(built.is_ok(), "{:?}\n{text}", built.err());
                let again = load_text("effective.yaml", &loaded.about.effective, &LoadOptions::default());
                let again = again.map_err(|problems| TestCaseError::fail(format!("{problems}\n{}", loaded.about.effective)))?;
                prop_assert!(format!("{:?}", loaded.spec) == format!("{:?}", again.spec), "{}", loaded.about.effective);
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(!problems.to_text(false).is_empty());
                prop_assert!(problems.to_json().is_array());
            }
        }
    }

    #[test]
    fn mutated_replays(which in 0..REPLAYS.len(), edits in prop::collection::vec(edit(), 0..8)) {
        let mut words = words(REPLAYS[which]);
        edits.iter().for_each(|edit| apply(&mut words, edit));
        let text = words.concat();
        // A manifest says nothing of a demand.
        let set = if which == 4 { vec!["replay.demand=20/s".to_owned()] } else { Vec::new() };
        match replay::load_text("mutated.yaml", &text, &LoadOptions { set }) {
            Ok(loaded) => {
                prop_assert!(replay::load_text("effective.yaml", &loaded.effective, &LoadOptions::default()).is_ok());
                // A replay of a year is right, and too long for this test.
                if !text.contains(['y', 'w', 'd']) || edits.is_empty() {
                    loaded.task.run();
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty() && !edits.is_empty(), "{}\n{}", problems, text),
        }
    }

    #[test]
    fn arbitrary_text(text in "\\PC{0,200}") {
        let _ = load_text("any.yaml", &text, &LoadOptions::default()).map_err(|problems| problems.to_text(true));
    }

    #[test]
    fn arbitrary_patches(path in "[a-z0-9.-]{0,30}", value in "\\PC{0,20}") {
        let options = LoadOptions { set: vec![format!("components.{path}={value}"), format!("{path}={value}")] };
        let _ = load_text("any.yaml", EVERYTHING, &options).map_err(|problems| problems.to_text(false));
    }
}
