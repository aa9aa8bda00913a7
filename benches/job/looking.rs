//! Looking at mailboxes in which there is nothing: what one look costs the worker, the mail server and the database.

use crate::databases::{Counter, Databases, Kind};
use crate::mail_server::MailServer;
use crate::measured::{look_now_and_then, processor_seconds_so_far};
use crate::product::{Mailbox, Product};
use crate::report::{Report, Table, number};
use crate::running::Running;
use crate::sets::Set;
use crate::wanted::Wanted;
use std::thread;
use std::time::{Duration, Instant};

const MAILBOXES: u32 = 500;
const EVERY: u32 = 10;
/// So many looks at each mailbox are counted.
const TURNS: u32 = 4;

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let product = Product::get(wanted);
    let databases = Databases::start(&product);
    let users: Vec<String> = (0..MAILBOXES).map(|number| format!("box{number}")).collect();
    let server = MailServer::with_users(&users);
    let empty = Set::named("tiny-0");
    for user in &users {
        server.put(user, &empty);
    }
    let lines = format!("idle = false\npoll_interval = \"{EVERY}s\"");
    let mailboxes: Vec<Mailbox> = users.iter().map(|user| Mailbox::plain(&server).of(user).with(&lines)).collect();
    let url = databases.fresh(Kind::Postgres);
    let service = Running::start(&product, &url, &mailboxes);
    let mut counter = Counter::connect(&url);
    let mut looked = || counter.counted("select count(*) from mailbox_rounds where state = 'good'");
    let is_ready = look_now_and_then(Duration::from_mins(5), || (looked() == MAILBOXES).then_some(())).is_some();
    let servers = [server.dovecot.process_id().unwrap(), databases.process_id()];
    let spent =
        || [service.processor_seconds(), processor_seconds_so_far(servers[0]), processor_seconds_so_far(servers[1])];
    let (before, started) = (spent(), Instant::now());
    thread::sleep(Duration::from_secs(u64::from(EVERY * TURNS)));
    let (after, took) = (spent(), started.elapsed().as_secs_f64());
    // Whether it kept up: every mailbox was looked at within the last turns.
    let recent = format!(
        "select count(*) from mailbox_rounds where finished_at > now() at time zone 'utc' - interval '{} seconds'",
        EVERY * 2
    );
    let kept_up = Counter::connect(&url).counted(&recent);
    let looks = f64::from(MAILBOXES) * took / f64::from(EVERY);
    let mut table = Table::with_head(&["one look at an empty mailbox", "CPU ms"]);
    for (name, (before, after)) in
        ["reply-import", "the mail server", "PostgreSQL"].iter().zip(before.iter().zip(after))
    {
        table.row(vec![(*name).to_owned(), number((after - before) / looks * 1000.0, 2)]);
    }
    let head =
        format!("Looking at {MAILBOXES} empty mailboxes every {EVERY} s: memory {} MB", number(service.memory(), 1));
    report.table(&head, &table);
    if !is_ready || kept_up < MAILBOXES {
        report.say(&format!("It did not keep up: of {MAILBOXES} mailboxes {kept_up} were looked at in time."));
    }
}
