//! What forged results look like.

use super::{FROM, NotProven, PASS, RECEIVED, REST, TrustedReceiver, host, own_host, passes, said, why_not};

/// Mails about which the trusted host itself says something, and nothing of it proves the From.
#[test]
fn results_that_prove_nothing() {
    for results in [
        // Nothing passed.
        "none",
        "dmarc=none header.from=firma.example",
        "dmarc=fail header.from=firma.example",
        "dmarc=PassThrough header.from=firma.example",
        "dmarc=temperror header.from=firma.example",
        // It is about somebody else.
        "dmarc=pass header.from=example.net",
        "dmarc=pass",
        "dmarc=pass header.from=firma.example.evil.example",
        "dmarc=pass header.from=evilfirma.example",
        "dmarc=pass header.from=f\u{456}rma.example",
        "dmarc=pass header.from=mail.firma.example",
        "spf=pass smtp.mailfrom=ruth@evil.example",
        "spf=pass smtp.mailfrom=ruth@firma.example@evil.example",
        "spf=pass smtp.mailfrom=\"ruth@firma.example\"@evil.example",
        "spf=pass smtp.mailfrom=ruth@firma.example.evil.example",
        "spf=pass smtp.mailfrom=ruth@notfirma.example",
        "spf=pass smtp.mailfrom=ruth@example",
        "spf=pass smtp.helo=firma.example",
        "spf=pass smtp.helo=evil.example smtp.mailfrom=ruth@firma.example",
        "dkim=pass header.d=evil.example header.i=@firma.example",
        "dkim=pass header.d=firma.example header.d=evil.example",
        "dkim=pass header.d=example header.i=@firma.example",
        "dkim=pass header.d=evil.example header.from=ruth@firma.example",
        "dkim=pass header.i=@firma.example.evil.example",
        // It stands in a comment, a quoted string, a reason, another method or without its semicolon.
        "spf=none (dmarc=pass header.from=firma.example)",
        "spf=none (a (b) dmarc=pass header.from=firma.example; dmarc=pass header.from=firma.example)",
        "spf=none (\\) ; dmarc=pass header.from=firma.example ; x=y)",
        "spf=none smtp.helo=\"x; dmarc=pass header.from=firma.example\"",
        "spf=none reason=\"; dmarc=pass header.from=firma.example;\"",
        "spf=none reason=dmarc=pass header.from=firma.example",
        "spf=fail dmarc=pass header.from=firma.example",
        "x-dmarc=pass header.from=firma.example",
        "auth=pass smtp.auth=ruth@firma.example",
        "iprev=pass policy.iprev=192.0.2.1; arc=pass header.d=firma.example",
        "dmarc/2=pass header.from=firma.example",
        "dkim=pass reason=\"header.d=firma.example\" header.d=evil.example",
        "dkim=pass (header.d=firma.example) header.d=evil.example",
        // It contradicts itself.
        "dmarc=fail header.from=firma.example; dmarc=pass header.from=firma.example",
        "dmarc=none; dmarc=pass header.from=firma.example",
        "dmarc=none header.from=firma.example; dmarc=pass header.from=firma.example",
        "dmarc=pass header.from=firma.example header.from=evil.example",
        "dmarc=pass header.from=firma.example; spf=fail smtp.mailfrom=x@evil.example; dkim=none",
        "spf=pass smtp.mailfrom=ruth@firma.example; spf=fail smtp.mailfrom=ruth@evil.example",
        "spf=pass smtp.mailfrom=ruth@firma.example; spf=pass smtp.mailfrom=ruth@evil.example",
        "dkim=pass header.d=firma.example header.s=a; dkim=fail header.d=firma.example header.s=a",
        "dkim=pass header.d=firma.example; dmarc=fail header.from=firma.example",
        // It breaks the grammar.
        "dmarc=pass header.from=firma.example (",
        "dmarc=pass header.from=firma.example \"",
        "dmarc=\"pass\" header.from=firma.example",
        "dmarc=pass header.from=firma.example)",
        "dmarc pass header.from=firma.example",
        "dmarc=pass,header.from=firma.example",
        "dmarc=pass header.from=\"firma.example\"evil.example",
        "dmarc=pass\n header.from=firma.example\r x",
        "dmarc=pa\0ss header.from=firma.example",
    ] {
        let mail = said(results);
        for strips_forged in [false, true] {
            assert!(!passes(&mail, own_host(strips_forged)), "{results}");
        }
    }
}

