//! The client of the settings' object store: keys are read, nothing is asked yet.

use super::crypto::OpenSsl;
use crate::settings::{AccessKey, FileStore, Files};
use anyhow::{Context, Result};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::{BackoffConfig, Certificate, ClientOptions, ObjectStore, RetryConfig};
use secrecy::ExposeSecret;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A server that answers "later", or a connection that breaks, is asked so many times more.
const RETRIES: usize = 3;

/// What holds all contents below the prefix, or in the folder.
pub(super) const ALL: &str = "sha256";

/// Makes the client. Blocks while a key is read.
///
/// # Errors
///
/// A key or a certificate cannot be read, or the folder cannot be made.
pub(super) fn client(files: &Files) -> Result<Arc<dyn ObjectStore>> {
    let (retry, crypto) = (retry(files.timeout), Arc::new(OpenSsl));
    Ok(match &files.store {
        FileStore::Folder(path) => {
            make(path)?;
            let folder = LocalFileSystem::new_with_prefix(path)?;
            Arc::new(folder.with_fsync(true))
        }
        FileStore::S3 { bucket, endpoint, region, key, ca_file } => {
            let mut builder = AmazonS3Builder::new()
                .with_bucket_name(bucket)
                .with_region(region)
                .with_retry(retry)
                .with_crypto_provider(crypto)
                .with_client_options(options(files, endpoint.as_deref(), ca_file.as_deref())?);
            if let Some(endpoint) = endpoint {
                builder = builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(is_plain(endpoint));
            }
            if let Some(AccessKey { id, secret }) = key {
                let secret = secret.read_as("secret access key")?;
                builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose_secret());
            }
            Arc::new(builder.build()?)
        }
        FileStore::Azure { container, endpoint, key, ca_file } => {
            let secret = key.secret.read_as("secret access key")?;
            let mut builder = MicrosoftAzureBuilder::new()
                .with_container_name(container)
                .with_account(&key.id)
                .with_access_key(secret.expose_secret())
                .with_retry(retry)
                .with_crypto_provider(crypto)
                .with_client_options(options(files, endpoint.as_deref(), ca_file.as_deref())?);
            if let Some(endpoint) = endpoint {
                let endpoint = endpoint.trim_end_matches('/').to_owned();
                builder = builder.with_allow_http(is_plain(&endpoint)).with_endpoint(endpoint);
            }
            Arc::new(builder.build()?)
        }
        FileStore::Google { bucket, service_account, ca_file } => {
            let mut builder = GoogleCloudStorageBuilder::new()
                .with_bucket_name(bucket)
                .with_retry(retry)
                .with_crypto_provider(crypto)
                .with_client_options(options(files, None, ca_file.as_deref())?);
            if let Some(path) = service_account {
                builder = builder.with_service_account_path(path.display().to_string());
            }
            Arc::new(builder.build()?)
        }
    })
}

fn is_plain(endpoint: &str) -> bool {
    endpoint.starts_with("http://")
}

fn retry(timeout: Duration) -> RetryConfig {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_millis(200), max_backoff: Duration::from_secs(5), base: 2.0 };
    RetryConfig { backoff, max_retries: RETRIES, retry_timeout: timeout }
}

fn options(files: &Files, endpoint: Option<&str>, ca_file: Option<&Path>) -> Result<ClientOptions> {
    let mut options = ClientOptions::new()
        .with_timeout(files.timeout)
        .with_connect_timeout(files.timeout.min(Duration::from_secs(10)))
        .with_allow_http(endpoint.is_some_and(is_plain));
    if let Some(path) = ca_file {
        let pem = std::fs::read(path).with_context(|| format!("Cannot read the certificates in {}", path.display()))?;
        let certificates = Certificate::from_pem_bundle(&pem)
            .with_context(|| format!("Cannot use the certificates in {}", path.display()))?;
        for certificate in certificates {
            options = options.with_root_certificate(certificate);
        }
    }
    Ok(options)
}

/// What lies below is for nobody else on the machine, whatever the folder itself allows.
fn make(path: &Path) -> Result<()> {
    let below: PathBuf = path.join(ALL);
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&below);
    made.with_context(|| format!("Cannot make the folder {}", below.display()))
}
