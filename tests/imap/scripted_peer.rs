//! A server on a loopback port that does what the test says, for what no real server can be made to do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reply_import::application::FolderName;
use reply_import::imap::{ConnectOptions, Deadlines, Mode, Proof, Session, Tls};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What the peer does after a line of the client.
pub enum Act {
    /// Sends this; `TAG` becomes the tag of the command it answers.
    Say(String),
    /// Sends this line over and over.
    Repeat(&'static str, Duration),
    /// Says nothing for a while.
    Pause(Duration),
    /// Ends the connection.
    Close,
}

/// Sends one line.
pub fn say(line: &str) -> Act {
    Act::Say(format!("{line}\r\n"))
}

/// What a well-behaved server answers: five mails in the inbox, all capabilities. A test overrides one command of it.
pub fn polite(command: &str) -> Vec<Act> {
    let verb = command.split(' ').next().unwrap();
    match verb {
        "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS AUTH=PLAIN"), say("TAG OK done")],
        "SELECT" | "EXAMINE" => {
            vec![say("* 5 EXISTS"), say("* OK [UIDVALIDITY 7] x"), say("* OK [UIDNEXT 9] x"), say("TAG OK done")]
        }
        "LIST" => vec![say(r#"* LIST () "/" INBOX"#), say(r#"* LIST (\Archive) "/" Archive"#), say("TAG OK done")],
        "IDLE" => vec![say("+ idling")],
        "LOGOUT" => vec![say("* BYE"), say("TAG OK done"), Act::Close],
        _ => vec![say("TAG OK done")],
    }
}

/// The running peer; what it was sent can be asked for.
pub struct Peer {
    port: u16,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Greets and answers each command (without its tag) as `answer` says.
    pub async fn start(answer: impl FnMut(&str) -> Vec<Act> + Send + 'static) -> Self {
        Self::greeting("* OK ready", answer).await
    }

    /// As [`Peer::start`], with a greeting of its own.
    pub async fn greeting(greeting: &str, answer: impl FnMut(&str) -> Vec<Act> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (noted, greeting) = (Arc::clone(&lines), greeting.to_owned());
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            serve(stream, &greeting, answer, &noted).await;
        });
        Self { port, lines }
    }

    /// How to reach it; every deadline is short.
    pub fn options(&self) -> ConnectOptions {
        let short = Duration::from_millis(500);
        ConnectOptions {
            host: "127.0.0.1".into(),
            port: self.port,
            tls: Tls::None,
            ca_file: None,
            username: "anna".into(),
            proof: Proof::Password("geheim".into()),
            deadlines: Deadlines { connect: short, command: Duration::from_secs(2), silence: short, goodbye: short },
        }
    }

    /// A session with the inbox open.
    pub async fn session(&self) -> Session {
        let mut session = Session::connect(&self.options()).await.unwrap();
        session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
        session
    }

    /// The lines it was sent, without tags.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

async fn serve(
    stream: TcpStream,
    greeting: &str,
    mut answer: impl FnMut(&str) -> Vec<Act>,
    noted: &Mutex<Vec<String>>,
) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    if !greeting.is_empty() {
        writing.write_all(format!("{greeting}\r\n").as_bytes()).await.unwrap();
    }
    let mut tag = String::new();
    while let Ok(Some(mut line)) = lines.next_line().await {
        loop {
            let command = match line.split_once(' ') {
                Some((own_tag, command)) if own_tag.starts_with('R') => {
                    own_tag.clone_into(&mut tag);
                    command.to_owned()
                }
                _ => line.clone(),
            };
            noted.lock().unwrap().push(command.clone());
            let mut next = None;
            for act in answer(&command) {
                match act {
                    Act::Say(text) => {
                        if writing.write_all(text.replace("TAG", &tag).as_bytes()).await.is_err() {
                            return;
                        }
                    }
                    Act::Pause(pause) => sleep(pause).await,
                    Act::Close => return,
                    Act::Repeat(text, pause) => {
                        next = repeat(&mut writing, &mut lines, text, pause).await;
                        if next.is_none() {
                            return;
                        }
                    }
                }
            }
            match next {
                Some(following) => line = following,
                None => break,
            }
        }
    }
}

/// Repeats a line until the client says something, which it gives back.
async fn repeat(
    writing: &mut (impl tokio::io::AsyncWrite + Unpin),
    lines: &mut tokio::io::Lines<BufReader<tokio::net::tcp::OwnedReadHalf>>,
    text: &str,
    pause: Duration,
) -> Option<String> {
    loop {
        writing.write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
        tokio::select! {
            line = lines.next_line() => return line.ok().flatten(),
            () = sleep(pause) => {}
        }
    }
}
