//! What secures a connection, ready to be used: files are read, and settings that do not fit
//! each other are refused with a sentence. The SDK ignores some of those in silence, and
//! would send a key in the clear.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::access::{Access, Pem};
use super::address::Address;
use super::error::{Error, Problem};
use super::secret::Secret;
use super::source::{Setting, Source};

/// What secures a connection. The default is nothing at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Security {
    /// TLS, if it is used.
    pub tls: Option<Tls>,
    /// The key that each call shows.
    pub api_key: Option<Secret>,
    /// What else each call shows.
    pub grpc_meta: BTreeMap<String, Secret>,
}

/// Certificates, as PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// Who has to have signed the server's certificate; none leaves it to the system.
    pub ca: Option<Secret>,
    /// A certificate to show, and its private key.
    pub client: Option<(Secret, Secret)>,
    /// The name that the server's certificate has to have; none is its address.
    pub server_name: Option<String>,
}

impl Access {
    /// Reads what the settings name, for a connection to this address.
    pub fn security(&self, address: &Setting<Address>) -> Result<Security, Error> {
        self.refuse_what_is_ignored()?;
        let api_key = self.key()?;
        let key_source = api_key.as_ref().map(|(_, source)| source);
        let is_secured = self.uses_tls(address, key_source)?;
        let tls = is_secured.then(|| self.certificates()).transpose()?;
        Ok(Security {
            tls,
            api_key: api_key.map(|(key, _)| key),
            grpc_meta: self.grpc_meta.value.clone(),
        })
    }

    fn refuse_what_is_ignored(&self) -> Result<(), Error> {
        if self.unverified.value {
            return Err(Problem::error(
                format!(
                    "host verification is turned off ({})",
                    self.unverified.source
                ),
                "a connection whose server is not verified is open to everybody on the way, and \
                 this program makes none",
                "turn it on, and name the server's CA with tls_ca_path, or its name with \
                 tls_server_name",
            ));
        }
        if self.codec.value {
            return Err(Problem::error(
                format!("a codec server is configured ({})", self.codec.source),
                "payloads are neither encoded nor decoded by this program, so it would write \
                 plain text where others expect a codec's",
                "unset it, or use a profile without a codec",
            ));
        }
        Ok(())
    }

