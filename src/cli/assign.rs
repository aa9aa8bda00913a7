//! A person decides about a mail that waits.

use super::{connect, output};
use crate::application::id::MailId;
use crate::import::{Assigned, assign};
use crate::service::{self, MovedOn};
use crate::settings::Settings;
use crate::store::Store;
use anyhow::Result;
use std::process::ExitCode;
use std::sync::Arc;

/// Make a mail that waits an entry of an application's history; those responsible are told
///
/// The mail is moved to its archive folder at once if the mail server can be reached and no service works on the mailbox, else
/// by the next round.
#[derive(Debug, clap::Args)]
pub(super) struct Assign {
    /// The mail's number, as `mails` lists it
    #[arg(value_name = "ID")]
    id: i64,
    /// The application's reference number
    #[arg(value_name = "NUMBER")]
    number: String,
}

impl Assign {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let (id, number, settings) = (MailId(self.id), self.number.clone(), Arc::new(settings));
        let store = connect::ready_store(&settings, false)?;
        let assigned = {
            let settings = settings.clone();
            store.off_thread(move |store| assign(&settings, store, id, &number, None)).await?
        };
        match assigned {
            Assigned::Already { number } => {
                output::line(&format!("{id}: imported, in the history of {number} already"))?;
            }
            Assigned::Added { number, to, before, told } => {
                let told = in_words(&told);
                let added = format!("the same reply as mail {to} in the history of {number}, and added to it");
                output::line(&format!("{id}: {added} (was {before}); told: {told}"))?;
            }
            Assigned::Done { number, before, told } => {
                output::line(&format!("{id}: imported for {number} (was {before}); told: {}", in_words(&told)))?;
            }
        }
        move_on(&settings, &store, id).await;
        Ok(ExitCode::SUCCESS)
    }
}

fn in_words(told: &[String]) -> String {
    if told.is_empty() { "nobody".to_owned() } else { told.join(", ") }
}

/// Moves the mail to its archive folder; the decision stands whatever comes of that.
pub(super) async fn move_on(settings: &Arc<Settings>, store: &Store, id: MailId) {
    let why = match service::move_on(settings, store, id).await {
        Ok(MovedOn::Done) => return,
        Ok(MovedOn::LeftToAWorker) => {
            output::complain(&format!("{id}: recorded; the running service moves it to its folder when it looks next"));
            return;
        }
        Err(error) => error,
    };
    output::complain(&format!("{id}: recorded, but not moved to its folder yet, the next round does it: {why:#}"));
}
