//! Every request that the browsers make: they are told to use this proxy for all of them, those to their own machine too.
//!
//! What goes to the site under test is passed on; what goes elsewhere is written down and refused.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use oauth2::url::Url;

/// Where Chromium asks its makers for news, and Debian's its search engine, by itself, whatever page it shows and in spite
/// of all switches against it. No page of a test may use these.
const MAKERS: [&str; 4] = [".google.com", ".googleapis.com", ".gvt1.com", ".duckduckgo.com"];

/// A request as the browser made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`; `CONNECT` for anything over TLS and for web sockets.
    pub method: String,
    /// The whole address; only `host:port` if the method is `CONNECT`.
    pub target: String,
    /// Passed on to the site under test.
    pub is_let_through: bool,
}

impl Request {
    fn host(&self) -> String {
        let address = Url::parse(&self.target).ok().and_then(|url| url.host_str().map(str::to_owned));
        address
            .unwrap_or_else(|| self.target.rsplit_once(':').map_or(self.target.as_str(), |(host, _)| host).to_owned())
    }
}

/// The list, and the proxy that keeps it as long as the test process lasts.
#[derive(Clone)]
pub struct Requests {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    sites: HashSet<u16>,
    made: Vec<Request>,
}

impl Requests {
    pub(super) fn record() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let requests = Self { port: listener.local_addr().unwrap().port(), state: Arc::default() };
        let kept = requests.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let kept = kept.clone();
                // A browser that goes away in the middle of a request is no failure.
                thread::spawn(move || kept.serve(&connection));
            }
        });
        requests
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Passes on what goes to this port of 127.0.0.1.
    pub fn let_through(&self, site: u16) {
        self.state.lock().unwrap().sites.insert(site);
    }

    /// All there were until now, oldest first.
    pub fn all(&self) -> Vec<Request> {
        self.state.lock().unwrap().made.clone()
    }

    /// Those that went anywhere but to the site under test, except what Chromium asks its makers.
    pub fn strangers(&self) -> Vec<Request> {
        let is_of_a_page = |request: &Request| !MAKERS.iter().any(|maker| request.host().ends_with(maker));
        self.all().into_iter().filter(|request| !request.is_let_through && is_of_a_page(request)).collect()
    }

    /// Forgets all until now and gives them.
    pub fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap().made)
    }

    fn note(&self, method: &str, target: &str) -> Option<Url> {
        let mut state = self.state.lock().unwrap();
        let url = Url::parse(target).ok().filter(|_| method != "CONNECT");
        let url = url.filter(|url| {
            let is_here =
                url.scheme() == "http" && ["127.0.0.1", "localhost"].contains(&url.host_str().unwrap_or_default());
            is_here && url.port().is_some_and(|port| state.sites.contains(&port))
        });
        let (method, target) = (method.to_owned(), target.to_owned());
        state.made.push(Request { method, target, is_let_through: url.is_some() });
        url
    }

    /// One request a connection: the answer says that it ends after it.
    fn serve(&self, browser: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(browser.try_clone().ok()?);
        let first = line(&mut reader)?;
        let mut words = first.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut head = Vec::new();
        loop {
            let line = line(&mut reader)?;
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let Some(url) = self.note(&method, &target) else {
            return (&*browser)
                .write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .ok();
        };
        let value = |name: &str| {
            let field = |line: &String| {
                line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name))?.1.trim().parse::<usize>().ok()
            };
            head.iter().find_map(field)
        };
        let mut body = vec![0; value("content-length").unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let is_for_the_next = |line: &&String| {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            !["connection", "proxy-connection", "keep-alive"].contains(&name.as_str())
        };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut message = format!("{method} {}{query} HTTP/1.1\r\nConnection: close\r\n", url.path());
        head.iter().filter(is_for_the_next).for_each(|line| {
            message.push_str(line);
            message.push_str("\r\n");
        });
        message.push_str("\r\n");
        let mut site = TcpStream::connect((Ipv4Addr::LOCALHOST, url.port()?)).ok()?;
        site.write_all(message.as_bytes()).ok()?;
        site.write_all(&body).ok()?;
        std::io::copy(&mut site, &mut &*browser).ok()?;
        Some(())
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line.trim_end().to_owned())
}
