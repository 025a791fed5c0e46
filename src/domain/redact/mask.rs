//! What becomes of each text of a request, once it is known which ids in it are private.

use super::ids::{Found, Known, Which};
use super::names::{self, Role};
use super::pseudonym::{Pseudonyms, is_object_id};
use super::url::{self, Part};
use crate::domain::json::{Document, Kind, Spot, Value, edit};
use crate::domain::notification::{event, time};

/// What stands in the place of a secret.
pub(super) const HIDDEN: &str = "***";

/// Something in a JSON text that may have to be replaced.
enum Leaf<'d, 'a> {
    Key(&'d str, Value<'d, 'a>),
    Value(Role, Value<'d, 'a>),
}

/// Gathers the ids of a JSON text.
pub(super) fn gather(document: &Document<'_>, found: &mut Found) {
    visit(document.root(), Role::Text, &mut |leaf| {
        let Leaf::Value(role, value) = leaf else {
            return;
        };
        match (role, value.as_str(), number(value)) {
            (Role::Id | Role::Catalogue | Role::Endpoint, _, Some(number)) => found.number(number),
            (Role::Id, Some(text), _) => found.id(text),
            (Role::Catalogue, Some(text), _) => found.catalogue(text),
            (Role::Endpoint, Some(text), _) if !is_path(text) => found.id(text),
            (Role::Endpoint, Some(text), _) => gather_url(text, found),
            (Role::Text, Some(text), _) => match inner(text) {
                Some(document) => gather(&document, found),
                None if url::is_url(text) => gather_url(text, found),
                None => {}
            },
            _ => {}
        }
    });
}

/// Gathers the ids of a URL or a path.
pub(super) fn gather_url(url: &str, found: &mut Found) {
    url::map(url, &mut |part| {
        match part {
            Part::Segment(text) | Part::Name(text) => found.shapes(text),
            Part::Value { name, value } => match names::of_parameter(name) {
                Role::Id => found.id(value),
                Role::Catalogue => found.catalogue(value),
                _ => found.shapes(value),
            },
            Part::Credentials => {}
        }
        None
    });
}

/// Calls `see` for every key and every value that is no container, in order. The parser's limit of depth bounds the
/// recursion.
fn visit<'d, 'a>(value: Value<'d, 'a>, role: Role, see: &mut impl FnMut(Leaf<'d, 'a>)) {
    match value.kind() {
        Kind::Object => {
            for (name, member) in value.members() {
                see(Leaf::Key(name, member));
                visit(member, inherited(names::of_member(name), role), see);
            }
        }
        Kind::Array => value.items().for_each(|item| visit(item, role, see)),
        _ => see(Leaf::Value(role, value)),
    }
}

/// The role of a member of that role of its own, in a value of the role `outer`.
fn inherited(own: Role, outer: Role) -> Role {
    match (own, outer) {
        // Whatever the lists of endpoints are called, they hold paths.
        (_, Role::Endpoint) => Role::Endpoint,
        // What is in an id is an id: `{"id_user": {"$oid": …}}`.
        (Role::Text, Role::Catalogue) => Role::Id,
        (Role::Text, outer) => outer,
        (own, _) => own,
    }
}

/// Whether an endpoint is one; who knows what else it is.
fn is_path(endpoint: &str) -> bool {
    endpoint.contains('/')
}

/// A number as text, the same for the same.
fn number(value: Value<'_, '_>) -> Option<String> {
    value
        .as_u64()
        .map(|number| number.to_string())
        .or_else(|| value.as_f64().map(|number| number.to_string()))
}

/// The JSON in a string, where somebody has encoded it twice. A level more doubles the backslashes, which bounds them.
fn inner(text: &str) -> Option<Document<'_>> {
    text.trim_start()
        .starts_with(['{', '['])
        .then(|| Document::parse(text).ok())?
}

/// Whether a whole text is one that the protocol defines. It stays even where somebody's id is the same, so that the
/// notification means what it meant.
fn is_vocabulary(text: &str) -> bool {
    let is_version = |text: &str| {
        text.strip_prefix("3.").is_some_and(|minor| {
            minor
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    };
    event::find(text).is_some()
        || event::is_legacy(text)
        || is_version(text)
        || time::parse(text).is_some()
}

/// Replaces what is private in the texts of one request.
pub(super) struct Mask<'m> {
    pub(super) pseudonyms: &'m Pseudonyms,
    pub(super) known: Known,
}

impl Mask<'_> {
    /// A JSON text with pseudonyms; what is not private keeps its bytes.
    pub(super) fn json(&self, document: &Document<'_>) -> String {
        let mut changes = Vec::new();
        visit(document.root(), Role::Text, &mut |leaf| match leaf {
            // A name is a name, even where somebody's id is the same.
            Leaf::Key(name, member) => {
                let key = self.replace(name, Which::Shaped);
                changes.extend(key.map(|key| (Spot::key(member), quoted(&key))));
            }
            Leaf::Value(role, value) => {
                let text = match value.as_str() {
                    Some(text) => self.member(role, text).map(|text| quoted(&text)),
                    None => self.member_number(role, value),
                };
                changes.extend(text.map(|text| (Spot::value(value), text)));
            }
        });
        edit(document, changes)
    }

    fn member(&self, role: Role, text: &str) -> Option<String> {
        match role {
            Role::Id => Some(self.pseudonyms.id(text)),
            Role::Catalogue => self.catalogue(text),
            Role::Secret => (!text.is_empty()).then(|| HIDDEN.to_owned()),
            Role::Endpoint if !is_path(text) => Some(self.pseudonyms.id(text)),
            Role::Endpoint => Some(self.url(text)),
            Role::Text if is_vocabulary(text) => None,
            Role::Text => match inner(text) {
                Some(document) => Some(self.json(&document)),
                None if url::is_url(text) => Some(self.url(text)),
                None => self.part(text),
            },
        }
        .filter(|new| new != text)
    }

    fn member_number(&self, role: Role, value: Value<'_, '_>) -> Option<String> {
        match role {
            Role::Text => None,
            _ => Some(self.pseudonyms.number(&number(value)?)),
        }
    }

    /// An id of the catalogue stays, unless it turned out to be private.
    fn catalogue(&self, id: &str) -> Option<String> {
        (!is_object_id(id) || self.known.has(id)).then(|| self.pseudonyms.id(id))
    }

    /// A URL or a path with pseudonyms, and without secrets.
    pub(super) fn url(&self, url: &str) -> String {
        url::map(url, &mut |part| match part {
            Part::Segment(text) => self.part(text),
            Part::Name(text) => self.replace(text, Which::Shaped),
            Part::Credentials => Some(HIDDEN.to_owned()),
            Part::Value { name, value } => match names::of_parameter(name) {
                Role::Secret => Some(HIDDEN.to_owned()),
                Role::Id if self.known.has_number(value) => Some(self.pseudonyms.number(value)),
                Role::Id => Some(self.pseudonyms.id(value)),
                Role::Catalogue => self.catalogue(value),
                Role::Text | Role::Endpoint => self.part(value),
            }
            .filter(|new| new != value),
        })
    }

    /// A text of its own: it may be an id of any length, or have one in it.
    pub(super) fn part(&self, text: &str) -> Option<String> {
        if self.known.has(text) {
            Some(self.pseudonyms.id(text))
        } else {
            self.replace(text, Which::All)
        }
    }

    /// The text with pseudonyms; `None` where there is nothing to replace.
    pub(super) fn replace(&self, text: &str, which: Which) -> Option<String> {
        self.known.replace(text, which, self.pseudonyms)
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written")
}
