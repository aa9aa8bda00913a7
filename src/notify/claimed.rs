//! What is claimed and not begun, in two lanes: first tries, and such as failed before. Nobody is sent two at a time, and
//! those whose server lets everybody wait must not take all places.

use crate::application::EmailAddress;
use crate::application::id::NotificationId;
use crate::notification::QueuedNotification;
use crate::smtp::SEND_DEADLINE;
use crate::store::{SendingClaim, SendingPlaces};
use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

/// A claimed row that nobody settled comes back after this time: its sender died.
pub(super) const CLAIM_LASTS: Duration = Duration::from_mins(3);

/// What was claimed is begun within this time or given back, so that the claim outlasts its sending and settling, and because
/// a person who takes something back reaches nothing that is claimed.
pub(super) const BEGIN_WITHIN: Duration = Duration::from_secs(5);

const _: () = assert!(
    CLAIM_LASTS.as_secs() >= BEGIN_WITHIN.as_secs() + SEND_DEADLINE.as_secs() + 30,
    "another sender would take it too"
);

/// Claimed for each place there is to send it at.
const AHEAD: usize = 4;

/// The notifications of both lanes, and who is being sent something.
pub(super) struct Claimed {
    first_tries: Lane,
    repeats: Lane,
    /// Whom it is for that is being sent.
    recipients: HashSet<EmailAddress>,
}

struct Lane {
    /// So many are sent at a time.
    places: usize,
    sending: usize,
    waiting: VecDeque<(QueuedNotification, Instant)>,
    /// There may be more to claim.
    may_have_more: bool,
    /// Some had to be given back since the places did not become free in time, and none has become free since.
    stalled: bool,
}

/// Whose claim it is.
pub(super) fn claim_of(queued: &QueuedNotification) -> SendingClaim {
    SendingClaim { id: queued.id, until: queued.claimed_until }
}

impl Lane {
    fn new(places: usize) -> Self {
        Self { places, sending: 0, waiting: VecDeque::new(), may_have_more: true, stalled: false }
    }

    /// The first that could be begun.
    fn next(&self, recipients: &HashSet<EmailAddress>) -> Option<(usize, NotificationId)> {
        let mut waiting = self.waiting.iter().enumerate();
        let free = waiting.find(|(_, (queued, _))| !recipients.contains(&queued.notification.recipient.address));
        free.filter(|_| self.sending < self.places).map(|(at, (queued, _))| (at, queued.id))
    }

    /// How many more to claim: none while there is enough to fill the places once more. Where nothing goes on, no more than
    /// there are free connections: what is claimed cannot be taken back.
    fn room(&self, recipients: &HashSet<EmailAddress>, free: usize) -> usize {
        let most =
            if self.stalled { free.min(self.places - self.sending.min(self.places)) } else { self.places * AHEAD };
        let startable: HashSet<&EmailAddress> = self
            .waiting
            .iter()
            .map(|(queued, _)| &queued.notification.recipient.address)
            .filter(|address| !recipients.contains(*address))
            .collect();
        let wants_more = self.may_have_more && startable.len() < self.places;
        if wants_more { most.saturating_sub(startable.len()) } else { 0 }
    }
}

impl Claimed {
    /// For so many places to send at, half of them for what failed before.
    pub(super) fn new(places: usize) -> Self {
        let repeats = Lane::new(places.div_ceil(2));
        Self { first_tries: Lane::new(places), repeats, recipients: HashSet::new() }
    }

    /// There may be more in the outbox.
    pub(super) fn look_for_more(&mut self) {
        self.first_tries.may_have_more = true;
        self.repeats.may_have_more = true;
    }

    /// What to claim now, if anything. Whoever has something waiting here gets no more before it is begun: what is for one
    /// slow recipient must not fill the lanes.
    pub(super) fn places(&self, singly: u32) -> Option<SendingPlaces> {
        let sending = self.first_tries.sending + self.repeats.sending;
        let connections = self.first_tries.places.saturating_sub(sending);
        let room = |lane: &Lane| u32::try_from(lane.room(&self.recipients, connections)).unwrap_or(u32::MAX);
        let (free, repeats) = (room(&self.first_tries), room(&self.repeats));
        if free == 0 && repeats == 0 {
            return None;
        }
        let waiting = self.first_tries.waiting.iter().chain(&self.repeats.waiting);
        let mut busy = self.recipients.clone();
        busy.extend(waiting.map(|(queued, _)| queued.notification.recipient.address.clone()));
        Some(SendingPlaces { free, repeats, busy: busy.into_iter().collect(), singly })
    }

