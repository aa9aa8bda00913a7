//! What every request is answered from.

use super::acts::Acts;
use super::page::Pages;
use super::peer::Tries;
use super::reader::Reader;
use super::room::Room;
use crate::settings::{Settings, SignIn};
use crate::store::{Store, StoreError};
use axum::response::Response;
use minijinja::Value;
use std::fmt;
use std::sync::Arc;

/// The settings, the store and what the pages can set going. Cloning is cheap.
#[derive(Clone)]
pub struct Web {
    /// All settings.
    pub(super) settings: Arc<Settings>,
    /// The record.
    pub(super) store: Store,
    /// The templates.
    pub(super) pages: Arc<Pages>,
    /// What goes beyond reading and writing the record.
    pub(super) acts: Arc<dyn Acts>,
    /// Who tried to sign in of late.
    pub(super) tries: Arc<Tries>,
    /// For files while they are sent.
    pub(super) room: Room,
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

impl Web {
    /// Ready to answer.
    ///
    /// # Errors
    ///
    /// A template has a wrong syntax: a fault of the program.
    pub fn new(settings: Arc<Settings>, store: Store, acts: Arc<dyn Acts>) -> anyhow::Result<Self> {
        let pages = Arc::new(Pages::new()?);
        Ok(Self { settings, store, pages, acts, tries: Arc::default(), room: Room::default() })
    }

    /// Asks the store, on a thread of its own.
    pub(super) async fn ask<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    {
        self.store.off_thread(work).await
    }

    /// A page for a reader.
    pub(super) fn page(&self, reader: &Reader, template: &str, values: Value) -> anyhow::Result<Response> {
        self.pages.render(reader, template, values)
    }

    /// Who vouches for the people who sign in.
    pub(super) fn sign_in(&self) -> SignIn {
        self.settings.web.as_ref().map_or(SignIn::Mail, |web| web.sign_in.clone())
    }
}
