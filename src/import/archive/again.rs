//! Fetches mails that have a record again, from where they were filed, and takes them down the path once more: in sets,
//! over one connection for each mailbox.

use super::refile::{Move, move_on};
use super::search::originals;
use super::{Original, not_found};
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::imap::{Session, in_batches};
use crate::import::connect::connect;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::{Content, MailInHand};
use crate::import::path::one_by_one::MOST_TURNS;
use crate::import::path::scanning::Scans;
use crate::import::path::understanding::understand;
use crate::settings::{Mailbox, Settings};
use crate::store::{Again, AsSeen, MailPlace, MailRecord, Place, Store, StoreError};
use anyhow::{Context, Error, Result, anyhow};
use chrono::Utc;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// What came of a mail that was processed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprocessed {
    /// What came of it before.
    pub before: ImportOutcome,
    /// What stands in its record now.
    pub now: ImportOutcome,
    /// It stands in a history, and the decision would now be another, this one: its record stays as it is, and a person
    /// must take the entry back first.
    pub stays_against: Option<ImportOutcome>,
    /// A person decided about it, and this run is to leave it so, or came later: its record stays as it is.
    pub left_to_a_person: bool,
    /// It was not filed away yet, and is left to the next round: one that is under way may be moving it at this moment.
    pub to_be_filed: bool,
    /// It is recorded and could not be moved to its archive folder yet, for this reason: the next round moves it.
    pub not_moved: Option<String>,
}

/// Which mails are processed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Those that a person named, whoever decided about them before.
    ByName,
    /// Those of a list: what a person decided is left so.
    FromAList,
}

/// Takes recorded mails down the path again, and files them where they now belong. `tell` hears of each mail once, in no
/// certain order: what came of it, or why it could not be processed; the record of such a mail stands as it was. What a
/// person decides about a mail meanwhile stays so.
///
/// # Errors
///
/// The database cannot be used.
pub async fn reprocess(
    settings: &Arc<Settings>,
    store: &Store,
    (ids, chosen): (&[MailId], Chosen),
    tell: &mut dyn FnMut(MailId, Result<Reprocessed>),
) -> Result<()> {
    let mut named = HashSet::new();
    let ids: Vec<MailId> = ids.iter().copied().filter(|id| named.insert(*id)).collect();
    let (store_of_places, asked) = (store.clone(), ids.clone());
    let places = store_of_places.off_thread(move |store| store.mail_places(&asked)).await?;
    let mut by_id: HashMap<MailId, MailPlace> = places.into_iter().map(|place| (place.mail, place)).collect();
    let mut by_mailbox: Vec<(Mailbox, Vec<MailPlace>)> = Vec::new();
    for id in ids {
        let Some(place) = by_id.remove(&id) else {
            tell(id, Err(anyhow!("There is no mail {id}; `reply-import mails` lists them")));
            continue;
        };
        if chosen == Chosen::FromAList && place.seen.is_by_a_person() {
            tell(id, Ok(left_to_a_person(&place)));
            continue;
        }
        match settings.mailbox(&place.address) {
            Err(error) => tell(id, Err(error.into())),
            Ok(mailbox) => match by_mailbox.iter_mut().find(|(known, _)| known.address == mailbox.address) {
                Some((_, places)) => places.push(place),
                None => by_mailbox.push((mailbox.clone(), vec![place])),
            },
        }
    }
    for (mailbox, places) in by_mailbox {
        let importer = Importer::opened(store, settings, &mailbox).await?;
        let mut again =
            MailboxAgain { store, mailbox: &mailbox, importer, session: None, untold: HashSet::new(), tell };
        again.run(places).await;
    }
    Ok(())
}

/// The mails of one mailbox on their way.
struct MailboxAgain<'a> {
    store: &'a Store,
    mailbox: &'a Mailbox,
    importer: Importer,
    /// `None` before the first mail, and after a connection was lost.
    session: Option<Session>,
    /// The mails of the set in hand of which nobody heard yet.
    untold: HashSet<MailId>,
    tell: &'a mut dyn FnMut(MailId, Result<Reprocessed>),
}

