//! Looking at mailboxes in which there is nothing: what one look costs the worker, the mail server and the database.

use crate::databases::{Counter, Databases, Kind};
use crate::mail_server::MailServer;
use crate::measured::{look_now_and_then, processor_seconds_so_far};
use crate::product::{Mailbox, Product};
use crate::report::Report;
use crate::running::Running;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use std::thread;
use std::time::{Duration, Instant};

const MAILBOXES: u32 = 500;
/// How often each is looked at, in seconds.
const EVERY: u32 = 10;
/// So many looks at each mailbox are counted.
const TURNS: u32 = 4;
/// How old the record of a look may be beside that, in seconds.
const TOLD_LATE: u32 = 15;

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let product = Product::get(wanted);
    let databases = Databases::start(&product);
    let users: Vec<String> = (0..MAILBOXES).map(|number| format!("box{number}")).collect();
    let mut table = Table::with_head(&[
        "CPU ms of one look at an empty mailbox",
        "reply-import",
        "mail server",
        "PostgreSQL",
        "memory MB",
        "looked at in time",
    ]);
    let kept = product.connections(usize::try_from(MAILBOXES).unwrap() + 100);
    for (name, sections) in [("few connections to one server, as set at first", ""), ("a connection for each", &kept)] {
        eprintln!("bench: looking at {MAILBOXES} mailboxes, {name}");
        let server = MailServer::with_users(&users);
        let empty = Set::named("tiny-0");
        for user in &users {
            server.put(user, &empty);
        }
        let mut row = vec![name.to_owned()];
        row.extend(looks(&product, &databases, &server, &users, sections));
        table.row(row);
    }
    report.table(&format!("Looking at {MAILBOXES} empty mailboxes every {EVERY} s"), &table);
}

fn looks(
    product: &Product,
    databases: &Databases,
    server: &MailServer,
    users: &[String],
    sections: &str,
) -> Vec<String> {
    let lines = format!("idle = false\npoll_interval = \"{EVERY}s\"");
    let mailboxes: Vec<Mailbox> = users.iter().map(|user| Mailbox::plain(server).of(user).with(&lines)).collect();
    let url = databases.fresh(Kind::Postgres);
    let service = Running::start_with(sections, product, &url, &mailboxes);
    let mut counter = Counter::connect(&url);
    let mut looked = || counter.counted("select count(*) from mailbox_rounds where state = 'good'");
    let all_seen = look_now_and_then(Duration::from_mins(5), || (looked() == MAILBOXES).then_some(()));
    if all_seen.is_none() {
        return vec![format!("failed: {} of {MAILBOXES} were looked at in 5 min", looked())];
    }
    let servers = [server.dovecot.process_id().unwrap(), databases.process_id()];
    let spent = || {
        let [imap, database] = servers.map(processor_seconds_so_far);
        [service.processor_seconds(), imap, database]
    };
    let (before, started) = (spent(), Instant::now());
    thread::sleep(Duration::from_secs(u64::from(EVERY * TURNS)));
    let (after, took) = (spent(), started.elapsed().as_secs_f64());
    let recent = format!(
        "select count(*) from mailbox_rounds where finished_at > now() at time zone 'utc' - interval '{} seconds'",
        EVERY + TOLD_LATE
    );
    let in_time = Counter::connect(&url).counted(&recent);
    let looks = f64::from(MAILBOXES) * took / f64::from(EVERY);
    let each = before.iter().zip(after).map(|(before, after)| number((after - before) / looks * 1000.0, 2));
    each.chain([number(service.memory(), 1), format!("{in_time} of {MAILBOXES}")]).collect()
}
