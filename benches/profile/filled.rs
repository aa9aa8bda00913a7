//! A database as a large office has it after years: 100,000 applications of two tenants, most of them with mail, and one
//! with much of it.

use crate::bulk::{Bulk, prepare};
use crate::large::record_large;
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use reply_import::application::id::{ApiTokenId, TenantId};
use reply_import::application::{EmailAddress, Language, ReferenceNumber, ReferenceShape, Role};
use reply_import::store::directory::{DirectoryEntry, DirectoryLine, UserEntry};
use reply_import::store::{Store, Viewer};
use std::collections::HashMap;

pub const SHAPE: &str = "{6-8}";
pub const OFFICE: &str = "office";

/// How much each tenant has.
pub struct Tenant {
    pub name: &'static str,
    pub applications: usize,
    pub entries: usize,
}

pub const TENANTS: [Tenant; 2] = [
    Tenant { name: OFFICE, applications: 90_000, entries: 270_000 },
    Tenant { name: "branch", applications: 10_000, entries: 30_000 },
];

/// Which application of the office has 200 entries with 500 files, and one that has a usual number of them.
pub const LARGE: usize = 45_000;
pub const SMALL: usize = 45_001;

/// Users of departments; each application has one who is responsible for it.
pub const DEPARTMENTS: usize = 200;

pub const PERSONALMANAGER: &str = "ruth@office.example";
pub const FACHBEREICH: &str = "department7@office.example";

pub fn fill(url: &str) {
    let store = Store::open(url).unwrap();
    store.migrate().unwrap();
    store.import_directory(&users(), &shapes(), now()).unwrap();
    let sql = TENANTS.iter().map(|tenant| {
        let id = store.tenant(tenant.name).unwrap().unwrap();
        let mailbox = store.ensure_mailbox(id, &address(&format!("import@{}.example", tenant.name)), now()).unwrap();
        Bulk { tenant, id, mailbox, is_postgres: is_postgres(url) }.sql()
    });
    let sql: String = sql.collect();
    run(url, &format!("begin; {} {sql} commit;", prepare()));
    // Fills in what is searched.
    store.migrate().unwrap();
    record_large(&store);
    if is_postgres(url) {
        // What the server does by itself in time. What SQLite has no statistics of it has none of in use.
        run(url, "vacuum analyze");
    }
}

/// What there is, for the head of a table.
pub fn counted(store: &Store, tenant: TenantId) -> String {
    let applications: usize = TENANTS.iter().map(|tenant| tenant.applications).sum();
    let entries: usize = TENANTS.iter().map(|tenant| tenant.entries).sum();
    let large = store.application_of(tenant, &read_number(&number(LARGE))).unwrap().unwrap();
    let large = store.history(Viewer::of_program(tenant, ApiTokenId(1)), large).unwrap().unwrap().len();
    format!("{applications} applications of two tenants, {} entries", entries + large)
}

/// The number of an application: not in the order in which they came.
pub fn number(n: usize) -> String {
    format!("{}", 100_000 + n * 48_271 % 900_000)
}

pub fn read_number(number: &str) -> ReferenceNumber {
    ReferenceShape::parse(SHAPE).unwrap().read_whole(number).unwrap()
}

pub fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub fn now() -> DateTime<Utc> {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

fn users() -> Vec<DirectoryLine> {
    let lines = TENANTS.iter().flat_map(|tenant| {
        let user = |whose: String, name: String, role| {
            let addresses = vec![address(&format!("{whose}@{}.example", tenant.name))];
            let user = UserEntry { addresses, name, role, language: Language::De, active: true };
            (tenant.name.to_owned(), DirectoryEntry::User(user))
        };
        let departments =
            (0..DEPARTMENTS).map(move |n| user(format!("department{n}"), format!("Dora Fach {n}"), Role::Fachbereich));
        let rest = [
            user("ruth".to_owned(), "Ruth Muster".to_owned(), Role::Personalmanager),
            user("rita".to_owned(), "Rita Werber".to_owned(), Role::Recruiter),
        ];
        departments.chain(rest).collect::<Vec<_>>()
    });
    (1..).zip(lines).map(|(number, (tenant, entry))| DirectoryLine { number, tenant, entry }).collect()
}

fn shapes() -> HashMap<String, Vec<ReferenceShape>> {
    TENANTS.iter().map(|tenant| (tenant.name.to_owned(), vec![ReferenceShape::parse(SHAPE).unwrap()])).collect()
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}

fn run(url: &str, sql: &str) {
    match url.strip_prefix("sqlite:") {
        None => PgConnection::establish(url).unwrap().batch_execute(sql).unwrap(),
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql).unwrap(),
    }
}
