//! What the tunnel costs: the same load on `listen --tunnel ssh://…` and on `listen` behind `ssh -R`, in turn, by the same
//! OpenSSH server.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::load::{Load, Notifications, Until};
use crate::server::{Pinning, Server, Workplace};

/// How long each load goes on, and how often.
const TIME: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;

/// An OpenSSH server in a folder. It is killed when this is dropped.
struct Sshd {
    process: Child,
    port: u16,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sshd {
    fn start(pinning: Pinning, folder: &Path) -> Self {
        // Where the service has never run, root has to make it; nobody else needs it.
        let _ = fs::create_dir("/run/sshd");
        for key in ["host", "client"] {
            let mut command = Command::new("ssh-keygen");
            command
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(folder.join(key));
            assert!(command.status().unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let at = |name: &str| folder.join(name).display().to_string();
        let host = fs::read_to_string(at("host.pub")).unwrap();
        fs::write(at("known_hosts"), format!("[127.0.0.1]:{port} {host}")).unwrap();
        fs::copy(at("client.pub"), at("authorized_keys")).unwrap();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\nHostKey {}\n\
             AuthorizedKeysFile {}\nMaxSessions 100\n",
            at("host"),
            at("authorized_keys")
        );
        fs::write(at("config"), config).unwrap();
        let mut command = pinning.command("/usr/sbin/sshd");
        command
            .args(["-D", "-f", &at("config")])
            .stderr(Stdio::null());
        let process = command.spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { process, port }
    }
}

/// `ssh -R` to this address.
fn ssh(pinning: Pinning, sshd: &Sshd, folder: &Path, address: &str) -> Server {
    let at = |name: &str| folder.join(name).display().to_string();
    let mut command = pinning.command("ssh");
    command
        .args([
            "-N",
            "-F",
            "none",
            "-i",
            &at("client"),
            "-p",
            &sshd.port.to_string(),
        ])
        .args(["-o", "IdentitiesOnly=yes", "-o"])
        .arg(format!("UserKnownHostsFile={}", at("known_hosts")))
        .args(["-R", &format!("0:{address}"), "127.0.0.1"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut told = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Allocated port ") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "ssh has ended");
    }
    let port = line.split(' ').nth(2).unwrap();
    Server::of(process, format!("127.0.0.1:{port}"))
}

/// The user that runs this.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What was seen of one way, over all rounds.
#[derive(Default)]
struct Seen {
    rates: Vec<f64>,
    p50: Vec<Duration>,
    p99: Vec<Duration>,
}

impl Seen {
    fn load(&mut self, server: &Server, connections: usize) {
        let mut notifications = Notifications::new(&server.address);
        let load = Load::put(server, &mut notifications, connections, Until::Passed(TIME));
        self.rates
            .push(load.latencies.len() as f64 / load.took.as_secs_f64());
        self.p50.push(load.percentile(50));
        self.p99.push(load.percentile(99));
    }

    fn medians(mut self) -> (f64, f64, f64) {
        self.rates.sort_by(f64::total_cmp);
        self.p50.sort();
        self.p99.sort();
        let middle = self.rates.len() / 2;
        let micros = |times: &[Duration]| times[middle].as_secs_f64() * 1e6;
        (self.rates[middle], micros(&self.p50), micros(&self.p99))
    }
}

pub(crate) fn run(pinning: Pinning) {
    let place = Workplace::new(pinning);
    let folder = place.path();
    let sshd = Sshd::start(pinning, folder);
    let quiet = [
        "listen",
        "--listen",
        "0",
        "--no-store",
        "--print-url",
        "--quiet",
        "--format",
        "compact",
    ];
    let tunnel = format!("ssh://{}@127.0.0.1:{}", user(), sshd.port);
    let key = folder.join("client").display().to_string();
    let known = folder.join("known_hosts").display().to_string();
    let mut arguments = quiet.to_vec();
    arguments.extend([
        "--tunnel",
        &tunnel,
        "--tunnel-identity",
        &key,
        "--tunnel-known-hosts",
        &known,
    ]);
    arguments.extend(["--tunnel-rate", "1000000"]);
    let own = Server::printing_its_url(place.command(&arguments));
    let behind = Server::printing_its_url(place.command(&quiet));
    let other = ssh(pinning, &sshd, folder, &behind.address);
    println!(
        "\n{:<32} {:>12} {:>10} {:>10} {:>10}",
        "through ssh, 5 rounds of 3 s", "connections", "requests/s", "p50 µs", "p99 µs"
    );
    for connections in [1, 64] {
        let (mut ours, mut theirs) = (Seen::default(), Seen::default());
        for _ in 0..ROUNDS {
            ours.load(&own, connections);
            theirs.load(&other, connections);
        }
        let (ours, theirs) = (ours.medians(), theirs.medians());
        for (name, (rate, p50, p99)) in
            [("listen behind ssh -R", theirs), ("listen --tunnel", ours)]
        {
            println!("{name:<32} {connections:>12} {rate:>10.0} {p50:>10.0} {p99:>10.0}");
        }
        println!(
            "{:<32} {:>12} {:>10.2} {:>10.2} {:>10.2}",
            "  ratio",
            "",
            ours.0 / theirs.0,
            ours.1 / theirs.1,
            ours.2 / theirs.2
        );
    }
}
