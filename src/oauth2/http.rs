//! One POST to an authorization server.

use super::error::Why;
use crate::https::{self, Reaching};
use ::oauth2::{HttpRequest, HttpResponse};
use std::path::Path;
use std::time::Duration;
use ureq::Agent;

/// The whole request takes no longer.
const DEADLINE: Duration = Duration::from_secs(30);

/// No token reply is longer, in octets.
const LONGEST_REPLY: u64 = 256 << 10;

/// What ends a request before there is a reply to be read.
#[derive(Debug, thiserror::Error)]
#[error("no reply")]
pub(super) struct NoReply(pub(super) Why);

/// Sends requests to one server. Blocks; call off the async threads.
pub(super) fn agent(ca_file: Option<&Path>, by_proxy: bool) -> Result<Agent, Why> {
    Ok(https::agent(Reaching { ca_file, by_proxy, deadline: DEADLINE })?)
}

/// Sends one request; a server that is away or busy is told apart from one that refuses.
pub(super) fn send(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, NoReply> {
    let mut answer = agent.run(request).map_err(|error| NoReply(no_answer(&error)))?;
    let status = answer.status();
    if status.is_server_error() || status.as_u16() == 429 {
        return Err(NoReply(Why::Away(format!("it answers {status}"))));
    }
    if status.is_redirection() {
        let text = format!("it answers {status}, and a secret is sent to no other address; correct `token_endpoint`");
        return Err(NoReply(Why::Refused(text)));
    }
    let body = answer.body_mut().with_config().limit(LONGEST_REPLY).read_to_vec();
    let body = body.map_err(|error| NoReply(no_answer(&error)))?;
    let (parts, _) = answer.into_parts();
    Ok(HttpResponse::from_parts(parts, body))
}

fn no_answer(error: &ureq::Error) -> Why {
    let text = error.to_string();
    match error {
        ureq::Error::Timeout(_) => Why::Away(format!("no answer within {} s", DEADLINE.as_secs())),
        ureq::Error::HostNotFound => Why::Away("the host name was not found".to_owned()),
        // Which part of a handshake failed is told in words only; those of a certificate need a person.
        _ if text.contains("certificate") => Why::Refused(text),
        ureq::Error::BadUri(_) | ureq::Error::InvalidProxyUrl | ureq::Error::BodyExceedsLimit(_) => Why::Refused(text),
        _ => Why::Away(text),
    }
}
