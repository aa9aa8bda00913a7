//! What `make` installs on a Debian machine that has nothing of it yet: for building the libraries alone, for the demo its mail servers, for tests all.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use tempfile::TempDir;

const LIBRARIES: &str = "gcc libc6-dev pkg-config libssl-dev libpq-dev libsqlite3-dev";

/// Notes how it is called. No package is installed; `cargo` is there, and has nextest.
const STAND_IN: &str = "#!/bin/sh\nname=${0##*/}\necho \"$name $*\" >>\"$CALLS\"\n\
    case $name in dpkg-query) exit 1 ;; id) echo \"${USER_ID:-0}\" ;; esac\n";

/// What a shell script has in any case.
const TOOLS: [&str; 11] = ["cat", "chmod", "dirname", "env", "ls", "mkdir", "mv", "rm", "sed", "sh", "tee"];

#[test]
fn building_installs_libraries_and_nothing_else() {
    let calls = calls_of("make --silent build");
    assert_eq!(installed(&calls), [LIBRARIES], "{calls:?}");
    let changes = calls.iter().filter(|call| !call.starts_with("dpkg-query") && !call.starts_with("id "));
    let changes: Vec<&str> = changes.map(|call| call.split(" -").next().unwrap()).collect();
    assert_eq!(changes, ["apt-get update", "apt-get install", "cargo build"], "{calls:?}");
}

/// Who wants to see it once waits for no browser and no test runner.
#[test]
fn the_demo_installs_its_mail_servers_and_no_more() {
    let calls = calls_of("make --silent demo");
    let wanted = format!("{LIBRARIES} openssl dovecot-imapd dovecot-lmtpd postfix");
    assert_eq!(installed(&calls), [wanted.as_str()], "{calls:?}");
    let cargo: Vec<&String> = calls.iter().filter(|call| call.starts_with("cargo ")).collect();
    // Building takes minutes the first time, and shows how far it is.
    assert_eq!(cargo, ["cargo test --test demo --locked --no-run", "cargo test --test demo --locked --quiet"]);
    assert!(calls.iter().any(|call| call.starts_with("debconf-set-selections")), "Postfix asks nothing: {calls:?}");
}

/// Postfix and Courier can be started by root only, and what root builds nobody else can remove.
#[test]
fn tests_are_built_by_who_calls_and_run_by_root() {
    let cargo = |calls: Vec<String>| calls.into_iter().filter(|call| call.contains("cargo ")).collect::<Vec<_>>();
    let by_root = cargo(calls_of("sh .ci/tests"));
    let asked = "cargo nextest --version";
    assert_eq!(by_root, [asked, "cargo nextest run --no-run --locked", "cargo nextest run --locked"]);
    let by_user = cargo(calls_by("1000", "sh .ci/tests"));
    let [asked_again, built, run] = by_user.as_slice() else { panic!("{by_user:?}") };
    assert_eq!([asked_again, built], [asked, "cargo nextest run --no-run --locked"]);
    let (before, after) =
        (run.starts_with("sudo --preserve-env env PATH="), run.ends_with(" cargo nextest run --locked"));
    assert!(before && after, "{run}");
}

/// The packages that are installed, together each time.
fn installed(calls: &[String]) -> Vec<&str> {
    let installed = calls.iter().filter_map(|call| call.split_once("apt-get install ")?.1.split_once("Use-Pty=0 "));
    installed.map(|(_options, packages)| packages.trim()).collect()
}

/// Root runs it with nothing but stand-ins for what changes the machine; gives how they were called.
fn calls_of(command: &str) -> Vec<String> {
    calls_by("0", command)
}

/// The same by the user with that number.
fn calls_by(user_id: &str, command: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let programs = folder.path().join("bin");
    fs::create_dir(&programs).unwrap();
    for name in ["apt-get", "cargo", "debconf-set-selections", "dpkg-deb", "dpkg-query", "id", "sudo"] {
        fs::write(programs.join(name), STAND_IN).unwrap();
        fs::set_permissions(programs.join(name), Permissions::from_mode(0o755)).unwrap();
    }
    for tool in TOOLS {
        let found = ["/usr/bin", "/bin"].map(|place| format!("{place}/{tool}"));
        symlink(found.iter().find(|path| fs::exists(path).unwrap()).unwrap(), programs.join(tool)).unwrap();
    }
    let calls = folder.path().join("calls");
    let (program, arguments) = command.split_once(' ').unwrap();
    let mut command = Command::new(format!("/usr/bin/{program}"));
    command.args(arguments.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command
        .env_clear()
        .env("PATH", &programs)
        .env("CALLS", &calls)
        .env("USER_ID", user_id)
        .env("HOME", "/")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::read_to_string(&calls).unwrap().lines().map(str::to_owned).collect()
}
