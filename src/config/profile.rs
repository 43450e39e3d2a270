//! Temporal's own configuration file, read through the SDK: `temporal.toml` with its
//! profiles. What it says counts where neither a flag, nor a variable, nor our own file says
//! anything. It leaves out Temporal's variables, which are read beside ours.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use temporalio_common::envconfig::{
    ClientConfig, ClientConfigFromTOMLOptions, ClientConfigProfile, ClientConfigTLS, ConfigError,
    DataSource,
};

use super::env::{self, Env};
use super::error::{Error, Problem};
use super::file::{is_missing, line_after};
use super::origin::Place;
use super::places::Places;
use super::source::{Setting, Source};

/// The profile where none is named.
const STANDARD: &str = "default";

/// One profile of the file.
pub(super) struct Profile {
    path: PathBuf,
    name: String,
    content: ClientConfigProfile,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest may be secrets.
        write!(f, "[profile.{}] of {}", self.name, self.path.display())
    }
}

impl Profile {
    /// Reads the profile that is wanted. That file and profile are not there is no mistake
    /// if nobody named them.
    pub(super) fn read(
        env: &dyn Env,
        places: &Places,
        wanted: &Setting<Option<String>>,
    ) -> Result<Option<Self>, Error> {
        let (path, named_by) = match env.get(env::TEMPORAL_CONFIG_FILE) {
            Some(path) => (path.into(), Source::Env(env::TEMPORAL_CONFIG_FILE)),
            None => match places.temporal_config_file() {
                Some(path) => (path, Source::Default),
                None => return Self::absent(wanted, "there is no temporal.toml"),
            },
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if named_by == Source::Default && is_missing(&error) => {
                return Self::absent(wanted, &format!("there is no {}", path.display()));
            }
            Err(error) => {
                return Err(Error::Unreadable {
                    path,
                    named_by,
                    detail: error.to_string(),
                });
            }
        };
        let strict = ClientConfigFromTOMLOptions::builder().strict(true).build();
        let mut config = ClientConfig::from_toml(&bytes, strict)
            .map_err(|error| unreadable(&path, &bytes, &error))?;
        let name = wanted.value.as_deref().unwrap_or(STANDARD).to_owned();
        let Some(content) = config.profiles.remove(&name) else {
            let mut names: Vec<_> = config.profiles.into_keys().collect();
            names.sort();
            let why = format!("{} has: {}", path.display(), names.join(", "));
            return Self::absent(wanted, &why);
        };
        Ok(Some(Self {
            path,
            name,
            content,
        }))
    }

    /// No profile, which is a mistake if one was named.
    fn absent(wanted: &Setting<Option<String>>, why: &str) -> Result<Option<Self>, Error> {
        match &wanted.value {
            None => Ok(None),
            Some(name) => Err(Problem::error(
                format!("there is no profile '{name}' ({})", wanted.source),
                why,
                "name a profile that there is, or none",
            )),
        }
    }

    /// What it says for a key of ours.
    pub(super) fn get(&self, key: &str) -> Option<Vec<OsString>> {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let tls = self.content.tls.as_ref();
        let source = |of: fn(&ClientConfigTLS) -> &Option<DataSource>, path: bool| match (
            of(tls?).as_ref()?,
            path,
        ) {
            (DataSource::Path(path), true) => Some(path.clone()),
            (DataSource::Data(data), false) => Some(String::from_utf8_lossy(data).into_owned()),
            _ => None,
        };
        let word = match key {
            "address" => text(&self.content.address),
            "namespace" => text(&self.content.namespace),
            "api_key" => text(&self.content.api_key),
            "tls" => tls.map(|tls| (tls.disabled != Some(true)).to_string()),
            "tls_ca_path" => source(|tls| &tls.server_ca_cert, true),
            "tls_ca_data" => source(|tls| &tls.server_ca_cert, false),
            "tls_cert_path" => source(|tls| &tls.client_cert, true),
            "tls_cert_data" => source(|tls| &tls.client_cert, false),
            "tls_key_path" => source(|tls| &tls.client_key, true),
            "tls_key_data" => source(|tls| &tls.client_key, false),
            "tls_server_name" => tls.and_then(|tls| text(&tls.server_name)),
            "tls_disable_host_verification" => tls
                .filter(|tls| tls.disable_host_verification)
                .map(|_| "true".to_owned()),
            "codec_endpoint" => self.content.codec.as_ref().and_then(|codec| {
                let said = text(&codec.endpoint).or_else(|| text(&codec.auth));
                said.map(|_| "set".to_owned())
            }),
            "grpc_meta" => {
                let pairs = self.content.grpc_meta.iter();
                let words: Vec<OsString> = pairs
                    .flat_map(|(name, value)| [name.into(), value.into()])
                    .collect();
                return (!words.is_empty()).then_some(words);
            }
            _ => None,
        };
        word.map(|word| vec![word.into()])
    }

    /// Where it stands.
    pub(super) fn source(&self) -> Source {
        Source::Profile {
            path: self.path.clone(),
            name: self.name.clone(),
        }
    }
}

/// What is wrong with the file. The SDK's own words quote lines of it, which may be secrets.
fn unreadable(path: &Path, bytes: &[u8], error: &ConfigError) -> Error {
    let place = |line| Place {
        path: path.to_owned(),
        line,
    };
    let toml = match error {
        ConfigError::LoadError(cause) => cause.downcast_ref::<toml::de::Error>(),
        _ => None,
    };
    match (toml, error) {
        (Some(error), _) => {
            let start = error.span().unwrap_or_default().start;
            Error::Syntax {
                place: place(line_after(bytes.get(..start).unwrap_or(bytes))),
                detail: error.message().replace('\n', " "),
            }
        }
        (None, ConfigError::InvalidConfig(why)) => Error::Syntax {
            place: place(1),
            detail: why.clone(),
        },
        (None, _) => Error::Syntax {
            place: place(1),
            detail: "it cannot be read as Temporal's configuration".to_owned(),
        },
    }
}
