//! What came of each mail, as the database has it, and what lies in the mailboxes.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::company::{Company, IMPORT_USER, PEOPLE};
use crate::harness::waiting::poll;
use crate::samples::Sample;

/// How long mail servers may take to deliver what they took.
const DELIVERY: Duration = Duration::from_secs(20);

/// All that is shown at the end.
pub struct Report {
    mails: Vec<Mail>,
    folders: Vec<(String, usize)>,
    notices: Vec<(String, String)>,
    differences: Vec<String>,
}

struct Mail {
    about: &'static str,
    outcome: String,
    why: String,
    reference: String,
    entry: String,
    files: String,
    folder: String,
    told: String,
    notices_sent: usize,
}

impl Report {
    /// Asks the program, as anybody can, and looks into the mailboxes.
    pub fn read(company: &Company, samples: &[Sample]) -> Self {
        let mut listed = json_lines(&company.service.succeed(&["mails", "--json"]));
        // They were delivered a minute apart.
        listed.sort_by_key(|mail| text(mail, "received_at"));
        let mut differences = Vec::new();
        if listed.len() != samples.len() {
            differences.push(format!("{} mails are recorded, {} were delivered", listed.len(), samples.len()));
        }
        let read = |(sample, mail): (&Sample, &Value)| {
            let shown = company.service.succeed(&["show", &mail["id"].to_string(), "--json"]);
            Mail::new(sample, mail, &serde_json::from_str(&shown).unwrap())
        };
        let mails = samples.iter().zip(&listed).map(read).collect::<Vec<_>>();
        differences.extend(samples.iter().zip(&mails).filter_map(|(sample, mail)| mail.difference(sample)));
        // Taken by the mail server is not yet delivered.
        let sent = mails.iter().map(|mail| mail.notices_sent).sum::<usize>();
        let notices = poll(DELIVERY, || Some(notices(company)).filter(|notices| notices.len() == sent));
        let notices = notices.unwrap_or_else(|| {
            differences.push(format!("{sent} notices are sent, and other ones have arrived"));
            self::notices(company)
        });
        let left_over = company.dovecot.messages(IMPORT_USER, "INBOX").len();
        if left_over > 0 {
            differences.push(format!("{left_over} mails are left in the inbox"));
        }
        Self { mails, folders: folders(company), notices, differences }
    }

    /// The entry that was made of the first mail for the application with this number.
    pub fn first_entry_of(&self, number: &str) -> String {
        let first = self.mails.iter().find(|mail| mail.reference == number && !mail.entry.is_empty());
        first.unwrap().entry.clone()
    }

    /// True if every mail came to the end it should.
    pub fn is_as_expected(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Mail {
    fn new(sample: &Sample, listed: &Value, shown: &Value) -> Self {
        let [outcome, why, reference, folder] = ["outcome", "why", "reference", "folder"].map(|key| text(listed, key));
        let files = list(shown, "files").map(|file| format!("{}: {}", text(file, "name"), text(file, "kind")));
        Self {
            about: sample.about,
            outcome,
            why,
            reference,
            entry: shown["entry"].as_i64().map(|entry| entry.to_string()).unwrap_or_default(),
            files: files.collect::<Vec<_>>().join("\n"),
            folder,
            told: told(shown),
            notices_sent: list(shown, "notifications").filter(|notice| notice["state"] == "sent").count(),
        }
    }

    fn difference(&self, sample: &Sample) -> Option<String> {
        let (outcome, why) = sample.expected;
        let is_as_expected = self.outcome == outcome && why.is_none_or(|why| self.why == why);
        (!is_as_expected).then(|| {
            let expected = format!("{outcome} {}", why.unwrap_or_default());
            format!("{}: {} {} instead of {expected}", self.about, self.outcome, self.why)
        })
    }
}

/// How many people on which occasion, and whether the notices are sent.
fn told(shown: &Value) -> String {
    let mut counts = BTreeMap::new();
    for notice in list(shown, "notifications") {
        let is_office = notice["user"].is_null();
        *counts.entry((is_office, text(notice, "occasion"), text(notice, "state"))).or_insert(0) += 1;
    }
    let line = |((is_office, occasion, state), count)| match (is_office, count) {
        (true, _) => format!("the office: {occasion}, {state}"),
        (false, 1) => format!("one user: {occasion}, {state}"),
        (false, _) => format!("{count} users: {occasion}, {state}"),
    };
    counts.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// How many mails lie in each folder of the import mailbox.
fn folders(company: &Company) -> Vec<(String, usize)> {
    let names = company.dovecot.folders(IMPORT_USER);
    let count = |name: String| {
        let mails = company.dovecot.messages(IMPORT_USER, &name).len();
        (name, mails)
    };
    names.into_iter().map(count).collect()
}

/// Who found which notice in the own inbox.
fn notices(company: &Company) -> Vec<(String, String)> {
    let inbox = |person: &&str| {
        let mails = company.dovecot.messages(person, "INBOX");
        mails.into_iter().map(|mail| ((*person).to_owned(), subject(&mail))).collect::<Vec<_>>()
    };
    PEOPLE.iter().flat_map(inbox).collect()
}

fn subject(mail: &[u8]) -> String {
    MessageParser::default().parse(mail).and_then(|mail| mail.subject().map(str::to_owned)).unwrap_or_default()
}

impl Display for Report {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let mails = self.mails.iter().zip(1..).map(|(mail, number)| {
            let Mail { about, outcome, why, reference, files, folder, told, .. } = mail;
            let number = number.to_string();
            [number.as_str(), about, outcome, why, reference, files, folder, told].map(str::to_owned).to_vec()
        });
        let head = ["", "mail", "outcome", "why", "application", "files", "folder", "told"];
        writeln!(formatter, "{}\n", table(&head, mails))?;
        let folders = self.folders.iter().map(|(name, mails)| vec![name.clone(), mails.to_string()]);
        writeln!(formatter, "{}\n", table(&["folder of the import mailbox", "mails"], folders))?;
        let notices = self.notices.iter().map(|(person, subject)| vec![person.clone(), subject.clone()]);
        writeln!(formatter, "{}\n", table(&["inbox of", "notice"], notices))?;
        match self.differences.as_slice() {
            [] => write!(formatter, "All {} mails came to the end they should.", self.mails.len()),
            differences => write!(formatter, "NOT AS IT SHOULD BE:\n{}", differences.join("\n")),
        }
    }
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    let width = std::env::var("DEMO_WIDTH").ok().and_then(|width| width.parse().ok());
    table.set_width(width.unwrap_or(180));
    table.set_header(head).add_rows(rows);
    table
}

fn json_lines(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A text, or nothing where there is none.
fn text(object: &Value, key: &str) -> String {
    object[key].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    object[key].as_array().into_iter().flatten()
}
