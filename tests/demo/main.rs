//! Shows the service at work: real mail servers, made-up mails of a made-up company, one round, a report of what came of
//! each mail, and then the candidate's profile in the browser, which stays until it is stopped.
//!
//! Fails if a mail came to another end than it should. What is shown runs in the background (`keeper`); who started it
//! shows what it prints and comes back.

#![expect(unreachable_pub, reason = "a program exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done ends the demonstration")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is there to be looked at")]

#[path = "../harness/mod.rs"]
mod harness;

mod background;
mod company;
mod files;
mod keeper;
mod mailboxes;
mod png;
mod post_office;
mod record;
mod report;
mod samples;
mod visit;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use self::background::{Background, Stopped};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => start(&Background::named("demo")),
        ["stop", name] => stop(&Background::named(name)),
        ["mail", who @ ..] => mailboxes::show(&Background::named("demo"), who),
        ["check"] => check(&Background::named("demo-check")),
        ["keep", folder] => keeper::keep(&PathBuf::from(folder)),
        _ => {
            eprintln!("Nothing, `stop NAME`, `mail [MAILBOX...]` or `check`");
            ExitCode::from(2)
        }
    }
}

fn start(demo: &Background) -> ExitCode {
    if demo.stop() == Stopped::Now {
        println!("Stopped the demo that was running.");
    }
    if demo.start().is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn stop(demo: &Background) -> ExitCode {
    match demo.stop() {
        Stopped::Now => println!("The demo is stopped, and its folder removed."),
        Stopped::Before => println!("No demo is running."),
        Stopped::NotOurs => {
            eprintln!("The demo was started by somebody else: only they can stop it.");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The whole demonstration as a test: a visitor follows the links that it shows, and nothing is left of it when it is
/// stopped by `make` on a machine that cannot build.
fn check(demo: &Background) -> ExitCode {
    demo.stop();
    let Some(shown) = demo.start() else { return ExitCode::FAILURE };
    let folder = demo.folder().unwrap();
    let wrong = visit::what_is_wrong_with(&shown);
    let mut stop = Command::new("make");
    stop.args(["--silent", "demo-stop", "DEMO_NAME=demo-check"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let stopped = stop.env("PATH", "/usr/bin:/bin").env("CARGO", "/bin/false").output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&stopped.stdout),
        "The demo is stopped, and its folder removed.\n",
        "{stopped:?}"
    );
    assert!(!folder.exists() && demo.folder().is_none(), "{} is left", folder.display());
    assert!(!demo.program().exists(), "{} is left", demo.program().display());
    assert_eq!(demo.stop(), Stopped::Before, "it is stopped once");
    if let Some(wrong) = wrong {
        eprintln!("\n{wrong}");
        return ExitCode::FAILURE;
    }
    println!("\nThe links lead where they should; nothing is left of the demo.");
    ExitCode::SUCCESS
}
