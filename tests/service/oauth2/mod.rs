//! Mailboxes that take access tokens: how tokens are had, how they are kept, and what happens when there is none.

mod expiry;
mod refusals;
mod rotation;
mod smtp;
mod status;
mod ways;

use crate::harness::{TokenEndpoint, dovecot};
use crate::house::{Builder, House, builder};

/// A house whose mail server takes tokens, and who gives them.
pub struct TokenHouse {
    pub house: House,
    pub endpoint: TokenEndpoint,
}

/// A house whose mailbox is opened by tokens that are had by `way`, and whose files are all there.
pub fn token_house(way: &str) -> TokenHouse {
    furnished(builder(), way)
}

/// The same with wishes of its own.
pub fn furnished(builder: Builder, way: &str) -> TokenHouse {
    let house = builder.dovecot(dovecot::Builder::taking_tokens).build();
    let endpoint = TokenEndpoint::start();
    house.service.write("client-secret", format!("{}\n", crate::harness::token_endpoint::CLIENT_SECRET));
    house.service.write("refresh-token", "refresh-0\n");
    let with_tokens =
        house.settings().replacen("password_file = \"imap-password\"", &oauth2(&endpoint, "import", way), 1);
    house.service.set_settings(&with_tokens);
    TokenHouse { house, endpoint }
}

/// The line of the settings.
pub fn oauth2(endpoint: &TokenEndpoint, user: &str, way: &str) -> String {
    if way.contains("token_command") {
        return format!("oauth2 = {{ {way} }}");
    }
    format!("oauth2 = {{ token_endpoint = \"{}\", client_id = \"client-{user}\", {way} }}", endpoint.url())
}

/// Client credentials with a secret.
pub const BY_SECRET: &str = "scope = \"https://mail.example.test/\", client_secret_file = \"client-secret\"";

/// A refresh token.
pub const BY_REFRESH_TOKEN: &str = "client_secret_file = \"client-secret\", refresh_token_file = \"refresh-token\"";
