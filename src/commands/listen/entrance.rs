//! Where requests come in: the address of this machine, and the tunnel that leads to it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::doorway::{ReadyFile, bind};
use super::event::Event;
use super::gate::Gate;
use super::tunnel::{Keeper, Prepared};
use super::{Announcement, Options};
use crate::http::Doors;
use crate::report::Report;
use crate::tunnel::Stream;
use crate::ui::Outlet;

/// Connections through a tunnel that may wait to be served.
const STREAMS: usize = 4096;

/// The address that is listened on, and the tunnel that leads to it.
pub(super) struct Entrance {
    listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) url: String,
    tunnel: Option<Prepared>,
}

impl Entrance {
    /// Binds the address.
    pub(super) async fn open(options: &Options, tunnel: Option<Prepared>) -> Result<Self, Report> {
        let path = options.path.as_deref().unwrap_or_default();
        let path = tunnel.as_ref().map_or(path, Prepared::path);
        let (listener, url) = bind("--listen", options.address, path).await?;
        let address = listener.local_addr();
        Ok(Self {
            address: address.unwrap_or(options.address),
            listener,
            url,
            tunnel,
        })
    }

    /// Who carries, where there is a tunnel.
    pub(super) fn carrier(&self) -> Option<String> {
        self.tunnel.as_ref().map(Prepared::carrier)
    }

    /// What requests must pass, where there is a tunnel.
    pub(super) fn gate(&self) -> Option<Arc<Gate>> {
        self.tunnel.as_ref().map(|tunnel| Arc::clone(&tunnel.gate))
    }

    /// Tells the URL beyond the screen, unless it is a public one that is not known yet.
    pub(super) fn announce(&self, announcement: Announcement, outlet: &mut Outlet<'_>) {
        if self.tunnel.is_none() {
            announcement.make(outlet, &self.url);
        }
    }

    /// Writes the URL, unless it is a public one that is not known yet.
    pub(super) fn ready_file(&self, path: Option<PathBuf>) -> Result<Option<ReadyFile>, Report> {
        let url = self.tunnel.is_none().then_some(self.url.as_str());
        path.map(|path| ReadyFile::prepare(path, url)).transpose()
    }

    /// Where connections come in, and who keeps the tunnel through which some do.
    pub(super) fn unlock(self, events: mpsc::Sender<Event>) -> (Doors<Stream>, Option<Keeper>) {
        let Some(tunnel) = self.tunnel else {
            return (Doors::of(self.listener), None);
        };
        let port = self.address.port();
        let (opening, streams) = mpsc::channel(STREAMS);
        let keeper = tunnel.keeper(port, opening, events);
        (Doors::and(self.listener, streams), Some(keeper))
    }
}

/// Serves, and keeps the tunnel until the last answer is out.
pub(super) fn serve(
    serving: impl Future<Output = ()> + Send + 'static,
    keeper: Option<Keeper>,
    tasks: &mut JoinSet<()>,
) {
    let (open, closed) = oneshot::channel::<()>();
    tasks.spawn(async {
        serving.await;
        drop(open);
    });
    if let Some(keeper) = keeper {
        tasks.spawn(keeper.keep(async {
            // Nothing is ever sent.
            let _ = closed.await;
        }));
    }
}
