//! TLS contexts, shared by the connections that trust the same certificates.
//!
//! The library reads and parses all certificates that the system trusts for every context, even where only an own CA is to
//! be trusted: milliseconds of work and tens of kilobytes, which a thousand connections must not have a thousand times.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use native_tls::{Certificate, Protocol};
use tokio_native_tls::TlsConnector;

/// So long a context is given to new connections: what the system trusts may change meanwhile. An own CA's file is read for
/// each connection.
const LASTS: Duration = Duration::from_hours(1);

/// Most contexts that are kept: one for the system's certificates and one for each own CA.
const MOST: usize = 16;

static CONTEXTS: Mutex<Vec<Shared>> = Mutex::new(Vec::new());

struct Shared {
    /// The own CA's file, word for word; `None`: the system's certificates.
    trusted: Option<Vec<u8>>,
    made_at: Instant,
    connector: TlsConnector,
}

/// A context that trusts the certificates in this file and no others, or those that the system trusts.
///
/// # Errors
///
/// In words: the file cannot be read, or holds no certificate.
pub(super) async fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, String> {
    let Some(path) = ca_file else { return shared(None, "the system's certificates") };
    let name = format!("the CA file {}", path.display());
    let pem = tokio::fs::read(path).await.map_err(|error| format!("{name} cannot be read: {error}"))?;
    shared(Some(pem), &name)
}

fn shared(trusted: Option<Vec<u8>>, name: &str) -> Result<TlsConnector, String> {
    // Held while one is made, so that connections that begin together make one and not each their own.
    let mut contexts = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    contexts.retain(|context| context.made_at.elapsed() < LASTS);
    if let Some(context) = contexts.iter().find(|context| context.trusted == trusted) {
        return Ok(context.connector.clone());
    }
    let connector = make(trusted.as_deref(), name)?;
    if contexts.len() >= MOST {
        contexts.remove(0);
    }
    contexts.push(Shared { trusted, made_at: Instant::now(), connector: connector.clone() });
    Ok(connector)
}

fn make(trusted: Option<&[u8]>, name: &str) -> Result<TlsConnector, String> {
    let mut builder = native_tls::TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(pem) = trusted {
        let certificates = Certificate::stack_from_pem(pem).map_err(|error| format!("{name} is no PEM: {error}"))?;
        if certificates.is_empty() {
            return Err(format!("{name} holds no certificate"));
        }
        builder.disable_built_in_roots(true);
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    let connector = builder.build().map_err(|error| format!("{name} cannot be used: {error}"))?;
    Ok(connector.into())
}
