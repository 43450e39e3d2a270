//! How a connection is secured, as the operator says it: TLS with its certificates, an API
//! key, metadata of calls. Both programs have these settings in common. It leaves out
//! reading the files they name, and whether they fit each other; see [`Security`].
//!
//! [`Security`]: super::Security

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::env::{self, Env};
use super::error::Error;
use super::invalid::Invalid;
use super::resolve::Sources;
use super::secret::Secret;
use super::source::{Row, Setting, Source, show_path};
use super::spec::{Context, Shape, Spec};
use super::value::{self, text};

/// What was typed: nothing is checked yet.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--profile`
    pub profile: Option<String>,
    /// `--tls`
    pub tls: bool,
    /// `--tls-ca-path`
    pub tls_ca_path: Option<PathBuf>,
    /// `--tls-cert-path`
    pub tls_cert_path: Option<PathBuf>,
    /// `--tls-key-path`
    pub tls_key_path: Option<PathBuf>,
    /// `--tls-server-name`
    pub tls_server_name: Option<String>,
    /// `--api-key-file`
    pub api_key_file: Option<PathBuf>,
}

/// What it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The profile of `temporal.toml` that was asked for, if any.
    pub profile: Setting<Option<String>>,
    /// Whether to use TLS; none leaves it to the others.
    pub tls: Setting<Option<bool>>,
    /// Who has to have signed the server's certificate; none leaves it to the system.
    pub ca: Setting<Option<Pem>>,
    /// The certificate to show.
    pub cert: Setting<Option<Pem>>,
    /// Its private key.
    pub key: Setting<Option<Pem>>,
    /// The name that the server's certificate has to have; none is its address.
    pub server_name: Setting<Option<String>>,
    /// The file that has the API key.
    pub api_key_file: Setting<Option<PathBuf>>,
    /// The API key itself, from the environment or a profile.
    pub api_key: Setting<Option<Secret>>,
    /// Metadata of each call.
    pub grpc_meta: Setting<BTreeMap<String, Secret>>,
    /// Host verification is turned off, which is refused.
    pub(super) unverified: Setting<bool>,
    /// A codec is named, which is refused.
    pub(super) codec: Setting<bool>,
}

/// Where a certificate or key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pem {
    /// In this file.
    File(PathBuf),
    /// It is this.
    Data(Secret),
}

macro_rules! spec {
    ($name:ident: $type:ty, $key:literal, $flag:literal, [$($env:path),*], $shape:ident, $parse:expr, $default:expr) => {
        pub(super) static $name: Spec<$type> = Spec {
            key: $key,
            alias: None,
            flag: $flag,
            env: &[$($env),*],
            shape: Shape::$shape,
            parse: $parse,
            default: $default,
        };
    };
}

