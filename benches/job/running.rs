//! The service as it runs day and night. Dropped, it ends; it also ends with whoever started it.

use crate::harness::installed::program;
use crate::harness::waiting::poll;
use crate::measured::own_processor_seconds;
use crate::product::{Mailbox, Product};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Running {
    child: Child,
}

impl Running {
    /// Starts `run` on this database with these mailboxes.
    pub fn start(product: &Product, url: &str, mailboxes: &[Mailbox]) -> Self {
        Self::start_with("", product, url, mailboxes)
    }

    /// With more sections of settings.
    pub fn start_with(sections: &str, product: &Product, url: &str, mailboxes: &[Mailbox]) -> Self {
        let command = product.command_with(sections, url, mailboxes, &["run"]);
        let mut guarded = Command::new(program("setpriv", "util-linux"));
        guarded.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => guarded.env(name, value),
                None => guarded.env_remove(name),
            };
        }
        guarded.current_dir(command.get_current_dir().unwrap());
        guarded.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: guarded.spawn().unwrap() }
    }

    /// What it has in memory now, in MB.
    pub fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes.expect("the service runs") / 1024.0
    }

    /// Seconds it has spent on processors.
    pub fn processor_seconds(&self) -> f64 {
        own_processor_seconds(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if poll(Duration::from_secs(30), || self.child.try_wait().unwrap()).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
