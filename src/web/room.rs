//! How much of files is in memory at once, while they are sent: a file is read whole, and who loads it slowly holds it.

use super::fault::Fault;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many octets: a quarter of what the service may have in all where systemd runs it.
const ROOM: usize = 256 << 20;

/// So many are kept free for one file until its size is known: as large as mails are by far the most.
const FOR_ONE: usize = 32 << 20;

/// So long somebody waits for room.
const PATIENCE: Duration = Duration::from_secs(10);

/// The room for files that are sent.
#[derive(Clone, Debug)]
pub(super) struct Room(Arc<Semaphore>);

/// Room that one file takes until it is sent.
pub(super) struct Taken(OwnedSemaphorePermit);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

impl Room {
    /// Room for a file that is not read yet.
    ///
    /// # Errors
    ///
    /// [`Fault::TooMany`] if others hold it for too long.
    pub(super) async fn for_one(&self) -> Result<Taken, Fault> {
        let octets = FOR_ONE.try_into().unwrap_or(u32::MAX);
        let room = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_many_owned(octets)).await;
        room.ok().and_then(Result::ok).map(Taken).ok_or(Fault::TooMany)
    }
}

impl Taken {
    /// The answer with the file: it gives the room back when the last octet is sent, or the connection ends.
    pub(super) fn until_sent(mut self, answer: Response) -> Response {
        let size = answer.body().size_hint().exact().and_then(|size| usize::try_from(size).ok());
        let unused = FOR_ONE.saturating_sub(size.unwrap_or(FOR_ONE));
        drop(self.0.split(unused));
        let room = Arc::new(self);
        answer.map(|body| Body::new(Sent { body, room }))
    }
}

struct Sent {
    body: Body,
    room: Arc<Taken>,
}

/// A body may be gone while its octets still wait to be sent: they hold the room themselves.
struct Octets {
    octets: Bytes,
    _room: Arc<Taken>,
}

impl AsRef<[u8]> for Octets {
    fn as_ref(&self) -> &[u8] {
        &self.octets
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        let hold = |octets| Bytes::from_owner(Octets { octets, _room: Arc::clone(&self.room) });
        frame.map_ok(|frame| frame.map_data(hold))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{FOR_ONE, ROOM, Room};
    use axum::body::to_bytes;
    use axum::response::IntoResponse;
    use futures::FutureExt;
    use std::pin::pin;

    #[tokio::test]
    async fn a_file_holds_as_much_room_as_it_is_large_until_its_octets_are_gone() {
        let room = Room::default();
        let taken = room.for_one().await.unwrap();
        assert_eq!(room.0.available_permits(), ROOM - FOR_ONE);
        let answer = taken.until_sent(vec![b'x'; 1000].into_response());
        assert_eq!(room.0.available_permits(), ROOM - 1000);
        let octets = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert_eq!(octets.len(), 1000);
        assert_eq!(room.0.available_permits(), ROOM - 1000, "the octets are not sent yet");
        drop(octets);
        assert_eq!(room.0.available_permits(), ROOM);
    }

    #[tokio::test]
    async fn who_finds_no_room_waits_until_there_is_some() {
        let room = Room::default();
        let mut all = Vec::new();
        while let Some(taken) = room.for_one().now_or_never() {
            all.push(taken.unwrap());
        }
        assert_eq!(all.len(), ROOM / FOR_ONE);
        let mut waiting = pin!(room.for_one());
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(all.pop());
        assert!(waiting.await.is_ok());
    }
}
