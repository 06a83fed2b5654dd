//! Any text either loads, and then its effective scenario loads to the same system, or is refused with a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ninefold_scenarios::{LoadOptions, load_text};

fuzz_target!(|text: &str| {
    match load_text("fuzz.yaml", text, &LoadOptions::default()) {
        Ok(loaded) => {
            let again = load_text("effective.yaml", &loaded.about.effective, &LoadOptions::default());
            let again = again.unwrap_or_else(|problems| panic!("{problems}\n{}", loaded.about.effective));
            assert_eq!(format!("{:?}", loaded.spec), format!("{:?}", again.spec));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(!problems.to_text(false).is_empty());
            assert!(problems.to_json().is_array());
        }
    }
});
