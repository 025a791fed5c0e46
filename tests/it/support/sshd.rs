//! A real OpenSSH server on this machine, with a configuration of its own, and what it takes to log in.

use std::cell::RefCell;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::peers::leave_out;
use super::port::Port;
use super::wait::PATIENCE;

/// The program, where Debian has it.
const SSHD: &str = "/usr/sbin/sshd";

/// An SSH server. It is killed with all its connections when it is dropped.
pub(crate) struct Sshd {
    folder: TempDir,
    port: u16,
    server: RefCell<Option<Child>>,
}

/// An SSH agent. It is killed when it is dropped.
pub(crate) struct SshAgent {
    agent: Child,
    pub(crate) socket: PathBuf,
}

impl Sshd {
    /// A server that listens, whose key is of type Ed25519, and which knows the key `client`. `None`, with a line that says
    /// so, where there is no OpenSSH.
    pub(crate) fn start() -> Option<Self> {
        Self::with_keys(&["ed25519"])
    }

    /// The same with host keys of these types.
    pub(crate) fn with_keys(types: &[&str]) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            leave_out("tunnel_ssh", "OpenSSH's server");
            return None;
        }
        let port = Port::reserve();
        let sshd = Self {
            folder: TempDir::new().expect("there is room"),
            port: port.number(),
            server: RefCell::default(),
        };
        for kind in types {
            sshd.new_key(&format!("host_{kind}"), kind, "");
        }
        sshd.new_key("client", "ed25519", "");
        sshd.authorize("client");
        sshd.configure(types, "");
        drop(port);
        sshd.resume();
        Some(sshd)
    }

    /// Makes a private key, and its public half beside it.
    pub(crate) fn new_key(&self, name: &str, kind: &str, passphrase: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", kind, "-N", passphrase, "-C", name, "-f"])
            .arg(&path)
            .stdin(Stdio::null())
            .status()
            .expect("OpenSSH has it");
        assert!(made.success());
        path
    }

    /// Lets whoever has this key in.
    pub(crate) fn authorize(&self, name: &str) {
        let public = self.folder.path().join(format!("{name}.pub"));
        let authorized = self.folder.path().join("authorized_keys");
        let mut keys = fs::read(&authorized).unwrap_or_default();
        keys.extend(fs::read(public).expect("it was made"));
        fs::write(authorized, keys).expect("the folder can be written");
    }

    /// Writes the configuration. It counts for connections that begin later.
    pub(crate) fn configure(&self, types: &[&str], more: &str) {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        let mut text = format!(
            "Port {}\nListenAddress 127.0.0.1\nAddressFamily inet\nPidFile none\nUsePAM no\nStrictModes no\nLogLevel ERROR\n\
             AuthorizedKeysFile {}\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             AllowTcpForwarding yes\nGatewayPorts no\nMaxStartups 100\nMaxSessions 100\n{more}\n",
            self.port,
            at("authorized_keys"),
        );
        for kind in types {
            text += &format!("HostKey {}\n", at(&format!("host_{kind}")));
        }
        fs::write(self.folder.path().join("config"), text).expect("the folder can be written");
    }

    /// Listens again.
    pub(crate) fn resume(&self) {
        // Where the service has never run, root has to make it; nobody else needs it.
        let _ = fs::create_dir("/run/sshd");
        let mut server = Command::new(SSHD)
            .arg("-D")
            .arg("-f")
            .arg(self.folder.path().join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it is installed");
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                matches!(server.try_wait(), Ok(None)),
                "the SSH server does not start"
            );
            assert!(began.elapsed() < PATIENCE, "the SSH server does not listen");
            thread::sleep(Duration::from_millis(5));
        }
        self.server.replace(Some(server));
    }

    /// Kills the server and all its connections.
    pub(crate) fn kill(&self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        for child in descendants(server.id()) {
            // It may have ended meanwhile.
            let _ = Command::new("kill")
                .args(["-9", &child.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        let _ = server.kill();
        let _ = server.wait();
    }

    /// Takes another host key, as a server does that somebody else plays.
    pub(crate) fn change_host_key(&self) {
        let path = self.folder.path().join("host_ed25519");
        fs::remove_file(&path).expect("it was made");
        self.new_key("host_ed25519", "ed25519", "");
    }

    /// A file in the server's folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// `ssh://…` for the user that runs the tests.
    pub(crate) fn url(&self) -> String {
        format!("ssh://{}@127.0.0.1:{}", user(), self.port)
    }

    /// A file of known hosts that knows these keys of the server.
    pub(crate) fn known_hosts(&self, types: &[&str]) -> String {
        let lines = types.iter().map(|kind| {
            let public =
                fs::read_to_string(self.path(&format!("host_{kind}.pub"))).expect("it was made");
            format!("[127.0.0.1]:{} {public}", self.port)
        });
        let path = self.path("known_hosts");
        fs::write(&path, lines.collect::<String>()).expect("the folder can be written");
        path
    }

    /// An agent with this key, and without its file.
    pub(crate) fn agent_with(&self, name: &str) -> SshAgent {
        let socket = self.folder.path().join("agent");
        let agent = Command::new("ssh-agent")
            .args(["-D", "-a"])
            .arg(&socket)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("OpenSSH has it");
        let agent = SshAgent { agent, socket };
        let began = Instant::now();
        while !agent.socket.exists() {
            assert!(began.elapsed() < PATIENCE, "the agent does not listen");
            thread::sleep(Duration::from_millis(5));
        }
        let added = Command::new("ssh-add")
            .arg("-q")
            .arg(self.path(name))
            .env("SSH_AUTH_SOCK", &agent.socket)
            .stderr(Stdio::null())
            .status()
            .expect("OpenSSH has it");
        assert!(added.success());
        fs::remove_file(self.path(name)).expect("it was made");
        agent
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Drop for SshAgent {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.agent.kill();
        let _ = self.agent.wait();
    }
}

/// The user that runs the tests.
fn user() -> String {
    let output = Command::new("id")
        .arg("-un")
        .output()
        .expect("every Unix has it");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// All processes below this one.
fn descendants(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open = vec![parent];
    while let Some(parent) = open.pop() {
        let output = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &parent.to_string()])
            .output()
            .expect("every Linux has it");
        let children = String::from_utf8_lossy(&output.stdout);
        let children = children
            .split_whitespace()
            .filter_map(|pid| pid.parse().ok());
        let children: Vec<u32> = children.collect();
        open.extend(&children);
        found.extend(children);
    }
    found
}
