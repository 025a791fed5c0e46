//! How fast `validate` reads a million notifications, beside bare `serde_json`, ajv and jq on the same file.
//!
//! All are whole processes that take turns, and what counts is the middle one of their times. Compare the ratios, not the
//! numbers. ajv is taken from `target/peers` (see `tests/peers/install`), jq from the machine; what is not there is left
//! out, and said to be.
//!
//! ```console
//! $ tests/peers/install && cargo bench --bench validate
//! $ cargo bench --bench validate -- write million.ndjson   # the file alone, to try something by hand
//! ```

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark is for whoever reads it here"
)]

mod limit;
mod process;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use fastrand::Rng;
use jiff::Timestamp;
use syncfy_hooks::domain::notification::{Environment, sample};

use self::process::{Figures, Process};

/// So many notifications are in the file.
const NOTIFICATIONS: usize = 1_000_000;

/// So many times each process is run; ajv and jq, which take long, once.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["limit", path, threads] => {
            assert!(limit::read(Path::new(path), threads.parse().unwrap()) > 0);
        }
        ["write", path] => write(Path::new(path), NOTIFICATIONS),
        _ => measure(),
    }
}

fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("million.ndjson");
    write(&file, NOTIFICATIONS);
    let size = file.metadata().unwrap().len();
    println!("{NOTIFICATIONS} notifications, {} MB\n", size / 1_000_000);
    println!(
        "{:<34}{:>12}{:>9}{:>12}{:>9}{:>10}",
        "", "lines/s", "wall s", "CPU us/line", "peak MB", "of limit"
    );
    for threads in [1, 2] {
        let limit = Process::own(&["limit", path(&file), &threads.to_string()]);
        compare(&file, threads, &limit);
    }
    let two = median(|| validate(&file, 2, &[]).run(None));
    for (name, process) in peers(&file) {
        match process {
            None => println!("{name:<34}not here, left out"),
            Some(process) => {
                let figures = process.run(None);
                print_row(&name, &figures, None);
                let ratio = figures.wall / two.wall;
                println!("{:<34}{ratio:>10.1} x", "  validate, 2 threads, beside it");
            }
        }
    }
    drop(folder);
}

fn compare(file: &Path, threads: usize, limit: &Process) {
    let cores = (threads == 1).then_some("0");
    // In turn, so that both have the same machine.
    let mut limits = Vec::new();
    let mut ours: [Vec<Figures>; 2] = Default::default();
    for _ in 0..ROUNDS {
        limits.push(limit.run(cores));
        for (figures, options) in ours.iter_mut().zip([&[][..], &["--json"]]) {
            figures.push(validate(file, threads, options).run(cores));
        }
    }
    let limit = middle(limits);
    print_row(
        &format!("bare serde_json, {threads} thread(s)"),
        &limit,
        None,
    );
    for (figures, name) in ours.into_iter().zip(["validate", "validate --json"]) {
        let name = format!("{name}, {threads} thread(s)");
        print_row(&name, &middle(figures), Some(&limit));
    }
}

fn median(run: impl Fn() -> Figures) -> Figures {
    middle((0..ROUNDS).map(|_| run()).collect())
}

fn middle(mut figures: Vec<Figures>) -> Figures {
    figures.sort_by(|left, right| left.wall.total_cmp(&right.wall));
    let middle = figures.len() / 2;
    figures.swap_remove(middle)
}

fn print_row(name: &str, figures: &Figures, limit: Option<&Figures>) {
    let lines = NOTIFICATIONS as f64;
    let ratio = limit.map_or(String::new(), |limit| {
        format!("{:.2}", limit.wall / figures.wall)
    });
    println!(
        "{name:<34}{:>12.0}{:>9.2}{:>12.2}{:>9.1}{ratio:>10}",
        lines / figures.wall,
        figures.wall,
        figures.cpu * 1e6 / lines,
        figures.peak / 1e6,
    );
}

fn validate(file: &Path, threads: usize, options: &[&str]) -> Process {
    let threads = threads.to_string();
    let arguments = ["validate", path(file), "--threads", &threads];
    let arguments = [&arguments[..], options].concat();
    Process::new(env!("CARGO_BIN_EXE_syncfy-hooks"), &arguments)
}

/// The others that check or read such a file.
fn peers(file: &Path) -> Vec<(String, Option<Process>)> {
    let modules = peers_folder().join("node_modules");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/validate/ajv.mjs");
    let schema = syncfy_hooks::domain::validation::schema();
    let ajv = modules.join("ajv").is_dir().then(|| {
        let arguments = [path(&script), path(&modules), path(file), schema];
        Process::new("node", &arguments)
    });
    let filter = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/validate/check.jq");
    let jq = |arguments: &[&str]| is_here("jq").then(|| Process::new("jq", arguments));
    vec![
        ("ajv, compiled schema, node".to_owned(), ajv),
        (
            "jq empty, which only reads".to_owned(),
            jq(&["empty", path(file)]),
        ),
        (
            "jq -f benches/validate/check.jq".to_owned(),
            jq(&["-c", "-f", path(&filter), path(file)]),
        ),
    ]
}

fn peers_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"));
    target.join("peers")
}

fn is_here(program: &str) -> bool {
    let search = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&search).any(|folder| folder.join(program).is_file())
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes the runs of many synchronisations, so many notifications in all.
fn write(path: &Path, notifications: usize) {
    let mut random = Rng::with_seed(11);
    let mut file = BufWriter::new(File::create(path).unwrap());
    let start = Timestamp::from_second(1_686_942_378).unwrap();
    let runs = (0..).flat_map(|minute| {
        let at = start + jiff::SignedDuration::from_mins(minute);
        sample::run(&mut random, at, Environment::Sandbox)
    });
    for (_, body) in runs.take(notifications) {
        file.write_all(&body).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.flush().unwrap();
}
