//! The values of a script, each read in one place, so that a wrong one is told where it
//! stands.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::cli::{input, lenient};
use crate::config::read_duration;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::{PhaseId, Word};

/// A phase, in any of the ways people name it.
#[derive(Clone, Copy)]
pub(super) struct Phase(pub(super) PhaseId);

impl<'de> Deserialize<'de> for Phase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::phase(deserializer).map(Self)
    }
}

/// A word of a closed set, in any case.
#[derive(Clone, Copy)]
pub(super) struct AnyCase<T>(pub(super) T);

impl<'de, T: Word> Deserialize<'de> for AnyCase<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::word(deserializer).map(Self)
    }
}

/// Time that passes before an event.
#[derive(Clone, Copy)]
pub(super) struct Later(pub(super) Duration);

impl Default for Later {
    fn default() -> Self {
        Self(Duration::from_secs(1))
    }
}

impl<'de> Deserialize<'de> for Later {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let wrong = |why: String| {
            let text = input::cut(&text);
            D::Error::custom(format!("at '{text}' {why}; write +5m, for example"))
        };
        let Some(later) = text.strip_prefix('+') else {
            return Err(wrong("does not begin with +".to_owned()));
        };
        let later = read_duration(later)
            .map_err(|invalid| wrong(format!("{}: {}", invalid.fault, invalid.why)))?;
        Ok(Self(later))
    }
}

/// What an event shall come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Expected {
    /// It takes effect.
    #[default]
    Applied,
    /// The rules refuse it for this reason.
    Refused(RefusalCode),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied => f.write_str("applied"),
            Self::Refused(code) => write!(f, "refused:{code}"),
        }
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let Some(code) = text.strip_prefix("refused:") else {
            return match text.as_ref() {
                "applied" => Ok(Self::Applied),
                other => Err(D::Error::custom(format!(
                    "unknown outcome '{}'; valid: applied, refused:CODE",
                    input::cut(other)
                ))),
            };
        };
        RefusalCode::from_word(code)
            .map(Self::Refused)
            .map_err(|_| {
                D::Error::custom(format!(
                    "unknown refusal code '{}'; {}",
                    input::cut(code),
                    lenient::meant(code, RefusalCode::WORDS.iter().copied())
                ))
            })
    }
}

/// A cap on review rounds; none is no cap.
#[derive(Clone, Copy)]
pub(super) struct Cap(pub(super) Option<u32>);

impl<'de> Deserialize<'de> for Cap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Cap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number from 1 to {}, or \"none\"", u32::MAX)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Cap, E> {
                let number = u32::try_from(number).ok().filter(|number| *number > 0);
                let number = number
                    .ok_or_else(|| E::custom(format!("valid: 1 to {}, or \"none\"", u32::MAX)))?;
                Ok(Cap(Some(number)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Cap, E> {
                match text {
                    "none" => Ok(Cap(None)),
                    _ => Err(E::custom(format!("valid: 1 to {}, or \"none\"", u32::MAX))),
                }
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// A table for which one text may stand.
pub(super) trait Short: Sized {
    /// The text and the table, for messages.
    const FORMS: &'static str;

    /// What the text alone means.
    fn short(text: &str) -> Result<Self, String>;
}

/// A table, or the text that stands for it.
pub(super) struct OrShort<T>(pub(super) T);

impl<'de, T: Short + Deserialize<'de>> Deserialize<'de> for OrShort<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Short + Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::FORMS)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
                T::short(text).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(Reader(PhantomData)).map(Self)
    }
}
