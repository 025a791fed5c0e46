//! Files that change. The only place that knows the `notify` crate.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify_debouncer_mini::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};
use tokio::sync::mpsc;
use tokio::time::sleep;

/// Changes that come this close together are one.
const TOGETHER: Duration = Duration::from_millis(200);

/// A file that stays the same for so long is written to the end.
const SETTLING: Duration = Duration::from_millis(50);

/// Waits for files to change.
pub(crate) struct Watcher {
    changes: mpsc::Receiver<Vec<PathBuf>>,
    watched: Vec<Watched>,
    /// What the files were like when they were last handed out.
    stamps: HashMap<PathBuf, Stamp>,
    _debouncer: Debouncer<RecommendedWatcher>,
}

/// A file or folder as the user named it.
struct Watched {
    typed: PathBuf,
    /// The folder itself or the one that holds the file, as the system reports it.
    folder: PathBuf,
    /// The name of the file in that folder. `None` for a folder.
    name: Option<OsString>,
}

/// So many reports of changes may wait; then the thread that makes them waits.
const WAITING: usize = 64;

/// What tells a file from its earlier self: reading it is reported like a change.
type Stamp = (Option<SystemTime>, u64);

impl Watcher {
    /// Begins to watch. A file is watched through its folder, as many editors save to another file and rename that.
    pub(crate) fn open(paths: &[&Path]) -> notify::Result<Self> {
        let (sender, changes) = mpsc::channel(WAITING);
        let mut debouncer = new_debouncer(TOGETHER, move |events: DebounceEventResult| {
            let paths = events.unwrap_or_default().into_iter();
            // Nobody waits any more when the program is about to end.
            let _ = sender.blocking_send(paths.map(|event| event.path).collect());
        })?;
        let mut watched = Vec::new();
        let mut stamps = HashMap::new();
        for path in paths {
            let one = Watched::new(path)?;
            debouncer
                .watcher()
                .watch(&one.folder, RecursiveMode::NonRecursive)?;
            for file in one.files()? {
                stamps.extend(stamp(&file).map(|stamp| (file, stamp)));
            }
            watched.push(one);
        }
        Ok(Self {
            changes,
            watched,
            stamps,
            _debouncer: debouncer,
        })
    }

    /// The paths, as the user named them.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.watched.iter().map(|watched| watched.typed.as_path())
    }

    /// The files that changed since they were last handed out; of folders, those that are `meant`.
    pub(crate) async fn changed(&mut self, meant: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        loop {
            let Some(paths) = self.changes.recv().await else {
                return std::future::pending().await;
            };
            let mut changed = Vec::new();
            for path in paths {
                let typed = self
                    .watched
                    .iter()
                    .find_map(|watched| watched.typed(&path, &meant));
                let Some(typed) = typed else { continue };
                if self.stamps.get(&path) == stamp(&path).as_ref() {
                    continue;
                }
                let Some(now) = settled(&path).await else {
                    continue;
                };
                if self.stamps.insert(path, now) != Some(now) {
                    changed.push(typed);
                }
            }
            if !changed.is_empty() {
                changed.sort();
                changed.dedup();
                return changed;
            }
        }
    }
}

impl Watched {
    fn new(path: &Path) -> notify::Result<Self> {
        let (folder, name) = if path.is_dir() {
            (path, None)
        } else {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            (folder.unwrap_or(Path::new(".")), path.file_name())
        };
        Ok(Self {
            typed: path.to_owned(),
            folder: fs::canonicalize(folder)?,
            name: name.map(OsString::from),
        })
    }

    /// The path as the user would name it, where it is this file or one that is meant in this folder.
    fn typed(&self, path: &Path, meant: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let name = path.strip_prefix(&self.folder).ok()?;
        match &self.name {
            Some(own) => (name == Path::new(own)).then(|| self.typed.clone()),
            None => meant(name).then(|| self.typed.join(name)),
        }
    }

    fn files(&self) -> notify::Result<Vec<PathBuf>> {
        match &self.name {
            Some(name) => Ok(vec![self.folder.join(name)]),
            None => Ok(fs::read_dir(&self.folder)?
                .map(|entry| Ok(entry?.path()))
                .collect::<std::io::Result<_>>()?),
        }
    }
}

/// What a file is like once it is written to the end, as far as can be told: an editor may have emptied it a moment ago.
async fn settled(path: &Path) -> Option<Stamp> {
    let mut before = stamp(path)?;
    loop {
        sleep(SETTLING).await;
        let now = stamp(path)?;
        if now == before {
            return Some(now);
        }
        before = now;
    }
}

/// What a file is like now. `None` where there is none.
fn stamp(path: &Path) -> Option<Stamp> {
    let file = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((file.modified().ok(), file.len()))
}
