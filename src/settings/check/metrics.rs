//! Where metrics are served, and what they call the mailboxes.

use super::checker::Checker;
use crate::settings::{Mailbox, Metrics, written};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;

/// The longest name of a mailbox, in characters.
const LONGEST_NAME: usize = 60;

impl Checker<'_> {
    pub(super) fn metrics(&mut self, metrics: &written::Metrics) -> Option<Metrics> {
        let text = metrics.listen.as_deref()?;
        let listen: Option<SocketAddr> = text.parse().ok();
        if listen.is_none() {
            let text = format!("`{text}` is no address with a port; write one such as \"127.0.0.1:9125\"");
            self.fault("metrics.listen", text);
        }
        listen.map(|listen| Metrics { listen })
    }

    /// A name stands in labels, where no address may stand, and two mailboxes of one name would be one there. A number
    /// alone could be that of another mailbox's row.
    pub(super) fn mailboxes_are_told_apart_by_name(&mut self, mailboxes: &[Arc<Mailbox>]) {
        let mut names = HashSet::new();
        for (n, mailbox) in mailboxes.iter().enumerate() {
            let Some(name) = &mailbox.name else { continue };
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !begins_well || !name.chars().all(is_of_name) || name.len() > LONGEST_NAME {
                let text = format!(
                    "`{name}` is no name for metrics: begin with a letter, then letters, digits, `-`, `_`, `.`, at most \
                     {LONGEST_NAME} in all"
                );
                self.fault(format!("mailbox.{n}.name"), text);
            } else if !names.insert(name) {
                self.fault(format!("mailbox.{n}.name"), format!("`{name}` is the name of two mailboxes"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::tests::{GOOD, settings};

    #[test]
    fn metrics_are_served_at_an_address_with_a_port_and_nowhere_by_default() {
        assert_eq!(settings(GOOD, &[]).unwrap().metrics, None);
        let metrics = settings(&format!("{GOOD}[metrics]\nlisten = \"127.0.0.1:9125\"\n"), &[]).unwrap().metrics;
        assert_eq!(metrics.unwrap().listen.port(), 9125);
        let said = settings(&format!("{GOOD}[metrics]\nlisten = \"localhost\"\n"), &[]).unwrap_err().to_string();
        assert!(said.contains("metrics.listen"), "{said}");
    }

    #[test]
    fn a_mailbox_has_a_name_that_is_no_address_and_no_number() {
        let named = |name: &str| settings(GOOD, &[("REPLY_IMPORT_MAILBOX__0__NAME", name)]);
        assert_eq!(named("antworten-1").unwrap().mailboxes[0].name.as_deref(), Some("antworten-1"));
        for name in ["import@example.com", "7", "", "a b", "ä", &"a".repeat(61)] {
            let said = named(name).map(|_| ()).map_err(|error| error.to_string());
            assert!(said.is_err_and(|said| said.contains("mailbox.0.name")), "{name}");
        }
    }
}
