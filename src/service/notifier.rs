//! Empties the outbox whenever something was recorded, and when something put off is due.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::notification::Renderer;
use crate::notify::{DeliveryReport, deliver_due};
use crate::oauth2::{self, AccessToken};
use crate::retry;
use crate::settings::{Login, OAuth2, Smtp};
use crate::smtp::Sender;
use crate::store::Store;
use anyhow::{Context, Result};
use chrono::Utc;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The outbox is looked at this often even if nothing was recorded here: other workers write into it too.
const LOOK: Duration = Duration::from_secs(15);

/// So long it is delivered over the same connections, however much there is.
const TURN: Duration = Duration::from_mins(10);

/// Delivers until asked to stop; so many go to one person singly within an hour.
pub(super) async fn run(smtp: Smtp, singly: u32, store: Store, outbox_written: Arc<Notify>, stop: CancellationToken) {
    let (mut refusals, mut fault, mut server): (u32, Complaint, Complaint) = Default::default();
    while !stop.is_cancelled() {
        let step = steps::begin_within("notifications", TURN + steps::LONGEST);
        let attempted = attempt(&smtp, singly, &store, &outbox_written, &stop).await;
        drop(step);
        let (pause, is_refused) = match attempted {
            Ok((report, is_refused)) => {
                if let Some(Said { since, times }) = fault.over() {
                    tracing::info!(%since, failures = times, "Notifications can go out again");
                }
                say_of_the_server(&mut server, &report, is_refused);
                if report.sent + report.given_up > 0 {
                    tracing::info!(%report, "Notifications went out");
                }
                if is_refused {
                    // Not once for every notification whose time comes: each try costs a fresh token, and wrong passwords a lock.
                    refusals = refusals.saturating_add(1);
                    (retry::MAILBOX.after(refusals, fastrand::f64()), true)
                } else {
                    refusals = if report.sent > 0 { 0 } else { refusals };
                    (until_next(&store).await, false)
                }
            }
            Err(error) => {
                let error = format!("{error:#}");
                if let Some(Said { since, times }) = fault.again(&error) {
                    let pause = tracing::field::debug(LOOK);
                    tracing::warn!(error, %since, failures = times, pause, "Notifications cannot go out; they wait");
                }
                (LOOK, false)
            }
        };
        tokio::select! {
            () = outbox_written.notified(), if !is_refused => {}
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// A server that takes nothing is said once, however many notifications wait for it.
fn say_of_the_server(server: &mut Complaint, report: &DeliveryReport, is_refused: bool) {
    if let Some(error) = &report.away {
        let Some(Said { since, .. }) = server.again(error) else { return };
        if is_refused {
            tracing::error!(error, %since, "The SMTP server refuses the log-in; notifications wait until a person puts this right");
        } else {
            tracing::warn!(error, %since, "The SMTP server takes no notification; they wait, and it is tried again");
        }
    } else if report.sent > 0
        && let Some(Said { since, .. }) = server.over()
    {
        tracing::info!(%since, "The SMTP server takes notifications again");
    }
}

/// How long until something put off is due: at least a second, at most [`LOOK`].
async fn until_next(store: &Store) -> Duration {
    let now = Utc::now();
    let due = store.off_thread(move |store| store.next_due(now)).await.ok().flatten();
    due.and_then(|due| (due - now).to_std().ok()).map_or(LOOK, |pause| pause.clamp(Duration::from_secs(1), LOOK))
}

/// Delivers what is due, over connections opened for it: the password is read afresh each time. So many go
/// to one person singly within an hour. It ends after [`TURN`], with a token before that does.
pub(super) async fn deliver(
    smtp: &Smtp,
    singly: u32,
    store: &Store,
    outbox_written: &Notify,
    stop: &CancellationToken,
) -> Result<DeliveryReport> {
    attempt(smtp, singly, store, outbox_written, stop).await.map(|(report, _)| report)
}

/// The same; says too whether the server refused the log-in.
async fn attempt(
    smtp: &Smtp,
    singly: u32,
    store: &Store,
    outbox_written: &Notify,
    stop: &CancellationToken,
) -> Result<(DeliveryReport, bool)> {
    let (sender, token) = open_sender(smtp).await?;
    let renderer = Arc::new(Renderer::new()?);
    let ended = stop.child_token();
    let report = {
        let mut delivering = pin!(deliver_due(store, &sender, &renderer, singly, outbox_written, &ended));
        let lasts = token.as_ref().map(|(_, token)| (token.renew_at() - Utc::now()).to_std().unwrap_or_default());
        tokio::select! {
            report = &mut delivering => report,
            () = tokio::time::sleep(lasts.unwrap_or(TURN).min(TURN)) => {
                ended.cancel();
                delivering.await
            }
        }
    };
    sender.close().await;
    let is_refused = sender.login_was_refused();
    if let (Some((oauth2, token)), true) = (token, is_refused) {
        // A fresh one is there for the next try, at the latest; if that is refused too, a person must know.
        tracing::error!(server = smtp.server.host, "The SMTP server does not take the token; a fresh one is fetched");
        oauth2::token_instead_of(oauth2, &token).await?;
    }
    Ok((report?, is_refused))
}

/// The way to the SMTP server, with the token it is opened by, if the log-in is by one.
///
/// # Errors
///
/// The password, the token or the certificates cannot be had.
pub(crate) async fn open_sender(smtp: &Smtp) -> Result<(Sender, Option<(&OAuth2, AccessToken)>)> {
    let token = match smtp.server.login.as_ref().and_then(Login::oauth2) {
        Some(oauth2) => Some((oauth2, oauth2::token(oauth2).await.context("Cannot use [smtp]")?)),
        None => None,
    };
    let (smtp, secret) = (smtp.clone(), token.as_ref().map(|(_, token)| token.secret().clone()));
    let opening = tokio::task::spawn_blocking(move || Sender::open(&smtp, secret.as_ref()));
    Ok((opening.await?.context("Cannot use [smtp]")?, token))
}
