//! The program beside the floors, the skeleton and the peers, on the same mailbox in the same rounds.

use crate::databases::Kind;
use crate::goals::Goal;
use crate::importers::{Bench, Importer, Way};
use crate::mail_server::USER;
use crate::measured::Ran;
use crate::product::Mailbox;
use crate::report::Report;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;

const OURS: Importer = Importer::Ours(Kind::Postgres, Way::Plain);
const OURS_TLS: Importer = Importer::Ours(Kind::Postgres, Way::Tls);
const OURS_SQLITE: Importer = Importer::Ours(Kind::Sqlite, Way::Plain);

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let bench = Bench::start(wanted);
    for name in &wanted.sets {
        let set = Set::named(name);
        let results = Results::of(&bench, &set, wanted.rounds);
        let average = f64::from(u32::try_from(set.octets / 1000).unwrap()) / f64::from(set.mails);
        let head = format!("{name}: {} mails of {} KB on average, {} files", set.mails, number(average, 0), set.files);
        report.table(&head, &results.table());
        results.faults().iter().for_each(|fault| report.say(fault));
        results.goals(report);
        report.say(&recorded(&bench, &set));
        report.save();
    }
}

/// What a mail is in the database.
fn recorded(bench: &Bench, set: &Set) -> String {
    let url = bench.databases.fresh(Kind::Postgres);
    bench.server.put(USER, set);
    bench.product.run(&url, &[Mailbox::plain(&bench.server)], &["once"]);
    let (rows, kilobytes) = bench.databases.growth(&url);
    let each = |value: u32| number(f64::from(value) / f64::from(set.unseen()), 1);
    format!("In PostgreSQL a mail of {} is {} rows and {} KB.", set.name, each(rows), each(kilobytes))
}

struct Results {
    set: Set,
    runs: Vec<(Importer, Vec<Ran>)>,
}

impl Results {
    /// Round robin, so that what changes on the machine changes for all.
    fn of(bench: &Bench, set: &Set, rounds: usize) -> Self {
        let mut runs: Vec<(Importer, Vec<Ran>)> = Importer::ALL.map(|importer| (importer, Vec::new())).to_vec();
        for round in 1..=rounds {
            eprintln!("bench: {}, round {round} of {rounds}", set.name);
            for (importer, ran) in &mut runs {
                ran.push(bench.run(*importer, set));
            }
        }
        Self { set: set.clone(), runs }
    }

    fn medians(&self, wanted: Importer) -> Result<Ran, String> {
        let runs = self.runs.iter().find(|(importer, _)| *importer == wanted);
        runs.map_or_else(|| Err("not run".to_owned()), |(_, runs)| Ran::medians(runs))
    }

    fn rate(&self, importer: Importer) -> Option<f64> {
        Some(f64::from(self.set.unseen()) / self.medians(importer).ok()?.wall)
    }

    /// How many times as fast one is as the other.
    fn ratio(&self, of: Importer, to: Importer) -> Option<f64> {
        Some(self.rate(of)? / self.rate(to)?)
    }

    fn per_thousand(&self, seconds: f64) -> f64 {
        seconds * 1000.0 / f64::from(self.set.unseen())
    }

    fn times_parse(&self, ran: &Ran) -> Option<f64> {
        Some(ran.cpu / self.medians(Importer::FloorParse).ok()?.cpu)
    }

    fn table(&self) -> Table {
        let mut table = Table::with_head(&[
            "importer",
            "mails/s",
            "of its floor",
            "× imapflow",
            "× imap_tools",
            "× usual script",
            "CPU s per 1,000",
            "× parsing",
            "peak MB",
            "mail server's CPU s",
            "database's CPU s",
        ]);
        for importer in Importer::ALL {
            let Ok(ran) = self.medians(importer) else {
                table.row(vec![importer.name().to_owned(), "failed".to_owned()]);
                continue;
            };
            let floor = match importer {
                Importer::FloorFetch(_) | Importer::FloorParse | Importer::FloorCopy | Importer::FloorSqlite => None,
                Importer::Ours(Kind::Sqlite, _) => Some(Importer::FloorSqlite),
                _ => Some(Importer::FloorCopy),
            };
            let against = |to: Option<Importer>| {
                let ratio = floor.and(to).and_then(|to| self.ratio(importer, to));
                ratio.map(|ratio| number(ratio, 2)).unwrap_or_default()
            };
            table.row(vec![
                importer.name().to_owned(),
                self.rate(importer).map(|rate| number(rate, 0)).unwrap_or_default(),
                against(floor),
                against(Some(Importer::Imapflow)),
                against(Some(Importer::Bulk)),
                against(Some(Importer::Usual)),
                number(self.per_thousand(ran.cpu), 2),
                self.times_parse(&ran).map(|times| number(times, 2)).unwrap_or_default(),
                number(ran.peak, 0),
                number(self.per_thousand(ran.imap_cpu), 2),
                number(self.per_thousand(ran.database_cpu), 2),
            ]);
        }
        table
    }

    /// Runs that do not count, each with the reason.
    fn faults(&self) -> Vec<String> {
        let faults = self.runs.iter().filter_map(|(importer, runs)| {
            let faults: Vec<&String> = runs.iter().filter_map(|run| run.fault.as_ref()).collect();
            let first = faults.first().map(|first| (*first).clone());
            let count = (faults.len(), runs.len());
            first.map(|first| format!("{}: {} of {} runs do not count: {first}", importer.name(), count.0, count.1))
        });
        faults.collect()
    }

    fn goals(&self, report: &mut Report) {
        let name = &self.set.name;
        let mut share = |what: &str, of, to, must, aim, unit| {
            if let Some(ratio) = self.ratio(of, to) {
                report.goal(Goal::at_least(format!("{name}: {what}"), ratio, must, aim, unit));
            }
        };
        let is_mix = name.starts_with("mix");
        let by_kind = |mix, small| if is_mix { mix } else { small };
        let (must, aim) = by_kind((0.50, 0.70), (0.40, 0.60));
        share("PostgreSQL, share of the COPY floor", OURS, Importer::FloorCopy, must, aim, "");
        if is_mix {
            share("SQLite, share of its floor", OURS_SQLITE, Importer::FloorSqlite, 0.45, 0.65, "");
        }
        let (must, aim) = by_kind((2.5, 3.5), (6.0, 9.0));
        share("mails/s against imapflow", OURS, Importer::Imapflow, must, aim, "×");
        let (must, aim) = by_kind((5.0, 7.0), (14.0, 20.0));
        share("mails/s against the usual script", OURS, Importer::Usual, must, aim, "×");
        share("TLS, share of the plain rate", OURS_TLS, OURS, 0.75, 0.85, "");
        let times = self.medians(OURS).ok().and_then(|ran| self.times_parse(&ran)).filter(|_| is_mix);
        if let Some(times) = times {
            report.goal(Goal::at_most(format!("{name}: client CPU, multiple of parsing"), times, 2.2, 1.6, "×"));
        }
    }
}
