//! How many there are at a time: connections to each mail server, log-ins, rounds with mail in hand. Who waits for a place
//! holds none that another could use meanwhile, and places are had in the order in which they were asked for.
//!
//! Limits are per mail server (host and port) before they are for all, so that one that does not answer keeps nobody from
//! the others.

use crate::settings::{Connections, Server, Settings};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// All places of one worker.
pub(super) struct Places {
    limits: Connections,
    /// At each of so many mail servers not all rounds may be at work.
    number_of_hosts: usize,
    hosts: Mutex<HashMap<(String, u16), Arc<Host>>>,
    in_all: Arc<InAll>,
}

/// The places that all mail servers have together.
struct InAll {
    log_ins: Arc<Semaphore>,
    rounds: Arc<Semaphore>,
    kept_open: Arc<Semaphore>,
}

/// The places at one mail server.
pub(super) struct Host {
    limits: Connections,
    in_all: Arc<InAll>,
    connections: Arc<Semaphore>,
    log_ins: Arc<Semaphore>,
    rounds: Arc<Semaphore>,
    /// Mailboxes that this worker watches here.
    watched: AtomicUsize,
    /// Connections that stay open between two looks.
    keeping: AtomicUsize,
    /// More mailboxes are watched than connections are allowed: some must be given up.
    crowded: Notify,
}

/// One mailbox is watched, until dropped.
pub(super) struct Watched(Arc<Host>);

/// The right to have a connection, until dropped.
pub(super) struct Connection {
    host: Arc<Host>,
    kept: Option<Kept>,
    _place: OwnedSemaphorePermit,
}

/// The right to have it open between two looks.
struct Kept {
    host: Arc<Host>,
    is_counted: bool,
    _place: OwnedSemaphorePermit,
}

/// Places of one kind, at a mail server and in all, until dropped.
pub(super) struct AtBoth {
    _at_host: OwnedSemaphorePermit,
    _in_all: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(settings: &Settings) -> Self {
        let limits = settings.connections;
        let hosts: HashSet<(String, u16)> =
            settings.mailboxes.iter().map(|mailbox| mailbox.server.host_and_port()).collect();
        let in_all = InAll {
            log_ins: places(limits.log_ins_in_all()),
            rounds: places(limits.rounds_at_once),
            kept_open: places(limits.kept_open),
        };
        Self { limits, number_of_hosts: hosts.len(), hosts: Mutex::default(), in_all: Arc::new(in_all) }
    }

    /// The places at this mail server.
    pub(super) fn at(&self, server: &Server) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            Arc::new(Host {
                limits: self.limits,
                in_all: self.in_all.clone(),
                connections: places(self.limits.per_host),
                log_ins: places(self.limits.log_ins_at_once),
                rounds: places(self.limits.rounds_at_host(self.number_of_hosts)),
                watched: AtomicUsize::new(0),
                keeping: AtomicUsize::new(0),
                crowded: Notify::new(),
            })
        };
        hosts.entry(server.host_and_port()).or_insert_with(new).clone()
    }
}

impl Host {
    /// A mailbox here is watched from now on.
    pub(super) fn watch(self: &Arc<Self>) -> Watched {
        let watched = self.watched.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        if watched > self.limits.per_host {
            self.crowded.notify_waiters();
        }
        Watched(self.clone())
    }

    /// Waits for a place for one more connection.
    pub(super) async fn connection(self: &Arc<Self>) -> Connection {
        Connection { host: self.clone(), kept: None, _place: one_of(&self.connections).await }
    }

    /// Waits until one more may log in.
    pub(super) async fn log_in(&self) -> AtBoth {
        AtBoth { _at_host: one_of(&self.log_ins).await, _in_all: one_of(&self.in_all.log_ins).await }
    }

    /// Waits until one more may have mail in hand.
    pub(super) async fn round(&self) -> AtBoth {
        AtBoth { _at_host: one_of(&self.rounds).await, _in_all: one_of(&self.in_all.rounds).await }
    }

    /// Connections that may stay open between two looks, as many mailboxes as are watched now.
    fn most_kept(&self) -> usize {
        self.limits.kept_at_host(self.watched.load(Ordering::SeqCst))
    }
}

