//! Reading a feed: JSON Lines and CSV give the same, and a bad line is named.

use reply_import::application::{EmailAddress, Language, Role};
use reply_import::store::StoreError;
use reply_import::store::directory::{ApplicationState, DirectoryEntry, DirectoryLine, read_csv, read_json_lines};

fn json(text: &str) -> Result<Vec<DirectoryLine>, StoreError> {
    read_json_lines(text.as_bytes())
}

fn csv(text: &str) -> Result<Vec<DirectoryLine>, StoreError> {
    read_csv(text.as_bytes())
}

/// The line and the fault that are told of a feed.
fn fault(read: Result<Vec<DirectoryLine>, StoreError>) -> (usize, String) {
    match read {
        Err(StoreError::BadLine { line, fault }) => (line, fault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn json_lines_are_read_with_blank_lines_and_defaults() {
    let lines = json(
        "\u{feff}{\"kind\": \"user\", \"tenant\": \"a\", \"address\": \"R@a.example\", \"addresses\": [\"x@a.example\", \"r@a.example\"], \"name\": \"Ruth\", \"role\": \"recruiter\"}\r\n\
         \n\
         {\"kind\": \"application\", \"tenant\": \"a\", \"number\": 482137, \"candidate\": \"K1\", \"state_since\": null}",
    )
    .unwrap();
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3]);
    let DirectoryEntry::User(user) = &lines[0].entry else { panic!("{lines:?}") };
    let addresses: Vec<_> = user.addresses.iter().map(EmailAddress::as_str).collect();
    assert_eq!(addresses, ["r@a.example", "x@a.example"], "the first address first, each once");
    assert_eq!((user.role, user.language, user.active), (Role::Recruiter, Language::De, true));
    let DirectoryEntry::Application(application) = &lines[1].entry else { panic!("{lines:?}") };
    assert_eq!((application.number.as_str(), application.state), ("482137", ApplicationState::Open));
    assert_eq!(application.state_since, None);
}

#[test]
fn csv_says_the_same_as_json() {
    let user = r#"{"kind": "user", "tenant": "a", "address": "r@a.example", "addresses": ["r@a.example", "x@a.example"], "name": "Ruth, Dr.", "role": "personalmanager", "language": "en", "active": false}"#;
    let candidate = r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": "Erika", "addresses": []}"#;
    let application = r#"{"kind": "application", "tenant": "a", "number": "2024-00123", "candidate": "K1", "post": "Lager", "responsible": ["r@a.example"], "state": "rejected", "state_since": "2024-05-31"}"#;
    let tables = [
        (
            user,
            "tenant,address,addresses,name,role,language,active\na,r@a.example,r@a.example;x@a.example,\"Ruth, Dr.\",personalmanager,en,false\n",
        ),
        (
            user,
            "\u{feff}Tenant;Address;Addresses;Name;Role;Language;Active\r\na;r@a.example;\"r@a.example; x@a.example\";Ruth, Dr.;personalmanager;en;nein\r\n",
        ),
        (candidate, "tenant,id,name,addresses\na,K1,Erika,\n"),
        (
            application,
            "tenant,number,candidate,post,responsible,state,state_since\na,2024-00123,K1,Lager,r@a.example,rejected,2024-05-31T00:00:00Z\n",
        ),
        (
            application,
            "kind,tenant,number,candidate,post,responsible,state,state_since\napplication,a,2024-00123,K1,Lager,r@a.example,rejected,2024-05-31\n",
        ),
    ];
    for (object, table) in tables {
        assert_eq!(csv(table).unwrap()[0].entry, json(object).unwrap()[0].entry, "{table}");
    }
}

#[test]
fn csv_lines_are_numbered_as_an_editor_does() {
    let text = "tenant,id,name,addresses\na,K1,Erika,\"e@a.example;\nx@a.example\"\na,K2,Daan,nobody\n";
    let (line, fault) = fault(csv(text));
    assert_eq!(line, 4, "{fault}");
    let text = "tenant,id,name,addresses\na,K1,Erika,\na,K2,Daan,nobody\n";
    let (line, fault) = self::fault(csv(text));
    assert_eq!(line, 3);
    assert!(fault.contains("`addresses`") && fault.contains("name@domain"), "{fault}");
}

#[test]
fn a_bad_line_is_named_with_what_was_wanted_and_without_what_it_said() {
    let good = r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": "Erika"}"#;
    for (bad, wanted) in [
        (r"Geheim", "JSON object"),
        (r#"["Geheim"]"#, "JSON object"),
        (r#"{"kind": "Geheim", "tenant": "a"}"#, "`user`, `candidate` and `application`"),
        (r#"{"tenant": "a", "id": "Geheim"}"#, "`kind`"),
        (r#"{"kind": "candidate", "id": "Geheim", "name": "x"}"#, "`tenant`"),
        (r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": ["Geheim"]}"#, "`name`"),
        (r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": "Geheim\u0000"}"#, "control characters"),
        (
            r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": "x", "addresses": ["a@b.example", "Geheim"]}"#,
            "item 2",
        ),
        (r#"{"kind": "candidate", "tenant": "a", "id": "K1", "name": "x", "adresses": ["Geheim"]}"#, "`adresses`"),
        (r#"{"kind": "user", "tenant": "a", "address": "Geheim", "name": "x", "role": "recruiter"}"#, "name@domain"),
        (
            r#"{"kind": "user", "tenant": "a", "address": "a@b.example", "name": "x", "role": "Geheim"}"#,
            "`fachbereich_plus`",
        ),
        (r#"{"kind": "user", "tenant": "a", "address": "a@b.example", "name": "x"}"#, "`role`"),
        (
            r#"{"kind": "user", "tenant": "a", "address": "a@b.example", "name": "x", "role": "recruiter", "language": "Geheim"}"#,
            "`de` and `en`",
        ),
        (
            r#"{"kind": "user", "tenant": "a", "address": "a@b.example", "name": "x", "role": "recruiter", "active": "Geheim"}"#,
            "`active`",
        ),
        (r#"{"kind": "application", "tenant": "a", "number": "", "candidate": "Geheim"}"#, "`number`"),
        (
            r#"{"kind": "application", "tenant": "a", "number": "1", "candidate": "K", "state": "Geheim"}"#,
            "`withdrawn`",
        ),
        (
            r#"{"kind": "application", "tenant": "a", "number": "1", "candidate": "K", "state_since": "+10000-01-01"}"#,
            "`state_since`",
        ),
        (
            r#"{"kind": "application", "tenant": "a", "number": "1", "candidate": "K", "state_since": "0001-01-01T00:00:00+14:00"}"#,
            "`state_since`",
        ),
        (
            r#"{"kind": "application", "tenant": "a", "number": "1", "candidate": "K", "state_since": "Geheim"}"#,
            "2024-05-31",
        ),
    ] {
        let (line, fault) = fault(json(&format!("{good}\n\n{bad}\n{good}\n")));
        assert_eq!(line, 3, "{bad}");
        assert!(fault.contains(wanted), "{bad}: {fault}");
        assert!(!fault.contains("Geheim"), "{bad}: {fault}");
    }
}

#[test]
fn a_feed_that_is_no_text_is_refused_at_its_line() {
    assert_eq!(fault(read_json_lines(&b"\n\xff\xfe\n"[..])).0, 2);
    assert_eq!(fault(read_csv(&b"tenant,id,name\na,K1,\xff\n"[..])).0, 2);
}

#[test]
fn csv_without_a_kind_with_a_double_column_or_with_uneven_rows_is_refused() {
    for (text, line, wanted) in [
        ("tenant,name\na,Erika\n", 2, "`kind`"),
        ("tenant,id,name,id\na,K1,Erika,K2\n", 1, "twice"),
        ("tenant,id,name\na,K1\n", 2, "3 columns"),
        ("tenant,id,name,colour\na,K1,Erika,blue\n", 2, "`colour`"),
    ] {
        let (at, fault) = fault(csv(text));
        assert_eq!(at, line, "{text}: {fault}");
        assert!(fault.contains(wanted), "{text}: {fault}");
    }
}

#[test]
fn an_empty_feed_says_nothing() {
    assert_eq!(json("").unwrap(), []);
    assert_eq!(csv("").unwrap(), []);
    assert_eq!(csv("tenant,id,name,addresses\n").unwrap(), []);
}
