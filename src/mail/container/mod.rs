//! Containers that mail programs put mails and files into, opened within bounds and never trusted.

pub(crate) mod cms;
mod embedded;
mod mapi;
mod rtf;
pub(crate) mod tnef;
