//! Sends the mail by which somebody signs in: directly, since the outbox would keep the link.

use super::open_sender;
use crate::notification::{RenderedMail, Renderer, SignInText};
use crate::oauth2;
use crate::settings::{Settings, Smtp};
use crate::smtp::Delivery;
use crate::store::SIGN_IN_LINK_LASTS;
use crate::web::SignInMail;
use anyhow::{Context, Result, anyhow, bail};
use std::time::Duration;

/// How long to wait before each further try; a person waits for the mail, and the link is soon too old.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(2),
];

/// Sends the mail; tries again for some minutes if the server is away or busy.
///
/// # Errors
///
/// It was not sent. Without the server's answer, which quotes addresses.
pub(super) async fn send(settings: &Settings, mail: &SignInMail) -> Result<()> {
    let smtp = settings.smtp.as_ref().context("There is no [smtp] to send it by")?;
    let rendered = rendered(settings, mail)?;
    for pause in PAUSES {
        match attempt(smtp, &rendered).await {
            Ok(Delivery::Sent) => return Ok(()),
            Ok(Delivery::Never(_)) => bail!("The SMTP server refuses it for good"),
            Ok(Delivery::Away(_) | Delivery::TryLater(_) | Delivery::RefusedForNow(_)) => {
                tracing::info!("A link to sign in could not be sent yet");
            }
            Err(error) => tracing::warn!(error = format!("{error:#}"), "A link to sign in could not be sent yet"),
        }
        tokio::time::sleep(pause).await;
    }
    bail!("The SMTP server did not take it in time")
}

async fn attempt(smtp: &Smtp, mail: &RenderedMail) -> Result<Delivery> {
    let (sender, token) = open_sender(smtp).await?;
    let delivery = sender.send(mail).await;
    sender.close().await;
    if let (Some((oauth2, token)), true) = (&token, sender.login_was_refused()) {
        oauth2::token_instead_of(oauth2, token).await?;
    }
    Ok(delivery)
}

fn rendered(settings: &Settings, mail: &SignInMail) -> Result<RenderedMail> {
    let mut key = [0; 16];
    openssl::rand::rand_bytes(&mut key).map_err(|_| anyhow!("The system gives no random numbers"))?;
    let import = settings.mailboxes.iter().find(|mailbox| mailbox.tenant == mail.tenant);
    let text = SignInText {
        to: &mail.to,
        name: &mail.name,
        language: mail.language,
        tenant: &mail.tenant,
        link: &mail.link,
        minutes: SIGN_IN_LINK_LASTS.num_minutes(),
        message_key: &hex::encode(key),
        loop_address: import.map_or("", |mailbox| mailbox.address.as_str()),
    };
    Ok(Renderer::new()?.sign_in(&text)?)
}
