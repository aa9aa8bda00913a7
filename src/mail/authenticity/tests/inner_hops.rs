//! A host that hands mail on to itself before it lies in the mailbox.

use super::{FROM, NotProven, PASS, RECEIVED, REST, TrustedReceiver, passes, why_not};

/// What Dovecot's LMTP writes above Postfix's own.
const LMTP: &str = "Return-Path: <ruth@firma.example>\nDelivered-To: import@firma.example\nReceived: from mx.firma.example\n\tby mx.firma.example with LMTP\n\tid aB3\n\t(envelope-from <ruth@firma.example>)\n\tfor <import@firma.example>; Wed, 13 Mar 2024 10:02:12 +0100\n";

fn own_host(inner_hops: usize, strips_forged: bool) -> TrustedReceiver {
    let names = || vec!["mx.firma.example".to_owned()];
    TrustedReceiver::Hosts { authserv_ids: names(), receiving_hosts: names(), inner_hops, strips_forged }
}

fn field() -> String {
    format!("Authentication-Results: mx.firma.example; {PASS}\n")
}

#[test]
fn results_between_the_own_hops_count_where_these_are_said() {
    let (field, tail) = (field(), format!("{FROM}{REST}"));
    let between = format!("{LMTP}{field}{RECEIVED}{tail}");
    assert!(passes(&between, own_host(1, false)), "{between}");
    assert_eq!(why_not(&between, own_host(0, false)), NotProven::WrongPlace);
    let below = format!("{LMTP}{RECEIVED}{field}{tail}");
    assert!(passes(&below, own_host(1, true)), "{below}");
    assert_eq!(why_not(&below, own_host(1, false)), NotProven::WrongPlace);
    assert_eq!(why_not(&below, own_host(0, true)), NotProven::WrongPlace);
    let two = format!("{field}{LMTP}{LMTP}X-Spam: no\n{RECEIVED}{tail}");
    for inner_hops in [0, 1, 2] {
        assert!(passes(&two, own_host(inner_hops, false)), "{inner_hops}: {two}");
    }
}

/// Whatever a sender writes, the host's own `Received` come first and are counted first.
#[test]
fn results_that_a_sender_wrote_below_the_own_hops() {
    let (field, tail) = (field(), format!("{FROM}{REST}"));
    let foreign = "Received: from x by out.example.net; Wed, 13 Mar 2024 10:02:11 +0100\n";
    let greets = |with: &str| RECEIVED.replacen("out.example.net", with, 1);
    for (mail, why) in [
        (format!("{LMTP}{RECEIVED}{field}{RECEIVED}{tail}"), NotProven::WrongPlace),
        (format!("{LMTP}{RECEIVED}{field}{LMTP}{RECEIVED}{tail}"), NotProven::WrongPlace),
        (format!("{LMTP}{}{field}{RECEIVED}{tail}", greets("by")), NotProven::WrongPlace),
        (format!("{LMTP}{}{field}{RECEIVED}{tail}", greets("(")), NotProven::WrongPlace),
        (format!("{LMTP}{}{field}{RECEIVED}{tail}", greets("x with LMTP")), NotProven::WrongPlace),
        // One of another host between them: it is not the arrangement that was said.
        (format!("{LMTP}{foreign}{field}{RECEIVED}{tail}"), NotProven::NoReceived),
        (format!("{foreign}{LMTP}{field}{RECEIVED}{tail}"), NotProven::NoReceived),
        // Too few.
        (format!("{RECEIVED}{field}{foreign}{tail}"), NotProven::NoReceived),
        (format!("{field}{RECEIVED}{tail}"), NotProven::NoReceived),
    ] {
        assert_eq!(why_not(&mail, own_host(1, false)), why, "{mail}");
    }
}
