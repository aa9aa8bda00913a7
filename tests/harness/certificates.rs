//! Certificates for TLS: a CA, a server certificate by it, and a second CA that has nothing to do with either.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::installed::program;

/// The names the certificate is good for unless a test wants others.
pub const LOCALHOST: &str = "DNS:localhost,IP:127.0.0.1";

/// So long that nobody is told that they end soon.
pub const DAYS: u32 = 60;

/// PEM files, in the folder given to [`Certificates::create`].
pub struct Certificates {
    /// Trust this one.
    pub ca_file: PathBuf,
    /// A CA that did not issue the server's certificate.
    pub other_ca_file: PathBuf,
    /// The server's certificate.
    pub server_certificate: PathBuf,
    /// Its key, readable for all: servers read it as users of their own.
    pub server_key: PathBuf,
}

impl Certificates {
    /// Makes them, good for [`DAYS`], with `names` as subjectAltName (see [`LOCALHOST`]).
    pub fn create(folder: &Path, names: &str) -> Self {
        Self::that_last(DAYS, folder, names)
    }

    /// The same, good for so many days.
    pub fn that_last(days: u32, folder: &Path, names: &str) -> Self {
        fs::write(folder.join("openssl.cnf"), configuration(names)).unwrap();
        let maker = Maker { folder, days };
        maker.make("ca", "authority", None);
        maker.make("other-ca", "authority", None);
        maker.make("server", "server", Some("ca"));
        Self {
            ca_file: maker.certificate("ca"),
            other_ca_file: maker.certificate("other-ca"),
            server_certificate: maker.certificate("server"),
            server_key: maker.key("server"),
        }
    }
}

/// An own configuration: the system's would add CA:TRUE to the server's certificate.
fn configuration(names: &str) -> String {
    format!(
        "[req]\ndistinguished_name = none\n[none]\n\
         [authority]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n\
         subjectKeyIdentifier = hash\n\
         [server]\nbasicConstraints = critical, CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = {names}\n"
    )
}

struct Maker<'a> {
    folder: &'a Path,
    days: u32,
}

impl Maker<'_> {
    fn make(&self, name: &str, extensions: &str, issuer: Option<&str>) {
        let mut command = Command::new(program("openssl", "openssl"));
        command.args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
        command.args([
            "-days",
            &self.days.to_string(),
            "-subj",
            &format!("/CN=test {name}"),
            "-extensions",
            extensions,
        ]);
        command.arg("-config").arg(self.folder.join("openssl.cnf"));
        command.arg("-keyout").arg(self.key(name)).arg("-out").arg(self.certificate(name));
        if let Some(issuer) = issuer {
            command.arg("-CA").arg(self.certificate(issuer)).arg("-CAkey").arg(self.key(issuer));
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
        make_readable(&self.key(name));
    }

    fn certificate(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.pem"))
    }

    fn key(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }
}

fn make_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}
