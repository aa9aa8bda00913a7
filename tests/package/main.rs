//! The Debian package in a fresh Debian (`make test-deb`, as root): installed, run behind its whole fence with credentials
//! against a real mail server, started anew by its watchdog, upgraded with data, removed, purged; and in another one the
//! README's commands, as they stand there.

#![expect(unreachable_pub, reason = "a program exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done ends the program")]
#![expect(clippy::print_stdout, reason = "it says how far it is")]

#[path = "../harness/mod.rs"]
mod harness;
mod machine;
mod portable;
mod readme;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::harness::dovecot::Dovecot;
use crate::harness::wait_for;
use crate::harness::waiting::poll;
use crate::machine::Machine;

/// Longer than anything takes, even on a busy machine.
const SOON: Duration = Duration::from_mins(1);

const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/debian");

/// The program with the places where it can be made to hang.
const HANGING: &str = env!("CARGO_BIN_EXE_reply-import");

const SETTINGS: &str = "/etc/reply-import/reply-import.toml";
const DROP_INS: &str = "/etc/systemd/system/reply-import.service.d";

fn main() {
    assert!(harness::account::runs_as_root(), "a machine is booted by root alone");
    let dovecot = Dovecot::builder().user("import", "geheim").start();
    let packages = Packages { previous: only_package(&format!("{PACKAGES}/previous")), new: only_package(PACKAGES) };
    let machine = Machine::boot(&[
        (&packages.previous, "/packages/previous.deb"),
        (&packages.new, "/packages/package.deb"),
        (Path::new(HANGING), "/packages/hanging"),
        (Path::new(portable::BUILT), portable::PROGRAM),
    ]);
    portable::run(&machine, &Dovecot::builder().user("import", "geheim").start());
    install(&machine);
    configure(&machine, &dovecot);
    import_a_mail(&machine, &dovecot);
    hang(&machine, &dovecot);
    upgrade(&machine, &dovecot);
    remove_and_purge(&machine);
    drop(machine);
    readme::follow(&packages, &Dovecot::builder().user("import", "geheim").start());
}

/// What `make test-deb` built.
struct Packages {
    /// The same under an older version's number.
    previous: PathBuf,
    new: PathBuf,
}

fn install(machine: &Machine) {
    step("install");
    machine.succeed(&["apt-get", "update", "-qq"]);
    apt(machine, &["install", "/packages/previous.deb"]);
    machine.succeed(&["reply-import", "--version"]);
    for (path, wanted) in [
        ("/etc/reply-import", "750 root reply-import"),
        (SETTINGS, "640 root reply-import"),
        ("/var/lib/reply-import", "700 reply-import reply-import"),
        ("/usr/share/man/man1/reply-import.1.gz", "644 root root"),
        ("/usr/share/bash-completion/completions/reply-import", "644 root root"),
    ] {
        assert_eq!(machine.succeed(&["stat", "--format=%a %U %G", path]).trim(), wanted, "{path}");
    }
    assert_eq!(machine.property("reply-import", "ActiveState"), "inactive", "nothing runs without settings");
    let units =
        ["reply-import.service", "reply-import@north.service", "reply-import-once.service", "reply-import-once.timer"];
    let said = machine
        .succeed(&[&["systemd-analyze", "--man=no", "--recursive-errors=no", "verify"][..], &units[..]].concat());
    assert_eq!(said.trim(), "");
}

fn configure(machine: &Machine, dovecot: &Dovecot) {
    let settings = settings("sqlite:/var/lib/reply-import/reply-import.db", dovecot);
    // With wrong settings it says so, and is not tried again.
    set(machine, &settings.replace("[database]", "[databases]"));
    assert!(!machine.is(&["systemctl", "start", "reply-import"]));
    assert_eq!(machine.property("reply-import", "ExecMainStatus"), "78");
    assert_eq!(machine.property("reply-import", "ActiveState"), "failed");
    assert_eq!(machine.property("reply-import", "NRestarts"), "0");
    set(machine, &settings);
    machine.write("/etc/reply-import/ca.pem", &fs::read_to_string(dovecot.ca_file()).unwrap());
    machine.succeed(&["chmod", "644", "/etc/reply-import/ca.pem"]);
    // Root's alone: the service has it as a credential.
    machine.write("/etc/reply-import/imap-password", "geheim\n");
    let credential = "[Service]\nLoadCredential=imap-password:/etc/reply-import/imap-password\n";
    machine.write(&format!("{DROP_INS}/credentials.conf"), credential);
    machine.succeed(&["systemctl", "daemon-reload"]);
}

