//! What receiving hosts really write, as far as their own manuals and mails show it.

use super::{FROM, REST, TrustedReceiver, host, own_host, passes};

const SIGNATURE: &str = "DKIM-Signature: v=1; a=rsa-sha256; d=firma.example; s=s1; h=from:to:subject; bh=x; b=y\n";
const SENDERS: &str = "Received: from [192.0.2.7] (unknown) by out.firma.example (Postfix) with ESMTPSA id 1; Wed, 13 Mar 2024 10:02:10 +0100\n";

/// A received mail: what the receiving side wrote, and then the sender's.
fn mail(receiver: &str) -> String {
    format!("{receiver}{SIGNATURE}{SENDERS}{FROM}{REST}").replace('\n', "\r\n")
}

#[test]
fn gmail() {
    for (results, spf) in [
        (
            "dkim=pass header.i=@firma.example header.s=s1 header.b=\"Ab/+C1=\";\n       spf=pass (google.com: domain of ruth@firma.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ruth@firma.example;\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=firma.example",
            "pass",
        ),
        (
            "dkim=pass header.i=@firma.example header.s=s1 header.b=Ab;\n       spf=softfail (google.com: domain of transitioning ruth@firma.example does not designate 2001:db8::1 as permitted sender) smtp.mailfrom=ruth@firma.example;\n       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=firma.example",
            "softfail",
        ),
        (
            "spf=pass (google.com: domain of ruth@firma.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ruth@firma.example",
            "pass",
        ),
    ] {
        let mail = mail(&format!(
            "Delivered-To: import@firma.example\nReceived: by 2002:a05:7010:9c0a:b0:3d2:1 with SMTP id k10csp1;\n        Wed, 13 Mar 2024 02:02:12 -0700 (PDT)\nX-Received: by 2002:a05:600c:1 with SMTP id x; Wed, 13 Mar 2024 02:02:12 -0700 (PDT)\nARC-Seal: i=1; a=rsa-sha256; d=google.com\nARC-Authentication-Results: i=1; mx.google.com;\n       {results}\nReturn-Path: <ruth@firma.example>\nReceived: from out.firma.example (out.firma.example. [192.0.2.1])\n        by mx.google.com with ESMTPS id 5\n        for <import@firma.example>\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        Wed, 13 Mar 2024 02:02:12 -0700 (PDT)\nReceived-SPF: {spf} (google.com: domain of ruth@firma.example) client-ip=192.0.2.1;\nAuthentication-Results: mx.google.com;\n       {results}\n"
        ));
        assert!(passes(&mail, host("mx.google.com", "mx.google.com", true)), "{mail}");
        assert!(!passes(&mail, host("mx.google.com", "mx.google.com", false)), "{mail}");
    }
}

#[test]
fn exchange_online() {
    let hops = "Received: from DU2PR01MB1.eurprd01.prod.outlook.com (2603:10a6:10:1::5) by\n AM0PR01MB2.eurprd01.prod.outlook.com with HTTPS; Wed, 13 Mar 2024 09:02:14 +0000\nReceived: from DB5EUR01FT003.eop-EUR01.prod.protection.outlook.com\n (2603:10a6:10:2:cafe::1) by DU2PR01CA1.outlook.office365.com (2603:10a6:10:2::9)\n with Microsoft SMTP Server (version=TLS1_3) id 15.20.7 via Frontend Transport; Wed, 13 Mar 2024 09:02:13 +0000\n";
    let front = "Received-SPF: Pass (protection.outlook.com: domain of firma.example designates\n 192.0.2.1 as permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.1;\nReceived: from out.firma.example (192.0.2.1) by\n DB5EUR01FT003.mail.protection.outlook.com (10.152.4.1) with Microsoft SMTP Server\n (version=TLS1_3) id 15.20.7; Wed, 13 Mar 2024 09:02:13 +0000\nX-MS-Exchange-Organization-AuthAs: Anonymous\n";
    for results in [
        "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=firma.example; dkim=pass (signature was verified)\n header.d=firma.example;dmarc=pass action=none\n header.from=firma.example;compauth=pass reason=100",
        "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=firma.example; dkim=none (message not signed)\n header.d=none;dmarc=bestguesspass action=none header.from=firma.example;compauth=pass reason=109",
        "spf=fail (sender IP is 192.0.2.9)\n smtp.mailfrom=lists.example.net; dkim=pass (signature was verified)\n header.d=firma.example;dmarc=pass action=none header.from=firma.example;compauth=pass reason=100",
    ] {
        let mail = mail(&format!("{hops}Authentication-Results: {results}\n{front}"));
        assert!(passes(&mail, TrustedReceiver::ExchangeOnline), "{mail}");
    }
}

