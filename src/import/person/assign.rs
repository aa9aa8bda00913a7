//! A person assigns a mail to an application: the path from "decide" on, with what is kept of the mail.

use crate::application::ReferenceNumber;
use crate::application::id::MailId;
use crate::decision::{
    Check, CheckName, ImportOutcome, Known, KnownApplication, KnownUser, WasRead, assigned_by_a_person,
};
use crate::import::importer::Importer;
use crate::import::path::one_by_one::MOST_TURNS;
use crate::mail::{IncomingMail, ReplyIdentity, reply_identity_of};
use crate::notification::notifications;
use crate::settings::Settings;
use crate::store::{By, KeptMail, MailRecord, Question, Store, StoreError, Viewer};
use anyhow::{Context, Error, Result, bail, ensure};
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;

/// What came of assigning a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// It stands in the application's history now.
    Done {
        /// The application's number, as the recruiting system writes it.
        number: String,
        /// What it was before.
        before: ImportOutcome,
        /// Who will be told, by address.
        told: Vec<String>,
    },
    /// The same reply stands in the application's history already, and the mail was added to its entry.
    Added {
        /// The application's number.
        number: String,
        /// The mail that made the entry.
        to: MailId,
        /// What it was before.
        before: ImportOutcome,
        /// Who will be told, by address.
        told: Vec<String>,
    },
    /// It stands in this application's history already: there is nothing to do.
    Already {
        /// The application's number.
        number: String,
    },
}

/// Why a mail is not assigned, in words for the command line. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AssignRefusal {
    /// What was written is no number of the tenant's, or no application has it.
    #[error("{0}")]
    NoSuchNumber(String),
    /// It does not wait for a person, or no longer.
    #[error("{0}")]
    Decided(String),
    /// Not all of it was read: its entry would lack the rest.
    #[error("{0}")]
    NotWhole(String),
    /// There is no such mail, or no longer.
    #[error("{0}")]
    NotThere(String),
}

/// Makes a mail that waits for a person an entry of the application with this number; those responsible will be told.
/// Where the mail lies on the server is not touched, see [`refile_now`](crate::import::refile_now). `viewer` is who decided in the
/// browser: to them an application that they do not see is none; `None` for the command line. Blocks.
///
/// # Errors
///
/// There is no such mail or number, the mail stands in another history, repeats another, or was not read whole; the text
/// says what to do ([`AssignRefusal`]). Or the database cannot be used. Nothing is changed then.
pub fn assign(
    settings: &Arc<Settings>,
    store: &Store,
    id: MailId,
    number: &str,
    viewer: Option<Viewer>,
) -> Result<Assigned> {
    let mut turns = 1..MOST_TURNS;
    loop {
        let assigned = assign_as_seen(settings, store, id, number, viewer);
        let is_overtaken = |error: &Error| matches!(error.downcast_ref(), Some(StoreError::Overtaken { .. }));
        if !assigned.as_ref().is_err_and(is_overtaken) || turns.next().is_none() {
            return assigned;
        }
    }
}

/// Once, with what is looked up now.
fn assign_as_seen(
    settings: &Arc<Settings>,
    store: &Store,
    id: MailId,
    number: &str,
    viewer: Option<Viewer>,
) -> Result<Assigned> {
    let kept = kept(store, id)?;
    let place = store.mail_place(id)?.ok_or_else(|| not_there(id))?;
    let mailbox = settings.mailbox(&place.address)?;
    let tenant = settings.tenant(&mailbox.tenant)?;
    let claimed = tenant.shapes.iter().find_map(|shape| shape.read_whole(number)).with_context(|| {
        let example = tenant.example_number().map(|example| format!("; one looks like {example}"));
        let example = example.unwrap_or_default();
        AssignRefusal::NoSuchNumber(format!("{number} is no reference number of {}{example}", tenant.name))
    })?;
    let importer = Importer::open(store, settings, mailbox)?;
    let reply = kept.contents.as_ref().map(reply_identity_of).unwrap_or_default();
    let known = Known { earlier: None, ..importer.known_to(&kept, &claimed, &reply)?.without(id) };
    let application = match (known.application.clone(), viewer) {
        (Some(found), Some(viewer)) if !store.sees_application(viewer, found.id)? => None,
        (found, _) => found,
    };
    let none = || AssignRefusal::NoSuchNumber(format!("{} has no application {number}", tenant.name));
    let application = application.ok_or_else(none)?;
    if kept.application.as_ref().is_some_and(|(already, _)| *already == application.id) {
        return Ok(Assigned::Already { number: application.number.to_string() });
    }
    let contents = assignable(&kept)?;
    let by = viewer.map_or(By::CLI, By::viewer);
    importer.record_assigned(&kept, (contents, reply), (&known, &application), by)
}

/// What is kept of a mail.
///
/// # Errors
///
/// There is no such mail, or the database cannot be used.
pub(super) fn kept(store: &Store, id: MailId) -> Result<KeptMail> {
    Ok(store.kept_mail(id)?.ok_or_else(|| not_there(id))?)
}

fn not_there(id: MailId) -> AssignRefusal {
    AssignRefusal::NotThere(format!("There is no mail {id}; `reply-import mails` lists them"))
}

