//! Where spans go: the collector, and what the variables of OpenTelemetry say about it. It
//! leaves out how they get there. What OpenTelemetry's own code reads of its variables
//! (headers, time limits, compression, batches, sampling, the resource) is not looked at.

use std::ffi::OsString;

use super::env::{self, Env};
use super::invalid::Invalid;
use super::source::Setting;
use super::spec::{Context, Shape, Spec};
use super::value;

/// What says that there is no collector.
const NONE: &str = "none";

const KEY: &str = "otlp_endpoint";
const VARIABLES: &[&str] = &[
    env::OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    env::OTEL_EXPORTER_OTLP_ENDPOINT,
];

/// The daemon's setting: what cannot be an address is a mistake.
pub(super) static OF_DAEMON: Spec<Option<String>> = Spec {
    key: KEY,
    alias: None,
    flag: "--otlp-endpoint",
    env: VARIABLES,
    shape: Shape::Text,
    parse: checked,
    default: |_| None,
};

/// The client's: whatever is wrong with it must not keep a command from its work, so it is
/// taken as it is.
pub(super) static OF_CLIENT: Spec<Option<String>> = Spec {
    key: KEY,
    alias: None,
    flag: "",
    env: VARIABLES,
    shape: Shape::Text,
    parse: |words, _| value::text(words).map(endpoint),
    default: |_| None,
};

fn endpoint(text: &str) -> Option<String> {
    (text != NONE).then(|| text.to_owned())
}

fn checked(words: &[OsString], _: Context<'_>) -> Result<Option<String>, Invalid> {
    let text = value::text(words)?;
    let rest = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let is_fine = |rest: &str| {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        (!host.is_empty() || rest.starts_with('[')) && text.parse::<http::Uri>().is_ok()
    };
    if text == NONE || rest.is_some_and(is_fine) {
        return Ok(endpoint(text));
    }
    Err(Invalid::new(
        text,
        "is no collector's address",
        "it begins with http:// or https://; none means that no spans are sent",
        "write http://localhost:4317, for example, where the collector takes OTLP over gRPC",
    ))
}

/// A collector's address for people.
pub(super) fn show(endpoint: Option<&str>) -> String {
    endpoint.unwrap_or(NONE).to_owned()
}

/// A collector that spans are to be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otlp {
    /// Its address.
    pub endpoint: String,
    /// Who has to have signed its certificate, in PEM.
    pub authority: Option<Vec<u8>>,
}

/// The collector, if there is one and the environment does not say that none is to get
/// anything. An error says why it gets nothing all the same.
pub fn collector(
    endpoint: &Setting<Option<String>>,
    env: &dyn Env,
) -> Result<Option<Otlp>, String> {
    let Some(endpoint) = endpoint.value.clone() else {
        return Ok(None);
    };
    let said = |names: [&'static str; 2]| {
        let mut names = names.into_iter();
        names.find_map(|name| Some((name, env.get(name)?.into_string().ok()?)))
    };
    let text = |name: &'static str| env.get(name).and_then(|value| value.into_string().ok());
    let is_disabled = text(env::OTEL_SDK_DISABLED).is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let is_elsewhere = text(env::OTEL_TRACES_EXPORTER).is_some_and(|v| v.trim() != "otlp");
    if is_disabled || is_elsewhere {
        return Ok(None);
    }
    if let Some((name, protocol)) = said([
        env::OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,
        env::OTEL_EXPORTER_OTLP_PROTOCOL,
    ]) && protocol != "grpc"
    {
        return Err(format!(
            "no spans are sent: {name} is {protocol}, and they are sent over grpc only; set it \
             to grpc, and the endpoint to the collector's port for that, which is most often 4317"
        ));
    }
    let certificate = said([
        env::OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE,
        env::OTEL_EXPORTER_OTLP_CERTIFICATE,
    ]);
    let authority = certificate
        .map(|(name, path)| {
            std::fs::read(&path)
                .map_err(|error| format!("no spans are sent: {name} ({path}): {error}"))
        })
        .transpose()?;
    Ok(Some(Otlp {
        endpoint,
        authority,
    }))
}
