//! A tenant with everything it needs: mailboxes, an SMTP server, a database, users and applications.

use crate::harness::dovecot::{self, Dovecot};
use crate::harness::{Postfix, Postgres, Service};
use crate::mails::Mail;
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};
use serde_json::Value;
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
pub const SOON: Duration = Duration::from_mins(1);

/// The tenants' people and applications. Karl is responsible for 482137, Vera too and reads English.
pub const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test", "ruth.privat@example.com"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": ["karl@example.test"], "name": "Karl Probe", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "vera@example.test", "addresses": ["vera@example.test"], "name": "Vera Fach", "role": "fachbereich", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "left@example.test", "addresses": ["left@example.test"], "name": "Lea Left", "role": "personalmanager", "language": "de", "active": false}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "candidate", "tenant": "muster", "id": "K2", "name": "Jörg Anders", "addresses": ["joerg@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482138", "candidate": "K2", "post": "Floristin", "responsible": [], "state": "open", "state_since": "2024-01-02"}
{"kind": "candidate", "tenant": "other", "id": "K1", "name": "Fremde Person", "addresses": ["fremd@example.org"]}
{"kind": "application", "tenant": "other", "number": "999111", "candidate": "K1", "post": "Anderswo", "responsible": [], "state": "open", "state_since": "2024-01-02"}
"#;

/// Users of the mail server: the import mailbox, the sender of notices, and the people.
const USERS: [(&str, &str); 7] = [
    ("import", "geheim"),
    ("notices", "leise"),
    ("ruth", "r"),
    ("karl", "k"),
    ("vera", "v"),
    ("office", "o"),
    ("other", "o"),
];

/// A running house; the program is called by the test.
pub struct House {
    pub service: Service,
    pub dovecot: Dovecot,
    pub postfix: Postfix,
    pub postgres: Option<Postgres>,
}

/// Collects what a test wants of its house.
pub struct Builder {
    dovecot: dovecot::Builder,
    on_postgres: bool,
    mailbox: String,
    connection: Connection,
    with_smtp: bool,
    lease: &'static str,
    more_mailboxes: usize,
}

/// How the program reaches the mailbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    Implicit,
    StartTls,
    Plain,
    WrongCa,
}

/// A house as most tests want it: SQLite, implicit TLS.
pub fn house() -> House {
    builder().build()
}

/// A house to be furnished.
pub fn builder() -> Builder {
    let dovecot = USERS.iter().fold(Dovecot::builder(), |dovecot, (name, password)| dovecot.user(name, password));
    Builder {
        dovecot,
        on_postgres: false,
        mailbox: String::new(),
        connection: Connection::Implicit,
        with_smtp: true,
        lease: "5s",
        more_mailboxes: 0,
    }
}

impl Builder {
    /// Changes the mail server.
    pub fn dovecot(mut self, change: impl FnOnce(dovecot::Builder) -> dovecot::Builder) -> Self {
        self.dovecot = change(self.dovecot);
        self
    }

    /// PostgreSQL instead of SQLite.
    pub fn on_postgres(mut self, on_postgres: bool) -> Self {
        self.on_postgres = on_postgres;
        self
    }

    /// Adds lines to `[[mailbox]]`.
    pub fn mailbox(mut self, lines: &str) -> Self {
        self.mailbox.push_str(lines);
        self.mailbox.push('\n');
        self
    }

