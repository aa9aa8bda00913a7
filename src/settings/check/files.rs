//! Where contents of files are kept, if not in the database.

use super::checker::Checker;
use crate::settings::written::Place;
use crate::settings::{AccessKey, FileStore, Files, written};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The region of a server that knows none.
const ANY_REGION: &str = "us-east-1";

/// What only some stores take.
struct Keys {
    endpoint: Option<String>,
    region: Option<String>,
    access_key: Option<AccessKey>,
    service_account: Option<PathBuf>,
    ca_file: Option<PathBuf>,
}

impl Checker<'_> {
    pub(super) fn files(&mut self, written: written::Files) -> Option<Files> {
        if written.timeout < Duration::from_secs(1) {
            self.fault("files.timeout", "Write at least \"1s\"");
        }
        let store = written.store;
        let Some((scheme, rest)) = store.split_once("://") else {
            self.no_store(&store);
            return None;
        };
        let keys = Keys {
            access_key: self.access_key(
                written.access_key_id,
                written.secret_access_key_file,
                written.secret_access_key_command,
            ),
            endpoint: written.endpoint.and_then(|endpoint| self.endpoint_url("files.endpoint", Some(endpoint))),
            region: written.region,
            service_account: written
                .service_account_file
                .map(|path| self.secret_file("files.service_account_file", &path)),
            ca_file: written.ca_file.map(|path| self.places.beside(&path)),
        };
        self.file("files.ca_file", keys.ca_file.as_deref());
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        let place = match scheme {
            "file" if Path::new(rest).is_absolute() => self.folder(rest, &keys),
            "s3" if is_name(bucket) => self.s3(bucket, keys),
            "az" if is_name(bucket) => self.azure(bucket, keys),
            "gs" if is_name(bucket) => self.google(bucket, keys),
            _ => {
                self.no_store(&store);
                None
            }
        }?;
        let prefix = if scheme == "file" { "" } else { prefix };
        if !prefix.is_empty() && !prefix.split('/').all(is_name) {
            self.fault(
                "files.store",
                format!("`{prefix}` is no prefix; write words of a-z, 0-9, `-`, `_` and `.`, separated by `/`"),
            );
            return None;
        }
        let (takes_new, timeout) = (written.place == Place::Store, written.timeout);
        Some(Files { takes_new, store: place, prefix: prefix.to_owned(), timeout, written: store })
    }

    fn no_store(&mut self, written: &str) {
        let text = format!(
            "`{written}` is no object store; write \"s3://BUCKET/PREFIX\", \"az://CONTAINER/PREFIX\", \"gs://BUCKET/PREFIX\" or \
             \"file:///FOLDER\""
        );
        self.fault("files.store", text);
    }

    fn access_key(
        &mut self,
        id: Option<String>,
        file: Option<PathBuf>,
        command: Option<Vec<String>>,
    ) -> Option<AccessKey> {
        match (id, self.secret("files.", "secret_access_key", file, command)) {
            (Some(id), Some(secret)) => Some(AccessKey { id, secret }),
            (None, None) => None,
            (Some(_), None) => {
                self.fault(
                    "files.secret_access_key_file",
                    "This key is missing: the secret that belongs to `access_key_id`",
                );
                None
            }
            (None, Some(_)) => {
                self.fault("files.access_key_id", "This key is missing: whose secret it is");
                None
            }
        }
    }

    fn folder(&mut self, path: &str, keys: &Keys) -> Option<FileStore> {
        let is_set = keys.endpoint.is_some() || keys.region.is_some() || keys.access_key.is_some();
        if is_set || keys.service_account.is_some() || keys.ca_file.is_some() {
            self.fault("files.store", "A folder takes no endpoint, region, keys or certificates");
            return None;
        }
        Some(FileStore::Folder(PathBuf::from(path)))
    }

    fn s3(&mut self, bucket: &str, keys: Keys) -> Option<FileStore> {
        if keys.service_account.is_some() {
            self.fault("files.service_account_file", "Only Google (`gs://`) has service accounts");
            return None;
        }
        Some(FileStore::S3 {
            bucket: bucket.to_owned(),
            endpoint: keys.endpoint,
            region: keys.region.unwrap_or_else(|| ANY_REGION.to_owned()),
            key: keys.access_key,
            ca_file: keys.ca_file,
        })
    }

    fn azure(&mut self, container: &str, keys: Keys) -> Option<FileStore> {
        if keys.service_account.is_some() || keys.region.is_some() {
            self.fault("files.store", "Azure takes neither a region nor a service account");
            return None;
        }
        let Some(key) = keys.access_key else {
            self.fault(
                "files.access_key_id",
                "Azure needs the storage account here, and its key in `secret_access_key_file`",
            );
            return None;
        };
        Some(FileStore::Azure { container: container.to_owned(), endpoint: keys.endpoint, key, ca_file: keys.ca_file })
    }

    fn google(&mut self, bucket: &str, keys: Keys) -> Option<FileStore> {
        if keys.endpoint.is_some() || keys.region.is_some() || keys.access_key.is_some() {
            self.fault(
                "files.store",
                "Google takes a `service_account_file`, and neither an endpoint, a region nor an access key",
            );
            return None;
        }
        let (service_account, ca_file) = (keys.service_account, keys.ca_file);
        Some(FileStore::Google { bucket: bucket.to_owned(), service_account, ca_file })
    }
}

