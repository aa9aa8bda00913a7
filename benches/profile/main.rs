//! How fast the pages and the interface for programs are answered, with 100,000 applications, on both databases: the built
//! program, asked by HTTP on this machine, by one who waits for each answer, and by eight at once.
//!
//! `make bench`; words behind `cargo bench --bench profile --` choose: `sqlite` or `postgres`, and parts of lines' names.
//! What the databases are filled with is kept in cargo's folder for what tests keep.

#![expect(clippy::print_stdout, reason = "it measures for a person who looks")]
#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

mod asked;
mod bulk;
mod filled;
#[path = "../../tests/harness/mod.rs"]
mod harness;
mod kept;
mod large;
mod names;
mod office;
mod served;

use asked::{Line, measured};
use served::Served;
use std::num::NonZero;

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let databases: Vec<&str> =
        ["sqlite", "postgres"].into_iter().filter(|name| words.iter().any(|word| word == name)).collect();
    words.retain(|word| !databases.contains(&word.as_str()));
    for database in if databases.is_empty() { vec!["sqlite", "postgres"] } else { databases } {
        let served = match database {
            "sqlite" => Served::on_sqlite(),
            _ => Served::on_postgres(),
        };
        table(&served, &words);
    }
}

fn table(served: &Served, words: &[String]) {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    println!("\n{} on a machine with {cores} cores", served.content);
    println!("{:<46}{:>20}{:>20}{:>10}", "milliseconds: median, 95th percentile", "one", "eight at once", "KB");
    for line in lines(served) {
        if words.is_empty() || words.iter().any(|word| line.what.contains(word.as_str())) {
            let times = measured(served, &line);
            println!("{:<46}{:>20}{:>20}{:>10.1}", line.what, times.one, times.eight, times.kilobytes);
        }
    }
}

fn lines(served: &Served) -> Vec<Line> {
    let profile = format!("/applications/{}", served.large);
    let api = format!("/api/v1/applications/{}", served.large_number);
    let one = |what, path: String| Line { what, who: served.personalmanager.clone(), path };
    let search = |what, text: &str| one(what, format!("/applications?q={text}"));
    vec![
        one("the style sheet: no database, no session", "/assets/style.css".to_owned()),
        one("profile: Historie, 200 entries, 500 files", profile.clone()),
        one("profile: Dateien", format!("{profile}/files")),
        one("profile: Dokumente", format!("{profile}/documents")),
        one("profile: entry with its magnifier opened", format!("/entries/{}", served.entry)),
        one("profile of an application with 4 entries", format!("/applications/{}", served.small)),
        one("list, page 1", "/applications".to_owned()),
        one("list, page 1000", "/applications?page=1000".to_owned()),
        one("list, the last page", "/applications?page=1800".to_owned()),
        search("search: a whole number", &served.large_number),
        search("search: beginning of a number, 4 digits", "4821"),
        search("search: beginning of a number, 1 digit", "4"),
        search("search: a candidate's whole name", "Zo%C3%AB%20Quitzow-Ehrenfels"),
        search("search: a word that few have", "QUITZOW"),
        search("search: a word that many have", "Gie%C3%9Ferei"),
        search("search: two words that many have", "erika%20lager"),
        search("search: many have each, none both", "erika%20ehrenfels"),
        search("search: nothing found", "nobody"),
        Line { what: "Fachbereich: list, page 1", who: served.fachbereich.clone(), path: "/applications".to_owned() },
        Line { what: "Fachbereich: search", who: served.fachbereich.clone(), path: "/applications?q=lager".to_owned() },
        // One line alone: for a second one a token has no requests left in the same minute.
        Line { what: "interface: history", who: served.program.clone(), path: format!("{api}/history") },
    ]
}
