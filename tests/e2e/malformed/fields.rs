//! Every way to spoil one field of a message: leave it out, give it another type, another
//! word, a number at the edge, too long a text.

use serde_json::{Value, json};

use super::cases::{Cases, Expect, MEGABYTE};
use super::spec::{Field, Holds, Need, beside, with, without};

/// Longer than any text may be.
const LONG: usize = 40_000;

impl Cases<'_> {
    pub(super) fn field(&mut self, field: &Field) {
        let Field { at, need, holds } = *field;
        let key = at.rsplit('/').find(|part| part.parse::<usize>().is_err());
        let long = self.far_too_long(field);
        match need {
            Need::Required => {
                let message = without(&self.sample(), at);
                self.malformed(&format!("without {at}"), &message, key);
            }
            Need::Optional | Need::Nullable => {
                let message = without(&self.fresh(), at);
                self.under_id(&format!("without {at}"), &message, Expect::Applied, None);
            }
            Need::Member => {}
        }
        if need == Need::Nullable {
            let message = with(&self.fresh(), at, Value::Null);
            self.under_id(&format!("{at} null"), &message, Expect::Applied, None);
        } else {
            let message = with(&self.sample(), at, Value::Null);
            self.malformed(&format!("{at} null"), &message, key);
        }
        let sample = self.sample();
        for value in wrong(sample.pointer(at).expect("the field is there"), long) {
            let message = with(&self.sample(), at, value.clone());
            let shown: String = value.to_string().chars().take(60).collect();
            self.malformed(&format!("{at} {shown}"), &message, key);
        }
        if sample.pointer(at).is_some_and(Value::is_number) && holds != Holds::Version {
            for edge in [0, u64::from(u32::MAX), u64::MAX] {
                let message = with(&self.fresh(), at, json!(edge));
                self.under_id(&format!("{at} {edge}"), &message, Expect::Either, None);
            }
        }
        match holds {
            Holds::Text(max) => self.lengths(at, max, long),
            Holds::Unread => {
                let message = with(&self.fresh(), at, json!("x".repeat(long)));
                self.under_id(
                    &format!("{at}: {long} bytes"),
                    &message,
                    Expect::Applied,
                    None,
                );
            }
            Holds::Word => self.words(field, key, long),
            Holds::Version | Holds::Other => {}
        }
    }

    /// Bytes that are far too long: 1 MB, once for what is alike in a message, since an
    /// epoch that gets many of these has to begin a new run after every few.
    fn far_too_long(&self, field: &Field) -> usize {
        let sample = self.sample();
        let alike = |other: &&Field| {
            let kind = |field: &Field| sample.pointer(field.at).map(std::mem::discriminant);
            kind(other) == kind(field)
                && matches!(other.holds, Holds::Word) == matches!(field.holds, Holds::Word)
        };
        let first = self.spec.fields.iter().find(alike);
        let is_first = first.is_some_and(|first| first.at == field.at);
        if is_first || !self.spec.is_signal {
            MEGABYTE
        } else {
            LONG
        }
    }

    fn lengths(&mut self, at: &str, max: usize, long: usize) {
        let key = at.rsplit('/').find(|part| part.parse::<usize>().is_err());
        for (name, text) in [
            ("a byte too many", "x".repeat(max + 1)),
            (
                "bytes too many, but not characters",
                "é".repeat(max / 2 + 1),
            ),
            ("far too long", "x".repeat(long)),
        ] {
            let message = with(&self.sample(), at, json!(text));
            self.under_id(&format!("{at}: {name}"), &message, Expect::TooLong, key);
        }
        for (name, text) in [("just so long", "x".repeat(max)), ("empty", String::new())] {
            let message = with(&self.fresh(), at, json!(text));
            self.under_id(&format!("{at}: {name}"), &message, Expect::Read, None);
        }
    }

    fn words(&mut self, field: &Field, key: Option<&str>, long: usize) {
        let at = field.at;
        let sample = self.sample();
        let good = sample
            .pointer(at)
            .and_then(Value::as_str)
            .expect("a word is a text");
        let other_case = if good.to_uppercase() == good {
            good.to_lowercase()
        } else {
            good.to_uppercase()
        };
        let words = [
            "bogus".to_owned(),
            other_case,
            format!("{good} "),
            String::new(),
            "w".repeat(long),
        ];
        for word in words {
            // An empty word stands for none where there may be none.
            if !(word.is_empty() && field.need == Need::Nullable) {
                let shown: String = word.chars().take(20).collect();
                let message = with(&self.sample(), at, json!(word));
                self.malformed(&format!("{at} '{shown}'"), &message, key);
            }
        }
        if field.need == Need::Member {
            let message = beside(&self.sample(), at, "bogus", json!(good));
            self.malformed(&format!("a key beside {at}"), &message, None);
        }
    }
}

/// Values of other types than this one's.
fn wrong(right: &Value, long: usize) -> Vec<Value> {
    let mut values = vec![json!(7), json!(true), json!("7"), json!([]), json!({})];
    match right {
        Value::String(_) => values.retain(|value| !value.is_string()),
        Value::Bool(_) => values.retain(|value| !value.is_boolean()),
        Value::Number(_) => {
            values.retain(|value| !value.is_number());
            let out_of_range = ["1.5", "-1", "18446744073709551616", "1e300"];
            values.push(json!("7".repeat(long)));
            values.extend(
                out_of_range.map(|number| serde_json::from_str(number).expect("it is a number")),
            );
        }
        Value::Array(_) => {
            values.retain(|value| !value.is_array());
            values.push(json!([[]]));
        }
        Value::Object(members) => {
            values.retain(|value| !value.is_object());
            values.push(members.values().cloned().collect());
        }
        Value::Null => {}
    }
    values
}
