//! The built program runs with its settings, and its words and its exit code are told apart.

use std::time::Duration;

use crate::harness::Service;

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn a_command_leaves_its_exit_code_its_data_and_its_complaints() {
    let service = Service::new("");
    let version = service.succeed(&["--version"]);
    assert!(version.starts_with("reply-import "), "{version}");

    let wrong = service.command(&["status"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(78), ""), "empty settings are wrong settings");
    assert!(wrong.stderr.contains("reply-import.toml"), "{}", wrong.stderr);
}

#[test]
fn a_running_service_ends_when_it_is_asked_to() {
    let service = Service::new(SETTINGS);
    let mut running = service.run();
    // It waits for a mailbox that is not there.
    assert!(running.wait(Duration::from_millis(500)).is_none(), "{running:?}");
    running.terminate();
    let finished = running.wait(DEADLINE).unwrap();
    assert_eq!(finished.code, Some(0), "{finished:#?}");
}

#[test]
fn a_killed_service_has_no_exit_code() {
    let service = Service::new(SETTINGS);
    let mut running = service.run();
    running.kill();
    assert_eq!(running.wait(DEADLINE).unwrap().code, None);
}

/// Nobody listens on port 1.
const SETTINGS: &str = r#"
    [database]
    url = "sqlite:service.db"
    [[tenant]]
    name = "gruenwerk"
    reference_shapes = ["{6}"]
    office = ["buero@example.test"]
    [[mailbox]]
    tenant = "gruenwerk"
    address = "bewerbung@example.test"
    host = "127.0.0.1"
    port = 1
    tls = "none"
    password_file = "/dev/null"
"#;
