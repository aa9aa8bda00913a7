//! Looks for what is due to be blocked or erased, once an hour, a bounded part at a time; and for links and sessions of
//! people who signed in that are good for nothing any more.
//!
//! What lies in the archive folders on the mail server is removed by the rounds of the mailboxes. Several workers may look
//! at once: what one has erased, the other finds gone.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::application::ApplicationState;
use crate::application::id::{ApplicationId, MailId, TenantId};
use crate::decision::ImportOutcome;
use crate::retention::{CountedFrom, Duty, Period, RetentionRules};
use crate::settings::{Settings, Tenant};
use crate::store::{DecidedBefore, Erased, Store, StoreError};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked. Periods end at midnight, by the tenant's clock.
const LOOK: Duration = Duration::from_hours(1);

/// So many are looked at, and erased, between two looks at whether to stop.
const AT_ONCE: u32 = 100;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RetentionReport {
    /// Applications erased.
    pub applications: u64,
    /// Mails erased, those of applications included.
    pub mails: u64,
    /// Applications blocked.
    pub blocked: u64,
}

/// One tenant's data under its rules.
#[derive(Clone, Copy)]
struct Keeping {
    tenant: TenantId,
    rules: RetentionRules,
    clock: Tz,
    now: DateTime<Utc>,
    /// There is a mail server by which the office can be told of what waits.
    tells: bool,
}

