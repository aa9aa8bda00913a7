//! The run through a whole mailbox.

use super::kept::Found;
use crate::cli::exit_code::FAILED;
use crate::cli::output;
use crate::decision::ImportOutcome;
use crate::imap::{MAX_BYTES, MAX_MAILS};
use crate::import::{Importer, MailInHand};
use anyhow::Result;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::process::ExitCode;

/// What came of the mails so far.
struct Run<'a> {
    importer: &'a Importer,
    is_plan: bool,
    outcomes: BTreeMap<ImportOutcome, u64>,
    known: u64,
    failed: u64,
    bar: ProgressBar,
}

/// Imports mails in batches, or says what would come of them.
///
/// # Errors
///
/// The database cannot be used; what was recorded stands.
pub(super) fn run(importer: &Importer, mails: impl Iterator<Item = Found>, is_plan: bool) -> Result<ExitCode> {
    let mut run = Run { importer, is_plan, outcomes: BTreeMap::new(), known: 0, failed: 0, bar: bar() };
    let (mut batch, mut octets) = (Vec::new(), 0);
    for (name, mail) in mails {
        match mail {
            Ok(mail) => {
                octets += mail.size;
                batch.push((name, mail));
            }
            Err(error) => run.fail(&format!("{name}: {error:#}")),
        }
        if batch.len() >= MAX_MAILS || octets >= MAX_BYTES {
            run.take(std::mem::take(&mut batch))?;
            octets = 0;
        }
    }
    run.take(batch)?;
    run.bar.finish_and_clear();
    run.say()
}

impl Run<'_> {
    fn take(&mut self, batch: Vec<(String, MailInHand)>) -> Result<()> {
        let all = batch.len();
        let (names, mails): (Vec<String>, Vec<MailInHand>) = batch.into_iter().unzip();
        if self.is_plan {
            let plan = self.importer.plan_new(mails)?;
            self.note(plan.planned.iter().map(|mail| mail.decided.decision.outcome()), plan.known);
            self.failed += (all as u64).saturating_sub(plan.known + plan.planned.len() as u64);
        } else {
            let done = self.importer.import_new(mails.clone(), Utc::now())?;
            self.note(done.imported.iter().map(|mail| mail.outcome), done.known);
            if (done.imported.len() as u64) + done.known < all as u64 {
                self.name_failed(names, mails)?;
            }
        }
        self.bar.inc(all as u64);
        Ok(())
    }

    /// One by one, those that have no record now: a person must know which they are.
    fn name_failed(&mut self, names: Vec<String>, mails: Vec<MailInHand>) -> Result<()> {
        for (name, mail) in names.into_iter().zip(mails) {
            let done = self.importer.import_new(vec![mail], Utc::now())?;
            self.note(done.imported.iter().map(|mail| mail.outcome), 0);
            if done.imported.is_empty() && done.known == 0 {
                self.fail(&format!("{name}: could not be processed; the log says why"));
            }
        }
        Ok(())
    }

    fn note(&mut self, outcomes: impl Iterator<Item = ImportOutcome>, known: u64) {
        for outcome in outcomes {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        self.known += known;
    }

    fn fail(&mut self, text: &str) {
        self.failed += 1;
        self.bar.suspend(|| output::complain(text));
    }

    fn say(&self) -> Result<ExitCode> {
        let would_be = if self.is_plan { "would be " } else { "" };
        for (outcome, number) in &self.outcomes {
            output::line(&format!("{number} {would_be}{outcome}"))?;
        }
        if self.known > 0 {
            output::line(&format!("{} have a record already", self.known))?;
        }
        if self.failed > 0 {
            output::line(&format!("{} failed", self.failed))?;
        }
        if self.outcomes.is_empty() && self.known == 0 && self.failed == 0 {
            output::line("no mail there")?;
        }
        Ok(ExitCode::from(if self.failed == 0 { 0 } else { FAILED }))
    }
}

/// Shows that a long run goes on, where a person looks at a terminal.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    ProgressStyle::with_template("{spinner} {pos} mails, {per_sec}").map_or(bar.clone(), |style| bar.with_style(style))
}
