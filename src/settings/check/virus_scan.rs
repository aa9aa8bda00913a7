//! Where the virus scanner is.

use super::checker::Checker;
use crate::settings::{ClamdAddress, VirusScan, written};
use std::time::Duration;

impl Checker<'_> {
    pub(super) fn virus_scan(&mut self, written: &written::VirusScan) -> Option<VirusScan> {
        if written.timeout < Duration::from_secs(1) {
            self.fault("virus_scan.timeout", "Write at least \"1s\"");
        }
        if written.max_stream == 0 {
            self.fault("virus_scan.max_stream", "Write at least \"1KiB\"");
        }
        let Some(clamd) = ClamdAddress::parse(&written.clamd) else {
            let text = format!(
                "`{}` is neither the path of a socket, such as \"/run/clamav/clamd.ctl\", nor a host with a port, such as \
                 \"127.0.0.1:3310\"",
                written.clamd
            );
            self.fault("virus_scan.clamd", text);
            return None;
        };
        Some(VirusScan { clamd, timeout: written.timeout, max_stream: written.max_stream })
    }
}
