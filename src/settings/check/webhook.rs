//! The webhooks of one tenant.

use super::checker::Checker;
use crate::settings::{Secret, Webhook, written};
use std::collections::HashSet;

impl Checker<'_> {
    pub(super) fn webhooks(&mut self, key: &str, written: Vec<written::Webhook>) -> Vec<Webhook> {
        let mut urls = HashSet::new();
        let mut webhooks = Vec::new();
        for (n, webhook) in written.into_iter().enumerate() {
            let key = |name: &str| format!("{key}.{n}.{name}");
            if !urls.insert(webhook.url.clone()) {
                self.fault(key("url"), format!("`{}` is the address of two webhooks", webhook.url));
            }
            if webhook.events.is_empty() {
                self.fault(key("events"), "Name at least one event, or leave the key out");
            }
            let secret = self.secret_file(&key("secret_file"), &webhook.secret_file);
            let ca_file = webhook.ca_file.map(|path| self.places.beside(&path));
            self.file(&key("ca_file"), ca_file.as_deref());
            if let Some(url) = self.endpoint_url(&key("url"), Some(webhook.url)) {
                webhooks.push(Webhook { url, secret: Secret::File(secret), ca_file, events: webhook.events });
            }
        }
        webhooks
    }
}

#[cfg(test)]
mod tests {
    use crate::decision::WebhookEvent;
    use crate::settings::tests::{GOOD, fault, settings};

    #[test]
    fn a_webhook_has_an_address_that_nobody_else_can_listen_at_and_a_secret() {
        let webhook = |lines: &str| format!("{GOOD}[[tenant.webhook]]\n{lines}\n");
        let good = "url = \"https://hooks.example/in\"\nsecret_file = \"/dev/null\"";
        let tenant = settings(&webhook(good), &[]).unwrap().tenants.remove(0);
        assert_eq!(tenant.webhooks[0].events, WebhookEvent::ALL);
        for (lines, key) in [
            ("url = \"http://hooks.example/in\"\nsecret_file = \"/dev/null\"", "tenant.0.webhook.0.url"),
            ("url = \"hooks.example\"\nsecret_file = \"/dev/null\"", "tenant.0.webhook.0.url"),
            ("url = \"http://127.0.0.1:1/in\"\nsecret_file = \"/nowhere\"", "tenant.0.webhook.0.secret_file"),
            ("url = \"http://127.0.0.1:1/in\"", "secret_file"),
            (&format!("{good}\nevents = []"), "tenant.0.webhook.0.events"),
            (&format!("{good}\nevents = [\"mail.lost\"]"), "mail.lost"),
            (&format!("{good}\n[[tenant.webhook]]\n{good}"), "tenant.0.webhook.1.url"),
        ] {
            let said = fault(&webhook(lines));
            assert!(said.contains(key), "{lines}: {said}");
        }
    }
}
