//! A database with two tenants, their people and their applications; what is recorded there and how it is looked at.

mod made;

pub use made::{address, file, later, mail, picture, reference_number, shapes, start, to};

use crate::harness::Folder;
use crate::server::SharedPostgres;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Timestamp};
use diesel::{Connection, PgConnection, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use reply_import::application::id::{MailboxId, NotificationId, TenantId, UserId};
use reply_import::decision::{Check, Decided, Decision, Known, KnownApplication, SenderMatch};
use reply_import::mail::{IncomingMail, reply_identity_of};
use reply_import::notification::Occasion;
use reply_import::store::directory::read_json_lines;
use reply_import::store::{MailRecord, Place, Question, Recorded, SendingClaim, SendingEnd, Store};
use std::sync::Arc;
use std::time::Duration;

/// Runs each fact on both databases.
macro_rules! on_both {
    ($(fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            fn fact($world: &World) $body

            #[test]
            fn on_sqlite() {
                fact(&World::on_sqlite());
            }

            #[test]
            fn on_postgres() {
                fact(&World::on_postgres());
            }
        }
    )+};
}

const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "alpha", "address": "ruth@alpha.example", "addresses": ["ruth@alpha.example", "r.m@alpha.example"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "alpha", "address": "karl@alpha.example", "addresses": [], "name": "Karl Probe", "role": "fachbereich_plus", "language": "en", "active": true}
{"kind": "user", "tenant": "alpha", "address": "gone@alpha.example", "addresses": [], "name": "Gerd Weg", "role": "recruiter", "language": "de", "active": false}
{"kind": "user", "tenant": "beta", "address": "ruth@alpha.example", "addresses": [], "name": "Ruth Fremd", "role": "administrator", "language": "de", "active": true}
{"kind": "candidate", "tenant": "alpha", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org", "e.beispiel@example.net"]}
{"kind": "candidate", "tenant": "beta", "id": "K1", "name": "Daan Voorbeeld", "addresses": []}
{"kind": "application", "tenant": "alpha", "number": "2024-00123", "candidate": "K1", "post": "Gießerei", "responsible": ["ruth@alpha.example", "karl@alpha.example", "gone@alpha.example"], "state": "open"}
{"kind": "application", "tenant": "alpha", "number": "2024-00124", "candidate": "K1", "post": "Lager", "responsible": [], "state": "open"}
{"kind": "application", "tenant": "beta", "number": "2024-00777", "candidate": "K1", "post": "Hof", "responsible": [], "state": "open"}
"#;

/// Everything a test needs, and nothing that another test sees.
pub struct World {
    pub store: Store,
    pub url: String,
    pub alpha: TenantId,
    pub beta: TenantId,
    pub mailbox: MailboxId,
    _folder: Folder,
    _server: Option<Arc<SharedPostgres>>,
}

impl World {
    pub fn on_sqlite() -> Self {
        Self::furnished(Self::empty_sqlite())
    }

    pub fn on_postgres() -> Self {
        Self::furnished(Self::empty_postgres())
    }

    fn furnished((url, folder, server): (String, Folder, Option<Arc<SharedPostgres>>)) -> Self {
        let store = Store::open(&url).unwrap();
        store.migrate().unwrap();
        let lines = read_json_lines(DIRECTORY.as_bytes()).unwrap();
        store.import_directory(&lines, &shapes(), start()).unwrap();
        let alpha = store.ensure_tenant("alpha", start()).unwrap();
        let beta = store.ensure_tenant("beta", start()).unwrap();
        let mailbox = store.ensure_mailbox(alpha, &address("import@alpha.example"), start()).unwrap();
        Self { store, url, alpha, beta, mailbox, _folder: folder, _server: server }
    }

    /// The server took this notification.
    pub fn sent(&self, id: NotificationId, at: DateTime<Utc>) {
        self.store.settle(&[(self.claim_of(id), SendingEnd::Sent)], at).unwrap();
    }

    /// This notification could not be sent now.
    pub fn put_off(&self, id: NotificationId, why: &str, until: DateTime<Utc>) {
        let end = SendingEnd::PutOff { error: why.to_owned(), until };
        self.store.settle(&[(self.claim_of(id), end)], start()).unwrap();
    }

    /// This notification will never be sent.
    pub fn given_up(&self, id: NotificationId, why: &str, at: DateTime<Utc>) {
        self.store.settle(&[(self.claim_of(id), SendingEnd::GivenUp { error: why.to_owned() })], at).unwrap();
    }

    /// These notifications were claimed, and nobody tried to send them.
    pub fn not_tried(&self, ids: &[NotificationId]) {
        let ends: Vec<_> = ids.iter().map(|id| (self.claim_of(*id), SendingEnd::NotTried)).collect();
        self.store.settle(&ends, start()).unwrap();
    }

    /// The claim of whoever has this notification in hand.
    fn claim_of(&self, id: NotificationId) -> SendingClaim {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Timestamp>)]
            claimed_until: Option<NaiveDateTime>,
        }
        let sql = format!("select claimed_until from outbox where id = {}", id.0);
        let row: QueryResult<Row> = match self.raw() {
            Raw::Postgres(mut connection) => sql_query(sql).get_result(&mut connection),
            Raw::Sqlite(mut connection) => sql_query(sql).get_result(&mut connection),
        };
        SendingClaim { id, until: row.unwrap().claimed_until.map_or_else(start, |until| until.and_utc()) }
    }

    /// The address of a database that does not exist yet, and what keeps it alive.
    pub fn empty_sqlite() -> (String, Folder, Option<Arc<SharedPostgres>>) {
        let folder = Folder::create();
        (format!("sqlite:{}", folder.join("record.db").display()), folder, None)
    }

    /// The address of an empty database, and what keeps it alive.
    pub fn empty_postgres() -> (String, Folder, Option<Arc<SharedPostgres>>) {
        let server = SharedPostgres::get();
        (server.fresh_database_url(), Folder::create(), Some(server))
    }

    /// The number that one SQL statement gives.
    pub fn number(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            number: i64,
        }
        let sql = format!("select cast(({sql}) as bigint) as number");
        let row: QueryResult<Row> = match self.raw() {
            Raw::Postgres(mut connection) => sql_query(sql).get_result(&mut connection),
            Raw::Sqlite(mut connection) => sql_query(sql).get_result(&mut connection),
        };
        row.unwrap().number
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> i64 {
        self.number(&format!("select count(*) from {table}"))
    }

    /// Runs SQL and gives what the database says against it.
    pub fn sql(&self, sql: &str) -> Result<(), String> {
        let done = match self.raw() {
            Raw::Postgres(mut connection) => connection.batch_execute(sql),
            Raw::Sqlite(mut connection) => connection.batch_execute(sql),
        };
        done.map_err(|error| error.to_string())
    }

    pub fn raw(&self) -> Raw {
        Raw::connect(&self.url)
    }

    /// What is known of an application of the tenant.
    pub fn application(&self, number: &str) -> KnownApplication {
        self.known(self.alpha, Some(number), None).application.unwrap()
    }

    /// What is known of a mail with this number and this forwarder.
    pub fn known(&self, tenant: TenantId, number: Option<&str>, forwarder: Option<&str>) -> Known {
        let number = number.map(reference_number);
        let forwarder = forwarder.map(address);
        let identity = mail("nobody has seen this").identity;
        let question = Question {
            identity: &identity,
            number: number.as_ref(),
            forwarder: forwarder.as_ref(),
            reply: None,
            keys: &[],
        };
        self.store.known(tenant, &[question]).unwrap().remove(0)
    }

    /// Ruth's row.
    pub fn ruth(&self) -> UserId {
        self.known(self.alpha, None, Some("ruth@alpha.example")).forwarder.unwrap().id
    }

    /// The record of a mail in the inbox, under UIDVALIDITY 7.
    pub fn record(&self, uid: u32, mail: IncomingMail, decision: Decision) -> MailRecord {
        MailRecord {
            tenant: self.alpha,
            mailbox: self.mailbox,
            place: Some(Place { uid_validity: 7, uid, folder: "INBOX".to_owned() }),
            size: 4321,
            received_at: start(),
            reply: reply_identity_of(&mail),
            other_replies: Vec::new(),
            mail,
            decided: Decided {
                decision,
                checks: vec![Check { check: "number".to_owned(), saw: "2024-00123".to_owned(), passed: true }],
            },
            notifications: Vec::new(),
            forwarder: Some(self.ruth()),
            attempts: 1,
            took: Duration::from_millis(12),
            seen: None,
        }
    }

    /// The record of a mail that becomes an entry of an application, of which Ruth is told.
    pub fn imported(&self, uid: u32, name: &str, number: &str) -> MailRecord {
        let application = self.application(number).id;
        let decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
        let mut record = self.record(uid, mail(name), decision);
        record.notifications = vec![to("ruth@alpha.example", Occasion::Reply)];
        record
    }

    /// Records one mail.
    pub fn recorded(&self, record: &MailRecord) -> Recorded {
        self.store.record(std::slice::from_ref(record), start()).unwrap().remove(0)
    }
}

/// A connection beside the store's.
pub enum Raw {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Raw {
    pub fn connect(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            None => Self::Postgres(PgConnection::establish(url).unwrap()),
            Some(path) => {
                let mut connection = SqliteConnection::establish(path).unwrap();
                connection.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000").unwrap();
                Self::Sqlite(connection)
            }
        }
    }
}