    pub fn connection(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    /// How long a worker that falls silent keeps its mailboxes, on PostgreSQL; the shortest time unless said otherwise,
    /// so that the next command need not wait long for one that was killed.
    pub fn lease(mut self, lasts: &'static str) -> Self {
        self.lease = lasts;
        self
    }

    /// Adds so many mailboxes, of the users `box-1`, `box-2` ...
    pub fn more_mailboxes(mut self, number: usize) -> Self {
        self.more_mailboxes = number;
        self.dovecot = (1..=number).fold(self.dovecot, |dovecot, n| dovecot.user(&format!("box-{n}"), "geheim"));
        self
    }

    pub fn without_smtp(mut self) -> Self {
        self.with_smtp = false;
        self
    }

    /// Starts the servers, writes the settings and takes over the directory.
    pub fn build(self) -> House {
        let dovecot = self.dovecot.start();
        let postfix = Postfix::start(&dovecot);
        let postgres = self.on_postgres.then(Postgres::start);
        let service = Service::new("");
        service.write("imap-password", "geheim\n");
        service.write("smtp-password", "leise\n");
        let url = postgres.as_ref().map_or_else(|| "sqlite:test.db".to_owned(), Postgres::fresh_database_url);
        let (tls, port, ca) = match self.connection {
            Connection::Implicit => ("implicit", dovecot.imaps_port(), Some(dovecot.ca_file())),
            Connection::StartTls => ("starttls", dovecot.imap_port(), Some(dovecot.ca_file())),
            Connection::Plain => ("none", dovecot.imap_port(), None),
            Connection::WrongCa => ("implicit", dovecot.imaps_port(), Some(dovecot.other_ca_file())),
        };
        let ca = ca.map_or_else(String::new, |path| format!("ca_file = \"{}\"\n", path.display()));
        let mut settings = format!(
            "[database]\nurl = \"{url}\"\n\
             [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\n\
             office = [\"office@example.test\"]\n\
             [[tenant]]\nname = \"other\"\nreference_shapes = [\"{{6-7}}\"]\n\
             [workers]\nlease = \"{}\"\n",
            self.lease
        );
        let users = std::iter::once("import".to_owned()).chain((1..=self.more_mailboxes).map(|n| format!("box-{n}")));
        settings.extend(users.map(|user| {
            format!(
                "[[mailbox]]\ntenant = \"muster\"\naddress = \"{user}@example.test\"\nusername = \"{user}\"\n\
                 password_file = \"imap-password\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"{tls}\"\n{ca}{}",
                self.mailbox
            )
        }));
        if self.with_smtp {
            settings.push_str(&smtp_settings(&postfix));
        }
        service.set_settings(&settings);
        let house = House { service, dovecot, postfix, postgres };
        house.take_over(DIRECTORY);
        house
    }
}

/// The section that makes notifications go out.
pub fn smtp_settings(postfix: &Postfix) -> String {
    format!(
        "\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\nusername = \"notices\"\n\
         password_file = \"smtp-password\"\nfrom = \"notices@example.test\"\n",
        postfix.port(),
        postfix.ca_file().display()
    )
}

impl House {
    pub fn settings(&self) -> String {
        std::fs::read_to_string(self.service.join("reply-import.toml")).unwrap()
    }

    pub fn take_over(&self, directory: &str) {
        let file = self.service.write("directory.jsonl", directory.trim_start());
        self.service.succeed(&["directory", "import", file.to_str().unwrap()]);
    }

    /// An empty database and empty mailboxes on the same servers.
    pub fn start_over(&self) {
        self.dovecot.doveadm(&["expunge", "-A", "mailbox", "*", "all"]);
        match &self.postgres {
            Some(postgres) => {
                let (old, new) = (self.database_url(), postgres.fresh_database_url());
                self.service.set_settings(&self.settings().replace(&old, &new));
            }
            None => {
                for file in ["test.db", "test.db-wal", "test.db-shm"] {
                    let _ = std::fs::remove_file(self.service.join(file));
                }
            }
        }
        self.take_over(DIRECTORY);
    }

    /// The address of the database in the settings.
    pub fn database_url(&self) -> String {
        let settings = self.settings();
        let url = settings.lines().find_map(|line| line.strip_prefix("url = \"")?.strip_suffix('"'));
        url.unwrap().to_owned()
    }

    /// Changes the database behind the program's back.
    pub fn execute(&self, sql: &str) {
        if self.postgres.is_some() {
            crate::harness::postgres::query(&self.database_url(), sql);
        } else {
            let file = self.service.join("test.db");
            let mut database = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            // The program may be writing.
            database.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
            database.batch_execute(sql).unwrap();
        }
    }

    /// The rows that PostgreSQL gives.
    pub fn query(&self, sql: &str) -> String {
        crate::harness::postgres::query(&self.database_url(), sql)
    }

    pub fn deliver(&self, mail: &Mail) {
        self.dovecot.deliver("import", mail.bytes());
    }

    pub fn once(&self) -> String {
        self.service.succeed(&["once"])
    }

    /// The records, oldest first.
    pub fn mails(&self) -> Vec<Value> {
        let mut mails: Vec<Value> = json_lines(&self.service.succeed(&["mails", "--json"]));
        mails.sort_by_key(|mail| mail["id"].as_i64());
        mails
    }

    /// The only record.
    pub fn only_mail(&self) -> Value {
        let mut mails = self.mails();
        assert_eq!(mails.len(), 1, "{mails:#?}");
        mails.remove(0)
    }

    /// One mail's whole decision record.
    pub fn show(&self, mail: &Value) -> Value {
        let id = mail["id"].to_string();
        serde_json::from_str(&self.service.succeed(&["show", &id, "--json"])).unwrap()
    }

    pub fn status(&self) -> Value {
        serde_json::from_str(&self.service.succeed(&["status", "--json"])).unwrap()
    }

    /// How many mails lie in a folder of the import mailbox.
    pub fn count(&self, folder: &str) -> usize {
        self.dovecot.messages("import", folder).len()
    }

    /// The notifications in a person's mailbox, as text, once there are so many.
    pub fn notifications(&self, user: &str, wanted: usize) -> Vec<String> {
        crate::harness::wait_for(&format!("{wanted} notifications for {user}"), SOON, || {
            let mails = self.dovecot.messages(user, "INBOX");
            (mails.len() >= wanted).then_some(mails)
        })
        .iter()
        .map(|mail| String::from_utf8_lossy(mail).into_owned())
        .collect()
    }
}

pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
