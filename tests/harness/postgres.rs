//! A private PostgreSQL: one cluster for a test, as many databases in it as the test wants.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::account::Account;
use super::folder::Folder;
use super::installed::{missing, output_of, program};
use super::ports::Port;
use super::process::{NotReady, Program, ServerProcess, Signal};

/// Nothing is kept beyond the test, so nothing need reach the disk.
const SETTINGS: &str = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
                        -c autovacuum=off -c shared_buffers=32MB -c max_connections=50";

/// As people install it: what is committed reaches the disk, and it tidies up by itself.
const AS_INSTALLED: &str = "-c listen_addresses=127.0.0.1";

/// Sessions are in process groups of their own, so they must be told by their server; this is how long it may take.
const STOP: Duration = Duration::from_secs(10);

/// A running PostgreSQL of a test's own. The user is `test`, and there is no password.
pub struct Postgres {
    // Ended by `drop` below, before its folder is removed.
    process: Option<ServerProcess>,
    folder: Folder,
    account: Account,
    port: Port,
    databases: Cell<u32>,
    settings: &'static str,
}

impl Postgres {
    /// Starts one. PostgreSQL refuses to run as root, so then it runs as `nobody`.
    pub fn start() -> Self {
        Self::start_on(Folder::create_in_memory, None, SETTINGS)
    }

    /// As [`Postgres::start`], for measuring: set up as people have it, and with the data of [`Postgres::keep`].
    pub fn start_as_installed(data: Option<&Path>) -> Self {
        Self::start_on(Folder::create, data, AS_INSTALLED)
    }

    fn start_on(create: fn() -> Folder, data: Option<&Path>, settings: &'static str) -> Self {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            let (folder, account) = (create(), Account::for_servers());
            account.own(folder.path());
            match data {
                Some(data) => copy(data, &folder.join("data")),
                None => fill_data_folder(&folder, &account),
            }
            let (port, databases) = (Port::claim(), Cell::new(0));
            let mut postgres = Self { process: None, folder, account, port, databases, settings };
            if postgres.launch().is_ok() {
                return postgres;
            }
        }
        panic!("five times in a row somebody else took PostgreSQL's port");
    }

    /// Makes an empty database and gives its address for settings: `postgres://...`.
    pub fn fresh_database_url(&self) -> String {
        let number = self.databases.get() + 1;
        self.databases.set(number);
        let name = format!("fresh_{number}");
        query(&self.url("postgres"), &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// Ends it, and keeps its data at this place, which must not be there yet.
    pub fn keep(&mut self, place: &Path) {
        self.stop();
        copy(&self.folder.join("data"), place);
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Ends it, and all sessions with it. The databases stay.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Fast shutdown. Killed, it would leave its shared memory behind until the next boot.
            process.signal(Signal::Int);
            assert!(process.wait_for_end(STOP).is_some(), "PostgreSQL does not stop:\n{}", process.log());
        }
    }

    /// Starts it again after [`Postgres::stop`], on the same port.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "PostgreSQL runs already");
        self.launch().expect("the port is claimed and PostgreSQL held it before");
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(ServerProcess::id)
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        let mut process = Program::new(binary("postgres"), self.folder.join("postgres.log"))
            .argument("-D")
            .argument(self.folder.join("data"))
            .argument("-k")
            .argument(self.folder.path())
            .arguments(&format!("-p {}", self.port()))
            .arguments(self.settings)
            .in_folder(self.folder.path())
            .run_as(self.account.clone())
            .if_the_test_dies(Signal::Int)
            .start();
        process.wait_until_ready(|| self.answers())?;
        self.process = Some(process);
        Ok(())
    }

    /// Asked through the socket in its own folder, where no other instance can answer.
    fn answers(&self) -> bool {
        let mut command = Command::new(binary("pg_isready"));
        command.arg("-q").arg("-h").arg(self.folder.path()).arg("-p").arg(self.port().to_string());
        command.status().unwrap().success()
    }

    /// The address of a database that is there.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://test@127.0.0.1:{}/{database}", self.port())
    }
}

/// Runs SQL on a database and gives the rows as lines, their columns separated by `|`.
pub fn query(url: &str, sql: &str) -> String {
    let arguments = ["--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"];
    output_of(Command::new(binary("psql")).args(arguments).args(["--command", sql]).arg(url))
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.signal(Signal::Int);
            process.wait_for_end(STOP);
        }
    }
}

/// Making a cluster takes 0.6 s of a processor, copying one 0.1 s: the first test makes one for all that follow, in
/// cargo's folder for what tests keep.
fn fill_data_folder(folder: &Folder, account: &Account) {
    let kept_in = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let made_before = kept_in.join(format!("postgres-{}-{}", version(), account.user));
    if !made_before.is_dir() {
        let own = Folder::create();
        account.own(own.path());
        make_cluster(own.path(), account);
        // Copied beside its place and renamed, so that no other test sees half of it.
        let being_copied = kept_in.join(own.name());
        fs::create_dir_all(kept_in).unwrap();
        copy(&own.join("data"), &being_copied);
        if fs::rename(&being_copied, &made_before).is_err() {
            // Another test was first.
            fs::remove_dir_all(&being_copied).unwrap();
        }
    }
    copy(&made_before, &folder.join("data"));
}

fn make_cluster(folder: &Path, account: &Account) {
    let process = Program::new(binary("initdb"), folder.join("initdb.log"))
        .argument("-D")
        .argument(folder.join("data"))
        .arguments("-U test -A trust -N --no-locale -E UTF8")
        .in_folder(folder)
        .run_as(account.clone());
    let mut process = process.start();
    let status = process.wait_for_end(Duration::from_mins(2));
    assert!(status.is_some_and(|status| status.success()), "initdb failed:\n{}", process.log());
}

fn copy(from: &Path, to: &Path) {
    output_of(Command::new(program("cp", "coreutils")).arg("-a").arg(from).arg(to));
}

/// Debian keeps the programs of each major version apart and off the path; the newest one is taken.
fn binary(name: &str) -> PathBuf {
    let path = PathBuf::from(format!("/usr/lib/postgresql/{}/bin/{name}", version()));
    if path.is_file() { path } else { missing(name, "postgresql") }
}

fn version() -> u32 {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let numbers = versions.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    numbers.max().unwrap_or_else(|| missing("postgres", "postgresql"))
}
