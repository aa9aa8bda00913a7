//! What a page can set going that reaches beyond the record: the service does it.

use crate::application::id::MailId;
use crate::application::{EmailAddress, Language};
use crate::store::Viewer;
use anyhow::Result;
use futures::future::BoxFuture;

/// What came of a person's decision about a mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It stands in the history of the application with this number.
    Assigned {
        /// The application's reference number.
        number: String,
    },
    /// The forwarder is asked.
    Asked,
    /// It belongs to no application, and waits no longer.
    Discarded,
    /// It waits again.
    TakenBack,
}

/// Why a person's decision was not carried out. Nothing was changed.
#[derive(Debug)]
pub enum Refused {
    /// The person may not see such a mail, or there is none.
    NotThere,
    /// The tenant has no application with this number, or what was written is no number.
    NoSuchNumber,
    /// Somebody decided about it meanwhile.
    Decided,
    /// It was not read whole: its entry would lack the rest.
    NotWhole,
    /// The forwarder is no active user of the tenant.
    NobodyToAsk,
    /// The forwarder was asked a short while ago.
    AskedAlready,
    /// It could not be done now; the cause is for the log.
    Trouble(anyhow::Error),
}

/// What the service does at a page's word.
pub trait Acts: Send + Sync + 'static {
    /// Makes a mail that waits an entry of the application with this number.
    fn assign(&self, viewer: Viewer, mail: MailId, number: String) -> BoxFuture<'_, Result<Done, Refused>>;

    /// Asks the forwarder of a mail that waits to which application it belongs; `asked_by` is the name of who asks.
    fn ask(&self, viewer: Viewer, asked_by: String, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>>;

    /// Notes that a mail belongs to no application, so that it waits no longer.
    fn discard(&self, viewer: Viewer, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>>;

    /// Lets a discarded mail wait again.
    fn take_back(&self, viewer: Viewer, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>>;

    /// Sends the mail by which a person signs in. The link is in it and nowhere else.
    fn send_sign_in_link(&self, to: SignInMail) -> BoxFuture<'_, Result<()>>;
}

/// To whom a link to sign in goes.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInMail {
    /// The user's first address.
    pub to: EmailAddress,
    /// The user's name.
    pub name: String,
    /// The user's language.
    pub language: Language,
    /// The tenant's name.
    pub tenant: String,
    /// The whole link, a secret.
    pub link: String,
}