spec!(PROFILE: Option<String>, "profile", "--profile", [env::TEMPORAL_PROFILE], Text, some_text, |_| None);
spec!(TLS: Option<bool>, "tls", "--tls", [env::TEMPORAL_TLS], Switch, some_switch, |_| None);
spec!(CA: Option<PathBuf>, "tls_ca_path", "--tls-ca-path", [env::TEMPORAL_TLS_SERVER_CA_CERT_PATH], Text, some_path, |_| None);
spec!(CERT: Option<PathBuf>, "tls_cert_path", "--tls-cert-path", [env::TEMPORAL_TLS_CLIENT_CERT_PATH], Text, some_path, |_| None);
spec!(KEY: Option<PathBuf>, "tls_key_path", "--tls-key-path", [env::TEMPORAL_TLS_CLIENT_KEY_PATH], Text, some_path, |_| None);
spec!(SERVER_NAME: Option<String>, "tls_server_name", "--tls-server-name", [env::TEMPORAL_TLS_SERVER_NAME], Text, some_text, |_| None);
spec!(API_KEY_FILE: Option<PathBuf>, "api_key_file", "--api-key-file", [env::TEMPORAL_API_KEY_FILE], Text, some_path, |_| None);
spec!(GRPC_META: BTreeMap<String, Secret>, "grpc_meta", "", [], Table, metadata, |_| BTreeMap::new());
// These are no keys of our file: secrets, which are not to stand in it, and what is refused.
spec!(CA_DATA: Option<Secret>, "tls_ca_data", "", [env::TEMPORAL_TLS_SERVER_CA_CERT_DATA], Text, secret, |_| None);
spec!(CERT_DATA: Option<Secret>, "tls_cert_data", "", [env::TEMPORAL_TLS_CLIENT_CERT_DATA], Text, secret, |_| None);
spec!(KEY_DATA: Option<Secret>, "tls_key_data", "", [env::TEMPORAL_TLS_CLIENT_KEY_DATA], Text, secret, |_| None);
spec!(API_KEY: Option<Secret>, "api_key", "", [env::TEMPORAL_API_KEY], Text, secret, |_| None);
spec!(UNVERIFIED: bool, "tls_disable_host_verification", "", [env::TEMPORAL_TLS_DISABLE_HOST_VERIFICATION], Switch, value::switch, |_| false);
spec!(CODEC: bool, "codec_endpoint", "", [env::TEMPORAL_CODEC_ENDPOINT, env::TEMPORAL_CODEC_AUTH], Text, |_, _| Ok(true), |_| false);

impl Access {
    /// Weighs all sources.
    pub(super) fn resolve(
        sources: &Sources<'_>,
        profile: Setting<Option<String>>,
        flags: Flags,
    ) -> Result<Self, Error> {
        Ok(Self {
            profile,
            tls: sources.resolve(&TLS, flags.tls.then_some("true"))?,
            ca: pem(sources, &CA, flags.tls_ca_path, &CA_DATA)?,
            cert: pem(sources, &CERT, flags.tls_cert_path, &CERT_DATA)?,
            key: pem(sources, &KEY, flags.tls_key_path, &KEY_DATA)?,
            server_name: sources.resolve(&SERVER_NAME, flags.tls_server_name)?,
            api_key_file: sources.resolve(&API_KEY_FILE, flags.api_key_file)?,
            api_key: sources.resolve(&API_KEY, None::<String>)?,
            grpc_meta: with_variables(sources.resolve(&GRPC_META, None::<String>)?, sources.env())?,
            unverified: sources.resolve(&UNVERIFIED, None::<String>)?,
            codec: sources.resolve(&CODEC, None::<String>)?,
        })
    }

    /// The settings for people. Secrets are not shown.
    pub(super) fn describe(&self) -> Vec<Row> {
        let none = || "none".to_owned();
        let text = |text: &Option<String>| text.clone().unwrap_or_else(none);
        let pem = |pem: &Option<Pem>| match pem {
            None => none(),
            Some(Pem::File(path)) => path.display().to_string(),
            Some(Pem::Data(secret)) => secret.to_string(),
        };
        let switch =
            |on: &Option<bool>| on.map_or_else(|| "if needed".to_owned(), |on| on.to_string());
        vec![
            self.profile.row(PROFILE.key, text),
            self.tls.row(TLS.key, switch),
            self.ca.row(CA.key, pem),
            self.cert.row(CERT.key, pem),
            self.key.row(KEY.key, pem),
            self.server_name.row(SERVER_NAME.key, text),
            self.api_key_file
                .row(API_KEY_FILE.key, |path| show_path(path.as_deref())),
            self.api_key.row(API_KEY.key, |key| {
                key.as_ref().map_or_else(none, Secret::to_string)
            }),
            self.grpc_meta.row(GRPC_META.key, |meta| {
                let names: Vec<_> = meta
                    .iter()
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect();
                if names.is_empty() {
                    none()
                } else {
                    names.join(", ")
                }
            }),
        ]
    }
}

