//! One request for a token to an authorization server (RFC 6749). Blocks.

use super::assertion::{ASSERTION_TYPE, Signatory};
use super::error::Why;
use super::http::{NoReply, agent, send};
use super::refusal;
use crate::settings::{Grant, Secret, TokenEndpoint, leads_to_this_machine};
use ::oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use ::oauth2::url::Url;
use ::oauth2::{AuthType, ClientId, ClientSecret, HttpRequest, RefreshToken, RequestTokenError, Scope, TokenUrl};
use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};

/// Asks for a token with the client's own rights, or with those of a refresh token.
pub(super) fn ask(endpoint: &TokenEndpoint, refresh_token: Option<&SecretString>) -> Result<BasicTokenResponse, Why> {
    let url =
        TokenUrl::new(endpoint.url.clone()).map_err(|_| Why::Refused("`token_endpoint` is no address".to_owned()))?;
    let agent = agent(endpoint.ca_file.as_deref(), !leads_to_this_machine(&endpoint.url))?;
    let send = |request: HttpRequest| send(&agent, request);
    let client = BasicClient::new(ClientId::new(endpoint.client_id.clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(url);
    let client = match secret_of(&endpoint.grant).map(|secret| secret.read_as("client secret")).transpose()? {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    };
    let scopes = endpoint.scopes.iter().cloned().map(Scope::new);
    let answer = match (&endpoint.grant, refresh_token) {
        (Grant::RefreshToken { .. }, None) => return Err(Why::Refused("there is no refresh token".to_owned())),
        (Grant::RefreshToken { .. }, Some(token)) => {
            let token = RefreshToken::new(token.expose_secret().to_owned());
            client.exchange_refresh_token(&token).add_scopes(scopes).request(&send)
        }
        (Grant::ClientSecret(_), _) => client.exchange_client_credentials().add_scopes(scopes).request(&send),
        (Grant::ClientCertificate { certificate, key, algorithm }, _) => {
            let signatory = Signatory::read(certificate, key, *algorithm)?;
            let assertion = signatory.assertion(&endpoint.client_id, &endpoint.url, &unique(), Utc::now())?;
            client
                .exchange_client_credentials()
                .add_scopes(scopes)
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion)
                .request(&send)
        }
    };
    answer.map_err(why)
}

/// The server's name, for errors.
pub(super) fn server_of(endpoint: &TokenEndpoint) -> String {
    let url = Url::parse(&endpoint.url).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "the token endpoint".to_owned())
}

fn secret_of(grant: &Grant) -> Option<&Secret> {
    match grant {
        Grant::ClientSecret(secret) => Some(secret),
        Grant::RefreshToken { client_secret, .. } => client_secret.as_ref(),
        Grant::ClientCertificate { .. } => None,
    }
}

fn unique() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// The library's error holds the whole reply, a token perhaps: nothing of it is passed on but codes.
fn why(error: RequestTokenError<NoReply, BasicErrorResponse>) -> Why {
    match error {
        RequestTokenError::Request(NoReply(why)) => why,
        RequestTokenError::ServerResponse(answer) => {
            let error = answer.error().as_ref();
            let words = refusal::in_words(error, answer.error_description().map(String::as_str));
            if refusal::is_temporary(error) { Why::Away(words) } else { Why::Refused(words) }
        }
        RequestTokenError::Parse(error, _reply) => {
            let field = error.path().to_string();
            Why::Refused(format!("its reply is no token reply (at `{field}`); is `token_endpoint` right?"))
        }
        RequestTokenError::Other(_) => {
            Why::Refused("its reply is empty or no JSON; is `token_endpoint` right?".to_owned())
        }
    }
}
