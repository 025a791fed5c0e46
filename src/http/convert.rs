//! Between hyper's words and ours.
//!
//! hyper gives header names in lower case and groups the values of a name: their order and number are kept.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::domain::headers::{Header, Headers};
use crate::domain::reply::Answer;

pub(super) fn headers(map: &HeaderMap) -> Headers {
    map.iter()
        .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
        .collect()
}

/// A map of hyper's takes some 24,000 names and panics beyond; no server takes as many as this.
const MOST_HEADERS: usize = 10_000;

/// Why a request made by hand cannot go over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("it has more than {MOST_HEADERS} headers")]
    TooManyHeaders,
    #[error("HTTP cannot carry its header `{0}`")]
    Header(String),
}

/// All of the fields, or why not: leaving some out would send another request than the one that was meant.
pub(super) fn header_map(headers: &Headers) -> Result<HeaderMap, Unfit> {
    if headers.len() > MOST_HEADERS {
        return Err(Unfit::TooManyHeaders);
    }
    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(&header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(Unfit::Header(header.name.clone()));
        };
        map.append(name, value);
    }
    Ok(map)
}

pub(super) fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() =
        header_map(&answer.headers).expect("the fields of an answer are our own or came over HTTP");
    response
}
