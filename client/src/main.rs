//! The `samrum` command; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    samrum_client::command::run(std::env::args_os())
}
