//! A database as a large tenant has it after years: 100,000 applications, most of them with mail, and one with much of it.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use reply_import::application::id::{ApplicationId, MailId, MailboxId, TenantId, UserId};
use reply_import::application::{
    ApplicationState, DocumentKind, EmailAddress, Language, ReferenceNumber, ReferenceShape, Role,
};
use reply_import::decision::{Decided, Decision, SenderMatch};
use reply_import::mail::{
    Attachment, IncomingMail, MailIdentity, NumberReading, Original, OwnMarks, Person, ReplyIdentity, SenderProof,
    Subject,
};
use reply_import::store::directory::{ApplicationEntry, CandidateEntry, DirectoryEntry, DirectoryLine, UserEntry};
use reply_import::store::{MailRecord, Place, Store, Viewer};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::time::Duration;

/// Applications of the tenant.
const APPLICATIONS: usize = 100_000;
/// Entries of the large one, and its files.
const ENTRIES: usize = 200;
const FILES: usize = 500;
/// The user of a department is responsible for each so many-th application.
const OWN: usize = 250;

/// One mail for four of five applications, straight into the tables: recording each would take minutes.
const MAIL_FOR_MOST: &str = "
    insert into mails (tenant_id, mailbox_id, digest, identity, folder, size, received_at, recorded_at, processed_at,
                       filed_at, outcome, attempts, took_ms, checks, decided_by)
        select a.tenant_id, m.id, cast(a.id as text), cast(a.id as text), 'INBOX', 1000, m.created_at, m.created_at,
               m.created_at, m.created_at, 'imported', 0, 1, '[]', 'service'
        from applications as a join mailboxes as m on m.tenant_id = a.tenant_id where a.id % 5 <> 0;
    insert into mail_contents (mail_id, subject, subject_rest, note, text, ignored_parts)
        select id, '482137 Unterlagen', 'Unterlagen', '', 'Anbei die Unterlagen.', '[]' from mails;
    insert into history_entries (tenant_id, mail_id, application_id, sender, created_at)
        select tenant_id, id, cast(identity as bigint), 'matches', recorded_at from mails order by id;
";

/// The database, and who looks at what in it.
pub struct Filled {
    pub store: Store,
    pub personalmanager: Viewer,
    pub fachbereich: Viewer,
    pub large: ApplicationId,
    pub mail: MailId,
}

impl Filled {
    pub fn fill(url: &str) -> Self {
        let store = Store::open(url).unwrap();
        store.migrate().unwrap();
        store.import_directory(&directory(), &HashMap::from([("office".to_owned(), shapes())]), now()).unwrap();
        let tenant = store.tenant("office").unwrap().unwrap();
        let mailbox = store.ensure_mailbox(tenant, &address("import@office.example"), now()).unwrap();
        run(url, MAIL_FOR_MOST);
        let large = store.application_of(tenant, &number(APPLICATIONS / OWN / 2 * OWN)).unwrap().unwrap();
        let records: Vec<MailRecord> = (0..ENTRIES).map(|n| record(n, tenant, mailbox, large)).collect();
        let mut mail = MailId(0);
        for part in records.chunks(50) {
            mail = store.record(part, now()).unwrap().last().unwrap().mail;
        }
        // What the server does by itself in time.
        run(url, "analyze");
        let user = |address: &str, role| Viewer { user: user(&store, tenant, address), tenant, role };
        let personalmanager = user("ruth@office.example", Role::Personalmanager);
        let fachbereich = user("fred@office.example", Role::Fachbereich);
        Self { store, personalmanager, fachbereich, large, mail }
    }

    /// What there is, for the head of a table.
    pub fn content() -> String {
        format!("{APPLICATIONS} applications, a department's user sees {} of them", APPLICATIONS / OWN)
    }
}

pub fn now() -> DateTime<Utc> {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

fn run(url: &str, sql: &str) {
    match url.strip_prefix("sqlite:") {
        None => PgConnection::establish(url).unwrap().batch_execute(sql).unwrap(),
        // What the service's own connections never do: SQLite is measured as it is, without statistics.
        Some(_) if sql == "analyze" => {}
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql).unwrap(),
    }
}

fn user(store: &Store, tenant: TenantId, of: &str) -> UserId {
    let address = address(of);
    let identity = MailIdentity { message_id: None, digest: String::new() };
    let question = reply_import::store::Question {
        identity: &identity,
        number: None,
        forwarder: Some(&address),
        keys: &[],
        reply: None,
    };
    store.known(tenant, &[question]).unwrap().remove(0).forwarder.unwrap().id
}

