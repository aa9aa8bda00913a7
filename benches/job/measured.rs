//! What a command took, and medians over several runs.

use crate::harness::Folder;
use crate::harness::waiting::poll;
use crate::sets::source;
use serde_json::Value;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// One run. Seconds and megabytes.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    pub wall: f64,
    /// On processors, of the command alone.
    pub cpu: f64,
    /// Most memory at once.
    pub peak: f64,
    /// On processors, of the mail server's sessions.
    pub imap_cpu: f64,
    /// On processors, of the database's sessions.
    pub database_cpu: f64,
    /// Why the run does not count.
    pub fault: Option<String>,
}

impl Ran {
    /// Medians of the runs that count; without any the first fault.
    pub fn medians(runs: &[Self]) -> Result<Self, String> {
        let good: Vec<&Self> = runs.iter().filter(|run| run.fault.is_none()).collect();
        if good.is_empty() {
            let fault = runs.iter().find_map(|run| run.fault.clone());
            return Err(fault.unwrap_or_else(|| "not run".to_owned()));
        }
        let of = |value: fn(&Self) -> f64| median(good.iter().map(|run| value(run)).collect());
        Ok(Self {
            wall: of(|run| run.wall),
            cpu: of(|run| run.cpu),
            peak: of(|run| run.peak),
            imap_cpu: of(|run| run.imap_cpu),
            database_cpu: of(|run| run.database_cpu),
            fault: None,
        })
    }
}

/// The middle one, or the middle between two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}

/// Runs a command to its end, and gives what it took and said.
pub fn measured(command: &Command) -> (Ran, String) {
    let folder = Folder::create();
    let result = folder.join("result.json");
    let log = folder.join("log");
    // What was written before is not paid for by this run.
    let _ = Command::new("sync").status();
    let mut measuring = Command::new("python3");
    measuring.arg(source("measured.py")).arg(&result).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => measuring.env(name, value),
            None => measuring.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        measuring.current_dir(folder);
    }
    measuring.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap());
    let status = measuring.status().unwrap();
    let said = String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    assert!(status.success(), "python3 cannot run the command:\n{said}");
    let result: Value = serde_json::from_str(&fs::read_to_string(result).unwrap()).unwrap();
    let number = |key: &str| result[key].as_f64().unwrap();
    let fault = (result["code"] != 0).then(|| {
        let why = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let why: String = why.chars().take(120).collect();
        format!("exit code {}: {why}", result["code"])
    });
    (Ran { wall: number("wall"), cpu: number("cpu"), peak: number("peak"), fault, ..Ran::default() }, said)
}

/// Seconds on processors of all processes that this one started and that have ended.
pub fn processor_seconds(process: u32) -> f64 {
    spent_by(process, [13, 14])
}

/// As [`processor_seconds`], with the processes that still run.
pub fn processor_seconds_so_far(server: u32) -> f64 {
    let running = children(server).map(|child| spent_by(child, [11, 12])).sum::<f64>();
    running + processor_seconds(server)
}

/// What a process itself has spent.
pub fn own_processor_seconds(process: u32) -> f64 {
    spent_by(process, [11, 12])
}

/// The sum of two fields of `/proc/PID/stat` (proc(5), counted from behind the name), which count hundredths.
fn spent_by(process: u32, fields: [usize; 2]) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let found: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let hundredths = |field: usize| found.get(field).and_then(|value| value.parse::<f64>().ok()).unwrap_or_default();
    fields.iter().map(|&field| hundredths(field)).sum::<f64>() / 100.0
}

/// Looks ten times a second until something is found, for looks that cost something.
pub fn look_now_and_then<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    while started.elapsed() < deadline {
        if let Some(found) = look() {
            return Some(found);
        }
        thread::sleep(Duration::from_millis(100));
    }
    None
}

/// Waits, not for ever, until the servers have no sessions: what those took is known only then.
pub fn settled(servers: [u32; 2]) {
    let is_quiet = || servers.iter().all(|server| sessions_of(*server).is_empty());
    let _ = poll(Duration::from_secs(3), || is_quiet().then_some(()));
}

/// Processes of a server's sessions: `dovecot/imap`, or those of a database's clients.
pub fn sessions_of(server: u32) -> Vec<u32> {
    let is_session = |process: &u32| {
        let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command);
        command.starts_with("dovecot/imap") && !command.contains("imap-login") || command.contains("127.0.0.1(")
    };
    children(server).filter(is_session).collect()
}

fn children(parent: u32) -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    entries.filter(move |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let found = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        found == Some(parent)
    })
}
