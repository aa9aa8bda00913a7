//! The made-up company: its people, its servers, its settings.

use std::time::Duration;

use crate::harness::account::runs_as_root;
use crate::harness::ports::{Port, is_listened_at};
use crate::harness::service::Running;
use crate::harness::{Dovecot, Postfix, Service, wait_for};
use crate::post_office;

/// Where recruiters forward to.
pub const IMPORT_ADDRESS: &str = "bewerbung@example.test";
/// The mailbox behind it.
pub const IMPORT_USER: &str = "bewerbung";
/// Those who may be told something, each with a mailbox.
pub const PEOPLE: [&str; 6] = ["petra.personal", "rita.recruiter", "paula.plus", "frank.fach", "anna.amt", "buero"];
/// Above this a mail is set aside.
pub const LARGEST_MAIL: &str = "512KiB";

const PASSWORD: &str = "geheim";

/// Where the pages are, unless somebody has it.
const PAGES: u16 = 8025;

/// Longer than anything takes, even on a busy machine.
const SOON: Duration = Duration::from_mins(1);

/// What the recruiting system would feed: Grünwerk with its people and applications, and Nordwerk, another customer.
const DIRECTORY: &str = include_str!("directory.jsonl");

/// All that runs. Ends with it.
pub struct Company {
    // The program ends before the servers it talks to.
    running: Option<Running>,
    /// The program under demonstration.
    pub service: Service,
    /// Takes the notices that the service sends.
    _postfix: Option<Postfix>,
    /// Holds all mailboxes.
    pub dovecot: Dovecot,
    pages: Port,
}

impl Company {
    /// Starts the servers and writes the settings.
    pub fn start() -> Self {
        let users = PEOPLE.iter().chain(&[IMPORT_USER, "nordwerk"]);
        let dovecot = users.fold(Dovecot::builder(), |builder, user| builder.user(user, PASSWORD));
        let (dovecot, postfix) = if runs_as_root() {
            println!("Starting Dovecot and Postfix ...");
            let dovecot = dovecot.start();
            let postfix = Postfix::start(&dovecot);
            (dovecot, Some(postfix))
        } else {
            println!("Starting Dovecot, which gets the notices directly (Postfix wants root) ...");
            (dovecot.start(), None)
        };
        let (service, pages) = (Service::new(""), Port::claim_first(PAGES));
        let password = service.write("password", PASSWORD);
        service.write("directory.jsonl", DIRECTORY);
        let smtp = if let Some(postfix) = &postfix {
            format!(
                "host = \"localhost\"\nport = {}\ntls = \"starttls\"\nca_file = \"{}\"\n\
                 username = \"{IMPORT_USER}\"\npassword_file = \"{}\"",
                postfix.port(),
                postfix.ca_file().display(),
                password.display(),
            )
        } else {
            let port = post_office::open(dovecot.lmtp_socket());
            format!("host = \"127.0.0.1\"\nport = {port}\ntls = \"none\"")
        };
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
            documents_tab = "unrecognised"

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
            {smtp}
            from = "recruiting@example.test"

            [notify]
            digest_after = 0         # each notice by itself, so that all are there to be looked at; by default the sixth waits
            office_digest = "never"  # by default "07:30" on working days

            [web]
            listen = "127.0.0.1:{pages}"
            public_url = "http://127.0.0.1:{pages}"
            "#,
            database = service.join("demo.db").display(),
            imap = dovecot.imaps_port(),
            imap_ca = dovecot.ca_file().display(),
            password = password.display(),
            pages = pages.number(),
        ));
        Self { running: None, service, _postfix: postfix, dovecot, pages }
    }

    /// Starts the service itself, and waits for its pages.
    pub fn run(&mut self) {
        let running = self.running.insert(self.service.run());
        wait_for("the pages", SOON, || {
            assert!(running.is_running(), "{running:?}");
            is_listened_at(self.pages.number()).then_some(())
        });
    }

    /// The port of the pages.
    pub fn port(&self) -> u16 {
        self.pages.number()
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    /// The addresses of a kind, such as `/entries/`, that a person was sent until now.
    pub fn links(&self, user: &str, begin: &str) -> Vec<String> {
        let begin = format!("{}{begin}", self.url());
        let text = |mail: Vec<u8>| {
            let mail = mail_parser::MessageParser::default().parse(&mail)?.into_owned();
            mail.body_text(0).map(std::borrow::Cow::into_owned)
        };
        let texts = self.dovecot.messages(user, "INBOX").into_iter().filter_map(text).collect::<Vec<_>>();
        let words = texts.iter().flat_map(|text| text.split_whitespace());
        words.filter(|word| word.starts_with(&begin)).map(str::to_owned).collect()
    }

    /// Asks for a link by which somebody signs in, to go on to `next`, and finds it in their mailbox.
    pub fn sign_in_link(&self, user: &str, next: &str) -> String {
        let before = self.links(user, "/sign-in/");
        let address = format!("{user}@example.test");
        let asked = ureq::post(format!("{}/sign-in", self.url())).send_form([("address", &*address), ("next", next)]);
        asked.unwrap();
        wait_for(&format!("a link for {user}"), SOON, || {
            self.links(user, "/sign-in/").into_iter().find(|link| !before.contains(link))
        })
    }
}