/// The contents of a mail that may be assigned.
fn assignable(kept: &KeptMail) -> Result<&IncomingMail> {
    let id = kept.mail;
    if let Some((_, number)) = &kept.application {
        let what =
            format!("Mail {id} stands in the history of {number}; take it back first: `reply-import revert {id}`");
        bail!(AssignRefusal::Decided(what));
    }
    if let Some(first) = kept.repeat_of {
        let what = format!("Mail {id} is the same as mail {first}; look at that one: `reply-import show {first}`");
        bail!(AssignRefusal::Decided(what));
    }
    ensure!(
        matches!(kept.outcome, ImportOutcome::Unassigned | ImportOutcome::SetAside),
        AssignRefusal::Decided(format!(
            "Mail {id} is {} and does not wait for a person; forward the original to have it imported",
            kept.outcome
        ))
    );
    let read = WasRead::of(kept.outcome, kept.why.as_deref().unwrap_or_default(), &kept.checks);
    let again = format!("process it again: `reply-import reprocess {id}`");
    let what = match (read, &kept.contents) {
        (WasRead::Whole, Some(contents)) => return Ok(contents),
        (WasRead::Whole, None) => format!("Nothing is kept of what mail {id} says; {again}"),
        (WasRead::Beginning, _) => format!(
            "Only the beginning of mail {id} was read, and an entry would lack the rest; raise `max_size` and {again}, or \
             have it forwarded again with fewer or smaller files"
        ),
        (WasRead::Part, _) => format!(
            "Mail {id} could not be read whole, and an entry would lack the rest; have it forwarded again so that it can \
             be read, or, if it is beyond one of the `[limits]`, raise that and {again}"
        ),
        (WasRead::Nothing, _) => {
            format!(
                "Nothing was read of mail {id}, since processing it failed too often; mend what the log says and {again}"
            )
        }
    };
    bail!(AssignRefusal::NotWhole(what))
}

impl Importer {
    fn known_to(&self, kept: &KeptMail, claimed: &ReferenceNumber, reply: &ReplyIdentity) -> Result<Known> {
        let nobody = crate::mail::MailIdentity { message_id: None, digest: String::new() };
        let contents = kept.contents.as_ref();
        let question = Question {
            identity: contents.map_or(&nobody, |mail| &mail.identity),
            number: Some(claimed),
            forwarder: contents.and_then(|mail| mail.forwarder.as_ref()).map(|person| &person.address),
            reply: Some(reply),
            keys: &[],
        };
        Ok(self.store.known(self.tenant, &[question])?.pop().unwrap_or_default())
    }

    fn record_assigned(
        &self,
        kept: &KeptMail,
        (mail, reply): (&IncomingMail, ReplyIdentity),
        (known, application): (&Known, &KnownApplication),
        by: By,
    ) -> Result<Assigned> {
        let decided = assigned_by_a_person(mail, application, known.same_reply.as_ref(), kept.checks.clone());
        let now = Utc::now();
        // What the rules refused somebody is not told to them because a person has decided otherwise.
        let may_hear = known.forwarder.as_ref().is_some_and(|user| self.may_hear(kept, user, application));
        let told = IncomingMail { answerable: mail.answerable && may_hear, ..mail.clone() };
        let notifications = notifications(&decided, &told, known, &self.telling, (kept.received_at, now));
        let record = MailRecord {
            tenant: self.tenant,
            mailbox: self.mailbox,
            place: None,
            size: kept.size,
            received_at: kept.received_at,
            mail: mail.clone(),
            reply,
            decided,
            other_replies: known.other_replies.clone(),
            notifications,
            forwarder: known.forwarder.as_ref().map(|user| user.id),
            attempts: kept.attempts,
            took: Duration::ZERO,
            seen: Some(kept.seen),
        };
        let recorded = self.store.record_assigned(kept.mail, &record, by, now)?;
        let overtaken = || format!("Somebody decided about mail {0} just now; look at it: `show {0}`", kept.mail);
        ensure!(recorded.is_some(), AssignRefusal::Decided(overtaken()));
        let (number, before, told) = (application.number.to_string(), kept.outcome, self.to_be_told(kept.mail)?);
        Ok(match &known.same_reply {
            Some(same) => Assigned::Added { number, to: same.mail, before, told },
            None => Assigned::Done { number, before, told },
        })
    }

    /// Whether the forwarder might have had the mail imported for this application.
    fn may_hear(&self, kept: &KeptMail, forwarder: &KnownUser, application: &KnownApplication) -> bool {
        let is_no_proof = |check: &Check| !check.passed && check.name() == Some(CheckName::SenderProven);
        !kept.checks.iter().any(is_no_proof) && self.deciding.may_import_for(forwarder, application)
    }

    /// Whoever was told of this entry before it was taken back is not told again.
    fn to_be_told(&self, mail: MailId) -> Result<Vec<String>> {
        let notifications = self.store.mail(mail)?.map(|mail| mail.notifications).unwrap_or_default();
        let pending = notifications.into_iter().filter(|told| told.state == "pending");
        Ok(pending.map(|told| told.recipient).collect())
    }
}