#[test]
fn exchange_online_inside_the_organisation() {
    let hops = "Received: from AM0PR01MB2.eurprd01.prod.outlook.com (2603:10a6:10:1::5) by\n DU2PR01MB1.eurprd01.prod.outlook.com with HTTPS; Wed, 13 Mar 2024 09:02:14 +0000\nReceived: from AM0PR01MB2.eurprd01.prod.outlook.com\n ([fe80::1]) by AM0PR01MB2.eurprd01.prod.outlook.com\n ([fe80::1%4]) with mapi id 15.20.7; Wed, 13 Mar 2024 09:02:12 +0000\n";
    let said = "X-MS-Exchange-Organization-AuthSource: AM0PR01MB2.eurprd01.prod.outlook.com\nX-MS-Exchange-Organization-AuthAs: Internal\nX-MS-Exchange-Organization-AuthMechanism: 04\n";
    let results = "Authentication-Results: dkim=none (message not signed)\n header.d=none;dmarc=none action=none header.from=firma.example;\n";
    for mail in [format!("{hops}{FROM}{said}{results}{REST}"), format!("{hops}{said}{FROM}{REST}")] {
        assert!(passes(&mail.replace('\n', "\r\n"), TrustedReceiver::ExchangeOnline), "{mail}");
    }
}

const POSTFIX: &str = "Return-Path: <ruth@firma.example>\nX-Original-To: import@firma.example\nDelivered-To: import@firma.example\nReceived: from out.firma.example (out.firma.example [192.0.2.1])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n\t key-exchange X25519)\n\t(No client certificate requested)\n\tby mx.firma.example (Postfix) with ESMTPS id 4TvN2z3\n\tfor <import@firma.example>; Wed, 13 Mar 2024 10:02:11 +0100 (CET)\n";

#[test]
fn postfix_with_opendkim_and_opendmarc() {
    let dmarc = "DMARC-Filter: OpenDMARC Filter v1.4.2 mx.firma.example 4TvN2z3\nAuthentication-Results: mx.firma.example; dmarc=pass (p=quarantine dis=none) header.from=firma.example\n";
    let spf = "Authentication-Results: mx.firma.example; spf=pass smtp.mailfrom=firma.example\n";
    let dkim = "DKIM-Filter: OpenDKIM Filter v2.11.0 mx.firma.example 4TvN2z3\nAuthentication-Results: mx.firma.example;\n\tdkim=pass (2048-bit key; unprotected) header.d=firma.example header.i=@firma.example header.a=rsa-sha256 header.s=s1 header.b=AbC+/1\n";
    for results in [format!("{dmarc}{spf}{dkim}"), dkim.to_owned(), format!("{dmarc}{dkim}")] {
        assert!(passes(&mail(&format!("{POSTFIX}{results}")), own_host(true)), "{results}");
        assert!(passes(&mail(&format!("{results}{POSTFIX}")), own_host(false)), "above: {results}");
    }
    let policy = "Authentication-Results: mx.firma.example; spf=pass (mailfrom) smtp.mailfrom=firma.example (client-ip=192.0.2.1; helo=out.firma.example; envelope-from=ruth@firma.example; receiver=<UNKNOWN>)\n";
    assert!(passes(&mail(&format!("{policy}{POSTFIX}")), own_host(false)), "{policy}");
}

#[test]
fn rspamd() {
    for results in [
        "dkim=pass header.d=firma.example header.s=s1 header.b=AbC;\n\tspf=pass (mx.firma.example: domain of ruth@firma.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ruth@firma.example;\n\tdmarc=pass (policy=quarantine) header.from=firma.example",
        "dkim=pass header.d=firma.example header.s=s1 header.b=AbC;\n\tarc=none;\n\tdmarc=none;\n\tspf=softfail (mx.firma.example: 192.0.2.1 is neither permitted nor denied by domain of ruth@firma.example) smtp.mailfrom=ruth@firma.example",
    ] {
        let written = format!(
            "{POSTFIX}X-Rspamd-Queue-Id: 4TvN2z3\nX-Rspamd-Server: mx\nX-Spamd-Result: default: False [-3.10 / 15.00];\n\tR_DKIM_ALLOW(-0.20)[firma.example:s=s1]\nAuthentication-Results: mx.firma.example;\n\t{results}\n"
        );
        assert!(passes(&mail(&written), own_host(true)), "{results}");
    }
}