/// Looks until asked to stop.
pub(super) async fn run(settings: Arc<Settings>, store: Store, stop: CancellationToken) {
    let mut fault = Complaint::default();
    while !stop.is_cancelled() {
        let mut report = RetentionReport::default();
        let passed = pass(&settings, &store, Utc::now(), &stop, &mut report).await;
        // Traces go also where only some could be erased.
        let cleaned = leave_no_traces(&store, &report, &stop).await;
        match passed.and(cleaned) {
            Ok(()) => {
                if let Some(Said { since, times }) = fault.over() {
                    tracing::info!(%since, failures = times, "Data whose time is over can be erased again");
                }
                if report != RetentionReport::default() {
                    tracing::info!(%report, "The time of some data was over");
                }
            }
            Err(error) => {
                let error = format!("{error:#}");
                if let Some(Said { since, times }) = fault.again(&error) {
                    tracing::warn!(error, %since, failures = times, "Data whose time is over cannot be erased; it is tried again");
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// Blocks and erases what is due at `now`, of all tenants, and sessions that have ended; the report says what was done also
/// where some could not be. Traces are left ([`leave_no_traces`]).
///
/// # Errors
///
/// The database cannot be used, or what is due of one tenant cannot be erased; that of the others is. The next pass goes on.
pub(super) async fn pass(
    settings: &Settings,
    store: &Store,
    now: DateTime<Utc>,
    stop: &CancellationToken,
    report: &mut RetentionReport,
) -> Result<()> {
    let swept = store.off_thread(move |store| store.sweep_sign_ins(now)).await;
    let mut trouble = swept.context("Cannot remove sessions that ended");
    for tenant in settings.tenants.iter().filter(|tenant| !tenant.retention.is_empty()) {
        let done = of_tenant((tenant, settings.smtp.is_some()), store, now, stop, report).await;
        trouble = trouble.and(done.with_context(|| format!("Cannot erase what is due of {}", tenant.name)));
    }
    trouble
}

/// Removes the traces of what was erased from the files of the database.
///
/// # Errors
///
/// The database cannot be used: what is erased stays so.
pub(super) async fn leave_no_traces(store: &Store, report: &RetentionReport, stop: &CancellationToken) -> Result<()> {
    if report.applications + report.mails > 0 {
        // In a large database this takes hours, for which nobody who stops or reloads the service waits.
        tokio::select! {
            traces = store.off_thread(Store::leave_no_traces) => {
                if !traces.context("What is due was erased")? {
                    tracing::debug!("Somebody read the database: traces of what was erased go with the next erasing");
                }
            }
            () = stop.cancelled() => {
                tracing::info!("Traces of what was erased go with the next erasing: the service was asked to stop");
            }
        }
    }
    Ok(())
}

async fn of_tenant(
    (tenant, tells): (&Tenant, bool),
    store: &Store,
    now: DateTime<Utc>,
    stop: &CancellationToken,
    report: &mut RetentionReport,
) -> Result<(), StoreError> {
    let name = tenant.name.clone();
    let Some(id) = store.off_thread(move |store| store.tenant(&name)).await? else { return Ok(()) };
    let keeping = Keeping { tenant: id, rules: tenant.retention, clock: tenant.timezone, now, tells };
    for state in [ApplicationState::Rejected, ApplicationState::Withdrawn, ApplicationState::Hired] {
        let Some(period) = keeping.rules.of_application(state) else { continue };
        if let Some(block_after) = keeping.rules.block_after {
            keeping.applications(store, state, block_after, true, (stop, &mut *report)).await?;
        }
        keeping.applications(store, state, period, false, (stop, &mut *report)).await?;
    }
    for &outcome in ImportOutcome::ALL {
        if let Some(period) = keeping.rules.of_mail(outcome) {
            keeping.mails(store, outcome, period, (stop, &mut *report)).await?;
        }
    }
    Ok(())
}

impl Keeping {
    async fn applications(
        self,
        store: &Store,
        state: ApplicationState,
        period: Period,
        only_unblocked: bool,
        (stop, report): (&CancellationToken, &mut RetentionReport),
    ) -> Result<(), StoreError> {
        let mut behind = ApplicationId(0);
        while !stop.is_cancelled() {
            let _step = steps::begin("erasing");
            let wanted = DecidedBefore {
                tenant: self.tenant,
                state,
                before: period.began_by(self.now),
                only_unblocked,
                with_replies: self.rules.counted_from == CountedFrom::LastContact,
                behind,
                most: AT_ONCE,
            };
            let (last, done) = store.off_thread(move |store| self.some_applications(store, &wanted)).await?;
            report.add(done);
            let Some(last) = last else { break };
            behind = last;
        }
        Ok(())
    }

    fn some_applications(
        self,
        store: &Store,
        wanted: &DecidedBefore,
    ) -> Result<(Option<ApplicationId>, RetentionReport), StoreError> {
        let found = store.decided_applications(wanted)?;
        let last = found.last().map(|found| found.application);
        let mut report = RetentionReport::default();
        let mut due = Vec::new();
        for found in found {
            match self.rules.duty(&found.facts, self.clock, self.now) {
                Duty::Keep => {}
                Duty::Block => {
                    let blocked = store.block_due_application(found.application, &found.standing, self.now)?;
                    report.blocked += u64::from(blocked);
                }
                Duty::Erase => due.push((found.application, found.standing)),
            }
        }
        report.note(&store.erase_due_applications(&due, self.now)?);
        Ok((last, report))
    }

    async fn mails(
        self,
        store: &Store,
        outcome: ImportOutcome,
        period: Period,
        (stop, report): (&CancellationToken, &mut RetentionReport),
    ) -> Result<(), StoreError> {
        let mut behind = MailId(0);
        while !stop.is_cancelled() {
            let _step = steps::begin("erasing");
            let before = period.began_by(self.now);
            let done = store.off_thread(move |store| self.some_mails(store, outcome, before, behind)).await?;
            let (Some(last), erased) = done else { break };
            report.note(&erased);
            behind = last;
        }
        Ok(())
    }

    fn some_mails(
        self,
        store: &Store,
        outcome: ImportOutcome,
        before: DateTime<Utc>,
        behind: MailId,
    ) -> Result<(Option<MailId>, Erased), StoreError> {
        let found = store.mails_of_no_application(self.tenant, outcome, before, (behind, AT_ONCE, self.tells))?;
        let is_due = |since: &DateTime<Utc>| {
            self.rules.mail_erased_at(outcome, *since, self.clock).is_some_and(|due| due <= self.now)
        };
        let due: Vec<MailId> = found.mails.iter().filter(|(_, since)| is_due(since)).map(|(mail, _)| *mail).collect();
        Ok((found.looked_to, store.erase_due_mails(&due, self.now)?))
    }
}

impl RetentionReport {
    fn note(&mut self, erased: &Erased) {
        self.applications += erased.applications;
        self.mails += erased.mails;
    }

    fn add(&mut self, other: Self) {
        self.applications += other.applications;
        self.mails += other.mails;
        self.blocked += other.blocked;
    }
}

impl fmt::Display for RetentionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} applications and {} mails erased, {} applications blocked",
            self.applications, self.mails, self.blocked
        )
    }
}
