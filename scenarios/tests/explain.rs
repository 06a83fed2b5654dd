//! Every code has a page, and the examples on it do what it says.
#![allow(clippy::unwrap_used)]

use ninefold_scenarios::{Code, LoadOptions, explain, load_text};

/// Codes whose problem lies in another file, in bytes that are no text, or in the command line.
const WITHOUT_EXAMPLE: [&str; 8] = ["E0113", "E0114", "E0118", "E0307", "E0312", "E0701", "E0702", "E0710"];

fn example(page: &str, heading: &str) -> Option<String> {
    let (_, after) = page.split_once(&format!("\n{heading}:\n\n```yaml\n"))?;
    after.split_once("```").map(|(text, _)| text.to_owned())
}

#[test]
fn every_page_is_true() {
    for code in Code::ALL {
        let (name, page) = (code.as_str(), explain(code.as_str()).unwrap());
        assert!(page.starts_with(&format!("# {name}: ")), "{name} has a title");
        assert!(page.len() > 100, "{name} explains nothing");
        match example(page, "Wrong") {
            Some(wrong) => {
                let problems = load_text("wrong.yaml", &wrong, &LoadOptions::default()).expect_err(name);
                assert!(problems.iter().all(|problem| problem.code() == *code), "{name}: {problems}");
            }
            None => assert!(WITHOUT_EXAMPLE.contains(&name), "{name} shows no wrong example"),
        }
        if let Some(right) = example(page, "Right")
            && let Err(problems) = load_text("right.yaml", &right, &LoadOptions::default())
        {
            panic!("{name}: the right example is refused\n{problems}");
        }
    }
    assert_eq!(explain("E9999"), None);
    assert_eq!(explain("e0107"), explain("E0107"));
}
