//! Programs that are installed on this machine: found, missed by name, and run to their end.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Finds a program, also where only root's path leads; fails the test with the Debian package that has it.
pub fn program(name: &str, package: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).chain(["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file()).unwrap_or_else(|| missing(name, package))
}

/// Fails the test, saying what to install.
pub fn missing(name: &str, package: &str) -> ! {
    panic!("{name} is not installed: it is in the Debian package {package} (`make setup` installs all that tests need)")
}

/// Runs a program to its end, fails the test if it fails, and gives what it printed.
pub fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} ended with {}\n{printed}{errors}", output.status);
    printed.into_owned()
}
