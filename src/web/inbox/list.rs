//! The list of what waits, and of what was discarded.

use super::said::Said;
use crate::application::Language;
use crate::application::id::{HistoryEntryId, MailId};
use crate::decision::WasRead;
use crate::notification::why_it_waits;
use crate::store::{Store, StoreError, Viewer, WaitingMails, WaitingState, WaitingSummary, WhatWasDone};
use crate::web::fault::Fault;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: Which,
    #[serde(default)]
    page: u32,
    /// What came of the decision about `mail`.
    said: Option<Said>,
    mail: Option<i64>,
}

/// Which mails are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Which {
    #[default]
    Waiting,
    Discarded,
}

pub(super) async fn list(
    State(web): State<Web>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    if !viewer.may_decide() {
        return Err(Fault::Forbidden);
    }
    let about = asked.said.zip(asked.mail.map(MailId));
    let (state, page) = (asked.state.state(), asked.page);
    let (found, notice) = web
        .ask(move |store| {
            let notice = about.map(|(said, mail)| notice(store, viewer, said, mail)).transpose()?.flatten();
            Ok((store.waiting_mails(viewer, state, page)?, notice))
        })
        .await?;
    let values = values(found, asked.state, notice.as_ref(), signed_in.language);
    Ok(web.page(&signed_in.reader(), "inbox/list.html", values)?)
}

/// What the template shows.
pub(super) fn values(found: WaitingMails, which: Which, notice: Option<&Notice>, language: Language) -> Value {
    let previous = (found.page > 1).then(|| which.address(found.page - 1));
    let next = found.has_more.then(|| which.address(found.page + 1));
    let lines: Vec<Line> = found.lines.into_iter().map(|line| Line::new(line, language)).collect();
    context! {
        lines => Serde(lines),
        is_discarded => which == Which::Discarded,
        notice => Serde(notice),
        page => found.page,
        first => which.address(1),
        previous,
        next,
    }
}

impl Which {
    fn state(self) -> WaitingState {
        match self {
            Self::Waiting => WaitingState::Open,
            Self::Discarded => WaitingState::Discarded,
        }
    }

    fn address(self, page: u32) -> String {
        let begin = match self {
            Self::Waiting => "/mails?",
            Self::Discarded => "/mails?state=discarded&",
        };
        format!("{begin}page={page}")
    }
}

/// A mail as the templates show it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    mail: MailId,
    why: String,
    claimed: Option<String>,
    subject: Option<String>,
    /// Nothing of it was read: whether it has a subject nobody knows.
    is_unread: bool,
    forwarder: Option<String>,
    is_forwarded: bool,
    sender: Option<String>,
    import_address: String,
    received_at: DateTime<Utc>,
    asked: Option<DoneLine>,
    has_asking_failed: bool,
    discarded: Option<DoneLine>,
}

/// What a person did.
#[derive(Debug, Serialize)]
struct DoneLine {
    at: DateTime<Utc>,
    by: Option<String>,
}

impl Line {
    pub(super) fn new(summary: WaitingSummary, language: Language) -> Self {
        let done = |what: WhatWasDone| DoneLine { at: what.at, by: what.by };
        Self {
            mail: summary.mail,
            why: why_it_waits(&summary.why, language),
            claimed: summary.claimed,
            is_unread: WasRead::of(summary.outcome, &summary.why, &[]) == WasRead::Nothing,
            subject: summary.subject.filter(|subject| !subject.trim().is_empty()),
            forwarder: summary.forwarder,
            is_forwarded: summary.is_forwarded,
            sender: summary.sender,
            import_address: summary.import_address,
            received_at: summary.received_at,
            asked: summary.asked.map(done),
            has_asking_failed: summary.has_asking_failed,
            discarded: summary.discarded.map(done),
        }
    }
}

/// What is said above the list of a decision about a mail, and how that mail stands.
#[derive(Debug, Serialize)]
pub(super) struct Notice {
    pub(super) said: &'static str,
    pub(super) is_refusal: bool,
    pub(super) mail: MailId,
    pub(super) stands: Stands,
}

/// How a mail stands now.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "word")]
pub(super) enum Stands {
    Entry {
        entry: HistoryEntryId,
        candidate: String,
        number: String,
    },
    Discarded {
        by: Option<String>,
    },
    Waiting,
    /// It is not there, or not for this person.
    Nowhere,
}

/// What the address says came of a decision is said only where the mail stands so.
fn notice(store: &Store, viewer: Viewer, said: Said, mail: MailId) -> Result<Option<Notice>, StoreError> {
    let stands = stands(store, viewer, mail)?;
    let is_so = match said {
        Said::Assigned => matches!(stands, Stands::Entry { .. }),
        Said::Discarded => matches!(stands, Stands::Discarded { .. }),
        Said::Decided => stands != Stands::Nowhere,
        _ => false,
    };
    Ok(is_so.then(|| Notice { said: said.as_str(), is_refusal: said.is_refusal(), mail, stands }))
}

fn stands(store: &Store, viewer: Viewer, mail: MailId) -> Result<Stands, StoreError> {
    if let Some(waiting) = store.waiting_mail(viewer, mail, &[])? {
        let discarded = waiting.summary.discarded;
        return Ok(discarded.map_or(Stands::Waiting, |discarded| Stands::Discarded { by: discarded.by }));
    }
    let Some(entry) = store.entry_of_mail(viewer, mail)? else { return Ok(Stands::Nowhere) };
    let Some((application, _)) = store.entry_place(viewer, entry)? else { return Ok(Stands::Nowhere) };
    let profile = store.profile(viewer, application)?;
    Ok(profile.map_or(Stands::Nowhere, |profile| Stands::Entry {
        entry,
        candidate: profile.candidate,
        number: profile.number,
    }))
}
