//! Tables for a person who looks, in Markdown, so that they can be put into a text too; printed as soon as they are there,
//! and kept in `target/bench/table.md`.

use crate::goals::Goal;
use crate::sets::place;
use crate::table::Table;
use crate::wanted::Wanted;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// All that is reported.
pub struct Report {
    text: String,
    goals: Vec<Goal>,
}

impl Report {
    pub fn start(wanted: &Wanted) -> Self {
        let mut report = Self { text: String::new(), goals: Vec::new() };
        report.say(&format!(
            "Measured on {} with {}. Medians of {} runs, one after the other in rounds.",
            today(),
            machine(),
            wanted.rounds
        ));
        report
    }

    pub fn say(&mut self, text: &str) {
        println!("{text}\n");
        write!(self.text, "{text}\n\n").unwrap();
    }

    pub fn table(&mut self, head: &str, table: &Table) {
        self.say(&format!("### {head}"));
        self.say(&table.written());
    }

    pub fn goal(&mut self, goal: Goal) {
        self.goals.push(goal);
    }

    /// Keeps what there is; a later part may fail.
    pub fn save(&self) {
        fs::write(place().join("table.md"), &self.text).unwrap();
    }

    pub fn finish(mut self) {
        if !self.goals.is_empty() {
            let mut table = Table::with_head(&["what it must show", "measured", "must", "aim", ""]);
            for goal in std::mem::take(&mut self.goals) {
                table.row(goal.row());
            }
            self.table("Goals", &table);
        }
        self.save();
        eprintln!("bench: the tables are in {}", place().join("table.md").display());
    }
}

fn today() -> String {
    chrono::Local::now().format("%Y-%m-%d").to_string()
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = line_of("/proc/cpuinfo", "model name");
    let memory: u64 = line_of("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    let versions = [
        ("Linux", said("uname", &["-r"])),
        ("Dovecot", said("dovecot", &["--version"])),
        ("PostgreSQL", said("psql", &["--version"]).replace("psql (PostgreSQL) ", "")),
        ("", said("rustc", &["--version"])),
        ("Node", said("node", &["--version"])),
        ("", said("python3", &["--version"])),
    ];
    let versions = versions.iter().filter(|(_, version)| !version.is_empty());
    let first = |version: &str| version.split(" (").next().unwrap_or_default().to_owned();
    let versions: Vec<String> =
        versions.map(|(name, version)| format!("{name} {}", first(version)).trim().to_owned()).collect();
    format!("{cores} cores ({model}) and {} GB, all servers on them too; {}", memory / 1_000_000, versions.join(", "))
}

fn line_of(file: &str, key: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(':'));
    line.unwrap_or_default().trim().to_owned()
}

fn said(name: &str, words: &[&str]) -> String {
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let output = Command::new(name).args(words).env("PATH", path).output();
    output.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
