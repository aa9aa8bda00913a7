//! Tenants with a user of each role, and the path that their mail goes.

use super::table::TABLE;
use crate::harness::Folder;
use crate::server::SharedPostgres;
use crate::world::start;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use reply_import::application::ReferenceShape;
use reply_import::application::id::MailId;
use reply_import::import::{Content, Importer, MailInHand};
use reply_import::notification::{Occasion, RenderedMail, Renderer};
use reply_import::settings::{self, Settings};
use reply_import::store::directory::read_json_lines;
use reply_import::store::{SendingClaim, SendingEnd, SendingPlaces, Store};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

const TENANTS: [&str; 5] = ["ordinary", "doubting", "open", "wide", "foreign"];
const ROLES: [&str; 5] = ["personalmanager", "fachbereich_plus", "recruiter", "fachbereich", "administrator"];

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub role: &'static str,
    pub state: &'static str,
    pub tenant: &'static str,
    pub proof: &'static str,
    pub number: &'static str,
    pub becomes: &'static str,
    pub why: &'static str,
    pub answer: &'static str,
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty()).skip(1);
    lines
        .map(|line| {
            let cells: Vec<&'static str> = line.split('|').map(str::trim).collect();
            let [role, state, tenant, proof, number, becomes, why, answer] = cells.as_slice() else {
                panic!("no row: {line}")
            };
            Row { role, state, tenant, proof, number, becomes, why, answer }
        })
        .collect()
}

/// What came of a mail.
pub struct Came {
    pub outcome: String,
    pub why: Option<String>,
    /// The number that its subject began with.
    pub written: &'static str,
    /// The answers to the forwarder, with the number of the mail they are for.
    pub answers: Vec<(MailId, RenderedMail)>,
    /// What others were told, and by which address.
    pub others: Vec<(Occasion, String)>,
    /// How many statements the database was given from looking up to the record.
    pub statements: usize,
}

/// A database with all the tenants.
pub struct House {
    store: Store,
    settings: Settings,
    renderer: Renderer,
    mails: Cell<u32>,
    _folder: Folder,
    _server: Option<Arc<SharedPostgres>>,
}

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the statements that this thread gives to a database.
struct Counting;

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            STATEMENTS.set(STATEMENTS.get() + 1);
        }
    }
}

impl House {
    pub fn furnish((url, folder, server): (String, Folder, Option<Arc<SharedPostgres>>)) -> Self {
        set_default_instrumentation(|| Some(Box::new(Counting))).unwrap();
        let store = Store::open(&url).unwrap();
        store.migrate().unwrap();
        let lines = read_json_lines(directory().as_bytes()).unwrap();
        let shape = ReferenceShape::parse("{6-7}").unwrap();
        let shapes: HashMap<_, _> = TENANTS.map(|tenant| (tenant.to_owned(), vec![shape.clone()])).into();
        store.import_directory(&lines, &shapes, start()).unwrap();
        let file = folder.write("reply-import.toml", written(&url));
        let settings = settings::read(&file, []).unwrap();
        let renderer = Renderer::new().unwrap();
        Self { store, settings, renderer, mails: Cell::new(0), _folder: folder, _server: server }
    }

    /// Takes the mail of a row, with this reply of the candidate's in it, down the path.
    pub fn import(&self, row: &Row, reply: &str, now: DateTime<Utc>) -> Came {
        let address = format!("import@{}.example", row.tenant);
        let mailbox = self.settings.mailboxes.iter().find(|mailbox| mailbox.address.as_str() == address).unwrap();
        let importer = Importer::open(&self.store, &self.settings, mailbox).unwrap();
        let written = written_number(row.number);
        let content = self.mail(row, written, reply);
        let mail = MailInHand {
            place: None,
            size: content.len() as u64,
            content: Content::Whole(content),
            received_at: now,
            attempt: 1,
        };
        STATEMENTS.set(0);
        let imported = importer.import(vec![mail], now).unwrap();
        let statements = STATEMENTS.get();
        let [imported] = imported.as_slice() else { panic!("{imported:?}") };
        let why = self.store.mail(imported.mail).unwrap().unwrap().summary.why;
        let mut came = Came {
            outcome: imported.outcome.to_string(),
            why,
            written,
            answers: Vec::new(),
            others: Vec::new(),
            statements,
        };
        // One application's notifications are claimed one after the other.
        loop {
            let places = SendingPlaces::free(100);
            let claimed = self.store.claim_notifications(now, now + TimeDelta::seconds(60), &places).unwrap();
            if claimed.is_empty() {
                return came;
            }
            for queued in claimed {
                let told = &queued.notification;
                match told.occasion {
                    Occasion::NotImported => {
                        came.answers.push((queued.mail.unwrap(), self.renderer.render(&queued).unwrap()));
                    }
                    occasion => came.others.push((occasion, told.recipient.address.as_str().to_owned())),
                }
                let claim = SendingClaim { id: queued.id, until: queued.claimed_until };
                self.store.settle(&[(claim, SendingEnd::Sent)], now).unwrap();
            }
        }
    }

