//! A token and the time it lasts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A token is renewed so long before its end, or earlier by a tenth of its life if that is shorter.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// What opens a mailbox for a time. Printing it does not show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    secret: SecretString,
    obtained_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl AccessToken {
    pub(super) fn new(secret: SecretString, obtained_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Self {
        Self { secret, obtained_at, ends_at }
    }

    /// The token itself.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// When it was given, by this machine's clock.
    pub fn obtained_at(&self) -> DateTime<Utc> {
        self.obtained_at
    }

    /// When it ends, by this machine's clock.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.ends_at
    }

    /// From then on another one is asked for before a log-in.
    pub fn renew_at(&self) -> DateTime<Utc> {
        let life = self.ends_at - self.obtained_at;
        self.ends_at - MARGIN.min(life / 10)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.secret.expose_secret() == other.secret.expose_secret()
    }
}

/// The end that a token tells by itself, if it is a JSON Web Token (RFC 7519) with `exp`. Its signature is the mail server's
/// business.
pub(super) fn end_told_by(token: &SecretString) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Claims {
        exp: f64,
    }
    let mut parts = token.expose_secret().split('.');
    let (_head, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a second more or less, and bounded")]
    DateTime::from_timestamp(claims.exp as i64, 0)
}

/// A token that goes into a command as it is (RFC 6750, section 2.1, and what else servers give): one printable word.
pub(super) fn is_fit(token: &SecretString) -> bool {
    let token = token.expose_secret();
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::{AccessToken, end_told_by, is_fit};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_token_is_renewed_five_minutes_or_a_tenth_of_its_life_before_its_end() {
        let begin = DateTime::UNIX_EPOCH;
        let renewed_after = |life| (AccessToken::new("x".into(), begin, begin + life).renew_at() - begin).num_seconds();
        assert_eq!(renewed_after(TimeDelta::hours(1)), 3300);
        assert_eq!(renewed_after(TimeDelta::seconds(100)), 90);
    }

    #[test]
    fn the_end_is_read_from_a_web_token_and_from_nothing_else() {
        let web = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"exp":1700000000,"sub":"x"}"#));
        assert_eq!(end_told_by(&web.into()).unwrap().timestamp(), 1_700_000_000);
        for other in ["ya29.opaque", "a.b.c", "", "e30.e30.x"] {
            assert_eq!(end_told_by(&other.into()), None, "{other}");
        }
    }

    #[test]
    fn a_token_with_a_line_end_or_a_blank_is_not_sent_anywhere() {
        assert!(is_fit(&"ya29.a0Af_B-x~/+==".into()));
        for wrong in ["", "a b", "a\r\nR1 DELETE INBOX", "a\u{1}", "ä"] {
            assert!(!is_fit(&wrong.into()), "{wrong:?}");
        }
        assert!(
            !format!("{:?}", AccessToken::new("geheim".into(), DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH))
                .contains("geheim")
        );
    }
}
