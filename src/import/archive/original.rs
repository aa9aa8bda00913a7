//! The bytes of a recorded mail, from its archive folder.

use super::not_found;
use super::search::originals;
use crate::application::id::MailId;
use crate::import::connect::connect;
use crate::import::mail_in_hand::Content;
use crate::settings::Settings;
use crate::store::Store;
use anyhow::{Context, Result, bail};

/// Fetches the original of a recorded mail; nothing is changed at the server.
///
/// # Errors
///
/// There is no such mail, its mailbox is not in the settings, it is not to be found or too large, or the connection or the
/// database failed.
pub async fn original(settings: &Settings, store: &Store, mail: MailId) -> Result<Vec<u8>> {
    let place = store.off_thread(move |store| store.mail_place(mail)).await?;
    let place = place.with_context(|| format!("There is no mail {mail}; `reply-import mails` lists them"))?;
    let mailbox = settings.mailbox(&place.address)?;
    let mut session = connect(mailbox).await?;
    let found = originals(&mut session, store, mailbox, std::slice::from_ref(&place)).await;
    session.logout().await;
    match found?.remove(&mail).map(|original| original.content) {
        Some(Content::Whole(bytes)) => Ok(bytes),
        Some(Content::Beginning(_)) => bail!("Mail {mail} is larger than the mailbox's `max_size`"),
        Some(Content::Withheld | Content::GivenUp) | None => {
            bail!(not_found(&place))
        }
    }
}
