//! Serving until the process is asked to stop, with settings that are read anew when it is asked to (SIGHUP).

use super::{connect, settings_file};
use crate::service::Until;
use crate::settings::Settings;
use anyhow::{Context, Result, ensure};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What is served with one reading of the settings.
pub(super) struct Turn {
    pub(super) settings: Settings,
    pub(super) until: Until,
    /// A turn before this one has worked on the same database.
    pub(super) worked_before: bool,
}

/// Serves until the process is asked to stop. At each SIGHUP the settings are read again: if they are good, what is in hand is
/// finished and the service goes on with them, in the same process; else it goes on with the old ones, and the log says what
/// is wrong.
pub(super) async fn serve_until_stopped(
    mut settings: Settings,
    serve: impl AsyncFn(Turn) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let for_good = CancellationToken::new();
    connect::stop_on_signals(&for_good)?;
    let mut hangups = signal(SignalKind::hangup()).context("Cannot listen for SIGHUP")?;
    let mut before: Option<Settings> = None;
    let mut worked_on: Option<String> = None;
    loop {
        let until = Until { stop: for_good.child_token(), for_good: for_good.clone(), began: CancellationToken::new() };
        let mut serving = std::pin::pin!(serve(Turn {
            settings: settings.clone(),
            until: until.clone(),
            worked_before: worked_on.as_ref() == Some(&settings.database_url),
        }));
        let (ended, new) = tokio::select! {
            ended = &mut serving => (ended, None),
            new = good_settings(&mut hangups, &settings) => {
                tracing::info!("The settings are read anew: what is in hand is finished first");
                until.stop.cancel();
                (serving.await, Some(new))
            }
        };
        if until.began.is_cancelled() {
            worked_on = Some(settings.database_url.clone());
        }
        if let Some(new) = new {
            ended?;
            before = Some(std::mem::replace(&mut settings, new));
            continue;
        }
        match before.take().filter(|_| !until.began.is_cancelled() && !for_good.is_cancelled()) {
            Some(old) => {
                let why = ended.err().map_or_else(|| "see above".to_owned(), |error| format!("{error:#}"));
                tracing::error!(why, "The service cannot begin with the new settings, and goes on with the old ones");
                settings = old;
            }
            None => return ended,
        }
    }
}

/// Waits until the settings are to be read again and are good.
async fn good_settings(hangups: &mut Signal, old: &Settings) -> Settings {
    loop {
        if hangups.recv().await.is_none() {
            // No more signals come.
            std::future::pending::<()>().await;
        }
        let file = old.file.clone();
        let read = tokio::task::spawn_blocking(move || settings_file::read(Some(&file)));
        let good = match read.await {
            Ok(Ok(new)) => can_be_used(&new, old).await.map(|()| new),
            Ok(Err(error)) => Err(error.into()),
            Err(panic) => Err(panic.into()),
        };
        match good {
            Ok(new) => return new,
            Err(error) => {
                let why = format!("{error:#}");
                tracing::error!(why, "The new settings are not used, the service goes on with the old ones");
            }
        }
    }
}

/// What would end the service and can be tried before: where the database is, and where the pages are served.
async fn can_be_used(new: &Settings, old: &Settings) -> Result<()> {
    if let Some(unreadable) = new.unreadable_secrets.clone() {
        return Err(unreadable.into());
    }
    if new.database_url != old.database_url {
        let new = new.clone();
        tokio::task::spawn_blocking(move || connect::store(&new).map(drop)).await??;
    }
    let places = |settings: &Settings| {
        let pages = settings.web.as_ref().map(|web| ("web.listen", web.listen));
        pages.into_iter().chain(settings.metrics.as_ref().map(|metrics| ("metrics.listen", metrics.listen)))
    };
    for (key, address) in places(new).filter(|(_, address)| places(old).all(|(_, ours)| ours != *address)) {
        let bound = TcpListener::bind(address).await;
        ensure!(bound.is_ok(), "`{key}`: another program listens at {address}, or it is not this machine's");
    }
    Ok(())
}
