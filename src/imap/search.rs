//! Finding mail in the open folder, in windows that keep every answer short.
//!
//! The windows run over sequence numbers, not UIDs: then their number depends on how many mails there are and not on
//! how far apart their UIDs lie (an inbox that has seen five million mails and holds ten costs one search, not a
//! thousand), an answer cannot hold more numbers than the window has mails, and neither UIDNEXT nor the highest UID
//! must be known. What is found are UIDs all the same. Sequence numbers shift when mail vanishes in the middle; the
//! walk steps back by as many as were said to vanish, so a mail may be met twice but is never passed over.

use std::collections::BTreeSet;

use async_imap::imap_proto::{MailboxDatum, Response};
use chrono::{NaiveDate, TimeDelta};

use super::command::Command;
use super::error::ImapError;
use super::flight;
use super::quoting::quoted;
use super::session::Session;
use super::uid::{Uid, sets};

/// Mails per search. The parser is quadratic in the length of an answer: 10,000 numbers take 0.05 s, 200,000 take
/// 1.8 s. Windows are searched in flights of sixteen: 100,000 seen mails take two round trips (3 ms of Dovecot's time).
pub(super) const WINDOW: u32 = 5_000;

/// The search for mail that is neither seen nor marked as deleted.
pub(super) const NEW_MAIL: &str = "UNSEEN UNDELETED";

impl Session {
    /// The queue: all mails of the open folder that are neither seen nor marked as deleted, lowest UID first.
    ///
    /// A mail marked as deleted is one that somebody threw away, or one that was filed on a server without UIDPLUS.
    ///
    /// # Errors
    ///
    /// As every command; no part of the answer is returned if any part is missing.
    pub async fn unseen_uids(&mut self) -> Result<Vec<Uid>, ImapError> {
        let found = match self.unseen_ahead() {
            Some(found) => found.into_iter().collect(),
            None => self.walk(NEW_MAIL, "search for new mail").await?,
        };
        if let Some(selected) = &mut self.wire.selected {
            selected.news = false;
        }
        Ok(found)
    }

    /// All mails of the open folder that are seen and not marked as deleted, lowest UID first: those among them that
    /// have no record are stranded.
    ///
    /// # Errors
    ///
    /// As [`Session::unseen_uids`].
    pub async fn seen_uids(&mut self) -> Result<Vec<Uid>, ImapError> {
        self.walk("SEEN UNDELETED", "search for mail that was opened").await
    }

