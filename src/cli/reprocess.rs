//! Mails once more.

use super::exit_code::FAILED;
use super::mails::{outcome, since};
use super::{connect, named, output};
use crate::application::EmailAddress;
use crate::application::id::MailId;
use crate::decision::{DecidedBy, ImportOutcome};
use crate::import::{Chosen, Reprocessed, reprocess};
use crate::service::{self, Adopted};
use crate::settings::Settings;
use crate::store::Store;
use anyhow::Result;
use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// From so many mails on a bar shows how far a run is.
const LONG: usize = 20;

/// Fetch originals again from their archive folder and decide anew
///
/// For mail whose number became known, or whose forwarder was added. What a person assigned or took back is processed
/// only if its number is typed. The exit code is 0 only if every mail was processed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["ids", "outcome", "stranded"]))]
pub(super) struct Reprocess {
    /// Mails by their number, as `mails` lists them
    #[arg(value_name = "ID")]
    ids: Vec<i64>,
    /// All mails with this outcome: imported, unassigned, repeated, automatic, `set_aside`
    #[arg(long, value_parser = outcome)]
    outcome: Option<ImportOutcome>,
    /// Only those processed since: 2026-11-25, 2026-11-25T08:00:00Z, or 2h, 7days ago
    #[arg(long, value_parser = since, requires = "outcome", conflicts_with_all = ["ids", "stranded"])]
    since: Option<DateTime<Utc>>,
    /// Mail in the inbox that was opened before it was recorded: import it and file it away; while the service is on the
    /// mailbox, mark it as unread, so that the service does
    #[arg(long)]
    stranded: bool,
    /// Only in the mailbox with this import address
    #[arg(long, value_name = "ADDRESS", requires = "stranded", conflicts_with_all = ["ids", "outcome"])]
    mailbox: Option<EmailAddress>,
    /// One JSON object for each mail
    #[arg(long)]
    json: bool,
}

/// What is said of one mail.
#[derive(Serialize)]
struct ResultLine {
    id: MailId,
    /// `done`, `unchanged`, `stays` (a person must decide), `not_moved`, `left_to_a_person` or `failed`.
    result: &'static str,
    before: Option<ImportOutcome>,
    now: Option<ImportOutcome>,
    would_be: Option<ImportOutcome>,
    /// It lies in the inbox yet: the next round files it away.
    to_be_filed: bool,
    error: Option<String>,
}

/// What is said of a mailbox whose stranded mail the running service imports: it has no records yet.
#[derive(Serialize)]
struct HandedOver<'a> {
    mailbox: &'a str,
    result: &'static str,
    mails: u64,
}

