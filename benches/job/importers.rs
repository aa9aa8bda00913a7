//! Who is compared, and one run of each: on a mailbox that was put back, into a database without mails.

use crate::databases::{Databases, Kind, counted};
use crate::mail_server::{MailServer, PASSWORD, USER};
use crate::measured::{Ran, measured, processor_seconds, settled};
use crate::peers::Peers;
use crate::product::{Mailbox, Product, build_floor};
use crate::sets::{Set, source};
use crate::wanted::Wanted;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// How mails come over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Plain,
    Tls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importer {
    Ours(Kind, Way),
    FloorFetch(Way),
    FloorParse,
    FloorCopy,
    FloorSqlite,
    Skeleton(Way),
    Imapflow,
    Usual,
    Bulk,
}

impl Importer {
    pub const ALL: [Self; 14] = [
        Self::Ours(Kind::Postgres, Way::Plain),
        Self::Ours(Kind::Postgres, Way::Tls),
        Self::Ours(Kind::Sqlite, Way::Plain),
        Self::Ours(Kind::Sqlite, Way::Tls),
        Self::Skeleton(Way::Plain),
        Self::Skeleton(Way::Tls),
        Self::Imapflow,
        Self::Bulk,
        Self::Usual,
        Self::FloorFetch(Way::Plain),
        Self::FloorFetch(Way::Tls),
        Self::FloorParse,
        Self::FloorCopy,
        Self::FloorSqlite,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours(Kind::Postgres, Way::Plain) => "**reply-import**, PostgreSQL",
            Self::Ours(Kind::Postgres, Way::Tls) => "**reply-import**, PostgreSQL, TLS",
            Self::Ours(Kind::Sqlite, Way::Plain) => "**reply-import**, SQLite",
            Self::Ours(Kind::Sqlite, Way::Tls) => "**reply-import**, SQLite, TLS",
            Self::FloorFetch(Way::Plain) => "floor: FETCH of everything",
            Self::FloorFetch(Way::Tls) => "floor: FETCH of everything, TLS",
            Self::FloorParse => "floor: mail-parser on one core",
            Self::FloorCopy => "floor: PostgreSQL, COPY of 50",
            Self::FloorSqlite => "floor: SQLite (FULL), 50 a transaction",
            Self::Skeleton(Way::Plain) => "skeleton without any safety, PostgreSQL",
            Self::Skeleton(Way::Tls) => "skeleton without any safety, PostgreSQL, TLS",
            Self::Imapflow => "imapflow, mailparser, pg: batches of 50",
            Self::Usual => "the usual script: imaplib, email, mail by mail",
            Self::Bulk => "imap_tools `bulk=True`, mail by mail",
        }
    }

    fn is_floor(self) -> bool {
        matches!(self, Self::FloorFetch(_) | Self::FloorParse | Self::FloorCopy | Self::FloorSqlite)
    }
}

/// Everything that a run needs.
pub struct Bench {
    pub server: MailServer,
    pub databases: Databases,
    pub product: Product,
    floor: PathBuf,
    peers: Peers,
}

impl Bench {
    pub fn start(wanted: &Wanted) -> Self {
        let product = Product::get(wanted);
        let (floor, peers) = (build_floor(), Peers::install());
        Self { databases: Databases::start(&product), server: MailServer::start(), product, floor, peers }
    }

    /// One run, and whether the job was done.
    pub fn run(&self, importer: Importer, set: &Set) -> Ran {
        self.server.put(USER, set);
        let (command, url) = match self.prepared(importer, set) {
            Ok(prepared) => prepared,
            Err(why) => return Ran { fault: Some(why), ..Ran::default() },
        };
        let servers = [self.server.dovecot.process_id().unwrap(), self.databases.process_id()];
        settled(servers);
        let before = servers.map(processor_seconds);
        let (mut ran, said) = measured(&command);
        settled(servers);
        let after = servers.map(processor_seconds);
        (ran.imap_cpu, ran.database_cpu) = (after[0] - before[0], after[1] - before[1]);
        if importer.is_floor() {
            ran.take_inner(&said, set.unseen());
        } else if ran.fault.is_none() {
            ran.fault = self.shortfall(importer, &url, set);
        }
        ran
    }

