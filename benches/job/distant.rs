//! A mail server far away: the rate over a wire on which an answer takes longer.

use crate::databases::Kind;
use crate::goals::Goal;
use crate::importers::Bench;
use crate::mail_server::USER;
use crate::measured::{Ran, measured};
use crate::product::Mailbox;
use crate::report::Report;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use crate::wire::Wire;
use std::time::Duration;

const ROUND_TRIPS: [u64; 3] = [0, 20, 100];

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let bench = Bench::start(wanted);
    let name = wanted.sets.iter().find(|name| name.starts_with("small")).map_or("small-2000", String::as_str);
    let set = Set::named(name);
    let mut runs = ROUND_TRIPS.map(|milliseconds| (milliseconds, Vec::new()));
    for round in 1..=wanted.rounds {
        eprintln!("bench: far away, round {round} of {}", wanted.rounds);
        for (milliseconds, runs) in &mut runs {
            runs.push(run(&bench, &set, Duration::from_millis(*milliseconds)));
        }
    }
    let rates = runs.map(|(milliseconds, runs)| {
        let ran = Ran::medians(&runs);
        (milliseconds, ran.map(|ran| f64::from(set.unseen()) / ran.wall))
    });
    let near = rates[0].1.clone();
    let mut table = Table::with_head(&["an answer takes longer by", "mails/s", "share"]);
    for (milliseconds, rate) in rates {
        let name = format!("{milliseconds} ms");
        match (&rate, &near) {
            (Ok(rate), Ok(near)) => {
                table.row(vec![name, number(*rate, 0), number(rate / near, 2)]);
                if milliseconds == 20 {
                    report.goal(Goal::at_least("rate at 20 ms round-trip time, share", rate / near, 0.5, 0.8, ""));
                }
            }
            (Err(fault), _) | (_, Err(fault)) => table.row(vec![name, "failed".to_owned(), fault.clone()]),
        }
    }
    report.table(&format!("A mail server far away: {name} into PostgreSQL"), &table);
}

fn run(bench: &Bench, set: &Set, round_trip: Duration) -> Ran {
    bench.server.put(USER, set);
    let url = bench.databases.fresh(Kind::Postgres);
    let wire = Wire::to(bench.server.dovecot.imap_port(), round_trip);
    let (mut ran, _) = measured(&bench.product.command(&url, &[Mailbox::at(wire.port())], &["once"]));
    if ran.fault.is_none() {
        ran.fault = bench.shortfall_of_ours(&url, set);
    }
    ran
}
