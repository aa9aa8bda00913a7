//! Two offices with people of every role, their mailboxes, and the service with its pages.

use crate::directory::DIRECTORY;
use crate::harness::ports::{Port, is_listened_at};
use crate::harness::service::Running;
use crate::harness::{Dovecot, Postfix, Postgres, Service, calm_zone, wait_for};
use crate::mails::Mail;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use std::fmt::Write as _;
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
pub const SOON: Duration = Duration::from_mins(1);

/// Users of the mail server: the two import mailboxes, the sender of notices, the offices, and the people.
const USERS: [&str; 14] = [
    "import", "import2", "notices", "office", "office2", "ruth", "rita", "karl", "vera", "adam", "lea", "left", "both",
    "olga",
];

/// Nobody signs in by mail.
const BY_PROXY: &str = "sign_in = \"proxy_header\"\ntrusted_proxies = [\"127.0.0.1\"]";

/// What a house is built of.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    web: &'a str,
    command: &'a str,
    is_on_postgres: bool,
    has_mail: bool,
}

/// A running house. Dropped, everything ends, the service first.
pub struct House {
    running: Running,
    pub service: Service,
    mail: Option<(Dovecot, Postfix)>,
    postgres: Option<Postgres>,
    port: Port,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The whole service on SQLite, with its mail servers, and nothing beside the usual settings.
pub fn house() -> House {
    plan().open()
}

/// As [`house`], to be changed before it is opened.
pub fn plan() -> Plan<'static> {
    Plan { web: "", command: "run", is_on_postgres: false, has_mail: true }
}

impl<'a> Plan<'a> {
    /// Further lines at the end of `[web]`, and so of all settings.
    pub fn web<'b>(self, lines: &'b str) -> Plan<'b>
    where
        'a: 'b,
    {
        Plan { web: lines, ..self }
    }

    /// Only the pages, and nobody who fetches mail or sends notices.
    pub fn pages_only(self) -> Self {
        Self { command: "web", ..self }
    }

    pub fn on_postgres(self) -> Self {
        Self { is_on_postgres: true, ..self }
    }

    /// No Dovecot and no Postfix: mails come in by [`House::take`], and who signs in is told by a proxy. The pages only.
    pub fn without_mail_servers(self) -> Self {
        Self { has_mail: false, web: BY_PROXY, ..self.pages_only() }
    }

    /// Starts all of it, and waits until the pages are there.
    pub fn open(self) -> House {
        let mail = self.has_mail.then(|| {
            let dovecot = USERS.iter().fold(Dovecot::builder(), |builder, user| builder.user(user, "geheim")).start();
            let postfix = Postfix::start(&dovecot);
            (dovecot, postfix)
        });
        let postgres = self.is_on_postgres.then(Postgres::start);
        let url = postgres.as_ref().map_or_else(|| "sqlite:test.db".to_owned(), Postgres::fresh_database_url);
        let (service, port) = (Service::new(""), Port::claim());
        service.write("password", "geheim\n");
        service.set_settings(&self.settings(&url, mail.as_ref(), port.number()));
        let directory = service.write("directory.jsonl", DIRECTORY.trim_start());
        service.succeed(&["directory", "import", directory.to_str().unwrap()]);
        let running = service.start(&[self.command]);
        let mut house = House { running, service, mail, postgres, port };
        wait_for("the pages", SOON, || {
            assert!(house.running.is_running(), "{:?}", house.running);
            is_listened_at(house.port.number()).then_some(())
        });
        house
    }

    fn settings(&self, database: &str, mail: Option<&(Dovecot, Postfix)>, port: u16) -> String {
        let server = mail.map_or_else(String::new, |(dovecot, _)| {
            format!("port = {}\nca_file = \"{}\"\n", dovecot.imaps_port(), dovecot.ca_file().display())
        });
        let mut settings = format!("[database]\nurl = \"{database}\"\n");
        let zone = calm_zone();
        for (tenant, office, user) in [("muster", "office", "import"), ("other", "office2", "import2")] {
            write!(
                settings,
                "[[tenant]]\nname = \"{tenant}\"\nlanguage = \"de\"\ntimezone = \"{zone}\"\n\
                 reference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\n\
                 office = [\"{office}@example.test\"]\n\
                 [[mailbox]]\ntenant = \"{tenant}\"\naddress = \"{user}@example.test\"\nusername = \"{user}\"\n\
                 password_file = \"password\"\nhost = \"127.0.0.1\"\npoll_interval = \"1s\"\n{server}",
            )
            .unwrap();
        }
        if let Some((_, postfix)) = mail {
            write!(
                settings,
                "[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\n\
                 username = \"notices\"\npassword_file = \"password\"\nfrom = \"notices@example.test\"\n",
                postfix.port(),
                postfix.ca_file().display(),
            )
            .unwrap();
        }
        let address = format!("127.0.0.1:{port}");
        write!(settings, "[web]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n{}\n", self.web).unwrap();
        settings
    }
}

