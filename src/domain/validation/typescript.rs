//! The TypeScript definitions of a notification, made of the JSON Schema and the catalogue of events: they cannot say
//! anything else.

use super::schema::schema;
use crate::domain::json::{Document, Kind, Value};
use crate::domain::notification::event::{CATALOGUE, PayloadKind};

/// What stands round what is made of the schema: the names that a program uses.
const BEGINNING: &str = "\
// Syncfy Webhooks V3, as `syncfy-hooks schema --format typescript` prints it.
// Unknown events and members are let through: Syncfy adds them without notice.

/** An object of which nothing more is documented. */
export interface JsonObject {
  [member: string]: unknown;
}

/** The body of one HTTP POST. `Notification<KnownEvent>` takes no event but the documented ones. */
export interface Notification<Each = AnyEvent> {
  rid: Uuid;
  /** The batch; documented examples carry one event. */
  events: [Each, ...Each[]];
  [member: string]: unknown;
}

/** The event of one name. */
export interface Event<Name extends EventName = EventName> extends Envelope<Name, Payloads[Name]> {}

/** An event of the catalogue. */
export type KnownEvent = { [Name in EventName]: Event<Name> }[EventName];

/** An event that is not in the catalogue. */
export interface UnknownEvent extends Envelope<string & {}, JsonObject | JsonObject[]> {}

/** Any event: tell them apart with `isEvent`. */
export type AnyEvent = KnownEvent | UnknownEvent;

/** The names of the catalogue. */
export type EventName = keyof Payloads;

/** What happened, to whom, and where to read more. */
export interface Envelope<Name extends string, Payload> {
  header: {
    event: EventHeader<Name>;
    user: UserHeader;
    [member: string]: unknown;
  };
  payload: Payload;
  [member: string]: unknown;
}

/** Whether an event has this name: its payload is then known. */
export function isEvent<Name extends EventName>(event: AnyEvent, name: Name): event is Event<Name> {
  return event.header.event.name === name;
}
";

/// TypeScript definitions of a Webhooks V3 notification, one module. The payload goes by the name of the event; every
/// documented shape and every unknown event fits, and numbers are numbers.
///
/// # Panics
///
/// Never: the schema is part of the program, and read by its tests.
#[must_use]
pub fn typescript() -> String {
    let schema = Document::parse(schema()).expect("the schema of this program is JSON");
    let mut text = BEGINNING.to_owned();
    payloads(&mut text);
    let definitions = schema.root().get("$defs").into_iter();
    for (name, definition) in definitions.flat_map(Value::members) {
        let is_told_above = name == "event";
        if !is_told_above && definition.get("title").is_some() {
            text.push('\n');
            define(name, definition, &mut text);
        }
    }
    text
}

/// The payload of each event by its name.
fn payloads(text: &mut String) {
    *text += "\n/** What the events carry. */\nexport interface Payloads {\n";
    for event in &CATALOGUE {
        let payload = match event.payload {
            PayloadKind::Credential | PayloadKind::RefreshedCredential => "CredentialPayload",
            PayloadKind::Documents => "DocumentsPayload",
            PayloadKind::Object => "JsonObject",
            PayloadKind::Objects => "JsonObject[]",
        };
        for name in [Some(event.name), event.alias].into_iter().flatten() {
            text.extend(["  /** ", event.meaning, " */\n"]);
            text.extend(["  \"", name, "\": ", payload, ";\n"]);
        }
    }
    *text += "}\n";
}

/// One definition of the schema: an interface where it has properties, else a name for its type.
fn define(name: &str, definition: Value<'_, '_>, text: &mut String) {
    comment(definition, "", text);
    let title = pascal(name);
    let Some(properties) = definition.get("properties") else {
        text.extend(["export type ", &title, " = ", &type_of(definition), ";\n"]);
        return;
    };
    let is_generic = name == "eventHeader";
    let parameters = if is_generic {
        "<Name extends string>"
    } else {
        ""
    };
    text.extend(["export interface ", &title, parameters, " {\n"]);
    let required = |name| {
        let names = definition.get("required").into_iter();
        names
            .flat_map(Value::items)
            .any(|item| item.as_str() == Some(name))
    };
    for (name, property) in properties.members() {
        comment(property, "  ", text);
        let optional = if required(name) { "" } else { "?" };
        let kind = match name {
            "name" if is_generic => "Name".to_owned(),
            _ => type_of(property),
        };
        text.extend(["  ", name, optional, ": ", &kind, ";\n"]);
    }
    *text += "  [member: string]: unknown;\n}\n";
}

