//! The fifteen signals of an epoch as a table: a full payload of each, and for every
//! field what it takes. Tests make their cases from it.

use super::tree;
use crate::contract::signal::EpochSignal;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::review::CloseReason;
use crate::protocol::slice::SliceMode;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId, Word};

/// What a field takes.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A text or null.
    NullableText,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words or null.
    NullableWord(&'static [&'static str]),
    /// A role, the empty text or null.
    Role,
    /// A truth.
    Flag,
    /// A truth or null.
    NullableFlag,
    /// A number of 32 bits.
    Count,
    /// Such a number or null.
    NullableCount,
    /// A number of 64 bits.
    Seconds,
    /// A list of texts.
    Texts,
    /// A list of objects.
    Objects,
    /// An object with required keys.
    Object,
}

impl Kind {
    /// JSON that the field does not take.
    pub(super) fn wrong(self) -> Vec<String> {
        let no_number = [
            "true", "\"1\"", "[]", "{}", "-1", "1.5", "1.0", "1e2", "1e400",
        ];
        let no_word = ["true", "7", "[]", "{}", "\"\"", "\"nonsense\""];
        let (fixed, null): (&[&str], bool) = match self {
            Self::Text => (&["true", "7", "1.5", "[]", "[\"x\"]", "{}"], true),
            Self::NullableText => (&["true", "7", "[]", "{}"], false),
            Self::Word(_) => (&no_word, true),
            Self::NullableWord(_) => (&no_word, false),
            Self::Role => (
                &[
                    "true",
                    "7",
                    "[]",
                    "{}",
                    "\" \"",
                    "\"nonsense\"",
                    "\"Worker\"",
                ],
                false,
            ),
            Self::Flag => (&["0", "1", "\"true\"", "\"\"", "[]", "{}"], true),
            Self::NullableFlag => (&["0", "\"true\"", "[]", "{}"], false),
            Self::Count | Self::Seconds => (&no_number, true),
            Self::NullableCount => (&no_number, false),
            Self::Texts => (
                &["true", "7", "\"x\"", "{}", "[7]", "[null]", "[[\"x\"]]"],
                true,
            ),
            Self::Objects => (&["true", "7", "\"x\"", "{}", "[7]", "[null]", "[{}]"], true),
            Self::Object => (&["true", "7", "\"x\"", "[]", "{}"], true),
        };
        let mut wrong: Vec<String> = fixed.iter().map(ToString::to_string).collect();
        wrong.extend(null.then(|| "null".to_owned()));
        match self {
            Self::Word(words) | Self::NullableWord(words) => {
                wrong.extend(words.iter().map(|word| format!("\" {word}\"")));
            }
            Self::Count | Self::NullableCount => wrong.push("4294967296".to_owned()),
            Self::Seconds => wrong.push("18446744073709551616".to_owned()),
            _ => {}
        }
        wrong
    }

    /// What the reason says when a text is no word of the field's.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word(words) | Self::NullableWord(words) => words,
            Self::Role => RoleId::WORDS,
            _ => &[],
        }
    }

    /// JSON that the field takes and `now` is not.
    pub(super) fn other(self, now: &str) -> String {
        match self {
            Self::Text | Self::NullableText => r#""another""#.to_owned(),
            Self::Word(_) | Self::NullableWord(_) | Self::Role => {
                let other = self.words().iter().map(|word| format!("\"{word}\""));
                other.into_iter().find(|word| word != now).unwrap()
            }
            Self::Flag | Self::NullableFlag => (now != "true").to_string(),
            Self::Count | Self::NullableCount | Self::Seconds => "77".to_owned(),
            Self::Texts => r#"["another"]"#.to_owned(),
            Self::Objects => "[]".to_owned(),
            Self::Object => String::new(),
        }
    }
}

/// A field: where it is, what it takes, and what it is where it is missing (`None`: it
/// is required).
pub(super) type Field = (&'static str, Kind, Option<&'static str>);

/// A signal, a payload of it with every field, and the fields.
pub(super) struct Sample {
    pub(super) signal: EpochSignal,
    pub(super) json: &'static str,
    pub(super) fields: &'static [Field],
}

