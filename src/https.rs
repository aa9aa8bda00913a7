//! The client with which secrets go to servers that the settings name: over TLS, directly to them and to nobody else.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// How a server is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reaching<'a> {
    /// Certificates to trust instead of the system's (PEM).
    pub ca_file: Option<&'a Path>,
    /// By the proxy that the environment names. None stands between two programs of this machine.
    pub by_proxy: bool,
    /// The whole request takes no longer, from the name's look-up to the last byte.
    pub deadline: Duration,
}

/// Sends requests to one server. Blocks; call off the async threads.
///
/// # Errors
///
/// The certificates cannot be read, or are none.
pub(crate) fn agent(reaching: Reaching<'_>) -> Result<Agent> {
    let roots = reaching.ca_file.map_or(Ok(RootCerts::PlatformVerifier), roots)?;
    let tls = TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(roots).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(reaching.deadline))
        // Whoever answers with another address is not the one who was named.
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent("reply-import");
    let config = if reaching.by_proxy { config } else { config.proxy(None) };
    Ok(config.build().new_agent())
}

fn roots(path: &Path) -> Result<RootCerts> {
    let pem = std::fs::read(path).with_context(|| format!("The CA file {} cannot be read", path.display()))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(Result::ok)
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        bail!("The CA file {} holds no certificate", path.display());
    }
    Ok(RootCerts::Specific(Arc::new(certificates)))
}
