//! Forged mails, of which none may pass, and honest ones, which all must.

mod forged;
mod forged_from;
mod honest;
mod inner_hops;

use super::{NotProven, SenderProof, TrustedReceiver};
use crate::mail::{IncomingMail, Limits, ReadingRules, understand};
use std::collections::HashSet;

/// The tenant's own host.
fn own_host(strips_forged: bool) -> TrustedReceiver {
    host("mx.firma.example", "mx.firma.example", strips_forged)
}

fn host(id: &str, by: &str, strips_forged: bool) -> TrustedReceiver {
    let (authserv_ids, receiving_hosts) = (vec![id.to_owned()], vec![by.to_owned()]);
    TrustedReceiver::Hosts { authserv_ids, receiving_hosts, inner_hops: 0, strips_forged }
}

fn read(mail: &[u8], trusted: Option<TrustedReceiver>) -> IncomingMail {
    let rules = ReadingRules {
        shapes: Vec::new(),
        staff_domains: vec!["firma.example".to_owned()],
        staff_addresses: HashSet::new(),
        own_addresses: Vec::new(),
        sender_proof: trusted,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    };
    understand(mail, &rules)
}

/// The mail would be taken for Ruth's.
fn passes(mail: &str, trusted: TrustedReceiver) -> bool {
    let mail = read(mail.as_bytes(), Some(trusted));
    matches!(mail.proof, SenderProof::Proven(_))
        && mail.forwarder.is_some_and(|forwarder| forwarder.address.as_str() == "ruth@firma.example")
}

fn why_not(mail: &str, trusted: TrustedReceiver) -> NotProven {
    match read(mail.as_bytes(), Some(trusted)).proof {
        SenderProof::Missing(why) => why,
        other => panic!("{other:?}"),
    }
}

const FROM: &str = "From: Ruth Muster <ruth@firma.example>\n";
const REST: &str = "To: import@firma.example\nSubject: 482137 WG: Unterlagen\n\nText\n";
const RECEIVED: &str = "Received: from out.example.net (out.example.net [192.0.2.1])\n\tby mx.firma.example (Postfix) with ESMTPS id 4X\n\tfor <import@firma.example>; Wed, 13 Mar 2024 10:02:11 +0100 (CET)\n";
const PASS: &str = "dmarc=pass header.from=firma.example";

/// A mail about which the tenant's own host says this.
fn said(results: &str) -> String {
    format!("Authentication-Results: mx.firma.example; {results}\n{RECEIVED}{FROM}{REST}")
}

#[test]
fn who_asks_for_no_proof_gets_none() {
    let mail = read(format!("{FROM}{REST}").as_bytes(), None);
    assert!(mail.proof == SenderProof::NotAsked && mail.proof.suffices());
}

#[test]
fn a_person_is_told_what_is_missing() {
    let without_own = said(PASS).replace("by mx.", "by mx1.");
    let below = format!("{RECEIVED}Authentication-Results: mx.firma.example; {PASS}\n{FROM}{REST}");
    for (mail, why) in [
        (format!("{RECEIVED}{FROM}{REST}"), NotProven::NoResult),
        (without_own, NotProven::NoReceived),
        (below, NotProven::WrongPlace),
        (said("dmarc=fail header.from=firma.example; dkim=pass header.d=firma.example"), NotProven::DmarcFailed),
        (said("dmarc=pass (open header.from=firma.example"), NotProven::Unreadable),
        (said(&format!("{PASS}; dmarc=fail")), NotProven::Contradicting),
        (said("spf=pass smtp.mailfrom=boss@example.net"), NotProven::NothingAligned),
        (said(PASS).replace("From: Ruth", "Resent-From: <karl@firma.example>\nFrom: Ruth"), NotProven::Redirected),
        (said(PASS).replace("From: Ruth Muster", "From: boss@firma.example"), NotProven::NameShowsAddress),
        (said(PASS).replace("Text", "x").replace(FROM, ""), NotProven::NotOneFrom),
        (said(PASS).replace("ruth@", "=?utf-8?q?ruth?=@"), NotProven::OddFrom),
    ] {
        assert_eq!(why_not(&mail, own_host(false)), why, "{mail}");
    }
}

#[test]
fn a_name_of_the_host_may_differ_from_its_id() {
    let mail = said(PASS).replace("by mx.", "by in7.");
    assert!(passes(&mail, host("mx.firma.example", "in7.firma.example", false)));
    assert!(!passes(&mail, own_host(false)));
}

#[test]
fn letter_case_folding_and_comments_do_not_matter() {
    for results in [
        "DMARC=Pass Header.From=FIRMA.Example",
        "dmarc\t(a (nested) \\( one) / 1 = pass (x)\r\n\theader . from = (y) Firma.example (z) ;",
        "dmarc=pass reason=\"a \\\" b; c\" header.from=\"firma.example\"",
        "spf=fail (dmarc=fail) smtp.mailfrom=x@list.example; DKIM=PASS header.D=Firma.Example",
        "spf=pass smtp.mailfrom=\"Ruth\"@firma.example",
    ] {
        let mail = said(results).replace("Results: mx.firma.example;", "RESULTS:\n (x) MX.Firma.Example (y) 1 ;");
        let mail = mail.replace("Authentication-RESULTS", "authentication-RESULTS").replace("by mx.", "BY MX.");
        assert!(passes(&mail, own_host(false)), "{results}");
    }
}

#[test]
fn more_results_than_any_host_writes_are_not_weighed() {
    let many = |number: usize| said(&format!("{}{PASS}", "dkim=fail header.d=firma.example;".repeat(number)));
    assert_eq!(why_not(&many(25_000), own_host(false)), NotProven::Unreadable);
    assert!(passes(&many(99), own_host(false)));
}
