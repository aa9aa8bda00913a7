//! The units are ones that systemd accepts without a word, they fence the service in, and they do not drift apart.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const SERVICE: &str = include_str!("../systemd/reply-import.service");
const TEMPLATE: &str = include_str!("../systemd/reply-import@.service");
const ONCE: &str = include_str!("../systemd/reply-import-once.service");
const TIMER: &str = include_str!("../systemd/reply-import-once.timer");
const SETTINGS: &str = "/etc/reply-import/reply-import.toml";

/// Every unit by its file name; the template as an instance of it.
const UNITS: [(&str, &str); 4] = [
    ("reply-import.service", SERVICE),
    ("reply-import@north.service", TEMPLATE),
    ("reply-import-once.service", ONCE),
    ("reply-import-once.timer", TIMER),
];

#[test]
fn systemd_accepts_the_units_without_a_word() {
    let output = verify(&UNITS);
    assert_eq!(words(&output), "");
    assert!(output.status.success());
}

#[test]
fn a_key_that_systemd_does_not_know_would_be_found_in_each() {
    for (at, (name, unit)) in UNITS.into_iter().enumerate() {
        let (key, mistake) = if unit.contains("[Timer]") {
            ("AccuracySec=", "AccurateSec=")
        } else {
            ("ProtectClock=", "ProtectClocks=")
        };
        let mistaken = unit.replace(key, mistake);
        assert_ne!(mistaken, unit);
        let mut units = UNITS;
        *units.get_mut(at).unwrap() = (name, mistaken.as_str());
        let output = verify(&units);
        assert!(words(&output).contains(mistake.trim_end_matches('=')), "{name}: {}", words(&output));
        assert!(!output.status.success(), "{name}");
    }
}

/// In tenths, as systemd has it: 100 is no fence at all.
#[test]
fn each_service_is_exposed_by_no_more_than_one_and_a_half_of_ten() {
    for (name, unit) in UNITS.into_iter().filter(|(name, _)| name.ends_with(".service")) {
        let folder = written(&[(name, unit)]);
        let arguments = ["--no-pager", "security", "--offline=yes", "--threshold=15"];
        let output = analyze(&arguments, &[folder.path().join(name).to_str().unwrap()]);
        assert!(output.status.success(), "{name}: {}", words(&output));
    }
}

#[test]
fn an_error_in_the_settings_is_not_tried_again_and_other_failures_are() {
    for unit in [SERVICE, TEMPLATE] {
        for line in [
            "Restart=on-failure",
            "WatchdogSec=5min",
            "RestartPreventExitStatus=78",
            "StartLimitIntervalSec=0",
            "Type=notify",
        ] {
            assert!(lines(unit).any(|unit_line| unit_line == line), "{line}");
        }
        // systemd does not look at what ExecStartPre ends with to tell whether to try again.
        assert!(lines(unit).any(|line| line.starts_with("ExecStartPre=-") && line.ends_with(" check --settings-only")));
    }
}

#[test]
fn an_instance_of_the_template_differs_from_the_service_by_its_settings_and_its_folder_alone() {
    let one = SERVICE.replace(SETTINGS, "/etc/reply-import/%i.toml");
    let one = one.replace("StateDirectory=reply-import\n", "StateDirectory=reply-import/%i\n");
    let one = one.replace("e-mail replies\n", "e-mail replies (%i)\n");
    assert_eq!(lines(&one).collect::<Vec<_>>(), lines(TEMPLATE).collect::<Vec<_>>());
}

#[test]
fn a_round_by_the_timer_runs_behind_the_same_fence_as_the_service() {
    let fence = |unit: &'static str| lines(unit).skip_while(|line| !line.starts_with("User=")).collect::<Vec<_>>();
    let (mut service, once) = (fence(SERVICE), fence(ONCE));
    // The timer is what is installed, not the service that it starts.
    assert_eq!(service.split_off(service.len() - 2), ["[Install]", "WantedBy=multi-user.target"]);
    assert!(service.len() > 30);
    assert_eq!(once, service);
}

#[test]
fn each_kind_of_secret_that_the_settings_know_is_shown_as_a_credential() {
    let template = include_str!("../src/settings/template.toml");
    let names: Vec<&str> = template
        .split(['\n', ','])
        .filter_map(|setting| setting.split_once("_file = \""))
        .filter(|(key, _)| ["password", "secret", "token", "access_key"].iter().any(|kind| key.ends_with(kind)))
        .filter_map(|(_, value)| value.split('"').next())
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let line = format!("#LoadCredential={name}:/etc/reply-import/{name}");
        assert!(SERVICE.lines().any(|unit_line| unit_line == line), "{line}");
    }
}

#[test]
fn the_service_may_have_many_more_descriptors_than_the_pages_take() {
    let limit = SERVICE.lines().find_map(|line| line.strip_prefix("LimitNOFILE=")).unwrap();
    let readme = include_str!("../README.md");
    let (before, _) = readme.split_once(" connections at a time").unwrap();
    let connections = before.rsplit(' ').next().unwrap();
    assert!(limit.parse::<u32>().unwrap() >= 4 * connections.parse::<u32>().unwrap(), "{limit}, {connections}");
}

/// What a unit says, without its comments.
fn lines(unit: &str) -> impl Iterator<Item = &str> {
    unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// With a command that exists here instead of the installed program.
fn verify(units: &[(&str, &str)]) -> Output {
    let runnable: Vec<(&str, String)> = units
        .iter()
        .map(|(name, unit)| {
            assert_eq!(unit.contains("\nExecStart=/usr/bin/reply-import "), name.ends_with(".service"));
            (*name, unit.replace("/usr/bin/reply-import ", "/bin/true "))
        })
        .collect();
    let folder = written(&runnable.iter().map(|(name, unit)| (*name, unit.as_str())).collect::<Vec<_>>());
    let files: Vec<String> =
        units.iter().map(|(name, _)| folder.path().join(name).to_str().unwrap().to_owned()).collect();
    // Without --recursive-errors=no an unknown key is a warning and no failure.
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    analyze(&["--man=no", "--recursive-errors=no", "verify"], &files)
}

/// The units as files: the instance `north` is written as the template that it is one of.
fn written(units: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, unit) in units {
        fs::write(folder.path().join(name.replace("@north", "@")), unit).unwrap();
        if name.contains('@') {
            std::os::unix::fs::symlink(name.replace("@north", "@"), folder.path().join(name)).unwrap();
        }
    }
    folder
}

fn analyze(arguments: &[&str], files: &[&str]) -> Output {
    let output = Command::new("systemd-analyze").args(arguments).args(files).output();
    output.unwrap_or_else(|error| panic!("systemd-analyze (Debian package systemd) does not start: {error}"))
}

fn words(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}
