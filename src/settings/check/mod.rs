//! Turns what was typed into what is meant, and finds what contradicts itself.

mod checker;
mod connections;
mod credentials;
mod files;
mod limits;
mod mailbox;
mod metrics;
mod oauth2;
mod places;
mod retention;
mod sender;
mod sending;
mod tenant;
mod virus_scan;
mod web;
mod webhook;

pub(super) use places::Places;

use super::written::Written;
use super::{Mailbox, Settings, SettingsError, Smtp, Tenant};
use crate::application::EmailAddress;
use crate::retention::RetentionRules;
use checker::Checker;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(super) fn check(places: Places<'_>, written: Written) -> Result<Settings, SettingsError> {
    let file = places.settings;
    let mut checker = Checker {
        places,
        database_url: places.database(&written.database.url),
        faults: Vec::new(),
        secrets: credentials::Unreadable::default(),
    };
    let without_effect = written.tenant.iter().filter_map(sender::set_in_vain).collect();
    checker.database(&written.database.url);
    let public_url = written.web.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
    let retention = checker.retention("retention.", &written.retention, RetentionRules::default());
    let tenants: Vec<Tenant> =
        written.tenant.into_iter().enumerate().map(|(n, tenant)| checker.tenant(n, tenant, retention)).collect();
    let mailboxes: Vec<Arc<Mailbox>> = written
        .mailbox
        .into_iter()
        .enumerate()
        .filter_map(|(n, mailbox)| checker.mailbox(n, mailbox, &tenants).map(Arc::new))
        .collect();
    let web = checker.web(&written.web, public_url.as_deref(), written.smtp.is_some());
    let metrics = checker.metrics(&written.metrics);
    let smtp = written.smtp.and_then(|smtp| checker.smtp(smtp));
    let time_per_mail = written.limits.time_per_mail;
    let virus_scan = written.virus_scan.and_then(|scan| checker.virus_scan(&scan));
    let connections = checker.connections(&written.connections);
    let files = written.files.and_then(|files| checker.files(files));
    let lease = checker.lease(written.workers.lease);
    let limits = checker.limits(&written.limits);
    let notify = checker.notify(&written.notify);
    checker.house(&tenants, &mailboxes, smtp.as_ref());
    let hint = checker.secrets.hint(places);
    if !checker.faults.is_empty() {
        checker.faults.append(&mut checker.secrets.faults);
        return Err(SettingsError::new(file, checker.faults).with_hint(hint));
    }
    let secrets = checker.secrets.faults;
    let unreadable_secrets = (!secrets.is_empty()).then(|| SettingsError::new(file, secrets).with_hint(hint));
    Ok(Settings {
        file: file.to_owned(),
        database_url: checker.database_url,
        tenants,
        mailboxes,
        smtp,
        notify,
        limits,
        time_per_mail,
        virus_scan,
        connections,
        files,
        lease,
        web,
        public_url,
        metrics,
        log_format: written.log.format,
        without_effect,
        unreadable_secrets,
    })
}

impl Checker<'_> {
    fn database(&mut self, url: &str) {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
            self.fault("database.url", "Write `sqlite:PATH` or `postgres://USER@HOST/DATABASE`");
        }
    }

    /// What only shows when everything is looked at together.
    fn house(&mut self, tenants: &[Tenant], mailboxes: &[Arc<Mailbox>], smtp: Option<&Smtp>) {
        if tenants.is_empty() {
            self.fault("tenant", "At least one [[tenant]] is needed");
        }
        if mailboxes.is_empty() && self.faults.is_empty() {
            self.fault("mailbox", "At least one [[mailbox]] is needed");
        }
        let mut names = HashSet::new();
        for tenant in tenants {
            if !names.insert(&tenant.name) {
                self.fault("tenant.name", format!("`{}` is the name of two tenants", tenant.name));
            }
        }
        self.mailboxes_are_told_apart_by_name(mailboxes);
        let mut addresses = HashSet::new();
        for mailbox in mailboxes {
            if !addresses.insert(&mailbox.address) {
                self.fault(
                    "mailbox.address",
                    format!("`{}` is the address of two mailboxes", mailbox.address.as_str()),
                );
            }
        }
        self.mailboxes_are_not_one(mailboxes);
        self.nobody_told_is_an_import_address(tenants, mailboxes, smtp);
        self.refresh_tokens_are_kept_apart(mailboxes, smtp);
    }

    /// Two that watch the same inbox would record each mail twice, and show the one tenant's to the other.
    fn mailboxes_are_not_one(&mut self, mailboxes: &[Arc<Mailbox>]) {
        let mut inboxes = HashMap::new();
        for mailbox in mailboxes {
            let (server, address) = (&mailbox.server, mailbox.address.as_str());
            let login = server.login.as_ref().map(|login| login.username.as_str());
            let inbox = (server.host.to_ascii_lowercase(), server.port, login, mailbox.folder.to_string());
            if let Some(other) = inboxes.insert(inbox, address).filter(|other| *other != address) {
                let text = format!(
                    "`{address}` is the same inbox as `{other}`: same host, port, username and folder. Give each its own, or \
                     remove one"
                );
                self.fault("mailbox.username", text);
            }
        }
    }

    /// A notice that goes to an import address, or comes from one, would come in as mail.
    fn nobody_told_is_an_import_address(
        &mut self,
        tenants: &[Tenant],
        mailboxes: &[Arc<Mailbox>],
        smtp: Option<&Smtp>,
    ) {
        let imports = |address: &EmailAddress| mailboxes.iter().any(|mailbox| mailbox.is_reached_by(address));
        for office in tenants.iter().flat_map(|tenant| &tenant.office).filter(|office| imports(office)) {
            let text = format!(
                "`{}` is an import address; notices sent to it would come back as mail. Name another address",
                office.as_str()
            );
            self.fault("tenant.office", text);
        }
        let is_sender = |mailbox: &Mailbox, from| mailbox.is_reached_by(from) || mailbox.is_logged_in_as(from);
        if let Some(smtp) = smtp.filter(|smtp| mailboxes.iter().any(|mailbox| is_sender(mailbox, &smtp.from))) {
            let text = format!(
                "`{}` is an import address; notices sent from it would come back as mail. Use another sender",
                smtp.from.as_str()
            );
            self.fault("smtp.from", text);
        }
    }
}