/// A certificate or key, which is in a file or is text itself. Two that say it with the same
/// right contradict each other.
fn pem(
    sources: &Sources<'_>,
    path: &Spec<Option<PathBuf>>,
    flag: Option<PathBuf>,
    data: &Spec<Option<Secret>>,
) -> Result<Setting<Option<Pem>>, Error> {
    let file = sources.resolve(path, flag)?;
    let text = sources.resolve(data, None::<String>)?;
    if let (Some(_), Some(_)) = (&file.value, &text.value)
        && file.source.layer() == text.source.layer()
    {
        return Err(super::error::Problem::error(
            format!("{} and {} are both set", file.source, text.source),
            "the one names a file and the other is its text, and only one can count",
            "unset one of them",
        ));
    }
    let text_counts = text.value.is_some() && !file.source.outranks(&text.source);
    Ok(if text_counts {
        Setting {
            value: text.value.map(Pem::Data),
            source: text.source,
        }
    } else {
        Setting {
            value: file.value.map(Pem::File),
            source: file.source,
        }
    })
}

/// Adds the variables that each set one entry.
fn with_variables(
    mut setting: Setting<BTreeMap<String, Secret>>,
    env: &dyn Env,
) -> Result<Setting<BTreeMap<String, Secret>>, Error> {
    for variable in env.names(env::TEMPORAL_GRPC_META) {
        let Some(value) = env.get(&variable) else {
            continue;
        };
        let name = variable
            .strip_prefix(env::TEMPORAL_GRPC_META)
            .unwrap_or_default();
        let pair = [name.into(), value];
        let nowhere = Context {
            home: None,
            base: None,
        };
        let read = metadata(&pair, nowhere).map_err(|invalid| {
            Error::invalid(super::origin::Origin::Env("TEMPORAL_GRPC_META_*"), invalid)
        })?;
        setting.value.extend(read);
        setting.source = Source::Env("TEMPORAL_GRPC_META_*");
    }
    Ok(setting)
}

fn some_text(words: &[OsString], _: Context<'_>) -> Result<Option<String>, Invalid> {
    Ok(Some(text(words)?.to_owned()))
}

fn some_switch(words: &[OsString], context: Context<'_>) -> Result<Option<bool>, Invalid> {
    value::switch(words, context).map(Some)
}

fn some_path(words: &[OsString], context: Context<'_>) -> Result<Option<PathBuf>, Invalid> {
    value::path(words, context).map(Some)
}

fn secret(words: &[OsString], _: Context<'_>) -> Result<Option<Secret>, Invalid> {
    let word = words.first().and_then(|word| word.to_str());
    // What is wrong may be told, and not what it is.
    let word = word.ok_or_else(|| {
        Invalid::new(
            super::secret::SHOWN,
            "is not UTF-8 text",
            "only UTF-8 can be read here",
            "write it as UTF-8",
        )
    })?;
    Ok(Some(Secret::new(word)))
}

/// Names with their values, as gRPC takes them: names in lower case, with `-` for `_`.
fn metadata(words: &[OsString], _: Context<'_>) -> Result<BTreeMap<String, Secret>, Invalid> {
    let mut metadata = BTreeMap::new();
    for pair in words.chunks(2) {
        let name = text(pair)?.to_ascii_lowercase().replace('_', "-");
        let refuse =
            |fault: &str, why: &str, hint: &str| Err(Invalid::new(&name, fault, why, hint));
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if name.is_empty() || !name.chars().all(known) {
            let why = "a name has only ASCII letters, digits, - and .";
            return refuse("is no name of metadata", why, "write x-team, for example");
        }
        if name.ends_with("-bin") || name.starts_with("grpc-") || name == "authorization" {
            let why = "names that end with -bin have binary values, those that begin with grpc- are gRPC's own, and authorization is the API key's";
            return refuse(
                "cannot be set",
                why,
                "use another name; an API key is set with api_key_file",
            );
        }
        let value = pair
            .get(1)
            .and_then(|value| value.to_str())
            .unwrap_or_default();
        if value.is_empty() || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let why = "a value is printable ASCII text, and not empty";
            return refuse("has a value that cannot be sent", why, "encode it");
        }
        metadata.insert(name, Secret::new(value));
    }
    Ok(metadata)
}
