//! Many notifications at once: over several connections, in groups, and what of them a crash repeats.

use crate::harness::{Enough, SmtpSink, wait_for};
use crate::house::{DIRECTORY, House, SOON, builder};
use crate::mails::forward;
use reply_import::notify::in_doubt;
use serde_json::json;
use std::collections::HashMap;

const PEOPLE: usize = 6;

/// A house whose notifications go to this server, as many as there are, and an application with [`PEOPLE`] responsible.
fn house_with(sink: &SmtpSink, connections: usize) -> House {
    let house = builder().without_smtp().build();
    let port = sink.port();
    house.service.set_settings(&format!(
        "{}[smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"notices@example.test\"\n\
         connections = {connections}\n[notify]\ndigest_after = 0\n",
        house.settings()
    ));
    let addresses: Vec<String> = (1..=PEOPLE).map(|n| format!("person{n}@example.test")).collect();
    let mut directory = DIRECTORY.trim_end().to_owned();
    let mut line = |value: serde_json::Value| directory.extend(["\n", &value.to_string()]);
    for address in &addresses {
        line(json!({"kind": "user", "tenant": "muster", "address": address, "addresses": [], "name": "Eine Person",
            "role": "fachbereich", "language": "de", "active": true}));
    }
    line(json!({"kind": "application", "tenant": "muster", "number": "482139", "candidate": "K1", "post": "Gärtner",
        "responsible": addresses, "state": "open", "state_since": "2024-01-02"}));
    house.take_over(&directory);
    house
}

fn deliver(house: &House, mails: usize) {
    for n in 0..mails {
        house.deliver(&forward(&format!("482139 Unterlagen {n}")));
    }
}

/// How often each notification was taken, by its Message-ID.
fn taken(sink: &SmtpSink) -> HashMap<String, usize> {
    let mut taken = HashMap::new();
    for mail in sink.mails() {
        let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        *taken.entry(id).or_default() += 1;
    }
    taken
}

fn outbox(house: &House, sent: usize) {
    assert_eq!(house.status()["outbox"], json!({"pending": 0, "failed": 0, "sent": sent}));
}

/// The server answers the first mails when three connections have brought one each: with fewer it would wait for ever.
#[test]
fn as_many_connections_are_used_as_the_settings_say_and_no_more() {
    for sink in [SmtpSink::start(), SmtpSink::without_pipelining()] {
        let house = house_with(&sink, 3);
        sink.answer_once_there_are(3);
        deliver(&house, 4);
        house.once();
        outbox(&house, 4 * PEOPLE);
        assert_eq!(sink.most_connected(), 3);
        let taken = taken(&sink);
        assert!(taken.len() == 4 * PEOPLE && taken.values().all(|times| *times == 1), "{taken:?}");
    }
}

#[test]
fn a_refused_recipient_costs_the_others_neither_their_mail_nor_their_connection() {
    let sink = SmtpSink::start();
    let house = house_with(&sink, 1);
    sink.refuse("person3@example.test");
    deliver(&house, 3);
    house.service.command(&["once"]);
    assert_eq!(house.status()["outbox"], json!({"pending": 0, "failed": 3, "sent": 3 * (PEOPLE - 1)}));
    assert_eq!(sink.most_connected(), 1);
    assert_eq!(taken(&sink).len(), 3 * (PEOPLE - 1));
}

/// Servers have limits for one connection. A mail that is refused over a kept one goes over a new one at once.
#[test]
fn a_connection_that_takes_no_more_is_replaced_and_no_mail_is_put_off() {
    for enough in [Enough::RefusesSenders, Enough::ClosesAtRecipient] {
        for sink in [SmtpSink::start(), SmtpSink::without_pipelining()] {
            let house = house_with(&sink, 1);
            sink.limit(2, enough);
            deliver(&house, 2);
            house.once();
            outbox(&house, 2 * PEOPLE);
            let taken = taken(&sink);
            assert!(taken.len() == 2 * PEOPLE && taken.values().all(|times| *times == 1), "{enough:?}: {taken:?}");
        }
    }
}

/// Over a new connection there is no second try.
#[test]
fn a_server_that_takes_no_mail_at_all_is_asked_once_for_each() {
    for enough in [Enough::RefusesSenders, Enough::ClosesAtRecipient] {
        let sink = SmtpSink::start();
        let house = house_with(&sink, 1);
        sink.limit(0, enough);
        deliver(&house, 1);
        house.service.command(&["once"]);
        assert_eq!(house.status()["outbox"], json!({"pending": PEOPLE, "failed": 0, "sent": 0}), "{enough:?}");
        assert_eq!(sink.connections(), PEOPLE, "{enough:?}");
    }
}

