//! The body of a request, which must be there in time. What is then done with it has as long as it takes: to give up work
//! that goes on, and is recorded in the end, would be to tell an untruth.

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

pub(super) struct Reading {
    body: Incoming,
    patience: Duration,
    /// Runs from when the body is first waited for.
    over: Option<Pin<Box<Sleep>>>,
    late: Late,
}

/// Whether a body was not there in time: then nobody has it whole.
#[derive(Clone, Default)]
pub(super) struct Late(Arc<AtomicBool>);

impl Late {
    pub(super) fn is_it(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Reading {
    pub(super) fn of(body: Incoming, patience: Duration, late: Late) -> Self {
        Self { body, patience, over: None, late }
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let read = Pin::new(&mut self.body).poll_frame(context);
        if read.is_ready() {
            return read.map_err(axum::Error::new);
        }
        let patience = self.patience;
        let over = self.over.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(over.as_mut().poll(context));
        self.late.0.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
