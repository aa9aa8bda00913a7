//! Just enough IMAP to see that a server is there: commands out, lines in. It knows nothing of the product's IMAP.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::time::Duration;

use native_tls::{Certificate, TlsConnector, TlsStream};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// One connection, its greeting read.
pub struct Client {
    connection: BufReader<TlsStream<TcpStream>>,
}

impl Client {
    /// Connects with TLS to `localhost`, trusting that CA alone.
    pub fn over_tls(port: u16, ca_file: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let ca = Certificate::from_pem(&fs::read(ca_file)?)?;
        let connector = TlsConnector::builder().disable_built_in_roots(true).add_root_certificate(ca).build()?;
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        connection.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut client = Self { connection: BufReader::new(connector.connect("localhost", connection)?) };
        let greeting = client.line();
        assert!(greeting.starts_with("* OK"), "{greeting}");
        Ok(client)
    }

    /// Logs in, with characters beyond ASCII too; `OK` or `NO`.
    pub fn log_in(&mut self, user: &str, password: &str) -> String {
        self.run(&format!("AUTHENTICATE PLAIN {}", BASE64_STANDARD.encode(format!("\0{user}\0{password}"))))
    }

    /// Runs one command and gives its status: `OK`, `NO` or `BAD`.
    pub fn run(&mut self, command: &str) -> String {
        let lines = self.lines_of(command);
        lines.last().unwrap().split(' ').nth(1).unwrap().to_owned()
    }

    /// Runs one command and gives all lines of the answer, the tagged one last.
    pub fn lines_of(&mut self, command: &str) -> Vec<String> {
        self.connection.get_mut().write_all(format!("a {command}\r\n").as_bytes()).unwrap();
        let mut lines = vec![self.line()];
        while !lines.last().unwrap().starts_with("a ") {
            lines.push(self.line());
        }
        lines
    }

    /// What comes until the server closes.
    pub fn read_to_end(&mut self) -> String {
        let mut rest = Vec::new();
        // The end without a TLS goodbye is an end too.
        let _ = self.connection.read_to_end(&mut rest);
        String::from_utf8_lossy(&rest).into_owned()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.connection.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the connection ended after {line:?}");
        line
    }
}
