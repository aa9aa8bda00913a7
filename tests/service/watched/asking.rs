//! Asks the service as Prometheus and a watching machine do, over HTTP.

use crate::harness::ports::Port;
use crate::harness::service::Running;
use crate::harness::wait_for;
use crate::house::{House, SOON};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

/// A house whose service is watched.
pub struct Watched {
    pub house: House,
    pub service: Running,
    port: Port,
}

impl Watched {
    /// Starts the service of this house, with metrics served.
    pub fn of(house: House, variables: &[(&str, &str)]) -> Self {
        let port = Port::claim();
        let settings = format!("{}\n[metrics]\nlisten = \"127.0.0.1:{}\"\n", house.settings(), port.number());
        house.service.set_settings(&settings);
        let service = house.service.start_with(&["run"], variables);
        let watched = Self { house, service, port };
        wait_for("metrics to be served", SOON, || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, watched.port())).ok().map(|_| ())
        });
        watched
    }

    /// Where it is asked.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The number of the answer, and its text.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port.number())).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path}: {answer}"));
        (head.split(' ').nth(1).unwrap().parse().unwrap(), text.to_owned())
    }

    /// The value of one line of the metrics, such as `reply_import_mails_total{outcome="imported"}`.
    pub fn number(&self, of: &str) -> Option<f64> {
        let (code, text) = self.get("/metrics");
        assert_eq!(code, 200, "{text}");
        text.lines().find_map(|line| line.strip_prefix(of)?.strip_prefix(' ')?.parse().ok())
    }

    /// Waits until a line of the metrics has this value.
    pub fn wait_for_number(&self, of: &str, wanted: f64) {
        wait_for(&format!("{of} to be {wanted}"), SOON, || {
            self.number(of).is_some_and(|number| (number - wanted).abs() < 0.5).then_some(())
        });
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.service.stderr()
    }

    /// Asks it to end, and fails if it does not end well.
    pub fn end(mut self) {
        self.service.terminate();
        let ended = self.service.wait(SOON).unwrap();
        assert_eq!(ended.code, Some(0), "{ended:#?}");
    }

    /// Whether the service says that it is ready, or works, and what it says is wrong.
    pub fn health(&self, path: &str) -> (bool, Value) {
        let (code, text) = self.get(path);
        let said: Value = serde_json::from_str(&text).unwrap();
        let is_well = code == 200;
        assert!(is_well || code == 503, "{code} {text}");
        assert_eq!(said["status"], if is_well { "ok" } else { "failing" });
        assert_eq!(said["faults"].as_array().unwrap().is_empty(), is_well, "{said}");
        (is_well, said["faults"].clone())
    }

    /// Waits until it is ready, or is not; gives what is wrong.
    pub fn wait_until_ready(&self, is_ready: bool) -> Value {
        wait_for(&format!("ready to be {is_ready}"), SOON, || {
            let (is, faults) = self.health("/readyz");
            (is == is_ready).then_some(faults)
        })
    }
}
