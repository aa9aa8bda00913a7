//! Asks a virus scanner, clamd, about one content at a time (its commands PING, VERSION and INSTREAM, see clamd(8)).
//!
//! What becomes of a content in which something was found, and of a mail when the scanner is away, is not decided here.

mod answer;
mod wire;

pub use answer::Scan;

use crate::settings::{ClamdAddress, VirusScan};
use anyhow::{Context, Result, bail};
use std::time::Duration;
use wire::Wire;

/// One scanner; nothing is kept open between two questions. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Scanner {
    address: ClamdAddress,
    timeout: Duration,
    max_stream: u64,
}

impl Scanner {
    /// The scanner of the settings. Connects only when something is asked.
    pub fn new(settings: &VirusScan) -> Self {
        Self { address: settings.clamd.clone(), timeout: settings.timeout, max_stream: settings.max_stream }
    }

    /// Whether the scanner is there and answers. Blocks, at most for the time that one scan may take.
    ///
    /// # Errors
    ///
    /// It cannot be reached, does not answer in time, or is no clamd.
    pub fn ping(&self) -> Result<()> {
        let answer = self.ask(b"zPING\0").context("The virus scanner cannot be used")?;
        if answer != "PONG" {
            bail!("The virus scanner cannot be used: it answers {answer:?} to PING");
        }
        Ok(())
    }

    /// Whether the scanner does its work: a content in which there is nothing to find must be clean. One that answers to
    /// PING may be without room for what it is to look at. Blocks, at most for the time that one scan may take.
    ///
    /// # Errors
    ///
    /// It cannot be reached, does not answer in time, or cannot scan.
    pub fn works(&self) -> Result<()> {
        match self.scan(b".").context("The virus scanner cannot be used")? {
            Scan::Clean => Ok(()),
            said => bail!("The virus scanner cannot be used: of a single dot it says {said:?}"),
        }
    }

    /// What the scanner says of itself, such as `ClamAV 1.4.6/27800/Sat Nov 28 09:26:21 2026`: program, number and date of
    /// its signatures. Blocks, as [`Self::ping`].
    ///
    /// # Errors
    ///
    /// As [`Self::ping`].
    pub fn version(&self) -> Result<String> {
        let answer = self.ask(b"zVERSION\0").context("The virus scanner cannot be used")?;
        Ok(answer::printable(&answer))
    }

    /// Has one content looked at. One larger than `max_stream` is not sent. Blocks, at most for the settings' time.
    ///
    /// # Errors
    ///
    /// The scanner cannot be reached, does not answer in time, or answers neither that the content is clean nor that it
    /// found something: then nothing is known of the content.
    pub fn scan(&self, content: &[u8]) -> Result<Scan> {
        if content.len() as u64 > self.max_stream {
            return Ok(Scan::TooLarge);
        }
        let mut wire = self.connect()?;
        // Beyond its own limit the scanner answers and closes, before all is sent: the answer counts all the same.
        let sent = wire.send_stream(content);
        match (wire.answer(), sent) {
            (Ok(answer), _) => answer::read(&answer),
            (Err(error), Ok(())) => Err(error).context("The virus scanner did not answer"),
            (Err(_), Err(error)) => Err(error).context("The virus scanner did not take a file"),
        }
    }

    fn ask(&self, command: &[u8]) -> Result<String> {
        let mut wire = self.connect()?;
        wire.send(command).context("The question cannot be sent")?;
        wire.answer().context("There is no answer")
    }

    fn connect(&self) -> Result<Wire> {
        Wire::connect(&self.address, self.timeout)
            .with_context(|| format!("Cannot connect to clamd at {}", self.address))
    }
}