    /// The command, and the database it writes into.
    fn prepared(&self, importer: Importer, set: &Set) -> Result<(Command, String), String> {
        if let Importer::Ours(kind, way) = importer {
            let url = self.databases.fresh(kind);
            let mailbox = match way {
                Way::Plain => Mailbox::plain(&self.server),
                Way::Tls => Mailbox::tls(&self.server),
            };
            return Ok((self.product.command(&url, &[mailbox], &["once"]), url));
        }
        let url = self.databases.of_peers();
        let mails = set.mail_files();
        let mails = mails.to_str().unwrap();
        let way = |way: Way| if way == Way::Tls { "tls" } else { "plain" };
        let floor = |words: &[&str]| {
            let mut command = Command::new(&self.floor);
            command.args(words);
            command
        };
        assert!(self.with_variables(floor(&["tables"]), &url).status().unwrap().success(), "no tables for the peers");
        let command = match importer {
            Importer::FloorFetch(by) => floor(&["fetch", way(by)]),
            Importer::FloorParse => floor(&["parse", mails]),
            Importer::FloorCopy => floor(&["copy", mails, "50"]),
            Importer::FloorSqlite => floor(&["sqlite", mails, "50"]),
            Importer::Skeleton(by) => floor(&["skeleton", way(by), "4000000"]),
            Importer::Imapflow => {
                let mut command = Command::new("node");
                command.env("NODE_PACKAGES", self.peers.node.clone()?).arg(source("peers/imapflow.mjs"));
                command
            }
            Importer::Usual | Importer::Bulk => {
                let mut command = Command::new(self.peers.python.clone()?.join("bin/python"));
                command.arg(source("peers/python.py")).arg(if importer == Importer::Usual { "usual" } else { "bulk" });
                command
            }
            Importer::Ours(..) => unreachable!("prepared above"),
        };
        Ok((self.with_variables(command, &url), url))
    }

    fn with_variables(&self, mut command: Command, url: &str) -> Command {
        command.env("IMAP_PORT", self.server.dovecot.imap_port().to_string());
        command.env("IMAPS_PORT", self.server.dovecot.imaps_port().to_string());
        command.env("IMAP_USER", USER).env("IMAP_PASS", PASSWORD).env("PG_DSN", url);
        command.env("SQLITE", self.databases.floor_file());
        command
    }

    /// What of the job the program itself did not do.
    pub fn shortfall_of_ours(&self, url: &str, set: &Set) -> Option<String> {
        self.shortfall(Importer::Ours(Kind::Postgres, Way::Plain), url, set)
    }

    /// What of the job was not done.
    fn shortfall(&self, importer: Importer, url: &str, set: &Set) -> Option<String> {
        let (mails, files) = match importer {
            Importer::Ours(..) => {
                ("select count(*) from mails where outcome = 'imported'", "select count(*) from files")
            }
            _ => ("select count(*) from message", "select count(*) from attachment"),
        };
        let found = [
            ("in the inbox", self.server.in_inbox(USER), set.seen),
            ("in the archive", self.server.in_archive(USER), set.unseen()),
            ("mails recorded", counted(url, mails), set.unseen()),
            ("files recorded", counted(url, files), set.files),
        ];
        let wrong = found.iter().filter(|(_, found, wanted)| found != wanted);
        let wrong: Vec<String> = wrong.map(|(what, found, wanted)| format!("{what} {found}, not {wanted}")).collect();
        (!wrong.is_empty()).then(|| wrong.join("; "))
    }
}

impl Ran {
    /// A floor says itself how long the part took that counts.
    fn take_inner(&mut self, said: &str, mails: u32) {
        let inner = said.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
        let Some(inner) = inner else {
            self.fault.get_or_insert_with(|| "printed nothing".to_owned());
            return;
        };
        if inner["mails"].as_u64() != Some(u64::from(mails)) {
            self.fault = Some(format!("{} mails, not {mails}", inner["mails"]));
        }
        (self.wall, self.cpu) = (inner["wall"].as_f64().unwrap(), inner["cpu"].as_f64().unwrap());
    }
}
