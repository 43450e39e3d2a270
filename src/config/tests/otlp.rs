//! Where spans go, and what keeps them from it.

use super::{User, row};
use crate::config::{aurad, otlp};

const COLLECTOR: &str = "http://localhost:4317";

fn endpoint(text: &str) -> aurad::Flags {
    aurad::Flags {
        otlp_endpoint: Some(text.into()),
        ..Default::default()
    }
}

#[test]
fn nobody_gets_any_unless_somebody_says_who() {
    let user = User::new();
    assert_eq!(user.aurad().otlp_endpoint.value, None);
    assert_eq!(user.aura_msg().otlp_endpoint.value, None);
    for (text, shown) in [
        ("none", "none"),
        (COLLECTOR, COLLECTOR),
        ("https://[::1]:4317", "https://[::1]:4317"),
    ] {
        let settings = user.aurad_with(endpoint(text)).unwrap();
        assert_eq!(row(&settings.describe(), "otlp_endpoint").0, shown);
    }
}

#[test]
fn what_is_no_address_is_the_daemons_mistake_and_no_matter_to_a_command() {
    for text in [
        "localhost:4317",
        "ftp://x",
        "http://",
        "http://:1",
        "http://a b",
    ] {
        let error = User::new().aurad_with(endpoint(text)).unwrap_err();
        let what = format!("--otlp-endpoint '{text}' is no collector's address");
        assert_eq!(error.what(), what);
        let user = User::new().with("OTEL_EXPORTER_OTLP_ENDPOINT", text);
        assert_eq!(user.aura_msg().otlp_endpoint.value.as_deref(), Some(text));
    }
}

#[test]
fn opentelemetrys_variables_hold() {
    let collector = |variables: &[(&'static str, &str)]| {
        let user = User::new().with("OTEL_EXPORTER_OTLP_ENDPOINT", COLLECTOR);
        let user = variables
            .iter()
            .fold(user, |user, (name, value)| user.with(name, value));
        otlp::collector(&user.aurad().otlp_endpoint, &user.env)
    };
    let found = collector(&[]).unwrap().unwrap();
    assert_eq!(found.endpoint, COLLECTOR);
    let own = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:1")];
    assert_eq!(
        collector(&own).unwrap().unwrap().endpoint,
        "http://traces:1"
    );
    for (name, value) in [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_EXPORTER", "none"),
    ] {
        assert_eq!(collector(&[(name, value)]), Ok(None), "{name}");
    }
    assert!(collector(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]).is_ok());
    let wrong = collector(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]).unwrap_err();
    assert!(
        wrong.contains("OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf"),
        "{wrong}"
    );
    let missing = collector(&[("OTEL_EXPORTER_OTLP_CERTIFICATE", "/missing.pem")]).unwrap_err();
    assert!(missing.contains("/missing.pem"), "{missing}");
}
