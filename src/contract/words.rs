//! JSON for the closed sets of words: the word itself; anything else is an error that
//! lists the valid ones, and so does the schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::protocol::Word;
use crate::protocol::constraint::ConstraintId;
use crate::protocol::effect::EventType;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::handoff::ContentLevel;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::review::CloseReason;
use crate::protocol::slice::{SliceMode, SliceState};
use crate::protocol::state::EpochStatus;
use crate::protocol::table::Gate;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Domain, PhaseId, RoleId};

macro_rules! json_words {
    ($($name:ty),+ $(,)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = Cow::<'de, str>::deserialize(deserializer)?;
                Self::from_word(&word).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "enum": Self::WORDS })
            }
        }
    )+};
}

json_words!(
    CloseReason,
    ConstraintId,
    ContentLevel,
    Domain,
    EpochStatus,
    EventType,
    Gate,
    PhaseId,
    RefusalCode,
    ReviewAxis,
    RoleId,
    SeverityLevel,
    SliceMode,
    SliceState,
    VoteType,
);
