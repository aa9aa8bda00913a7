//! As much of IMAP as the job needs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

pub struct Imap {
    stream: BufReader<Box<dyn Stream>>,
    commands: u32,
}

impl Imap {
    pub fn connect(tls: bool) -> Self {
        let port = std::env::var(if tls { "IMAPS_PORT" } else { "IMAP_PORT" }).unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
        stream.set_nodelay(true).unwrap();
        let stream: Box<dyn Stream> = if tls {
            let mut connector = native_tls::TlsConnector::builder();
            connector.danger_accept_invalid_certs(true).danger_accept_invalid_hostnames(true);
            Box::new(connector.build().unwrap().connect("localhost", stream).unwrap())
        } else {
            Box::new(stream)
        };
        let mut imap = Self { stream: BufReader::with_capacity(256 * 1024, stream), commands: 0 };
        imap.stream.read_until(b'\n', &mut Vec::new()).unwrap();
        let (user, password) = (std::env::var("IMAP_USER").unwrap(), std::env::var("IMAP_PASS").unwrap());
        imap.command(&format!("LOGIN {user} {password}"));
        imap
    }

    /// Sends a command and gives its tag.
    pub fn send(&mut self, command: &str) -> String {
        self.commands += 1;
        let tag = format!("A{}", self.commands);
        let stream = self.stream.get_mut();
        stream.write_all(format!("{tag} {command}\r\n").as_bytes()).unwrap();
        stream.flush().unwrap();
        tag
    }

    /// Reads up to the tagged line; `take` gets each line before it, with its literal if it has one and they are kept.
    pub fn wait_for(&mut self, tag: &str, keep: bool, take: &mut dyn FnMut(&[u8], Option<Vec<u8>>)) {
        let mut line = Vec::new();
        loop {
            line.clear();
            self.stream.read_until(b'\n', &mut line).unwrap();
            if let Some(length) = literal(&line) {
                let kept = if keep { Some(self.read(length)) } else { self.skip(length) };
                take(&line, kept);
            } else if line.starts_with(tag.as_bytes()) && line.get(tag.len()) == Some(&b' ') {
                assert!(line[tag.len()..].starts_with(b" OK"), "{}", String::from_utf8_lossy(&line));
                return;
            } else {
                take(&line, None);
            }
        }
    }

    pub fn command(&mut self, command: &str) {
        let tag = self.send(command);
        self.wait_for(&tag, false, &mut |_, _| ());
    }

    /// The UIDs of unseen mails.
    pub fn unseen(&mut self) -> Vec<u32> {
        let tag = self.send("UID SEARCH UNSEEN");
        let mut uids = Vec::new();
        self.wait_for(&tag, false, &mut |line, _| {
            if let Some(found) = line.strip_prefix(b"* SEARCH") {
                uids.extend(String::from_utf8_lossy(found).split_whitespace().map(|uid| uid.parse::<u32>().unwrap()));
            }
        });
        uids
    }

    fn read(&mut self, length: usize) -> Vec<u8> {
        let mut octets = vec![0; length];
        self.stream.read_exact(&mut octets).unwrap();
        octets
    }

    fn skip(&mut self, mut left: usize) -> Option<Vec<u8>> {
        while left > 0 {
            let here = self.stream.fill_buf().unwrap().len().min(left);
            assert!(here > 0, "the server hung up");
            self.stream.consume(here);
            left -= here;
        }
        None
    }
}

fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"}\r\n")?;
    let start = line.iter().rposition(|&octet| octet == b'{')?;
    std::str::from_utf8(&line[start + 1..]).ok()?.parse().ok()
}

/// The number behind a word of an answer, such as `UID `.
pub fn number_after(line: &[u8], word: &str) -> Option<u64> {
    let line = String::from_utf8_lossy(line);
    line.split(word).nth(1)?.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// UIDs as IMAP writes them, neighbours together.
pub fn set(uids: &[u32]) -> String {
    let runs = uids.chunk_by(|one, next| *next == one + 1);
    let words = runs.map(|run| match run {
        [one] => one.to_string(),
        run => format!("{}:{}", run[0], run[run.len() - 1]),
    });
    words.collect::<Vec<_>>().join(",")
}
