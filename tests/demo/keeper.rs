//! What runs in the background: the demonstration, and then the servers and the service until somebody ends them.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use tokio::signal::unix::{SignalKind, signal};

use crate::company::{self, Company};
use crate::mailboxes;
use crate::report::Report;
use crate::samples::{Sample, samples};

/// The file that says that all is shown.
pub const READY: &str = "ready";

/// What whoever started us says when they have shown all to the end. Without it nobody knows of us.
pub const GO_ON: &str = "go on";

/// Where a link leads.
enum Goal {
    /// To the first entry of the application with this number, of which its reader was told.
    EntryOf(&'static str),
    /// To this page.
    Page(&'static str),
}

/// Those who are shown, with a word about each and where their link leads.
const VISITORS: [(&str, &str, Goal); 5] = [
    ("petra.personal", "Petra Personal, Personalmanager, in German", Goal::EntryOf("471101")),
    ("frank.fach", "Frank Fach, Fachbereich, in German: sees what they are responsible for", Goal::EntryOf("471101")),
    ("rita.recruiter", "Rita Recruiter, Recruiter, in English", Goal::Page("/applications")),
    ("paula.plus", "Paula Plus, Fachbereich Plus, in English", Goal::EntryOf("471102")),
    ("anna.amt", "Anna Amt, Administrator: states, and no content", Goal::Page("/")),
];

/// Demonstrates, and keeps it running. Everything lies in `folder`.
pub fn keep(folder: &Path) -> ExitCode {
    let Some(_company) = demonstrate(folder) else { return ExitCode::FAILURE };
    fs::write(folder.join(READY), "").unwrap();
    let mut word = String::new();
    std::io::stdin().read_line(&mut word).unwrap();
    if word.trim_end() != GO_ON {
        return ExitCode::FAILURE;
    }
    wait_for_the_end();
    ExitCode::SUCCESS
}

fn demonstrate(folder: &Path) -> Option<Company> {
    let mut company = Company::start();
    mailboxes::note(folder, &company.dovecot);
    // A minute apart, the last ones a moment ago.
    let first = SystemTime::now() - Duration::from_mins(20);
    let samples = samples(|number| first + Duration::from_mins(1) * number);
    deliver(&company, &samples);

    for command in [&["migrate"][..], &["directory", "import", "directory.jsonl"], &["check"], &["once"]] {
        println!("\n$ reply-import {}", command.join(" "));
        print!("{}", company.service.succeed(command));
    }

    let report = Report::read(&company, &samples);
    println!("\n{report}");
    if !report.is_as_expected() {
        return None;
    }
    println!("\n$ reply-import run &");
    company.run();
    invite(&company, &report, folder);
    Some(company)
}

fn deliver(company: &Company, samples: &[Sample]) {
    println!("Delivering {} mails to {} ...", samples.len(), company::IMPORT_ADDRESS);
    for sample in samples {
        company.dovecot.deliver_at(company::IMPORT_USER, &sample.mail, sample.arrival);
    }
}

/// Says where to look. The links are what the people would find in their mailboxes.
fn invite(company: &Company, report: &Report, folder: &Path) {
    let url = company.url();
    println!("The candidate's profile is in the browser: {url}\n");
    println!(
        "Each of these has followed the link in a notice, written their address at {url}/sign-in,\n\
         and got a mail with a link to sign in. Open one, and go on where they wanted to go:\n"
    );
    for (user, about, goal) in VISITORS {
        let page = match goal {
            Goal::EntryOf(number) => told_of(company, user, &report.first_entry_of(number)),
            Goal::Page(page) => page.to_owned(),
        };
        println!("  {about}\n    {}", company.sign_in_link(user, &page));
    }
    println!(
        "\nA link is good once, and for a quarter of an hour. For another one write petra.personal@example.test\n\
         at {url}/sign-in; `make demo-mail WHO=petra.personal` shows the newest mail in that mailbox,\n\
         `make demo-mail` that of each. Servers and service go on in the background, with all they have in\n\
         {folder}. `make demo-stop` ends them and removes it.",
        folder = folder.display()
    );
}

/// The entry's page, by the link in the notice of it. Notices come in any order.
fn told_of(company: &Company, user: &str, entry: &str) -> String {
    let page = format!("/entries/{entry}");
    let link = format!("{}{page}", company.url());
    assert!(company.links(user, "/entries/").contains(&link), "{user} was not told of {link}");
    page
}

fn wait_for_the_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let [mut term, mut int, mut hang_up] =
            [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(|kind| signal(kind).unwrap());
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} _ = hang_up.recv() => {} }
    });
}