    fn mail(&self, row: &Row, number: &str, reply: &str) -> Vec<u8> {
        let count = self.mails.get() + 1;
        self.mails.set(count);
        let (role, tenant) = (row.role, row.tenant);
        let from = match row.state {
            "active" => format!("{role}@{tenant}.example"),
            "second" => format!("{role}@second.{tenant}.example"),
            "left" => format!("{role}.left@{tenant}.example"),
            "elsewhere" => format!("{role}@foreign.example"),
            "stranger" => format!("{role}@nowhere.example"),
            other => panic!("no state: {other}"),
        };
        let domain = from.split_once('@').unwrap().1;
        let received =
            format!("Received: from out by mx.{tenant}.example with ESMTPS; Wed, 1 May 2024 09:59:00 +0000\r\n");
        let says =
            |what: &str| format!("Authentication-Results: mx.{tenant}.example; dmarc={what} header.from={domain}\r\n");
        let head = match row.proof {
            "-" => received,
            "pass" | "fail" => says(row.proof) + &received,
            "forged" => received + &says("pass"),
            other => panic!("no proof: {other}"),
        };
        format!(
            "{head}From: {from}\r\nTo: import@{tenant}.example\r\nSubject: {number} WG: Unterlagen\r\n\
             Message-ID: <{count}@nowhere.example>\r\nDate: Wed, 1 May 2024 11:58:00 +0200\r\n\r\n\
             Bitte ablegen, {count}.\r\n\r\n\
             Von: Erika Beispiel <erika@candidate.example>\r\nGesendet: Dienstag, 30. April 2024 09:12\r\n\
             An: Personal <personal@{tenant}.example>\r\nBetreff: Unterlagen\r\n\r\n\
             Guten Tag,\r\nanbei meine Unterlagen {reply}.\r\n"
        )
        .into_bytes()
    }
}

/// What a subject begins with.
fn written_number(kind: &str) -> &'static str {
    match kind {
        "own" => "482137",
        "other" => "591006",
        "foreign" => "700800",
        "unknown" => "700300",
        "mistyped" => "482147",
        "none" => "Betrifft:",
        "several" => "482137 591006",
        other => panic!("no number: {other}"),
    }
}

/// The recruiting system's feed. All tenants but `foreign` have the same applications.
fn directory() -> String {
    let mut feed = String::new();
    for tenant in TENANTS {
        let mut all = Vec::new();
        for role in ROLES {
            let user = |local: &str, more: &str, active: bool| {
                format!(
                    "{{\"kind\": \"user\", \"tenant\": \"{tenant}\", \"address\": \"{local}@{tenant}.example\", \
                     \"addresses\": [{more}], \"name\": \"Kim\", \"role\": \"{role}\", \"language\": \"de\", \
                     \"active\": {active}}}\n"
                )
            };
            feed += &user(role, &format!("\"{role}@{tenant}.example\", \"{role}@second.{tenant}.example\""), true);
            feed += &user(&format!("{role}.left"), "", false);
            all.push(format!("\"{role}@{tenant}.example\", \"{role}.left@{tenant}.example\""));
        }
        let everybody = all.join(", ");
        let mut candidate = |id: &str, address: &str, applications: &[(&str, &str)]| {
            writeln!(
                feed,
                "{{\"kind\": \"candidate\", \"tenant\": \"{tenant}\", \"id\": \"{id}\", \"name\": \"Erika Beispiel\", \
                 \"addresses\": [\"{address}\"]}}"
            )
            .unwrap();
            for (number, responsible) in applications {
                writeln!(
                    feed,
                    "{{\"kind\": \"application\", \"tenant\": \"{tenant}\", \"number\": \"{number}\", \
                     \"candidate\": \"{id}\", \"post\": \"Lagerist\", \"responsible\": [{responsible}], \
                     \"state\": \"open\"}}"
                )
                .unwrap();
            }
        };
        if tenant == "foreign" {
            // One slip away from a number that the others do not have, too.
            candidate("K1", "erika@candidate.example", &[("700800", &everybody), ("700301", "")]);
        } else {
            candidate("K1", "erika@candidate.example", &[("482137", &everybody), ("591006", ""), ("482148", "")]);
            candidate("K2", "anders@candidate.example", &[("428147", ""), ("482140", ""), ("482138", &everybody)]);
        }
    }
    feed
}

fn written(url: &str) -> String {
    let mut text = format!("[database]\nurl = \"{url}\"\n");
    for tenant in TENANTS {
        let more = match tenant {
            "doubting" => "sender_proof = \"authentication_results\"\ntrusted_authserv = [\"mx.doubting.example\"]\n",
            "open" => "fachbereich_plus = \"all\"\n",
            "wide" => "import_roles = [\"recruiter\", \"fachbereich\", \"administrator\"]\n",
            _ => "",
        };
        write!(
            text,
            "[[tenant]]\nname = \"{tenant}\"\nreference_shapes = [\"{{6-7}}\"]\noffice = [\"office@{tenant}.example\"]\n\
             {more}[[mailbox]]\ntenant = \"{tenant}\"\naddress = \"import@{tenant}.example\"\nhost = \"127.0.0.1\"\n\
             password_file = \"/dev/null\"\n"
        )
        .unwrap();
    }
    text
}
