//! Every law has a concept page that names its parameters and a test that exists.

use ninefold_models::lifetime::LAW_NAMES;

use crate::cases::grid;

fn page(name: &str) -> String {
    let path = format!("{}/../docs/concepts/laws/{name}.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_law_has_a_page() {
    for name in LAW_NAMES {
        let text = page(name);
        for section in ["## When to use", "## Parameters", "## Formula", "## Oracle", "## In a scenario", "```yaml"] {
            assert!(text.contains(section), "{name}.md has no `{section}`");
        }
    }
}

#[test]
fn pages_name_every_parameter() {
    for law in
        grid().into_iter().map(|case| case.law).filter(|law| law.name() != "mixture" && law.name() != "empirical")
    {
        let text = page(law.name());
        for (parameter, _, unit) in law.parameters() {
            assert!(
                text.contains(&format!("| `{parameter}` | {unit} |")),
                "{}.md: `{parameter}` in {unit}",
                law.name()
            );
        }
    }
}

#[test]
fn pages_name_tests_that_exist() {
    let sources = [include_str!("identities.rs"), include_str!("oracles.rs"), include_str!("tabulated.rs")].concat();
    for name in LAW_NAMES {
        let text = page(name);
        let named: Vec<_> = text.split('`').filter(|word| word.starts_with("laws::")).collect();
        assert!(!named.is_empty(), "{name}.md names no test");
        for test in named {
            let function = test.rsplit("::").next().unwrap_or_default();
            assert!(sources.contains(&format!("fn {function}()")), "{name}.md names `{test}`");
        }
    }
}
