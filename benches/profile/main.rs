//! How fast the record answers what the profile in the browser asks, with 100,000 applications, on both databases.
//!
//! `make bench`; words behind `cargo bench --bench profile --` choose the database: `sqlite`, `postgres`.

#![expect(clippy::print_stdout, reason = "it measures for a person who looks")]
#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

mod filled;
#[path = "../../tests/harness/mod.rs"]
mod harness;

use filled::{Filled, now};
use harness::{Folder, Postgres};
use reply_import::store::{ApplicationSearch, Viewer};
use std::time::{Duration, Instant};

/// Runs of each question.
const RUNS: usize = 60;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    if is_wanted("sqlite") {
        let folder = Folder::create();
        measure("SQLite", &format!("sqlite:{}", folder.join("record.db").display()));
    }
    if is_wanted("postgres") {
        let server = Postgres::start();
        measure("PostgreSQL", &server.fresh_database_url());
    }
}

fn measure(name: &str, url: &str) {
    let began = Instant::now();
    let filled = Filled::fill(url);
    println!("\n{name}: {} (filled in {:.0} s)", Filled::content(), began.elapsed().as_secs_f64());
    println!("{:<44}{:>22}{:>22}", "milliseconds: median, 95th percentile", "Personalmanager", "Fachbereich");
    let store = &filled.store;
    let search = |text: &str, page: u32| ApplicationSearch { text: text.to_owned(), page };
    let list = |viewer, text: &str, page| store.applications_for(viewer, &search(text, page)).unwrap().lines.len();
    line(&filled, "profile and Historie, 200 entries, 500 files", |viewer| {
        store.mark_seen(viewer, filled.large, now()).unwrap();
        assert!(store.profile(viewer, filled.large).unwrap().is_some());
        store.history(viewer, filled.large).unwrap().unwrap().len()
    });
    line(&filled, "Dateien, 500 files", |viewer| store.application_files(viewer, filled.large).unwrap().unwrap().len());
    line(&filled, "magnifier, audit included", |viewer| {
        store.original(viewer, filled.mail, now()).unwrap().unwrap().text.len()
    });
    line(&filled, "list, page 1", |viewer| list(viewer, "", 1));
    line(&filled, "list, page 5", |viewer| list(viewer, "", 5));
    line(&filled, "list, page 1000", |viewer| list(viewer, "", 1000));
    line(&filled, "search: a word that many have", |viewer| list(viewer, "Gießerei", 1));
    line(&filled, "search: a name that few have", |viewer| list(viewer, "MÜLLER-31337", 1));
    line(&filled, "search: two words", |viewer| list(viewer, "erika lager", 1));
    line(&filled, "search: beginning of a number", |viewer| list(viewer, "1234", 1));
    line(&filled, "search: nothing found", |viewer| list(viewer, "nobody has this", 1));
}

fn line(filled: &Filled, what: &str, work: impl Fn(Viewer) -> usize) {
    let [whole, own] = [filled.personalmanager, filled.fachbereich].map(|viewer| {
        let mut times: Vec<Duration> = (0..RUNS)
            .map(|_| {
                let began = Instant::now();
                std::hint::black_box(work(viewer));
                began.elapsed()
            })
            .collect();
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        format!("{:.1}, {:.1}", at(50), at(95))
    });
    println!("{what:<44}{whole:>22}{own:>22}");
}