impl Connection {
    /// Whether it may stay open until the next look: if not, its place is wanted by others.
    pub(super) fn may_stay(&mut self) -> bool {
        let (host, most) = (&self.host, self.host.most_kept());
        if let Some(mut kept) = self.kept.take() {
            let one_less = |keeping: usize| (keeping > most).then(|| keeping.saturating_sub(1));
            if host.keeping.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
                kept.is_counted = false;
                return false;
            }
            self.kept = Some(kept);
            return true;
        }
        let Ok(place) = host.in_all.kept_open.clone().try_acquire_owned() else { return false };
        let one_more = |keeping: usize| (keeping < most).then(|| keeping.saturating_add(1));
        if host.keeping.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more).is_err() {
            return false;
        }
        self.kept = Some(Kept { host: host.clone(), is_counted: true, _place: place });
        true
    }

    /// Ends when more mailboxes came to be watched than there is room for: then ask [`Self::may_stay`] again.
    pub(super) async fn crowded(&self) {
        let mut came = std::pin::pin!(self.host.crowded.notified());
        // What came between the question and here is not missed.
        came.as_mut().enable();
        if self.host.keeping.load(Ordering::SeqCst) <= self.host.most_kept() {
            came.await;
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.watched.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.is_counted {
            self.host.keeping.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn places(number: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(number.min(Semaphore::MAX_PERMITS)))
}

async fn one_of(places: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    match places.clone().acquire_owned().await {
        Ok(place) => place,
        // Only if somebody closed it, and nobody does.
        Err(_closed) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Connection, Places};
    use crate::settings::{Connections, Server, Tls};
    use futures::FutureExt;
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    fn places(limits: Connections, number_of_hosts: usize) -> Places {
        let in_all = super::InAll {
            log_ins: super::places(limits.log_ins_in_all()),
            rounds: super::places(limits.rounds_at_once),
            kept_open: super::places(limits.kept_open),
        };
        Places { limits, number_of_hosts, hosts: Mutex::new(HashMap::new()), in_all: Arc::new(in_all) }
    }

    fn server(host: &str) -> Server {
        Server { host: host.to_owned(), port: 993, tls: Tls::Implicit, ca_file: None, login: None }
    }

    const LIMITS: Connections = Connections { per_host: 4, kept_open: 5, log_ins_at_once: 1, rounds_at_once: 4 };

    fn at_once(host: &Arc<super::Host>) -> Option<Connection> {
        host.connection().now_or_never()
    }

    #[test]
    fn a_mail_server_has_no_more_connections_than_its_limit_whatever_case_its_name_is_in() {
        let places = places(LIMITS, 1);
        let (one, same) = (places.at(&server("imap.example.com")), places.at(&server("IMAP.example.com")));
        let had: Vec<Connection> = [&one, &same, &one, &same].into_iter().filter_map(at_once).collect();
        assert_eq!(had.len(), 4);
        assert!(at_once(&one).is_none() && at_once(&same).is_none());
        assert!(at_once(&places.at(&server("other.example.com"))).is_some());
        drop(had);
        assert!(at_once(&one).is_some());
    }

    #[test]
    fn where_there_is_room_for_all_every_connection_stays_and_else_a_quarter_is_left_to_those_that_come_and_go() {
        let places = places(LIMITS, 1);
        let host = places.at(&server("imap.example.com"));
        let mut watched: Vec<_> = (0..4).map(|_| host.watch()).collect();
        let mut connections: Vec<Connection> = (0..4).filter_map(|_| at_once(&host)).collect();
        let stay =
            |connections: &mut Vec<Connection>| connections.iter_mut().map(Connection::may_stay).collect::<Vec<_>>();
        assert_eq!(stay(&mut connections), [true; 4]);
        watched.push(host.watch());
        assert_eq!(stay(&mut connections), [false, true, true, true], "one gives up its place, and no more than one");
        assert_eq!(stay(&mut connections), [false, true, true, true]);
        watched.pop();
        assert_eq!(stay(&mut connections), [true; 4]);
    }

    #[test]
    fn of_all_no_more_are_kept_open_than_allowed() {
        let places = places(LIMITS, 2);
        let hosts = [places.at(&server("one.example.com")), places.at(&server("two.example.com"))];
        let _watched: Vec<_> = hosts.iter().flat_map(|host| (0..4).map(|_| host.watch())).collect();
        let mut connections: Vec<Connection> =
            hosts.iter().flat_map(|host| (0..4).filter_map(|_| at_once(host))).collect();
        assert_eq!(connections.iter_mut().filter_map(|one| one.may_stay().then_some(())).count(), 5);
        connections.remove(0);
        assert!(connections.last_mut().is_some_and(Connection::may_stay), "the place of one that ended is another's");
    }

    #[test]
    fn a_mail_server_that_became_slow_has_not_all_rounds() {
        let places = places(LIMITS, 2);
        let (slow, other) = (places.at(&server("slow.example.com")), places.at(&server("other.example.com")));
        let stuck: Vec<_> = (0..9).filter_map(|_| slow.round().now_or_never()).collect();
        assert_eq!(stuck.len(), 3);
        assert!(other.round().now_or_never().is_some());
        let logging_in = slow.log_in().now_or_never();
        assert!(logging_in.is_some() && slow.log_in().now_or_never().is_none());
        assert!(other.log_in().now_or_never().is_some());
    }

    #[test]
    fn whoever_keeps_a_connection_is_told_when_others_come() {
        let places = places(LIMITS, 1);
        let host = places.at(&server("imap.example.com"));
        let mut watched: Vec<_> = (0..4).map(|_| host.watch()).collect();
        let connection = at_once(&host).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut crowded = std::pin::pin!(connection.crowded());
            assert!((&mut crowded).now_or_never().is_none());
            watched.push(host.watch());
            crowded.await;
        });
    }
}
