//! A folder of a test's own, and the program started in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A fresh folder, gone when the test ends.
pub(crate) struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Place {
    pub(crate) fn new(test: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("ninefold-cli-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    /// A place with a small scenario in it.
    pub(crate) fn with_shop(test: &str) -> Self {
        let place = Self::new(test);
        place.put("shop.yaml", SHOP);
        place
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Names of what is in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Two run folders are equal byte for byte, but for what happened to be so on the day.
    pub(crate) fn same_run(&self, one: &str, other: &str) {
        let files = |folder: &str| {
            let mut files = Vec::new();
            collect(&self.path(folder), &self.path(folder), &mut files);
            files.sort();
            files.retain(|file| file != Path::new("run-info.json"));
            files
        };
        assert_eq!(files(one), files(other));
        for file in files(one) {
            let bytes = |folder: &str| fs::read(self.path(folder).join(&file)).unwrap();
            assert!(bytes(one) == bytes(other), "{} of {one} and {other}", file.display());
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ninefold"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env_remove("CLICOLOR_FORCE");
        command
    }

    /// Waits until there is a file of this name, as long as the program that should write it runs.
    #[cfg(unix)]
    pub(crate) fn wait_for(&self, name: &str, child: &mut Child) {
        while !self.path(name).exists() {
            assert!(child.try_wait().unwrap().is_none(), "it must still run");
            sleep(Duration::from_millis(5));
        }
    }

    /// Exit code, stdout, stderr.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        said(&self.command(arguments).output().unwrap())
    }

    /// Stdout of a run that must end with 0.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}\n{out}\n{err}");
        out
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_owned());
        }
    }
}

/// Random numbers of a test's own: Knuth's MMIX generator.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Uniform in [0, 1).
    pub(crate) fn ratio(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

pub(crate) fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// The library of the repository.
pub(crate) fn library(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/library").join(file).display().to_string()
}

/// One unit, a pair of it, an agreement it meets and none that it does not.
pub(crate) const SHOP: &str = "\
scenario: shop
components:
  web:
    replicas: 2
    failure_modes:
      crash: {time_to_failure: {exponential: {mean: 10d}}, repair: {exponential: {mean: 4h}}}
journeys:
  visit: {path: [web]}
agreements:
  visit-slo: {journey: visit, sli: good_minutes, target: 99 %, window: calendar_quarter}
";

/// Interrupts a program as Ctrl-C does, once it listens: before that a signal ends any program.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    const INTERRUPT: u64 = 2;
    let pid = child.id().to_string();
    let listens = || match fs::read_to_string(format!("/proc/{pid}/status")) {
        Ok(status) => status.lines().any(|line| {
            line.strip_prefix("SigCgt:")
                .is_some_and(|caught| u64::from_str_radix(caught.trim(), 16).unwrap() >> (INTERRUPT - 1) & 1 == 1)
        }),
        // Not every Unix says; then only patience helps.
        Err(_) => {
            sleep(Duration::from_secs(3));
            true
        }
    };
    while !listens() {
        sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
}
