//! What a server prints in a session: tunnel services tell their URLs there.

use std::time::Duration;

use russh::client::{Handle, Msg};
use russh::{Channel, ChannelMsg};
use tokio::time::timeout;

use super::client::Client;
use crate::domain::tunnel::printed;

/// Of a line that has not ended, so many bytes are kept.
const LONGEST_LINE: usize = 16 * 1024;

/// A session, as long as there is one.
pub(super) struct Talk {
    channel: Option<Channel<Msg>>,
    line: Vec<u8>,
}

impl Talk {
    /// Begins one. A server that has none for us is one that only carries.
    pub(super) async fn begin(handle: &Handle<Client>, patience: Duration) -> Self {
        let begun = timeout(patience, async {
            let channel = handle.channel_open_session().await.ok()?;
            channel.request_shell(false).await.ok()?;
            Some(channel)
        });
        Self {
            channel: begun.await.ok().flatten(),
            line: Vec::new(),
        }
    }

    /// Whether nothing more can come.
    pub(super) fn is_over(&self) -> bool {
        self.channel.is_none()
    }

    /// The URLs that it prints next: none when what it prints holds none. Can be dropped and called again without losing
    /// one.
    pub(super) async fn urls(&mut self) -> Vec<String> {
        let Some(channel) = &mut self.channel else {
            return std::future::pending().await;
        };
        match channel.wait().await {
            Some(ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. }) => {
                self.read(&data)
            }
            Some(ChannelMsg::Close) | None => {
                self.channel = None;
                self.read(b"\n")
            }
            Some(_) => Vec::new(),
        }
    }

    /// The URLs in the lines that have come to their end.
    fn read(&mut self, bytes: &[u8]) -> Vec<String> {
        self.line.extend_from_slice(bytes);
        let is_too_long = self.line.len() > LONGEST_LINE;
        let end = memchr::memrchr2(b'\n', b'\r', &self.line).map(|at| at + 1);
        let end = end.unwrap_or(if is_too_long { self.line.len() } else { 0 });
        let lines: Vec<u8> = self.line.drain(..end).collect();
        printed::urls(&String::from_utf8_lossy(&lines)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_from_whole_lines() {
        let mut talk = Talk {
            channel: None,
            line: Vec::new(),
        };
        assert_eq!(talk.read(b"your url: https://a."), [""; 0]);
        assert_eq!(
            talk.read(b"example\r\nand https://b.ex"),
            ["https://a.example"]
        );
        assert_eq!(talk.read(b"ample\n"), ["https://b.example"]);
        assert_eq!(talk.read(&vec![b'x'; 2 * LONGEST_LINE]), [""; 0]);
        assert!(talk.line.is_empty());
    }
}
