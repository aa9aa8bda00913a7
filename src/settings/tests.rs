//! The settings one by one: each sentence is about what somebody typed and what they are told.

use super::{QuietBefore, Settings, SettingsError, Tls, read};
use crate::mail::{Limits, TrustedReceiver};
use std::collections::HashSet;
use std::io::Write;
use std::time::Duration;

pub(super) const GOOD: &str = r#"
[database]
url = "sqlite:cases.db"
[[tenant]]
name = "muster"
reference_shapes = ["{6-7}"]
[[mailbox]]
tenant = "muster"
address = "Import@Example.com"
host = "imap.example.com"
password_file = "/dev/null"
"#;

pub(super) fn settings(text: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read(file.path(), environment)
}

pub(super) fn fault(text: &str) -> String {
    let secrets = |settings: Settings| settings.unreadable_secrets.unwrap();
    settings(text, &[]).map_or_else(|error| error, secrets).to_string()
}

#[test]
fn what_is_not_written_has_its_default() {
    let settings = settings(GOOD, &[]).unwrap();
    let mailbox = &settings.mailboxes[0];
    assert_eq!((mailbox.server.port, mailbox.server.tls), (993, Tls::Implicit));
    assert_eq!(mailbox.poll_interval, Duration::from_mins(2));
    assert_eq!(mailbox.max_size, 25 * 1024 * 1024);
    assert_eq!(settings.lease, Duration::from_secs(30));
    assert_eq!(mailbox.server.login.as_ref().unwrap().username, "import@example.com");
    let folders = mailbox.archive.folders(chrono::DateTime::UNIX_EPOCH);
    assert_eq!(folders[0], "Archive/Imported");
    assert_eq!(folders[4], "Archive/SetAside");
}

#[test]
fn folders_by_month_between_two_times_are_those_of_each_month() {
    let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc();
    let (since, now) = (at("2025-12-31T23:00:00Z"), at("2026-02-01T00:00:00Z"));
    let archive = |lines: &str| settings(&format!("{GOOD}{lines}"), &[]).unwrap().mailboxes[0].archive.clone();
    let by_month = archive("archive = { by_month = true }\n");
    let imported =
        |folders: Vec<String>| folders.into_iter().filter(|folder| folder.contains("Imported")).collect::<Vec<_>>();
    let months = ["2025-12", "2026-01", "2026-02"].map(|month| format!("Archive/Imported/{month}"));
    assert_eq!(imported(by_month.folders_between(since, now)), months);
    assert_eq!(
        imported(by_month.folders_between(now, since)),
        [months[2].clone(), months[0].clone()],
        "clocks that differ"
    );
    assert_eq!(archive("").folders_between(since, now), archive("").folders(now));
}

#[test]
fn a_lease_too_short_to_be_renewed_is_refused() {
    assert!(fault(&format!("{GOOD}[workers]\nlease = \"4s\"")).contains("workers.lease"));
    assert_eq!(settings(&format!("{GOOD}[workers]\nlease = \"5s\""), &[]).unwrap().lease, Duration::from_secs(5));
}

#[test]
fn a_virus_scanner_has_an_address_and_bounds() {
    assert_eq!(settings(GOOD, &[]).unwrap().virus_scan, None);
    let scan = settings(&format!("{GOOD}[virus_scan]\nclamd = \"/run/clamav/clamd.ctl\""), &[]).unwrap().virus_scan;
    let scan = scan.unwrap();
    assert_eq!((scan.timeout, scan.max_stream), (Duration::from_mins(1), 25 << 20));
    for (line, key) in [
        ("clamd = \"clamd.ctl\"", "virus_scan.clamd"),
        ("clamd = \"localhost:3310\"\ntimeout = \"10ms\"", "virus_scan.timeout"),
        ("clamd = \"localhost:3310\"\nmax_stream = \"0B\"", "virus_scan.max_stream"),
        ("clamd = \"localhost:3310\"\nstream = \"1MiB\"", "max_stream"),
    ] {
        assert!(fault(&format!("{GOOD}[virus_scan]\n{line}")).contains(key), "{line}");
    }
}

#[test]
fn plaintext_leaves_this_machine_never() {
    let plain = GOOD.replace("host = ", "tls = \"none\"\nhost = ");
    let error = fault(&plain);
    assert!(error.contains("`mailbox.0.tls`: Without TLS") && error.contains("\"starttls\""), "{error}");
    for host in ["localhost", "127.0.0.1", "::1"] {
        settings(&plain.replace("imap.example.com", host), &[]).unwrap();
    }
}

