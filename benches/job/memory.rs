//! Memory: whether it grows with the number of mails, and with the size of one.

use crate::databases::Kind;
use crate::goals::Goal;
use crate::importers::{Bench, Importer, Way};
use crate::mail_server::USER;
use crate::measured::{Ran, measured};
use crate::product::Mailbox;
use crate::report::Report;
use crate::sets::Set;
use crate::table::{Table, number};
use crate::wanted::Wanted;

/// Sizes of one mail on the wire, in millions of octets.
const SIZES: [u32; 3] = [10, 25, 50];

pub fn measure(wanted: &Wanted, report: &mut Report) {
    let bench = Bench::start(wanted);
    many(&bench, report);
    one_large(&bench, wanted, report);
}

fn many(bench: &Bench, report: &mut Report) {
    let mut table = Table::with_head(&["mails of the mix", "peak MB", "mails/s"]);
    let mut peaks = Vec::new();
    for name in ["mix-2000", "mix-10000"] {
        let set = Set::named(name);
        let importer = Importer::Ours(Kind::Postgres, Way::Plain);
        // Once: with so many mails the peak varies little.
        match Ran::medians(&[bench.run(importer, &set)]) {
            Ok(ran) => {
                let rate = f64::from(set.unseen()) / ran.wall;
                table.row(vec![set.mails.to_string(), number(ran.peak, 1), number(rate, 0)]);
                peaks.push(ran.peak);
            }
            Err(fault) => table.row(vec![set.mails.to_string(), "failed".to_owned(), fault]),
        }
    }
    report.table("Memory by the number of mails, into PostgreSQL", &table);
    if let [small, large] = peaks[..] {
        report.goal(Goal::at_most("peak memory, mix of 2,000", small, 64.0, 48.0, " MB").rounded(0));
        let growth = (large / small - 1.0) * 100.0;
        report.goal(Goal::at_most("its growth to 10,000 mails", growth, 10.0, 5.0, " %").rounded(1));
    }
}

fn one_large(bench: &Bench, wanted: &Wanted, report: &mut Report) {
    let mut table = Table::with_head(&["one mail of", "peak MB, PostgreSQL", "peak MB, SQLite", "must", "aim"]);
    for size in SIZES {
        let set = Set::named(&format!("file:{size}000000-1"));
        let (must, aim) = (64.0 + 3.0 * f64::from(size), 48.0 + 2.0 * f64::from(size));
        let mut row = vec![format!("{size} MB")];
        for kind in [Kind::Postgres, Kind::Sqlite] {
            let runs: Vec<Ran> = (0..wanted.rounds).map(|_| import_large(bench, kind, &set)).collect();
            let ran = Ran::medians(&runs);
            if let (Ok(ran), Kind::Postgres) = (&ran, kind) {
                let what = format!("peak memory with one mail of {size} MB");
                report.goal(Goal::at_most(what, ran.peak, must, aim, " MB").rounded(0));
            }
            row.push(ran.map_or_else(|fault| fault, |ran| number(ran.peak, 1)));
        }
        row.extend([number(must, 0), number(aim, 0)]);
        table.row(row);
    }
    report.table("Memory by the size of one mail", &table);
}

fn import_large(bench: &Bench, kind: Kind, set: &Set) -> Ran {
    bench.server.put(USER, set);
    let url = bench.databases.fresh(kind);
    let mailbox = Mailbox::plain(&bench.server).with("max_size = \"60MiB\"");
    let (mut ran, _) = measured(&bench.product.command(&url, &[mailbox], &["once"]));
    if ran.fault.is_none() {
        ran.fault = bench.shortfall_of_ours(&url, set);
    }
    ran
}
