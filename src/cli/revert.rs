//! A person takes an entry back.

use super::{assign::move_on, connect, output};
use crate::application::id::MailId;
use crate::import::{Reverted, revert};
use crate::settings::Settings;
use crate::store::TakenBack;
use anyhow::Result;
use std::process::ExitCode;
use std::sync::Arc;

/// Take an entry back out of an application's history, with its files and the notifications not yet sent
///
/// The mail waits again, for `assign`; it does not come back by itself.
#[derive(Debug, clap::Args)]
pub(super) struct Revert {
    /// The mail's number, as `mails` lists it
    #[arg(value_name = "ID")]
    id: i64,
}

impl Revert {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let (id, settings) = (MailId(self.id), Arc::new(settings));
        let store = connect::ready_store(&settings, false)?;
        let reverted = store.off_thread(move |store| revert(store, id)).await?;
        match reverted {
            Reverted::Already => output::line(&format!("{id}: unassigned, taken back before"))?,
            Reverted::Done { number, notifications } => {
                output::line(&format!("{id}: unassigned (was imported for {number}); {}", words(&notifications)))?;
            }
        }
        move_on(&settings, &store, id).await;
        Ok(ExitCode::SUCCESS)
    }
}

fn words(notifications: &TakenBack) -> String {
    let mut parts = vec![match notifications.told.as_slice() {
        [] => "nobody was told".to_owned(),
        told => format!("told already: {}", told.join(", ")),
    }];
    if !notifications.in_hand.is_empty() {
        parts.push(format!("being told at this moment: {}", notifications.in_hand.join(", ")));
    }
    if notifications.withdrawn > 0 {
        parts.push(format!("{} notifications withdrawn", notifications.withdrawn));
    }
    parts.join("; ")
}
