//! How the cost grows: with the number of mails, the size of each, the number of mailboxes, what lies in the archive and
//! what was seen in the inbox. Of each series the exponent: 1 grows as the cause does, 0 not at all, 2 is its square.

use crate::databases::Kind;
use crate::importers::Bench;
use crate::mail_server::{MailServer, USER};
use crate::measured::{Ran, measured};
use crate::product::Mailbox;
use crate::report::Report;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;

/// Medians of so many runs: the steps are large.
const ROUNDS: usize = 2;

/// One point of a series: the cause, and what it cost.
struct Point {
    cause: u32,
    ran: Result<Ran, String>,
}

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let users: Vec<String> = (0..640).map(|number| format!("box{number}")).collect();
    let mut bench = Bench::start(wanted);
    bench.server = MailServer::with_users(&users);
    let rounds = wanted.rounds.min(ROUNDS);
    let series = |what: &str, causes: &[u32], run: &dyn Fn(u32) -> Ran| {
        eprintln!("bench: growth with {what}");
        let point = |&cause: &u32| {
            let runs: Vec<Ran> = (0..rounds).map(|_| run(cause)).collect();
            Point { cause, ran: Ran::medians(&runs) }
        };
        causes.iter().map(point).collect::<Vec<_>>()
    };
    let all = [
        (
            "mails (text and HTML)",
            series("mails", &[250, 500, 1000, 2000, 4000, 8000], &|mails| {
                one(&bench, &Set::named(&format!("small-{mails}")))
            }),
        ),
        (
            "KB of each of 40 mails",
            series("the size of mails", &[40, 160, 640, 2560, 10240], &|size| {
                one(&bench, &Set::named(&format!("file:{size}000-40")))
            }),
        ),
        (
            "mailboxes with 5 mails each",
            series("mailboxes", &[10, 40, 160, 640], &|mailboxes| {
                several(&bench, users.get(..usize::try_from(mailboxes).unwrap()).unwrap())
            }),
        ),
        (
            "mails in the archive, 50 to import",
            series("the archive", &[1000, 4000, 16_000, 64_000], &|archived| beside_archive(&bench, archived)),
        ),
        (
            "seen mails in the inbox, 10 to import",
            series("the inbox", &[1000, 4000, 16_000, 64_000], &|seen| {
                one(&bench, &Set::named(&format!("tiny-{}-{seen}", seen + 10)))
            }),
        ),
    ];
    for (what, points) in &all {
        report.table(&format!("Growth: {what}"), &table(what, points));
    }
    let mut exponents = Table::with_head(&["cost by", "exponent of the time", "of the program's CPU"]);
    for (what, points) in &all {
        let of = |value: fn(&Ran) -> f64| exponent(points, value).map_or("failed".to_owned(), |found| number(found, 2));
        exponents.row(vec![(*what).to_owned(), of(|ran| ran.wall), of(|ran| ran.cpu)]);
    }
    report.table("Growth: exponents", &exponents);
}

fn table(what: &str, points: &[Point]) -> Table {
    let mut table = Table::with_head(&[what, "s", "CPU s", "peak MB"]);
    for Point { cause, ran } in points {
        let cause = cause.to_string();
        table.row(match ran {
            Ok(ran) => vec![cause, number(ran.wall, 2), number(ran.cpu, 2), number(ran.peak, 0)],
            Err(fault) => vec![cause, "failed".to_owned(), fault.clone()],
        });
    }
    table
}

/// The slope of the line that fits best, both sides as logarithms.
fn exponent(points: &[Point], value: fn(&Ran) -> f64) -> Option<f64> {
    let of = |point: &Point| Some((f64::from(point.cause).ln(), value(point.ran.as_ref().ok()?).max(0.001).ln()));
    let logarithms: Vec<(f64, f64)> = points.iter().map(of).collect::<Option<_>>()?;
    let count = f64::from(u32::try_from(logarithms.len()).unwrap());
    let mean = |of: fn(&(f64, f64)) -> f64| logarithms.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let together: f64 = logarithms.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let alone: f64 = logarithms.iter().map(|point| (point.0 - x).powi(2)).sum();
    Some(together / alone)
}

fn one(bench: &Bench, set: &Set) -> Ran {
    bench.server.put(USER, set);
    let url = bench.databases.fresh(Kind::Postgres);
    let (mut ran, _) = measured(&bench.product.command(&url, &[Mailbox::plain(&bench.server)], &["once"]));
    if ran.fault.is_none() {
        ran.fault = bench.shortfall_of_ours(&url, set);
    }
    ran
}

fn several(bench: &Bench, users: &[String]) -> Ran {
    let mails = Set::named("small-4000").sorted_mails();
    for (user, mails) in users.iter().zip(mails.chunks(5)) {
        bench.server.put_mails(user, mails);
    }
    let url = bench.databases.fresh(Kind::Postgres);
    let mailboxes: Vec<Mailbox> = users.iter().map(|user| Mailbox::plain(&bench.server).of(user)).collect();
    let (mut ran, _) = measured(&bench.product.command(&url, &mailboxes, &["once"]));
    let archived: u32 = users.iter().map(|user| bench.server.in_archive(user)).sum();
    let wanted = 5 * u32::try_from(users.len()).unwrap();
    if archived != wanted {
        ran.fault.get_or_insert(format!("in archives {archived}, not {wanted}"));
    }
    ran
}

fn beside_archive(bench: &Bench, archived: u32) -> Ran {
    let (set, old) = (Set::named("small-50"), Set::named(&format!("tiny-{archived}-{archived}")));
    bench.server.put(USER, &set);
    bench.server.put_into_archive(USER, &old);
    let url = bench.databases.fresh(Kind::Postgres);
    let (mut ran, _) = measured(&bench.product.command(&url, &[Mailbox::plain(&bench.server)], &["once"]));
    let found = bench.server.in_archive(USER);
    if found != archived + set.mails {
        ran.fault.get_or_insert(format!("in the archive {found}, not {}", archived + set.mails));
    }
    ran
}
