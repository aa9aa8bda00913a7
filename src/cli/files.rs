//! Where contents of files lie, and moving them.

use super::exit_code::FAILED;
use super::{connect, output};
use crate::service;
use crate::settings::Settings;
use crate::store::{ContentPlaces, Contents, Moved, Store, StoreError};
use anyhow::{Context, Result};
use bytesize::ByteSize;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::process::ExitCode;

/// Where the contents of files lie: in the database or in the object store of the settings
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say how many contents lie where
    Places {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Bring all contents to where `[files] place` says that new ones go
    ///
    /// Also beside a running service. What is interrupted is begun anew by the same command. The exit code is 0 only if
    /// all contents are there, and nothing is left of them at the other place.
    Move,
}

impl Files {
    /// Whether it needs the secrets of the settings.
    pub(super) fn needs_secrets(&self) -> bool {
        matches!(self.what, What::Move)
    }

    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        match self.what {
            What::Places { json } => places(&connect::store_to_read(&settings)?, json),
            What::Move => move_all(&settings).await,
        }
    }
}

fn places(store: &Store, json: bool) -> Result<ExitCode> {
    let places = store.content_places()?;
    if json {
        output::json(&places)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |place: &str, of: Contents| {
        vec![place.to_owned(), of.contents.to_string(), ByteSize(of.octets).display().iec().to_string()]
    };
    let rows = [row("database", places.database), row("object store", places.store)];
    output::table(&["place", "contents", "size"], &rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn move_all(settings: &Settings) -> Result<ExitCode> {
    let files = settings.files.as_ref().context("The settings have no [files] section: there is no object store")?;
    let store = connect::ready_store(settings, false)?;
    let ContentPlaces { database, store: outside } = store.off_thread(Store::content_places).await?;
    let (all, to) = if files.takes_new { (database, "object store") } else { (outside, "database") };
    let bar = bar(all.contents);
    let mut sum = Moved::default();
    loop {
        let behind = sum.behind.take();
        let step = store.off_thread(move |store| moved(store, behind.as_deref())).await?;
        bar.inc(step.moved.contents);
        sum.moved.contents += step.moved.contents;
        sum.moved.octets += step.moved.octets;
        sum.missing.extend(step.missing);
        sum.behind = step.behind;
        if sum.behind.is_none() {
            break;
        }
    }
    bar.finish_and_clear();
    for missing in &sum.missing {
        output::complain(&format!("The content {missing} is not in the object store any more"));
    }
    let size = ByteSize(sum.moved.octets).display().iec();
    output::line(&format!("{} contents moved to the {to}, {size}", sum.moved.contents))?;
    let swept = service::remove_from_object_store(&store).await?;
    if let Some(error) = &swept.error {
        output::complain(&format!(
            "{} contents could not be removed from the object store yet: {error}",
            swept.waiting
        ));
    }
    if files.takes_new && sum.moved.contents > 0 && !store.off_thread(Store::leave_no_traces).await? {
        output::complain("Somebody reads the database: its log still holds old pages, and is emptied later");
    }
    // Where contents go into the store, the service puts others beside.
    let unrecorded = if files.takes_new { 0 } else { swept.unrecorded };
    if unrecorded > 0 {
        output::complain(&format!(
            "{unrecorded} contents were put into the object store and not recorded; the service removes them within an hour"
        ));
    }
    let is_done = sum.missing.is_empty() && swept.waiting == 0 && unrecorded == 0;
    Ok(ExitCode::from(if is_done { 0 } else { FAILED }))
}

/// Once more if what was put was taken for left behind: the process had slept.
fn moved(store: &Store, behind: Option<&str>) -> Result<Moved, StoreError> {
    match store.move_some_contents(behind, Utc::now()) {
        Err(StoreError::Overtaken { .. }) => store.move_some_contents(behind, Utc::now()),
        done => done,
    }
}

/// Shows how far it is, where a person looks at a terminal.
fn bar(contents: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} contents, {eta} left");
    let bar = ProgressBar::new(contents);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
