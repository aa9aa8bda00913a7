//! The tab Historie, and one entry of it with its magnifier opened.

use super::head::{Head, Tab, may_import};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::store::{ForwardedAgain, HistoryLine};
use crate::web::fault::Fault;
use crate::web::files::FileLine;
use crate::web::id::Id;
use crate::web::originals::Opened;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

pub(super) async fn history(
    State(web): State<Web>,
    signed_in: SignedIn,
    Id(application): Id,
) -> Result<Response, Fault> {
    page(&web, &signed_in, ApplicationId(application), None).await
}

/// How an entry is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Only what the magnifier opens, for a page that is open already.
    #[serde(default)]
    part: String,
}

pub(super) async fn entry(
    State(web): State<Web>,
    signed_in: SignedIn,
    Id(entry): Id,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let (viewer, entry) = (signed_in.viewer, HistoryEntryId(entry));
    let place = web.ask(move |store| store.entry_place(viewer, entry)).await?;
    let (application, mail) = place.ok_or(Fault::NotFound)?;
    if asked.part != "original" {
        return page(&web, &signed_in, application, Some(entry)).await;
    }
    let opened = opened(&web, &signed_in, mail).await?;
    Ok(web.page(&signed_in.reader(), "originals/original.html", magnifier(opened.as_ref(), mail))?)
}

async fn page(
    web: &Web,
    signed_in: &SignedIn,
    application: ApplicationId,
    entry: Option<HistoryEntryId>,
) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    let found =
        web.ask(move |store| Ok(store.profile(viewer, application)?.zip(store.history(viewer, application)?))).await?;
    let (profile, lines) = found.ok_or(Fault::NotFound)?;
    let line = entry.map(|entry| lines.iter().find(|line| line.entry == entry).ok_or(Fault::NotFound)).transpose()?;
    let original = match line {
        Some(line) => opened(web, signed_in, line.mail).await?,
        None => None,
    };
    // Not what came in while the original was fetched: nobody sees that on this page.
    if let Some(newest) = lines.iter().map(|line| line.entry).max() {
        web.ask(move |store| store.mark_seen(viewer, application, newest, Utc::now())).await?;
    }
    let may_import = may_import(&profile.tenant, viewer.role, &web.settings);
    let head = Head::new(profile, viewer, may_import, Tab::History);
    let values = values(&head, lines, entry, original.as_ref());
    Ok(web.page(&signed_in.reader(), "applications/history.html", values)?)
}

/// What the template shows; `entry` is the one whose magnifier is open, with `original` in it.
pub(super) fn values(
    head: &Head,
    lines: Vec<HistoryLine>,
    entry: Option<HistoryEntryId>,
    original: Option<&Opened>,
) -> Value {
    let new = lines.iter().filter(|line| line.is_new).count();
    let entries: Vec<EntryLine> = lines.into_iter().map(EntryLine::new).collect();
    context! {
        head => Serde(head),
        entries => Serde(entries),
        new,
        opened => entry.map(|entry| entry.0),
        original => Serde(original),
    }
}

/// What the template of an opened magnifier shows.
pub(super) fn magnifier(original: Option<&Opened>, mail: MailId) -> Value {
    context! { original => Serde(original), mail => mail.0 }
}

/// What a mail says; `None` where nothing of it is kept any more.
async fn opened(web: &Web, signed_in: &SignedIn, mail: MailId) -> Result<Option<Opened>, Fault> {
    let viewer = signed_in.viewer;
    let original = web.ask(move |store| store.original(viewer, mail, Utc::now())).await?;
    Ok(original.map(Opened::new))
}

/// An entry as the template shows it.
#[derive(Debug, Serialize)]
struct EntryLine {
    entry: HistoryEntryId,
    mail: MailId,
    at: DateTime<Utc>,
    forwarder: Option<String>,
    from_name: Option<String>,
    from_address: Option<String>,
    original_date: Option<DateTime<Utc>>,
    subject: String,
    sender: &'static str,
    files: Vec<FileLine>,
    again: Vec<AgainLine>,
    is_new: bool,
}

#[derive(Debug, Serialize)]
struct AgainLine {
    mail: MailId,
    at: DateTime<Utc>,
    forwarder: Option<String>,
    note: Option<String>,
    files: Vec<FileLine>,
}

impl EntryLine {
    fn new(line: HistoryLine) -> Self {
        Self {
            entry: line.entry,
            mail: line.mail,
            at: line.at,
            forwarder: line.forwarder,
            from_name: line.from_name,
            from_address: line.from_address,
            original_date: line.original_date,
            subject: line.subject,
            sender: line.sender.as_str(),
            files: line.files.into_iter().map(FileLine::new).collect(),
            again: line.again.into_iter().map(AgainLine::new).collect(),
            is_new: line.is_new,
        }
    }
}

impl AgainLine {
    fn new(again: ForwardedAgain) -> Self {
        Self {
            mail: again.mail,
            at: again.at,
            forwarder: again.forwarder,
            note: again.note,
            files: again.files.into_iter().map(FileLine::new).collect(),
        }
    }
}
