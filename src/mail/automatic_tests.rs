//! What is answered and what is not, of mails that a person wrote.

use crate::application::{EmailAddress, ReferenceShape};
use crate::mail::{IncomingMail, Limits, ReadingRules, understand};
use std::collections::HashSet;

/// A numbered forward from a colleague with this header before the others.
fn read(header: &str) -> IncomingMail {
    let rules = ReadingRules {
        shapes: vec![ReferenceShape::parse("{6-7}").unwrap()],
        staff_domains: vec!["staff.example".to_owned()],
        staff_addresses: HashSet::new(),
        own_addresses: vec![EmailAddress::parse("import@staff.example").unwrap()],
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    };
    let mail = format!(
        "{header}From: ruth@staff.example\r\nTo: import@staff.example\r\nSubject: 482137 WG: Unterlagen\r\n\r\n\
         Von: Erika Beispiel <erika@example.org>\r\nGesendet: Mittwoch, 13. März 2024 09:12\r\n\
         An: Ruth Muster <ruth@staff.example>\r\nBetreff: Unterlagen\r\n\r\nAnbei meine Unterlagen.\r\n"
    );
    understand(mail.as_bytes(), &rules)
}

#[test]
fn what_a_person_sent_is_answered() {
    for header in [
        "",
        "Auto-Submitted: no\r\n",
        "Auto-Submitted: No (a person wrote it)\r\n",
        "Return-Path: <ruth@staff.example>\r\n",
        "X-Auto-Response-Suppress: OOF\r\n",
        "Precedence: normal\r\n",
        "Precedence:\r\n",
    ] {
        assert!(read(header).answerable, "{header}");
    }
}

#[test]
fn what_a_program_or_a_list_passes_on_is_not_answered_even_if_it_is_imported() {
    for header in [
        "Auto-Submitted: auto-generated\r\n",
        "Auto-Submitted: auto-forwarded; by=\"rule\"\r\n",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-generated\r\n",
        "X-MS-Exchange-Inbox-Rules-Loop: ruth@staff.example\r\n",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\r\n",
        "Precedence: bulk\r\n",
        "Precedence: Junk\r\n",
        "Precedence: list\r\n",
        "List-Id: Alle <all.staff.example>\r\n",
        "List-Unsubscribe: <mailto:leave@staff.example>\r\n",
        "List-Help: <mailto:help@staff.example>\r\n",
        "Mailing-List: list all@staff.example\r\n",
        "Return-Path: <>\r\n",
        "Return-Path: < >\r\n",
        "Return-Path: <ruth@staff.example>\r\nReturn-Path: <>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n",
    ] {
        let mail = read(header);
        assert!(mail.automatic.is_none() && !mail.answerable, "{header}: {:?}", mail.automatic);
    }
}

#[test]
fn a_robots_mail_is_never_answered() {
    for header in [
        "Auto-Submitted: auto-replied\r\n",
        "X-Autoreply: yes\r\n",
        "Precedence: auto_reply\r\n",
        "X-Loop: import@staff.example\r\n",
    ] {
        let mail = read(header);
        assert!(mail.automatic.is_some() && !mail.answerable, "{header}");
    }
}
