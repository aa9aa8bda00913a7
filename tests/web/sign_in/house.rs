//! Two tenants with people of every role, a mailbox, an SMTP server, a database, and the pages.

use super::visitor::Visitor;
use crate::harness::ports::{Port, is_listened_at};
use crate::harness::service::Running;
use crate::harness::{Dovecot, Postfix, Postgres, Service, wait_for};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
pub const SOON: Duration = Duration::from_mins(1);

/// Karl and Vera are responsible for 482137; Both is a user of two tenants.
pub const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test", "ruth.privat@example.test"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "rita@example.test", "addresses": [], "name": "Rita Recruiter", "role": "recruiter", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": [], "name": "Karl Probe", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "vera@example.test", "addresses": [], "name": "Vera Fach", "role": "fachbereich", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "anna@example.test", "addresses": [], "name": "Anna Verwaltung", "role": "administrator", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "left@example.test", "addresses": [], "name": "Lea Left", "role": "personalmanager", "language": "de", "active": false}
{"kind": "user", "tenant": "muster", "address": "both@example.test", "addresses": [], "name": "Berta Beides", "role": "recruiter", "language": "de", "active": true}
{"kind": "user", "tenant": "other", "address": "both@example.test", "addresses": [], "name": "Berta Beides", "role": "personalmanager", "language": "de", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "candidate", "tenant": "muster", "id": "K2", "name": "Jörg Anders", "addresses": ["joerg@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482138", "candidate": "K2", "post": "Floristin", "responsible": [], "state": "open", "state_since": "2024-01-02"}
{"kind": "candidate", "tenant": "other", "id": "K1", "name": "Fremde Person", "addresses": ["fremd@example.org"]}
{"kind": "application", "tenant": "other", "number": "999111", "candidate": "K1", "post": "Anderswo", "responsible": [], "state": "open", "state_since": "2024-01-02"}
"#;

/// Users of the mail server, each with their own name as password.
const USERS: [&str; 10] = ["import", "notices", "ruth", "rita", "karl", "vera", "anna", "left", "both", "office"];

/// A running house, with the pages at [`House::url`].
pub struct House {
    // The program ends before the servers do.
    running: Option<Running>,
    pub service: Service,
    pub dovecot: Dovecot,
    _postfix: Postfix,
    pub postgres: Option<Postgres>,
    port: Port,
}

/// The settings of the pages beside where they listen; the pages alone, on SQLite.
pub fn house(web: &str) -> House {
    furnished(web, "web", false)
}

/// The whole service, on PostgreSQL.
pub fn whole_house_on_postgres(web: &str) -> House {
    furnished(web, "run", true)
}

fn furnished(web: &str, command: &str, on_postgres: bool) -> House {
    let dovecot = USERS.iter().fold(Dovecot::builder(), |dovecot, name| dovecot.user(name, name)).start();
    let postfix = Postfix::start(&dovecot);
    let postgres = on_postgres.then(Postgres::start);
    let url = postgres.as_ref().map_or_else(|| "sqlite:test.db".to_owned(), Postgres::fresh_database_url);
    let (service, port) = (Service::new(""), Port::claim());
    service.write("imap-password", "import\n");
    service.write("smtp-password", "notices\n");
    service.set_settings(&format!(
        "[database]\nurl = \"{url}\"\n\
         [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\n\
         office = [\"office@example.test\"]\n\
         [[tenant]]\nname = \"other\"\nreference_shapes = [\"{{6-7}}\"]\n\
         [[mailbox]]\ntenant = \"muster\"\naddress = \"import@example.test\"\nusername = \"import\"\n\
         password_file = \"imap-password\"\nhost = \"127.0.0.1\"\nport = {}\nca_file = \"{}\"\n\
         [smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\nusername = \"notices\"\n\
         password_file = \"smtp-password\"\nfrom = \"notices@example.test\"\n\
         [web]\nlisten = \"127.0.0.1:{}\"\n{web}",
        dovecot.imaps_port(),
        dovecot.ca_file().display(),
        postfix.port(),
        postfix.ca_file().display(),
        port.number(),
    ));
    let file = service.write("directory.jsonl", DIRECTORY.trim_start());
    service.succeed(&["directory", "import", file.to_str().unwrap()]);
    let running = service.start(&[command]);
    let mut house = House { running: Some(running), service, dovecot, _postfix: postfix, postgres, port };
    house.wait_for_the_pages();
    house
}

impl House {
    /// Where the pages are, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number())
    }

    /// Somebody with a browser that knows nothing yet.
    pub fn visitor(&self) -> Visitor {
        Visitor::at(&self.url())
    }

    /// Somebody who has signed in.
    pub fn signed_in(&self, user: &str) -> Visitor {
        let mut visitor = self.visitor();
        let link = self.link_for(&mut visitor, user, "/");
        let entered = visitor.post(&link, &[]);
        assert_eq!(entered.status, 303, "{entered:?}");
        visitor
    }

    /// Asks for a link and reads it in the user's mailbox; its path.
    pub fn link_for(&self, visitor: &mut Visitor, user: &str, next: &str) -> String {
        let before = self.dovecot.messages(user, "INBOX").len();
        let sent = visitor.post("/sign-in", &[("address", &format!("{user}@example.test")), ("next", next)]);
        assert_eq!(sent.status, 200, "{sent:?}");
        self.links(user, before + 1).pop().unwrap()
    }

    /// The paths of the links in a person's mailbox, oldest first, once there are so many.
    pub fn links(&self, user: &str, wanted: usize) -> Vec<String> {
        self.mails(user, wanted).iter().filter_map(|mail| self.link_in(mail)).collect()
    }

    /// The mails in a person's mailbox, as text, once there are so many.
    pub fn mails(&self, user: &str, wanted: usize) -> Vec<String> {
        let mails = wait_for(&format!("{wanted} mails for {user}"), SOON, || {
            let mails = self.dovecot.messages(user, "INBOX");
            (mails.len() >= wanted).then_some(mails)
        });
        mails.iter().map(|mail| String::from_utf8_lossy(mail).replace("=\r\n", "")).collect()
    }

    pub fn link_in(&self, mail: &str) -> Option<String> {
        let start = format!("{}/sign-in/", self.url());
        let behind = mail.split_once(&start)?.1;
        let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(behind.len());
        Some(format!("/sign-in/{}", &behind[..end]))
    }

    /// Changes the database behind the program's back.
    pub fn execute(&self, sql: &str) {
        if self.postgres.is_some() {
            crate::harness::postgres::query(&self.database_url(), sql);
        } else {
            let file = self.service.join("test.db");
            SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(sql).unwrap();
        }
    }

    /// Takes over a line of the recruiting system's feed.
    pub fn feed(&self, line: &str) {
        let file = self.service.write("line.jsonl", line);
        self.service.succeed(&["directory", "import", file.to_str().unwrap()]);
    }

    /// What the program logged until now.
    pub fn log(&self) -> String {
        self.running.as_ref().unwrap().stderr()
    }

    fn database_url(&self) -> String {
        let settings = std::fs::read_to_string(self.service.join("reply-import.toml")).unwrap();
        let url = settings.lines().find_map(|line| line.strip_prefix("url = \"")?.strip_suffix('"'));
        url.unwrap().to_owned()
    }

    fn wait_for_the_pages(&mut self) {
        let (running, port) = (self.running.as_mut().unwrap(), self.port.number());
        wait_for("the pages", SOON, || {
            assert!(running.is_running(), "{running:?}");
            is_listened_at(port).then_some(())
        });
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.running.take();
    }
}
