//! One mail of the Eingang: why it waits, what it says, and what can be decided about it.

use super::checks::CheckLine;
use super::list::Line;
use super::said::Said;
use crate::application::Language;
use crate::application::id::{HistoryEntryId, MailId};
use crate::decision::WasRead;
use crate::store::{ForwarderToAsk, Meant, OriginalView, Viewer, WaitingMail};
use crate::web::fault::Fault;
use crate::web::files::FileLine;
use crate::web::id::Id;
use crate::web::originals::Opened;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// What came of a decision.
    pub(super) said: Option<Said>,
    /// What was taken for a number.
    #[serde(default)]
    pub(super) number: String,
}

/// How a mail is found.
enum Found {
    Waiting(Box<WaitingMail>, Option<Box<OriginalView>>),
    Entry(HistoryEntryId),
    Nowhere,
}

pub(super) async fn one(
    State(web): State<Web>,
    signed_in: SignedIn,
    Id(mail): Id,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let (viewer, mail, now) = (signed_in.viewer, MailId(mail), Utc::now());
    let tenant = web.settings.tenant(&signed_in.tenant).map_err(anyhow::Error::from)?;
    let shapes = tenant.shapes.clone();
    let said = asked.said;
    let found = web
        .ask(move |store| {
            if let Some(waiting) = store.waiting_mail(viewer, mail, &shapes)? {
                // Of what was not read there is nothing to be seen; the page to which a decision leads back is the one
                // that was open.
                let original = match (waiting.read, said) {
                    (WasRead::Nothing, _) => None,
                    (_, Some(_)) => store.original_in_frame(viewer, mail, now)?,
                    (_, None) => store.original(viewer, mail, now)?,
                };
                return Ok(Found::Waiting(Box::new(waiting), original.map(Box::new)));
            }
            Ok(store.entry_of_mail(viewer, mail)?.map_or(Found::Nowhere, Found::Entry))
        })
        .await?;
    match found {
        Found::Waiting(waiting, original) => {
            let shown = Shown { waiting: *waiting, original: original.map(|original| *original), now };
            let values = values(shown, &asked, tenant.example_number(), &signed_in);
            Ok(web.page(&signed_in.reader(), "inbox/one.html", values)?)
        }
        Found::Entry(entry) => Ok(Redirect::to(&format!("/entries/{entry}")).into_response()),
        Found::Nowhere => Err(Fault::NotFound),
    }
}

/// What is to be shown.
pub(super) struct Shown {
    pub(super) waiting: WaitingMail,
    pub(super) original: Option<OriginalView>,
    pub(super) now: DateTime<Utc>,
}

/// What the template shows.
pub(super) fn values(shown: Shown, asked: &Asked, example: Option<String>, person: &SignedIn) -> Value {
    let Shown { waiting, original, now } = shown;
    let day = |time: DateTime<Utc>| time.with_timezone(&person.clock).date_naive();
    let asked_today = waiting.summary.asked.as_ref().is_some_and(|asked| day(asked.at) == day(now));
    let said = asked.said.filter(|said| is_so(*said, &waiting));
    let files: Vec<FileLine> = original.iter().flat_map(|original| original.files.clone()).map(FileLine::new).collect();
    let checks: Vec<CheckLine> = waiting.checks.into_iter().map(CheckLine::new).collect();
    let meant: Vec<MeantLine> = waiting.meant.into_iter().map(MeantLine::new).collect();
    let language: Language = person.language;
    let not_whole = not_whole(waiting.read, &waiting.summary.why);
    context! {
        mail => waiting.summary.mail.0,
        line => Serde(Line::new(waiting.summary, language)),
        checks => Serde(checks),
        meant => Serde(meant),
        forwarder => Serde(ForwarderLine::new(waiting.forwarder, waiting.read, person.viewer)),
        asked_today,
        read => waiting.read.as_str(),
        not_whole,
        original => Serde(original.map(Opened::new)),
        files => Serde(files),
        said => said.map(Said::as_str),
        is_refusal => said.is_some_and(Said::is_refusal),
        number => asked.number.as_str(),
        is_wrong_number => said == Some(Said::NoSuchNumber),
        example,
    }
}

/// Which text says why it cannot be assigned: beyond a limit, whoever runs the service can help.
fn not_whole(read: WasRead, why: &str) -> &'static str {
    match (read, why) {
        (
            WasRead::Part,
            "too_nested" | "too_many_parts" | "header_too_large" | "too_many_parameters" | "too_much_content",
        ) => "limit",
        _ => read.as_str(),
    }
}

/// Whether the mail stands as the address says it was left.
fn is_so(said: Said, waiting: &WaitingMail) -> bool {
    match said {
        Said::Asked | Said::AskedAlready => waiting.summary.asked.is_some(),
        Said::TakenBack => waiting.summary.discarded.is_none(),
        Said::Assigned | Said::Discarded | Said::Decided => false,
        Said::NoSuchNumber | Said::NotWhole | Said::NobodyToAsk => true,
    }
}

/// An application that may be meant.
#[derive(Debug, Serialize)]
struct MeantLine {
    number: String,
    post: String,
    candidate: String,
    of_sender: bool,
    like_claimed: bool,
}

impl MeantLine {
    fn new(meant: Meant) -> Self {
        let Meant { number, post, candidate, of_sender, like_claimed } = meant;
        Self { number, post, candidate, of_sender, like_claimed }
    }
}

/// Whom to ask, or why there is nobody.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "word")]
enum ForwarderLine {
    Known {
        name: String,
        address: String,
    },
    /// The reader.
    Yourself,
    Inactive,
    Unknown,
    /// Nobody looked who it is.
    Unread,
}

impl ForwarderLine {
    fn new(forwarder: ForwarderToAsk, read: WasRead, viewer: Viewer) -> Self {
        match forwarder {
            _ if read == WasRead::Nothing => Self::Unread,
            ForwarderToAsk::Known(user) if user.id == viewer.user => Self::Yourself,
            ForwarderToAsk::Known(user) => Self::Known { name: user.name, address: user.address.as_str().to_owned() },
            ForwarderToAsk::Inactive => Self::Inactive,
            ForwarderToAsk::Unknown => Self::Unknown,
        }
    }
}
