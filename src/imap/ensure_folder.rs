//! Asking for folders, finding one, and making one that is missing.

use tracing::{debug, info};

use super::command::Command;
use super::error::ImapError;
use super::folders::Folders;
use super::quoting::quoted;
use super::session::Session;
use crate::application::FolderName;

/// What LIST asks for: all folders.
pub(super) const LIST_ALL: &str = r#""" "*""#;

impl Session {
    /// All folders, asked for once in this session and again only after one was made, or refused.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn folders(&mut self) -> Result<&Folders, ImapError> {
        let folders = match self.folders.take() {
            Some(folders) => folders,
            None => self.list().await?,
        };
        Ok(self.folders.insert(folders))
    }

    /// Sees to it that a folder exists: makes it, and those above it, and subscribes to it, so that mail programs show
    /// it. A folder that exists already, or that somebody else makes at the same moment, is fine.
    ///
    /// # Errors
    ///
    /// [`ImapError::WrongSettings`] if this server cannot have a folder of that name, [`ImapError::Refused`] if it does
    /// not allow it.
    pub async fn ensure_folder(&mut self, name: &FolderName) -> Result<(), ImapError> {
        if name.is_inbox() || self.lies_at(name).await?.is_some() {
            return Ok(());
        }
        let purpose = format!("make the folder {name}");
        let places = self.folders().await?.places_to_make(name);
        let mut refusal = None;
        for place in places.map_err(|why| self.wire.wrong_settings(&purpose, why))? {
            let made = self.make(&place, &purpose).await;
            self.folders = None;
            match made {
                Ok(()) => {
                    if refusal.is_some() {
                        // Whoever looks for it beside the inbox is to learn where it is.
                        info!(folder = %name, %place, "The server makes the folder in this place only");
                    }
                    return Ok(());
                }
                // The server says no also to what exists; servers word it differently, so look.
                Err(error @ ImapError::Refused { .. }) if self.wire.is_open() => {
                    if self.lies_at(name).await?.is_some() {
                        return Ok(());
                    }
                    refusal = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(refusal.unwrap_or_else(|| self.wire.wrong_settings(&purpose, "the server has no place for it")))
    }

    /// The name on the wire of a folder that exists. The inbox needs no question.
    pub(super) async fn existing(&mut self, name: &FolderName, purpose: &str) -> Result<String, ImapError> {
        if name.is_inbox() {
            return Ok("INBOX".into());
        }
        if let Some(place) = self.lies_at(name).await? {
            return Ok(place);
        }
        // Somebody else may have made it since the list was asked for.
        self.folders = None;
        match self.lies_at(name).await? {
            Some(place) => Ok(place),
            None => Err(self.wire.wrong_settings(purpose, "there is no such folder")),
        }
    }

    async fn lies_at(&mut self, name: &FolderName) -> Result<Option<String>, ImapError> {
        Ok(self.folders().await?.find_open(name).map(|folder| folder.wire.clone()))
    }

    async fn list(&mut self) -> Result<Folders, ImapError> {
        const PURPOSE: &str = "list the folders";
        let mut folders = Folders::default();
        self.wire.run(Command::new("LIST", LIST_ALL, PURPOSE), |response| folders.take_in(response)).await?;
        if folders.separator.is_none() {
            // Asks for the separator alone (RFC 3501, section 6.3.8).
            self.wire.run(Command::new("LIST", r#""" """#, PURPOSE), |response| folders.take_in(response)).await?;
        }
        Ok(folders)
    }

    async fn make(&mut self, place: &str, purpose: &str) -> Result<(), ImapError> {
        for parent in self.folders().await?.missing_parents(place) {
            match self.wire.run(Command::new("CREATE", &quoted(&parent), purpose), |_| {}).await {
                Ok(()) => {}
                // It may exist without being listed; whether that matters is for the folder itself to say.
                Err(ImapError::Refused { .. }) if self.wire.is_open() => {}
                Err(error) => return Err(error),
            }
        }
        self.wire.run(Command::new("CREATE", &quoted(place), purpose), |_| {}).await?;
        match self.wire.run(Command::new("SUBSCRIBE", &quoted(place), purpose), |_| {}).await {
            Err(refusal @ ImapError::Refused { .. }) if self.wire.is_open() => {
                debug!(%refusal, "the new folder is not subscribed to; mail can be filed in it all the same");
                Ok(())
            }
            other => other,
        }
    }
}