fn comment(schema: Value<'_, '_>, indent: &str, text: &mut String) {
    if let Some(description) = schema.get("description").and_then(Value::as_str) {
        text.extend([indent, "/** ", description, " */\n"]);
    }
}

/// The type of what a schema accepts.
fn type_of(schema: Value<'_, '_>) -> String {
    let [kind, reference, examples, pattern, items, others] = schema.pick(&[
        "type",
        "$ref",
        "examples",
        "pattern",
        "items",
        "additionalProperties",
    ]);
    let word = kind.and_then(Value::as_str);
    if let Some(examples) = examples.filter(|_| pattern.is_none()) {
        let known: Vec<String> = examples.items().filter_map(literal).collect();
        let known = known.join(" | ");
        return match word {
            Some("integer") => known,
            // Suggested by editors, and no limit.
            _ => known + " | (string & {})",
        };
    }
    if let Some(reference) = reference.and_then(Value::as_str) {
        return pascal(reference.rsplit('/').next().unwrap_or_default());
    }
    if let Some(kinds) = kind.filter(|kind| kind.kind() == Kind::Array) {
        let kinds: Vec<&str> = kinds.items().filter_map(Value::as_str).collect();
        return kinds.join(" | ");
    }
    match (word, items, others) {
        (Some("array"), Some(items), _) => type_of(items) + "[]",
        (Some("object"), _, Some(others)) => {
            format!("{{ [member: string]: {} }}", type_of(others))
        }
        (Some("object"), ..) => "JsonObject".to_owned(),
        (Some("integer" | "number"), ..) => "number".to_owned(),
        (Some("string"), ..) => "string".to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn literal(value: Value<'_, '_>) -> Option<String> {
    match (value.as_str(), value.as_u64()) {
        (Some(text), _) => Some(format!("\"{text}\"")),
        (None, Some(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// `credentialPayload` as `CredentialPayload`.
fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every name that the schema gives to a member, every value that it lists, and every definition it refers to.
    fn words(schema: &serde_json::Value, found: &mut Vec<String>) {
        match schema {
            serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, found)),
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    match (key.as_str(), value) {
                        ("properties", serde_json::Value::Object(properties)) => {
                            found.extend(properties.keys().cloned());
                        }
                        ("enum", serde_json::Value::Array(values)) => {
                            found.extend(values.iter().map(ToString::to_string));
                        }
                        ("examples", serde_json::Value::Array(values))
                            if !members.contains_key("pattern") =>
                        {
                            found.extend(values.iter().map(ToString::to_string));
                        }
                        ("const", value) => found.push(value.to_string()),
                        ("$ref", serde_json::Value::String(name)) if !name.contains("named") => {
                            let name = name.rsplit('/').next().unwrap();
                            if !["hasName", "event"].contains(&name) {
                                found.push(pascal(name));
                            }
                        }
                        _ => {}
                    }
                    words(value, found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn says_all_that_the_schema_says() {
        let text = typescript();
        let schema: serde_json::Value = serde_json::from_str(schema()).unwrap();
        let mut found = Vec::new();
        words(&schema, &mut found);
        assert!(found.len() > 80, "{found:?}");
        for word in found {
            assert!(text.contains(&word), "{word}\n{text}");
        }
        for event in &CATALOGUE {
            assert!(text.contains(&format!("\"{}\": ", event.name)), "{text}");
        }
        assert!(
            !text.contains("unknown |") && !text.contains("= unknown"),
            "{text}"
        );
    }

    #[test]
    fn payloads_are_those_of_the_schema() {
        let schema: serde_json::Value = serde_json::from_str(schema()).unwrap();
        let groups = &schema["$defs"]["named"];
        let path = "/properties/header/properties/event/properties/name";
        for (group, payload) in [
            ("credential", "CredentialPayload"),
            ("documents", "DocumentsPayload"),
            ("object", "JsonObject"),
            ("transactions", "JsonObject[]"),
        ] {
            let names = groups[group].pointer(path).unwrap();
            let names = names
                .get("enum")
                .and_then(|names| names.as_array())
                .cloned();
            let one = || vec![groups[group].pointer(path).unwrap()["const"].clone()];
            for name in names.unwrap_or_else(one) {
                let line = format!("  {name}: {payload};\n");
                assert!(typescript().contains(&line), "{line}");
            }
        }
    }
}
