//! A carrier in miniature: a public port whose connections go to a listener, or to whatever else can become of them.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What becomes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes to this `host:port`.
    Carried(String),
    /// It is closed at once.
    Closed,
    /// It is answered by somebody else.
    Answered,
}

/// A public port.
pub(crate) struct Relay {
    port: u16,
    fate: Arc<Mutex<Fate>>,
}

impl Relay {
    /// A free port, whose connections are closed until it leads somewhere.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let fate = Arc::new(Mutex::new(Fate::Closed));
        let shared = Arc::clone(&fate);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let fate = shared.lock().expect("no holder panics").clone();
                thread::spawn(move || meet(stream, &fate));
            }
        });
        Self { port, fate }
    }

    /// The public URL.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Decides what becomes of connections from now on.
    pub(crate) fn set(&self, fate: Fate) {
        *self.fate.lock().expect("no holder panics") = fate;
    }

    /// Carries connections to this URL from now on.
    pub(crate) fn lead_to(&self, url: &str) {
        let rest = url.strip_prefix("http://").expect("listeners speak http");
        let host = rest.split('/').next().unwrap_or_default();
        self.set(Fate::Carried(host.to_owned()));
    }
}

fn meet(mut stream: TcpStream, fate: &Fate) {
    match fate {
        Fate::Closed => {}
        Fate::Answered => {
            // Whether it is read does not matter.
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
            );
        }
        Fate::Carried(host) => {
            if let Ok(other) = TcpStream::connect(host) {
                join(stream, other);
            }
        }
    }
}

/// Copies both ways until both have ended.
fn join(one: TcpStream, other: TcpStream) {
    let (Ok(to_one), Ok(to_other)) = (one.try_clone(), other.try_clone()) else {
        return;
    };
    let back = thread::spawn(move || copy(other, to_one));
    copy(one, to_other);
    // A thread that copies does not panic.
    let _ = back.join();
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    // A connection that breaks is closed, and that is all.
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
