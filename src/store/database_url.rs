//! The `[database] url` of the settings: which database is meant.
//!
//! A URL may hold a password. It is read here once and never printed, and because libpq quotes what it cannot read, a URL
//! that it would misread is refused before libpq sees it.

use super::StoreError;
use std::fmt::{self, Write};
use std::path::PathBuf;

const WANTED: &str = "Cannot read the database URL";

/// Which database to open.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum DatabaseUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as libpq reads it.
    Postgres(PostgresUrl),
}

/// A URL for libpq, with deadlines for the network.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PostgresUrl {
    whole: String,
    secret: Option<String>,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://..."),
        }
    }
}

impl DatabaseUrl {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return sqlite_path(path).map(Self::Sqlite);
        }
        if let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) {
            return PostgresUrl::parse(rest).map(Self::Postgres);
        }
        Err(wrong("it must begin with `sqlite:` (and the path of a file) or `postgres://`"))
    }
}

fn sqlite_path(text: &str) -> Result<PathBuf, StoreError> {
    let path = text.strip_prefix("//").unwrap_or(text);
    if path.is_empty() || path == ":memory:" || path.starts_with("file:") {
        return Err(wrong(
            "behind `sqlite:` the path of a file is wanted, such as `sqlite:/var/lib/reply-import/reply-import.db`",
        ));
    }
    Ok(PathBuf::from(path))
}

impl PostgresUrl {
    /// Waits for the network end by these, unless the URL says otherwise: seconds for connecting, then keepalives on an
    /// idle connection, then milliseconds until data that nobody acknowledges end it.
    const DEADLINES: [(&'static str, &'static str); 6] = [
        ("application_name", "reply-import"),
        ("connect_timeout", "10"),
        ("keepalives_idle", "30"),
        ("keepalives_interval", "10"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "60000"),
    ];

    fn parse(rest: &str) -> Result<Self, StoreError> {
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = address.split_once('/').unwrap_or((address, ""));
        let (login, _host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if login.contains('@') || database.contains(['@', '/']) || query.contains('@') {
            return Err(wrong("`@`, `/` and `?` in the user's name or password must be written as %40, %2F and %3F"));
        }
        let password = login.split_once(':').map(|(_, password)| password);
        let decoded = password.map(|text| percent_encoding::percent_decode_str(text).decode_utf8());
        let secret = match decoded {
            Some(Err(_)) => return Err(wrong("the password's percent encoding is no UTF-8")),
            Some(Ok(text)) => Some(text.into_owned()),
            None => None,
        };
        if !percent_signs_fit(rest) {
            return Err(wrong("a `%` must be followed by two hexadecimal digits, and is itself written as %25"));
        }
        let mut whole = format!("postgres://{rest}");
        for (name, value) in Self::DEADLINES {
            if !query.split('&').any(|pair| pair.split('=').next() == Some(name)) {
                let separator = if whole.contains('?') { '&' } else { '?' };
                // Writing into a String cannot fail.
                let _ = write!(whole, "{separator}{name}={value}");
            }
        }
        Ok(Self { whole, secret })
    }

    /// The text for libpq; not to be printed.
    pub(super) fn for_libpq(&self) -> &str {
        &self.whole
    }

    /// A text of libpq without the password, should it hold it.
    pub(super) fn mask(&self, text: &str) -> String {
        match self.secret.as_deref() {
            Some(secret) if !secret.is_empty() => text.replace(secret, "***"),
            _ => text.to_owned(),
        }
    }
}

fn percent_signs_fit(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| behind.chars().take(2).filter(char::is_ascii_hexdigit).count() == 2)
}

fn wrong(cause: &str) -> StoreError {
    StoreError::WrongSettings { wanted: WANTED, cause: cause.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, PostgresUrl};
    use std::path::PathBuf;

    fn postgres(url: &str) -> PostgresUrl {
        match DatabaseUrl::parse(url).unwrap() {
            DatabaseUrl::Postgres(url) => url,
            DatabaseUrl::Sqlite(_) => panic!("taken for SQLite"),
        }
    }

    #[test]
    fn sqlite_takes_the_path_of_a_file() {
        for (url, path) in [
            ("sqlite:/var/lib/a.db", "/var/lib/a.db"),
            ("sqlite:///var/lib/a.db", "/var/lib/a.db"),
            ("sqlite:a.db", "a.db"),
        ] {
            assert_eq!(DatabaseUrl::parse(url).unwrap(), DatabaseUrl::Sqlite(PathBuf::from(path)), "{url}");
        }
    }

    #[test]
    fn other_schemes_and_no_path_are_refused() {
        for url in ["", "mysql://a/b", "sqlite:", "sqlite::memory:", "/var/lib/a.db", "postgres:a"] {
            let error = DatabaseUrl::parse(url).unwrap_err().to_string();
            assert!(error.contains("sqlite:"), "{url}: {error}");
        }
    }

    #[test]
    fn a_deadline_in_the_url_is_kept() {
        let url = postgres("postgres://host/name?connect_timeout=3");
        assert!(url.for_libpq().contains("connect_timeout=3"), "{}", url.for_libpq());
        assert!(!url.for_libpq().contains("connect_timeout=10"), "{}", url.for_libpq());
        assert!(url.for_libpq().contains("tcp_user_timeout="), "{}", url.for_libpq());
    }

    #[test]
    fn a_url_that_libpq_would_misread_is_refused_without_showing_the_password() {
        for url in ["postgres://u:se@cret@host/d", "postgres://u:se/cret@host/d", "postgres://u:se%zcret@host/d"] {
            let error = DatabaseUrl::parse(url).unwrap_err().to_string();
            assert!(!error.contains("se") || !error.contains("cret"), "{error}");
        }
    }

    #[test]
    fn the_password_is_masked_in_foreign_texts_and_not_printed() {
        let url = postgres("postgres://u:se%40cret@host/d");
        assert_eq!(url.mask("no user with se@cret here"), "no user with *** here");
        assert_eq!(format!("{:?}", DatabaseUrl::Postgres(url)), "postgres://...");
    }
}
