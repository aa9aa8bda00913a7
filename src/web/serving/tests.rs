//! Connections over real sockets.

use super::{BOUNDS, Bounds, serve};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Uri;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const SHORT: Duration = Duration::from_millis(200);

/// More than lies in the buffers between a server and who reads nothing.
const LARGE: usize = 64 << 20;

const FOR_LARGE: &str = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";

const HALF_A_FORM: &str = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";

const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

async fn served(bounds: Bounds) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let answer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>, asked: Uri, body: String| match asked.path() {
        "/large" => "x".repeat(LARGE),
        _ => format!("hello {}{body}", peer.ip()),
    };
    let router = Router::new().fallback(answer);
    served_by(router, bounds).await
}

async fn served_by(router: Router, bounds: Bounds) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    (address, stop.clone(), tokio::spawn(serve(router, listener, bounds, Vec::new(), stop)))
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
    let (address, ..) = served(Bounds { form: SHORT, ..BOUNDS }).await;
    let answer = rest(sent(address, HALF_A_FORM).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_program_has_more_time_for_what_it_sends() {
    let (address, ..) = served(Bounds { form: SHORT, ..BOUNDS }).await;
    let head = "POST /api/v1/directory HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n";
    let mut feed = sent(address, &format!("{head}half")).await;
    let answer = rest(sent(address, HALF_A_FORM).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    feed.write_all(b"a feed").await.unwrap();
    let answer = rest(feed).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("halfa feed"), "{answer}");
}

#[tokio::test]
async fn nobody_is_told_that_it_took_too_long_while_work_goes_on() {
    let done = CancellationToken::new();
    let asked = done.clone();
    let work = move |body: String| {
        let (done, is_done) = (asked.clone(), body == "done");
        async move {
            if is_done {
                done.cancel();
            } else {
                done.cancelled().await;
            }
            body
        }
    };
    let router = Router::new().fallback(work);
    let (address, ..) = served_by(router, Bounds { form: SHORT, feed: SHORT, ..BOUNDS }).await;
    let whole = |body: &str| {
        let length = body.len();
        format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
    };
    let working = sent(address, &whole("work")).await;
    let late = rest(sent(address, HALF_A_FORM).await).await;
    assert!(late.starts_with("HTTP/1.1 408"), "{late}");
    let answer = rest(sent(address, &whole("done")).await).await;
    assert!(answer.ends_with("done"), "{answer}");
    let answer = rest(working).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("work"), "{answer}");
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
async fn who_has_all_places_that_one_may_have_is_turned_away() {
    let (address, ..) = served(Bounds { head: SHORT, of_one: 1, ..BOUNDS }).await;
    let slow = sent(address, "GET / HTTP/1.1\r\n").await;
    assert_eq!(rest(sent(address, WHOLE).await).await, "");
    rest(slow).await;
    let answer = rest(sent(address, WHOLE).await).await;
    assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn an_old_connection_ends_after_the_answer_in_hand() {
    let (address, ..) = served(Bounds { connection: SHORT, ..BOUNDS }).await;
    let reading = sent(address, FOR_LARGE).await;
    let idle = sent(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let answer = rest(idle).await;
    assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");
    let answer = rest(reading).await;
    assert!(answer.len() > LARGE, "{} octets of an answer were sent, and then the connection was cut", answer.len());
}

#[tokio::test]
async fn who_reads_nothing_is_cut_off() {
    let (address, ..) = served(Bounds { stuck: SHORT, connections: 1, ..BOUNDS }).await;
    let reads_nothing = sent(address, FOR_LARGE).await;
    let answer = rest(sent(address, WHOLE).await).await;
    assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");
    assert!(rest(reads_nothing).await.len() < LARGE);
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
