//! Certificates of mail servers that end: they are looked at a few times a day, so that somebody is told before no mail comes
//! any more.

use super::places::{Host, Places};
use crate::certificate::{self, DUE_DAYS, Speaks};
use crate::monitoring::CertificateStands;
use crate::settings::{Server, Settings, Tls};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const LOOK: Duration = Duration::from_hours(4);

/// Where all connections stay open, none is free within this time, nor soon.
const FOR_A_PLACE: Duration = Duration::from_mins(1);

/// What must be replaced is said this often.
const SAY: TimeDelta = TimeDelta::hours(24);

/// What was last seen of each server.
#[derive(Debug, Default)]
pub(super) struct Certificates(Mutex<Vec<CertificateStands>>);

impl Certificates {
    pub(super) fn stand(&self) -> Vec<CertificateStands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what was seen of a server, or that nothing can be seen of it.
    fn see(&self, server: &str, seen: Option<CertificateStands>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|stands| stands.server != server);
        all.extend(seen);
    }
}

/// A mail server, which may have many mailboxes.
pub(super) struct MailServer {
    /// As in the settings: `imap.example.com:993`.
    name: String,
    server: Server,
    speaks: Speaks,
    /// Where only so many connections may be had.
    host: Option<Arc<Host>>,
}

/// Each server with TLS once.
pub(super) fn mail_servers(settings: &Settings, places: &Places) -> Vec<MailServer> {
    let mailboxes = settings.mailboxes.iter().map(|mailbox| (&mailbox.server, Speaks::Imap));
    let all = mailboxes.chain(settings.smtp.iter().map(|smtp| (&smtp.server, Speaks::Smtp)));
    let named = all.filter(|(server, _)| server.tls != Tls::None).map(|(server, speaks)| {
        let host = (speaks == Speaks::Imap).then(|| places.at(server));
        let name = format!("{}:{}", server.host, server.port);
        (name.clone(), MailServer { name, server: server.clone(), speaks, host })
    });
    named.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Looks until asked to stop.
pub(super) async fn run(servers: Vec<MailServer>, certificates: Arc<Certificates>, stop: CancellationToken) {
    let mut said_at: Option<DateTime<Utc>> = None;
    while !stop.is_cancelled() {
        let now = Utc::now();
        tokio::select! {
            () = look_at_all(&servers, &certificates) => {}
            () = stop.cancelled() => break,
        }
        if said_at.is_none_or(|said_at| now - said_at >= SAY) {
            said_at = Some(now);
            say(&certificates.stand());
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => break,
        }
    }
}

async fn look_at_all(servers: &[MailServer], certificates: &Certificates) {
    for MailServer { name, server, speaks, host } in servers {
        let place = match host {
            None => None,
            Some(host) => match timeout(FOR_A_PLACE, host.connection()).await {
                Ok(place) => Some(place),
                // What was seen before stands.
                Err(_elapsed) => continue,
            },
        };
        let (server, speaks) = (server.clone(), *speaks);
        // The place is given back when the look ends, also if nobody waits for it any more.
        let looking = tokio::task::spawn_blocking(move || {
            let seen = certificate::look(&server, speaks);
            drop(place);
            seen.ok().flatten()
        });
        // One that cannot be seen is left out: that it cannot be reached is said elsewhere.
        let seen = looking.await.ok().flatten();
        let stands = seen.map(|seen| CertificateStands { server: name.clone(), days_left: seen.days_left });
        certificates.see(name, stands);
    }
}

fn say(certificates: &[CertificateStands]) {
    for CertificateStands { server, days_left } in certificates {
        if *days_left < 0 {
            tracing::error!(
                server,
                days_left,
                "The server's certificate has ended: whoever runs it must put a new one in"
            );
        } else if *days_left < DUE_DAYS {
            tracing::warn!(
                server,
                days_left,
                "The server's certificate ends soon: whoever runs it should put a new one in"
            );
        }
    }
}
