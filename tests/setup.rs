//! What `make` installs on a Debian machine that has nothing of it yet: for building the libraries alone, for tests all.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use tempfile::TempDir;

const LIBRARIES: &str = "pkg-config libssl-dev libpq-dev libsqlite3-dev";

/// Notes how it is called. No package is installed; `cargo` is there, and has nextest.
const STAND_IN: &str = "#!/bin/sh\nname=${0##*/}\necho \"$name $*\" >>\"$CALLS\"\n\
    case $name in dpkg-query) exit 1 ;; id) echo 0 ;; esac\n";

/// What a shell script has in any case.
const TOOLS: [&str; 11] = ["cat", "chmod", "dirname", "env", "ls", "mkdir", "mv", "rm", "sed", "sh", "tee"];

#[test]
fn building_installs_libraries_and_nothing_else() {
    let calls = calls_of("make --silent build");
    let installed = calls.iter().filter_map(|call| call.split_once("apt-get install ")?.1.split_once("Use-Pty=0 "));
    let installed: Vec<&str> = installed.map(|(_options, packages)| packages.trim()).collect();
    assert_eq!(installed, [LIBRARIES], "{calls:?}");
    let changes = calls.iter().filter(|call| !call.starts_with("dpkg-query") && !call.starts_with("id "));
    let changes: Vec<&str> = changes.map(|call| call.split(" -").next().unwrap()).collect();
    assert_eq!(changes, ["apt-get update", "apt-get install", "cargo build"], "{calls:?}");
}

/// Runs it with nothing but stand-ins for what changes the machine, and gives how they were called.
fn calls_of(command: &str) -> Vec<String> {
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
    let output = command.env_clear().env("PATH", &programs).env("CALLS", &calls).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::read_to_string(&calls).unwrap().lines().map(str::to_owned).collect()
}
