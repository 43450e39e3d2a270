//! Times on the wire: ISO-8601, `+00:00`, six digits of a second or none.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::protocol::Timestamp;

/// A moment as the wire writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WireTime(pub Timestamp);

impl From<Timestamp> for WireTime {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl From<WireTime> for Timestamp {
    fn from(time: WireTime) -> Self {
        time.0
    }
}

impl WireTime {
    /// Reads an ISO-8601 time with an offset.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        let parsed: jiff::Timestamp = text.parse()?;
        Ok(Self(Timestamp::from_micros(parsed.as_microsecond())))
    }
}

impl fmt::Display for WireTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A moment outside the calendar cannot come from a server; the epoch stands for it.
        let at = jiff::Timestamp::from_microsecond(self.0.as_micros()).unwrap_or_default();
        let civil = jiff::tz::Offset::UTC.to_datetime(at);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second()
        )?;
        match civil.subsec_nanosecond() / 1_000 {
            0 => {}
            micros => write!(f, ".{micros:06}")?,
        }
        f.write_str("+00:00")
    }
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for WireTime {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "ISO-8601 in UTC, with six digits of a second or none.",
            "type": "string",
            "format": "date-time",
        })
    }
}

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}
