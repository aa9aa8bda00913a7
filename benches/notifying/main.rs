//! How many notifications a second go out: claimed in the outbox, rendered, handed over by SMTP and settled, on both
//! databases, to a server that takes everything at once and to a real Postfix, as far as into its queue.
//!
//! `make bench BENCHES=notifying`; words behind `cargo bench --bench notifying --` choose lines by parts of their names, and
//! `ROUNDS` says how often each is measured. The first lines are the library's own way of sending, without a database.

#![expect(clippy::print_stdout, reason = "it measures for a person who looks")]
#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

#[path = "../../tests/harness/mod.rs"]
mod harness;
mod library;
mod outbox;
mod servers;

use harness::{Folder, Postgres};
use outbox::Outbox;
use servers::{Kind, Servers};
use std::num::NonZero;
use std::time::Instant;

const NOTIFICATIONS: usize = 2000;
/// The library's own way is slow.
const BY_THE_LIBRARY: usize = 100;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |line: &str| words.is_empty() || words.iter().any(|word| line.contains(word.as_str()));
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let servers = Servers::start();
    println!("\nnotifications handed over on a machine with {cores} cores, medians of {rounds}");
    println!("{:<58}{:>10}{:>22}", "", "a second", "CPU s for 1,000 (ours)");
    for connections in [1, 3] {
        for kind in [Kind::Sink, Kind::PostfixPlain] {
            let line = format!("the library's own way, {}, {}", kind.name(), over(connections));
            if is_wanted(&line) {
                print(&line, BY_THE_LIBRARY, kind, rounds, || {
                    runtime.block_on(library::send(&servers.smtp(kind, connections), BY_THE_LIBRARY));
                });
            }
        }
    }
    let (folder, postgres) = (Folder::create(), Postgres::start_as_installed(None));
    let databases = [
        ("SQLite", format!("sqlite:{}", folder.join("outbox.db").display())),
        ("PostgreSQL", postgres.fresh_database_url()),
    ];
    for (name, url) in databases {
        let outbox = Outbox::filled(&url, NOTIFICATIONS);
        for kind in Kind::ALL {
            for connections in [1, 3] {
                let line = format!("{name}, {}, {}", kind.name(), over(connections));
                if is_wanted(&line) {
                    print(&line, NOTIFICATIONS, kind, rounds, || {
                        outbox.all_are_due();
                        runtime.block_on(outbox.deliver(&servers.smtp(kind, connections)));
                    });
                }
            }
        }
    }
}

fn over(connections: u16) -> String {
    if connections == 1 { "one connection".to_owned() } else { format!("{connections} connections") }
}

fn print(line: &str, notifications: usize, kind: Kind, rounds: usize, work: impl Fn()) {
    let mut measured: Vec<(f64, f64)> = (0..rounds)
        .map(|_| {
            let (began, used) = (Instant::now(), cpu_seconds());
            work();
            (began.elapsed().as_secs_f64(), cpu_seconds() - used)
        })
        .collect();
    measured.sort_by(|one, other| one.0.total_cmp(&other.0));
    let Some((seconds, cpu)) = measured.get(rounds / 2) else { return };
    let number = f64::from(u32::try_from(notifications).unwrap());
    // The sink is a part of this process.
    let cpu = if kind == Kind::Sink { "-".to_owned() } else { format!("{:.2}", cpu / number * 1000.0) };
    println!("{line:<58}{:>10.0}{cpu:>22}", number / seconds);
}

/// What this process has used so far.
fn cpu_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u32 = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    f64::from(ticks) / TICKS_A_SECOND
}
