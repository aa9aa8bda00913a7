//! What Chromium can do beyond the standard of browser drivers.

use oauth2::http::Method;
use oauth2::url::{ParseError, Url};
use serde_json::{Value, json};

/// A command of the `DevTools` protocol, which chromedriver passes on.
#[derive(Debug)]
pub(super) struct DevTools(pub(super) &'static str, pub(super) Value);

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.0, "params": self.1}).to_string()))
    }
}

/// What pages wrote to their consoles since it was asked for last: blocked contents among it.
#[derive(Debug)]
pub(super) struct Console;

impl fantoccini::wd::WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/se/log", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}
