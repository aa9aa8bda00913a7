//! Sends links behind the answer, so that nobody sees by it whether an address is known.

use super::next::place_of_ours;
use crate::application::EmailAddress;
use crate::web::acts::SignInMail;
use crate::web::state::Web;
use anyhow::{Context, Result};
use chrono::Utc;
use futures::future::join_all;
use tokio::sync::Semaphore;

/// So many requests for links are worked on at a time.
const AT_ONCE: usize = 8;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// Sends each active user of this address a link that leads to `next`. Comes back at once.
pub(super) fn send_links(web: Web, to: EmailAddress, next: String) {
    tokio::spawn(async move {
        // The error names nobody: what the mail server answers quotes addresses and is left out.
        if let Err(error) = send(&web, to, next).await {
            tracing::warn!(error = format!("{error:#}"), "A link to sign in was not sent");
        }
    });
}

async fn send(web: &Web, to: EmailAddress, next: String) -> Result<()> {
    let _place = PLACES.acquire().await?;
    let links = web.ask(move |store| store.make_sign_in_links(&to, place_of_ours(&next), Utc::now())).await?;
    let start = web.settings.pages_url().context("The pages have no address")?;
    let served = links.into_iter().filter(|link| web.settings.tenant(&link.user.tenant_name).is_ok());
    let mails = served.map(|link| SignInMail {
        to: link.user.address,
        name: link.user.name,
        language: link.user.language,
        tenant: link.user.tenant_name,
        link: format!("{start}/sign-in/{}", link.token.expose()),
    });
    for sent in join_all(mails.map(|mail| web.acts.send_sign_in_link(mail))).await {
        sent?;
    }
    Ok(())
}
