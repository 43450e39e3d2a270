//! Which texts are addresses, and what is said of those that are none.

use super::User;
use crate::config::{Address, AddressError, aurad};

fn address(text: &str) -> Result<Address, String> {
    text.parse()
        .map_err(|error: AddressError| error.to_string())
}

#[test]
fn addresses_of_this_machine() {
    let loopback = |text| address(text).unwrap().is_loopback();
    for text in [
        "localhost:1",
        "LOCALHOST:1",
        "127.0.0.1:1",
        "127.9.9.9:1",
        "[::1]:1",
        "[::ffff:127.0.0.1]:1",
        "https://localhost:1",
    ] {
        assert!(loopback(text), "{text}");
    }
    for text in [
        "localhost.example:1",
        "10.0.0.1:1",
        "0.0.0.0:1",
        "[::]:1",
        "[::2]:1",
        "127.0.0.1.example:1",
    ] {
        assert!(!loopback(text), "{text}");
    }
}

#[test]
fn addresses_that_are_some() {
    for (text, url) in [
        ("localhost:7233", "http://localhost:7233"),
        ("127.0.0.1:1", "http://127.0.0.1:1"),
        ("[::1]:7233", "http://[::1]:7233"),
        (
            "temporal_frontend.example.:65535",
            "http://temporal_frontend.example.:65535",
        ),
        ("http://h:80", "http://h:80"),
        ("HTTP://h:80/", "http://h:80"),
    ] {
        assert_eq!(address(text).unwrap().url(false), url, "{text}");
    }
    for (text, scheme) in [
        ("h:1", None),
        ("http://h:1", Some(false)),
        ("HTTPS://h:1/", Some(true)),
    ] {
        let address = address(text).unwrap();
        assert_eq!(address.scheme(), scheme, "{text}");
        assert_eq!(address.url(true), "https://h:1");
    }
    let address = address("http://[::1]:7233").unwrap();
    assert_eq!((address.host(), address.port()), ("[::1]", 7233));
    assert_eq!(address.to_string(), "[::1]:7233");
}

#[test]
fn addresses_that_are_none() {
    for (text, fault) in [
        ("", "has no port"),
        ("localhost", "has no port"),
        ("localhost:", "has no port"),
        ("[::1]", "has no port"),
        ("[::1", "has no port"),
        (":7233", "has no host"),
        ("http://:1", "has no host"),
        ("localhost:0", "has an invalid port"),
        ("localhost:65536", "has an invalid port"),
        ("localhost:+80", "has an invalid port"),
        ("localhost:http", "has an invalid port"),
        ("::1:7233", "is ambiguous"),
        ("[zz]:1", "has an invalid host"),
        ("[]:1", "has an invalid host"),
        ("user@host:1", "has an invalid host"),
        (" host:1", "has an invalid host"),
        ("ho st:1", "has an invalid host"),
        ("höst:1", "has an invalid host"),
        ("--:1", "has an invalid host"),
        ("http://h:1/x", "has a path"),
        ("dns:///h:1", "has an unknown scheme"),
    ] {
        let error = address(text).unwrap_err();
        assert!(
            error.starts_with(&format!("the address {fault}: ")),
            "{text}: {error}"
        );
    }
}

#[test]
fn an_address_that_is_none_is_named_with_its_source() {
    let user = User::new().with("TEMPORAL_ADDRESS", "ftp://x:1");
    let error = user.refusal();
    assert!(!error.is_usage());
    assert_eq!(
        user.parts(&error),
        [
            "TEMPORAL_ADDRESS 'ftp://x:1' has an unknown scheme",
            "only http:// and https:// may stand before host:port",
            "correct the variable TEMPORAL_ADDRESS, or unset it: write host:port, for \
             example localhost:7233",
        ]
    );
    let flags = aurad::Flags {
        address: Some("x".into()),
        ..Default::default()
    };
    let error = user.aurad_with(flags).unwrap_err();
    assert!(error.is_usage());
    assert_eq!(
        user.parts(&error),
        [
            "--address 'x' has no port",
            "an address is host:port",
            "correct --address: write host:port, for example localhost:7233",
        ]
    );
}
