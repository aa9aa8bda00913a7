//! Mails made to hurt bring nothing down: each has an outcome, in bounded memory, and the mail behind it is understood.
//!
//! The program is asked to explain two mails, the hostile one from a file and an ordinary one from its standard input.
//! While it waits for the second, the system tells the most memory that it has ever used. Nothing is timed here: that is
//! what `make bench` is for.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::print_stdout, reason = "what each kind took is worth a look where a test fails")]
#![expect(unreachable_pub, reason = "a test binary exports nothing")]

mod kinds;

use kinds::{KINDS, Kind};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The most memory that the program may ever use, in KB.
const MOST_MEMORY: u64 = 300_000;

/// The size of the kinds that are not named below: a program built for tests takes its time, and `make bench` shows how
/// time grows.
const SIZE: usize = 250_000;

/// Sizes at which careless readers end: 860,000 nested mails in 25 MB, 100,000 parts, and 5 MB in one line.
const SIZES: &[(&str, usize)] = &[
    ("nested message/rfc822", 25_000_000),
    ("nested digest", 25_000_000),
    ("nested multipart", 25_000_000),
    ("nested in base64", 25_000_000),
    ("parts", 700_000),
    ("one header line", 5_000_000),
    ("blank folded lines", 5_000_000),
    ("headers", 1_000_000),
    ("<", 1_000_000),
];

/// Mails in mails and parts in parts beyond every bound: a person looks at these, whatever their subject says.
const SET_ASIDE: &[&str] = &["nested message/rfc822", "nested digest", "nested multipart", "nested in base64"];

#[test]
fn mails_of_the_sizes_at_which_readers_end_have_an_outcome_in_bounded_memory_and_the_next_one_is_read() {
    expect_borne(&|kind| large(kind).is_some());
}

#[test]
fn every_other_hostile_mail_has_an_outcome_in_bounded_memory_and_the_next_one_is_read() {
    expect_borne(&|kind| large(kind).is_none());
}

#[test]
fn the_sizes_are_of_kinds_that_exist() {
    for (name, _) in SIZES {
        assert!(KINDS.iter().any(|kind| kind.name == *name), "{name}");
    }
}

fn expect_borne(chosen: &dyn Fn(&Kind) -> bool) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("settings.toml"), SETTINGS).unwrap();
    fs::write(folder.path().join("password"), "never asked for\n").unwrap();
    let kinds = KINDS.iter().filter(|kind| chosen(kind));
    let wrong: Vec<String> = kinds.filter_map(|kind| what_is_wrong(kind, folder.path())).collect();
    assert!(wrong.is_empty(), "{} kinds\n{}", wrong.len(), wrong.join("\n"));
}

/// The size that this kind needs to end a careless reader.
fn large(kind: &Kind) -> Option<usize> {
    SIZES.iter().find(|(name, _)| *name == kind.name).map(|&(_, size)| size)
}

/// What went wrong with a hostile mail of this kind, if anything did.
fn what_is_wrong(kind: &Kind, folder: &Path) -> Option<String> {
    let name = kind.name;
    fs::write(folder.join("hostile.eml"), (kind.make)(large(kind).unwrap_or(SIZE))).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_reply-import"))
        .current_dir(folder)
        .args(["explain", "--config", "settings.toml", "--json", "hostile.eml", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut next_verdict = || lines.next().and_then(Result::ok).map(|line| verdict(&line));
    let first = next_verdict();
    let memory = first.as_ref().map(|_| most_memory(program.id()));
    // A program that is gone reads nothing; that shows below.
    let _ = program.stdin.take().unwrap().write_all(ORDINARY.as_bytes());
    let second = next_verdict();
    let ended = program.wait().unwrap();
    println!("{name}: {} ({} KB)", first.as_deref().unwrap_or("no outcome"), memory.unwrap_or_default());
    match memory {
        None => Some(format!("{name}: no outcome, {ended}")),
        Some(memory) if memory > MOST_MEMORY => Some(format!("{name}: {memory} KB")),
        Some(_) if SET_ASIDE.contains(&name) && first.as_deref() != Some("unreadable") => {
            Some(format!("{name}: is not set aside but {first:?}"))
        }
        Some(_) if second.as_deref() != Some("import") => Some(format!("{name}: the next mail: {second:?}, {ended}")),
        Some(_) => None,
    }
}

fn verdict(line: &str) -> String {
    let explained: Value = serde_json::from_str(line).unwrap();
    explained.get("verdict").and_then(Value::as_str).unwrap().to_owned()
}

/// The most resident memory that the process has used so far, in KB (proc(5), `VmHWM`).
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

const ORDINARY: &str = "From: Ruth <ruth@personal.example.com>\nSubject: 2024-00123 WG: Unterlagen\n\
    Date: Wed, 13 Mar 2024 10:02:11 +0100\nMessage-ID: <1@personal.example.com>\n\nZur Akte.\n";

const SETTINGS: &str = r#"
[database]
url = "sqlite:reply-import.db"

[[tenant]]
name = "muster"
reference_shapes = ["{4}-{5}"]
staff_domains = ["personal.example.com"]

[[mailbox]]
tenant = "muster"
address = "import@jobs.example.com"
host = "imap.example.com"
password_file = "password"
"#;
