//! The alerts and the board that come with the service, with a real Prometheus that asks it.

use super::asking::Watched;
use crate::harness::prometheus::test_rules;
use crate::harness::{Prometheus, wait_for};
use crate::house::{SOON, builder};
use crate::mails::forward;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ALERTS: &str = include_str!("../../../systemd/monitoring/alerts.yml");
const TRIED: &str = include_str!("../../../systemd/monitoring/alerts_test.yml");
const BOARD: &str = include_str!("../../../systemd/monitoring/grafana-dashboard.json");

fn monitoring(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/monitoring").join(file)
}

#[test]
fn each_alert_fires_when_its_time_has_come_and_none_while_all_is_well() {
    let said = test_rules(&monitoring("alerts_test.yml"));
    assert!(said.contains("SUCCESS"), "{said}");
    let alerts: Vec<&str> = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        let fires = format!("alertname: {alert}\n        exp_alerts:\n          - exp_labels");
        assert!(TRIED.contains(&fires), "{alert} is not shown to fire");
        assert!(
            TRIED.contains(&format!("eval_time: 4h, alertname: {alert}, exp_alerts: []")),
            "{alert} when all is well"
        );
    }
}

#[test]
fn prometheus_counts_the_mails_and_understands_every_alert_and_every_panel() {
    let watched = Watched::of(builder().mailbox("poll_interval = \"1s\"").build(), &[]);
    for subject in ["482137 Unterlagen", "482137 Zeugnis", "ohne Nummer"] {
        watched.house.deliver(&forward(subject));
    }
    let prometheus = Prometheus::start(watched.port(), &monitoring("alerts.yml"));
    let has = |query: &str, wanted: f64| {
        wait_for(&format!("{query} to be {wanted}"), SOON, || {
            prometheus.query(query).first().is_some_and(|number| (number - wanted).abs() < 0.01).then_some(())
        });
    };
    has("sum(reply_import_mails_total)", 3.0);
    has("sum(reply_import_mails_total{outcome=\"imported\"})", 2.0);
    has("up{job=\"reply-import\"}", 1.0);
    has("sum(reply_import_notifications_total{result=\"sent\"})", 6.0);
    let board: Value = serde_json::from_str(BOARD).unwrap();
    let panels = board["panels"].as_array().unwrap().iter();
    let queries = panels
        .flat_map(|panel| panel["targets"].as_array().unwrap())
        .map(|target| target["expr"].as_str().unwrap().replace("$__rate_interval", "1m"));
    for query in queries.collect::<Vec<_>>() {
        prometheus.query(&query);
    }
    wait_for("all rules to be evaluated", SOON, || {
        let said = prometheus.api("/api/v1/rules");
        let rules = said["data"]["groups"][0]["rules"].as_array()?.clone();
        assert!(rules.iter().all(|rule| rule["health"] != "err"), "{said}");
        rules.iter().all(|rule| rule["health"] == "ok").then_some(())
    });
    let server = format!("127.0.0.1:{}", watched.house.dovecot.imaps_port());
    wait_for("the certificate to be seen", SOON, || {
        watched.number(&format!("reply_import_certificate_days_left{{server=\"{server}\"}}"))
    });
    let (_, told) = watched.get("/metrics");
    for name in metrics_in(ALERTS).union(&metrics_in(BOARD)) {
        // There only where a log-in ends, or a notification waits.
        if !name.ends_with("login_days_left") && !name.ends_with("outbox_oldest_timestamp_seconds") {
            assert!(told.contains(&format!("\n{name}")), "{name} is not in\n{told}");
        }
    }
    watched.end();
}

fn metrics_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
    words.filter(|word| word.starts_with("reply_import_")).collect()
}
