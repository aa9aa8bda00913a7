//! One plain connection to an IMAP server: commands out, answers with their literals in.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// A server that says nothing for so long fails the test.
const PATIENCE: Duration = Duration::from_secs(30);

/// A logged-in connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects and logs in; name and password in ASCII.
    pub fn logged_in(port: u16, user: &str, password: &str) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        // Else each of two writes in a row waits 40 ms for the server's acknowledgement.
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut connection = Self { stream: BufReader::new(stream) };
        let greeting = connection.answer();
        assert!(greeting.starts_with(b"* OK"), "{}", greeting.escape_ascii());
        connection.succeed(&format!("LOGIN \"{user}\" \"{password}\""));
        connection
    }

    /// Runs one command and gives all answers, the tagged one last.
    pub fn run(&mut self, command: &str) -> Vec<Vec<u8>> {
        self.send(format!("t {command}\r\n").as_bytes());
        self.answers()
    }

    /// As [`Connection::run`]; `None` if the server is silent for so long. Then the connection is of no more use.
    pub fn run_unless_silent(&mut self, command: &str, longest: Duration) -> Option<Vec<Vec<u8>>> {
        self.stream.get_ref().set_read_timeout(Some(longest)).unwrap();
        self.send(format!("t {command}\r\n").as_bytes());
        let speaks = self.stream.fill_buf().is_ok();
        self.stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        speaks.then(|| self.answers())
    }

    /// As [`Connection::run`], and fails the test unless the answer is OK.
    pub fn succeed(&mut self, command: &str) -> Vec<Vec<u8>> {
        let answers = self.run(command);
        assert!(is_ok(&answers), "{command}: {}", answers.last().unwrap().escape_ascii());
        answers
    }

    /// Appends a mail, unseen, and gives the answers.
    pub fn append(&mut self, folder: &str, mail: &[u8]) -> Vec<Vec<u8>> {
        self.send(format!("t APPEND \"{folder}\" {{{}}}\r\n", mail.len()).as_bytes());
        let consent = self.answer();
        assert!(consent.starts_with(b"+"), "{}", consent.escape_ascii());
        self.send(mail);
        self.send(b"\r\n");
        self.answers()
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    fn answers(&mut self) -> Vec<Vec<u8>> {
        let mut answers = vec![self.answer()];
        while !answers.last().unwrap().starts_with(b"t ") {
            answers.push(self.answer());
        }
        answers
    }

    /// One line, with the literals in it and what follows them.
    fn answer(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        loop {
            self.stream.read_until(b'\n', &mut answer).unwrap();
            assert!(answer.ends_with(b"\n"), "the connection ended after {}", answer.escape_ascii());
            let Some(size) = literal_at_end(&answer) else { return answer };
            let start = answer.len();
            answer.resize(start + size, 0);
            self.stream.read_exact(&mut answer[start..]).unwrap();
        }
    }
}

/// Whether a command was obeyed.
pub fn is_ok(answers: &[Vec<u8>]) -> bool {
    answers.last().is_some_and(|answer| answer.starts_with(b"t OK"))
}

/// The first literal in an answer.
pub fn literal_of(answer: &[u8]) -> &[u8] {
    let line_end = answer.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let size = literal_at_end(&answer[..line_end]).expect("the mail comes as a literal");
    &answer[line_end..line_end + size]
}

/// The size of the literal that follows a line.
fn literal_at_end(line: &[u8]) -> Option<usize> {
    let before = line.strip_suffix(b"}\r\n")?;
    let brace = before.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&before[brace + 1..]).ok()?.parse().ok()
}
