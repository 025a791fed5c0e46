//! Shows what would be sent, and sends nothing.

use std::sync::Arc;

use super::{Mode, Options, nothing};
use crate::commands::delivery::{Load, Signer, Supply as _};
use crate::commands::notifications::Notifications;
use crate::commands::{Context, send};
use crate::domain::activity::{Activity, Outgoing};
use crate::domain::curl;
use crate::exit::ExitStatus;
use crate::report::Report;

pub(super) fn run(
    options: &Options,
    notifications: Notifications,
    signer: Option<&Signer>,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let (mut shown, mut filtered) = (0, 0);
    let is_history = notifications.history().is_some();
    for load in options.selection(notifications, context).loads() {
        let mut load = load?;
        if load.routes.is_empty() {
            filtered += 1;
            continue;
        }
        if let Some(signer) = signer {
            signer.sign(&mut load)?;
        }
        shown += 1;
        let id = load.id.unwrap_or(shown);
        for request in requests(options, &load, id) {
            context.ui.show(&Activity::Request(request))?;
        }
    }
    if shown == 0 {
        return Err(nothing(filtered, is_history));
    }
    Ok(ExitStatus::Yes)
}

/// The request for each of the targets.
fn requests<'a>(
    options: &'a Options,
    load: &'a Load,
    id: u64,
) -> impl Iterator<Item = Outgoing> + 'a {
    let targets = load
        .routes
        .iter()
        .filter_map(|route| options.delivery.routes.get(*route));
    targets.map(move |route| {
        let mut capture = load.capture.clone();
        capture.headers = send::outgoing(&capture, &options.delivery.send.headers);
        let url = route.target.url(&capture.target);
        let curl = (options.mode == Mode::Curl)
            .then(|| curl::command(&url, &capture, &settings(&options.delivery.send), None));
        Outgoing {
            id,
            source: load.source.clone(),
            line: load.line,
            url,
            events: load.outline.names().map(str::to_owned).collect(),
            capture: Arc::new(capture),
            curl,
        }
    })
}

/// What curl must be told to call a target in the same way.
fn settings(options: &send::Options) -> Vec<String> {
    let mut settings = Vec::new();
    if options.insecure {
        settings.push("--insecure".into());
    }
    if let Some(ca) = &options.ca {
        settings.push(format!("--cacert={}", ca.display()));
    }
    settings
}
