//! Forms are ours: what tells a form of our pages from one that another site made the browser send.

use crate::settings::Settings;
use crate::store::SecretToken;
use anyhow::{Context, Result};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

/// What the forms of a person's pages bear: only who has the browser's secret can make it.
///
/// # Errors
///
/// The library for it fails.
pub(super) fn mark(secret: &SecretToken, whose: &str) -> Result<String> {
    let wanted = "Cannot make the mark of forms";
    let key = PKey::hmac(secret.expose().as_bytes()).context(wanted)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).context(wanted)?;
    let purpose = format!("reply-import form {whose}");
    Ok(URL_SAFE_NO_PAD.encode(signer.sign_oneshot_to_vec(purpose.as_bytes()).context(wanted)?))
}

/// Whether a form bears this mark; takes as long whatever it bears.
pub(super) fn bears(brought: &str, mark: &str) -> bool {
    !mark.is_empty() && brought.len() == mark.len() && openssl::memcmp::eq(brought.as_bytes(), mark.as_bytes())
}

/// Whether a browser that says where a form came from says that it was one of our pages. Programs that are no browsers
/// say nothing.
pub(super) fn comes_from_our_page(settings: &Settings, headers: &HeaderMap) -> bool {
    let of = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = of("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match of(ORIGIN.as_str()) {
        None => true,
        // Our pages ask browsers not to say where somebody comes from (`Referrer-Policy: no-referrer`); then the origin is
        // `null`, as it is for forms in a foreign sandbox.
        Some("null") => site == Some("same-origin"),
        Some(origin) => {
            let is_public = settings.public_url.as_deref().is_some_and(|ours| same_origin(ours, origin));
            let host = of(HOST.as_str()).unwrap_or_default();
            is_public || origin.split_once("://").is_some_and(|(_, named)| named.eq_ignore_ascii_case(host))
        }
    }
}

/// Whether both are the same scheme, host and port.
fn same_origin(ours: &str, theirs: &str) -> bool {
    let plain = |url: &str| {
        let url = url.to_ascii_lowercase();
        let usual = if url.starts_with("https://") { ":443" } else { ":80" };
        url.strip_suffix(usual).map(str::to_owned).unwrap_or(url)
    };
    plain(ours) == plain(theirs)
}

#[cfg(test)]
mod tests {
    use super::{bears, mark, same_origin};
    use crate::store::SecretToken;

    #[test]
    fn a_mark_is_the_browsers_and_the_persons() {
        let secret = SecretToken::new().unwrap();
        let ours = mark(&secret, "1").unwrap();
        assert!(bears(&mark(&secret, "1").unwrap(), &ours));
        assert!(!bears(&mark(&secret, "2").unwrap(), &ours));
        assert!(!bears(&mark(&SecretToken::new().unwrap(), "1").unwrap(), &ours));
        assert!(!bears("", &ours) && !bears("", "") && !bears(&format!("{ours}A"), &ours));
        assert!(!ours.contains(secret.expose()));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let ours = "https://recruiting.example.com";
        for same in
            ["https://recruiting.example.com", "https://Recruiting.Example.COM", "https://recruiting.example.com:443"]
        {
            assert!(same_origin(ours, same), "{same}");
        }
        for other in [
            "http://recruiting.example.com",
            "https://recruiting.example.com.evil.example",
            "https://evil.example",
            "https://recruiting.example.com:8443",
            "null",
            "",
        ] {
            assert!(!same_origin(ours, other), "{other}");
        }
    }
}
