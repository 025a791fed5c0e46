//! Rows of servers under the same load, and what each reaches of its limit.

use std::time::Duration;

use crate::load::{Load, Notifications, Until};
use crate::server::{Pinning, Workplace};

const ROUNDS: usize = 3;
const WARM_UP: Duration = Duration::from_millis(500);
const MEASURED: Duration = Duration::from_secs(2);

const COLUMNS: [&str; 5] = ["requests/s", "CPU µs", "p50 ms", "p99 ms", "peak MB"];

/// A server, the load on it, and the row that it is compared with.
pub(crate) struct Row {
    name: &'static str,
    connections: usize,
    program: Program,
}

enum Program {
    /// A limit server doing this work.
    Limit(&'static str),
    /// `listen` with these arguments, compared with a limit.
    Listen(&'static Row, &'static [&'static str]),
}

impl Row {
    pub(crate) const fn limit(name: &'static str, connections: usize, work: &'static str) -> Self {
        Self {
            name,
            connections,
            program: Program::Limit(work),
        }
    }

    /// `listen` under the load of its limit. In the arguments `{key}` and `{store}` are files in the folder of the run.
    pub(crate) const fn listen(
        name: &'static str,
        limit: &'static Self,
        arguments: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            connections: limit.connections,
            program: Program::Listen(limit, arguments),
        }
    }

    fn is(&self, other: &Self) -> bool {
        (self.name, self.connections) == (other.name, other.connections)
    }

    /// One figure for each column.
    fn measure(&self, pinning: Pinning) -> [f64; 5] {
        let workplace = Workplace::new(pinning);
        let server = match self.program {
            Program::Limit(work) => workplace.limit(work),
            Program::Listen(_, arguments) => workplace.listen(arguments),
        };
        let mut notifications = Notifications::new(&server.address);
        let mut load = |time| Load::put(&server, &mut notifications, self.connections, time);
        load(Until::Passed(WARM_UP));
        let before = server.cpu();
        let load = load(Until::Passed(MEASURED));
        let cpu = server.cpu().saturating_sub(before);
        let answered = load.latencies.len() as f64;
        [
            answered / load.took.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / answered,
            milliseconds(load.percentile(50)),
            milliseconds(load.percentile(99)),
            server.peak_memory(),
        ]
    }
}

/// Measures every row in each of some rounds, so that a noisy minute spoils a round of all of them, then prints the
/// medians.
pub(crate) fn run(rows: &[Row], pinning: Pinning) {
    let rounds: Vec<Vec<[f64; 5]>> = (0..ROUNDS)
        .map(|_| rows.iter().map(|row| row.measure(pinning)).collect())
        .collect();
    println!(
        "\nMedians of {ROUNDS} rounds of {MEASURED:?}. \"Of the limit\": 1.00 is as good, 0.50 is half as good.\n"
    );
    print!("{:<36}{:>5}", "", "conns");
    println!("{}", COLUMNS.map(|name| format!("{name:>12}")).concat());
    for (at, row) in rows.iter().enumerate() {
        let median = |column| median(rounds.iter().map(|round: &Vec<[f64; 5]>| round[at][column]));
        let figures: [f64; 5] = std::array::from_fn(median);
        print!("{:<36}{:>5}", row.name, row.connections);
        println!("{}", cells(figures, [0, 1, 3, 3, 1]));
        if let Program::Listen(limit, _) = row.program {
            let limit = rows.iter().position(|row| row.is(limit)).unwrap();
            print!("{:<36}{:>5}", "  of the limit", "");
            println!("{}", cells(shares(&rounds, at, limit), [2; 5]));
        }
    }
}

/// How near a row comes to its limit, in each column: the medians of the rounds.
fn shares(rounds: &[Vec<[f64; 5]>], row: usize, limit: usize) -> [f64; 5] {
    std::array::from_fn(|column| {
        median(rounds.iter().map(|round| {
            let share = round[row][column] / round[limit][column];
            // Only of the rate is more better.
            if column == 0 { share } else { 1.0 / share }
        }))
    })
}

fn cells(figures: [f64; 5], decimals: [usize; 5]) -> String {
    let cell = |column: usize| format!("{:>12.*}", decimals[column], figures[column]);
    std::array::from_fn::<_, 5, _>(cell).concat()
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
