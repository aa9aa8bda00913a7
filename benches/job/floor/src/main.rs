//! What the job costs at least: its parts alone, each done as fast as a plain program can, and a skeleton of the whole.
//! A measuring tool and no model: no error is handled, and no certificate is checked.
//!
//! ```text
//! floor fetch plain|tls             all bodies by one FETCH, thrown away
//! floor parse FOLDER                mail-parser over the files of a folder, on one core
//! floor copy FOLDER N               what was read of them into PostgreSQL by COPY, N mails a transaction
//! floor sqlite FOLDER N             the same into SQLite (WAL, FULL)
//! floor skeleton plain|tls BYTES    the whole job into PostgreSQL; BYTES bounds what is fetched at a time
//! floor tables                      makes PostgreSQL's tables anew, for whoever uses them
//! ```
//!
//! Environment: IMAP_PORT, IMAPS_PORT, IMAP_USER, IMAP_PASS, PG_DSN, SQLITE (a file, made anew). Prints one object of JSON.

mod imap;
mod into_postgres;
mod into_sqlite;
mod reading;
mod skeleton;

use imap::Imap;
use reading::{Row, files, parse};
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["fetch", way] => fetch(way == "tls"),
        ["parse", folder] => parse_all(folder),
        ["copy", folder, batch] => {
            let mut client = into_postgres::connect();
            into_postgres::make_tables(&mut client);
            record(folder, batch, &mut |rows| into_postgres::copy(&mut client, rows));
        }
        ["sqlite", folder, batch] => {
            let mut connection = into_sqlite::open();
            record(folder, batch, &mut |rows| into_sqlite::insert(&mut connection, rows));
        }
        ["skeleton", way, bytes] => {
            let clock = Clock::start();
            let mails = skeleton::run(way == "tls", bytes.parse().unwrap());
            clock.report(mails);
        }
        ["tables"] => into_postgres::make_tables(&mut into_postgres::connect()),
        _ => panic!("see the head of src/main.rs for what may be typed"),
    }
}

fn fetch(tls: bool) {
    let mut imap = Imap::connect(tls);
    imap.command("SELECT INBOX");
    let (clock, mut mails) = (Clock::start(), 0);
    let tag = imap.send("UID FETCH 1:* (BODY.PEEK[])");
    imap.wait_for(&tag, false, &mut |line, _| mails += usize::from(line.ends_with(b"}\r\n")));
    clock.report(mails);
    imap.command("LOGOUT");
}

fn parse_all(folder: &str) {
    let mails = files(folder);
    let (clock, mut octets) = (Clock::start(), 0);
    for mail in &mails {
        let row = parse(1, mail);
        octets += row.text.len() + row.files.iter().map(|file| file.content.len()).sum::<usize>();
    }
    clock.report(mails.len());
    assert!(octets > 0, "nothing was read");
}

fn record(folder: &str, batch: &str, write: &mut dyn FnMut(&[Row])) {
    let rows: Vec<Row> = (1..).zip(files(folder)).map(|(uid, mail)| parse(uid, &mail)).collect();
    let clock = Clock::start();
    for rows in rows.chunks(batch.parse().unwrap()) {
        write(rows);
    }
    clock.report(rows.len());
}

/// Time on the wall and on processors.
struct Clock {
    started: Instant,
    on_processors: f64,
}

impl Clock {
    fn start() -> Self {
        Self { started: Instant::now(), on_processors: on_processors() }
    }

    fn report(&self, mails: usize) {
        let (wall, cpu) = (self.started.elapsed().as_secs_f64(), on_processors() - self.on_processors);
        println!("{{\"mails\":{mails},\"wall\":{wall:.4},\"cpu\":{cpu:.3}}}");
    }
}

/// Seconds that all threads of this process have spent (proc(5); in hundredths, as Linux counts for everybody).
fn on_processors() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}
