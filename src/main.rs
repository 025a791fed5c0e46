//! The `syncfy-hooks` program.

use std::process::ExitCode;

use syncfy_hooks::world::{self, World};

fn main() -> ExitCode {
    syncfy_hooks::run(&World::of_process(), world::streams_of_process()).into()
}
