//! Connections, within bounds: whoever sends slowly, or nothing, or reads nothing, holds a place for a time and not for
//! ever, and there are so many places. The framework's own loop has no bounds.

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
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What one client may have of us.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The head of a request is there after this time, counted from the end of the one before.
    pub(super) head: Duration,
    /// A request is read and worked on for no longer; sending the answer is not counted.
    pub(super) request: Duration,
    /// A connection is closed after this time, whatever it does.
    pub(super) connection: Duration,
    /// So many connections at a time; others wait until one ends.
    pub(super) connections: usize,
}

/// The longest request is a feed of many megabytes, the longest answer a large file over a slow line.
pub(super) const BOUNDS: Bounds = Bounds {
    head: Duration::from_secs(20),
    request: Duration::from_mins(5),
    connection: Duration::from_mins(30),
    connections: 1000,
};

/// Answers on all connections until asked to stop; then those in hand are finished.
pub(super) async fn serve(router: Router, mut listener: TcpListener, bounds: Bounds, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let mut open = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, Listener::accept(&mut listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
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
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.call(request);
        async move {
            match tokio::time::timeout(bounds.request, answer).await {
                Ok(answer) => answer,
                Err(_too_long) => Ok::<Response, Infallible>(took_too_long()),
            }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(bounds.head);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut over = pin!(tokio::time::sleep(bounds.connection));
    let mut is_last = false;
    loop {
        tokio::select! {
            // What a client does wrong is its own matter.
            _ended = serving.as_mut() => return,
            () = &mut over => return,
            () = stop.cancelled(), if !is_last => {
                is_last = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}

fn took_too_long() -> Response {
    (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, HeaderValue::from_static("close"))]).into_response()
}

#[cfg(test)]
mod tests {
    use super::{BOUNDS, Bounds, serve};
    use axum::Router;
    use axum::extract::ConnectInfo;
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::JoinHandle;
    use tokio_util::sync::CancellationToken;

    const SHORT: Duration = Duration::from_millis(200);

    const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    async fn served(bounds: Bounds) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        let answer =
            async |ConnectInfo(peer): ConnectInfo<SocketAddr>, body: String| format!("hello {}{body}", peer.ip());
        let router = Router::new().fallback(answer);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        (address, stop.clone(), tokio::spawn(serve(router, listener, bounds, stop)))
    }

    async fn sent(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// All that comes until the other side closes.
    async fn rest(mut stream: TcpStream) -> String {
        let mut all = Vec::new();
        // A connection that is cut is over, too.
        let _cut = stream.read_to_end(&mut all).await;
        String::from_utf8(all).unwrap()
    }

    #[tokio::test]
    async fn a_whole_request_is_answered_and_knows_from_where_it_comes() {
        let (address, ..) = served(BOUNDS).await;
        let answer = rest(sent(address, WHOLE).await).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello 127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn who_sends_half_a_head_or_nothing_is_cut_off() {
        let (address, ..) = served(Bounds { head: SHORT, ..BOUNDS }).await;
        for half in ["", "GET / HTT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            let answer = rest(sent(address, half).await).await;
            assert!(!answer.contains("hello"), "{answer}");
        }
        let mut used_before = sent(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        used_before.write_all(b"GET /").await.unwrap();
        let answer = rest(used_before).await;
        assert_eq!(answer.matches("hello").count(), 1, "{answer}");
    }

    #[tokio::test]
    async fn who_sends_half_a_form_is_answered_and_cut_off() {
        let (address, ..) = served(Bounds { request: SHORT, ..BOUNDS }).await;
        let answer = rest(sent(address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf").await).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }

    #[tokio::test]
    async fn who_waits_for_a_place_gets_it_when_another_is_cut_off() {
        let (address, ..) = served(Bounds { head: SHORT, connections: 1, ..BOUNDS }).await;
        let slow = sent(address, "GET / HTTP/1.1\r\n").await;
        let answer = rest(sent(address, WHOLE).await).await;
        assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");
        assert!(!rest(slow).await.contains("hello"));
    }

    #[tokio::test]
    async fn a_connection_ends_whatever_it_does() {
        let (address, ..) = served(Bounds { connection: SHORT, ..BOUNDS }).await;
        let answer = rest(sent(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await).await;
        assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn asked_to_stop_it_ends_what_is_idle() {
        let (address, stop, serving) = served(BOUNDS).await;
        let idle = sent(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        stop.cancel();
        serving.await.unwrap();
        rest(idle).await;
        assert!(TcpStream::connect(address).await.is_err());
    }
}
