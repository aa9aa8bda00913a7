//! A true proof of somebody else, and a From that looks like Ruth's.

use super::{FROM, NotProven, PASS, own_host, passes, read, said, why_not};
use crate::mail::SenderProof;

#[test]
fn a_from_that_programs_read_differently() {
    for from in [
        "From: Ruth <ruth@firma.example>\nFrom: Eve <eve@evil.example>",
        "From: Eve <eve@evil.example>\nFrom: Ruth <ruth@firma.example>",
        "From: \nFrom: Ruth <ruth@firma.example>",
        "From: Ruth <ruth@firma.example>\nfrom : Eve <eve@evil.example>",
        "From: ruth@firma.example, eve@evil.example",
        "From: Ruth <ruth@firma.example>, Eve <eve@evil.example>",
        "From: Eve <eve@evil.example>, Ruth <ruth@firma.example>",
        "From: <eve@evil.example> <ruth@firma.example>",
        "From: Ruth <ruth@firma.example> <eve@evil.example>",
        "From: Ruth <ruth@firma.example> eve@evil.example",
        "From: People: Ruth <ruth@firma.example>;",
        "From: ruth@firma.example <eve@evil.example>",
        "From: eve@evil.example <ruth@firma.example>",
        "From: \"eve@evil.example\" <ruth@firma.example>",
        "From: =?utf-8?q?eve=40evil.example?= <ruth@firma.example>",
        "From: =?utf-8?b?ZXZlQGV2aWwuZXhhbXBsZQ==?= <ruth@firma.example>",
        "From: \"=?utf-8?q?eve=40evil.example?=\" <ruth@firma.example>",
        "From: \"eve\u{ff20}evil.example\" <ruth@firma.example>",
        "From: \"ruth@firma.example.evil.example\" <ruth@firma.example>",
        "From: Ruth (eve@evil.example) <ruth@firma.example>",
        "From: ruth@firma.example (eve@evil.example)",
        "From: =?utf-8?q?=3Cruth=40firma.example=3E?=",
        "From: <=?utf-8?q?ruth=40firma.example?=>",
        "From: =?utf-8?q?ruth?=@firma.example",
        "From: \"ruth\"@firma.example",
        "From: Ruth <ruth(eve)@firma.example>",
        "From: Ruth <@evil.example:ruth@firma.example>",
        "From: Ruth <mailto:ruth@firma.example>",
        "From: Ruth <ruth@firma.example",
        "From: \"Ruth <ruth@firma.example>",
        "From: Ruth (<ruth@firma.example>",
        "From: Ruth <ruth @firma.example>",
        "From: Ruth <ruth@firma.example.>",
        "From: Ruth <ruth@firma.example>\rFrom: Eve <eve@evil.example>",
        "From: Ruth <ruth@fi\0rma.example>",
        "From: Ruth <ruth@f\u{456}rma.example>",
        "From: Ruth <ruth@firma.example.evil.example>",
        "From: Ruth <ruth@xn--frma-j9d.example>",
        "From: Eve <eve@evil.example>\nResent-From: Ruth <ruth@firma.example>",
        "From: Eve <eve@firma.example>\nResent-Sender: Ruth <ruth@firma.example>",
        "From: Eve <eve@evil.example>\nSender: Ruth <ruth@firma.example>",
        "From: Eve <eve@evil.example>\nReply-To: Ruth <ruth@firma.example>",
        "Sender: Ruth <ruth@firma.example>",
    ] {
        for results in [PASS, "dmarc=pass header.from=evil.example; dkim=pass header.d=evil.example"] {
            let mail = said(results).replace(FROM.trim_end(), from);
            assert!(!passes(&mail, own_host(false)), "{from}");
        }
    }
}

#[test]
fn a_name_in_which_an_at_sign_may_be_read_as_an_address() {
    for name in [
        "\"eve@evil\"",
        "\"eve@ evil.example\"",
        "\"eve@\u{a0}evil\"",
        "\"eve @evil.example\"",
        "\"eve @ evil.example\"",
        "\"eve \u{ff20} evil.example\"",
        "\"eve \u{fe6b} evil\u{3002}example\"",
        "\"eve @ evil. example\"",
        "\"eve @ evil . example\"",
        "\"eve @ evil .example\"",
        "\"eve @\" (evil.example)",
        "\"eve @ <evil.example>\"",
        "\"eve\u{200b}@evil\"",
        "\"eve @\u{200b} evil. example\"",
        "\"eve @ @ evil\"",
        "\"Eve @Work eve@evil.example\"",
        "eve@",
        "=?utf-8?q?eve_=40_evil=2Eexample?=",
    ] {
        let mail = said(PASS).replace("Ruth Muster", name);
        assert_eq!(why_not(&mail, own_host(false)), NotProven::NameShowsAddress, "{name}");
    }
}

#[test]
fn a_from_that_honest_programs_write() {
    for from in [
        "From: ruth@firma.example",
        "From: <ruth@firma.example>",
        "FROM: RUTH <Ruth@FIRMA.example>",
        "From: ruth@firma.example <ruth@firma.example>",
        "From: \"Ruth@Firma.example\" <ruth@firma.example>",
        "From: \"Muster, Ruth (Personal)\" <ruth@firma.example>",
        "From: \"'ruth@firma.example'\" <ruth@firma.example>",
        "From: Ruth @ Muster GmbH <ruth@firma.example>",
        "From: \"Ruth @ Muster-Meier GmbH & Co. KG\" <ruth@firma.example>",
        "From: \"Team @Work\" <ruth@firma.example>",
        "From: \"Ruth \u{ff20} M\u{fc}ller (Personal)\" <ruth@firma.example>",
        "From: Dr. Ruth \u{fe6b} <ruth@firma.example>",
        "From: =?utf-8?q?Ruth_=40_Muster?= <ruth@firma.example>",
        "From: =?utf-8?q?R=C3=BCth?= <ruth@firma.example>",
        "From: Ruth Muster\n <ruth@firma.example>",
        "From: ruth@firma.example (Ruth Muster)",
        "From: R\u{fc}th | Firma <ruth@firma.example>",
        "Resent-From: <ruth@firma.example>\nFrom: Ruth <ruth@firma.example>",
    ] {
        assert!(passes(&said(PASS).replace(FROM.trim_end(), from), own_host(false)), "{from}");
    }
}

#[test]
fn a_related_domain_counts_only_inside_the_tenants_own() {
    let proven = |from: &str, results: &str| {
        let mail = said(results).replace("ruth@firma.example", from);
        matches!(read(mail.as_bytes(), Some(own_host(false))).proof, SenderProof::Proven(_))
    };
    assert!(proven("ruth@firma.example", "dkim=pass header.d=Mail.Firma.example"));
    assert!(proven("ruth@mail.firma.example", "dkim=pass header.d=firma.example"));
    assert!(proven("ruth@mail.firma.example", "spf=pass smtp.mailfrom=bounce@firma.example"));
    assert!(!proven("ruth@firma.example", "dkim=pass header.d=example"));
    assert!(!proven("eve@one.host.example", "dkim=pass header.d=host.example"));
    assert!(!proven("eve@host.example", "spf=pass smtp.mailfrom=one.host.example"));
    assert!(proven("eve@host.example", "spf=pass smtp.mailfrom=host.example"));
}
