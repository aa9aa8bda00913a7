//! The unit is one that systemd accepts without a word, and it fences the service in.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const UNIT: &str = include_str!("../systemd/reply-import.service");
const COMMAND: &str = "/usr/bin/reply-import --config /etc/reply-import/reply-import.toml run";

#[test]
fn systemd_accepts_the_unit_without_a_word() {
    let output = verify(UNIT);
    assert_eq!(words(&output), "");
    assert!(output.status.success());
}

#[test]
fn a_key_that_systemd_does_not_know_would_be_found() {
    let output = verify(&UNIT.replace("ProtectClock=", "ProtectClocks="));
    assert!(words(&output).contains("ProtectClocks"), "{}", words(&output));
    assert!(!output.status.success());
}

/// In tenths, as systemd has it: 100 is no fence at all.
#[test]
fn the_service_is_exposed_by_no_more_than_one_and_a_half_of_ten() {
    let arguments = ["--no-pager", "security", "--offline=yes", "--threshold=15"];
    let output = analyze(&arguments, UNIT);
    assert!(output.status.success(), "{}", words(&output));
}

#[test]
fn an_error_in_the_settings_is_not_tried_again_and_other_failures_are() {
    for line in ["Restart=on-failure", "RestartPreventExitStatus=78", "StartLimitIntervalSec=0", "Type=notify"] {
        assert!(UNIT.lines().any(|unit_line| unit_line == line), "{line}");
    }
}

#[test]
fn the_service_may_have_many_more_descriptors_than_the_pages_take() {
    let limit = UNIT.lines().find_map(|line| line.strip_prefix("LimitNOFILE=")).unwrap();
    let readme = include_str!("../README.md");
    let (before, _) = readme.split_once(" connections at a time").unwrap();
    let connections = before.rsplit(' ').next().unwrap();
    assert!(limit.parse::<u32>().unwrap() >= 4 * connections.parse::<u32>().unwrap(), "{limit}, {connections}");
}

/// With a command that exists here instead of the installed program.
fn verify(unit: &str) -> Output {
    assert!(unit.contains(&format!("ExecStart={COMMAND}\n")));
    let unit = unit.replace(COMMAND, "/bin/true");
    // Without --recursive-errors=no an unknown key is a warning and no failure.
    analyze(&["--man=no", "--recursive-errors=no", "verify"], &unit)
}

fn analyze(arguments: &[&str], unit: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("reply-import.service");
    fs::write(&path, unit).unwrap();
    let output = Command::new("systemd-analyze").args(arguments).arg(path).output();
    output.unwrap_or_else(|error| panic!("systemd-analyze (Debian package systemd) does not start: {error}"))
}

fn words(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}
