//! The hub as a process of its own, for tests that kill it: the same program as `samrum-hub`.

fn main() -> std::process::ExitCode {
    samrum_server::app::main(std::env::args_os())
}
