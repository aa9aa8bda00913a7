//! The keys of [web].

use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Web {
    pub(in crate::settings) listen: Option<String>,
    pub(in crate::settings) public_url: Option<String>,
    pub(in crate::settings) sign_in: SignInBy,
    pub(in crate::settings) proxy_header: Option<String>,
    pub(in crate::settings) trusted_proxies: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::settings) enum SignInBy {
    #[default]
    Mail,
    ProxyHeader,
}
