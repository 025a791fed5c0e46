//! A connection of a sender, as the server of HTTP reads and writes it.
//!
//! The library hands on what comes for all channels in one loop, and waits there for whoever reads too slowly. So each
//! channel is emptied at once into a buffer of its own, and whoever fills that loses the connection: nobody holds up others.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, oneshot};

/// What one connection may have unread, and all together, in bytes.
const MOST: usize = 16 * 1024 * 1024;
const MOST_OF_ALL: usize = 64 * 1024 * 1024;

/// What all connections have unread, in bytes.
#[derive(Clone, Default)]
pub(super) struct Unread(Arc<AtomicUsize>);

/// One connection.
pub(super) struct Inlet {
    chunks: mpsc::UnboundedReceiver<Bytes>,
    chunk: Bytes,
    own: Arc<AtomicUsize>,
    all: Unread,
    writer: Pin<Box<dyn AsyncWrite + Send>>,
    /// Closes the channel when it is dropped.
    _open: oneshot::Sender<()>,
}

/// Empties a channel.
pub(super) struct Pump {
    reader: ChannelReadHalf,
    writer: ChannelWriteHalf<Msg>,
    chunks: Option<mpsc::UnboundedSender<Bytes>>,
    own: Arc<AtomicUsize>,
    all: Unread,
    closed: oneshot::Receiver<()>,
}

/// The two ends of a channel.
pub(super) fn new(channel: Channel<Msg>, all: &Unread) -> (Inlet, Pump) {
    let (sender, chunks) = mpsc::unbounded_channel();
    let (open, closed) = oneshot::channel();
    let (reader, writer) = channel.split();
    let own = Arc::new(AtomicUsize::new(0));
    let inlet = Inlet {
        chunks,
        chunk: Bytes::new(),
        own: Arc::clone(&own),
        all: all.clone(),
        writer: Box::pin(writer.make_writer()),
        _open: open,
    };
    let pump = Pump {
        reader,
        writer,
        chunks: Some(sender),
        own,
        all: all.clone(),
        closed,
    };
    (inlet, pump)
}

impl Pump {
    /// Empties the channel until either side is done with it.
    pub(super) async fn run(mut self) {
        loop {
            let message = tokio::select! {
                message = self.reader.wait() => message,
                _ = &mut self.closed => break,
            };
            match message {
                Some(ChannelMsg::Data { data }) => {
                    if !self.take(data) {
                        break;
                    }
                }
                Some(ChannelMsg::Eof) => self.chunks = None,
                Some(ChannelMsg::Close) | None => break,
                Some(_) => {}
            }
        }
        // Whatever still comes has nowhere to wait: it must not keep the loop from hearing of the end.
        drop(self.reader);
        // The other side may have closed it already.
        let _ = self.writer.close().await;
    }

    /// False where there is no room.
    fn take(&self, data: Bytes) -> bool {
        let length = data.len();
        let Some(chunks) = &self.chunks else {
            // After its end nothing counts.
            return true;
        };
        let own = self.own.fetch_add(length, Ordering::Relaxed) + length;
        let all = self.all.0.fetch_add(length, Ordering::Relaxed) + length;
        if chunks.send(data).is_err() {
            // Whoever read it is gone.
            self.all.0.fetch_sub(length, Ordering::Relaxed);
            return false;
        }
        own <= MOST && all <= MOST_OF_ALL
    }
}

impl AsyncRead for Inlet {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.chunk.is_empty() {
            match std::task::ready!(self.chunks.poll_recv(context)) {
                Some(chunk) => self.chunk = chunk,
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.chunk.len().min(buffer.remaining());
        buffer.put_slice(self.chunk.get(..length).unwrap_or_default());
        self.chunk.advance(length);
        self.own.fetch_sub(length, Ordering::Relaxed);
        self.all.0.fetch_sub(length, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Inlet {
    /// What was never read counts no more.
    fn drop(&mut self) {
        self.chunks.close();
        let mut left = self.chunk.len();
        while let Ok(chunk) = self.chunks.try_recv() {
            left += chunk.len();
        }
        self.all.0.fetch_sub(left, Ordering::Relaxed);
    }
}

impl AsyncWrite for Inlet {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writer.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer.as_mut().poll_shutdown(context)
    }
}
