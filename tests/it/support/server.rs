//! A fake target: answers as it is told, and keeps every request exactly as it came.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

use super::certificate::Certificate;
use super::client;
use super::wait::PATIENCE;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Name and value, as sent and in order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        client::first(&self.headers, name)
    }

    /// All values of this header, in order.
    pub(crate) fn values(&self, wanted: &str) -> Vec<&str> {
        let matching = self.headers.iter();
        matching
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// What a request is answered.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    gate: Option<Gate>,
    closes: bool,
    is_half: bool,
}

impl Answer {
    /// An answer with this status and no body.
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// No answer: the connection is closed.
    pub(crate) fn close() -> Self {
        Self {
            closes: true,
            ..Self::default()
        }
    }

    /// The first half of an answer with this status, and then nothing.
    pub(crate) fn half(status: u16) -> Self {
        Self {
            status,
            body: b"half".into(),
            is_half: true,
            ..Self::default()
        }
    }

    /// The same with one more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with this body.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().into();
        self
    }

    /// The same once the gate is open.
    pub(crate) fn behind(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    fn write(&self, stream: &mut dyn Write) -> io::Result<()> {
        let mut text = format!(
            "HTTP/1.1 {} Scripted\r\ncontent-length: {}\r\n",
            self.status,
            self.body.len() * if self.is_half { 2 } else { 1 }
        );
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        stream.write_all(&[text.as_bytes(), b"\r\n", &self.body].concat())?;
        stream.flush()
    }
}

/// Holds answers back until a test opens it.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A gate that is shut.
    pub(crate) fn shut() -> Self {
        Self::default()
    }

    /// Lets everything pass, for good.
    pub(crate) fn open(&self) {
        let (is_open, changed) = &*self.0;
        *is_open.lock().expect("no holder panics") = true;
        changed.notify_all();
    }

    /// Waits until the gate is open, or the server ends.
    fn pass(&self) {
        let (is_open, changed) = &*self.0;
        let guard = is_open.lock().expect("no holder panics");
        let _ = changed.wait_timeout_while(guard, PATIENCE, |is_open| !*is_open);
    }
}

type Script = dyn Fn(usize, &Request) -> Answer + Send + Sync;

/// A server on a free port.
///
/// A test fails when its server was never called, unless it says `unused`, and when the server met what is no HTTP.
pub(crate) struct Server {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    requests: Receiver<Request>,
    accepting: Option<JoinHandle<()>>,
    may_be_unused: bool,
}

struct Shared {
    script: Box<Script>,
    certificate: Option<Certificate>,
    is_over: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: usize,
    problems: Vec<String>,
    gates: Vec<Gate>,
    streams: Vec<TcpStream>,
}

impl Server {
    /// Answers everything with 200.
    pub(crate) fn start() -> Self {
        Self::answering([Answer::status(200)])
    }

