//! The command `samrum-hub`.

use std::process::ExitCode;

fn main() -> ExitCode {
    samrum_server::app::main(std::env::args_os())
}
