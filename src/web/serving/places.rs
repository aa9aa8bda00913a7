//! The places for connections: so many in all, and so many for one address, so that one stranger does not have them all.

use crate::web::peer::network_of;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// That somebody was turned away is told no more often.
const TOLD: Duration = Duration::from_mins(10);

pub(super) struct Places {
    all: Arc<Semaphore>,
    of_one: usize,
    /// Who may have all of them: many people come by one proxy.
    trusted: Vec<IpAddr>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    told: Option<Instant>,
}

/// A place, until it is dropped.
pub(super) struct Place {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    by: IpAddr,
    _of_all: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(super) fn new(all: usize, of_one: usize, trusted: Vec<IpAddr>) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), of_one, trusted, taken: Arc::default(), told: None }
    }

    /// Waits until one of all is free.
    pub(super) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        // It is never closed.
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// Gives a free place to who came; nothing, if all that come from there have as many as they may.
    pub(super) fn give(&mut self, free: Option<OwnedSemaphorePermit>, to: IpAddr) -> Option<Place> {
        let to = to.to_canonical();
        let by = network_of(to);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let places = taken.entry(by).or_default();
        if *places >= self.of_one && !self.trusted.contains(&to) {
            drop(taken);
            self.tell();
            return None;
        }
        *places += 1;
        drop(taken);
        Some(Place { taken: Arc::clone(&self.taken), by, _of_all: free })
    }

    fn tell(&mut self) {
        let now = Instant::now();
        if self.told.is_none_or(|told| now.duration_since(told) >= TOLD) {
            self.told = Some(now);
            tracing::warn!(
                of_one = self.of_one,
                "Connections to the pages are refused: one address has as many as one may have; the address of a reverse \
                 proxy belongs into `[web] trusted_proxies`"
            );
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = taken.get_mut(&self.by) {
            *places = places.saturating_sub(1);
            if *places == 0 {
                taken.remove(&self.by);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use std::net::IpAddr;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn one_address_has_so_many_places_and_a_trusted_proxy_all() {
        let mut places = Places::new(10, 2, vec![ip("10.0.0.1")]);
        let mut given = Vec::new();
        for (from, is_given) in [
            ("192.0.2.1", true),
            ("192.0.2.1", true),
            ("192.0.2.1", false),
            ("::ffff:192.0.2.1", false),
            ("192.0.2.2", true),
            ("2001:db8:0:1::1", true),
            ("2001:db8:0:1::2", true),
            ("2001:db8:0:1::3", false),
            ("2001:db8:0:2::1", true),
            ("10.0.0.1", true),
            ("10.0.0.1", true),
            ("::ffff:10.0.0.1", true),
        ] {
            let free = places.free().await;
            let place = places.give(free, ip(from));
            assert_eq!(place.is_some(), is_given, "{from}");
            given.extend(place);
        }
        given.clear();
        assert!(places.taken.lock().unwrap().is_empty(), "who has none is not remembered");
        assert_eq!(places.all.available_permits(), 10);
        let free = places.free().await;
        assert!(places.give(free, ip("192.0.2.1")).is_some());
    }
}
