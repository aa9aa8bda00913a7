//! The cookies: one that is the session, and one that tells browsers apart where somebody else signs people in.
//!
//! `__Host-` makes browsers take them from this host only, over TLS or from this machine. `Lax` sends them along when
//! somebody follows a link in a mail, and never with a foreign form.

use crate::store::{SESSION_LASTS, SecretToken};
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};

/// The cookie of a session.
pub(super) const SESSION: &str = "__Host-session";

/// The cookie of a browser whose user a reverse proxy vouches for.
pub(super) const BROWSER: &str = "__Host-browser";

/// The secret that the browser keeps under this name.
pub(super) fn kept(headers: &HeaderMap, name: &str) -> Option<SecretToken> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut of_name = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(named, value)| (named == name).then_some(value));
    of_name.next().and_then(SecretToken::parse)
}

/// The header by which the browser keeps a secret, as long as a session may last.
pub(super) fn keep(name: &str, secret: &SecretToken) -> Option<HeaderValue> {
    cookie(&format!("{name}={}", secret.expose()), SESSION_LASTS.num_seconds())
}

/// The header by which the browser forgets it.
pub(super) fn forget(name: &str) -> Option<HeaderValue> {
    cookie(&format!("{name}="), 0)
}

fn cookie(pair: &str, age: i64) -> Option<HeaderValue> {
    let value = format!("{pair}; Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=Lax");
    let mut value = HeaderValue::try_from(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{SESSION, forget, keep, kept};
    use crate::store::SecretToken;
    use axum::http::header::COOKIE;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn a_secret_is_found_among_other_cookies() {
        let secret = SecretToken::new().unwrap();
        let with = |cookies: String| HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(cookies).unwrap())]);
        let text = secret.expose();
        assert_eq!(kept(&with(format!("a=b; __Host-session={text};c=d")), SESSION), Some(secret.clone()));
        for wrong in [
            format!("session={text}"),
            format!("__host-session={text}"),
            format!("x__Host-session={text}"),
            format!("__Host-session={text}x"),
            "__Host-session=".to_owned(),
            "__Host-session".to_owned(),
        ] {
            assert_eq!(kept(&with(wrong.clone()), SESSION), None, "{wrong}");
        }
        assert_eq!(kept(&HeaderMap::new(), SESSION), None);
    }

    #[test]
    fn the_browser_sends_it_to_this_host_alone_and_shows_it_to_no_script() {
        let secret = SecretToken::new().unwrap();
        let attributes = "Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax";
        assert_eq!(keep(SESSION, &secret).unwrap(), format!("__Host-session={}; {attributes}", secret.expose()));
        let forgotten = forget(SESSION).unwrap();
        assert_eq!(forgotten, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
    }
}