/// Whether it may be the name of a bucket, or a part of a prefix.
fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text != "." && text != ".." && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use crate::settings::FileStore;
    use crate::settings::tests::{GOOD, fault, settings};

    fn with(lines: &str) -> String {
        format!("{GOOD}[files]\n{lines}\n")
    }

    #[test]
    fn without_the_section_files_are_in_the_database() {
        assert_eq!(settings(GOOD, &[]).unwrap().files, None);
    }

    #[test]
    fn a_store_is_a_bucket_a_container_or_a_folder() {
        let key = "access_key_id = \"me\"\nsecret_access_key_file = \"/dev/null\"";
        let files =
            settings(&with(&format!("store = \"s3://files/of/ours/\"\nendpoint = \"http://127.0.0.1:9\"\n{key}")), &[])
                .unwrap()
                .files
                .unwrap();
        assert_eq!((files.prefix.as_str(), files.takes_new), ("of/ours", true));
        assert!(matches!(files.store, FileStore::S3 { bucket, .. } if bucket == "files"));
        let files = settings(&with(&format!("store = \"az://files\"\nplace = \"database\"\n{key}")), &[]);
        let files = files.unwrap().files.unwrap();
        assert!(matches!(files.store, FileStore::Azure { .. }) && !files.takes_new && files.prefix.is_empty());
        let files = settings(&with("store = \"file:///var/lib/reply-import/files\""), &[]).unwrap().files.unwrap();
        assert!(matches!(files.store, FileStore::Folder(path) if path.ends_with("reply-import/files")));
        let google = "store = \"gs://files/a\"\nservice_account_file = \"/dev/null\"";
        let files = settings(&with(google), &[]).unwrap().files.unwrap();
        assert!(matches!(files.store, FileStore::Google { .. }));
    }

    #[test]
    fn what_cannot_be_meant_is_named_by_its_key() {
        for (lines, key) in [
            ("store = \"database\"", "files.store"),
            ("store = \"s3://\"", "files.store"),
            ("store = \"s3://a/../b\"", "files.store"),
            ("store = \"ftp://files\"", "files.store"),
            ("store = \"file://relative\"", "files.store"),
            ("store = \"file:///a\"\nregion = \"eu-central-1\"", "files.store"),
            ("store = \"az://files\"", "files.access_key_id"),
            ("store = \"s3://files\"\naccess_key_id = \"me\"", "files.secret_access_key_file"),
            ("store = \"s3://files\"\nsecret_access_key_file = \"/dev/null\"", "files.access_key_id"),
            ("store = \"s3://files\"\nendpoint = \"http://far.example\"", "files.endpoint"),
            ("store = \"s3://files\"\nca_file = \"/nowhere\"", "files.ca_file"),
            ("store = \"s3://files\"\ntimeout = \"1ms\"", "files.timeout"),
            ("place = \"store\"", "files.store"),
            ("store = \"s3://files\"\nplace = \"attic\"", "files.place"),
        ] {
            let said = fault(&with(lines));
            assert!(said.contains(key), "{lines}: {said}");
        }
    }
}
