//! How notifications leave.

use super::server::Server;
use crate::application::EmailAddress;
use std::num::NonZero;

/// How notifications leave.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// The SMTP server and the log-in.
    pub server: Server,
    /// The sender of notifications; never an import address.
    pub from: EmailAddress,
    /// So many connections at a time, from 1 to [`Smtp::MOST_CONNECTIONS`].
    pub connections: NonZero<u16>,
}

impl Smtp {
    /// What servers take from one client differs; more than this none of them likes.
    pub const MOST_CONNECTIONS: u16 = 50;
}
