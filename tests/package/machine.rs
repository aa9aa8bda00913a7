//! A fresh Debian with a systemd of its own, booted for this test: what is changed in it is gone with it. It has this
//! machine's network.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::harness::installed::program;
use crate::harness::wait_for;

/// Longer than a boot takes.
const BOOT: Duration = Duration::from_mins(1);

/// The fresh system as it was unpacked once, to boot many from.
const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/debian/fresh");

/// A booted machine; ended when dropped.
pub struct Machine {
    nspawn: Child,
    leader: String,
}

impl Machine {
    /// Boots one that sees these files of ours, read-only, by the paths they have there.
    pub fn boot(files: &[(&Path, &str)]) -> Self {
        unpack();
        let name = format!("reply-import-{}", std::process::id());
        let mut command = Command::new(program("systemd-nspawn", "systemd-container"));
        command.args(["--quiet", "--volatile=overlay", "--register=no", "--keep-unit", "--console=passive", "--boot"]);
        command.arg(format!("--directory={TREE}")).arg(format!("--machine={name}"));
        for (ours, theirs) in files {
            command.arg(format!("--bind-ro={}:{theirs}", ours.display()));
        }
        let nspawn = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let leader = wait_for("the machine to begin", BOOT, || child_of(nspawn.id()));
        let machine = Self { nspawn, leader };
        wait_for("the machine to have booted", BOOT, || {
            let state = machine.command(&["systemctl", "is-system-running"]);
            ["running", "degraded"].contains(&String::from_utf8_lossy(&state.stdout).trim()).then_some(())
        });
        machine
    }

    /// Runs a command in it, as root.
    pub fn command(&self, words: &[&str]) -> Output {
        self.enter(words).stdin(Stdio::null()).output().unwrap()
    }

    /// The same; it must succeed. Gives what it printed.
    pub fn succeed(&self, words: &[&str]) -> String {
        let output = self.command(words);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{words:?}: {said}\n{}", self.journal());
        said
    }

    /// Whether it succeeds.
    pub fn is(&self, words: &[&str]) -> bool {
        self.command(words).status.success()
    }

    /// Writes a file in it, readable by root alone; the folder is made.
    pub fn write(&self, path: &str, text: &str) {
        let script = "mkdir -p \"${0%/*}\" && umask 077 && cat >\"$0\"";
        let mut child = self.enter(&["/bin/sh", "-c", script, path]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{path}");
    }

    /// A property of a unit.
    pub fn property(&self, unit: &str, name: &str) -> String {
        self.succeed(&["systemctl", "show", unit, "--value", "--property", name]).trim().to_owned()
    }

    /// What the service logged last.
    pub fn journal(&self) -> String {
        let output = self.command(&["journalctl", "--no-pager", "--lines=60", "--unit=reply-import"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn enter(&self, words: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--all", "--target", &self.leader, "--"]).args(words);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = Command::new("/bin/sh").args(["-c", "kill -TERM \"$0\"", &self.nspawn.id().to_string()]).status();
        let _ = self.nspawn.wait();
    }
}

/// The system as it is before anybody did anything on it, unpacked once.
fn unpack() {
    let (tree, unfinished) = (PathBuf::from(TREE), PathBuf::from(format!("{TREE}.new")));
    if tree.exists() {
        return;
    }
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir_all(&unfinished).unwrap();
    let release = fs::read_to_string("/etc/os-release").unwrap();
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap();
    let made = Command::new(program("debootstrap", "debootstrap"))
        .args(["--variant=minbase", "--include=systemd,systemd-sysv,dbus,util-linux", codename])
        .arg(&unfinished)
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success(), "debootstrap failed");
    fs::rename(unfinished, tree).unwrap();
}

/// The first process in the machine: the one child of nspawn.
fn child_of(process: u32) -> Option<String> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).ok()?;
    children
        .split_whitespace()
        .find(|child| fs::read_to_string(format!("/proc/{child}/comm")).is_ok_and(|name| name.trim() == "systemd"))
        .map(str::to_owned)
}
