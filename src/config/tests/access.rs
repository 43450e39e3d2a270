//! How a connection is secured: Temporal's own configuration below ours, what needs TLS,
//! and everything that is refused rather than ignored.

use super::{User, row};
use crate::config::{Error, Security, aura_msg, aurad};

const PROFILE: &str = ".config/temporalio/temporal.toml";
const KEY: &str = "hush-hush-key";
const CERT: &str = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nhush-hush-x\n-----END PRIVATE KEY-----\n";

fn security(user: &User) -> Result<Security, Error> {
    let client = user.aura_msg();
    let answer = client.access.security(&client.address);
    // Both programs make the same of it, and say the same.
    assert_eq!(user.aurad().security(), answer);
    answer
}

fn refused_by(user: &User) -> String {
    let error = security(user).unwrap_err();
    assert!(!error.is_usage());
    let parts = user.parts(&error).join(" | ");
    assert!(!parts.contains("hush-hush"), "{parts}");
    parts
}

fn tls(user: &User) -> bool {
    security(user).unwrap().tls.is_some()
}

#[test]
fn without_a_word_nothing_is_secured() {
    assert_eq!(security(&User::new()), Ok(Security::default()));
}

#[test]
fn whatever_needs_tls_turns_it_on() {
    for (name, value) in [
        ("TEMPORAL_TLS", "true"),
        ("TEMPORAL_ADDRESS", "https://h:1"),
        ("TEMPORAL_API_KEY", KEY),
        ("TEMPORAL_TLS_SERVER_NAME", "name"),
        ("TEMPORAL_TLS_SERVER_CA_CERT_DATA", CERT),
    ] {
        assert!(tls(&User::new().with(name, value)), "{name}");
    }
    assert!(!tls(&User::new().with("TEMPORAL_ADDRESS", "http://h:1")));
    assert!(!tls(&User::new().with("TEMPORAL_TLS", "false")));
}

#[test]
fn a_profile_counts_below_our_file_and_is_told_as_the_source() {
    let user = User::new().config("[aura-msg]\nnamespace = 'ours'\n");
    let file = user.write(
        PROFILE,
        format!(
            "[profile.default]\naddress = 'theirs:1'\nnamespace = 'theirs'\napi_key = '{KEY}'\n\
             [profile.default.tls]\nserver_name = 'sni'\n[profile.default.grpc_meta]\nTeam_X = 'hush-hush'\n\
             [profile.other]\naddress = 'other:2'\n"
        ),
    );
    let source = format!("file {} [profile.default]", file.display());
    let rows = user.aura_msg().describe();
    for (name, value) in [
        ("address", "theirs:1"),
        ("api_key", "(set)"),
        ("tls_server_name", "sni"),
        ("grpc_meta", "team-x (set)"),
    ] {
        assert_eq!(row(&rows, name), (value.to_owned(), source.clone()));
    }
    assert_eq!(row(&rows, "namespace").0, "ours");
    assert_eq!(row(&user.aurad().describe(), "namespace").0, "theirs");
    let shown = format!("{:?} {rows:?}", user.aurad());
    assert!(!shown.contains("hush-hush"), "{shown}");
    let found = security(&user).unwrap();
    assert_eq!(found.api_key.unwrap().reveal(), KEY);
    assert_eq!(found.grpc_meta["team-x"].reveal(), "hush-hush");

    let user = user.with("TEMPORAL_PROFILE", "other");
    assert_eq!(row(&user.aura_msg().describe(), "address").0, "other:2");
    let user = user.with("TEMPORAL_ADDRESS", "env:3");
    assert_eq!(row(&user.aura_msg().describe(), "address").0, "env:3");
    let flags = aura_msg::Flags {
        access: crate::config::AccessFlags {
            profile: Some("default".into()),
            ..Default::default()
        },
        ..Default::default()
    };
    let by_flag = user.aura_msg_with(flags).unwrap();
    assert_eq!(row(&by_flag.describe(), "tls_server_name").0, "sni");
    let user = User::new().config("[aurad]\nprofile = 'p'\n");
    user.write("t.toml", "[profile.p]\nnamespace = 'n'\n");
    let named = user.home("t.toml");
    let user = user.with("TEMPORAL_CONFIG_FILE", named);
    assert_eq!(row(&user.aurad().describe(), "namespace").0, "n");
}

