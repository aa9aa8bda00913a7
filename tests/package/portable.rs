//! The program that brings its libraries along, in a Debian that has none of them.

use std::fs;

use crate::harness::dovecot::Dovecot;
use crate::harness::postgres::Postgres;
use crate::machine::Machine;
use crate::{mail, step};

/// What `make portable` built.
pub const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/portable/reply-import");

/// Where the machine has it.
pub const PROGRAM: &str = "/packages/portable";

/// The only libraries that it may want of the machine: the C library and its unwinder.
const LIBRARIES: [&str; 5] =
    ["linux-vdso.so.1", "libc.so.6", "libm.so.6", "libgcc_s.so.1", "/lib64/ld-linux-x86-64.so.2"];

/// Both databases and TLS, with a mail each.
pub fn run(machine: &Machine, dovecot: &Dovecot) {
    step("the portable program");
    let wanted = machine.succeed(&["ldd", PROGRAM]);
    for line in wanted.lines() {
        let library = line.split_whitespace().next().unwrap();
        assert!(LIBRARIES.contains(&library), "{wanted}");
    }
    machine.write("/root/portable/ca.pem", &fs::read_to_string(dovecot.ca_file()).unwrap());
    machine.write("/root/portable/imap-password", "geheim\n");
    let postgres = Postgres::start();
    for (number, url) in
        ["sqlite:/root/portable/reply-import.db".to_owned(), postgres.fresh_database_url()].iter().enumerate()
    {
        let settings = format!("/root/portable/{number}.toml");
        machine.write(&settings, &crate::settings(url, dovecot));
        dovecot.deliver("import", &mail(number));
        let succeed = |words: &[&str]| machine.succeed(&[&[PROGRAM, "--config", &settings], words].concat());
        succeed(&["migrate"]);
        succeed(&["once"]);
        let said = succeed(&["mails", "--json"]);
        assert!(said.lines().count() == 1 && said.contains("\"outcome\":\"unassigned\""), "{said}");
        assert!(dovecot.messages("import", "INBOX").is_empty());
    }
}
