//! The command line in, one error printed once with its causes, the exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    reply_import::cli::main()
}
