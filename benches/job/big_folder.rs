//! An inbox in which 100,000 mails lie that were seen, and ten that were not, beside an inbox with the ten alone: from
//! the first connection to the last move.

use crate::databases::Kind;
use crate::goals::Goal;
use crate::harness::waiting::poll;
use crate::importers::Bench;
use crate::mail_server::{USER, in_folder};
use crate::measured::median;
use crate::product::Mailbox;
use crate::report::Report;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use crate::wire::Wire;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const SETS: [(&str, &str); 2] = [("10 unseen", "tiny-10"), ("100,000 seen, 10 unseen", "tiny-100010-100000")];

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let bench = Bench::start(wanted);
    let sets = SETS.map(|(name, set)| (name, Set::named(set)));
    let mut runs = sets.map(|(name, set)| (name, set, Vec::new()));
    for round in 1..=wanted.rounds {
        eprintln!("bench: a big folder, round {round} of {}", wanted.rounds);
        for (_, set, runs) in &mut runs {
            runs.push(run(&bench, set));
        }
    }
    let mut table = Table::with_head(&["inbox", "connect to last move, s", "fastest", "slowest"]);
    for (name, set, runs) in runs {
        let fault = runs.iter().find_map(|run| run.as_ref().err().cloned());
        let mut times: Vec<f64> = runs.into_iter().filter_map(Result::ok).collect();
        times.sort_unstable_by(f64::total_cmp);
        let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
            table.row(vec![name.to_owned(), "failed".to_owned(), fault.unwrap_or_default()]);
            continue;
        };
        let middle = median(times);
        table.row(vec![name.to_owned(), number(middle, 3), number(first, 3), number(last, 3)]);
        if set.seen > 0 {
            report.goal(Goal::at_most(format!("{name}: connect to the last move"), middle, 0.6, 0.4, " s").rounded(3));
        }
    }
    report.table("A big folder", &table);
}

fn run(bench: &Bench, set: &Set) -> Result<f64, String> {
    bench.server.put(USER, set);
    bench.server.let_settle(USER);
    let url = bench.databases.fresh(Kind::Postgres);
    let wire = Wire::to(bench.server.dovecot.imap_port(), Duration::ZERO);
    let mut command = bench.product.command(&url, &[Mailbox::at(wire.port())], &["once"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let archive = bench.server.maildir(USER).join(".Archive.Imported");
    let started = Instant::now();
    let mut moved = None;
    while moved.is_none() && started.elapsed() < Duration::from_mins(1) {
        thread::sleep(Duration::from_millis(1));
        moved = (in_folder(&archive) == set.unseen()).then(Instant::now);
    }
    let ended = poll(Duration::from_secs(30), || child.try_wait().unwrap());
    let Some(status) = ended else {
        child.kill().unwrap();
        return Err("does not end".to_owned());
    };
    if let Some(fault) = bench.shortfall_of_ours(&url, set) {
        return Err(format!("{fault} ({status})"));
    }
    let connected = wire.first_connected().ok_or("did not connect")?;
    Ok(moved.ok_or("nothing was moved")?.duration_since(connected).as_secs_f64())
}