/// One mailbox, and a database.
fn settings(database: &str, dovecot: &Dovecot) -> String {
    format!(
        "[database]\nurl = \"{database}\"\n\
         [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\noffice = [\"office@example.test\"]\n\
         [[mailbox]]\ntenant = \"muster\"\naddress = \"import@example.test\"\nusername = \"import\"\n\
         password_file = \"imap-password\"\nhost = \"127.0.0.1\"\nport = {}\nca_file = \"ca.pem\"\npoll_interval = \"1s\"\n\
         idle = false\n",
        dovecot.imaps_port()
    )
}

/// Into the file that is there, so that its owner stays.
fn set(machine: &Machine, settings: &str) {
    machine.write("/root/settings", settings);
    machine.succeed(&["/bin/sh", "-c", &format!("cat /root/settings >{SETTINGS}")]);
}

fn import_a_mail(machine: &Machine, dovecot: &Dovecot) {
    step("run");
    machine.succeed(&["systemctl", "reset-failed", "reply-import"]);
    machine.succeed(&["systemctl", "enable", "--now", "reply-import"]);
    deliver(machine, dovecot, 1);
    let status = wait_for("the round in the status", SOON, || {
        Some(machine.property("reply-import", "StatusText")).filter(|text| text.contains("last round"))
    });
    assert!(status.starts_with("mailboxes: 1; "), "{status}");
    assert_eq!(machine.property("reply-import", "NRestarts"), "0");
    let exposed = machine.command(&["systemd-analyze", "--no-pager", "security", "--threshold=15", "reply-import"]);
    assert!(exposed.status.success(), "{}", String::from_utf8_lossy(&exposed.stdout));
}

/// The thread that records a mail never comes back, once.
fn hang(machine: &Machine, dovecot: &Dovecot) {
    step("hang");
    let hanging = format!("{DROP_INS}/hanging.conf");
    let program = "/packages/hanging --config /etc/reply-import/reply-import.toml run";
    let text = format!(
        "[Service]\nWatchdogSec=30s\nTimeoutAbortSec=5s\nRestartSec=1s\nExecStart=\nExecStart={program}\n\
         Environment=\"FAILPOINTS=before_commit=1*pause;step_at_most=return(2000)\"\n"
    );
    machine.write(&hanging, &text);
    machine.succeed(&["systemctl", "daemon-reload"]);
    machine.succeed(&["systemctl", "restart", "reply-import"]);
    dovecot.deliver("import", &mail(2));
    wait_for("the watchdog", SOON, || (machine.property("reply-import", "NRestarts") != "0").then_some(()));
    let log = machine.succeed(&["journalctl", "--no-pager", "--unit=reply-import"]);
    assert!(log.contains("got nowhere for 2s") && log.contains("Watchdog timeout"), "{log}");
    machine.succeed(&["rm", &hanging]);
    machine.succeed(&["systemctl", "daemon-reload"]);
    // It hangs again, and would be waited for. There may be none just now.
    machine.command(&["systemctl", "kill", "--signal=KILL", "reply-import"]);
    wait_until_recorded(machine, 2);
    wait_for("the mail to be filed", SOON, || dovecot.messages("import", "INBOX").is_empty().then_some(()));
}

