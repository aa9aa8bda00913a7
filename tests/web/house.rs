//! Two offices with people of every role, their mailboxes, and the service with its pages.

use crate::browser::Session;
use crate::harness::ports::Port;
use crate::harness::service::Running;
use crate::harness::{Dovecot, Postfix, Postgres, Service, wait_for};
use crate::mails::Mail;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use std::fmt::Write as _;
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
pub const SOON: Duration = Duration::from_mins(1);

/// One of each role at the first office, and somebody who left. Karl and Vera are responsible for 482137, Vera and Rita read
/// English. 482139 is there to be blocked. Olga is of another office.
pub const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "rita@example.test", "addresses": ["rita@example.test"], "name": "Rita Werber", "role": "recruiter", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": ["karl@example.test"], "name": "Karl Probe", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "vera@example.test", "addresses": ["vera@example.test"], "name": "Vera Fach", "role": "fachbereich", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "adam@example.test", "addresses": ["adam@example.test"], "name": "Adam Amt", "role": "administrator", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "lea@example.test", "addresses": ["lea@example.test"], "name": "Lea Weg", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "other", "address": "olga@example.test", "addresses": ["olga@example.test"], "name": "Olga Anders", "role": "personalmanager", "language": "de", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "candidate", "tenant": "muster", "id": "K2", "name": "Jörg Anders", "addresses": ["joerg@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482138", "candidate": "K2", "post": "Floristin", "responsible": [], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482139", "candidate": "K2", "post": "Gärtner", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "candidate", "tenant": "other", "id": "K1", "name": "Fremde Person", "addresses": ["fremd@example.org"]}
{"kind": "application", "tenant": "other", "number": "999111", "candidate": "K1", "post": "Anderswo", "responsible": [], "state": "open", "state_since": "2024-01-02"}
"#;

/// Users of the mail server: the two import mailboxes, the sender of notices, the offices, and the people.
const USERS: [&str; 12] =
    ["import", "import2", "notices", "office", "office2", "ruth", "rita", "karl", "vera", "adam", "lea", "olga"];

/// A running house. Dropped, everything ends, the service first.
pub struct House {
    running: Running,
    pub service: Service,
    pub dovecot: Dovecot,
    _postfix: Postfix,
    postgres: Option<Postgres>,
    port: Port,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A house on SQLite.
pub fn house() -> House {
    start(false, "")
}

/// A house with its database and with further lines at the end of `[web]`.
pub fn start(on_postgres: bool, web: &str) -> House {
    let dovecot = USERS.iter().fold(Dovecot::builder(), |builder, user| builder.user(user, "geheim")).start();
    let postfix = Postfix::start(&dovecot);
    let postgres = on_postgres.then(Postgres::start);
    let url = postgres.as_ref().map_or_else(|| "sqlite:test.db".to_owned(), Postgres::fresh_database_url);
    let (service, port) = (Service::new(""), Port::claim());
    service.write("password", "geheim\n");
    let mut settings = format!("[database]\nurl = \"{url}\"\n");
    for (tenant, office, user) in [("muster", "office", "import"), ("other", "office2", "import2")] {
        write!(
            settings,
            "[[tenant]]\nname = \"{tenant}\"\nlanguage = \"de\"\ntimezone = \"Europe/Berlin\"\n\
             reference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\noffice = [\"{office}@example.test\"]\n\
             [[mailbox]]\ntenant = \"{tenant}\"\naddress = \"{user}@example.test\"\nusername = \"{user}\"\n\
             password_file = \"password\"\nhost = \"127.0.0.1\"\nport = {}\nca_file = \"{}\"\npoll_interval = \"1s\"\n",
            dovecot.imaps_port(),
            dovecot.ca_file().display(),
        )
        .unwrap();
    }
    write!(
        settings,
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\nusername = \"notices\"\n\
         password_file = \"password\"\nfrom = \"notices@example.test\"\n\
         [web]\nlisten = \"127.0.0.1:{number}\"\npublic_url = \"http://127.0.0.1:{number}\"\n{web}\n",
        postfix.port(),
        postfix.ca_file().display(),
        number = port.number(),
    )
    .unwrap();
    service.set_settings(&settings);
    let directory = service.write("directory.jsonl", DIRECTORY.trim_start());
    service.succeed(&["directory", "import", directory.to_str().unwrap()]);
    let running = service.run();
    let mut house = House { running, service, dovecot, _postfix: postfix, postgres, port };
    wait_for("the pages", SOON, || {
        assert!(house.running.is_running(), "{:?}", house.running);
        crate::harness::ports::is_listened_at(house.port.number()).then_some(())
    });
    house
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

    /// Mail for the first office, and the time until it is filed away.
    pub fn import(&self, mail: &Mail) {
        self.import_to("import", mail);
    }

    /// Mail for one of the import mailboxes.
    pub fn import_to(&self, mailbox: &str, mail: &Mail) {
        let count = || self.ids("SELECT COUNT(*) AS id FROM mails")[0];
        let before = count();
        self.dovecot.deliver(mailbox, mail.bytes());
        wait_for("the mail to be recorded", SOON, || (count() > before).then_some(()));
        wait_for("the mail to be filed away", SOON, || {
            self.dovecot.messages(mailbox, "INBOX").is_empty().then_some(())
        });
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

    /// The mails in a person's inbox, as their texts, once there are so many.
    pub fn inbox(&self, user: &str, wanted: usize) -> Vec<String> {
        let mails = wait_for(&format!("{wanted} mails for {user}"), SOON, || {
            Some(self.dovecot.messages(user, "INBOX")).filter(|mails| mails.len() >= wanted)
        });
        let text = |mail: &Vec<u8>| {
            let mail = mail_parser::MessageParser::default().parse(mail)?;
            mail.body_text(0).map(std::borrow::Cow::into_owned)
        };
        mails.iter().filter_map(text).collect()
    }

    /// The addresses of a kind (`/sign-in/`, `/entries/`) that a person was sent until now.
    pub fn links(&self, user: &str, begin: &str) -> Vec<String> {
        let begin = self.at(begin);
        let texts = self.inbox(user, 0);
        let words = texts.iter().flat_map(|text| text.split_whitespace());
        words
            .filter(|word| word.starts_with(&begin))
            .map(|word| word.trim_end_matches(['.', ',', '>']).to_owned())
            .collect()
    }

    /// The link that comes in answer to `ask`.
    pub fn next_sign_in_link(&self, user: &str, ask: impl FnOnce()) -> String {
        let before = self.links(user, "/sign-in/");
        ask();
        wait_for(&format!("a link for {user}"), SOON, || {
            self.links(user, "/sign-in/").into_iter().find(|link| !before.contains(link))
        })
    }

    /// Signs somebody in as people do: by the page, the mail and its link.
    pub fn sign_in(&self, session: &Session, user: &str) {
        session.open_page(&self.at("/sign-in"));
        self.finish_sign_in(session, user);
    }

    /// As [`House::sign_in`], from the page where one is.
    pub fn finish_sign_in(&self, session: &Session, user: &str) {
        let link = self.next_sign_in_link(user, || {
            session.fill("input[name=address]", &format!("{user}@example.test"));
            session.click("main button");
        });
        session.open_page(&link);
        session.click("main button");
        session.wait_for("header .person");
    }
}
