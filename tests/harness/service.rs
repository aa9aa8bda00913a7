//! The built program, started as its users start it: with a settings file, an exit code, and signals.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::folder::Folder;
use super::process::{Program, ServerProcess, Signal};

/// The program as cargo built it for this test.
const BINARY: &str = env!("CARGO_BIN_EXE_reply-import");

/// How long a command that should end by itself may take. Much longer than any needs: the machine may be busy.
const COMMAND: Duration = Duration::from_mins(2);

/// An installation of the program in a folder of its own.
pub struct Service {
    folder: Folder,
    settings: PathBuf,
    environment: Vec<(String, String)>,
}

/// What a command left.
#[derive(Debug)]
pub struct Finished {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed on standard output: the data.
    pub stdout: String,
    /// All the rest.
    pub stderr: String,
}

/// A command that is still running. Dropped, it is killed.
pub struct Running {
    process: ServerProcess,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Service {
    /// One with these settings (TOML), without any yet.
    pub fn new(settings: &str) -> Self {
        let folder = Folder::create();
        let settings = folder.write("reply-import.toml", settings);
        Self { folder, settings, environment: Vec::new() }
    }

    /// Changes the settings file; a running command has read the old one.
    pub fn set_settings(&self, settings: &str) {
        fs::write(&self.settings, settings).unwrap();
    }

    /// Where the settings are.
    pub fn settings(&self) -> &Path {
        &self.settings
    }

    /// Sets a variable for all commands started from now on.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its folder: a place for password files, an SQLite database, mails. The commands run in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into its folder and says where.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        self.folder.write(name, content)
    }

    /// The path of a file in its folder.
    pub fn join(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a command to its end, such as `["mails", "--json"]`.
    pub fn command(&self, arguments: &[&str]) -> Finished {
        let mut running = self.start(arguments);
        running.wait(COMMAND).unwrap_or_else(|| panic!("{arguments:?} still runs after {COMMAND:?}: {running:?}"))
    }

    /// As [`Service::command`], and fails the test unless it succeeds; gives what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let finished = self.command(arguments);
        assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:#?}");
        finished.stdout
    }

    /// As [`Service::succeed`], with this file as standard input.
    pub fn succeed_with_input(&self, arguments: &[&str], file: &Path) -> String {
        let mut command = Command::new(BINARY);
        command.arg("--config").arg(&self.settings).args(arguments).current_dir(self.folder());
        command.stdin(File::open(file).unwrap());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:#?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the service itself, `run`.
    pub fn run(&self) -> Running {
        self.start(&["run"])
    }

    /// What would disturb tests that count notifications is off where the settings do not mention it.
    fn quiet_defaults(&self) -> Vec<(&'static str, &'static str)> {
        let settings = fs::read_to_string(&self.settings).unwrap_or_default();
        let defaults = [
            ("digest_after", ("REPLY_IMPORT_NOTIFY__DIGEST_AFTER", "0")),
            ("office_digest", ("REPLY_IMPORT_NOTIFY__OFFICE_DIGEST", "never")),
        ];
        defaults.into_iter().filter(|(key, _)| !settings.contains(key)).map(|(_, variable)| variable).collect()
    }

    /// Starts a command and does not wait for it.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.start_with(arguments, &[])
    }

    /// As [`Service::start`], with variables for this command alone.
    pub fn start_with(&self, arguments: &[&str], own: &[(&str, &str)]) -> Running {
        let output = tempfile::Builder::new().prefix("output-").tempdir_in(self.folder()).unwrap().keep();
        let (stdout, stderr) = (output.join("stdout"), output.join("stderr"));
        let program = Program::new(BINARY, &stderr).prints_to(&stdout).in_folder(self.folder());
        let program = program.without_variables("REPLY_IMPORT_").argument("--config").argument(&self.settings);
        let program = arguments.iter().fold(program, Program::argument);
        let program =
            self.quiet_defaults().into_iter().fold(program, |program, (name, value)| program.variable(name, value));
        let variables = self.environment.iter();
        let program = variables.fold(program, |program, (name, value)| program.variable(name, value));
        let process = own.iter().fold(program, |program, (name, value)| program.variable(name, value)).start();
        Running { process, stdout, stderr }
    }
}

impl Running {
    /// Asks it to end, as the service manager does.
    pub fn terminate(&self) {
        self.process.signal(Signal::Term);
    }

    /// Ends it at once, at whatever it is doing.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Sends any other signal.
    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits for its end; `None` if it still runs after `deadline`.
    pub fn wait(&mut self, deadline: Duration) -> Option<Finished> {
        let status: ExitStatus = self.process.wait_for_end(deadline)?;
        Some(Finished { code: status.code(), stdout: self.stdout(), stderr: self.stderr() })
    }

    /// What it printed until now.
    pub fn stdout(&self) -> String {
        read(&self.stdout)
    }

    /// What it logged until now.
    pub fn stderr(&self) -> String {
        read(&self.stderr)
    }

    /// True while it runs.
    pub fn is_running(&mut self) -> bool {
        self.process.is_running()
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "stdout:\n{}\nstderr:\n{}", self.stdout(), self.stderr())
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}