    /// The newest mails of the open folder, at most so many, lowest UID first.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn newest_uids(&mut self, most: u32) -> Result<Vec<Uid>, ImapError> {
        const PURPOSE: &str = "search for the newest mail";
        let (exists, _) = self.counts(PURPOSE)?;
        if exists == 0 || most == 0 {
            return Ok(Vec::new());
        }
        let key = format!("{}:{exists}", exists.saturating_sub(most - 1).max(1));
        Ok(self.search(&key, PURPOSE).await?.into_iter().collect())
    }

    /// Mails of the open folder whose Message-ID contains `message_id`, lowest UID first. Servers search for a part of
    /// the header, so look at what was found before trusting it.
    ///
    /// If the ID holds letters that a search cannot carry, its longest part without them is searched for.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn find_by_message_id(&mut self, message_id: &str) -> Result<Vec<Uid>, ImapError> {
        let searchable = message_id.split(|c: char| !c.is_ascii_graphic()).max_by_key(|part| part.len());
        match searchable {
            Some(part) if !part.is_empty() => {
                let key = format!("HEADER Message-ID {}", quoted(part));
                Ok(self.search(&key, "search for a Message-ID").await?.into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Mails of the open folder of exactly this size in octets, lowest UID first; for mail that has no Message-ID.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn find_by_size(&mut self, size: u64) -> Result<Vec<Uid>, ImapError> {
        // Numbers are of 32 bits (RFC 3501), and no mail is empty.
        let Some((below, above)) =
            u32::try_from(size).ok().and_then(|size| Some((size.checked_sub(1)?, size.checked_add(1)?)))
        else {
            return Ok(Vec::new());
        };
        let key = format!("LARGER {below} SMALLER {above}");
        Ok(self.search(&key, "search for mails of one size").await?.into_iter().collect())
    }

    /// Mails of the open folder that arrived on this day, a day before or a day after, and are of about this size in
    /// octets, lowest UID first: servers count line ends differently, and clocks have zones. Look at what was found before
    /// trusting it.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn find_by_day_and_size(&mut self, day: NaiveDate, size: u64) -> Result<Vec<Uid>, ImapError> {
        let number = |size: u64| u32::try_from(size).unwrap_or(u32::MAX);
        let (below, above) = (number(size - size / 8).saturating_sub(1), number(size + size / 8).saturating_add(1));
        let date = |days: i64| (day + TimeDelta::days(days)).format("%-d-%b-%Y").to_string();
        let key = format!("SINCE {} BEFORE {} LARGER {below} SMALLER {above}", date(-1), date(2));
        Ok(self.search(&key, "search for mails of one day").await?.into_iter().collect())
    }

    /// Those of these mails of the open folder that are not marked as deleted, in the order given.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn unmarked(&mut self, uids: &[Uid]) -> Result<Vec<Uid>, ImapError> {
        let mut found = BTreeSet::new();
        for set in sets(uids) {
            let key = format!("UID {} UNDELETED", set.text);
            found.append(&mut self.search(&key, "search for mail that is not marked as deleted").await?);
        }
        Ok(uids.iter().copied().filter(|uid| found.contains(uid)).collect())
    }

    /// One UID SEARCH. The caller bounds the answer.
    pub(super) async fn search(&mut self, key: &str, purpose: &str) -> Result<BTreeSet<Uid>, ImapError> {
        let mut found = BTreeSet::new();
        let command = Command::new("UID SEARCH", key, purpose);
        self.wire.run(command, |response| found.extend(found_in(response))).await?;
        Ok(found)
    }

    async fn walk(&mut self, key: &str, purpose: &str) -> Result<Vec<Uid>, ImapError> {
        if self.counts(purpose)?.0 == 0 {
            // Numbers of an empty folder are an error to some servers; NOOP learns whether it still is empty.
            self.wire.run(Command::new("NOOP", "", purpose), |_| {}).await?;
        }
        let mut found = BTreeSet::new();
        let mut first = 1_u32;
        let mut at_once = flight::MOST;
        loop {
            let (exists, expunged) = self.counts(purpose)?;
            let windows = windows(first, exists, at_once);
            let Some(next) = windows.last().map(|(_, last)| last.saturating_add(1)) else {
                return Ok(found.into_iter().collect());
            };
            let search =
                |(first, last): &(u32, u32)| Command::new("UID SEARCH", &format!("{first}:{last} {key}"), purpose);
            let searches: Vec<Command> = windows.iter().map(search).collect();
            let searched = self.wire.run_together(&searches, |response| found.extend(found_in(response))).await?;
            searched.into_iter().collect::<Result<(), ImapError>>()?;
            let vanished = self.counts(purpose)?.1.saturating_sub(expunged);
            if vanished > 0 && windows.len() > 1 {
                // The windows behind the first were shifted while they flew, nobody knows by how many each.
                at_once = 1;
                first = first.saturating_sub(vanished).max(1);
                continue;
            }
            first = next.saturating_sub(vanished).max(1);
        }
    }

    /// Mails in the open folder now, and those that vanished since it was opened.
    fn counts(&self, purpose: &str) -> Result<(u32, u32), ImapError> {
        let selected = self.wire.selected.as_ref();
        let counts = selected.map(|selected| (selected.exists, selected.expunged));
        counts.ok_or_else(|| self.wire.lost(purpose, "no folder is open"))
    }
}

/// The UIDs that a SEARCH response tells.
pub(super) fn found_in<'a>(response: &'a Response<'_>) -> impl Iterator<Item = Uid> + use<'a> {
    let numbers = match response {
        Response::MailboxData(MailboxDatum::Search(numbers)) => numbers.as_slice(),
        _ => &[],
    };
    numbers.iter().copied().filter_map(Uid::new)
}

/// The windows from a mail on, at most so many: first and last number of each.
fn windows(first: u32, exists: u32, most: usize) -> Vec<(u32, u32)> {
    let window = |start: u32| (start, start.saturating_add(WINDOW - 1).min(exists));
    let starts = std::iter::successors(Some(first), |start| start.checked_add(WINDOW));
    starts.take_while(|start| *start <= exists).take(most).map(window).collect()
}

#[cfg(test)]
mod tests {
    use super::{WINDOW, windows};

    #[test]
    fn windows_cover_every_mail_once() {
        assert_eq!(windows(1, 0, 16), []);
        assert_eq!(windows(1, 1, 16), [(1, 1)]);
        assert_eq!(windows(1, WINDOW, 16), [(1, WINDOW)]);
        assert_eq!(windows(1, WINDOW + 1, 16), [(1, WINDOW), (WINDOW + 1, WINDOW + 1)]);
        assert_eq!(windows(7, 3 * WINDOW, 2), [(7, WINDOW + 6), (WINDOW + 7, 2 * WINDOW + 6)]);
        assert_eq!(windows(u32::MAX, u32::MAX, 16), [(u32::MAX, u32::MAX)]);
    }
}
