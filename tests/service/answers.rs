//! What a forwarder is told whose mail was not imported.

use crate::house::{House, builder, house};
use crate::mails::forward;

/// How many notifications the mail server was given, all told.
fn sent(house: &House) -> u64 {
    let outbox = &house.status()["outbox"];
    assert_eq!((&outbox["pending"], &outbox["failed"]), (&0.into(), &0.into()), "{outbox:#}");
    outbox["sent"].as_u64().unwrap()
}

#[test]
fn a_mistyped_number_is_answered_with_those_it_may_be_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        house.deliver(&forward("482139 WG: Unterlagen"));
        house.once();
        let told = house.notifications("ruth", 1).remove(0);
        assert!(told.contains("Vielleicht meinten Sie: 482137, 482138."), "{told}");
        assert!(!told.contains("Erika") && !told.contains("Lagerist") && !told.contains("Unterlagen"), "{told}");
    }
}

#[test]
fn many_refused_mails_of_one_person_have_one_answer() {
    let house = house();
    for _ in 0..2 {
        (0..10).for_each(|_| house.deliver(&forward("WG: Unterlagen")));
        house.once();
    }
    house.deliver(&forward("WG: Unterlagen").from("karl@example.test"));
    house.once();
    assert_eq!((house.notifications("ruth", 1).len(), house.notifications("karl", 1).len()), (1, 1));
    assert_eq!(house.mails().len(), 21);
}

#[test]
fn what_is_too_large_or_encrypted_is_answered_if_a_person_sent_it() {
    let house = builder().mailbox("max_size = \"100KiB\"").build();
    let too_large = || forward("482137 Unterlagen").file("Zeugnis.pdf", vec![b'x'; 200_000]);
    let encrypted = || {
        forward("482137 Unterlagen").body("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n")
    };
    for (name, value) in [
        ("Auto-Submitted", "auto-replied (vacation)"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("List-Id", "<all.example.test>"),
        ("Return-Path", "<>"),
        ("X-Auto-Response-Suppress", "All"),
    ] {
        house.deliver(&too_large().header(name, value));
        house.deliver(&encrypted().header(name, value));
    }
    house.once();
    let mails = house.mails();
    let set_aside = mails.iter().filter(|mail| mail["outcome"] == "set_aside").count();
    assert!(set_aside >= 6, "{mails:#?}");
    assert_eq!(sent(&house), set_aside as u64, "the office is told of each, and nobody else");
    house.deliver(&too_large());
    house.deliver(&encrypted());
    house.once();
    let told = house.notifications("ruth", 2);
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|one| one.contains("100 kB")), "{told:#?}");
}

#[test]
fn a_stranger_is_never_answered_and_a_user_not_for_what_they_may_not_have_sent() {
    let house = house();
    let with_proof = house.settings().replacen(
        "[[tenant]]\nname = \"muster\"\n",
        "[[tenant]]\nname = \"muster\"\nsender_proof = \"authentication_results\"\n\
         trusted_authserv = [\"mx.example.test\"]\n",
        1,
    );
    house.service.set_settings(&with_proof);
    house.deliver(&forward("Bewerbung"));
    house.deliver(&forward("482137 Unterlagen"));
    // Looks like a new application, which is said before anybody asks for a proof.
    house.deliver(&forward("K-2024/17").pdf("Lebenslauf.pdf"));
    house.deliver(&forward("482137 Unterlagen").from("office@example.test"));
    house.once();
    assert_eq!(house.notifications("office", 4).len(), 4);
    assert_eq!(sent(&house), 4, "nobody but the office is told");
}

#[test]
fn deciding_again_does_not_answer_again() {
    let house = house();
    house.deliver(&forward("482999 WG: Unterlagen"));
    house.once();
    house.notifications("ruth", 1);
    // As if it had been yesterday.
    house.execute("update outbox set message_key = 'yesterday' where occasion = 'not_imported'");
    let id = house.only_mail()["id"].to_string();
    house.service.succeed(&["reprocess", &id]);
    house.once();
    assert_eq!(sent(&house), 2, "the office and the forwarder, once each");
}

#[test]
fn whose_mail_it_is_is_compared_also_where_a_person_assigns_it() {
    let house = house();
    // Erika's mail for Jörg's application.
    house.deliver(&forward("482138 WG: Unterlagen"));
    house.deliver(&forward("482999 WG: Unterlagen"));
    house.once();
    let waiting = house.mails()[1]["id"].to_string();
    house.service.succeed(&["assign", &waiting, "482138"]);
    house.once();
    for mail in house.mails() {
        let whole = house.show(&mail);
        assert_eq!((&whole["outcome"], &whole["sender"]), (&"imported".into(), &"differs".into()), "{whole:#}");
    }
    // Nobody is responsible, so the office is told of both, after it was told that one waits.
    let told = house.notifications("office", 3);
    let doubtful: Vec<_> =
        told.iter().filter(|one| one.contains("Vielleicht stimmt die Referenznummer nicht")).collect();
    assert_eq!(doubtful.len(), 2, "{told:#?}");
}
