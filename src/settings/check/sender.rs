//! Whom a tenant believes about senders.

use super::checker::Checker;
use crate::mail::TrustedReceiver;
use crate::settings::written::{SenderProof, Tenant};

/// Something is said about a proof that is not asked for.
pub(super) fn is_set_in_vain(tenant: &Tenant) -> bool {
    let is_said = !tenant.trusted_authserv.is_empty()
        || !tenant.receiving_hosts.is_empty()
        || tenant.host_strips_forged_results
        || tenant.exchange_online;
    tenant.sender_proof == SenderProof::None && is_said
}

impl Checker<'_> {
    pub(super) fn sender_proof(&mut self, n: usize, tenant: &Tenant) -> Option<TrustedReceiver> {
        if tenant.sender_proof == SenderProof::None {
            return None;
        }
        let key = |name: &str| format!("tenant.{n}.{name}");
        let named = |names: &[String]| -> Vec<String> { names.iter().map(|name| name.trim().to_lowercase()).collect() };
        let ids = named(&tenant.trusted_authserv);
        let hosts = named(&tenant.receiving_hosts);
        for (name, list) in [("trusted_authserv", &ids), ("receiving_hosts", &hosts)] {
            if list.iter().any(|one| one.is_empty() || one.contains(char::is_whitespace)) {
                self.fault(key(name), "Write each name as the host writes it, for example \"mx.example.com\"");
            }
        }
        if tenant.exchange_online {
            if !ids.is_empty() || !hosts.is_empty() || tenant.host_strips_forged_results {
                let text = "Exchange Online writes no id: leave out `trusted_authserv`, `receiving_hosts` and \
                            `host_strips_forged_results`, or `exchange_online`";
                self.fault(key("exchange_online"), text);
            }
            return Some(TrustedReceiver::ExchangeOnline);
        }
        if ids.is_empty() {
            let text = "\"authentication_results\" needs the id that your receiving host writes at the start of its \
                        Authentication-Results, for example [\"mx.example.com\"], or `exchange_online = true`";
            self.fault(key("trusted_authserv"), text);
        }
        Some(TrustedReceiver::Hosts {
            receiving_hosts: if hosts.is_empty() { ids.clone() } else { hosts },
            authserv_ids: ids,
            strips_forged: tenant.host_strips_forged_results,
        })
    }
}