#[test]
fn the_sender_of_notices_is_no_import_address() {
    let error = fault(&format!("{GOOD}\n[smtp]\nhost = \"localhost\"\ntls = \"none\"\nfrom = \"import@example.COM\""));
    assert!(error.contains("`smtp.from`: `import@example.com` is an import address"), "{error}");
    for (from, login) in [("import+notices@example.com", ""), ("Box@example.com", "username = \"box@example.com\"")] {
        let good = GOOD.replace("host = \"imap", &format!("{login}\nhost = \"imap"));
        let error = fault(&format!("{good}\n[smtp]\nhost = \"localhost\"\ntls = \"none\"\nfrom = \"{from}\""));
        assert!(error.contains("`smtp.from`: "), "{from}: {error}");
    }
}

#[test]
fn what_the_office_is_told_and_of_what_nobody_is_told_can_be_set() {
    let notify = |lines: &str| settings(&format!("{GOOD}\n[notify]\n{lines}"), &[]).map(|settings| settings.notify);
    let standard = notify("").unwrap();
    assert_eq!((standard.digest_after, standard.quiet_before), (5, None));
    assert_eq!(standard.office_digest, chrono::NaiveTime::from_hms_opt(7, 30, 0));
    assert_eq!(notify("office_digest = \"never\"").unwrap().office_digest, None);
    let quiet = |text: &str| notify(&format!("quiet_before = \"{text}\"")).map(|notify| notify.quiet_before.unwrap());
    assert_eq!(quiet("first-connection").unwrap(), QuietBefore::FirstConnection);
    let berlin = chrono_tz::Europe::Berlin;
    for (text, time) in
        [("2024-05-02", "2024-05-01T22:00:00+00:00"), ("2024-05-02T08:00:00+02:00", "2024-05-02T06:00:00+00:00")]
    {
        assert_eq!(quiet(text).unwrap().time(berlin).unwrap().to_rfc3339(), time, "{text}");
    }
    let error = fault(&format!("{GOOD}\n[notify]\nquiet_before = \"gestern\"\noffice_digest = \"früh\""));
    assert!(error.contains("`notify.quiet_before`") && error.contains("`notify.office_digest`"), "{error}");
}

#[test]
fn the_office_is_no_import_address() {
    let error = fault(&GOOD.replace("reference_shapes", "office = [\"IMPORT+x@example.com\"]\nreference_shapes"));
    assert!(error.contains("`tenant.office`: `import+x@example.com` is an import address"), "{error}");
}

#[test]
fn one_inbox_is_watched_once() {
    let other = |lines: &str| {
        format!(
            "{GOOD}username = \"import\"\n[[mailbox]]\ntenant = \"muster\"\naddress = \"other@example.com\"\n\
             password_file = \"/dev/null\"\n{lines}"
        )
    };
    let said = fault(&other("host = \"IMAP.example.com\"\nusername = \"import\"\nfolder = \"inbox\""));
    let wanted = "`other@example.com` is the same inbox as `import@example.com`";
    assert!(said.contains("mailbox.username") && said.contains(wanted), "{said}");
    for differs in [
        "host = \"imap.example.com\"\nusername = \"other\"",
        "host = \"imap.example.com\"",
        "host = \"imap.example.org\"\nusername = \"import\"",
        "host = \"imap.example.com\"\nusername = \"import\"\nport = 1993",
        "host = \"imap.example.com\"\nusername = \"import\"\nfolder = \"INBOX/Bewerbungen\"",
    ] {
        assert_eq!(settings(&other(differs), &[]).unwrap().mailboxes.len(), 2, "{differs}");
    }
}

#[test]
fn a_mailbox_of_no_tenant_is_named_with_the_nearest_one() {
    let error = fault(&GOOD.replace("tenant = \"muster\"", "tenant = \"mustr\""));
    assert!(
        error.contains("`mailbox.0.tenant`: There is no [[tenant]] named `mustr`; did you mean `muster`?"),
        "{error}"
    );
}

