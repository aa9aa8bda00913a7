//! Shows the service at work: real mail servers, made-up mails of a made-up company, one round, and a report of what
//! came of each mail, read back from the database and the mailboxes. Leaves nothing behind.
//!
//! Fails if a mail came to another end than it should.

#![expect(unreachable_pub, reason = "a program exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done ends the demonstration")]
#![expect(clippy::print_stdout, reason = "it is there to be looked at")]

#[path = "../harness/mod.rs"]
mod harness;

mod company;
mod files;
mod report;
mod samples;

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use self::company::Company;
use self::report::Report;
use self::samples::{Sample, samples};

fn main() -> ExitCode {
    println!("Starting Dovecot and Postfix ...");
    let company = Company::start();
    let samples = samples();
    deliver(&company, &samples);

    for command in [&["migrate"][..], &["directory", "import", "directory.jsonl"], &["check"], &["once"]] {
        println!("\n$ reply-import {}", command.join(" "));
        print!("{}", company.service.succeed(command));
    }

    let report = Report::read(&company, &samples);
    println!("\n{report}");
    if report.is_as_expected() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A minute apart, the last one just now, so that the report can tell them from each other by their times.
fn deliver(company: &Company, samples: &[Sample]) {
    println!("Delivering {} mails to {} ...", samples.len(), company::IMPORT_ADDRESS);
    let minutes_ago = (0..samples.len()).rev().map(|minutes| Duration::from_mins(minutes.try_into().unwrap()));
    for (sample, ago) in samples.iter().zip(minutes_ago) {
        company.dovecot.deliver_at(company::IMPORT_USER, &sample.mail, SystemTime::now() - ago);
    }
}
