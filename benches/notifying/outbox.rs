//! An outbox with many notifications that are due, and one that delivers them.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use reply_import::application::EmailAddress;
use reply_import::notification::{Facts, Renderer};
use reply_import::notify::{DeliveryReport, deliver_due};
use reply_import::settings::Smtp;
use reply_import::smtp::Sender;
use reply_import::store::Store;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// As many go to one person singly within an hour unless the settings say otherwise, and each person gets as many.
const SINGLY: u32 = 5;

pub struct Outbox {
    store: Store,
    url: String,
    number: usize,
}

impl Outbox {
    pub fn filled(url: &str, number: usize) -> Self {
        let store = Store::open(url).unwrap();
        store.migrate().unwrap();
        let then: DateTime<Utc> = "2020-01-01T00:00:00Z".parse().unwrap();
        let tenant = store.ensure_tenant("office", then).unwrap();
        let address = EmailAddress::parse("import@office.example").unwrap();
        let mailbox = store.ensure_mailbox(tenant, &address, then).unwrap();
        let facts = Facts {
            tenant: "office".to_owned(),
            reference: Some("2024-00123".to_owned()),
            import_address: address.as_str().to_owned(),
            public_url: Some("https://bewerbungen.office.example".to_owned()),
            ..Facts::default()
        };
        let facts = serde_json::to_string(&facts).unwrap();
        let (tenant, mailbox, time) = (tenant.0, mailbox.0, "'2020-01-01 00:00:00'");
        let outbox = Self { store, url: url.to_owned(), number };
        outbox.run(&format!(
            "begin;
             create temporary table numbers (n bigint primary key);
             insert into numbers with recursive up (n) as (select 0 union all select n + 1 from up where n < {number} - 1)
                 select n from up;
             insert into mails (tenant_id, mailbox_id, digest, identity, folder, size, received_at, recorded_at, processed_at,
                                filed_at, outcome, claimed_number, attempts, took_ms, checks, decided_by)
                 select {tenant}, {mailbox}, 'digest ' || n, 'identity ' || n, 'Imported', 40000, {time}, {time}, {time},
                        {time}, 'imported', '2024-00123', 0, 1, '[]', 'service' from numbers order by n;
             insert into outbox (tenant_id, mail_id, application_id, occasion, recipient_name, address, language, facts,
                                 message_key, state, attempts, created_at, due_at)
                 select {tenant}, id, id, 'reply', 'Dora Fach', 'person' || (id % ({number} / {SINGLY})) || '@example.test',
                        case id % 2 when 0 then 'de' else 'en' end, '{facts}', 'key' || id, 'pending', 0, {time}, {time}
                 from mails order by id;
             commit;"
        ));
        outbox
    }

    /// As if none had been sent.
    pub fn all_are_due(&self) {
        self.run("update outbox set state = 'pending', sent_at = null, claimed_until = null, hour_ends = null");
    }

    /// Delivers all of them.
    pub async fn deliver(&self, smtp: &Smtp) {
        let sender = Sender::open(smtp, None).unwrap();
        let renderer = Arc::new(Renderer::new().unwrap());
        let (recorded, stop) = (Notify::new(), CancellationToken::new());
        let report = deliver_due(&self.store, &sender, &renderer, SINGLY, &recorded, &stop).await.unwrap();
        sender.close().await;
        let sent = u32::try_from(self.number).unwrap();
        assert_eq!(report, DeliveryReport { sent, ..DeliveryReport::default() });
    }

    fn run(&self, sql: &str) {
        match self.url.strip_prefix("sqlite:") {
            None => PgConnection::establish(&self.url).unwrap().batch_execute(sql).unwrap(),
            Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql).unwrap(),
        }
    }
}
