//! `/v1/credentials/{id}`.
//!
//! Source of the names: `go/models/credential.go` of `Paybook/sync-code-samples` and the README of Paybook's PHP library.

use serde::Serialize;

use super::known::{Known, Owner};
use super::object_id::ObjectId;
use super::page::Window;

/// A credential that was synchronised without errors.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Credential {
    id_credential: String,
    id_user: String,
    id_environment: String,
    id_external: String,
    id_site: String,
    id_site_organization: String,
    id_site_organization_type: String,
    is_authorized: u8,
    is_locked: u8,
    is_twofa: u8,
    can_sync: u8,
    ready_in: u64,
    username: &'static str,
    code: u16,
    keywords: Option<()>,
    dt_authorized: u64,
    dt_execute: u64,
    dt_ready: u64,
    dt_refresh: u64,
}

/// A credential can be synchronised again a day later.
const DAY: u64 = 86_400;

impl Credential {
    pub(super) fn new(id: &ObjectId, known: &Known, window: Window) -> Self {
        let owner = Owner::new(id, known);
        let made = id.second();
        Self {
            id_credential: id.as_str().to_owned(),
            id_user: owner.id_user,
            id_environment: owner.id_environment,
            id_external: owner.id_external,
            id_site: owner.id_site,
            id_site_organization: owner.id_site_organization,
            id_site_organization_type: owner.id_site_organization_type,
            is_authorized: 1,
            is_locked: 0,
            is_twofa: 0,
            can_sync: 0,
            ready_in: DAY,
            username: "s****e",
            code: 200,
            keywords: None,
            dt_authorized: made.saturating_add(4),
            dt_execute: made,
            dt_ready: made.saturating_add(DAY),
            dt_refresh: window.refreshed(),
        }
    }
}
