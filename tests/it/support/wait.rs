//! How long a test waits before it calls a hang a failure.

use std::time::Duration;

/// Nothing takes this long on the slowest machine; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