#[test]
fn a_profile_or_file_that_is_named_has_to_be_there_and_right() {
    let user = User::new().with("TEMPORAL_PROFILE", "none");
    assert!(
        user.refusal()
            .what()
            .contains("'none' (env TEMPORAL_PROFILE)")
    );
    user.write(PROFILE, "[profile.a]\n[profile.b]\n");
    assert!(user.refusal().why().contains("has: a, b"));
    let user = User::new().with("TEMPORAL_CONFIG_FILE", "/nowhere.toml");
    assert!(user.refusal().what().contains("/nowhere.toml"));
    let user = User::new();
    user.write(PROFILE, "[profile.default]\napi_key = 'hush-hush\n");
    let parts = user.parts(&user.refusal()).join(" | ");
    assert!(parts.contains("temporal.toml:2"), "{parts}");
    assert!(!parts.contains("hush-hush"), "{parts}");
    user.write(PROFILE, "[profile.default]\nadress = 'h:1'\n");
    let parts = user.parts(&user.refusal()).join(" | ");
    assert!(parts.contains("adress"), "{parts}");
    user.write(PROFILE, "[profile.default]\naddress = 'h'\n");
    let parts = user.parts(&user.refusal()).join(" | ");
    assert!(
        parts.contains("address in [profile.default] 'h' has no port"),
        "{parts}"
    );
}

