//! Mails that were tried before and have no record: one of them may have ended the process, so each is read alone.

use super::round::{Round, record};
use crate::imap::{Envelope, Session};
use anyhow::Result;
use std::collections::HashMap;
use tokio_util::sync::CancellationToken;

/// Parts the mails that were never tried from those that were. The latter come with the least tried first: whichever of
/// them ends the process, the others are through by then.
pub(super) fn part(envelopes: Vec<Envelope>, attempts: &HashMap<u32, u32>) -> (Vec<Envelope>, Vec<Envelope>) {
    let made = |envelope: &Envelope| attempts.get(&envelope.uid.get()).copied().unwrap_or(0);
    let (fresh, mut tried): (Vec<Envelope>, Vec<Envelope>) =
        envelopes.into_iter().partition(|envelope| made(envelope) == 0);
    tried.sort_by_key(|envelope| (made(envelope), envelope.uid));
    (fresh, tried)
}

impl Round<'_> {
    /// Imports each mail alone. A stop ends it after the mail in hand.
    pub(super) async fn import_one_by_one(
        &mut self,
        session: &mut Session,
        tried: Vec<Envelope>,
        stop: &CancellationToken,
    ) -> Result<()> {
        for envelope in tried {
            if stop.is_cancelled() {
                break;
            }
            self.import_alone(session, envelope).await?;
        }
        Ok(())
    }

    /// As long as the mail is in hand, its attempts stand at the most that are made: if it ends the process, now that no
    /// other can have done it, the next round gives it to a person unread.
    async fn import_alone(&mut self, session: &mut Session, envelope: Envelope) -> Result<()> {
        let uid = envelope.uid.get();
        let fetched = self.fetch(session, &[envelope]).await?;
        let Some(attempt) = fetched.first().map(|mail| mail.attempt) else { return Ok(()) };
        self.suppose_attempts(uid, attempt.max(self.mailbox.max_attempts)).await?;
        let recorded = record(self.importer, fetched).await;
        let (imported, failed) = match recorded {
            Ok(recorded) => recorded,
            Err(error) => {
                // Not the mail's fault: the attempt does not count.
                self.suppose_attempts(uid, attempt.saturating_sub(1)).await?;
                return Err(error);
            }
        };
        if failed > 0 {
            self.suppose_attempts(uid, attempt).await?;
        }
        self.finish(session, &imported, failed).await
    }

    async fn suppose_attempts(&self, uid: u32, attempts: u32) -> Result<()> {
        let (mailbox, uid_validity) = (self.importer.mailbox(), self.uid_validity);
        let store = self.importer.store();
        Ok(store.off_thread(move |store| store.set_attempts(mailbox, uid_validity, uid, attempts)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::part;
    use crate::imap::{Envelope, Uid};
    use std::collections::HashMap;

    #[test]
    fn tried_mails_come_alone_and_the_most_tried_last() {
        let envelope = |uid| Envelope { uid: Uid::new(uid).unwrap(), size: 1, internal_date: None };
        let attempts = HashMap::from([(2, 3), (4, 1), (5, 1)]);
        let (fresh, tried) = part((1..=6).map(envelope).collect(), &attempts);
        let uids = |envelopes: &[Envelope]| envelopes.iter().map(|envelope| envelope.uid.get()).collect::<Vec<_>>();
        assert_eq!((uids(&fresh), uids(&tried)), (vec![1, 3, 6], vec![4, 5, 2]));
    }
}
