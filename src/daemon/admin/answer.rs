//! What is answered to which request: nothing here waits for anything.

use std::sync::Arc;

use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode, Uri};
use serde_json::json;

use super::health::Health;
use super::page::Page;
use crate::protocol::state::State;
use crate::telemetry::metrics;

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

/// What there is to ask for.
const PATHS: &str = "/livez, /readyz, /metrics, /version";

/// Answers out of what is known.
pub(super) struct Asked {
    health: Arc<Health>,
    page: Page,
}

impl Asked {
    pub(super) fn new(health: Arc<Health>) -> Self {
        Self {
            health,
            page: Page::default(),
        }
    }

    /// The answer to a request. To HEAD it is the same, and the body is left out on the way.
    pub(super) fn answer(&self, method: &Method, uri: &Uri) -> Response<String> {
        let known = match uri.path() {
            "/livez" => Self::livez,
            "/readyz" => Self::readyz,
            "/metrics" => Self::metrics,
            "/version" => Self::version,
            _ => {
                let what = format!("no such page; there are {PATHS}\n");
                return respond(StatusCode::NOT_FOUND, TEXT, what);
            }
        };
        if method != Method::GET && method != Method::HEAD {
            let what = "this is only read: GET and HEAD\n".to_owned();
            let mut response = respond(StatusCode::METHOD_NOT_ALLOWED, TEXT, what);
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
            return response;
        }
        known(self, uri)
    }

    #[expect(
        clippy::unused_self,
        reason = "that it answers at all is what is asked for"
    )]
    fn livez(&self, _: &Uri) -> Response<String> {
        respond(StatusCode::OK, TEXT, "ok\n".to_owned())
    }

    fn readyz(&self, uri: &Uri) -> Response<String> {
        let report = self.health.report();
        let status = if report.is_ready() {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        if wants_json(uri) {
            respond(status, JSON, format!("{}\n", report.json()))
        } else {
            respond(status, TEXT, report.text())
        }
    }

    fn metrics(&self, _: &Uri) -> Response<String> {
        let page = self.page.show(&self.health);
        respond(StatusCode::OK, metrics::MEDIA_TYPE, page)
    }

    #[expect(clippy::unused_self, reason = "it is a page like the others")]
    fn version(&self, _: &Uri) -> Response<String> {
        let version = json!({
            "name": "aurad",
            "version": env!("CARGO_PKG_VERSION"),
            "rules_version": State::NEWEST_RULES,
            "os": std::env::consts::OS,
            "arch": std::env::consts::ARCH,
        });
        respond(StatusCode::OK, JSON, format!("{version}\n"))
    }
}

/// Whether `format=json` is among what stands behind the question mark.
fn wants_json(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    query.split('&').any(|pair| pair == "format=json")
}

fn respond(status: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &Method, uri: &str) -> (u16, String) {
        let asked = Asked::new(Arc::default());
        let response = asked.answer(method, &uri.parse().unwrap());
        (response.status().as_u16(), response.into_body())
    }

    #[test]
    fn only_what_is_there_is_answered_and_only_read() {
        assert_eq!(ask(&Method::GET, "/livez"), (200, "ok\n".to_owned()));
        assert_eq!(ask(&Method::HEAD, "/livez").0, 200);
        for path in ["/", "/healthz", "/livez/", "/readyz/x", "*", "/%6civez"] {
            let (status, body) = ask(&Method::GET, path);
            assert_eq!(status, 404, "{path}");
            assert!(body.contains("/readyz"), "{body}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            assert_eq!(ask(&method, "/readyz").0, 405, "{method}");
        }
    }

    #[test]
    fn readiness_is_text_unless_json_is_asked_for() {
        let (status, text) = ask(&Method::GET, "/readyz?verbose");
        assert_eq!(status, 503);
        assert!(text.starts_with("[-]daemon failed: starting\n"), "{text}");
        let (status, json) = ask(&Method::GET, "/readyz?verbose&format=json");
        assert_eq!(status, 503);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["daemon"], "starting");
    }

    #[test]
    fn the_version_is_this_one() {
        let (_, json) = ask(&Method::GET, "/version");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
    }
}
