//! The whole job, measured: mails out of a real mail server into a real database and filed away, by the program as it is
//! released and with its default settings; side by side in the same rounds with what the job costs at least (`floor/`), with
//! a skeleton of it that has no safety, and with what people use instead (`peers/`).
//!
//! `make bench`. What is measured is chosen by variables, see [`wanted`]; all that is made and installed for it lies in
//! `target/bench`, and so does the table, `table.md`. Machines are noisy: ratios of the same rounds carry, and medians.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it measures for a person who looks")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be measured ends the measuring")]
#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

mod big_folder;
mod compared;
mod databases;
mod distant;
mod goals;
mod growth;
#[path = "../../tests/harness/mod.rs"]
mod harness;
mod idle;
mod importers;
mod latency;
mod looking;
mod mail_server;
mod many;
mod measured;
mod memory;
mod peers;
mod product;
mod report;
mod running;
mod sets;
mod table;
mod wanted;
mod wire;

use report::Report;
use wanted::{Part, Wanted};

fn main() {
    let wanted = Wanted::from_environment();
    let mut report = Report::start(&wanted);
    for part in &wanted.parts {
        match part {
            Part::Compared => compared::measure(&wanted, &mut report),
            Part::Memory => memory::measure(&wanted, &mut report),
            Part::BigFolder => big_folder::measure(&wanted, &mut report),
            Part::Distant => distant::measure(&wanted, &mut report),
            Part::Latency => latency::measure(&wanted, &mut report),
            Part::Idle => idle::measure(&wanted, &mut report),
            Part::Looking => looking::measure(&wanted, &mut report),
            Part::Many => many::measure(&wanted, &mut report),
            Part::Growth => growth::measure(&wanted, &mut report),
        }
        report.save();
    }
    report.finish();
}
