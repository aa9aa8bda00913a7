//! The candidate's profile in the browser, beside the rounds or alone.

use super::web_acts::ServiceActs;
use super::{Until, service_manager, steps};
use crate::settings::{Settings, UNNAMED_PROXY};
use crate::store::Store;
use crate::web::{self, Web};
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How often it is looked whether the database answers.
const LOOK: Duration = Duration::from_secs(20);

/// Serves the pages and nothing else, until asked to stop: where the rounds run elsewhere.
///
/// # Errors
///
/// The settings name no place to listen at, another program listens there, or the web server failed.
pub(crate) async fn serve_web(settings: Settings, store: Store, until: Until) -> Result<()> {
    let settings = Arc::new(settings);
    let listener = open(&settings).await?;
    let listener = listener.context("Nothing to serve: write `listen = \"127.0.0.1:8025\"` below [web]")?;
    service_manager::tell(sd_notify::NotifyState::Ready);
    until.began.cancel();
    let _looking = AbortOnDropHandle::new(tokio::spawn(look(store.clone())));
    // What the pages record waits for `run`, which looks at the outbox by itself.
    serve(settings, store, Arc::new(Notify::new()), listener, until.stop).await
}

/// Looks again and again whether the database answers: without rounds these are the steps by which the service manager sees
/// that the process works.
async fn look(store: Store) {
    loop {
        tokio::time::sleep(LOOK).await;
        let step = steps::begin("look");
        let looked = store.off_thread(Store::check_schema).await;
        drop(step);
        if let Err(error) = looked {
            tracing::debug!(%error, "The database cannot be used");
        }
    }
}

/// Takes the place to listen at, if the settings name one.
pub(super) async fn open(settings: &Settings) -> Result<Option<TcpListener>> {
    match &settings.web {
        Some(web) => web::listen(web.listen).await.map(Some),
        None => Ok(None),
    }
}

/// Serves the pages until asked to stop; `outbox_written` wakes those that send what the pages brought about.
pub(super) async fn run(
    settings: Arc<Settings>,
    store: Store,
    outbox_written: Arc<Notify>,
    listener: TcpListener,
    stop: CancellationToken,
) {
    if let Err(error) = serve(settings, store, outbox_written, listener, stop).await {
        tracing::error!(error = format!("{error:#}"), "The pages are not served any longer");
    }
}

async fn serve(
    settings: Arc<Settings>,
    store: Store,
    outbox_written: Arc<Notify>,
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<()> {
    if settings.has_unnamed_proxy() {
        tracing::warn!("{UNNAMED_PROXY}");
    }
    let acts = Arc::new(ServiceActs::new(settings.clone(), store.clone(), outbox_written));
    let web = Web::new(settings, store, acts)?;
    tracing::info!(address = %listener.local_addr()?, "The pages are served");
    web::serve(web, listener, stop).await;
    Ok(())
}
