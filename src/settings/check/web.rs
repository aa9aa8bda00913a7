//! How the candidate's profile is served.

use super::Checker;
use crate::settings::{Web, written};

impl Checker<'_> {
    pub(super) fn web(&mut self, web: &written::Web) -> Option<Web> {
        let text = web.listen.as_deref()?;
        let listen = text.parse().ok();
        if listen.is_none() {
            let text = format!("`{text}` is no address with a port; write one such as \"127.0.0.1:8025\"");
            self.fault("web.listen", text);
        }
        Some(Web { listen: listen? })
    }
}