impl MailboxAgain<'_> {
    /// A set that fails is taken mail by mail, each on a connection of its own if need be: only the mail at fault fails.
    async fn run(&mut self, places: Vec<MailPlace>) {
        let mut sets: VecDeque<Vec<MailPlace>> = in_batches(places, |place| place.size).into();
        while let Some(set) = sets.pop_front() {
            self.untold = set.iter().map(|place| place.mail).collect();
            let Err(error) = self.take(&set).await else { continue };
            let rest: Vec<MailPlace> = set.into_iter().filter(|place| self.untold.contains(&place.mail)).collect();
            if self.session.is_none() {
                // Not even a connection: it is no mail's fault, and the others would fail the same way.
                let others = rest.iter().chain(sets.iter().flatten());
                let text = format!("{error:#}");
                for place in others {
                    (self.tell)(place.mail, Err(anyhow!("{text}")));
                }
                return;
            }
            self.session = None;
            if let [only] = rest.as_slice() {
                (self.tell)(only.mail, Err(error));
            } else {
                rest.into_iter().rev().for_each(|place| sets.push_front(vec![place]));
            }
        }
        if let Some(session) = self.session.take() {
            session.logout().await;
        }
    }

    async fn take(&mut self, set: &[MailPlace]) -> Result<()> {
        let session = match &mut self.session {
            Some(session) => session,
            none => none.insert(connect(self.mailbox).await?),
        };
        let mut found = originals(session, self.store, self.mailbox, set).await?;
        let mut moves = Vec::new();
        let mut done: Vec<(MailId, Reprocessed)> = Vec::new();
        for place in set {
            let Some(original) = found.remove(&place.mail) else {
                self.tell(place.mail, Err(anyhow!(not_found(place))));
                continue;
            };
            let lies_at = Original { content: Content::Withheld, folder: original.folder.clone(), ..original };
            match import_again(&self.importer, place, original).await {
                Err(error) => self.tell(place.mail, Err(error)),
                // Whoever decided has noted where it belongs.
                Ok(one) if one.left_to_a_person => self.tell(place.mail, Ok(one)),
                Ok(mut one) => {
                    one.to_be_filed = self.is_a_rounds(place, &lies_at.folder);
                    if let Some(to) = self.target(place, &one, &lies_at.folder) {
                        moves.push(Move::of(place, &lies_at, (one.now, to)));
                        done.push((place.mail, one));
                    } else {
                        self.tell(place.mail, Ok(one));
                    }
                }
            }
        }
        self.move_and_tell(moves, done).await
    }

    /// Whether a round files the mail away that was found in this folder. One whose place in the inbox nobody knows any
    /// more, and that turned up elsewhere, no round looks for.
    fn is_a_rounds(&self, place: &MailPlace, lies_in: &str) -> bool {
        !place.is_filed && place.folder.is_some() && (place.uid.is_some() || lies_in == self.mailbox.folder.to_string())
    }

    /// The folder to move a mail to that lies in this one; `None` if it lies where it belongs, or a round moves it. A mail
    /// whose outcome stays need not go to this month's folder.
    fn target(&self, place: &MailPlace, one: &Reprocessed, lies_in: &str) -> Option<String> {
        if one.to_be_filed {
            return None;
        }
        let archive = &self.mailbox.archive;
        let stays = one.before == one.now && archive.folder(one.now, place.processed_at) == lies_in;
        let target = archive.folder(one.now, Utc::now());
        (!stays && target != lies_in).then_some(target)
    }

    async fn move_and_tell(&mut self, moves: Vec<Move>, done: Vec<(MailId, Reprocessed)>) -> Result<()> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let moved = move_on(session, self.store, self.mailbox, moves).await;
        let lost = moved.as_ref().err().map(|error| format!("{error:#}"));
        let refused = moved.unwrap_or_default();
        for (mail, mut one) in done {
            one.not_moved = lost.clone().or_else(|| refused.get(&mail).cloned());
            self.tell(mail, Ok(one));
        }
        if lost.is_some() {
            self.session = None;
        }
        Ok(())
    }

    fn tell(&mut self, mail: MailId, result: Result<Reprocessed>) {
        if self.untold.remove(&mail) {
            (self.tell)(mail, result);
        }
    }
}

fn left_to_a_person(place: &MailPlace) -> Reprocessed {
    Reprocessed {
        before: place.outcome,
        now: place.outcome,
        stays_against: None,
        left_to_a_person: true,
        to_be_filed: false,
        not_moved: None,
    }
}

async fn import_again(importer: &Importer, place: &MailPlace, original: Original) -> Result<Reprocessed> {
    let (mail, before, seen) = (place.mail, place.outcome, place.seen);
    let fetched = MailInHand {
        place: Some(Place { folder: original.folder, uid_validity: original.uid_validity, uid: original.uid.get() }),
        size: original.size,
        content: original.content,
        received_at: place.received_at,
        attempt: 1,
    };
    let named = importer.clone();
    let (again, would_be): (Again, ImportOutcome) =
        importer.store.off_thread(move |_| named.import_again(mail, seen, fetched)).await?;
    Ok(Reprocessed {
        before,
        now: again.recorded.outcome,
        stays_against: again.stays.then_some(would_be),
        left_to_a_person: again.is_decided,
        to_be_filed: false,
        not_moved: None,
    })
}

impl Importer {
    /// Takes a mail that has a record, as it was seen, down the path again. Gives what stands in the record, and what was
    /// decided now. Blocks.
    fn import_again(&self, mail: MailId, seen: AsSeen, fetched: MailInHand) -> Result<(Again, ImportOutcome)> {
        let understood = understand(vec![fetched], &self.reading)?.pop().context("The mail could not be understood")?;
        let known = self.look_up(std::slice::from_ref(&understood))?.pop().unwrap_or_default().without(mail);
        let mut scans = Scans::default();
        let scanned = self.scan(vec![(understood, known)], &mut scans)?.pop();
        let Some((understood, known)) = scanned else {
            let fails = || anyhow!("The virus scanner fails at a file of the mail");
            return Err(self.waiting_files.away().map_or_else(fails, Error::from));
        };
        let now = Utc::now();
        let mut record = MailRecord { seen: Some(seen), ..self.decided(understood, known, now)? };
        let mut again = self.store.record_again(mail, &record, now);
        for _ in 1..MOST_TURNS {
            if !matches!(again, Err(StoreError::Overtaken { .. })) {
                break;
            }
            self.decide_anew(std::slice::from_mut(&mut record), Some(mail), &mut scans, now)?;
            again = self.store.record_again(mail, &record, now);
        }
        Ok((again?, record.decided.decision.outcome()))
    }
}
