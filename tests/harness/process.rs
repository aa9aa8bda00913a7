//! Programs that tests start, each in a process group of its own that ends with the test, however the test ends.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use super::account::{Account, runs_as_root};
use super::installed::program;
pub use super::signal::Signal;
use super::signal::{send, send_to_group};
use super::waiting::poll;

/// How long a server may take to give its first right answer. Much longer than any needs: the machine may be busy.
const START: Duration = Duration::from_secs(30);

/// How many lines of each program's log a failing test shows.
const LAST_LINES: usize = 80;

/// Waits for the program and ends as it does.
const GUARD: &str = "trap 'kill -s KILL 0' TERM; \"$@\" & wait $!";

/// What to start.
pub struct Program {
    path: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    removed_variables: Vec<OsString>,
    run_as: Option<Account>,
    if_the_test_dies: Signal,
    is_guarded: bool,
    printed: Option<PathBuf>,
    folder: Option<PathBuf>,
    log: PathBuf,
}

impl Program {
    /// A program whose output goes to the file `log`.
    pub fn new(path: impl Into<PathBuf>, log: impl Into<PathBuf>) -> Self {
        let (path, log, if_the_test_dies) = (path.into(), log.into(), Signal::Term);
        let (arguments, environment, removed_variables) = (Vec::new(), Vec::new(), Vec::new());
        let (run_as, is_guarded, printed, folder) = (None, false, None, None);
        Self {
            path,
            arguments,
            environment,
            removed_variables,
            run_as,
            if_the_test_dies,
            is_guarded,
            printed,
            folder,
            log,
        }
    }

    /// Keeps what it prints on standard output apart, in this file.
    #[must_use]
    pub fn prints_to(mut self, file: impl Into<PathBuf>) -> Self {
        self.printed = Some(file.into());
        self
    }

    /// Starts it in this folder instead of the test's.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Adds one argument.
    #[must_use]
    pub fn argument(mut self, argument: impl AsRef<Path>) -> Self {
        self.arguments.push(argument.as_ref().to_str().expect("paths of tests are UTF-8").to_owned());
        self
    }

    /// Adds arguments separated by blanks.
    #[must_use]
    pub fn arguments(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_str().expect("UTF-8").to_owned()));
        self
    }

    /// Does not pass on the test's variables whose names begin so.
    #[must_use]
    pub fn without_variables(mut self, beginning: &str) -> Self {
        let names = env::vars_os().map(|(name, _)| name);
        self.removed_variables.extend(names.filter(|name| name.to_string_lossy().starts_with(beginning)));
        self
    }

    /// Runs it as this user (root only; else it runs as the user of the tests).
    #[must_use]
    pub fn run_as(mut self, account: Account) -> Self {
        self.run_as = Some(account);
        self
    }

    /// The signal it gets when the test process dies without having ended it; TERM unless said otherwise.
    #[must_use]
    pub fn if_the_test_dies(mut self, signal: Signal) -> Self {
        self.if_the_test_dies = signal;
        self
    }

    /// Starts it below a shell that gets the death signal in its place and then kills the group. For programs that
    /// change their user while they run: Linux then forgets the signal (`PR_SET_PDEATHSIG` in prctl(2)).
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.is_guarded = true;
        self
    }

    /// Starts it.
    pub fn start(self) -> ServerProcess {
        let mut command = Command::new(program("setpriv", "util-linux"));
        command.args(["--pdeathsig", self.if_the_test_dies.name()]);
        if let Some(account) = self.run_as.filter(|_| runs_as_root()) {
            command.arg(format!("--reuid={}", account.user_id)).arg(format!("--regid={}", account.group_id));
            command.arg("--clear-groups");
        }
        command.arg("--");
        if self.is_guarded {
            command.args(["/bin/sh", "-c", GUARD, "guard"]);
        }
        command.arg(&self.path).args(&self.arguments);
        for name in &self.removed_variables {
            command.env_remove(name);
        }
        command.envs(self.environment);
        command.current_dir(self.folder.as_deref().unwrap_or(Path::new(".")));
        command.stdin(Stdio::null()).stdout(appended(self.printed.as_ref().unwrap_or(&self.log)));
        command.stderr(appended(&self.log)).process_group(0);
        let name = self.path.file_name().unwrap().to_string_lossy().into_owned();
        let child = spawn(command).unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        ServerProcess { name, child, logs: vec![self.log], is_killed: false }
    }
}

