//! A database as a large office has it after years: 100,000 applications of two tenants, most of them with mail, and one
//! with much of it.

use crate::bulk::{Bulk, prepare};
use crate::large::record_large;
use crate::office::{DEPARTMENTS, LARGE, SHAPE, TENANTS, address, is_postgres, now, number, read_number};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use reply_import::application::id::{ApiTokenId, TenantId};
use reply_import::application::{Language, ReferenceShape, Role};
use reply_import::store::directory::{DirectoryEntry, DirectoryLine, UserEntry};
use reply_import::store::{Store, Viewer};
use std::collections::HashMap;

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
    let large = store.application_of_number(tenant, &read_number(&number(LARGE))).unwrap().unwrap();
    let large = store.history(Viewer::of_program(tenant, ApiTokenId(1)), large).unwrap().unwrap().len();
    format!("{applications} applications of two tenants, {} entries", entries + large)
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

fn run(url: &str, sql: &str) {
    match url.strip_prefix("sqlite:") {
        None => PgConnection::establish(url).unwrap().batch_execute(sql).unwrap(),
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql).unwrap(),
    }
}
