//! Empties the outbox whenever something was recorded, and when something put off is due.

use crate::notification::Renderer;
use crate::notify::{DeliveryReport, deliver_due};
use crate::settings::Smtp;
use crate::smtp::Sender;
use crate::store::Store;
use anyhow::{Context, Result};
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The outbox is looked at this often even if nothing was recorded here: other workers write into it too.
const LOOK: Duration = Duration::from_secs(15);

/// Delivers until asked to stop; so many go to one person singly within an hour.
pub(super) async fn run(smtp: Smtp, singly: u32, store: Store, recorded: Arc<Notify>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match deliver(&smtp, singly, &store, &recorded, &stop).await {
            Ok(report) => {
                if report != DeliveryReport::default() {
                    tracing::info!(%report, "Notifications went out");
                }
                until_next(&store).await
            }
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "Notifications cannot go out");
                LOOK
            }
        };
        tokio::select! {
            () = recorded.notified() => {}
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// How long until something put off is due: at least a second, at most [`LOOK`].
async fn until_next(store: &Store) -> Duration {
    let now = Utc::now();
    let due = store.off_thread(move |store| store.next_due(now)).await.ok().flatten();
    due.and_then(|due| (due - now).to_std().ok()).map_or(LOOK, |pause| pause.clamp(Duration::from_secs(1), LOOK))
}

/// Delivers what is due, over connections opened for it: the password is read afresh each time. So many go
/// to one person singly within an hour.
pub(super) async fn deliver(
    smtp: &Smtp,
    singly: u32,
    store: &Store,
    recorded: &Notify,
    stop: &CancellationToken,
) -> Result<DeliveryReport> {
    let smtp = smtp.clone();
    let sender = tokio::task::spawn_blocking(move || Sender::open(&smtp)).await?.context("Cannot use [smtp]")?;
    let renderer = Arc::new(Renderer::new()?);
    deliver_due(store, &sender, &renderer, singly, recorded, stop).await
}
