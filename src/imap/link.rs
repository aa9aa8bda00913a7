//! One line out, one parsed response in, each under a deadline.
//!
//! Stands on the library's parser alone. Its commands are not used: they take a NO, a closed connection and a missing
//! item for success, and they write the password into the trace log.

use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_imap::Client;
use async_imap::imap_proto::{Response, Status};
use futures::FutureExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout};

use super::error::{Answer, bounded};
use super::transport::{Transport, no_answer};
use crate::progress::Progress;

/// A connection that has not failed yet.
pub(super) struct Link {
    client: Client<Transport>,
}

/// What ends an exchange other than its tagged OK.
#[derive(Debug)]
pub(super) enum Failure {
    /// The connection is of no more use.
    Broken(String),
    /// The server ended the connection (BYE).
    Ended(Answer),
    /// A tagged NO: both sides still understand each other.
    No(Answer),
    /// A tagged BAD.
    Bad(Answer),
}

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// The whole exchange must be over by then, whatever comes in.
    pub(super) until: Instant,
    /// Longest time without a single byte.
    pub(super) silence: Duration,
}

impl Patience {
    pub(super) fn lasting(whole: Duration, silence: Duration) -> Self {
        Self { until: Instant::now() + whole, silence }
    }
}

impl Link {
    pub(super) fn new(transport: Transport) -> Self {
        Self { client: Client::new(transport) }
    }

    /// The bare connection, for STARTTLS. What the parser has buffered is dropped: it came unprotected.
    pub(super) fn into_transport(self) -> Transport {
        self.client.into_inner()
    }

    /// What those count who work over this connection.
    pub(super) fn progress(&self) -> Progress {
        self.client.get_ref().progress()
    }

    /// Sends one line in one write, so that it is one TLS record and one packet.
    pub(super) async fn send(&mut self, line: &str, patience: Patience) -> Result<(), Failure> {
        let transport = self.client.get_mut();
        let writing = async {
            transport.write_all(format!("{line}\r\n").as_bytes()).await?;
            transport.flush().await
        };
        match timeout(patience.silence, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failure::Broken(bounded(&error.to_string()))),
            Err(_elapsed) => Err(Failure::Broken("the server takes no more data".into())),
        }
    }

    /// Waits for the next response and reads it. A BYE and the end of the stream are failures here; only LOGOUT expects
    /// them. (A closure, since the library does not export the type that owns a response.)
    pub(super) async fn receive<R>(
        &mut self,
        patience: Patience,
        read: impl FnOnce(&Response<'_>) -> R,
    ) -> Result<R, Failure> {
        self.receive_any(patience, |response| match response {
            Response::Data { status: Status::Bye, outcome } => Err(Failure::Ended(Answer::read(outcome))),
            response => Ok(read(response)),
        })
        .await?
    }

    /// As [`Link::receive`], but a BYE is a response like any other. Giving up waiting loses nothing that has arrived:
    /// what came of a response stays in the parser's buffer.
    pub(super) async fn receive_any<R>(
        &mut self,
        patience: Patience,
        read: impl FnOnce(&Response<'_>) -> R,
    ) -> Result<R, Failure> {
        loop {
            let now = Instant::now();
            if now >= patience.until {
                return Err(Failure::Broken("no complete answer in time".into()));
            }
            let wait = patience.silence.min(patience.until - now);
            let received = self.client.get_ref().received();
            // The parser panics on INTERNALDATE NIL and on a multi-byte letter right behind a response code.
            let reading = AssertUnwindSafe(self.client.read_response()).catch_unwind();
            match timeout(wait, reading).await {
                Ok(Ok(Ok(Some(response)))) => return Ok(read(response.parsed())),
                Ok(Ok(Ok(None))) => return Err(Failure::Broken("the server closed the connection".into())),
                Ok(Ok(Err(error))) => return Err(Failure::Broken(why_unreadable(&error))),
                Ok(Err(_panic)) => return Err(Failure::Broken(NOT_UNDERSTOOD.into())),
                // Bytes came, or the whole time is over, which the next turn says.
                Err(_elapsed) if self.client.get_ref().received() > received || wait < patience.silence => {}
                Err(_elapsed) => return Err(Failure::Broken(no_answer(wait))),
            }
        }
    }
}

const NOT_UNDERSTOOD: &str = "the server's answer could not be understood";

/// The library puts the whole buffer into the text of a parse error: mails, up to megabytes of them.
fn why_unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the server closed the connection in the middle of an answer".into(),
        io::ErrorKind::Other => {
            let text = error.to_string();
            if text.contains("during parsing of") { NOT_UNDERSTOOD.into() } else { bounded(&text) }
        }
        _ => bounded(&error.to_string()),
    }
}
