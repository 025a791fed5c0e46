//! A port that nobody listens on yet, and that nobody else can take.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::os::fd::OwnedFd;

use rustix::net::sockopt::set_socket_reuseaddr;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

use super::server::{Answer, Request, Server};

/// A port where connections are refused, until a server takes it over.
pub(crate) struct Port {
    socket: OwnedFd,
    address: SocketAddr,
}

impl Port {
    /// A free one.
    pub(crate) fn reserve() -> Self {
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("there is room");
        // Whoever asks for this very port gets it; nobody who asks for any.
        set_socket_reuseaddr(&socket, true).expect("the option is known");
        bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = getsockname(&socket).expect("it is bound");
        let address = address.try_into().expect("it is an internet address");
        Self { socket, address }
    }

    /// The URL of whoever will listen there.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its number, for whoever will listen there.
    pub(crate) fn number(&self) -> u16 {
        self.address.port()
    }

    /// Answers everything with 200 from now on.
    pub(crate) fn serve(self) -> Server {
        self.answering(|_, _| Answer::status(200))
    }

    /// Answers as the function says, which is told how many requests came before.
    pub(crate) fn answering(
        self,
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Server {
        listen(&self.socket, 128).expect("the port is ours");
        Server::on(TcpListener::from(self.socket), script)
    }
}