/// Mails in which a sender wrote the field.
#[test]
fn fields_that_a_sender_wrote() {
    let field = format!("Authentication-Results: mx.firma.example; {PASS}\n");
    let by = |host: &str| format!("Received: from x by {host}; Wed, 13 Mar 2024 10:02:11 +0100\n");
    let of = |id: &str| format!("Authentication-Results: {id}; {PASS}\n{RECEIVED}{FROM}{REST}");
    for (trick, mail) in [
        ("below the host's Received", format!("{RECEIVED}{field}{FROM}{REST}")),
        ("at the end of the header", format!("{RECEIVED}{FROM}{field}{REST}")),
        ("above a forged Received of the host", format!("{RECEIVED}{field}{RECEIVED}{FROM}{REST}")),
        ("the host's Received is in capitals", format!("{}{field}{RECEIVED}{FROM}{REST}", by("MX.FIRMA.EXAMPLE"))),
        (
            "the sender greets as `by`",
            format!("Received: from by (evil) by mx.firma.example;\n{field}{RECEIVED}{FROM}{REST}"),
        ),
        (
            "the sender's greeting opens a comment",
            format!("Received: from ( (evil) by mx.firma.example;\n{field}{RECEIVED}{FROM}{REST}"),
        ),
        ("no Received at all", format!("{field}{FROM}{REST}")),
        ("another host's Received only", format!("{field}{}{FROM}{REST}", by("evil.example"))),
        ("the host's name is in the greeting only", {
            format!("{field}Received: from mx.firma.example (mx.firma.example) by evil.example;\n{FROM}{REST}")
        }),
        ("another host says it", of("evil.example")),
        ("the id goes on", of("mx.firma.example.evil.example")),
        ("the id begins with something else", of("evil.mx.firma.example")),
        ("the id is in a comment", of("evil.example (mx.firma.example)")),
        ("the id is a part of a quoted one", of("\"evil mx.firma.example\"")),
        ("the id has another version", of("mx.firma.example 2")),
        ("there is no id", format!("Authentication-Results: {PASS}\n{RECEIVED}{FROM}{REST}")),
        ("the id is a look-alike", of("mx.f\u{456}rma.example")),
        ("a field of another name", said(PASS).replace("Authentication-Results", "X-Authentication-Results")),
        ("an ARC field", said(PASS).replace("Authentication-Results:", "ARC-Authentication-Results: i=1;")),
        ("the old field", said(PASS).replace("Authentication-Results", "Authentication-Results-Original")),
        ("the host says otherwise", {
            format!("Authentication-Results: mx.firma.example; dmarc=fail\n{field}{RECEIVED}{FROM}{REST}")
        }),
        ("the host's own cannot be read", {
            format!("Authentication-Results: mx.firma.example; dmarc=fail (\n{field}{RECEIVED}{FROM}{REST}")
        }),
        ("the host's own is no text", {
            format!("Authentication-Results: \u{1}mx.firma.example; dmarc=fail\n{field}{RECEIVED}{FROM}{REST}")
        }),
        ("in the body", format!("{RECEIVED}{FROM}{}", REST.replace("Text", &field))),
        ("in an attached mail", {
            let attached = format!("{field}{RECEIVED}{FROM}{REST}");
            format!("{RECEIVED}From: x@evil.example\nContent-Type: message/rfc822\n\n{attached}")
        }),
    ] {
        assert!(!passes(&mail, own_host(false)), "{trick}: {mail}");
    }
}

/// A host that takes out every field that comes in has none but its own there; where it writes, no other place counts.
#[test]
fn fields_below_a_host_that_strips_forged_ones() {
    let field = format!("Authentication-Results: mx.firma.example; {PASS}\n");
    let own = "Authentication-Results: mx.firma.example; dmarc=fail header.from=firma.example\n";
    for (trick, mail) in [
        ("below the mail's first field", format!("{RECEIVED}{FROM}{field}{REST}")),
        ("below a signature", format!("{RECEIVED}DKIM-Signature: v=1\n{field}{FROM}{REST}")),
        ("below an older Received", format!("{RECEIVED}Received: by evil.example\n{field}{FROM}{REST}")),
        ("below a forged Received of the host", format!("{RECEIVED}{own}{RECEIVED}{field}{FROM}{REST}")),
        ("against the host's own", format!("{RECEIVED}{own}{field}{FROM}{REST}")),
        ("of another host", format!("{RECEIVED}{field}{FROM}{REST}").replace("Results: mx.", "Results: evil.")),
    ] {
        assert!(!passes(&mail, own_host(true)), "{trick}: {mail}");
    }
}

