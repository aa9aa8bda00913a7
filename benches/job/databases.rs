//! Databases of the program, filled with the directory once and copied before each run, and what was recorded in them.

use crate::harness::{Folder, Postgres, postgres};
use crate::product::{Mailbox, Product};
use crate::sets;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use std::fs;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    Sqlite,
}

/// PostgreSQL as people install it, and a folder with SQLite files.
pub struct Databases {
    pub server: Postgres,
    folder: Folder,
}

const TEMPLATE: &str = "template_of_runs";
const RUN: &str = "run";
const PEERS: &str = "peers";

impl Databases {
    /// Starts the server and takes the directory over into a template of each kind.
    pub fn start(product: &Product) -> Self {
        let databases = Self { server: Postgres::start_as_installed(None), folder: Folder::create() };
        databases.run_sql(&format!("create database {TEMPLATE}"));
        databases.run_sql(&format!("create database {PEERS}"));
        let directory = sets::directory();
        for url in [databases.server.url(TEMPLATE), sqlite_url(&databases.sqlite_template())] {
            // The settings must name one, which this command does not use.
            product.run(&url, &[Mailbox::at(143)], &["directory", "import", directory.to_str().unwrap()]);
        }
        databases
    }

    /// A database with the directory and nothing else; the one before of its kind is gone.
    pub fn fresh(&self, kind: Kind) -> String {
        match kind {
            Kind::Postgres => {
                self.run_sql(&format!("drop database if exists {RUN} with (force)"));
                self.run_sql(&format!("create database {RUN} template {TEMPLATE}"));
                self.run_sql("checkpoint");
                self.server.url(RUN)
            }
            Kind::Sqlite => {
                let file = self.folder.join("run.db");
                for end in ["", "-wal", "-shm", "-lock"] {
                    let _ = fs::remove_file(format!("{}{end}", file.display()));
                }
                fs::copy(self.sqlite_template(), &file).unwrap();
                sqlite_url(&file)
            }
        }
    }

    /// What a database of PostgreSQL has more than one without mails: rows of all tables, and thousands of octets.
    pub fn growth(&self, url: &str) -> (u32, u32) {
        let all_rows = "select sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', tablename), \
            false, true, '')))[1]::text::bigint)::bigint from pg_tables where schemaname = 'public'";
        let size = "select pg_database_size(current_database()) / 1000";
        let template = self.server.url(TEMPLATE);
        let more = |sql: &str| counted(url, sql).saturating_sub(counted(&template, sql));
        (more(all_rows), more(size))
    }

    /// Where the other importers write.
    pub fn of_peers(&self) -> String {
        self.server.url(PEERS)
    }

    /// A file for the floor of SQLite.
    pub fn floor_file(&self) -> PathBuf {
        self.folder.join("floor.db")
    }

    /// The number of the server's process.
    pub fn process_id(&self) -> u32 {
        self.server.process_id().unwrap()
    }

    fn sqlite_template(&self) -> PathBuf {
        self.folder.join("template.db")
    }

    fn run_sql(&self, sql: &str) {
        postgres::query(&self.server.url("postgres"), sql);
    }
}

fn sqlite_url(file: &std::path::Path) -> String {
    format!("sqlite:{}", file.display())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The number that a query gives.
pub fn counted(url: &str, sql: &str) -> u32 {
    Counter::connect(url).counted(sql)
}

/// A connection that is kept for asking often.
pub enum Counter {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Counter {
    pub fn connect(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            None => Self::Postgres(PgConnection::establish(url).unwrap()),
            Some(file) => Self::Sqlite(SqliteConnection::establish(file).unwrap()),
        }
    }

    /// The number that a query such as `select count(*) from mails` gives.
    pub fn counted(&mut self, sql: &str) -> u32 {
        let query = diesel::sql_query(format!("select ({sql}) as number"));
        let row: Counted = match self {
            Self::Postgres(connection) => query.get_result(connection).unwrap(),
            Self::Sqlite(connection) => query.get_result(connection).unwrap(),
        };
        u32::try_from(row.number).unwrap()
    }
}