impl Sample {
    /// The payload with another value at a place.
    pub(super) fn with(&self, place: &str, json: &str) -> String {
        let mut changed = tree(self.json);
        *changed.pointer_mut(place).unwrap() = "THE VALUE".into();
        changed.to_string().replace("\"THE VALUE\"", json)
    }

    /// The payload without a field.
    pub(super) fn without(&self, place: &str) -> String {
        let mut changed = tree(self.json);
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = changed
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        assert!(parent.remove(key).is_some(), "{place}");
        changed.to_string()
    }

    /// The payload with more keys at its end.
    pub(super) fn and(&self, more: &str) -> String {
        format!("{},{more}}}", self.json.strip_suffix('}').unwrap())
    }

    /// What a field has in the payload.
    pub(super) fn at(&self, place: &str) -> String {
        tree(self.json).pointer(place).unwrap().to_string()
    }
}

use Kind::{
    Count, Flag, NullableCount, NullableFlag, NullableText, Object, Objects, Role, Seconds, Text,
    Texts,
};

const NULL: Option<&str> = Some("null");
const EMPTY: Option<&str> = Some("\"\"");
const NONE: Option<&str> = Some("[]");

const NOTE: (&str, &[Field]) = (
    r#"{"session_id":"s-1","reason":"done"}"#,
    &[("/session_id", Text, None), ("/reason", Text, EMPTY)],
);

const ORDER: (&str, &[Field]) = (
    r#"{"slice_id":"s1","reason":"not needed"}"#,
    &[("/slice_id", Text, None), ("/reason", Text, EMPTY)],
);

const fn sample(signal: EpochSignal, (json, fields): (&'static str, &'static [Field])) -> Sample {
    Sample {
        signal,
        json,
        fields,
    }
}