    /// Takes what was claimed for these places, to be begun until the given time.
    pub(super) fn take(&mut self, claimed: Vec<QueuedNotification>, places: &SendingPlaces, begin_by: Instant) {
        let (first_tries, repeats): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|queued| queued.attempts == 0);
        for (lane, mut claimed, wanted) in
            [(&mut self.first_tries, first_tries, places.free), (&mut self.repeats, repeats, places.repeats)]
        {
            if wanted > 0 {
                lane.may_have_more = claimed.len() >= usize::try_from(wanted).unwrap_or(usize::MAX);
            }
            claimed.sort_by_key(|queued| queued.id);
            lane.waiting.extend(claimed.into_iter().map(|queued| (queued, begin_by)));
        }
    }

    /// The oldest that may be begun; its recipient is busy from now on, until [`Self::ended`].
    pub(super) fn begin(&mut self) -> Option<QueuedNotification> {
        let first_try = self.first_tries.next(&self.recipients);
        let repeat = self.repeats.next(&self.recipients);
        let (lane, at) = match (first_try, repeat) {
            (Some((_, first_try)), Some((at, repeat))) if repeat < first_try => (&mut self.repeats, at),
            (None, Some((at, _))) => (&mut self.repeats, at),
            (Some((at, _)), _) => (&mut self.first_tries, at),
            (None, None) => return None,
        };
        let (queued, _) = lane.waiting.remove(at)?;
        lane.sending += 1;
        self.recipients.insert(queued.notification.recipient.address.clone());
        Some(queued)
    }

    /// It is sent, or could not be: its place and its recipient are free.
    pub(super) fn ended(&mut self, queued: &QueuedNotification) {
        self.recipients.remove(&queued.notification.recipient.address);
        let lane = if queued.attempts == 0 { &mut self.first_tries } else { &mut self.repeats };
        lane.sending = lane.sending.saturating_sub(1);
        self.first_tries.stalled = false;
        self.repeats.stalled = false;
    }

    /// Takes out those that were to be begun by this time, or all: they are to be given back.
    pub(super) fn give_back(&mut self, now: Option<Instant>) -> Vec<SendingClaim> {
        let mut back = Vec::new();
        for lane in [&mut self.first_tries, &mut self.repeats] {
            lane.waiting.retain(|(queued, begin_by)| {
                let stays = now.is_some_and(|now| now < *begin_by);
                if !stays {
                    back.push(claim_of(queued));
                    lane.stalled = true;
                }
                stays
            });
        }
        back
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::Language;
    use crate::notification::{Facts, Notification, Occasion, Recipient};
    use chrono::DateTime;
    use std::time::Duration;

    fn queued(id: i64, attempts: u32) -> QueuedNotification {
        QueuedNotification {
            id: NotificationId(id),
            notification: Notification {
                occasion: Occasion::Reply,
                recipient: Recipient {
                    user: None,
                    name: None,
                    address: EmailAddress::parse(&format!("person{id}@staff.example")).unwrap(),
                    language: Language::De,
                },
                facts: Facts::default(),
            },
            bundle: None,
            waiting: None,
            mail: None,
            entry: None,
            application: None,
            message_key: String::new(),
            attempts,
            created_at: DateTime::UNIX_EPOCH,
            claimed_until: DateTime::UNIX_EPOCH,
        }
    }

    /// What is asked for: first tries and repeats.
    fn room(claimed: &Claimed) -> Option<(u32, u32)> {
        claimed.places(0).map(|places| (places.free, places.repeats))
    }

    /// Whoever takes a notification back does not reach what is claimed.
    #[test]
    fn where_nothing_goes_on_none_are_claimed_ahead() {
        let mut claimed = Claimed::new(3);
        assert_eq!(room(&claimed), Some((12, 8)), "ahead");
        let now = Instant::now();
        let (first, repeats) = ((1..=12).map(|id| queued(id, 0)), (13..=20).map(|id| queued(id, 1)));
        claimed.take(first.chain(repeats).collect(), &claimed.places(0).unwrap(), now + Duration::from_secs(5));
        let begun: Vec<_> = std::iter::from_fn(|| claimed.begin()).take(2).collect();
        assert_eq!(claimed.give_back(Some(now + Duration::from_secs(4))), []);
        assert_eq!(claimed.give_back(Some(now + Duration::from_secs(5))).len(), 18, "too long");
        claimed.look_for_more();
        assert_eq!(room(&claimed), Some((1, 1)), "for the free connection");
        claimed.take(vec![queued(3, 0)], &claimed.places(0).unwrap(), now + Duration::from_secs(10));
        assert!(claimed.begin().is_some());
        claimed.look_for_more();
        assert_eq!(room(&claimed), None, "all connections are taken");
        claimed.ended(begun.first().unwrap());
        claimed.look_for_more();
        assert_eq!(room(&claimed), Some((12, 8)), "it goes on");
    }
}