    /// Answers one after the other, and the last one for ever.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::scripted(None, turns(answers))
    }

    /// Answers as the function says, which is told how many requests came before.
    pub(crate) fn with(script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::scripted(None, script)
    }

    /// Answers everything with 200, over TLS.
    pub(crate) fn tls(certificate: Certificate) -> Self {
        Self::scripted(Some(certificate), turns([Answer::status(200)]))
    }

    /// The same on a socket that listens already.
    pub(super) fn on(
        listener: TcpListener,
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::listening(listener, None, script)
    }

    fn scripted(
        certificate: Option<Certificate>,
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        Self::listening(listener, certificate, script)
    }

    fn listening(
        listener: TcpListener,
        certificate: Option<Certificate>,
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().expect("a listener has an address");
        let scheme = if certificate.is_some() {
            "https"
        } else {
            "http"
        };
        let shared = Arc::new(Shared {
            script: Box::new(script),
            certificate,
            is_over: AtomicBool::new(false),
            state: Mutex::default(),
        });
        let (sender, requests) = mpsc::channel();
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.accept(&listener, &sender)
        });
        Self {
            address,
            scheme,
            shared,
            requests,
            accepting: Some(accepting),
            may_be_unused: false,
        }
    }

    /// Allows that nobody calls.
    pub(crate) fn unused(mut self) -> Self {
        self.may_be_unused = true;
        self
    }

    /// Its URL with this host name, such as `localhost`, without a path.
    pub(crate) fn url_as(&self, host: &str) -> String {
        format!("{}://{host}:{}", self.scheme, self.port())
    }

    /// Its URL without a path.
    pub(crate) fn url(&self) -> String {
        self.url_as("127.0.0.1")
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Waits for the next request. It is there before it is answered.
    #[track_caller]
    pub(crate) fn next(&self) -> Request {
        self.requests
            .recv_timeout(PATIENCE)
            .expect("waited in vain for a request")
    }

    /// The requests that came and were not asked for yet.
    pub(crate) fn rest(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

/// One answer after the other, and the last one for ever.
fn turns(
    answers: impl IntoIterator<Item = Answer>,
) -> impl Fn(usize, &Request) -> Answer + Send + Sync + 'static {
    let answers: Vec<Answer> = answers.into_iter().collect();
    move |turn, _| {
        let answer = answers.get(turn).or(answers.last());
        answer.expect("there is at least one answer").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        let accepted = self.accepting.take().map(JoinHandle::join);
        if thread::panicking() {
            return;
        }
        assert!(matches!(accepted, Some(Ok(()))), "the server panicked");
        let state = self.shared.state.lock().expect("no holder panics");
        assert!(
            state.problems.is_empty(),
            "the server met problems: {:#?}",
            state.problems
        );
        assert!(
            state.calls > 0 || self.may_be_unused,
            "the server was never called"
        );
    }
}

impl Shared {
    /// Serves each connection on a thread of its own, until the server is dropped.
    fn accept(self: &Arc<Self>, listener: &TcpListener, requests: &Sender<Request>) {
        let mut connections = Vec::new();
        while let Ok((stream, _)) = listener.accept() {
            if self.is_over.load(Ordering::SeqCst) {
                break;
            }
            let (shared, requests) = (Arc::clone(self), requests.clone());
            let end = stream.try_clone().expect("there is room for one more");
            let handle = stream.try_clone().expect("there is room for one more");
            self.locked(|state| state.streams.push(handle));
            connections.push(thread::spawn(move || {
                let serve = AssertUnwindSafe(|| shared.serve(stream, &requests));
                if catch_unwind(serve).is_err() {
                    shared.locked(|state| state.problems.push("a handler panicked".into()));
                }
                // The peer may have gone.
                let _ = end.shutdown(Shutdown::Both);
            }));
        }
        self.locked(|state| {
            state.gates.iter().for_each(Gate::open);
            for stream in &state.streams {
                // The peer may have gone.
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
        for connection in connections {
            connection.join().expect("panics were caught");
        }
    }

    fn serve(&self, stream: TcpStream, requests: &Sender<Request>) {
        match &self.certificate {
            None => self.answer(stream, requests),
            Some(certificate) => {
                let tls = rustls::ServerConnection::new(Arc::clone(&certificate.config))
                    .expect("the settings are complete");
                self.answer(rustls::StreamOwned::new(tls, stream), requests);
            }
        }
    }

    /// Answers request after request, until the peer or an answer closes the connection.
    fn answer(&self, mut stream: impl Read + Write, requests: &Sender<Request>) {
        let mut bytes = Vec::new();
        loop {
            let request = match read(&mut stream, &mut bytes) {
                Ok(Some(request)) => request,
                Ok(None) => return,
                Err(problem) => return self.locked(|state| state.problems.push(problem)),
            };
            let turn = self.locked(|state| {
                state.calls += 1;
                state.calls - 1
            });
            let answer = (self.script)(turn, &request);
            // A test that has all it needs asks for no more.
            let _ = requests.send(request);
            if let Some(gate) = &answer.gate {
                self.locked(|state| state.gates.push(gate.clone()));
                if !self.is_over.load(Ordering::SeqCst) {
                    gate.pass();
                }
            }
            if answer.closes || answer.write(&mut stream).is_err() || answer.is_half {
                return;
            }
        }
    }

    fn locked<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.state.lock().expect("no holder panics"))
    }
}

/// The next request, or none when the peer has gone. `bytes` keeps what was read beyond it.
fn read(stream: &mut impl Read, bytes: &mut Vec<u8>) -> Result<Option<Request>, String> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 128];
        let mut parsed = httparse::Request::new(&mut headers);
        let status = parsed.parse(bytes).map_err(|error| {
            let text = String::from_utf8_lossy(bytes);
            format!("{error}: {text}")
        })?;
        if let httparse::Status::Complete(head) = status {
            let mut request = Request {
                method: parsed.method.unwrap_or_default().to_owned(),
                target: parsed.path.unwrap_or_default().to_owned(),
                headers: parsed.headers.iter().map(client::pair).collect(),
                body: Vec::new(),
            };
            if request.header("transfer-encoding").is_some() {
                return Err("the body has no length".into());
            }
            let length = match request.header("content-length") {
                Some(length) => length.parse().map_err(|_| format!("length {length}"))?,
                None => 0,
            };
            while bytes.len() < head + length {
                if !more(stream, bytes) {
                    return Err("the body ended early".into());
                }
            }
            request.body = bytes[head..head + length].into();
            bytes.drain(..head + length);
            return Ok(Some(request));
        }
        if !more(stream, bytes) {
            return Ok(None);
        }
    }
}

/// Reads on. False when the peer has gone, or would not speak TLS with us.
fn more(stream: &mut impl Read, bytes: &mut Vec<u8>) -> bool {
    let mut buffer = [0; 16 * 1024];
    let length = stream.read(&mut buffer).unwrap_or(0);
    bytes.extend_from_slice(&buffer[..length]);
    length > 0
}
