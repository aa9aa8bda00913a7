//! What an authorization server gave, looked through: a log-in must not fail an hour later for what was missing in it.

use super::access_token::{AccessToken, end_told_by, is_fit};
use super::error::Why;
use ::oauth2::basic::{BasicTokenResponse, BasicTokenType};
use ::oauth2::{Scope, TokenResponse as _};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

/// A token of which nobody says how long it lasts is believed to last so long.
const UNSAID: TimeDelta = TimeDelta::minutes(5);

/// Scopes that are about the request and not about what may be done; servers do not name them again.
const NOT_NAMED_AGAIN: [&str; 4] = ["offline_access", "openid", "profile", "email"];

/// The token that a reply gives, if the reply holds all that is needed. `now` is when it was asked for.
pub(super) fn token_in(given: &BasicTokenResponse, asked: &[String], now: DateTime<Utc>) -> Result<AccessToken, Why> {
    if *given.token_type() != BasicTokenType::Bearer {
        return Err(Why::Refused("its reply is no bearer token (`token_type`)".to_owned()));
    }
    let secret = SecretString::from(given.access_token().secret().as_str());
    if !is_fit(&secret) {
        return Err(Why::Refused("its reply holds no token that can be sent (`access_token`)".to_owned()));
    }
    let ends_at = match given.expires_in().map(|lasts| TimeDelta::from_std(lasts).unwrap_or(UNSAID)) {
        Some(lasts) => now.checked_add_signed(lasts).unwrap_or(now + UNSAID),
        None => end_told_by(&secret).unwrap_or(now + UNSAID),
    };
    if ends_at <= now {
        return Err(Why::Refused(
            "the token in its reply has ended already (`expires_in`); is this machine's clock right?".to_owned(),
        ));
    }
    if let Some(missing) = given.scopes().and_then(|granted| missing(asked, granted)) {
        return Err(Why::Refused(format!(
            "the scope `{missing}` was not granted: allow it to this application, or correct `scope`"
        )));
    }
    Ok(AccessToken::new(secret, now, ends_at))
}

/// The first scope that was asked for and not granted.
fn missing<'a>(asked: &'a [String], granted: &[Scope]) -> Option<&'a str> {
    let plain = |scope: &str| scope.trim_end_matches('/').to_ascii_lowercase();
    let granted: Vec<String> = granted.iter().map(|scope| plain(scope)).collect();
    asked.iter().map(String::as_str).find(|asked| {
        // `.default` stands for whatever was granted to the application.
        let is_named = !NOT_NAMED_AGAIN.contains(asked) && !asked.ends_with("/.default");
        // Microsoft names a scope with or without the address of the service.
        let asked = plain(asked);
        is_named && !granted.iter().any(|granted| *granted == asked || granted.ends_with(&format!("/{asked}")))
    })
}

#[cfg(test)]
mod tests {
    use super::token_in;
    use crate::oauth2::error::Why;
    use chrono::{DateTime, TimeDelta};
    use serde_json::json;

    /// The token's life in seconds, or what is missing.
    fn read(reply: &serde_json::Value, asked: &[&str]) -> Result<i64, String> {
        let asked: Vec<String> = asked.iter().map(|&scope| scope.to_owned()).collect();
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        match token_in(&serde_json::from_value(reply.clone()).unwrap(), &asked, now) {
            Ok(token) => Ok((token.ends_at() - now).num_seconds()),
            Err(Why::Refused(why) | Why::Away(why)) => Err(why),
        }
    }

    #[test]
    fn what_is_missing_in_a_reply_is_named() {
        let mail = ["https://mail.example.test/"];
        let reply =
            |scope: &str| json!({"access_token": "x", "token_type": "bearer", "expires_in": 3599, "scope": scope});
        assert_eq!(read(&reply("openid https://mail.example.test"), &mail), Ok(3599));
        assert!(read(&reply("openid"), &mail).unwrap_err().contains("`https://mail.example.test/`"));
        let with = |key: &str, value: serde_json::Value| {
            let mut reply = reply("https://mail.example.test/");
            reply[key] = value;
            reply
        };
        assert!(read(&with("token_type", "mac".into()), &mail).unwrap_err().contains("token_type"));
        assert!(read(&with("access_token", "".into()), &mail).unwrap_err().contains("access_token"));
        assert!(read(&with("access_token", "x\r\ny".into()), &mail).unwrap_err().contains("access_token"));
        assert!(read(&with("expires_in", 0.into()), &mail).unwrap_err().contains("expires_in"));
        for nonsense in [1_u64 << 43, u64::MAX] {
            assert_eq!(read(&with("expires_in", nonsense.into()), &mail), Ok(300));
        }
    }

    #[test]
    fn a_reply_that_names_no_scope_and_no_end_is_believed_for_five_minutes() {
        let reply = json!({"access_token": "x", "token_type": "Bearer"});
        assert_eq!(read(&reply, &["https://outlook.office365.com/.default"]), Ok(300));
    }

    #[test]
    fn scopes_that_are_not_named_again_are_not_missing() {
        let reply = json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60,
            "scope": "https://outlook.office365.com/IMAP.AccessAsUser.All"});
        assert_eq!(read(&reply, &["offline_access", "IMAP.AccessAsUser.All"]), Ok(60));
        assert_eq!(read(&reply, &["https://outlook.office365.com/.default"]), Ok(60));
        assert!(read(&reply, &["https://outlook.office365.com/SMTP.Send"]).is_err());
    }
}
