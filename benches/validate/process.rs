//! A process from its start to its end: how long it took, what it used.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A program and its arguments.
pub(crate) struct Process {
    program: OsString,
    arguments: Vec<String>,
}

/// What a process took.
pub(crate) struct Figures {
    /// In seconds.
    pub(crate) wall: f64,
    /// In seconds, of all its threads.
    pub(crate) cpu: f64,
    /// The most memory that it had, in bytes.
    pub(crate) peak: f64,
}

impl Process {
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    /// This benchmark itself.
    pub(crate) fn own(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().unwrap();
        Self {
            program: program.into(),
            ..Self::new("", arguments)
        }
    }

    /// Runs it to its end, on these cores where some are named. Its output goes nowhere.
    pub(crate) fn run(&self, cores: Option<&str>) -> Figures {
        let mut command = match cores {
            None => Command::new(&self.program),
            Some(cores) => {
                let mut command = Command::new("taskset");
                command.args(["-c", cores]).arg(&self.program);
                command
            }
        };
        command.args(&self.arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let mut child = command.spawn().unwrap();
        let mut peak = 0.0;
        let mut ticks = 0.0;
        loop {
            let folder = format!("/proc/{}", child.id());
            let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
            peak = high_water(&status).unwrap_or(peak);
            let stat = fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
            ticks = used(&stat).unwrap_or(ticks);
            // A process that has ended keeps its times until somebody waits for it.
            if is_over(&stat) {
                break;
            }
            std::thread::sleep(LOOK);
        }
        let wall = begin.elapsed().as_secs_f64();
        let status = child.wait().unwrap();
        assert!(status.success(), "{:?}: {status}", self.arguments);
        Figures {
            wall,
            cpu: ticks / 100.0,
            peak,
        }
    }
}

/// The peak memory, in bytes.
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// User and system time, in hundredths of a second.
fn used(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = fields(stat)?.collect();
    let number = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some(number(11)? + number(12)?)
}

fn is_over(stat: &str) -> bool {
    fields(stat).and_then(|mut fields| fields.next()) == Some("Z")
}

/// What stands behind the name, which may hold anything.
fn fields(stat: &str) -> Option<impl Iterator<Item = &str>> {
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace())
}
