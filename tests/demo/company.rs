//! The made-up company: its people, its servers, its settings.

use crate::harness::{Dovecot, Postfix, Service};

/// Where recruiters forward to.
pub const IMPORT_ADDRESS: &str = "bewerbung@example.test";
/// The mailbox behind it.
pub const IMPORT_USER: &str = "bewerbung";
/// Those who may be told something, each with a mailbox.
pub const PEOPLE: [&str; 4] = ["petra.personal", "paula.plus", "frank.fach", "buero"];
/// Above this a mail is set aside.
pub const LARGEST_MAIL: &str = "64KiB";

const PASSWORD: &str = "geheim";

/// What the recruiting system would feed: Grünwerk with its people and applications, and Nordwerk, another customer.
const DIRECTORY: &str = include_str!("directory.jsonl");

/// All that runs. Ends with it.
pub struct Company {
    /// The program under demonstration. Dropped first, before the servers it talks to.
    pub service: Service,
    /// Takes the notices that the service sends.
    _postfix: Postfix,
    /// Holds all mailboxes.
    pub dovecot: Dovecot,
}

impl Company {
    /// Starts the servers and writes the settings.
    pub fn start() -> Self {
        let users = PEOPLE.iter().chain(&[IMPORT_USER, "nordwerk"]);
        let dovecot = users.fold(Dovecot::builder(), |builder, user| builder.user(user, PASSWORD)).start();
        let postfix = Postfix::start(&dovecot);
        let service = Service::new("");
        let password = service.write("password", PASSWORD);
        service.write("directory.jsonl", DIRECTORY);
        service.set_settings(&format!(
            r#"
            [database]
            url = "sqlite:{database}"

            [[tenant]]
            name = "gruenwerk"
            language = "de"
            timezone = "Europe/Berlin"
            reference_shapes = ["{{6}}"]
            staff_domains = ["example.test"]
            office = ["buero@example.test"]

            [[tenant]]
            name = "nordwerk"
            reference_shapes = ["{{6}}"]
            staff_domains = ["nordwerk.test"]
            office = ["buero@nordwerk.test"]

            [[mailbox]]
            tenant = "gruenwerk"
            address = "{IMPORT_ADDRESS}"
            host = "localhost"
            port = {imap}
            ca_file = "{imap_ca}"
            username = "{IMPORT_USER}"
            password_file = "{password}"
            max_size = "{LARGEST_MAIL}"

            [smtp]
            host = "localhost"
            port = {smtp}
            tls = "starttls"
            ca_file = "{smtp_ca}"
            username = "{IMPORT_USER}"
            password_file = "{password}"
            from = "recruiting@example.test"
            "#,
            database = service.join("demo.db").display(),
            imap = dovecot.imaps_port(),
            imap_ca = dovecot.ca_file().display(),
            smtp = postfix.port(),
            smtp_ca = postfix.ca_file().display(),
            password = password.display(),
        ));
        Self { service, _postfix: postfix, dovecot }
    }
}
