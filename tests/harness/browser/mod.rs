//! A headless Chromium of a test's own, driven through chromedriver, whose every request is written down.
//!
//! Apart from the rest of the harness, so that only those test binaries are built with a browser's client that drive one:
//! `#[path = "../harness/browser/mod.rs"] mod browser;` beside `mod harness;`.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part of it")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a harness that cannot do its work fails the test, loudly and at once"
)]

mod axe;
mod commands;
mod requests;
mod session;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

pub use self::axe::Finding;
pub use self::requests::{Request, Requests};
pub use self::session::Session;
use crate::harness::folder::Folder;
use crate::harness::installed::program;
use crate::harness::ports::Port;
use crate::harness::process::{NotReady, Program, ServerProcess};

/// Longer than a page takes, even on a busy machine.
const SOON: Duration = Duration::from_mins(1);

/// A running chromedriver; each of its sessions is a Chromium with a profile of its own. Dropped, and also when the test
/// process is killed, all of them end: they stay in the process group that the guard kills.
pub struct Browser {
    // Ended before its folder is removed.
    process: ServerProcess,
    folder: Folder,
    port: Port,
    requests: Requests,
}

impl Browser {
    /// Starts it. The browsers reach nothing but the ports of 127.0.0.1 that [`Requests::let_through`] names, here `site`.
    pub fn start(site: u16) -> Self {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            if let Ok(browser) = Self::try_to_start() {
                browser.requests.let_through(site);
                return browser;
            }
        }
        panic!("five times in a row somebody else took chromedriver's port");
    }

    fn try_to_start() -> Result<Self, NotReady> {
        let (folder, port) = (Folder::create(), Port::claim());
        let mut process = Program::new(program("chromedriver", "chromium-driver"), folder.join("log"))
            .argument(format!("--port={}", port.number()))
            // Whatever is kept beside the profile: caches, crashes, the list of known certificates.
            .variable("HOME", folder.path())
            .variable("TMPDIR", folder.path())
            .without_variables("XDG_")
            .in_folder(folder.path())
            .guarded()
            .start();
        process.wait_until_ready(|| is_ready(port.number()))?;
        Ok(Self { process, folder, port, requests: Requests::record() })
    }

    /// A person with a fresh browser.
    pub fn session(&self) -> Session {
        Session::open(
            self.port.number(),
            &binary(),
            &tempfile::tempdir_in(self.folder.path()).unwrap().keep(),
            &self.requests,
        )
    }

    /// What the browsers asked for.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// The process group in which all of it runs.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Where the profiles lie; each process of a browser has it in its command line.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

fn binary() -> PathBuf {
    program("chromium", "chromium")
}

fn is_ready(port: u16) -> bool {
    let answer = ureq::get(format!("http://{}:{port}/status", Ipv4Addr::LOCALHOST)).call();
    answer.is_ok_and(|mut answer| answer.body_mut().read_to_string().is_ok_and(|text| text.contains("\"ready\":true")))
}
