//! Words inside files, read as they are read from flags: phases in every spelling, words of
//! closed sets in upper or lower case.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error};

use crate::config::suggest;
use crate::protocol::{PhaseId, UnknownWord, Word};

/// A phase, in any of the ways people name it.
pub(super) fn phase<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PhaseId, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    PhaseId::parse_name(&text).map_err(D::Error::custom)
}

/// The same, where it may be left out.
pub(super) fn some_phase<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PhaseId>, D::Error> {
    phase(deserializer).map(Some)
}

/// One word of a closed set, in upper or lower case.
pub(super) fn word<'de, T: Word, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    let same = |value: &&T| value.word().eq_ignore_ascii_case(&text);
    let found = T::ALL.iter().find(same).copied();
    found.ok_or_else(|| D::Error::custom(UnknownWord::new(T::KIND, &text, T::WORDS)))
}

/// What to say of a name that is none of these: the one that was probably meant, or all.
pub(super) fn meant<'a>(given: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match suggest::nearest(given, names.clone()) {
        Some(name) => format!("did you mean {name}?"),
        None => format!("valid: {}", names.collect::<Vec<_>>().join(", ")),
    }
}
