//! How fast batches are recorded. Run by hand, in release mode: `cargo test --release --test store -- --ignored --nocapture`.

use crate::world::{World, file, mail, start};
use reply_import::decision::{Decision, SenderMatch};
use reply_import::store::MailRecord;
use std::time::Instant;

const MAILS: usize = 3000;
const BATCH: usize = 50;

#[test]
#[ignore = "measures, and asserts nothing that a busy machine could not break"]
fn recording_on_both() {
    for (name, world) in [("SQLite", World::on_sqlite()), ("PostgreSQL", World::on_postgres())] {
        measure(name, "small (2 KB file)", &world, 0, |_| 2_000);
        measure(name, "mixed (2 KB to 400 KB)", &world, 100_000, |n| [2_000, 20_000, 60_000, 400_000][n % 4]);
    }
}

fn measure(name: &str, what: &str, world: &World, from: usize, octets: impl Fn(usize) -> usize) {
    let application = world.application("2024-00123").id;
    let records: Vec<MailRecord> = (from..from + MAILS)
        .map(|n| {
            let mut mail = mail(&format!("mail {n}"));
            let mut content = vec![0; octets(n)];
            content.iter_mut().zip(format!("{n}").into_bytes()).for_each(|(place, byte)| *place = byte);
            mail.attachments = vec![file("Zeugnis.pdf", &content)];
            let mut record = world.imported(1, "template", "2024-00123");
            record.mail = mail;
            record.decided.decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
            record.place.as_mut().unwrap().uid = u32::try_from(n).unwrap();
            record
        })
        .collect();
    let began = Instant::now();
    for batch in records.chunks(BATCH) {
        world.store.record(batch, start()).unwrap();
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{name}, {what}: {:.0} mails/s", f64::from(u32::try_from(MAILS).unwrap()) / seconds);
}
