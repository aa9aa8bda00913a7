//! However a test ends, its servers end with it.

use std::env::current_exe;
use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::browser::{Browser, Session};
use crate::harness::cyrus::Namespace;
use crate::harness::dovecot::USERS;
use crate::harness::folder::PLACE;
use crate::harness::process::Program;
use crate::harness::{Courier, Cyrus, Dovecot, Folder, Postfix, Postgres, wait_for};
use crate::imap_client::Client;

const DEADLINE: Duration = Duration::from_secs(20);

/// All of them, with a client logged in to each mail server and a browser open: sessions are what outlives its server most
/// easily.
struct Servers {
    _clients: [Client; 3],
    _session: Session,
    browser: Browser,
    postfix: Postfix,
    postgres: Postgres,
    dovecot: Dovecot,
    cyrus: Cyrus,
    courier: Courier,
}

impl Servers {
    fn start() -> Self {
        let (dovecot, postgres) = (Dovecot::start(), Postgres::start());
        let postfix = Postfix::start(&dovecot);
        let (cyrus, courier) = (Cyrus::start(Namespace::InsideInbox, &USERS), Courier::start(&USERS));
        let clients = [
            (dovecot.imaps_port(), dovecot.certificates()),
            (cyrus.imaps_port(), cyrus.certificates()),
            (courier.imaps_port(), courier.certificates()),
        ]
        .map(|(port, certificates)| {
            let mut client = Client::over_tls(port, &certificates.ca_file).unwrap();
            assert_eq!(client.log_in(USERS[0].0, USERS[0].1), "OK");
            client
        });
        let browser = Browser::start(1);
        Self { _clients: clients, _session: browser.session(), browser, postfix, postgres, dovecot, cyrus, courier }
    }

    fn process_ids(&self) -> Vec<u32> {
        let mail_servers = [self.dovecot.process_id(), self.cyrus.process_id(), self.courier.process_id()];
        let others = [self.postfix.process_id(), self.postgres.process_id(), Some(self.browser.process_id())];
        mail_servers.into_iter().chain(others).map(Option::unwrap).collect()
    }
}

#[test]
fn a_test_that_panics_leaves_no_process_and_no_folder() {
    let (mut started, mut folder) = (Vec::new(), None);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let servers = Servers::start();
        started = servers.process_ids();
        folder = Some(servers.dovecot.folder().to_owned());
        assert!(started.iter().all(|id| !relatives(*id).is_empty()), "the servers are found while they run");
        panic!("as a failing test does");
    }));
    assert!(ended.is_err());
    assert_eq!(started.len(), 6);
    expect_gone(&started);
    assert!(!folder.unwrap().exists());
}

#[test]
fn a_test_process_that_is_killed_leaves_no_process() {
    let arguments = ["--exact", "leaving::starts_servers_and_waits_to_be_killed", "--ignored", "--nocapture"];
    // Nobody removes the folders of a killed process.
    let folder = Folder::create();
    let mut command = Command::new(current_exe().unwrap());
    let mut test = command.args(arguments).env(PLACE, folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines().map(Result::unwrap);
    let started = lines.filter_map(|line| line.strip_prefix("started ")?.parse().ok()).take(6).collect::<Vec<u32>>();
    test.kill().unwrap();
    test.wait().unwrap();
    assert_eq!(started.len(), 6);
    expect_gone(&started);
}

#[test]
#[ignore = "only for the test above, which kills it"]
fn starts_servers_and_waits_to_be_killed() {
    let servers = Servers::start();
    for id in servers.process_ids() {
        println!("\nstarted {id}");
    }
    wait_for("the kill", DEADLINE, || None::<()>);
}

#[test]
fn a_program_that_fails_to_start_shows_its_own_words() {
    let folder = Folder::create();
    let started = catch_unwind(AssertUnwindSafe(|| {
        let program = Program::new("/bin/sh", folder.join("log")).argument("-c").argument("echo no luck; exit 7");
        program.start().wait_until_ready(|| false)
    }));
    let words = started.unwrap_err().downcast::<String>().unwrap();
    assert!(words.contains("sh ended with exit status: 7") && words.contains("no luck"), "{words}");
}

#[test]
fn a_taken_port_is_told_from_other_failures() {
    let folder = Folder::create();
    let program = Program::new("/bin/sh", folder.join("log")).argument("-c");
    let mut process = program.argument("echo bind failed: Address already in use; exit 1").start();
    assert!(process.wait_until_ready(|| false).is_err());
}

fn expect_gone(started: &[u32]) {
    for id in started {
        wait_for(&format!("the end of all processes of {id}"), DEADLINE, || relatives(*id).is_empty().then_some(()));
    }
}

/// The processes, not yet ended, of a server's group, and its children: PostgreSQL's have groups of their own, and end
/// by themselves when it is gone.
fn relatives(server: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.filter(|id| belongs_to(*id, server)).collect()
}

fn belongs_to(process: u32, server: u32) -> bool {
    let Ok(line) = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")) else { return false };
    // `123 (name) S parent group ...`; the name may contain anything, parentheses too.
    let mut fields = line.rsplit_once(')').unwrap().1.split_whitespace();
    let state = fields.next().unwrap();
    state != "Z" && fields.take(2).any(|field| field == server.to_string())
}
