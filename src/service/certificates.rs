//! Certificates of mail servers that end: they are looked at a few times a day, so that somebody is told before no mail comes
//! any more.

use super::places::{Host, Places};
use crate::certificate::{self, DUE_DAYS, Speaks};
use crate::monitoring::CertificateStands;
use crate::settings::{Server, Settings, Tls};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const LOOK: Duration = Duration::from_hours(4);

/// And where a server did not answer, or there was no place for one more connection.
const LOOK_AGAIN: Duration = Duration::from_mins(15);

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
    let mut said = LastSaid::default();
    while !stop.is_cancelled() {
        let all_seen = tokio::select! {
            all_seen = look_at_all(&servers, &certificates) => all_seen,
            () = stop.cancelled() => break,
        };
        for due in said.due(certificates.stand(), Utc::now()) {
            say(&due);
        }
        tokio::select! {
            () = tokio::time::sleep(if all_seen { LOOK } else { LOOK_AGAIN }) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// When it was last said of each server that its certificate is due.
#[derive(Default)]
struct LastSaid(HashMap<String, DateTime<Utc>>);

impl LastSaid {
    /// Those of which it is to be said now.
    fn due(&mut self, certificates: Vec<CertificateStands>, now: DateTime<Utc>) -> Vec<CertificateStands> {
        let is_due = |stands: &CertificateStands| {
            let is_new = self.0.get(&stands.server).is_none_or(|said_at| now - *said_at >= SAY);
            let is_due = stands.days_left < DUE_DAYS && is_new;
            if is_due {
                self.0.insert(stands.server.clone(), now);
            }
            is_due
        };
        certificates.into_iter().filter(is_due).collect()
    }
}

/// Says whether there was a place for each, and each answered.
async fn look_at_all(servers: &[MailServer], certificates: &Certificates) -> bool {
    let mut all_seen = true;
    for MailServer { name, server, speaks, host } in servers {
        let place = match host {
            None => None,
            Some(host) => match timeout(FOR_A_PLACE, host.connection()).await {
                Ok(place) => Some(place),
                // What was seen before stands.
                Err(_elapsed) => {
                    all_seen = false;
                    continue;
                }
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
        all_seen &= stands.is_some();
        certificates.see(name, stands);
    }
    all_seen
}

fn say(CertificateStands { server, days_left }: &CertificateStands) {
    if *days_left < 0 {
        tracing::error!(server, days_left, "The server's certificate has ended: whoever runs it must put a new one in");
    } else {
        tracing::warn!(
            server,
            days_left,
            "The server's certificate ends soon: whoever runs it should put a new one in"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{CertificateStands, LastSaid};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn what_is_due_is_said_once_a_day_also_of_a_server_that_was_away_at_first() {
        let stands = |server: &str, days_left| CertificateStands { server: server.to_owned(), days_left };
        let (mut said, start) = (LastSaid::default(), DateTime::UNIX_EPOCH);
        let mut due = |certificates: &[CertificateStands], hours| {
            let due = said.due(certificates.to_vec(), start + TimeDelta::hours(hours));
            due.into_iter().map(|stands| stands.server).collect::<Vec<_>>()
        };
        let (soon, ended, later) = (stands("soon", 13), stands("ended", -1), stands("later", 14));
        assert_eq!(due(&[soon.clone(), later.clone()], 0), ["soon"]);
        assert_eq!(due(&[soon.clone(), ended.clone(), later.clone()], 1), ["ended"]);
        assert_eq!(due(&[soon.clone(), ended.clone()], 23), Vec::<String>::new());
        assert_eq!(due(&[soon, ended, later], 24), ["soon"]);
    }
}