/// The database refuses for a while to note what was sent.
#[test]
fn what_was_sent_and_could_not_be_noted_at_once_is_noted_later_and_not_sent_again() {
    let sink = SmtpSink::start();
    let house = house_with(&sink, 2);
    deliver(&house, 2);
    house.execute(
        "create trigger in_the_way before update of state on outbox \
         begin select raise(abort, 'a test stands in the way'); end",
    );
    let mut service = house.service.run();
    wait_for("a try to note it", SOON, || service.stderr().contains("it is tried again").then_some(()));
    house.execute("drop trigger in_the_way");
    let all = json!({"pending": 0, "failed": 0, "sent": 2 * PEOPLE});
    wait_for("all to be noted", SOON, || (house.status()["outbox"] == all).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    let taken = taken(&sink);
    assert!(taken.len() == 2 * PEOPLE && taken.values().all(|times| *times == 1), "{taken:?}");
}

/// Killed after the server took the 1st, 10th, 25th: none is lost, and no more come twice than were in doubt.
#[test]
fn a_kill_in_the_middle_loses_none_and_repeats_at_most_those_in_doubt() {
    const CONNECTIONS: usize = 2;
    const ALL: usize = 6 * PEOPLE;
    for after in [1, 10, 25] {
        let sink = SmtpSink::start();
        let mut house = house_with(&sink, CONNECTIONS);
        deliver(&house, 6);
        let before = if after == 1 { String::new() } else { format!("{}*off->", after - 1) };
        house.service = house.service.variable("FAILPOINTS", &format!("sent={before}return"));
        assert_eq!(house.service.command(&["once"]).code, None, "it was killed");
        house.service = house.service.variable("FAILPOINTS", "");
        assert!(sink.taken() >= after, "it was killed after that");
        house.execute("update outbox set claimed_until = created_at where claimed_until is not null");
        house.once();
        outbox(&house, ALL);
        let taken = taken(&sink);
        assert_eq!(taken.len(), ALL, "none is lost");
        let repeated = taken.values().map(|times| times - 1).sum::<usize>();
        assert!((1..=in_doubt(CONNECTIONS)).contains(&repeated), "{repeated} came twice after {after}");
    }
}

/// Asked to stop while mails are on their way: those are finished, and the others can be claimed at once.
#[test]
fn a_stop_finishes_what_is_on_its_way_and_gives_the_rest_back() {
    let sink = SmtpSink::start();
    let house = house_with(&sink, 2);
    deliver(&house, 6);
    sink.answer_once_there_are(usize::MAX);
    let mut service = house.service.run();
    wait_for("two mails on their way", SOON, || (sink.waiting() == 2).then_some(()));
    service.terminate();
    wait_for("the service to stop taking more", SOON, || service.stderr().contains("Stopping").then_some(()));
    sink.answer();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(sink.taken(), 2);
    house.once();
    outbox(&house, 6 * PEOPLE);
    assert!(taken(&sink).values().all(|times| *times == 1));
}

/// The server of this test knows no SMTPUTF8: to tell it of such a recipient would refuse the command, ever again.
#[test]
fn a_recipient_of_whom_the_server_cannot_be_told_fails_at_once_and_costs_the_others_nothing() {
    let sink = SmtpSink::start();
    let house = house_with(&sink, 1);
    let user = json!({"kind": "user", "tenant": "muster", "address": "büro@example.test", "addresses": [], "name": "Büro",
        "role": "fachbereich", "language": "de", "active": true});
    let application = json!({"kind": "application", "tenant": "muster", "number": "482139", "candidate": "K1",
        "post": "Gärtner", "responsible": ["büro@example.test", "person1@example.test"], "state": "open"});
    house.take_over(&format!("{user}\n{application}\n"));
    deliver(&house, 2);
    house.service.command(&["once"]);
    assert_eq!(house.status()["outbox"], json!({"pending": 0, "failed": 2, "sent": 2}));
    assert_eq!(sink.connections(), 1);
    let shown = house.service.succeed(&["show", &house.mails()[0]["id"].to_string()]);
    assert!(shown.contains("takes no address that is not ASCII"), "{shown}");
}
