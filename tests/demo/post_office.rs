//! Takes notices where Postfix cannot be started, which wants root: passes what SMTP clients say on to Dovecot's LMTP, the
//! same language but for its greeting, as long as a mail has one recipient.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;

/// Opens for as long as this process lasts; the port at 127.0.0.1.
pub fn open(lmtp: PathBuf) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let lmtp = lmtp.clone();
            // A client that goes away is no failure.
            thread::spawn(move || serve(&client, &lmtp));
        }
    });
    port
}

fn serve(client: &TcpStream, lmtp: &Path) -> std::io::Result<()> {
    let mut server = UnixStream::connect(lmtp)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || std::io::copy(&mut answers, &mut to_client));
    let mut lines = BufReader::new(client);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.starts_with(b"EHLO ") {
            line.splice(..4, *b"LHLO");
        }
        server.write_all(&line)?;
        line.clear();
    }
    server.shutdown(std::net::Shutdown::Write)
}
