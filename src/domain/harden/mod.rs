//! What an endpoint for Syncfy's webhooks must stand: the requests that put it to the test, and what its answers prove.
//!
//! Owns the catalogue of checks, one file each. Refuses to know how requests are sent, and to whom.

mod check;
mod checks;
mod finding;
mod forge;
mod probe;
mod selection;
mod standing;

pub use check::{Check, Expect};
pub use checks::{all, control, find};
pub use finding::{Finding, Terms};
pub use forge::{Forge, Signer, Unarmed};
pub use probe::{Attack, Probe, Reaction, Shot, Transfer};
pub use selection::{Selection, UnknownCheck, named};
pub use standing::Standing;
