//! Without the feature `records`, nothing of Polars is built.
#![allow(clippy::unwrap_used)]

#[test]
fn no_polars_without_records() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = |features: &[&str]| {
        let out = std::process::Command::new(&cargo)
            .args(["tree", "--package", "ninefold-scenarios", "--edges", "normal", "--prefix", "none", "--offline"])
            .args(features)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    assert!(tree(&[]).contains("polars"), "the test looks at the right thing");
    assert!(!tree(&["--no-default-features"]).contains("polars"));
}
