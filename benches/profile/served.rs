//! The built program, serving a filled database, and the people and the program that ask it.

use crate::filled;
use crate::harness::ports::{Port, is_listened_at};
use crate::harness::service::Running;
use crate::harness::{Postgres, Service, postgres, wait_for};
use crate::kept;
use crate::office::{self, OFFICE};
use chrono::Utc;
use reply_import::application::EmailAddress;
use reply_import::application::id::ApiTokenId;
use reply_import::store::{Store, Viewer};
use std::fmt::Write as _;
use std::time::Duration;

/// Who asks: the header by which the program knows them.
#[derive(Clone)]
pub enum Who {
    Person(String),
    Program(String),
}

impl Who {
    pub fn header(&self) -> (&'static str, &str) {
        match self {
            Self::Person(cookie) => ("cookie", cookie),
            Self::Program(bearer) => ("authorization", bearer),
        }
    }
}

/// The running program. Dropped, it ends, before its database does.
pub struct Served {
    _running: Running,
    port: Port,
    /// Which database, how large, and what is in it.
    pub content: String,
    pub personalmanager: Who,
    pub fachbereich: Who,
    pub program: Who,
    pub large: i64,
    pub large_number: String,
    pub small: i64,
    pub entry: i64,
    _service: Service,
    _postgres: Option<Postgres>,
}

impl Served {
    pub fn on_sqlite() -> Self {
        let service = Service::new("");
        let file = service.join("record.db");
        kept::sqlite(&file);
        let octets = std::fs::metadata(&file).unwrap().len();
        Self::start(service, &format!("sqlite:{}", file.display()), "SQLite", octets, None)
    }

    pub fn on_postgres() -> Self {
        let (server, url) = kept::postgres();
        let asked = |sql: &str| postgres::query(&url, sql).trim().to_owned();
        let octets = asked("select pg_database_size(current_database())").parse().unwrap();
        let name = format!("PostgreSQL {}", asked("show server_version").split(' ').next().unwrap());
        Self::start(Service::new(""), &url, &name, octets, Some(server))
    }

    fn start(service: Service, url: &str, database: &str, octets: u64, server: Option<Postgres>) -> Self {
        let port = Port::claim();
        service.write("password", "secret\n");
        service.set_settings(&settings(url, port.number()));
        let store = Store::open(url).unwrap();
        store.migrate().unwrap();
        let token = service.succeed(&["token", "add", "--tenant", OFFICE, "--name", "bench"]);
        let running = service.start(&["web"]);
        wait_for("the pages", Duration::from_mins(1), || is_listened_at(port.number()).then_some(()));
        let tenant = store.tenant(OFFICE).unwrap().unwrap();
        let id = |number: &str| {
            let number = office::read_number(number);
            store.application_of_number(tenant, &number).unwrap().unwrap()
        };
        let large_number = office::number(office::LARGE);
        let large = id(&large_number);
        let history = store.history(Viewer::of_program(tenant, ApiTokenId(1)), large).unwrap().unwrap();
        let counts = filled::counted(&store, tenant);
        let mut served = Self {
            _running: running,
            content: format!("{database}: {} MB, {counts}", octets / 1_000_000),
            personalmanager: Who::Person(String::new()),
            fachbereich: Who::Person(String::new()),
            program: Who::Program(format!("Bearer {}", token.trim())),
            large: large.0,
            small: id(&office::number(office::SMALL)).0,
            entry: history.first().unwrap().entry.0,
            large_number,
            port,
            _service: service,
            _postgres: server,
        };
        served.personalmanager = served.signed_in(&store, office::PERSONALMANAGER);
        served.fachbereich = served.signed_in(&store, office::FACHBEREICH);
        served
    }

    /// Where something is.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port.number())
    }

    /// Uses a link as it stands in the mail, and gives what the browser keeps.
    fn signed_in(&self, store: &Store, address: &str) -> Who {
        let address = EmailAddress::parse(address).unwrap();
        let link = store.make_sign_in_links(&address, "/", Utc::now()).unwrap().remove(0);
        let agent = ureq::Agent::config_builder().proxy(None).max_redirects(0).build().new_agent();
        let answer = agent.post(self.at(&format!("/sign-in/{}", link.token.expose()))).send_empty().unwrap();
        let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
        Who::Person(cookie.split(';').next().unwrap().to_owned())
    }
}

fn settings(url: &str, port: u16) -> String {
    let mut settings = format!("[database]\nurl = \"{url}\"\n");
    for tenant in office::TENANTS {
        write!(
            settings,
            "[[tenant]]\nname = \"{name}\"\nreference_shapes = [\"{shape}\"]\nstaff_domains = [\"{name}.example\"]\n\
             [[mailbox]]\ntenant = \"{name}\"\naddress = \"import@{name}.example\"\nhost = \"127.0.0.1\"\n\
             password_file = \"password\"\n",
            name = tenant.name,
            shape = office::SHAPE,
        )
        .unwrap();
    }
    // Nobody is written to.
    write!(
        settings,
        "[smtp]\nhost = \"127.0.0.1\"\nport = 9\nfrom = \"notices@office.example\"\n\
         [web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"
    )
    .unwrap();
    settings
}
