//! Certificates of mail servers that end: they are looked at a few times a day, so that somebody is told before no mail comes
//! any more.

use crate::certificate::{self, DUE_DAYS, Speaks};
use crate::monitoring::CertificateStands;
use crate::settings::{Server, Settings, Tls};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const LOOK: Duration = Duration::from_hours(4);

/// What must be replaced is said this often.
const SAY: TimeDelta = TimeDelta::hours(24);

/// What was last seen of each server.
#[derive(Debug, Default)]
pub(super) struct Certificates(Mutex<Vec<CertificateStands>>);

impl Certificates {
    pub(super) fn stand(&self) -> Vec<CertificateStands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn see(&self, seen: Vec<CertificateStands>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}

/// Looks until asked to stop.
pub(super) async fn run(settings: Arc<Settings>, certificates: Arc<Certificates>, stop: CancellationToken) {
    let mut said_at: Option<DateTime<Utc>> = None;
    while !stop.is_cancelled() {
        let now = Utc::now();
        let servers = servers(&settings);
        let looking = tokio::task::spawn_blocking(move || look(&servers));
        tokio::select! {
            seen = looking => certificates.see(seen.unwrap_or_default()),
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

/// Each server once, however many mailboxes it has.
fn servers(settings: &Settings) -> Vec<(String, Server, Speaks)> {
    let mailboxes = settings.mailboxes.iter().map(|mailbox| (&mailbox.server, Speaks::Imap));
    let all = mailboxes.chain(settings.smtp.iter().map(|smtp| (&smtp.server, Speaks::Smtp)));
    let protected = all.filter(|(server, _)| server.tls != Tls::None);
    let named =
        protected.map(|(server, speaks)| (format!("{}:{}", server.host, server.port), (server.clone(), speaks)));
    let each: BTreeMap<_, _> = named.collect();
    each.into_iter().map(|(name, (server, speaks))| (name, server, speaks)).collect()
}

/// One that cannot be seen is left out: that it cannot be reached is said elsewhere.
fn look(servers: &[(String, Server, Speaks)]) -> Vec<CertificateStands> {
    let seen = servers.iter().filter_map(|(name, server, speaks)| {
        let seen = certificate::look(server, *speaks).ok()??;
        Some(CertificateStands { server: name.clone(), days_left: seen.days_left })
    });
    seen.collect()
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
