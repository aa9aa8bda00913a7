//! The README's way from nothing to the first mail, word for word, by somebody whose home nobody else may read.

use std::fs;

use crate::harness::dovecot::Dovecot;
use crate::harness::wait_for;
use crate::machine::Machine;
use crate::{Packages, SOON, apt, mail, step};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

const TITLE: &str = "### From nothing to the first mail";
const MOST_COMMANDS: usize = 10;

/// The one that was done before this test: it takes minutes.
const BUILD: &str = "make deb";

/// Whose home the repository lies in.
const HOME: &str = "/home/anna";

/// What the person types into the two files.
const EDITOR: &str = r#"#!/bin/sh
case $1 in
    *imap-password*) echo geheim >"$1" ;;
    *) sed -i -e 's/^host = .*/host = "127.0.0.1"\nport = PORT\nca_file = "ca.pem"\nusername = "import"/' \
        -e 's/^# poll_interval = .*/poll_interval = "1s"/' "$1" ;;
esac
"#;

/// Follows the README on a machine that has seen nothing of the service yet.
pub fn follow(packages: &Packages, dovecot: &Dovecot) {
    step("from nothing to the first mail, as the README has it");
    let readme = fs::read_to_string(README).unwrap();
    let commands = commands(&readme);
    assert!((2..=MOST_COMMANDS).contains(&commands.len()), "{commands:?}");
    assert_eq!(commands[0], BUILD);
    let built = format!("{HOME}/reply-import/target/debian/{}", packages.new.file_name().unwrap().to_str().unwrap());
    let machine = Machine::boot(&[(&packages.new, &built)]);
    machine.succeed(&["apt-get", "update", "-qq"]);
    apt(&machine, &["install", "sudo"]);
    machine.write("/etc/apt/apt.conf.d/says-yes", "APT::Get::Assume-Yes \"true\";\n");
    machine.succeed(&["useradd", "--no-create-home", "--groups", "sudo", "anna"]);
    machine.write("/etc/sudoers.d/anna", "anna ALL=(ALL) NOPASSWD: ALL\nDefaults env_keep += \"DEBIAN_FRONTEND\"\n");
    machine.write(&format!("{HOME}/reply-import/feed.jsonl"), &feed(&readme));
    machine.write(&format!("{HOME}/editor"), &EDITOR.replace("PORT", &dovecot.imaps_port().to_string()));
    machine.write(&format!("{HOME}/ca.pem"), &fs::read_to_string(dovecot.ca_file()).unwrap());
    machine.succeed(&["chmod", "700", HOME, &format!("{HOME}/editor")]);
    machine.succeed(&[
        "chown",
        "--recursive",
        "anna:anna",
        &format!("{HOME}/editor"),
        &format!("{HOME}/reply-import/feed.jsonl"),
    ]);
    machine.succeed(&["chown", "anna:anna", HOME, &format!("{HOME}/reply-import")]);
    let (last, before) = commands[1..].split_last().unwrap();
    for command in before {
        type_it(&machine, command);
        if command.contains("apt install") {
            // The one thing that a mail server of everybody's does not need: its certificate.
            machine.succeed(&["install", "--mode=644", &format!("{HOME}/ca.pem"), "/etc/reply-import/ca.pem"]);
        }
    }
    dovecot.deliver("import", &mail(1));
    let said =
        wait_for("the first mail", SOON, || Some(type_it(&machine, last)).filter(|said| said.contains("imported")));
    assert!(said.contains("482137") && said.contains("imported"), "{said}");
}

fn type_it(machine: &Machine, command: &str) -> String {
    let script = format!("cd {HOME}/reply-import && export EDITOR={HOME}/editor && {command}");
    machine.succeed(&["setpriv", "--reuid=anna", "--regid=anna", "--init-groups", "/bin/sh", "-c", &script])
}

/// The commands of the first code below the title.
fn commands(readme: &str) -> Vec<&str> {
    let below = readme.split_once(TITLE).unwrap().1;
    let code = below.split("```").nth(1).unwrap();
    let lines = code.lines().skip(1).map(|line| line.split(" #").next().unwrap().trim());
    lines.filter(|line| !line.is_empty()).collect()
}

/// The example of a feed.
fn feed(readme: &str) -> String {
    readme.lines().filter(|line| line.starts_with("{\"kind\":")).map(|line| format!("{line}\n")).collect()
}