pub(super) const SAMPLES: [Sample; 16] = [
    sample(
        EpochSignal::AdvancePhase,
        (
            r#"{"to_phase":"p2","triggered_by":"alice","condition_met":"so","override":"phone"}"#,
            &[
                ("/to_phase", Kind::Word(PhaseId::WORDS), None),
                ("/triggered_by", Text, None),
                ("/condition_met", Text, None),
                ("/override", NullableText, NULL),
            ],
        ),
    ),
    sample(
        EpochSignal::SubmitVote,
        (
            r#"{"axis":"elegance","vote":"REVISE","reviewer_id":"bob","comment":"no","phase":"p10","round":2}"#,
            &[
                ("/axis", Kind::Word(ReviewAxis::WORDS), None),
                ("/vote", Kind::Word(VoteType::WORDS), None),
                ("/reviewer_id", Text, None),
                ("/comment", NullableText, NULL),
                ("/phase", Kind::NullableWord(PhaseId::WORDS), NULL),
                ("/round", NullableCount, NULL),
            ],
        ),
    ),
    sample(
        EpochSignal::SliceProgress,
        (
            r#"{"slice_id":"s1","leaf_task_id":"t1","stage_name":"execute","completed":true}"#,
            &[
                ("/slice_id", Text, None),
                ("/leaf_task_id", Text, None),
                ("/stage_name", Text, None),
                ("/completed", Flag, None),
            ],
        ),
    ),
    sample(
        EpochSignal::RegisterSession,
        (
            r#"{"epoch_id":"e","session_id":"s","role":"worker","model_harness":"h","model":"m"}"#,
            &[
                ("/epoch_id", Text, None),
                ("/session_id", Text, None),
                ("/role", Role, EMPTY),
                ("/model_harness", Text, EMPTY),
                ("/model", Text, EMPTY),
            ],
        ),
    ),
    sample(EpochSignal::SessionHeartbeat, NOTE),
    sample(EpochSignal::EndSession, NOTE),
    sample(
        EpochSignal::RecordFinding,
        (
            r#"{"finding_id":"f1","severity":"MINOR","summary":"it","slice_id":"s1","reported_by":"bob"}"#,
            &[
                ("/finding_id", Text, None),
                ("/severity", Kind::Word(SeverityLevel::WORDS), None),
                ("/summary", Text, None),
                ("/slice_id", NullableText, NULL),
                ("/reported_by", Text, EMPTY),
            ],
        ),
    ),
    sample(
        EpochSignal::ResolveFinding,
        (
            r#"{"finding_id":"f1","resolution":"fixed","resolved_by":"alice"}"#,
            &[
                ("/finding_id", Text, None),
                ("/resolution", Text, EMPTY),
                ("/resolved_by", Text, EMPTY),
            ],
        ),
    ),
    sample(
        EpochSignal::StartSlice,
        (
            r#"{"slice_id":"s1","dependencies":["s0"],"leaf_task_ids":["t1"],"phase_spec":"it","config":{"mode":"mock","command":"make","timeout_seconds":60,"heartbeat_interval":5,"runner":"claude","prompt":"do"}}"#,
            &[
                ("/slice_id", Text, None),
                ("/dependencies", Texts, NONE),
                ("/leaf_task_ids", Texts, NONE),
                ("/phase_spec", Text, EMPTY),
                ("/config", Object, None),
                ("/config/mode", Kind::Word(SliceMode::WORDS), None),
                ("/config/command", Text, EMPTY),
                ("/config/timeout_seconds", Seconds, Some("300")),
                ("/config/heartbeat_interval", Seconds, Some("30")),
                ("/config/runner", NullableText, NULL),
                ("/config/prompt", NullableText, NULL),
            ],
        ),
    ),
    sample(
        EpochSignal::PlanSlices,
        (
            r#"{"slices":[{"slice_id":"s1","dependencies":["s0"],"leaf_task_ids":["t1"],"config":{"mode":"mock","command":"make","timeout_seconds":60}}],"fail_fast":true}"#,
            &[
                ("/slices", Objects, None),
                ("/slices/0/slice_id", Text, None),
                ("/slices/0/dependencies", Texts, NONE),
                ("/slices/0/leaf_task_ids", Texts, NONE),
                ("/slices/0/config", Object, None),
                ("/slices/0/config/mode", Kind::Word(SliceMode::WORDS), None),
                ("/slices/0/config/timeout_seconds", Seconds, Some("300")),
                ("/fail_fast", NullableFlag, NULL),
            ],
        ),
    ),
    sample(EpochSignal::CancelSlice, ORDER),
    sample(EpochSignal::WaiveSlice, ORDER),
    sample(EpochSignal::RetrySlice, ORDER),
    sample(
        EpochSignal::SliceFinished,
        (
            r#"{"slice_id":"s1","attempt":2,"result":{"slice_id":"s1","success":false,"output":"o","error":"e"}}"#,
            &[
                ("/slice_id", Text, None),
                ("/attempt", Count, None),
                ("/result", Object, None),
                ("/result/slice_id", Text, None),
                ("/result/success", Flag, None),
                ("/result/output", Text, EMPTY),
                ("/result/error", NullableText, NULL),
            ],
        ),
    ),
    sample(
        EpochSignal::ReviewFinished,
        (
            r#"{"round":2,"result":{"phase_id":"p4","success":true,"vote_result":{"elegance":"ACCEPT"}},"reason":"consensus"}"#,
            &[
                ("/round", Count, None),
                ("/result", Object, None),
                ("/result/phase_id", Kind::Word(PhaseId::WORDS), None),
                ("/result/success", Flag, None),
                (
                    "/result/vote_result/elegance",
                    Kind::Word(VoteType::WORDS),
                    None,
                ),
                (
                    "/reason",
                    Kind::Word(CloseReason::WORDS),
                    Some("\"deadline\""),
                ),
            ],
        ),
    ),
    sample(
        EpochSignal::VoteMissed,
        (
            r#"{"phase":"p10","round":2,"axis":"elegance","reviewer_id":"runner:r","why":"it crashed"}"#,
            &[
                ("/phase", Kind::Word(PhaseId::WORDS), None),
                ("/round", Count, None),
                ("/axis", Kind::Word(ReviewAxis::WORDS), None),
                ("/reviewer_id", Text, None),
                ("/why", Text, None),
            ],
        ),
    ),
];
