//! The command `samrum` as a process of its own, for tests that run it: the same program.

fn main() -> std::process::ExitCode {
    samrum_client::command::run(std::env::args_os())
}
