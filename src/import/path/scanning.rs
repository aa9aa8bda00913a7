//! Shows what is to be kept of mails to the virus scanner, before it is recorded: each content of a batch once.
//!
//! Nothing is waved through. While the scanner is away mail with files waits, which is no mail's fault. Where it is
//! there and fails at one content, that is the fault of this mail alone: it is tried again, and at its last attempt the
//! content is withheld, so that no file can keep a mailbox from being worked on.

use super::understanding::Understood;
use super::waiting_files::Away;
use crate::application::Withheld;
use crate::clamd::{Scan, Scanner};
use crate::decision::{Known, decide};
use crate::import::importer::Importer;
use crate::mail::IncomingMail;
use crate::store::MailRecord;
use anyhow::{Context, Error, Result};
use std::collections::HashMap;

/// What the scanner said in the course of one batch.
#[derive(Debug, Default)]
pub(in crate::import) struct Scans {
    /// By the digest of the content.
    verdicts: HashMap<String, Verdict>,
    /// It did its work, so what fails after that is no outage from the start.
    is_there: bool,
}

#[derive(Clone, Debug)]
enum Verdict {
    Clean,
    Withheld(Withheld),
    /// It fails at this one, and not at others.
    Fails,
}

/// The scanner was there and was lost while it looked at a content of this mail. The content may have been the reason, so
/// this counts as an attempt at the mail: one that ends the scanner each time must not hold up the others for ever.
#[derive(Debug, thiserror::Error)]
#[error("The virus scanner was lost while it looked at a file")]
pub(in crate::import) struct ScannerLost {
    /// The UID of the mail.
    pub(in crate::import) uid: Option<u32>,
    source: Error,
}

/// Why there is no verdict.
enum NoVerdict {
    /// The scanner does not do its work.
    Away(Error),
    /// It did, and no longer does.
    Lost(Error),
    /// It does, and not at this content.
    OfContent,
}

impl Importer {
    /// Has the contents of those of these mails looked at that would be kept, and marks what is withheld. A mail at which
    /// the scanner fails is left out, until its last attempt; so is one with files while the scanner is away.
    ///
    /// # Errors
    ///
    /// The scanner was lost while it looked at one.
    pub(in crate::import) fn scan(
        &self,
        mails: Vec<(Understood, Known)>,
        scans: &mut Scans,
    ) -> Result<Vec<(Understood, Known)>> {
        let Some(scanner) = &self.scanner else { return Ok(mails) };
        let mut scanned = Vec::with_capacity(mails.len());
        for (mut mail, mut known) in mails {
            if self.decide(&mail, &known).decision.keeps_contents() {
                let (uid, attempt) = (mail.fetched.place.as_ref().map(|place| place.uid), mail.fetched.attempt);
                let is_last = attempt >= self.reading.max_attempts;
                if self.waiting_files.wait_for_the_scanner() && has_files(&mail.incoming) {
                    self.waiting_files.add(mail.fetched.place.as_ref());
                    continue;
                }
                match scans.look_at(scanner, &mut mail.incoming, is_last) {
                    Ok(()) => {}
                    Err(NoVerdict::OfContent) => {
                        let mailbox = self.reading.mailbox.as_str();
                        tracing::error!(
                            mailbox,
                            uid,
                            attempt,
                            "The virus scanner fails at a file of a mail; it is tried again, up to `max_attempts`"
                        );
                        continue;
                    }
                    Err(NoVerdict::Away(error)) => {
                        self.waiting_files.begin(Away::Scanner(format!("{error:#}")));
                        self.waiting_files.add(mail.fetched.place.as_ref());
                        continue;
                    }
                    Err(NoVerdict::Lost(source)) => return Err(ScannerLost { uid, source }.into()),
                }
                leave_out_withheld(&mut known, &mail.incoming);
                self.progress.add(1);
            }
            scanned.push((mail, known));
        }
        Ok(scanned)
    }

    /// The same for a mail that is decided anew, with what is known now.
    ///
    /// # Errors
    ///
    /// The scanner cannot be used, or fails at it.
    pub(super) fn scan_anew(&self, record: &mut MailRecord, known: &mut Known, scans: &mut Scans) -> Result<()> {
        let Some(scanner) = &self.scanner else { return Ok(()) };
        if !decide(&record.mail, known, &self.deciding).decision.keeps_contents() {
            return Ok(());
        }
        match scans.look_at(scanner, &mut record.mail, record.attempts >= self.reading.max_attempts) {
            Ok(()) => {}
            Err(NoVerdict::Away(error) | NoVerdict::Lost(error)) => return Err(error),
            Err(NoVerdict::OfContent) => anyhow::bail!("The virus scanner fails at a file of a mail"),
        }
        leave_out_withheld(known, &record.mail);
        Ok(())
    }
}

/// Whether there is something to look at.
fn has_files(mail: &IncomingMail) -> bool {
    !mail.attachments.is_empty() || !mail.pictures.is_empty()
}

/// A file whose content is withheld is none that a further forward of a reply brings.
fn leave_out_withheld(known: &mut Known, mail: &IncomingMail) {
    let is_withheld =
        |sha256: &String| mail.attachments.iter().any(|file| file.withheld.is_some() && file.sha256 == *sha256);
    if let Some(reply) = &mut known.same_reply {
        reply.further_files.retain(|file| !is_withheld(file));
    }
}

impl Scans {
    fn look_at(&mut self, scanner: &Scanner, mail: &mut IncomingMail, is_last: bool) -> Result<(), NoVerdict> {
        for file in &mut mail.attachments {
            file.withheld = self.withheld(scanner, &file.sha256, &file.content, is_last)?;
        }
        for picture in &mut mail.pictures {
            picture.withheld = self.withheld(scanner, &picture.sha256, &picture.content, is_last)?;
        }
        Ok(())
    }

    fn withheld(
        &mut self,
        scanner: &Scanner,
        sha256: &str,
        content: &[u8],
        is_last: bool,
    ) -> Result<Option<Withheld>, NoVerdict> {
        let verdict = if let Some(verdict) = self.verdicts.get(sha256) {
            verdict.clone()
        } else {
            let verdict = self.ask(scanner, content)?;
            self.verdicts.entry(sha256.to_owned()).or_insert(verdict).clone()
        };
        match verdict {
            Verdict::Clean => Ok(None),
            Verdict::Withheld(why) => Ok(Some(why)),
            Verdict::Fails if is_last => Ok(Some(Withheld::NotScannable)),
            Verdict::Fails => Err(NoVerdict::OfContent),
        }
    }

    fn ask(&mut self, scanner: &Scanner, content: &[u8]) -> Result<Verdict, NoVerdict> {
        if !self.is_there {
            scanner.works().map_err(NoVerdict::Away)?;
            self.is_there = true;
        }
        match scanner.scan(content) {
            Ok(Scan::Clean) => Ok(Verdict::Clean),
            Ok(Scan::Found(signature)) => Ok(Verdict::Withheld(Withheld::Infected { signature })),
            Ok(Scan::TooLarge) => Ok(Verdict::Withheld(Withheld::TooLargeToScan)),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), octets = content.len(), "A file could not be scanned");
                scanner.works().with_context(|| format!("{error:#}")).map_err(NoVerdict::Lost)?;
                Ok(Verdict::Fails)
            }
        }
    }
}
