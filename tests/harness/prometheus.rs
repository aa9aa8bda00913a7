//! A Prometheus of a test's own, and its tool that tries rules.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::folder::Folder;
use super::installed::{output_of, program};
use super::ports::Port;
use super::process::{Program, ServerProcess};

/// A running Prometheus that asks one service every second.
pub struct Prometheus {
    // Ended before its folder is removed.
    _process: ServerProcess,
    _folder: Folder,
    port: Port,
}

impl Prometheus {
    /// Starts one with these rules that asks at this port of 127.0.0.1, as the job `reply-import`.
    pub fn start(asked: u16, rules: &Path) -> Self {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            let (folder, port) = (Folder::create(), Port::claim());
            let configuration = folder.write(
                "prometheus.yml",
                format!(
                    "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [ \"{}\" ]\n\
                     scrape_configs: [ {{ job_name: reply-import, static_configs: [ {{ targets: [ \"127.0.0.1:{asked}\" ] }} ] }} ]\n",
                    rules.display()
                ),
            );
            let mut process = Program::new(program("prometheus", "prometheus"), folder.join("log"))
                .argument(format!("--config.file={}", configuration.display()))
                .argument(format!("--storage.tsdb.path={}", folder.join("data").display()))
                .argument(format!("--web.listen-address=127.0.0.1:{}", port.number()))
                .in_folder(folder.path())
                .start();
            let ready = process.wait_until_ready(|| get(port.number(), "/-/ready").is_some_and(|said| said.0 == 200));
            if ready.is_ok() {
                return Self { _process: process, _folder: folder, port };
            }
        }
        panic!("five times in a row somebody else took the port of Prometheus");
    }

    /// What a query gives now: one value for each series.
    pub fn query(&self, query: &str) -> Vec<f64> {
        let encoded = utf8_percent_encode(query, NON_ALPHANUMERIC);
        let said = self.api(&format!("/api/v1/query?query={encoded}"));
        assert_eq!(said["status"], "success", "{query}: {said}");
        let series = said["data"]["result"].as_array().unwrap();
        series.iter().map(|series| series["value"][1].as_str().unwrap().parse().unwrap()).collect()
    }

    /// An answer of its interface.
    pub fn api(&self, path: &str) -> Value {
        let (_, text) = get(self.port.number(), path).expect("Prometheus answers");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }
}

/// Tries the rules against made-up numbers, as this file says; fails the test, with what the tool says, if one does not
/// fire as it should.
pub fn test_rules(file: &Path) -> String {
    output_of(Command::new(program("promtool", "prometheus")).args(["test", "rules"]).arg(file))
}

fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: here\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, text) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, text.to_owned()))
}
