//! Connections, within bounds: whoever sends slowly, or nothing, or reads nothing, holds a place for a time and not for
//! ever, and there are so many places. The framework's own loop has no bounds.

mod places;
mod reading;
mod sending;

use self::places::Places;
use self::reading::{Late, Reading};
use self::sending::Sending;
use crate::settings::PAGE_CONNECTIONS;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What one client may have of us.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The head of a request is there after this time, counted from the end of the one before.
    pub(super) head: Duration,
    /// A form is there after this time, counted from when it is first waited for.
    pub(super) form: Duration,
    /// So is what programs send.
    pub(super) feed: Duration,
    /// After this time a connection takes no other request; what it has in hand is finished.
    pub(super) connection: Duration,
    /// A connection is cut off when nothing of an answer could be sent for so long.
    pub(super) stuck: Duration,
    /// So many connections at a time; others wait until one ends.
    pub(super) connections: usize,
    /// So many of them for one address, unless it is a trusted proxy's; others from there are turned away.
    pub(super) of_one: usize,
}

/// The longest request is a feed of many megabytes, the longest answer a large file over a slow line.
pub(super) const BOUNDS: Bounds = Bounds {
    head: Duration::from_secs(20),
    form: Duration::from_secs(30),
    feed: Duration::from_mins(5),
    connection: Duration::from_mins(30),
    stuck: Duration::from_mins(3),
    connections: PAGE_CONNECTIONS,
    of_one: 50,
};

impl Bounds {
    fn for_body_of(&self, path: &str) -> Duration {
        if path.starts_with("/api/") { self.feed } else { self.form }
    }
}

/// Answers on all connections until asked to stop; then those in hand are finished.
pub(super) async fn serve(
    router: Router,
    mut listener: TcpListener,
    bounds: Bounds,
    trusted_proxies: Vec<IpAddr>,
    stop: CancellationToken,
) {
    let mut places = Places::new(bounds.connections, bounds.of_one, trusted_proxies);
    let mut open = JoinSet::new();
    loop {
        let next = async {
            let free = places.free().await;
            (free, Listener::accept(&mut listener).await)
        };
        let (free, (stream, peer)) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        let Some(place) = places.give(free, peer.ip()) else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        open.spawn(async move {
            let _place = place;
            connection(router, stream, peer, bounds, stop).await;
        });
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

async fn connection(router: Router, stream: TcpStream, peer: SocketAddr, bounds: Bounds, stop: CancellationToken) {
    // Otherwise the end of a page may wait for the browser to acknowledge its beginning, which browsers put off.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "A connection may send late");
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (late, patience) = (Late::default(), bounds.for_body_of(request.uri().path()));
        let mut request: Request = request.map(|body| Body::new(Reading::of(body, patience, late.clone())));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.call(request);
        async move {
            let answer = answer.await;
            if late.is_it() { Ok::<Response, Infallible>(took_too_long()) } else { answer }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(bounds.head);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(Sending::over(stream, bounds.stuck)), service));
    let mut over = pin!(tokio::time::sleep(bounds.connection));
    let mut is_last = false;
    loop {
        tokio::select! {
            // What a client does wrong is its own matter.
            _ended = serving.as_mut() => return,
            () = &mut over, if !is_last => {}
            () = stop.cancelled(), if !is_last => {}
        }
        is_last = true;
        serving.as_mut().graceful_shutdown();
    }
}

fn took_too_long() -> Response {
    (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, HeaderValue::from_static("close"))]).into_response()
}

#[cfg(test)]
mod tests;
