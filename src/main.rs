//! The program `thidua`: reads the command line and calls the server.

use std::process::ExitCode;

use clap::Parser;
use thidua::server::command::{CommandLine, run};

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(4 * 1024 * 1024).build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("thidua: the system gave no threads: {error}.");
                return ExitCode::FAILURE;
            }
        };
    match runtime.block_on(run(line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("thidua: {failure}");
            ExitCode::FAILURE
        }
    }
}
