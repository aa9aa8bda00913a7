//! An authorization server of a test's own: gives access tokens that the harness's Dovecot takes, and does what real ones do
//! to those who ask.
//!
//! A client `client-anna` gets tokens for the user `anna`. Tokens are real JSON Web Tokens; an assertion's signature and
//! claims are checked as RFC 7523 has it.

mod assertion;
mod http;
mod tokens;

use std::collections::{HashSet, VecDeque};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod};

use super::certificates::Certificates;

pub use self::assertion::ClientCertificate;
use self::http::{Request, Response};
pub use self::tokens::{ISSUER, KEY, foreign_token, token};

/// The secret of every client.
pub const CLIENT_SECRET: &str = "geheimnis-des-programms";

/// The scope that is granted.
pub const SCOPE: &str = "https://mail.example.test/";

/// What the next request is answered with instead of what is due.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This status, and no more.
    Status(u16),
    /// A refusal: `error` and `error_description`.
    Refusal(&'static str, &'static str),
    /// Another address to go to.
    Redirect(String),
    /// This reply as it is.
    Reply(serde_json::Value),
    /// A token that no mail server takes.
    ForeignToken,
}

/// A running authorization server, until dropped.
pub struct TokenEndpoint {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    url: String,
    tls: Option<SslAcceptor>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    lifetime: i64,
    rotates: bool,
    refresh_tokens: HashSet<String>,
    given_refresh_tokens: u32,
    certificate: Option<ClientCertificate>,
    assertions: HashSet<String>,
    plan: VecDeque<(Option<String>, Answer)>,
    always: Option<Answer>,
    is_held: bool,
    is_over: bool,
    asked: Vec<Request>,
}

impl TokenEndpoint {
    /// Starts it. Its tokens last an hour; the refresh token `refresh-0` is good, and stays the same.
    pub fn start() -> Self {
        Self::started(None)
    }

    /// The same, over TLS with this server certificate.
    pub fn start_with_tls(certificates: &Certificates) -> Self {
        let mut tls = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
        tls.set_certificate_chain_file(&certificates.server_certificate).unwrap();
        tls.set_private_key_file(&certificates.server_key, SslFiletype::PEM).unwrap();
        Self::started(Some(tls.build()))
    }

    fn started(tls: Option<SslAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            lifetime: 3600,
            rotates: false,
            refresh_tokens: HashSet::from(["refresh-0".to_owned()]),
            given_refresh_tokens: 0,
            certificate: None,
            assertions: HashSet::new(),
            plan: VecDeque::new(),
            always: None,
            is_held: false,
            is_over: false,
            asked: Vec::new(),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{address}/token");
        let shared = Arc::new(Shared { url, tls, state: Mutex::new(state), changed: Condvar::new() });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if serving.state().is_over {
                    return;
                }
                let (Ok(connection), shared) = (connection, Arc::clone(&serving)) else { continue };
                thread::spawn(move || shared.serve(connection));
            }
        });
        Self { address, shared }
    }

    /// The address of the token endpoint.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// From now on tokens last so many seconds.
    pub fn lifetime(&self, seconds: i64) {
        self.shared.state().lifetime = seconds;
    }

    /// From now on each use of a refresh token gives another one, and ends the one that was used.
    pub fn rotate(&self) {
        self.shared.state().rotates = true;
    }

    /// Makes a refresh token good, as a person does who signs in.
    pub fn allow(&self, refresh_token: &str) {
        self.shared.state().refresh_tokens.insert(refresh_token.to_owned());
    }

    /// Whether a refresh token is good.
    pub fn takes(&self, refresh_token: &str) -> bool {
        self.shared.state().refresh_tokens.contains(refresh_token)
    }

    /// Knows a client by this certificate.
    pub fn know(&self, certificate: &ClientCertificate) {
        self.shared.state().certificate = Some(certificate.clone());
    }

    /// Answers the next request so; several wait in their order.
    pub fn answer_next(&self, answer: Answer) {
        self.shared.state().plan.push_back((None, answer));
    }

    /// Answers the next request of this client so.
    pub fn answer_next_to(&self, client: &str, answer: Answer) {
        self.shared.state().plan.push_back((Some(client.to_owned()), answer));
    }

    /// Answers all requests so, or as they should be.
    pub fn answer_all(&self, answer: Option<Answer>) {
        self.shared.state().always = answer;
    }

    /// Answers nothing until [`TokenEndpoint::let_go`].
    pub fn hold(&self) {
        self.shared.state().is_held = true;
    }

    /// Ends what [`TokenEndpoint::hold`] began.
    pub fn let_go(&self) {
        self.shared.state().is_held = false;
        self.shared.changed.notify_all();
    }

    /// The requests until now.
    pub fn asked(&self) -> Vec<Request> {
        self.shared.state().asked.clone()
    }
}