impl Reprocess {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let store = connect::ready_store(&settings, false)?;
        if self.stranded {
            self.mailbox.iter().try_for_each(|typed| named::mailbox(&settings, typed).map(drop))?;
            return self.adopt_stranded(settings, &store).await;
        }
        let (ids, left) = self.chosen(&store).await?;
        for id in left {
            self.say(&ResultLine { result: "left_to_a_person", ..ResultLine::of(id) })?;
        }
        let chosen = if self.outcome.is_some() { Chosen::FromAList } else { Chosen::ByName };
        let bar = bar(ids.len());
        let (mut failed, mut unsaid) = (0, Ok(()));
        reprocess(&Arc::new(settings), &store, (&ids, chosen), &mut |id, result| {
            let said = ResultLine::from(id, result);
            failed += usize::from(said.error.is_some());
            let done = bar.suspend(|| self.say(&said));
            unsaid = std::mem::replace(&mut unsaid, Ok(())).and(done);
            bar.inc(1);
        })
        .await?;
        bar.finish_and_clear();
        unsaid?;
        if failed > 0 {
            output::complain(&format!("{failed} of {} mails could not be processed", ids.len()));
        }
        Ok(ExitCode::from(if failed == 0 { 0 } else { FAILED }))
    }

    async fn adopt_stranded(&self, settings: Settings, store: &Store) -> Result<ExitCode> {
        let stop = CancellationToken::new();
        connect::stop_on_signals(&stop)?;
        let mut all_went_well = true;
        for (address, report) in service::stranded(&Arc::new(settings), store, self.mailbox.as_ref(), &stop).await? {
            let address = address.as_str();
            let report = match report {
                Ok(Adopted::Imported(report)) => report,
                Ok(Adopted::HandedOver(mails)) => {
                    self.say_handed_over(address, mails)?;
                    continue;
                }
                Err(error) => {
                    all_went_well = false;
                    output::complain(&format!("{address}: {error:#}"));
                    continue;
                }
            };
            let ids = report.recorded.clone();
            for place in store.off_thread(move |store| store.mail_places(&ids)).await? {
                self.say(&ResultLine { result: "done", now: Some(place.outcome), ..ResultLine::of(place.mail) })?;
            }
            if report.failed > 0 {
                all_went_well = false;
                let failed = report.failed;
                output::complain(&format!("{address}: {failed} mails failed and stay in the inbox; the log says why"));
            }
            for refusal in &report.refusals {
                all_went_well = false;
                output::complain(&format!("{address}: {refusal}"));
            }
            if report.recorded.is_empty() && report.failed == 0 && !self.json {
                output::line(&format!("{address}: no stranded mail"))?;
            }
        }
        Ok(ExitCode::from(if all_went_well { 0 } else { FAILED }))
    }

    fn say_handed_over(&self, mailbox: &str, mails: u64) -> Result<()> {
        match (self.json, mails) {
            (true, 0) => Ok(()),
            (true, _) => output::json(&HandedOver { mailbox, result: "handed_over", mails }),
            (false, 0) => output::line(&format!("{mailbox}: no stranded mail")),
            (false, _) => output::line(&format!(
                "{mailbox}: {mails} mails handed to the running service, as unread; it imports them when it looks next"
            )),
        }
    }

    /// The mails to process, and those that are left as a person decided.
    async fn chosen(&self, store: &Store) -> Result<(Vec<MailId>, Vec<MailId>)> {
        let Some(outcome) = self.outcome else {
            return Ok((self.ids.iter().copied().map(MailId).collect(), Vec::new()));
        };
        let since = self.since;
        let found = store.off_thread(move |store| store.mails_with(outcome, since)).await?;
        let (by_service, by_person): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, decided_by)| *decided_by == DecidedBy::Service);
        let ids = |mails: Vec<(MailId, DecidedBy)>| mails.into_iter().map(|(id, _)| id).collect();
        Ok((ids(by_service), ids(by_person)))
    }

    fn say(&self, said: &ResultLine) -> Result<()> {
        if self.json {
            return output::json(said);
        }
        let later = if said.to_be_filed { "; not filed away yet, the next round does it" } else { "" };
        let text = format!("{}: {}{later}", said.id, said.words());
        if said.error.is_none() {
            return output::line(&text);
        }
        output::complain(&text);
        Ok(())
    }
}

impl ResultLine {
    fn of(id: MailId) -> Self {
        Self { id, result: "failed", before: None, now: None, would_be: None, to_be_filed: false, error: None }
    }

    fn from(id: MailId, result: Result<Reprocessed>) -> Self {
        let one = match result {
            Ok(one) => one,
            Err(error) => return Self { error: Some(format!("{error:#}")), ..Self::of(id) },
        };
        let result = match &one {
            Reprocessed { not_moved: Some(_), .. } => "not_moved",
            Reprocessed { left_to_a_person: true, .. } => "left_to_a_person",
            Reprocessed { stays_against: Some(_), .. } => "stays",
            Reprocessed { before, now, .. } if before == now => "unchanged",
            Reprocessed { .. } => "done",
        };
        let (before, now) = (Some(one.before), Some(one.now));
        let to_be_filed = one.to_be_filed;
        Self { id, result, before, now, would_be: one.stays_against, to_be_filed, error: one.not_moved }
    }

    fn words(&self) -> String {
        let word = |outcome: Option<ImportOutcome>| outcome.map_or("nothing", ImportOutcome::as_str);
        let (before, now) = (word(self.before), word(self.now));
        match (self.result, &self.error) {
            ("not_moved", Some(why)) => {
                format!("now {now} (was {before}), not moved to its folder yet, the next round does it: {why}")
            }
            (_, Some(why)) => why.clone(),
            ("stays", None) if self.would_be == Some(ImportOutcome::Imported) => format!(
                "stays {now}, though its number now means another application; `revert {0}` takes the entry back",
                self.id
            ),
            ("stays", None) => format!(
                "stays {now}, though it would be {} now; `revert {}` takes the entry back",
                word(self.would_be),
                self.id
            ),
            ("left_to_a_person", None) => "left as a person decided; name its number to process it anyway".to_owned(),
            ("unchanged", None) => format!("{now}, as before"),
            (_, None) if self.before.is_none() => now.to_owned(),
            (_, None) => format!("{now} (was {before})"),
        }
    }
}

/// Shows how far a long run is, where a person looks at a terminal.
fn bar(mails: usize) -> ProgressBar {
    if mails < LONG || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} mails, {eta} left");
    let bar = ProgressBar::new(mails as u64);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
