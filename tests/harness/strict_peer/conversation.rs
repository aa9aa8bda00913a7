//! One connection to the peer: reads commands, asks what to do, and does it.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use super::{Act, Seen, Shared};

/// How often a waiting connection looks whether there is something to tell.
const LOOK: Duration = Duration::from_millis(20);

pub(super) struct Conversation {
    pub(super) shared: Arc<Shared>,
    reading: BufReader<TcpStream>,
    writing: TcpStream,
    /// A line of which only the beginning has come.
    begun: Vec<u8>,
    pub(super) is_logged_in: bool,
    pub(super) open: Option<Open>,
}

/// The open folder, and what the client was told of it.
pub(super) struct Open {
    pub(super) folder: String,
    pub(super) read_only: bool,
    pub(super) exists: usize,
    pub(super) vanished: usize,
}

/// What came next.
enum Heard {
    Line(String),
    Nothing,
    End,
}

impl Conversation {
    pub(super) fn new(connection: TcpStream, shared: Arc<Shared>) -> io::Result<Self> {
        let reading = BufReader::new(connection.try_clone()?);
        Ok(Self { shared, reading, writing: connection, begun: Vec::new(), is_logged_in: false, open: None })
    }

    /// Until either side ends it.
    pub(super) fn hold(mut self) -> io::Result<()> {
        let mut line = "- GREETING".to_owned();
        loop {
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            let (tag, seen) = (tag.to_owned(), Seen::new(command, self.open.as_ref().map(|open| open.folder.clone())));
            let mut said_meanwhile = None;
            for act in self.shared.acts_on(&seen) {
                match act {
                    Act::Obey => self.obey(&seen, &tag, usize::MAX)?,
                    Act::ObeyInPart(lines) => self.obey(&seen, &tag, lines)?,
                    Act::Say(text) => self.send(format!("{}\r\n", text.replace("TAG", &tag)).as_bytes())?,
                    Act::Repeat(text) => said_meanwhile = Some(self.repeat(text)?),
                    Act::Silence => while !matches!(self.listen(None)?, Heard::End) {},
                    Act::Close => return Ok(()),
                }
            }
            line = match said_meanwhile {
                // What ends an IDLE belongs to it.
                Some(done) if done == "DONE" => {
                    self.send(format!("{tag} OK IDLE ended\r\n").as_bytes())?;
                    self.next_line()?
                }
                Some(line) => line,
                None => self.next_line()?,
            };
        }
    }

    fn obey(&mut self, seen: &Seen, tag: &str, lines: usize) -> io::Result<()> {
        if seen.verb == "IDLE" {
            return self.idle(tag);
        }
        let answer = self.answer(seen);
        for line in answer.into_iter().take(lines) {
            self.send(&replace_tag(line, tag))?;
        }
        if seen.verb == "LOGOUT" { Err(ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    fn idle(&mut self, tag: &str) -> io::Result<()> {
        self.send(b"+ idling\r\n")?;
        loop {
            match self.listen(Some(LOOK))? {
                Heard::Line(line) => {
                    if line != "DONE" {
                        self.shared.complain(&format!("{line} during IDLE"));
                    }
                    return self.send(format!("{tag} OK IDLE ended\r\n").as_bytes());
                }
                Heard::Nothing => {
                    let news = self.news();
                    for line in news {
                        self.send(&line)?;
                    }
                }
                Heard::End => return Err(ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    fn repeat(&mut self, text: &str) -> io::Result<String> {
        loop {
            self.send(format!("{text}\r\n").as_bytes())?;
            match self.listen(Some(LOOK))? {
                Heard::Line(line) => return Ok(line),
                Heard::Nothing => {}
                Heard::End => return Err(ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    fn next_line(&mut self) -> io::Result<String> {
        match self.listen(None)? {
            Heard::Line(line) => Ok(line),
            Heard::Nothing | Heard::End => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    fn listen(&mut self, patience: Option<Duration>) -> io::Result<Heard> {
        self.writing.set_read_timeout(patience)?;
        match self.reading.read_until(b'\n', &mut self.begun) {
            Ok(0) => Ok(Heard::End),
            Ok(_) => {
                let line = String::from_utf8_lossy(&std::mem::take(&mut self.begun)).trim_end().to_owned();
                Ok(Heard::Line(line))
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(Heard::Nothing),
            Err(error) => Err(error),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writing.write_all(bytes)
    }
}

/// Only the tagged line begins with the word.
fn replace_tag(line: Vec<u8>, tag: &str) -> Vec<u8> {
    match line.strip_prefix(b"TAG ") {
        Some(rest) => [tag.as_bytes(), b" ", rest].concat(),
        None => line,
    }
}