fn appended(path: &Path) -> File {
    File::options().create(true).append(true).open(path).unwrap()
}

/// Starts children from a thread that lasts as long as the process: the kernel sends the death signal when the
/// *thread* that started the child ends, and tests start servers from threads of their own.
fn spawn(command: Command) -> io::Result<Child> {
    type Order = (Command, Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (orders, taken) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in taken {
                // Nobody waits any more if the ordering thread is gone; then the child ends with this process.
                let _ = answer.send(command.spawn());
            }
        });
        orders
    });
    let (answer, answered) = channel();
    spawner.send((command, answer)).expect("the spawning thread lasts");
    answered.recv().expect("the spawning thread answers")
}

/// A started program. Dropping it kills its whole process group and reaps it.
pub struct ServerProcess {
    name: String,
    child: Child,
    logs: Vec<PathBuf>,
    is_killed: bool,
}

/// Why a server is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// Somebody else has its port: try again, with another one if possible.
    PortTaken,
}

impl ServerProcess {
    /// Names another file to print when the server fails.
    #[must_use]
    pub fn also_logs_to(mut self, log: impl Into<PathBuf>) -> Self {
        self.logs.push(log.into());
        self
    }

    /// Waits until `answers` is true. Fails the test, with the server's log, if the server ends before or says nothing
    /// right in time.
    ///
    /// # Errors
    /// If the server ended since its port was taken.
    pub fn wait_until_ready(&mut self, mut answers: impl FnMut() -> bool) -> Result<(), NotReady> {
        let mut ended = None;
        let ready = poll(START, || {
            ended = self.child.try_wait().unwrap();
            (ended.is_some() || answers()).then_some(())
        });
        match (ready, ended) {
            (_, Some(_)) if self.log().contains("ddress already in use") => Err(NotReady::PortTaken),
            (_, Some(status)) => panic!("{} ended with {status} before it was ready:\n{}", self.name, self.log()),
            (None, None) => panic!("{} gave no right answer within {START:?}:\n{}", self.name, self.log()),
            (Some(()), None) => Ok(()),
        }
    }

    /// What it wrote until now.
    pub fn log(&self) -> String {
        let read = |path: &PathBuf| fs::read(path).unwrap_or_default();
        self.logs.iter().map(|path| String::from_utf8_lossy(&read(path)).into_owned()).collect()
    }

    /// Its process number, also that of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: Signal) {
        send(signal, self.id());
    }

    /// Sends a signal to the program and all it started and that is still in its group.
    pub fn signal_group(&self, signal: Signal) {
        send_to_group(signal, self.id());
    }

    /// Waits for its end; `None` if it still runs after `deadline`.
    pub fn wait_for_end(&mut self, deadline: Duration) -> Option<ExitStatus> {
        poll(deadline, || self.child.try_wait().unwrap())
    }

    /// True while it runs.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Kills the whole group and reaps the program. Does nothing the second time.
    pub fn kill(&mut self) {
        if self.is_killed {
            return;
        }
        // Also when the program itself has ended: its children may outlive it (Dovecot's logged-in sessions do).
        self.signal_group(Signal::Kill);
        let _ = self.child.wait();
        self.is_killed = true;
    }
}

impl Drop for ServerProcess {
    /// A test that fails shows the last that its programs wrote: what it waited for in vain says little by itself.
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
            eprintln!("the last lines of {}:\n{last}\n", self.name);
        }
    }
}