#[test]
fn what_the_sdk_would_ignore_is_refused() {
    for (variables, wanted) in [
        (
            &[("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "true")][..],
            "host verification is turned off (env TEMPORAL_TLS_DISABLE_HOST_VERIFICATION)",
        ),
        (
            &[("TEMPORAL_CODEC_ENDPOINT", "http://codec")],
            "a codec server is configured (env TEMPORAL_CODEC_ENDPOINT)",
        ),
        (&[("TEMPORAL_CODEC_AUTH", "hush-hush")], "a codec server"),
        (
            &[
                ("TEMPORAL_API_KEY", KEY),
                ("TEMPORAL_ADDRESS", "http://h:1"),
            ],
            "there is an API key (env TEMPORAL_API_KEY), and the address begins with http://",
        ),
        (
            &[("TEMPORAL_API_KEY", KEY), ("TEMPORAL_TLS", "false")],
            "there is an API key (env TEMPORAL_API_KEY), and TLS is turned off",
        ),
        (
            &[("TEMPORAL_TLS", "true"), ("TEMPORAL_ADDRESS", "http://h:1")],
            "the address begins with http:// (env TEMPORAL_ADDRESS), and TLS is turned on",
        ),
        (
            &[
                ("TEMPORAL_TLS", "false"),
                ("TEMPORAL_ADDRESS", "https://h:1"),
            ],
            "the address begins with https:// (env TEMPORAL_ADDRESS), and TLS is turned off",
        ),
        (
            &[("TEMPORAL_TLS", "false"), ("TEMPORAL_TLS_SERVER_NAME", "n")],
            "TLS is turned off, and there is a setting of it",
        ),
        (
            &[("TEMPORAL_TLS_CLIENT_CERT_DATA", CERT)],
            "a client certificate (env TEMPORAL_TLS_CLIENT_CERT_DATA) without its private key",
        ),
        (
            &[("TEMPORAL_TLS_CLIENT_KEY_DATA", PRIVATE)],
            "a private key (env TEMPORAL_TLS_CLIENT_KEY_DATA) without its certificate",
        ),
        (
            &[
                ("TEMPORAL_TLS_CLIENT_CERT_DATA", CERT),
                ("TEMPORAL_TLS_CLIENT_KEY_DATA", "hush-hush"),
            ],
            "what env TEMPORAL_TLS_CLIENT_KEY_DATA has is no private key",
        ),
        (
            &[("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/nowhere.pem")],
            "cannot read the CA certificate in /nowhere.pem",
        ),
        (
            &[("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/etc/passwd")],
            "is no CA certificate",
        ),
        (
            &[("TEMPORAL_API_KEY", KEY), ("TEMPORAL_API_KEY_FILE", "/k")],
            "env TEMPORAL_API_KEY_FILE and env TEMPORAL_API_KEY are both set",
        ),
        (
            &[("TEMPORAL_API_KEY", "hush-hush two words")],
            "is no API key",
        ),
        (
            &[("TEMPORAL_API_KEY_FILE", "/nowhere")],
            "cannot read the API key in /nowhere",
        ),
    ] {
        let user = variables
            .iter()
            .fold(User::new(), |user, (name, value)| user.with(name, *value));
        let said = refused_by(&user);
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    // The same in a profile.
    for (text, wanted) in [
        (
            "[profile.default.tls]\ndisable_host_verification = true\n",
            "host verification",
        ),
        (
            "[profile.default.codec]\nendpoint = 'http://c'\n",
            "a codec server",
        ),
    ] {
        let user = User::new();
        user.write(PROFILE, text);
        let said = refused_by(&user);
        assert!(
            said.contains(wanted) && said.contains("[profile.default]"),
            "{said}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_refused_at_once_and_no_secret_is_told() {
    for (name, value) in [
        ("TEMPORAL_TLS", "yes"),
        ("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "maybe"),
        ("TEMPORAL_GRPC_META_AUTHORIZATION", "hush-hush"),
        ("TEMPORAL_GRPC_META_X_BIN", "hush-hush"),
        ("TEMPORAL_GRPC_META_X", "hush-hush\u{7}"),
    ] {
        let user = User::new().with(name, value);
        let parts = user.parts(&user.refusal()).join(" | ");
        assert!(parts.contains("TEMPORAL_"), "{parts}");
        assert!(!parts.contains("hush-hush"), "{parts}");
    }
    let user = User::new()
        .with("TEMPORAL_TLS_CLIENT_CERT_PATH", "/c")
        .with("TEMPORAL_TLS_CLIENT_CERT_DATA", CERT);
    assert!(user.refusal().what().contains("are both set"));
}

#[test]
fn metadata_is_put_together_from_all_sources() {
    let user = User::new()
        .config("[aura-msg]\ngrpc_meta = { a = 'file', b = 'file' }\n[aurad]\ngrpc_meta = { a = 'file', b = 'file' }\n")
        .with("TEMPORAL_GRPC_META_B", "env")
        .with("TEMPORAL_GRPC_META_X_TEAM", "env");
    let found = security(&user).unwrap();
    let found: Vec<_> = found
        .grpc_meta
        .iter()
        .map(|(name, value)| (name.as_str(), value.reveal()))
        .collect();
    assert_eq!(found, [("a", "file"), ("b", "env"), ("x-team", "env")]);
}

#[test]
fn the_stronger_word_wins_between_a_key_and_its_file() {
    let user = User::new().with("TEMPORAL_API_KEY", KEY);
    let file = user.write("key", "from-the-file\n");
    assert_eq!(security(&user).unwrap().api_key.unwrap().reveal(), KEY);
    let flags = aurad::Flags {
        access: crate::config::AccessFlags {
            api_key_file: Some(file),
            ..Default::default()
        },
        ..Default::default()
    };
    let settings = user.aurad_with(flags).unwrap();
    let key = settings.security().unwrap().api_key.unwrap();
    assert_eq!(key.reveal(), "from-the-file");
    // Turned off by a stronger word than the one that names a certificate, it is off.
    let user = User::new()
        .config("[aura-msg]\ntls_server_name = 'n'\n[aurad]\ntls_server_name = 'n'\n")
        .with("TEMPORAL_TLS", "false");
    assert!(!tls(&user));
    // An engine of its own is reached within the process, whatever the environment says.
    let user = User::new()
        .with("TEMPORAL_API_KEY", KEY)
        .with("TEMPORAL_TLS", "false")
        .with("AURAD_EMBEDDED", "true");
    assert_eq!(user.aurad().security(), Ok(Security::default()));
}
