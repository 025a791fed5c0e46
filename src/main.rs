//! The `syncfy-hooks` program.

fn main() {}