fn upgrade(machine: &Machine, dovecot: &Dovecot) {
    step("upgrade");
    let (process, settings) = (machine.property("reply-import", "MainPID"), machine.succeed(&["cat", SETTINGS]));
    let said = apt(machine, &["install", "/packages/package.deb"]);
    assert!(!machine.succeed(&["dpkg-query", "--show", "reply-import"]).contains("previous"), "{said}");
    assert_eq!(machine.succeed(&["cat", SETTINGS]), settings);
    assert_eq!(machine.succeed(&["stat", "--format=%a %U %G", SETTINGS]).trim(), "640 root reply-import");
    wait_for("the new process", SOON, || {
        let now = machine.property("reply-import", "MainPID");
        (now != "0" && now != process && machine.property("reply-import", "ActiveState") == "active").then_some(())
    });
    deliver(machine, dovecot, 3);
}

fn remove_and_purge(machine: &Machine) {
    step("remove");
    apt(machine, &["remove", "reply-import"]);
    assert!(!machine.is(&["pgrep", "-x", "reply-import"]) && !machine.is(&["test", "-e", "/usr/bin/reply-import"]));
    let data = "/var/lib/reply-import/reply-import.db";
    assert!(machine.is(&["test", "-s", SETTINGS]) && machine.is(&["test", "-s", data]));
    apt(machine, &["install", "/packages/package.deb"]);
    assert!(machine.is(&["systemctl", "is-enabled", "reply-import"]), "what was enabled is so again");
    machine.succeed(&["systemctl", "start", "reply-import"]);
    wait_until_recorded(machine, 3);
    step("purge");
    let said = apt(machine, &["purge", "reply-import"]);
    assert!(said.contains("/var/lib/reply-import is kept"), "{said}");
    assert!(said.contains("/etc/reply-import is kept"), "the certificates that a person put there: {said}");
    assert!(!machine.is(&["test", "-e", SETTINGS]) && machine.is(&["test", "-s", data]));
    machine.succeed(&["rm", "-r", "/var/lib/reply-import", "/etc/reply-import"]);
    apt(machine, &["install", "/packages/package.deb"]);
    let said = apt(machine, &["purge", "reply-import"]);
    assert!(!said.contains("is kept"), "{said}");
    for path in [
        "/etc/reply-import",
        "/var/lib/reply-import",
        "/usr/share/reply-import",
        "/usr/lib/sysusers.d/reply-import.conf",
    ] {
        assert!(!machine.is(&["test", "-e", path]), "{path}");
    }
    assert!(!machine.is(&["getent", "passwd", "reply-import"]));
}

/// Delivers the mail with this number and waits until there are so many records.
fn deliver(machine: &Machine, dovecot: &Dovecot, number: usize) {
    dovecot.deliver("import", &mail(number));
    wait_until_recorded(machine, number);
}

fn wait_until_recorded(machine: &Machine, number: usize) {
    let mails = [
        "setpriv",
        "--reuid=reply-import",
        "--regid=reply-import",
        "--clear-groups",
        "reply-import",
        "mails",
        "--json",
    ];
    let mut said = String::new();
    let recorded = poll(SOON, || {
        let output = machine.command(&mails);
        said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.success() && said.lines().count() == number).then_some(())
    });
    assert!(recorded.is_some(), "no {number} records: {said}\n{}", machine.journal());
}

fn mail(number: usize) -> Vec<u8> {
    format!(
        "From: Ruth Muster <ruth@example.com>\r\nTo: import@example.test\r\nSubject: 482137 Unterlagen {number}\r\n\
         Message-ID: <mail-{number}@example.test>\r\nDate: Wed, 13 Mar 2024 10:02:11 +0100\r\n\r\nBitte zur Akte, {number}.\r\n"
    )
    .into_bytes()
}

fn apt(machine: &Machine, words: &[&str]) -> String {
    let (what, package) = words.split_first().unwrap();
    machine.succeed(&["apt-get", what, "--yes", "--quiet=2", "--no-install-recommends", package.first().unwrap()])
}

fn only_package(folder: &str) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut packages: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|ext| ext == "deb")).collect();
    assert_eq!(packages.len(), 1, "`make test-deb` builds the one that is wanted in {folder}: {packages:?}");
    packages.remove(0)
}

fn step(what: &str) {
    println!("package: {what}");
}
