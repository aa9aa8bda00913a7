//! The log: to standard error, where journald picks it up.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The libraries below us log whole commands and answers, passwords and mail included, at their lowest level. Whatever
/// is asked for, they stay silent.
const SILENT: [&str; 5] = ["async_imap=off", "imap_proto=off", "lettre=off", "async_native_tls=off", "native_tls=off"];

/// Starts the log. `REPLY_IMPORT_LOG` sets its level (`error`, `warn`, `info`, `debug`), `info` if it is not set.
pub(super) fn start() {
    let wanted = std::env::var("REPLY_IMPORT_LOG").unwrap_or_default();
    let mut filter = EnvFilter::builder().parse(&wanted).unwrap_or_default();
    if wanted.is_empty() || filter.to_string().is_empty() {
        filter = EnvFilter::new("info");
    }
    for directive in SILENT.iter().filter_map(|directive| directive.parse().ok()) {
        filter = filter.add_directive(directive);
    }
    // Where journald listens it adds the time itself.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        log.without_time().with_ansi(false).init();
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).init();
    }
}
