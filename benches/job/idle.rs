//! A worker with nothing to do: its memory, and its time on processors.

use crate::databases::{Counter, Databases, Kind};
use crate::goals::Goal;
use crate::mail_server::MailServer;
use crate::measured::look_now_and_then;
use crate::product::{Mailbox, Product};
use crate::report::Report;
use crate::running::Running;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use std::thread;
use std::time::{Duration, Instant};

/// How many mailboxes, and what it must and should take at most, in MB.
const MAILBOXES: [(usize, f64, f64); 2] = [(1, 20.0, 12.0), (1000, 60.0, 40.0)];

/// So long it is watched.
const CALM: Duration = Duration::from_secs(10);

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let product = Product::get(wanted);
    let databases = Databases::start(&product);
    let empty = Set::named("tiny-0");
    let mut table =
        Table::with_head(&["mailboxes on IDLE", "memory, MB", "its CPU, ms a second", "all there after, s"]);
    for (count, must, aim) in MAILBOXES {
        eprintln!("bench: one idle worker with {count} mailboxes");
        let users: Vec<String> = (0..count).map(|number| format!("box{number}")).collect();
        let server = MailServer::with_users(&users);
        for user in &users {
            server.put(user, &empty);
        }
        let mailboxes: Vec<Mailbox> =
            users.iter().map(|user| Mailbox::plain(&server).of(user).with("idle = true")).collect();
        let url = databases.fresh(Kind::Postgres);
        let started = Instant::now();
        // Unless it is told to, it does not keep so many connections to one server.
        let connections = product.connections(count.max(50));
        let service = Running::start_with(&connections, &product, &url, &mailboxes);
        let mut counter = Counter::connect(&url);
        let all = u32::try_from(count).unwrap();
        // After its first round each mailbox waits, on a connection that stays open.
        let is_ready = || {
            let rounds = counter.counted("select count(*) from mailbox_rounds where state = 'good'");
            (rounds == all && server.open_sessions() >= count).then_some(())
        };
        if look_now_and_then(Duration::from_mins(5), is_ready).is_none() {
            let found = format!("{} of {count} are on IDLE", server.open_sessions());
            table.row(vec![count.to_string(), "failed".to_owned(), found]);
            continue;
        }
        let ready = started.elapsed().as_secs_f64();
        thread::sleep(Duration::from_secs(2));
        let before = service.processor_seconds();
        thread::sleep(CALM);
        let spent = (service.processor_seconds() - before) / CALM.as_secs_f64() * 1000.0;
        let memory = service.memory();
        table.row(vec![count.to_string(), number(memory, 1), number(spent, 1), number(ready, 1)]);
        let what = format!("one idle worker: {count} mailbox{} on IDLE", if count == 1 { "" } else { "es" });
        report.goal(Goal::at_most(what, memory, must, aim, " MB").rounded(1));
    }
    report.table("An idle worker, PostgreSQL", &table);
}
