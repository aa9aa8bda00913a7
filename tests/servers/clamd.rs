//! The virus scanner, asked by the program's own client over both kinds of connection.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use crate::harness::clamd::{FILE_FOUND, INFECTED_FILE, MARKER, MARKER_FOUND, STREAM_MAX_LENGTH, zip};
use crate::harness::{Clamd, Direction, Proxy};
use reply_import::clamd::{Scan, Scanner};
use reply_import::settings::{ClamdAddress, VirusScan};

const SOON: Duration = Duration::from_secs(30);

fn at_port(port: u16, timeout: Duration) -> Scanner {
    let clamd = ClamdAddress::Host("localhost".to_owned(), port);
    Scanner::new(&VirusScan { clamd, timeout, max_stream: 25 << 20 })
}

fn at_socket(clamd: &Clamd) -> Scanner {
    let clamd = ClamdAddress::Socket(clamd.socket());
    Scanner::new(&VirusScan { clamd, timeout: SOON, max_stream: 25 << 20 })
}

#[test]
fn what_is_infected_is_found_over_the_socket_and_over_tcp() {
    let clamd = Clamd::start();
    let packed = zip("Lebenslauf.txt", format!("{MARKER} ").repeat(50).as_bytes());
    assert!(!packed.windows(MARKER.len()).any(|part| part == MARKER.as_bytes()), "it must be packed");
    for scanner in [at_socket(&clamd), at_port(clamd.port(), SOON)] {
        scanner.ping().unwrap();
        assert!(scanner.version().unwrap().starts_with("ClamAV "), "{:?}", scanner.version());
        let marked = Scan::Found(MARKER_FOUND.to_owned());
        for (content, means) in [
            (b"".as_slice(), Scan::Clean),
            (b"%PDF-1.4\n%%EOF\n", Scan::Clean),
            (format!("before {MARKER} behind").as_bytes(), marked.clone()),
            (&packed, marked.clone()),
            (INFECTED_FILE, Scan::Found(FILE_FOUND.to_owned())),
            (&INFECTED_FILE[1..], Scan::Clean),
        ] {
            assert_eq!(scanner.scan(content).unwrap(), means, "{:?}", String::from_utf8_lossy(content));
        }
    }
}

#[test]
fn what_is_larger_than_the_scanner_takes_is_told_though_the_connection_breaks() {
    let clamd = Clamd::start();
    for scanner in [at_socket(&clamd), at_port(clamd.port(), SOON)] {
        assert_eq!(scanner.scan(&vec![b'x'; STREAM_MAX_LENGTH]).unwrap(), Scan::Clean);
        for size in [STREAM_MAX_LENGTH + 1, 24 << 20] {
            assert_eq!(scanner.scan(&vec![b'x'; size]).unwrap(), Scan::TooLarge, "{size}");
        }
    }
    let shown = clamd.shown();
    assert_eq!(at_socket(&clamd).scan(&vec![b'x'; (25 << 20) + 1]).unwrap(), Scan::TooLarge);
    assert_eq!(clamd.shown(), shown, "it was not even sent");
}

#[test]
fn a_scanner_that_is_away_hangs_or_is_cut_off_gives_no_verdict() {
    let mut clamd = Clamd::start();
    let proxy = Proxy::to(clamd.port());
    let hasty = at_port(proxy.port(), Duration::from_secs(1));
    clamd.hang();
    for (what, error) in [
        ("ping", hasty.ping().unwrap_err()),
        ("a small file", hasty.scan(b"x").map(drop).unwrap_err()),
        // More than the buffers on the way take: sending it must end in time, too.
        ("a large file", hasty.scan(&vec![0; 20 << 20]).map(drop).unwrap_err()),
    ] {
        assert!(format!("{error:#}").contains("took too long"), "{what}: {error:#}");
    }
    clamd.go_on();
    // A wire of its own: what the one before still held goes on now, and would use up the bytes before the cut.
    let proxy = Proxy::to(clamd.port());
    let patient = at_port(proxy.port(), SOON);
    for bytes in [3, 14, 200_000] {
        proxy.cut_after(Direction::Up, bytes);
        assert!(patient.scan(&vec![0; 500_000]).is_err(), "cut after {bytes} bytes");
    }
    for bytes in [3, 10] {
        // Of `stream: OK` and the NUL behind it.
        proxy.cut_after(Direction::Down, bytes);
        assert!(patient.scan(b"clean").is_err(), "an answer of {bytes} bytes");
    }
    assert_eq!(patient.scan(b"clean").unwrap(), Scan::Clean);
    let socket = at_socket(&clamd);
    clamd.stop();
    let error = format!("{:#}", socket.ping().unwrap_err());
    assert!(error.contains("clamd.sock") && error.contains("The virus scanner cannot be used"), "{error}");
    assert!(at_port(clamd.port(), SOON).scan(b"clean").is_err());
    clamd.start_again();
    assert_eq!(socket.scan(b"clean").unwrap(), Scan::Clean);
}

#[test]
fn a_server_that_is_no_clamd_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let scanner = at_port(listener.local_addr().unwrap().port(), SOON);
    let server = std::thread::spawn(move || {
        for answer in [b"220 mail.example.com ESMTP\r\n\0".as_slice(), &[b'x'; 10_000]] {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read(&mut [0; 100]).unwrap();
            connection.write_all(answer).unwrap();
        }
    });
    let error = format!("{:#}", scanner.ping().unwrap_err());
    assert!(error.contains("220 mail.example.com"), "{error}");
    let error = format!("{:#}", scanner.ping().unwrap_err());
    assert!(error.contains("does not end"), "{error}");
    server.join().unwrap();
}
