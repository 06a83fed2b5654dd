//! Help, diagnostics and the console blocks of the documents are what the program says.

use std::path::Path;

#[test]
fn console() {
    trycmd::TestCases::new().case("tests/console/*.md").run();
}

#[test]
fn readme() {
    let readme = "../README.md";
    if !Path::new(readme).is_file() {
        eprintln!("skipped: there is no README.md");
        return;
    }
    // Commands of cargo are what `.ci/run` runs.
    trycmd::TestCases::new().register_bin("cargo", trycmd::schema::Bin::Ignore).case(readme).run();
}
