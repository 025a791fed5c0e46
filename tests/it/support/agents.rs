//! Agents of tunnels to test with: some that play the part of real ones, and what they leave behind.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::program::Test;
use super::wait::PATIENCE;

/// What plays the part of an agent.
const AGENT: &str = include_str!("../fixtures/agents/agent.py");

impl Test {
    /// Puts something on the `PATH` that plays the part of this agent, in this way.
    pub(crate) fn playing(self, name: &str, way: &str) -> Self {
        let test = self.file(format!("bin/{name}"), AGENT).env("AGENT", way);
        let folder = test.directory().join("bin");
        let path = folder.join(name);
        let mut rights = fs::metadata(&path).expect("it was written").permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o755);
        fs::set_permissions(&path, rights).expect("it is ours");
        test.with_path(&folder)
    }
}

/// The processes that agents in this folder have noted, once there are so many.
pub(crate) fn noted(folder: &Path, count: usize) -> Vec<u32> {
    let began = Instant::now();
    loop {
        let text = fs::read_to_string(folder.join("pids")).unwrap_or_default();
        let pids: Vec<u32> = text
            .split_whitespace()
            .filter_map(|pid| pid.parse().ok())
            .collect();
        if pids.len() >= count {
            return pids;
        }
        assert!(began.elapsed() < PATIENCE, "the agent does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until none of these processes is left.
#[track_caller]
pub(crate) fn gone(pids: &[u32]) {
    let began = Instant::now();
    while let Some(pid) = pids.iter().find(|pid| is_alive(**pid)) {
        assert!(began.elapsed() < PATIENCE, "process {pid} is left behind");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The process that has started this one.
pub(crate) fn parent(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let (_, rest) = status
        .rsplit_once(") ")
        .expect("the name is in parentheses");
    let parent = rest
        .split(' ')
        .nth(1)
        .expect("the parent follows the state");
    parent.parse().expect("it is a number")
}

/// Kills a process, which can do nothing about it.
pub(crate) fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).expect("it is not 0");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("it runs");
}

/// Whether a process runs: one that has ended, and that nobody has waited for, does not.
fn is_alive(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = status.rsplit_once(") ").map(|(_, rest)| rest);
    state.is_some_and(|state| !state.starts_with('Z'))
}