fn directory() -> Vec<DirectoryLine> {
    let users = [("ruth@office.example", Role::Personalmanager), ("fred@office.example", Role::Fachbereich)];
    let users = users.into_iter().map(|(of, role)| {
        let (name, addresses) = (of.to_owned(), vec![address(of)]);
        DirectoryEntry::User(UserEntry { addresses, name, role, language: Language::De, active: true })
    });
    let candidates = (0..APPLICATIONS / 2).map(|n| {
        let first = ["Erika", "Jürgen", "Anna", "Zoë", "Bülent"];
        let name = format!("{} Müller-{n}", first.get(n % first.len()).unwrap());
        let addresses = vec![address(&format!("candidate{n}@example.org"))];
        DirectoryEntry::Candidate(CandidateEntry { id: n.to_string(), name, addresses })
    });
    let applications = (0..APPLICATIONS).map(|n| {
        let posts = ["Gießerei", "Lager", "Pflegefachkraft (m/w/d) Nachtdienst", "Elektronik", "Buchhaltung"];
        DirectoryEntry::Application(ApplicationEntry {
            number: number(n).as_str().to_owned(),
            candidate: (n / 2).to_string(),
            post: (*posts.get(n % posts.len()).unwrap()).to_owned(),
            responsible: if n % OWN == 0 { vec![address("fred@office.example")] } else { Vec::new() },
            state: ApplicationState::Open,
            state_since: None,
        })
    });
    let entries = users.chain(candidates).chain(applications);
    (1..).zip(entries).map(|(number, entry)| DirectoryLine { number, tenant: "office".to_owned(), entry }).collect()
}

/// A mail with two or three files for the large application.
fn record(n: usize, tenant: TenantId, mailbox: MailboxId, application: ApplicationId) -> MailRecord {
    let files = (0..FILES).filter(|file| file % ENTRIES == n);
    let attachments = files.map(|file| {
        let content = format!("%PDF {file} ").repeat(1000).into_bytes();
        Attachment {
            name: format!("Zeugnis {file}.pdf"),
            kind: DocumentKind::Certificate,
            kind_rule: "the word `Zeugnis`".to_owned(),
            mime: "application/pdf".to_owned(),
            sha256: hex::encode(Sha256::digest(&content)),
            content,
            danger: None,
            damaged: false,
            withheld: None,
        }
    });
    let original = Original {
        from_name: Some("Erika Müller".to_owned()),
        from_address: Some(address("candidate1@example.org")),
        date: Some(now().fixed_offset()),
        subject: Some(format!("Unterlagen {n}")),
        message_id: None,
    };
    let decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
    MailRecord {
        tenant,
        mailbox,
        place: Some(Place { uid_validity: 7, uid: u32::try_from(n).unwrap() + 1, folder: "INBOX".to_owned() }),
        size: 50_000,
        received_at: now(),
        mail: IncomingMail {
            identity: MailIdentity { message_id: Some(format!("{n}@office.example")), digest: format!("large {n}") },
            unreadable: None,
            automatic: None,
            answerable: true,
            marks: OwnMarks::default(),
            subject: Subject {
                whole: format!("482137 Unterlagen {n}"),
                number: NumberReading::None,
                rest: format!("Unterlagen {n}"),
                elsewhere: Vec::new(),
            },
            forwarder: Some(Person { name: Some("Ruth".to_owned()), address: address("ruth@office.example") }),
            proof: SenderProof::NotAsked,
            sent_at: Some(now().fixed_offset()),
            original: Some(original),
            note: "Bitte ablegen".to_owned(),
            text: "Anbei die Unterlagen. ".repeat(100),
            html: Some("<p>Anbei die Unterlagen.</p>".repeat(100)),
            attachments: attachments.collect(),
            pictures: Vec::new(),
            ignored: Vec::new(),
            findings: Vec::new(),
        },
        decided: Decided { decision, checks: Vec::new() },
        reply: ReplyIdentity::default(),
        other_replies: Vec::new(),
        notifications: Vec::new(),
        forwarder: None,
        attempts: 0,
        took: Duration::from_millis(1),
    }
}

fn number(n: usize) -> ReferenceNumber {
    shapes().first().and_then(|shape| shape.read_whole(&format!("{}", 100_000 + n))).unwrap()
}

fn shapes() -> Vec<ReferenceShape> {
    vec![ReferenceShape::parse("{6-8}").unwrap()]
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}
