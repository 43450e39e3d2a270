use super::*;

fn headers(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(
        http::HeaderName::from_static("grpc-timeout"),
        http::HeaderValue::from_str(value).unwrap(),
    )])
}

#[test]
fn a_timeout_becomes_a_deadline() {
    for (value, expected) in [
        ("2H", Duration::from_hours(2)),
        ("3M", Duration::from_mins(3)),
        ("11S", Duration::from_secs(11)),
        ("70000m", Duration::from_secs(70)),
        ("5u", Duration::from_micros(5)),
        ("99999999n", Duration::from_nanos(99_999_999)),
        ("0S", Duration::ZERO),
    ] {
        assert_eq!(timeout(value), Some(expected), "{value}");
        let before = Instant::now();
        let deadline = deadline(&headers(value)).unwrap().unwrap();
        assert!(deadline >= before + expected, "{value}");
        assert!(deadline <= Instant::now() + expected, "{value}");
    }
    assert_eq!(deadline(&HeaderMap::new()).unwrap(), None);
    // The longest there is: more than eleven thousand years.
    deadline(&headers("99999999H")).unwrap();
}

#[test]
fn a_timeout_that_is_none_is_refused() {
    for value in [
        "",
        "S",
        "1",
        "1s",
        "-1S",
        "+1S",
        "123456789S",
        "1.5S",
        "1 S",
    ] {
        let status = deadline(&headers(value)).unwrap_err();
        assert_eq!(status.code(), tonic::Code::Internal, "{value:?}");
    }
    let mut odd = headers("1S");
    odd.insert(
        "grpc-timeout",
        http::HeaderValue::from_bytes(b"1\xc3\xa4").unwrap(),
    );
    assert!(deadline(&odd).is_err());
}
