//! An hour of mail that arrives while workers and servers go away at random: nothing lost, nothing doubled, nothing
//! growing. Run by `make soak`; `SOAK_MINUTES` says for how long, `SOAK_SEED` repeats a run.

#![expect(clippy::print_stdout, reason = "a person watches")]

mod growth;

use self::growth::{Sample, nothing_has_grown, sample};
use crate::harness::process::Signal;
use crate::harness::service::Running;
use crate::harness::waiting::{poll, wait_for};
use crate::house::{House, builder};
use crate::mails::{Mail, forward};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// After the last mail, everything must be done within this time.
const SETTLED: Duration = Duration::from_mins(10);

/// How many mailboxes the workers share.
const MAILBOXES: usize = 6;

#[test]
#[ignore = "takes an hour: `make soak`"]
fn an_hour() {
    let minutes = std::env::var("SOAK_MINUTES").ok().and_then(|minutes| minutes.parse().ok()).unwrap_or(60);
    let seed = std::env::var("SOAK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("{minutes} minutes, seed {seed}");
    let mut soak = Soak::start(seed);
    soak.go_on_for(Duration::from_mins(minutes));
    soak.settle();
    soak.nothing_is_lost_or_doubled();
    nothing_has_grown(&soak.samples);
}

/// What can happen to an installation in operation.
#[derive(Clone, Copy, Debug)]
enum Mishap {
    WorkerKilled,
    WorkerRestarted,
    WorkerPaused,
    MailServerAway,
    SmtpServerAway,
    DatabaseAway,
}

const MISHAPS: [Mishap; 6] = [
    Mishap::WorkerKilled,
    Mishap::WorkerRestarted,
    Mishap::WorkerPaused,
    Mishap::MailServerAway,
    Mishap::SmtpServerAway,
    Mishap::DatabaseAway,
];

struct Soak {
    house: House,
    /// Whose mailboxes mail comes to.
    users: Vec<String>,
    /// Runs from the beginning to the end; its memory and files are watched.
    steady: Running,
    /// Is killed, paused and restarted.
    victim: Running,
    random: fastrand::Rng,
    /// How many mails must come to which end.
    expected: BTreeMap<&'static str, usize>,
    /// Mails that must be imported, for delivering one once more.
    importable: Vec<Mail>,
    number: usize,
    samples: Vec<Sample>,
    mishaps: usize,
    /// How often each kind of mishap happened.
    kinds: BTreeMap<String, usize>,
}

impl Soak {
    fn start(seed: u64) -> Self {
        let house = builder().on_postgres(true).lease("15s").more_mailboxes(MAILBOXES - 1);
        let house = house.mailbox("poll_interval = \"2s\"").build();
        let users = std::iter::once("import".to_owned()).chain((1..MAILBOXES).map(|n| format!("box-{n}"))).collect();
        let (steady, victim) = (house.service.run(), house.service.run());
        Self {
            house,
            users,
            steady,
            victim,
            random: fastrand::Rng::with_seed(seed),
            expected: BTreeMap::new(),
            importable: Vec::new(),
            number: 0,
            samples: Vec::new(),
            mishaps: 0,
            kinds: BTreeMap::new(),
        }
    }

    fn go_on_for(&mut self, time: Duration) {
        let started = Instant::now();
        let (mut next_mishap, mut next_sample) = (Duration::from_secs(20), Duration::ZERO);
        while started.elapsed() < time {
            let busy = Duration::from_millis(self.random.u64(500..3_000));
            self.mail_arrives_for(busy);
            if started.elapsed() >= next_mishap {
                self.mishap();
                next_mishap = started.elapsed() + Duration::from_secs(self.random.u64(15..60));
            }
            if started.elapsed() >= next_sample {
                self.sample(started);
                next_sample = started.elapsed() + Duration::from_mins(1);
            }
        }
    }

    /// Some mail, and then none until the time has passed.
    fn mail_arrives_for(&mut self, time: Duration) {
        let since = Instant::now();
        while since.elapsed() < time {
            for _ in 0..self.random.usize(1..=4) {
                self.deliver_one();
            }
            let pause = Duration::from_millis(self.random.u64(500..3_000));
            pass(pause.min(time.saturating_sub(since.elapsed())));
        }
    }

    fn deliver(&mut self, mail: &Mail) {
        let user = &self.users[self.random.usize(0..self.users.len())];
        self.house.dovecot.deliver(user, mail.bytes());
    }

    fn deliver_one(&mut self) {
        self.number += 1;
        let number = self.number;
        let body = format!(
            "Von: Erika Beispiel <erika@example.org>\r\nGesendet: Mittwoch, 13. März 2024 09:12\r\n\
             An: Ruth Muster <ruth@example.test>\r\nBetreff: Unterlagen {number}\r\n\r\nAnbei Unterlage {number}.\r\n"
        );
        let kind = self.random.u32(0..10);
        let (mail, outcome) = match kind {
            0 => (forward(&format!("482999 Unterlagen {number}")).body(&body), "unassigned"),
            1 => (forward(&format!("Unterlagen {number}")).body(&body), "unassigned"),
            2 => (forward("Abwesend").header("Auto-Submitted", "auto-replied"), "automatic"),
            3 if !self.importable.is_empty() => {
                let earlier = self.random.usize(0..self.importable.len());
                let user = &self.users[self.random.usize(0..self.users.len())];
                self.house.dovecot.deliver(user, self.importable[earlier].bytes());
                *self.expected.entry("repeated").or_default() += 1;
                return;
            }
            _ => {
                let mail = forward(&format!("482137 Unterlagen {number}")).body(&body);
                (mail.pdf(&format!("Lebenslauf {number}.pdf")), "imported")
            }
        };
        self.deliver(&mail);
        *self.expected.entry(outcome).or_default() += 1;
        if outcome == "imported" {
            self.importable.push(mail);
        }
    }

    fn mishap(&mut self) {
        self.mishaps += 1;
        let away = Duration::from_millis(self.random.u64(200..8_000));
        let mishap = MISHAPS[self.random.usize(0..MISHAPS.len())];
        *self.kinds.entry(format!("{mishap:?}")).or_default() += 1;
        match mishap {
            Mishap::WorkerKilled => {
                self.victim.kill();
                self.mail_arrives_for(away);
                self.victim = self.house.service.run();
            }
            Mishap::WorkerRestarted => {
                self.victim.terminate();
                let ended = self.victim.wait(Duration::from_mins(2)).unwrap();
                assert_eq!(ended.code, Some(0), "{ended:#?}");
                self.victim = self.house.service.run();
            }
            Mishap::WorkerPaused => {
                self.victim.signal(Signal::Stop);
                self.mail_arrives_for(away * 10);
                self.victim.signal(Signal::Cont);
            }
            Mishap::MailServerAway => {
                self.house.dovecot.stop();
                self.mail_arrives_for(away);
                self.house.dovecot.start_again();
            }
            Mishap::SmtpServerAway => {
                self.house.postfix.stop();
                self.mail_arrives_for(away);
                self.house.postfix.start_again();
            }
            Mishap::DatabaseAway => {
                self.house.postgres.as_mut().unwrap().stop();
                self.mail_arrives_for(away);
                self.house.postgres.as_mut().unwrap().start_again();
            }
        }
        for (name, worker) in [("steady", &mut self.steady), ("other", &mut self.victim)] {
            assert!(worker.is_running(), "the {name} worker ended after {mishap:?}: {worker:?}");
        }
    }

    fn sample(&mut self, started: Instant) {
        let sample = sample(self.steady.process_id());
        let (minute, number, mishaps) = (started.elapsed().as_secs() / 60, self.number, self.mishaps);
        let Sample { resident_kib, files } = sample;
        println!(
            "{minute:>4} min {number:>6} mails {mishaps:>4} mishaps {resident_kib:>8} KiB resident {files:>4} files"
        );
        self.samples.push(sample);
    }

    /// Everything recorded, filed away and told.
    fn settle(&mut self) {
        let wanted: usize = self.expected.values().sum();
        let state = || {
            self.house.postfix.deliver_queued();
            let status = self.house.status();
            let recorded: usize = status["outcomes"].as_object()?.values().map(count).sum();
            let open = status["outbox"]["pending"].as_u64()?;
            let done = recorded >= wanted && open == 0 && self.everywhere("INBOX").is_empty();
            (done && self.house.postfix.queued() == 0).then_some(())
        };
        let settled = Instant::now();
        wait_for("every mail to be recorded, filed away and told", SETTLED, state);
        println!("settled after {:.0?}; {:?}", settled.elapsed(), self.kinds);
        for worker in [&mut self.steady, &mut self.victim] {
            worker.terminate();
            assert_eq!(worker.wait(Duration::from_mins(1)).unwrap().code, Some(0));
        }
    }

    /// The mails in a folder of all mailboxes.
    fn everywhere(&self, folder: &str) -> Vec<Vec<u8>> {
        self.users.iter().flat_map(|user| self.house.dovecot.messages(user, folder)).collect()
    }

    fn nothing_is_lost_or_doubled(&self) {
        let status = self.house.status();
        let mut wrong = false;
        for (outcome, folder) in [
            ("imported", "Archive/Imported"),
            ("unassigned", "Archive/Unassigned"),
            ("repeated", "Archive/Repeated"),
            ("automatic", "Archive/Automatic"),
            ("set_aside", "Archive/SetAside"),
        ] {
            let wanted = self.expected.get(outcome).copied().unwrap_or_default();
            let recorded = count(&status["outcomes"][outcome]);
            let filed = self.everywhere(folder);
            let copies = by_message_id(&filed);
            println!("{outcome:<10} {wanted:>6} delivered {recorded:>6} recorded {:>6} filed", filed.len());
            wrong |= (recorded, filed.len()) != (wanted, wanted);
            assert!(outcome == "repeated" || copies.values().all(|&copies| copies == 1), "{outcome}: {copies:?}");
        }
        assert!(!wrong, "lost, doubled or in the wrong folder");
        let imported = self.expected.get("imported").copied().unwrap_or_default();
        for person in ["karl", "vera"] {
            let told = self.house.dovecot.messages(person, "INBOX");
            let keys = by_message_id(&told);
            println!("{person}: told {} times of {imported} mails", told.len());
            assert_eq!(keys.len(), imported, "{person} must be told of each mail under one Message-ID");
        }
    }
}

/// Nothing is waited for here: an hour of operation needs its time.
fn pass(time: Duration) {
    poll::<()>(time, || None);
}

fn count(number: &Value) -> usize {
    number.as_u64().and_then(|number| number.try_into().ok()).unwrap_or_default()
}

/// How many mails have each Message-ID.
fn by_message_id(mails: &[Vec<u8>]) -> HashMap<String, usize> {
    let mut ids: HashMap<String, usize> = HashMap::new();
    for mail in mails {
        let text = String::from_utf8_lossy(mail);
        let id = text.lines().find_map(|line| line.to_lowercase().strip_prefix("message-id:").map(str::to_owned));
        *ids.entry(id.unwrap_or_default().trim().to_owned()).or_default() += 1;
    }
    ids
}