impl Drop for TokenEndpoint {
    fn drop(&mut self) {
        self.shared.state().is_over = true;
        self.let_go();
        // Wakes the listening thread, so that it ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn serve(&self, connection: TcpStream) {
        match &self.tls {
            None => self.talk(connection),
            // Who does not trust the certificate goes away.
            Some(tls) => {
                if let Ok(secured) = tls.accept(connection) {
                    self.talk(secured);
                }
            }
        }
    }

    fn talk(&self, mut connection: impl Read + Write) {
        let Some(request) = http::read(&mut connection) else { return };
        let mut state = self.state();
        state.asked.push(request.clone());
        while state.is_held {
            state = self.changed.wait(state).unwrap();
        }
        let response = state.answer(&request, &self.url);
        drop(state);
        http::write(&mut connection, &response);
    }
}

impl State {
    fn answer(&mut self, request: &Request, url: &str) -> Response {
        let client = request.field("client_id");
        let user = client.strip_prefix("client-").unwrap_or("nobody").to_owned();
        let planned = self.plan.iter().position(|(to, _)| to.as_ref().is_none_or(|to| to == client));
        let planned = planned.and_then(|place| self.plan.remove(place)).map(|(_, answer)| answer);
        match planned.or_else(|| self.always.clone()) {
            Some(Answer::Status(status)) => Response::empty(status),
            Some(Answer::Refusal(error, description)) => Response::refusal(error, description),
            Some(Answer::Redirect(to)) => Response { location: Some(to), ..Response::empty(307) },
            Some(Answer::Reply(reply)) => Response::json(200, &reply),
            Some(Answer::ForeignToken) => self.give(&foreign_token(&user, self.lifetime), None),
            None => match self.granted(request, url) {
                Ok(refresh_token) => self.give(&token(&user, self.lifetime), refresh_token),
                Err((error, why)) => Response::refusal(error, why),
            },
        }
    }

    fn give(&self, access_token: &str, refresh_token: Option<String>) -> Response {
        let mut reply = serde_json::json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": SCOPE,
        });
        if let Some(refresh_token) = refresh_token {
            reply["refresh_token"] = refresh_token.into();
        }
        Response::json(200, &reply)
    }

    /// Whether there is a token for this request, and the refresh token that comes with it.
    fn granted(&mut self, request: &Request, url: &str) -> Result<Option<String>, (&'static str, &'static str)> {
        let is_client = if request.has("client_assertion") {
            let known = self.certificate.as_ref().ok_or(("invalid_client", "AADSTS700027: no certificate"))?;
            let id = known.check(request, url).map_err(|why| ("invalid_client", why))?;
            self.assertions.insert(id)
        } else {
            request.field("client_secret") == CLIENT_SECRET
        };
        if !is_client {
            return Err(("invalid_client", "AADSTS7000215: Invalid client secret provided."));
        }
        match request.field("grant_type") {
            "client_credentials" if request.field("scope") == SCOPE => Ok(None),
            "client_credentials" => Err(("invalid_scope", "AADSTS70011: The provided value is not valid.")),
            "refresh_token" => {
                let used = request.field("refresh_token");
                if !self.refresh_tokens.contains(used) {
                    return Err(("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity."));
                }
                if !self.rotates {
                    return Ok(None);
                }
                self.refresh_tokens.remove(used);
                self.given_refresh_tokens += 1;
                let next = format!("refresh-{}", self.given_refresh_tokens);
                self.refresh_tokens.insert(next.clone());
                Ok(Some(next))
            }
            _ => Err(("unsupported_grant_type", "")),
        }
    }
}