#[test]
fn exim() {
    let received = "Received: from out.firma.example ([192.0.2.1])\n\tby mx.firma.example with esmtps  (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\t(envelope-from <ruth@firma.example>)\n\tid 1rkKab-0001\n\tfor import@firma.example;\n\tWed, 13 Mar 2024 10:02:11 +0100\n";
    for results in [
        "mx.firma.example;\n\tiprev=pass (out.firma.example) smtp.remote-ip=192.0.2.1;\n\tspf=pass smtp.mailfrom=firma.example;\n\tdkim=pass header.d=firma.example header.s=s1 header.a=rsa-sha256;\n\tdmarc=pass header.from=firma.example;\n\tarc=none",
        "mx.firma.example;\n\tiprev=fail smtp.remote-ip=2001:db8::1;\n\tdkim=pass header.d=firma.example header.s=s1 header.a=rsa-sha256",
    ] {
        let above = mail(&format!("Return-path: <ruth@firma.example>\nAuthentication-Results: {results}\n{received}"));
        assert!(passes(&above, own_host(false)), "{above}");
        let below = mail(&format!("Return-path: <ruth@firma.example>\n{received}Authentication-Results: {results}\n"));
        assert!(passes(&below, own_host(true)), "{below}");
    }
}

#[test]
fn fastmail() {
    let inside = "Return-Path: <ruth@firma.example>\nReceived: from phl-compute-01.internal (phl-compute-01.nyi.internal [10.202.2.1])\n\t by sloti1d2t3 (Cyrus 3.11) with LMTPA;\n\t Wed, 13 Mar 2024 05:02:13 -0400\nX-Cyrus-Session-Id: sloti1d2t3-1\nX-Sieve: CMU Sieve 3.0\nX-Spam-known-sender: no\nReceived: from phl-mx-05 ([10.202.2.204])\n  by phl-compute-01.internal (LMTPProxy); Wed, 13 Mar 2024 05:02:13 -0400\nReceived: from mx6.messagingengine.com (localhost [127.0.0.1])\n\tby mailmx.phl.internal (Postfix) with ESMTP id 1;\n\tWed, 13 Mar 2024 05:02:12 -0400 (EDT)\nReceived: from mx6.messagingengine.com (localhost [127.0.0.1])\n    by mx6.messagingengine.com (Authentication Milter) with ESMTP\n    id 2;\n    Wed, 13 Mar 2024 05:02:12 -0400\n";
    let seal = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=messagingengine.com; s=fm3\nARC-Authentication-Results: i=1; mx6.messagingengine.com; dkim=pass\n";
    let results = "Authentication-Results: mx6.messagingengine.com;\n    bimi=skipped (DMARC Policy is not at enforcement);\n    arc=none (no signatures found);\n    dkim=pass (2048-bit rsa key sha256) header.d=firma.example\n    header.i=@firma.example header.b=AbC+d/E= header.a=rsa-sha256\n    header.s=s1 x-bits=2048;\n    dmarc=pass policy.published-domain-policy=none\n    policy.applied-disposition=none policy.evaluated-disposition=none\n    (p=none,d=none,d.eval=none) policy.policy-from=p\n    header.from=firma.example;\n    iprev=pass smtp.remote-ip=192.0.2.1 (out.firma.example);\n    spf=pass smtp.mailfrom=ruth@firma.example\n    smtp.helo=out.firma.example;\n    x-ptr=pass smtp.helo=out.firma.example policy.ptr=out.firma.example\nX-ME-Authentication-Results: mx6.messagingengine.com;\n    x-aligned-from=pass (Address match);\n    x-return-mx=pass header.domain=firma.example policy.is_org=yes\n      (MX Records found: mx.firma.example)\n";
    let rest = "X-ME-VSCause: gggru\nReceived-SPF: pass\n    (firma.example: 192.0.2.1 is authorized to use 'ruth@firma.example' in 'mfrom' identity)\n    receiver=mx6.messagingengine.com;\n    identity=mailfrom;\nReceived: from out.firma.example (out.firma.example [192.0.2.1])\n\tby mx6.messagingengine.com (Postfix) with ESMTPS\n\tfor <import@firma.example>; Wed, 13 Mar 2024 05:02:12 -0400 (EDT)\n";
    let mail = mail(&format!("{inside}{seal}{results}{rest}"));
    assert!(passes(&mail, host("mx6.messagingengine.com", "mx6.messagingengine.com", true)), "{mail}");
}
