//! Whom a tenant believes about senders.

use super::checker::Checker;
use crate::mail::TrustedReceiver;
use crate::settings::written::{SenderProof, Tenant};

/// No host hands a mail on to itself more often; and each one too many lets senders write results.
const MOST_INNER_HOPS: u8 = 5;

/// Says of what a tenant has set about a proof, where none is asked for, that it does nothing.
pub(super) fn set_in_vain(tenant: &Tenant) -> Option<String> {
    let all = [
        ("trusted_authserv", !tenant.trusted_authserv.is_empty()),
        ("receiving_hosts", !tenant.receiving_hosts.is_empty()),
        ("inner_hops", tenant.inner_hops > 0),
        ("host_strips_forged_results", tenant.host_strips_forged_results),
        ("exchange_online", tenant.exchange_online),
    ];
    let set: Vec<String> = all.iter().filter(|(_, is_set)| *is_set).map(|(key, _)| format!("`{key}`")).collect();
    (tenant.sender_proof == SenderProof::None && !set.is_empty()).then(|| {
        let (name, keys) = (&tenant.name, set.join(", "));
        format!(
            "tenant {name} has {keys} without effect: any sender is believed, unless it has \
             `sender_proof = \"authentication_results\"`"
        )
    })
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
        if tenant.inner_hops > MOST_INNER_HOPS {
            self.fault(key("inner_hops"), format!("Write at most {MOST_INNER_HOPS}"));
        }
        if tenant.exchange_online {
            let of_hosts = tenant.inner_hops > 0 || tenant.host_strips_forged_results;
            if !ids.is_empty() || !hosts.is_empty() || of_hosts {
                let text = "Exchange Online writes no id: leave out `trusted_authserv`, `receiving_hosts`, `inner_hops` and \
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
            inner_hops: tenant.inner_hops.into(),
            strips_forged: tenant.host_strips_forged_results,
        })
    }
}
