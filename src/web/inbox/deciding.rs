//! What a person decides: each form leads on to the page that says what came of it.

use super::said::Said;
use crate::application::id::MailId;
use crate::web::fault::Fault;
use crate::web::id::Id;
use crate::web::posted::{Button, Posted};
use crate::web::state::Web;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

/// The form that assigns.
#[derive(Debug, Deserialize)]
pub(super) struct Number {
    number: String,
}

pub(super) async fn assign(
    State(web): State<Web>,
    Id(mail): Id,
    Posted(signed_in, form): Posted<Number>,
) -> Result<Redirect, Fault> {
    let (mail, number) = (MailId(mail), form.number.trim());
    let said = Said::of(web.acts.assign(signed_in.viewer, mail, number.to_owned()).await)?;
    Ok(Redirect::to(&said.address(mail, number)))
}

pub(super) async fn ask(
    State(web): State<Web>,
    Id(mail): Id,
    Posted(signed_in, Button {}): Posted<Button>,
) -> Result<Redirect, Fault> {
    let mail = MailId(mail);
    let said = Said::of(web.acts.ask(signed_in.viewer, signed_in.name, mail).await)?;
    Ok(Redirect::to(&said.address(mail, "")))
}

pub(super) async fn discard(
    State(web): State<Web>,
    Id(mail): Id,
    Posted(signed_in, Button {}): Posted<Button>,
) -> Result<Redirect, Fault> {
    let mail = MailId(mail);
    let said = Said::of(web.acts.discard(signed_in.viewer, mail).await)?;
    Ok(Redirect::to(&said.address(mail, "")))
}

pub(super) async fn take_back(
    State(web): State<Web>,
    Id(mail): Id,
    Posted(signed_in, Button {}): Posted<Button>,
) -> Result<Redirect, Fault> {
    let mail = MailId(mail);
    let said = Said::of(web.acts.take_back(signed_in.viewer, mail).await)?;
    Ok(Redirect::to(&said.address(mail, "")))
}
