//! From delivery to the committed record, while the service runs: told by IDLE, and looking every second without it.

use crate::databases::{Counter, Kind};
use crate::goals::Goal;
use crate::harness::waiting::poll;
use crate::importers::Bench;
use crate::mail_server::USER;
use crate::measured::median;
use crate::product::Mailbox;
use crate::report::Report;
use crate::running::Running;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

const DELIVERIES: u64 = 20;
const WAYS: [(&str, &str); 2] =
    [("IDLE", "poll_interval = \"1h\""), ("looking every second", "idle = false\npoll_interval = \"1s\"")];

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let bench = Bench::start(wanted);
    let mut table = Table::with_head(&["noticed by", "median, ms", "fastest", "slowest"]);
    for (name, lines) in WAYS {
        eprintln!("bench: from delivery to the record, by {name}");
        match times(&bench, lines) {
            Ok(mut times) => {
                times.sort_unstable_by(f64::total_cmp);
                let (first, last) = (times[0], times[times.len() - 1]);
                let middle = median(times);
                table.row(vec![name.to_owned(), number(middle, 0), number(first, 0), number(last, 0)]);
                if name == "IDLE" {
                    let what = "delivery to committed record by IDLE, median";
                    report.goal(Goal::at_most(what, middle, 600.0, 520.0, " ms").rounded(0));
                }
            }
            Err(fault) => table.row(vec![name.to_owned(), "failed".to_owned(), fault]),
        }
    }
    report.table(&format!("From delivery to the committed record, PostgreSQL, {DELIVERIES} mails"), &table);
}

fn times(bench: &Bench, lines: &str) -> Result<Vec<f64>, String> {
    bench.server.put(USER, &Set::named("tiny-0"));
    let mails = Set::named("small-50").sorted_mails();
    let url = bench.databases.fresh(Kind::Postgres);
    let _service = Running::start(&bench.product, &url, &[Mailbox::plain(&bench.server).with(lines)]);
    let mut counter = Counter::connect(&url);
    let mut counted = || counter.counted("select count(*) from mails");
    let mut times = Vec::new();
    for (number, mail) in (0_u64..).zip(&mails).take(usize::try_from(DELIVERIES).unwrap() + 1) {
        // At no fixed time after the one before: the server and we ourselves look at fixed times.
        thread::sleep(Duration::from_millis(900 + number * 379 % 700));
        let mail = fs::read(mail).unwrap();
        bench.server.dovecot.deliver(USER, mail);
        let delivered = Instant::now();
        let wanted = u32::try_from(number + 1).unwrap();
        while counted() < wanted {
            if delivered.elapsed() > Duration::from_secs(30) {
                return Err(format!("mail {wanted} is not recorded after 30 s"));
            }
            thread::sleep(Duration::from_millis(1));
        }
        // The first one finds a service that is still starting.
        if number > 0 {
            times.push(delivered.elapsed().as_secs_f64() * 1000.0);
        }
    }
    let wanted = u32::try_from(times.len() + 1).unwrap();
    let filed = poll(Duration::from_secs(10), || (bench.server.in_archive(USER) == wanted).then_some(()));
    filed.map(|()| times).ok_or_else(|| "not all mails were filed".to_owned())
}