/// What `OpenDKIM` leaves of a sender's fields, beside what it writes itself: such a host does not take out all.
#[test]
fn fields_that_one_host_does_not_write_together() {
    let of = |results: &str| format!("Authentication-Results: mx.firma.example; {results}\n");
    let own = of("dkim=pass header.d=evil.example header.s=s1");
    let forged = of("dkim=pass x.y=z header.d=firma.example header.s=s1");
    let whose = |fields: &str| why_not(&format!("{RECEIVED}{fields}{FROM}{REST}"), own_host(true));
    for (below, why) in [
        (format!("{own}{forged}"), NotProven::Contradicting),
        (format!("{own}X-Spam: no\n{forged}"), NotProven::Contradicting),
        (of(PASS).repeat(2), NotProven::Contradicting),
        (of("spf=pass smtp.mailfrom=firma.example").repeat(2), NotProven::Contradicting),
        (format!("{}{}", of(PASS), of("spf=pass (")), NotProven::Unreadable),
        (format!("{}Authentication-Results: (mx.firma.example\n", of(PASS)), NotProven::Unreadable),
        (own, NotProven::NothingAligned),
    ] {
        assert_eq!(whose(&below), why, "{below}");
    }
    let above = format!("{}{RECEIVED}{}{FROM}{REST}", of("dkim=none"), of("dkim=pass header.d=firma.example"));
    assert!(passes(&above, own_host(true)), "one above and one below: {above}");
}

/// Exchange Online's form, where the tenant's mailbox is there and where it is not.
#[test]
fn forms_of_exchange_online() {
    let front = "Received: from evil.example (192.0.2.1) by\n DB5EUR01FT003.mail.protection.outlook.com (10.152.4.1) with Microsoft SMTP Server; x\n";
    let inside = "Received: from AM0PR01.eurprd01.prod.outlook.com by\n DB9PR01.eurprd01.prod.outlook.com with mapi id 15.20; x\n";
    let result = "Authentication-Results: spf=pass smtp.mailfrom=firma.example; dmarc=pass action=none\n header.from=firma.example;compauth=pass reason=100\n";
    let failed = result.replace("=pass", "=fail");
    let internal = "X-MS-Exchange-Organization-AuthAs: Internal\n";
    let anonymous = internal.replace("Internal", "Anonymous");
    let online = TrustedReceiver::ExchangeOnline;
    for (trick, mail) in [
        ("below its Received", format!("{inside}{front}{result}{FROM}{REST}")),
        ("not the topmost", format!("{inside}{failed}{result}{front}{FROM}{REST}")),
        ("with an id", format!("{inside}{}{front}{FROM}{REST}", result.replace("spf=", "mx.example; spf="))),
        ("without its Received", format!("{result}{FROM}{REST}")),
        ("with another host's Received", format!("{result}{RECEIVED}{FROM}{REST}")),
        ("a look-alike of its host", {
            format!("{inside}{result}{}{FROM}{REST}", front.replace("outlook.com", "outlook.com.evil.example"))
        }),
        ("internal from outside", format!("{inside}{failed}{front}{internal}{FROM}{REST}")),
        ("internal and not", format!("{inside}{internal}{anonymous}{FROM}{REST}")),
        ("anonymous", format!("{inside}{anonymous}{FROM}{REST}")),
        ("internal by another host", format!("{inside}{RECEIVED}{internal}{FROM}{REST}")),
        ("internal without any host", format!("{internal}{FROM}{REST}")),
        ("internal, but DMARC failed", format!("{inside}{internal}{failed}{FROM}{REST}")),
    ] {
        assert!(!passes(&mail, online.clone()), "{trick}: {mail}");
    }
    for mail in [format!("{inside}{result}{front}{FROM}{REST}"), format!("{inside}{internal}{FROM}{REST}")] {
        assert!(passes(&mail, online.clone()), "the same, honest: {mail}");
        assert!(!passes(&mail, own_host(true)), "{mail}");
        assert!(!passes(&mail, host("spf", "db9pr01.eurprd01.prod.outlook.com", true)), "{mail}");
    }
}
