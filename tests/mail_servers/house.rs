//! A tenant whose import mailbox lies on one of the servers.

use crate::harness::{Dovecot, MailProgram, Postfix, Service, wait_for};
use crate::mails::Mail;
use crate::server::{IMPORT, Kind, Server};
use serde_json::Value;
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
pub const SOON: Duration = Duration::from_mins(1);

/// Karl is responsible for 482137.
const DIRECTORY: &str = r#"{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": ["karl@example.test"], "name": "Karl Probe", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["karl@example.test"], "state": "open", "state_since": "2024-01-02"}
"#;

/// One more application, to be added later.
pub const GARDENER: &str = r#"{"kind": "application", "tenant": "muster", "number": "482999", "candidate": "K1", "post": "Gärtner", "responsible": ["karl@example.test"], "state": "open", "state_since": "2024-01-02"}
"#;

/// A running house; the program is called by the test.
pub struct House {
    pub service: Service,
    pub server: Server,
    /// The import mailbox, as a mail program sees it.
    pub inbox: MailProgram,
    mailbox: String,
    login: (&'static str, &'static str),
}

/// How the program reaches the mailbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    Implicit,
    StartTls,
    Plain,
    WrongCa,
}

/// A house with SQLite, TLS from the start and no SMTP server.
pub fn house(kind: Kind) -> House {
    house_with(kind, "")
}

/// As [`house`], with lines more in `[[mailbox]]`.
pub fn house_with(kind: Kind, mailbox: &str) -> House {
    let server = kind.start();
    let service = Service::new("");
    let inbox = server.mail_program(kind, IMPORT);
    let mut house = House { service, server, inbox, mailbox: String::new(), login: IMPORT };
    house.set_mailbox(mailbox);
    house.take_over(DIRECTORY);
    house
}

impl House {
    /// Writes the settings anew, with these lines in `[[mailbox]]`.
    pub fn set_mailbox(&mut self, lines: &str) {
        lines.clone_into(&mut self.mailbox);
        self.connect_by(Connection::Implicit);
    }

    /// Writes the settings anew, with another user.
    pub fn log_in_as(&mut self, login: (&'static str, &'static str)) {
        self.login = login;
        self.connect_by(Connection::Implicit);
    }

    /// Writes the settings anew, with another way to the server.
    pub fn connect_by(&self, connection: Connection) {
        let certificates = self.server.certificates();
        let (tls, port, ca) = match connection {
            Connection::Implicit => ("implicit", self.server.imaps_port(), Some(&certificates.ca_file)),
            Connection::StartTls => ("starttls", self.server.imap_port(), Some(&certificates.ca_file)),
            Connection::Plain => ("none", self.server.imap_port(), None),
            Connection::WrongCa => ("implicit", self.server.imaps_port(), Some(&certificates.other_ca_file)),
        };
        let ca = ca.map_or_else(String::new, |path| format!("ca_file = \"{}\"\n", path.display()));
        let (user, password) = self.login;
        self.service.write("imap-password", format!("{password}\n"));
        self.service.set_settings(&format!(
            "[database]\nurl = \"sqlite:test.db\"\n\
             [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\n\
             office = [\"office@example.test\"]\n\
             [[mailbox]]\ntenant = \"muster\"\naddress = \"import@example.test\"\nusername = \"{user}\"\n\
             password_file = \"imap-password\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"{tls}\"\n{ca}{}\n",
            self.mailbox
        ));
    }

    pub fn take_over(&self, directory: &str) {
        let file = self.service.write("directory.jsonl", directory);
        self.service.succeed(&["directory", "import", file.to_str().unwrap()]);
    }

    pub fn deliver(&self, mail: &Mail) {
        self.inbox.deliver([mail.bytes()]);
    }

    pub fn once(&self) -> String {
        self.service.succeed(&["once"])
    }

    /// The records, oldest first.
    pub fn mails(&self) -> Vec<Value> {
        let printed = self.service.succeed(&["mails", "--json", "--limit", "1000"]);
        let mut mails = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
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
        serde_json::from_str(&self.service.succeed(&["show", &mail["id"].to_string(), "--json"])).unwrap()
    }

    pub fn status(&self) -> Value {
        serde_json::from_str(&self.service.succeed(&["status", "--json"])).unwrap()
    }

    /// How many mails lie in a folder of the import mailbox.
    pub fn count(&self, folder: &str) -> usize {
        self.inbox.count(folder)
    }

    /// Delivers one mail, makes one round, and gives its record.
    pub fn outcome_of(&self, mail: &Mail) -> Value {
        self.deliver(mail);
        self.once();
        self.only_mail()
    }

    /// Waits until so many mails lie in a folder.
    pub fn wait_for_mails(&self, folder: &str, wanted: usize) {
        let what = format!("{wanted} mails in {folder}");
        wait_for(&what, SOON, || (self.count(folder) == wanted).then_some(()));
    }
}

/// Where the people have their mailboxes, and the way there. Dropping it ends both servers.
pub struct PostOffice {
    postfix: Postfix,
    dovecot: Dovecot,
}

impl PostOffice {
    pub fn open() -> Self {
        let users = ["notices", "karl", "ruth", "office"];
        let dovecot = users.iter().fold(Dovecot::builder(), |dovecot, name| dovecot.user(name, "geheim")).start();
        Self { postfix: Postfix::start(&dovecot), dovecot }
    }

    /// Lets the house send its notifications here.
    pub fn serve(&self, house: &House) {
        let settings = std::fs::read_to_string(house.service.join("reply-import.toml")).unwrap();
        house.service.write("smtp-password", "geheim\n");
        house.service.set_settings(&format!(
            "{settings}[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\n\
             username = \"notices\"\npassword_file = \"smtp-password\"\nfrom = \"notices@example.test\"\n",
            self.postfix.port(),
            self.postfix.ca_file().display()
        ));
    }

    /// Waits until a person has so many notifications.
    pub fn wait_for_notifications(&self, user: &str, wanted: usize) {
        wait_for(&format!("{wanted} notifications for {user}"), SOON, || {
            (self.dovecot.messages(user, "INBOX").len() == wanted).then_some(())
        });
    }
}
