//! The JSON Schema of a notification.

/// JSON Schema (2020-12) of a Webhooks V3 notification, kept by hand beside the rules. It accepts every documented
/// shape and every unknown event.
#[must_use]
pub fn schema() -> &'static str {
    include_str!("schema.json")
}

#[cfg(test)]
mod tests {
    use super::schema;
    use crate::domain::notification::{Environment, event, time};

    #[test]
    fn names_what_the_catalogue_names() {
        let schema: serde_json::Value = serde_json::from_str(schema()).unwrap();
        let header = &schema["$defs"]["eventHeader"]["properties"];
        let names: Vec<&str> = header["name"]["examples"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|name| name.as_str())
            .collect();
        for known in &event::CATALOGUE {
            assert!(names.contains(&known.name), "{}", known.name);
        }
        assert_eq!(header["at"]["examples"][0], time::EXAMPLE);
        let text = schema.to_string();
        assert!(
            Environment::ALL
                .iter()
                .all(|environment| text.contains(environment.id()))
        );
    }
}
