//! Everything personal of an application or a person, erased.

mod chosen;
mod report;

use super::exit_code::FAILED;
use super::{connect, output};
use crate::service::{self, OnServer};
use crate::settings::Settings;
use crate::store::{Actor, Erased, Erasure, ErasurePlan, Store, StoreError};
use anyhow::{Result, ensure};
use chosen::Which;
use chrono::Utc;
use report::Report;
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

/// So often the database is asked to remove its traces while somebody reads an old state.
const TURNS: usize = 5;

/// Erase everything personal of an application or a person, the archived mail on the server included
///
/// Prints what went. Mail on a server that cannot be reached now is removed by the service later; the exit code is 0 only
/// if all is gone. Mail that lies in an inbox and was not recorded yet is not known here: it comes in as mail with an
/// unknown number. The recruiting system's next feed may bring the application back: erase it there first.
#[derive(Debug, clap::Args)]
pub(super) struct Erase {
    #[command(flatten)]
    which: Which,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Only print what would go
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Erase {
    /// Whether it needs the secrets of the settings.
    pub(super) fn needs_secrets(&self) -> bool {
        !self.dry_run
    }

    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let store =
            if self.dry_run { connect::store_to_read(&settings)? } else { connect::ready_store(&settings, false)? };
        let chosen = self.which.chosen(&settings, &store)?;
        let plan = plan(&store, &chosen)?;
        if self.dry_run {
            Report::planned(plan).say(self.json)?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(held) = &plan.erased.held {
            let mut said = format!("Nothing was erased: {}", report::held(held));
            // An application that was not to be erased itself is shown as before.
            if held.mail.is_none() {
                store.block(held.application, Actor::Cli, Utc::now())?;
                said.push_str("; it is blocked instead");
            }
            output::complain(&said);
            return Ok(ExitCode::from(FAILED));
        }
        if !self.yes && !is_confirmed(&plan)? {
            output::complain("Nothing was erased");
            return Ok(ExitCode::from(FAILED));
        }
        let erased = erase(&store, chosen).await?;
        let servers = service::remove_from_servers(&settings, &store).await?;
        let objects = service::remove_from_object_store(&store).await?;
        let traces = remove_traces(&store).await;
        let on_servers = servers.iter().all(OnServer::is_done);
        let all_gone = erased.held.is_none() && traces.is_ok() && on_servers && objects.waiting == 0;
        Report::done(erased, plan, (servers, objects), traces.err().map(|error| error.to_string())).say(self.json)?;
        Ok(ExitCode::from(if all_gone { 0 } else { FAILED }))
    }
}

/// Asks whoever sits at the terminal.
fn is_confirmed(plan: &ErasurePlan) -> Result<bool> {
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    ensure!(is_terminal, "Erasing cannot be undone: look at it with `--dry-run`, then say `--yes`");
    output::complain(&report::in_words(plan));
    output::complain("This cannot be undone. Type `yes` to erase it:");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

/// What would go altogether.
fn plan(store: &Store, chosen: &[Erasure]) -> Result<ErasurePlan> {
    let mut all = ErasurePlan::default();
    for what in chosen {
        let plan = store.erasure_plan(what, Utc::now())?;
        all.erased.add(plan.erased);
        all.mentions.extend(plan.mentions);
        all.left.extend(plan.left);
    }
    Ok(all)
}

async fn erase(store: &Store, chosen: Vec<Erasure>) -> Result<Erased> {
    let erasing = move |store: &Store| -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        for what in chosen {
            erased.add(store.erase(&what, Actor::Cli, Utc::now())?);
        }
        Ok(erased)
    };
    Ok(store.off_thread(erasing).await?)
}

async fn remove_traces(store: &Store) -> Result<()> {
    let removing = |store: &Store| -> Result<bool, StoreError> {
        for _ in 0..TURNS {
            if store.leave_no_traces()? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let done = store.off_thread(removing).await?;
    ensure!(done, "Somebody reads the database: its log still holds old pages, and is emptied later");
    Ok(())
}