impl House {
    /// The port of the pages.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Where something is on the pages' site.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port())
    }

    /// The mail server.
    pub fn dovecot(&self) -> &Dovecot {
        &self.mail.as_ref().unwrap().0
    }

    /// Mail for the first office, and the time until it is filed away.
    pub fn import(&self, mail: &Mail) {
        self.import_to("import", mail);
    }

    /// Mail for one of the import mailboxes.
    pub fn import_to(&self, mailbox: &str, mail: &Mail) {
        let count = || self.ids("SELECT COUNT(*) AS id FROM mails")[0];
        let before = count();
        self.dovecot().deliver(mailbox, mail.bytes());
        wait_for("the mail to be recorded", SOON, || (count() > before).then_some(()));
        wait_for("the mail to be filed away", SOON, || {
            self.dovecot().messages(mailbox, "INBOX").is_empty().then_some(())
        });
    }

    /// A mail in one of the import mailboxes, without any mail server.
    pub fn take(&self, mailbox: &str, mail: impl AsRef<[u8]>) {
        let file = self.service.write("taken.eml", mail);
        self.service.succeed(&["import", file.to_str().unwrap(), "--mailbox", &format!("{mailbox}@example.test")]);
    }

    /// Takes over a line of the recruiting system's feed.
    pub fn feed(&self, line: &str) {
        let file = self.service.write("line.jsonl", line);
        self.service.succeed(&["directory", "import", file.to_str().unwrap()]);
    }

    /// What the program logged until now.
    pub fn log(&self) -> String {
        self.running.stderr()
    }

    /// The numbers that a query gives, in a column `id`.
    pub fn ids(&self, sql: &str) -> Vec<i64> {
        if self.postgres.is_some() {
            let rows = crate::harness::postgres::query(&self.database_url(), sql);
            return rows.split_whitespace().map(|id| id.parse().unwrap()).collect();
        }
        let mut connection = self.sqlite();
        sql_query(sql).load::<Id>(&mut connection).unwrap().into_iter().map(|row| row.id).collect()
    }

    /// The only number that a query gives.
    pub fn id(&self, sql: &str) -> i64 {
        let ids = self.ids(sql);
        assert_eq!(ids.len(), 1, "{sql}");
        ids[0]
    }

    /// The application with this reference number.
    pub fn application(&self, number: &str) -> i64 {
        self.id(&format!("SELECT id FROM applications WHERE number = '{number}'"))
    }

    /// Changes the database behind the program's back.
    pub fn execute(&self, sql: &str) {
        if self.postgres.is_some() {
            crate::harness::postgres::query(&self.database_url(), sql);
        } else {
            self.sqlite().batch_execute(sql).unwrap();
        }
    }

    fn sqlite(&self) -> SqliteConnection {
        let mut connection = SqliteConnection::establish(self.service.join("test.db").to_str().unwrap()).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 30000").unwrap();
        connection
    }

    fn database_url(&self) -> String {
        let settings = std::fs::read_to_string(self.service.join("reply-import.toml")).unwrap();
        settings.lines().find_map(|line| line.strip_prefix("url = \"")?.strip_suffix('"')).unwrap().to_owned()
    }
}
