//! Two thousand mailboxes with five mails each, looked at by one worker and by three that share them.

use crate::databases::{Counter, Databases, Kind};
use crate::goals::Goal;
use crate::mail_server::MailServer;
use crate::measured::{look_now_and_then, median, processor_seconds};
use crate::product::{Mailbox, Product};
use crate::report::Report;
use crate::running::Running;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use std::time::{Duration, Instant};

const MAILBOXES: u32 = 2000;
const EACH: u32 = 5;
const WORKERS: [usize; 2] = [1, 3];

/// One round takes a minute, and puts ten thousand mails back before it.
const ROUNDS: usize = 2;

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let product = Product::get(wanted);
    let databases = Databases::start(&product);
    let users: Vec<String> = (0..MAILBOXES).map(|number| format!("box{number}")).collect();
    let server = MailServer::with_users(&users);
    let office =
        Office { product, databases, server, users, mails: Set::named(&format!("small-{}", MAILBOXES * EACH)) };
    let mut runs = WORKERS.map(|workers| (workers, Vec::new()));
    for round in 1..=wanted.rounds.min(ROUNDS) {
        for (workers, runs) in &mut runs {
            let run = office.run(*workers);
            let took = run.as_ref().map_or_else(Clone::clone, |took| format!("{} s", number(took.wall, 1)));
            eprintln!("bench: {MAILBOXES} mailboxes by {workers}, round {round}: {took}");
            runs.push(run);
        }
    }
    let mut table =
        Table::with_head(&["workers", "s", "mails/s", "their CPU s", "mail server's CPU s", "memory of each, MB"]);
    let mut times = Vec::new();
    for (workers, runs) in runs {
        let fault = runs.iter().find_map(|run| run.as_ref().err().cloned());
        let good: Vec<Took> = runs.into_iter().filter_map(Result::ok).collect();
        if good.is_empty() {
            table.row(vec![workers.to_string(), "failed".to_owned(), fault.unwrap_or_default()]);
            continue;
        }
        let of = |value: fn(&Took) -> f64| median(good.iter().map(value).collect());
        let wall = of(|took| took.wall);
        let rate = f64::from(MAILBOXES * EACH) / wall;
        let costs = [of(|took| took.cpu), of(|took| took.imap_cpu), of(|took| took.memory)].map(|cost| number(cost, 1));
        table.row([vec![workers.to_string(), number(wall, 1), number(rate, 0)], costs.to_vec()].concat());
        times.push(wall);
    }
    report.table(&format!("{MAILBOXES} mailboxes with {EACH} mails each, polled, PostgreSQL"), &table);
    if let [one, three] = times[..] {
        report.goal(Goal::at_least("three workers against one, if cores allow", one / three, 1.5, 1.5, "×"));
    }
}

struct Office {
    product: Product,
    databases: Databases,
    server: MailServer,
    users: Vec<String>,
    mails: Set,
}

struct Took {
    wall: f64,
    cpu: f64,
    imap_cpu: f64,
    memory: f64,
}

impl Office {
    fn run(&self, workers: usize) -> Result<Took, String> {
        let mails = self.mails.sorted_mails();
        for (user, mails) in self.users.iter().zip(mails.chunks(usize::try_from(EACH).unwrap())) {
            self.server.put_mails(user, mails);
        }
        let url = self.databases.fresh(Kind::Postgres);
        let mailboxes: Vec<Mailbox> =
            self.users.iter().map(|user| Mailbox::plain(&self.server).of(user).with("idle = false")).collect();
        let mut counter = Counter::connect(&url);
        let imap = self.server.dovecot.process_id().unwrap();
        let imap_before = processor_seconds(imap);
        let started = Instant::now();
        let services: Vec<Running> = (0..workers).map(|_| Running::start(&self.product, &url, &mailboxes)).collect();
        let all = MAILBOXES * EACH;
        let mut recorded = |what: &str| counter.counted(&format!("select count(*) from mails {what}"));
        let is_done = || (recorded("where outcome = 'imported' and filed_at is not null") >= all).then_some(());
        let done = look_now_and_then(Duration::from_mins(10), is_done);
        let wall = started.elapsed().as_secs_f64();
        let cpu = services.iter().map(Running::processor_seconds).sum();
        let memory = median(services.iter().map(Running::memory).collect());
        drop(services);
        let found = [
            ("recorded", recorded("")),
            ("in archives", self.users.iter().map(|user| self.server.in_archive(user)).sum()),
        ];
        let left: u32 = self.users.iter().map(|user| self.server.in_inbox(user)).sum();
        if done.is_none() || left > 0 || found.iter().any(|(_, found)| *found != all) {
            return Err(format!("{found:?}, in inboxes {left}, of {all}"));
        }
        Ok(Took { wall, cpu, imap_cpu: processor_seconds(imap) - imap_before, memory })
    }
}
