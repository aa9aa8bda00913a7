//! What the service manager is told: that all is well, as long as it is, and how the mailboxes stand.

use crate::harness::wait_for;
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

/// As the service manager hears it.
struct Ear {
    socket: PathBuf,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Ear {
    /// Listens in the folder of the house, on a thread that ends with the test.
    fn of(house: &House) -> Self {
        let socket = house.service.join("notify.socket");
        let (listening, heard) = (UnixDatagram::bind(&socket).unwrap(), Arc::default());
        let ear = Self { socket, heard: Arc::clone(&heard) };
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = listening.recv(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..length]).trim_end().to_owned();
                heard.lock().unwrap().push(text);
            }
        });
        ear
    }

    /// The variables that a service finds where it has a watchdog.
    fn variables(&self) -> [(&str, &str); 2] {
        [("NOTIFY_SOCKET", self.socket.to_str().unwrap()), ("WATCHDOG_USEC", "300000000")]
    }

    fn count(&self, text: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|heard| *heard == text).count()
    }

    fn last_status(&self) -> Option<String> {
        self.heard.lock().unwrap().iter().rev().find_map(|heard| heard.strip_prefix("STATUS=").map(str::to_owned))
    }

    fn wait_until_fed(&self, times: usize) {
        let before = self.count("WATCHDOG=1");
        wait_for("the watchdog to be fed", SOON, || (self.count("WATCHDOG=1") >= before + times).then_some(()));
    }
}

#[test]
fn the_watchdog_is_fed_though_no_mail_comes_and_also_while_a_mail_server_is_away() {
    let mut house = builder().mailbox("poll_interval = \"1s\"\nidle = false").build();
    let ear = Ear::of(&house);
    let mut service = house.service.start_with(&["run"], &ear.variables());
    ear.wait_until_fed(3);
    assert_eq!(ear.count("READY=1"), 1);
    let status = wait_for("a status", SOON, || ear.last_status().filter(|line| line.contains("last look ")));
    assert!(status.starts_with("mailboxes: 1; "), "{status}");
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the round in the status", SOON, || ear.last_status()?.ends_with(": 1 imported").then_some(()));
    house.dovecot.stop();
    wait_for("the fault in the status", SOON, || ear.last_status()?.contains("1 of them cannot be used").then_some(()));
    ear.wait_until_fed(1);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(ear.count("STOPPING=1"), 1);
}

/// The thread that records a mail of one mailbox never comes back; the other mailbox is looked at as ever.
#[test]
fn the_watchdog_is_not_fed_any_more_when_a_step_of_one_mailbox_hangs() {
    let house = builder().mailbox("poll_interval = \"1s\"\nidle = false").more_mailboxes(1).build();
    let ear = Ear::of(&house);
    let [socket, watchdog] = ear.variables();
    let hangs = ("FAILPOINTS", "before_commit=pause;step_at_most=return(2000)");
    let service = house.service.start_with(&["run"], &[socket, watchdog, hangs]);
    ear.wait_until_fed(2);
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the step to be found hanging", SOON, || service.stderr().contains("got nowhere for 2s").then_some(()));
    let (fed, looks) = (ear.count("WATCHDOG=1"), looks_at_the_other(&house));
    wait_for("further looks", SOON, || (looks_at_the_other(&house) >= looks + 10).then_some(()));
    assert_eq!(ear.count("WATCHDOG=1"), fed, "{service:?}");
    assert_eq!(service.stderr().matches("got nowhere for").count(), 1, "said once");
}

/// What hangs here is one step among others, and nothing of it is lost: the next process goes on.
#[test]
fn a_process_that_hung_is_ended_and_the_next_one_takes_up_what_it_left() {
    let house = builder().mailbox("poll_interval = \"1s\"\nidle = false").more_mailboxes(1).build();
    let ear = Ear::of(&house);
    let [socket, watchdog] = ear.variables();
    let hangs = ("FAILPOINTS", "filed_away=pause;step_at_most=return(2000)");
    let mut service = house.service.start_with(&["run"], &[socket, watchdog, hangs]);
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the step to be found hanging", SOON, || service.stderr().contains("got nowhere for 2s").then_some(()));
    service.kill();
    house.once();
    assert_eq!(house.only_mail()["outcome"], "imported");
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
}

/// Commands that the mail server got of both mailboxes; the one that hangs sends none.
fn looks_at_the_other(house: &House) -> usize {
    house.dovecot.client_commands().len()
}