#[test]
fn whoever_proves_the_sender_must_be_named() {
    let tenant = |lines: &str| GOOD.replace("[[mailbox]]", &format!("{lines}\n[[mailbox]]"));
    let proof = |lines: &str| tenant(&format!("sender_proof = \"authentication_results\"\n{lines}"));
    let read = |lines: &str| settings(&proof(lines), &[]).unwrap().tenants[0].sender_proof.clone().unwrap();
    let error = fault(&proof(""));
    assert!(error.contains("`tenant.0.trusted_authserv`") && error.contains("mx.example.com"), "{error}");
    assert!(fault(&proof("trusted_authserv = [\"\"]")).contains("trusted_authserv"));
    let error = fault(&proof("trusted_authserv = [\"mx\"]\nexchange_online = true"));
    assert!(error.contains("`tenant.0.exchange_online`"), "{error}");
    let error = fault(&proof("inner_hops = 1\nexchange_online = true"));
    assert!(error.contains("`tenant.0.exchange_online`") && error.contains("`inner_hops`"), "{error}");
    assert!(fault(&proof("inner_hops = 1")).contains("`tenant.0.trusted_authserv`"));
    let error = fault(&proof("trusted_authserv = [\"mx\"]\ninner_hops = 6"));
    assert!(error.contains("`tenant.0.inner_hops`: Write at most 5"), "{error}");
    let hosts = |own: &str, inner_hops, strips_forged| TrustedReceiver::Hosts {
        authserv_ids: vec!["mx.example.com".to_owned()],
        receiving_hosts: vec![own.to_owned()],
        inner_hops,
        strips_forged,
    };
    assert_eq!(read("trusted_authserv = [\"MX.example.com\"]"), hosts("mx.example.com", 0, false));
    let all = "trusted_authserv = [\"mx.example.com\"]\nreceiving_hosts = [\"in1.example.com\"]\n\
               inner_hops = 5\nhost_strips_forged_results = true";
    assert_eq!(read(all), hosts("in1.example.com", 5, true));
    assert_eq!(read("exchange_online = true"), TrustedReceiver::ExchangeOnline);
    let in_vain = settings(&tenant("trusted_authserv = [\"mx.example.com\"]\ninner_hops = 1"), &[]).unwrap();
    let said = "tenant muster has `trusted_authserv`, `inner_hops` without effect: any sender is believed, unless it has \
                `sender_proof = \"authentication_results\"`";
    assert_eq!((in_vain.without_effect, in_vain.tenants[0].sender_proof.clone()), (vec![said.to_owned()], None));
}

#[test]
fn sizes_and_durations_are_written_as_people_write_them() {
    let text = format!("{GOOD}poll_interval = \"1m 30s\"\nmax_size = \"500KiB\"");
    let mailbox = &settings(&text, &[]).unwrap().mailboxes[0];
    assert_eq!((mailbox.poll_interval.as_secs(), mailbox.max_size), (90, 512_000));
    let error = fault(&format!("{GOOD}poll_interval = \"often\""));
    assert!(error.contains("poll_interval`") && error.contains("\"2m\""), "{error}");
}

#[test]
fn how_much_of_a_mail_is_read_can_be_set() {
    let default = settings(GOOD, &[]).unwrap();
    assert_eq!((default.limits, default.time_per_mail), (Limits::default(), Duration::from_secs(30)));
    let text = format!(
        "{GOOD}[limits]\ndepth = 7\nattached_depth = 2\nparts = 9\nheader_size = \"64KiB\"\nparameter_pieces = 11\n\
         decoded_size = \"1MiB\"\ntime_per_mail = \"2s\""
    );
    let settings = settings(&text, &[]).unwrap();
    let rules = settings.reading_rules(&settings.tenants[0], HashSet::new());
    let wanted = Limits {
        depth: 7,
        attached_depth: 2,
        parts: 9,
        header_size: 65_536,
        parameter_pieces: 11,
        decoded_size: 1 << 20,
    };
    assert_eq!((rules.limits, settings.time_per_mail), (wanted, Duration::from_secs(2)));
}

#[test]
fn limits_that_no_mail_or_no_stack_could_bear_are_refused() {
    for (key, told) in [
        ("parts = 0", "`limits.parts`: Write at least 1"),
        ("attached_depth = 51", "`limits.attached_depth`: Write at most 50"),
        ("time_per_mail = \"10ms\"", "`limits.time_per_mail`: Write at least \"1s\""),
    ] {
        let error = fault(&format!("{GOOD}[limits]\n{key}"));
        assert!(error.contains(told), "{error}");
    }
}