    /// The API key, and who says it: the stronger of a file and a text.
    fn key(&self) -> Result<Option<(Secret, Source)>, Error> {
        let file = &self.api_key_file;
        let text = &self.api_key;
        if file.value.is_some()
            && text.value.is_some()
            && file.source.layer() == text.source.layer()
        {
            return Err(Problem::error(
                format!("{} and {} are both set", file.source, text.source),
                "the one names a file with the API key and the other is the key, and only one \
                 can count",
                "unset one of them",
            ));
        }
        let (key, source) = match (&file.value, &text.value) {
            (None, None) => return Ok(None),
            (Some(path), text_value)
                if text_value.is_none() || file.source.outranks(&text.source) =>
            {
                (
                    read(path, "API key", &file.source)?.trim().to_owned(),
                    &file.source,
                )
            }
            (_, text_value) => {
                let key = text_value.as_ref().map_or("", Secret::reveal);
                (key.trim().to_owned(), &text.source)
            }
        };
        if key.is_empty() || !key.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
            return Err(Problem::error(
                format!("what {source} has is no API key"),
                "a key is one word of printable ASCII",
                "write the key there, and nothing else",
            ));
        }
        Ok(Some((Secret::new(&key), source.clone())))
    }

    /// Whether TLS is used: as it is said, or else if anything needs it.
    fn uses_tls(&self, address: &Setting<Address>, key: Option<&Source>) -> Result<bool, Error> {
        let certificates = [
            self.ca.value.as_ref().map(|_| &self.ca.source),
            self.cert.value.as_ref().map(|_| &self.cert.source),
            self.key.value.as_ref().map(|_| &self.key.source),
            self.server_name
                .value
                .as_ref()
                .map(|_| &self.server_name.source),
        ];
        let certificate = certificates.into_iter().flatten().next();
        let scheme = address.value.scheme();
        let is_off = match (self.tls.value, scheme) {
            (Some(false), Some(true)) => {
                return Err(Problem::error(
                    format!(
                        "the address begins with https:// ({}), and TLS is turned off ({})",
                        address.source, self.tls.source
                    ),
                    "the two contradict each other",
                    "leave out the one or the other",
                ));
            }
            (Some(true), Some(false)) => {
                return Err(Problem::error(
                    format!(
                        "the address begins with http:// ({}), and TLS is turned on ({})",
                        address.source, self.tls.source
                    ),
                    "http:// asks for a connection in the clear",
                    "leave out http://",
                ));
            }
            (Some(false), _) => Some(format!("TLS is turned off ({})", self.tls.source)),
            (_, Some(false)) => Some(format!(
                "the address begins with http:// ({})",
                address.source
            )),
            _ => None,
        };
        match (is_off, key, certificate) {
            (Some(off), Some(key), _) => Err(Problem::error(
                format!("there is an API key ({key}), and {off}"),
                "the key would be sent in the clear, for everybody on the way to read",
                "use TLS, or leave out the key",
            )),
            // A certificate is of no use without TLS, but whoever turns that off by a stronger
            // word than the one that names it means it.
            (Some(_), None, Some(source)) if !self.off_outranks(source, address) => {
                Err(Problem::error(
                    format!("TLS is turned off, and there is a setting of it ({source})"),
                    "it would be ignored",
                    "leave out the one or the other",
                ))
            }
            (Some(_), None, _) => Ok(false),
            (None, key, certificate) => Ok(self.tls.value == Some(true)
                || scheme == Some(true)
                || key.is_some()
                || certificate.is_some()),
        }
    }

    fn off_outranks(&self, source: &Source, address: &Setting<Address>) -> bool {
        let off = match self.tls.value {
            Some(false) => &self.tls.source,
            _ => &address.source,
        };
        off.outranks(source)
    }

    fn certificates(&self) -> Result<Tls, Error> {
        let client = match (&self.cert.value, &self.key.value) {
            (None, None) => None,
            (Some(_), Some(_)) => {
                let cert = pem(&self.cert, "client certificate")?;
                cert.zip(pem(&self.key, "private key")?)
            }
            (cert, _) => {
                let (there, missing) = if cert.is_some() {
                    (
                        format!("a client certificate ({})", self.cert.source),
                        "its private key",
                    )
                } else {
                    (
                        format!("a private key ({})", self.key.source),
                        "its certificate",
                    )
                };
                return Err(Problem::error(
                    format!("there is {there} without {missing}"),
                    "a client shows a certificate and proves with the key that it is its own",
                    "set tls_cert_path and tls_key_path, or neither",
                ));
            }
        };
        Ok(Tls {
            ca: pem(&self.ca, "CA certificate")?,
            client,
            server_name: self.server_name.value.clone(),
        })
    }
}

/// The text of a certificate or key.
fn pem(setting: &Setting<Option<Pem>>, what: &str) -> Result<Option<Secret>, Error> {
    let source = &setting.source;
    let text = match &setting.value {
        None => return Ok(None),
        Some(Pem::File(path)) => read(path, what, source)?,
        Some(Pem::Data(text)) => text.reveal().to_owned(),
    };
    let wanted = if what == "private key" {
        "PRIVATE KEY-----"
    } else {
        "-----BEGIN CERTIFICATE-----"
    };
    if !text.contains(wanted) {
        return Err(Problem::error(
            format!("what {source} has is no {what}"),
            format!("it is PEM, with {wanted} in it"),
            "convert it to PEM, or name the file that is",
        ));
    }
    Ok(Some(Secret::new(&text)))
}

fn read(path: &Path, what: &str, source: &Source) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| {
        Problem::error(
            format!("cannot read the {what} in {} ({source})", path.display()),
            error.to_string(),
            "make it readable for this user, or name another file",
        )
    })
}
