//! An HTTP client that sends exactly what it is told, right or wrong.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::Value;

use super::wait::PATIENCE;

/// What was answered.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Name and value, as sent and in order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

/// A connection to a server.
pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects to the host of the URL.
    pub(crate) fn open(url: &str) -> Self {
        Self::try_open(url).expect("somebody listens")
    }

    /// The same, where somebody may listen or not.
    pub(crate) fn try_open(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let host = rest.split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).ok()?;
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("the limit is not zero");
        Some(Self {
            stream,
            read: Vec::new(),
        })
    }

    /// Sends a request with a length.
    pub(crate) fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) {
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        self.write([head.as_bytes(), b"\r\n", body].concat());
    }

    /// Sends bytes.
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) {
        // A server that has already answered need not read on.
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Says that nothing more will be sent, and goes on to listen.
    pub(crate) fn half_close(&mut self) {
        self.stream
            .shutdown(Shutdown::Write)
            .expect("the connection is open");
    }

    /// Waits for the next answer; `100 Continue` is an answer too.
    #[track_caller]
    pub(crate) fn response(&mut self) -> Response {
        loop {
            if let Some((mut response, length)) = head(&self.read) {
                self.read.drain(..length);
                response.body = self.body(&response);
                return response;
            }
            assert!(self.more(), "the connection ended before an answer");
        }
    }

    /// Waits for the next answer to a HEAD: its length is that of a body which does not come.
    #[track_caller]
    pub(crate) fn head(&mut self) -> Response {
        while head(&self.read).is_none() {
            assert!(self.more(), "the connection ended before an answer");
        }
        let (response, length) = head(&self.read).expect("it was just seen");
        self.read.drain(..length);
        response
    }

    /// The next answer; `None` when the connection ended before.
    #[track_caller]
    pub(crate) fn try_response(&mut self) -> Option<Response> {
        while head(&self.read).is_none() {
            if !self.more() {
                return None;
            }
        }
        Some(self.response())
    }

    /// Whether the server has closed the connection, once what it sent was read.
    #[track_caller]
    pub(crate) fn is_closed(&mut self) -> bool {
        !self.more()
    }

    fn body(&mut self, response: &Response) -> Vec<u8> {
        let length = response.header("content-length").map(|length| {
            let length = length.parse::<usize>();
            length.expect("a length is a number")
        });
        match length {
            Some(length) => {
                while self.read.len() < length && self.more() {}
                self.read.drain(..length).collect()
            }
            None => Vec::new(),
        }
    }

    /// Waits for more bytes. False at the end.
    fn more(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(length) => {
                self.read.extend_from_slice(&buffer[..length]);
                true
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("waited in vain for the server: {error}"),
        }
    }
}

/// An answer without its body, and its length, once it is there as a whole.
fn head(bytes: &[u8]) -> Option<(Response, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let status = response.parse(bytes).expect("the answer is HTTP");
    let httparse::Status::Complete(length) = status else {
        return None;
    };
    let answer = Response {
        status: response.code.expect("a complete answer has a status"),
        headers: response.headers.iter().map(pair).collect(),
        body: Vec::new(),
    };
    Some((answer, length))
}

pub(super) fn pair(header: &httparse::Header<'_>) -> (String, String) {
    let value = header.value.iter().copied().map(char::from).collect();
    (header.name.to_owned(), value)
}

pub(super) fn first<'a>(headers: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.as_str())
}
