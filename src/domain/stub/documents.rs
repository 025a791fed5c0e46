//! `/v1/documents`.
//!
//! Source of the names, and that `content` is base64: `go/models/document.go` and `go/examples/get_documents.go` of
//! `Paybook/sync-code-samples`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::file;
use super::known::{Known, Owner};
use super::object_id::{ObjectId, of_catalogue};
use super::page::MOST;

/// The documents of a job.
pub(super) struct Documents<'a> {
    job: &'a ObjectId,
    owner: Owner,
    count: u64,
    seed: u64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Document {
    id_document: String,
    id_document_status: String,
    id_document_type: String,
    id_external: String,
    id_site: String,
    id_site_organization: String,
    id_site_organization_type: String,
    file: String,
    content: String,
}

impl<'a> Documents<'a> {
    pub(super) fn new(job: &'a ObjectId, known: &Known) -> Self {
        let seed = job.seed("documents");
        let few = 1 + seed % 3;
        let named = known.documents();
        Self {
            job,
            owner: Owner::new(job, known),
            count: if named.has_more() {
                named.count((MOST, 0), seed)
            } else {
                few
            },
            seed,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn item(&self, index: u64) -> Document {
        let id = self.job.item(self.seed, index);
        let owner = self.owner.clone();
        Document {
            id_document_status: of_catalogue("downloaded"),
            id_document_type: of_catalogue("statement"),
            id_external: owner.id_external,
            id_site: owner.id_site,
            id_site_organization: owner.id_site_organization,
            id_site_organization_type: owner.id_site_organization_type,
            file: format!("sample-{}.pdf", index + 1),
            content: STANDARD.encode(file::statement(&id)),
            id_document: id,
        }
    }
}
