//! A call of the API, taken apart: its path, its parameters, and the key by which two spellings of one call are equal.

use super::Problem;
use super::object_id::ObjectId;
use crate::domain::percent;

/// Parameters that say who asks and how the answer shall look, not what is asked for.
const ASIDE: [&str; 4] = ["api_key", "id_user", "pretty", "token"];

/// A path and its parameters, without percent-encoding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    segments: Vec<String>,
    /// In order of their names.
    parameters: Vec<(String, String)>,
}

impl Call {
    /// Reads a request target, a path or a URL, whose scheme and host say nothing here. `None` for what has no path.
    #[must_use]
    pub fn parse(target: &str) -> Option<Self> {
        let target = target.split('#').next().unwrap_or_default();
        let path = match target.split_once("://") {
            Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
                rest.find(['/', '?']).and_then(|start| rest.get(start..))?
            }
            _ => target,
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let segments = path.strip_prefix('/')?.split('/');
        let mut parameters: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let decode = |text| percent::decode_parameter(text).into_owned();
                (decode(name), decode(value))
            })
            .collect();
        parameters.sort();
        Some(Self {
            segments: segments
                .map(|segment| percent::decode(segment).into_owned())
                .collect(),
            parameters,
        })
    }

    /// The same for every spelling: neither the order of the parameters nor their encoding counts, nor do those that say
    /// who asks (`token`, `api_key`, `id_user`) or how the answer shall look (`pretty`).
    #[must_use]
    pub fn key(&self) -> String {
        let path = self.segments.iter();
        let mut key: String = path
            .flat_map(|segment| ["/".to_owned(), percent::encode(segment)])
            .collect();
        let asked = self.parameters.iter();
        for (name, value) in asked.filter(|(name, _)| !ASIDE.contains(&name.as_str())) {
            key.push(if key.contains('?') { '&' } else { '?' });
            key += &percent::encode(name);
            key.push('=');
            key += &percent::encode(value);
        }
        key
    }

    /// The id of the credential or the job that it is about.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        let in_path = match self.path().as_slice() {
            ["v1", "credentials", id] => ObjectId::parse(id),
            _ => None,
        };
        let named = |name| self.id(name).ok().flatten();
        in_path
            .or_else(|| named("id_credential"))
            .or_else(|| named("id_job_webhook"))
            .map(|id| id.as_str().to_owned())
    }

    /// The segments of the path.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &'static str) -> Result<Option<&str>, Problem> {
        let mut values = self.parameters.iter().filter(|(given, _)| given == name);
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(Problem::Repeated(name)),
            (value, _) => Ok(value.map(|(_, value)| value.as_str())),
        }
    }

    /// The value of a parameter that is a whole number.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, Problem> {
        let Some(value) = self.parameter(name)? else {
            return Ok(None);
        };
        // `+5` parses too.
        let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|_| is_plain);
        number.map(Some).ok_or(Problem::Number(name))
    }

    /// The value of a parameter that is an id.
    pub(super) fn id(&self, name: &'static str) -> Result<Option<ObjectId>, Problem> {
        let Some(value) = self.parameter(name)? else {
            return Ok(None);
        };
        ObjectId::parse(value).map(Some).ok_or(Problem::Id(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(target: &str) -> String {
        Call::parse(target).unwrap().key()
    }

    #[test]
    fn spellings_of_one_call_are_equal() {
        let expected = "/v1/transactions?id_credential=a&limit=5&skip=0";
        for spelling in [
            "/v1/transactions?id_credential=a&limit=5&skip=0",
            "/v1/transactions?skip=0&limit=5&id_credential=a",
            "https://api.syncfy.com/v1/transactions?id_credential=%61&li%6Dit=5&skip=0#x",
            "http://127.0.0.1:4001/v1/tr%61nsactions?&id_credential=a&&limit=5&skip=0",
            "/v1/transactions?token=t&id_credential=a&limit=5&skip=0&api_key=k&id_user=u&pretty=1",
        ] {
            assert_eq!(key(spelling), expected, "{spelling}");
        }
        for other in [
            "/v1/transactions?id_credential=a&limit=5",
            "/v1/transactions?id_credential=a&limit=5&skip=0&skip=0",
            "/v1/transactions/?id_credential=a&limit=5&skip=0",
            "/V1/transactions?id_credential=a&limit=5&skip=0",
        ] {
            assert_ne!(key(other), expected, "{other}");
        }
    }

    #[test]
    fn a_slash_in_a_segment_is_none_of_the_path() {
        assert_ne!(key("/a%2Fb"), key("/a/b"));
        assert_eq!(key("/a?b%3Dc=d%26"), "/a?b%3Dc=d%26");
        assert_eq!(key("/a?b"), key("/a?b="));
    }

    #[test]
    fn what_has_no_path_is_no_call() {
        for text in ["", "v1/accounts", "https://api.syncfy.com", "?a=b", "*"] {
            assert_eq!(Call::parse(text), None, "{text}");
        }
    }
}
