//! Every way to spoil a message, generated from its `Spec`: as a payload, as bytes, as
//! JSON, and field by field (see `fields`). It deliberately says of each what must become of it, so that
//! a case that is silently taken or dropped is found out.

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::common::v1::Payloads;

use super::spec::{Ids, Need, Spec, beside};
use crate::raw::payload;

/// Messages of one signal that are good, at most: so many subjects must be there.
pub const GOOD: usize = 48;

pub(super) const MEGABYTE: usize = 1_000_000;

/// A message, and what must become of it.
pub struct Case {
    pub name: String,
    pub input: Option<Payloads>,
    /// By which its outcome can be asked; none where it cannot be read.
    pub id: Option<String>,
    pub expect: Expect,
    /// What the refusal must mention.
    pub about: Option<String>,
}

/// What must become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It takes effect.
    Applied,
    /// It is read; what it asks for may be refused.
    Read,
    /// It is read or refused as unreadable; it must merely do no harm.
    Either,
    Malformed,
    TooLong,
}

impl Expect {
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Applied | Self::Read | Self::Either)
    }
}

/// All cases of one signal.
pub fn of(spec: &Spec, ids: &Ids) -> Vec<Case> {
    let mut cases = Cases {
        spec,
        ids,
        list: Vec::new(),
        good: 0,
    };
    cases.shapes();
    cases.bytes();
    cases.whole();
    if spec.is_signal {
        cases.envelope();
    }
    cases.extra();
    for field in spec.fields {
        cases.field(field);
    }
    assert!(
        cases.good <= GOOD,
        "{}: {} good messages",
        spec.name,
        cases.good
    );
    cases.list
}

pub(super) struct Cases<'a> {
    pub(super) spec: &'a Spec,
    ids: &'a Ids,
    list: Vec<Case>,
    good: usize,
}

impl Cases<'_> {
    pub(super) fn sample(&self) -> Value {
        (self.spec.sample)(self.ids, 0)
    }

    /// A good message that none before was.
    pub(super) fn fresh(&mut self) -> Value {
        self.good += 1;
        (self.spec.sample)(self.ids, self.good - 1)
    }

    /// A message without an id that can be read.
    fn blind(&mut self, name: &str, input: Option<Payloads>, expect: Expect) {
        let name = name.to_owned();
        self.list.push(Case {
            name,
            input,
            id: None,
            expect,
            about: None,
        });
    }

    /// A message under an id.
    pub(super) fn under_id(
        &mut self,
        name: &str,
        message: &Value,
        expect: Expect,
        about: Option<&str>,
    ) {
        let id = format!("{}/{}", self.spec.name, self.list.len());
        let mut message = message.clone();
        message["request_id"] = Value::from(id.as_str());
        self.list.push(Case {
            name: name.to_owned(),
            input: payload::json(&message),
            id: Some(id),
            expect,
            about: about.map(ToOwned::to_owned),
        });
    }

    pub(super) fn malformed(&mut self, name: &str, message: &Value, about: Option<&str>) {
        self.under_id(name, message, Expect::Malformed, about);
    }

    /// The payload is not one piece of JSON.
    fn shapes(&mut self) {
        let good = self.sample().to_string();
        let json = good.as_bytes();
        let long = "x".repeat(MEGABYTE);
        for (name, input) in [
            ("no payloads at all", None),
            ("a list of no payloads", payload::times(0, json)),
            ("two payloads", payload::times(2, json)),
            ("no encoding", payload::bytes(json, None)),
            ("an empty encoding", payload::bytes(json, Some(b""))),
            (
                "binary",
                payload::bytes(&[0, 159, 146, 150], Some(b"binary/plain")),
            ),
            (
                "JSON said to be binary",
                payload::bytes(json, Some(b"binary/plain")),
            ),
            ("an absent value", payload::bytes(b"", Some(b"binary/null"))),
            ("protobuf", payload::bytes(json, Some(b"json/protobuf"))),
            ("an unknown encoding", payload::bytes(json, Some(b"x/y"))),
            ("another case", payload::bytes(json, Some(b"JSON/PLAIN"))),
            (
                "an encoding that is no text",
                payload::bytes(json, Some(&[255, 254])),
            ),
            (
                "1 MB of encoding",
                payload::bytes(json, Some(long.as_bytes())),
            ),
        ] {
            self.blind(name, input, Expect::Malformed);
        }
    }

    /// The bytes are no JSON.
    fn bytes(&mut self) {
        let good = self.sample().to_string();
        let (half, _) = good.split_at(good.len() / 2);
        for (name, text) in [
            ("nothing", String::new()),
            ("blanks", "  \n".to_owned()),
            ("half of it", half.to_owned()),
            ("more after it", format!("{good}}}")),
            ("it twice", format!("{good}{good}")),
            ("single quotes", good.replace('"', "'")),
            ("a byte order mark", format!("\u{feff}{good}")),
            ("no number", good.replacen('{', "{\"later\":NaN,", 1)),
            (
                "half a surrogate pair",
                good.replacen('{', "{\"\\ud800\":1,", 1),
            ),
            (
                "a raw control character",
                good.replacen('{', "{\"later\":\"\u{1}\",", 1),
            ),
            ("1 MB of brackets", "[".repeat(MEGABYTE)),
            ("1 MB of keys", "{\"x\":".repeat(MEGABYTE / 5)),
        ] {
            self.blind(name, payload::text(text), Expect::Malformed);
        }
        let mut bytes = good.replacen('{', "{\"?\":1,", 1).into_bytes();
        let at = bytes
            .iter()
            .position(|byte| *byte == b'?')
            .expect("it is there");
        bytes[at] = 0xff;
        self.blind("no UTF-8", payload::text(bytes), Expect::Malformed);
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.blind("UTF-16", payload::text(utf16), Expect::Malformed);
    }

    /// The JSON is no object, or not this one.
    fn whole(&mut self) {
        let good = self.sample();
        let values: Vec<Value> = good
            .as_object()
            .expect("it is an object")
            .values()
            .cloned()
            .collect();
        for (name, value) in [
            ("null", Value::Null),
            ("true", json!(true)),
            ("a number", json!(7)),
            ("a text", json!("text")),
            ("itself as a text", json!(good.to_string())),
            ("an empty list", json!([])),
            ("itself in a list", json!([good])),
            ("its values in a list", json!(values)),
        ] {
            self.blind(name, payload::json(&value), Expect::Malformed);
        }
        self.malformed("an empty object", &json!({}), None);
        let at = self.spec.fields[0].at.trim_start_matches('/');
        let id = format!("{}/{}", self.spec.name, self.list.len());
        let twice = good.to_string().replacen(
            '{',
            &format!("{{\"request_id\":\"{id}\",\"{at}\":{},", good[at]),
            1,
        );
        self.list.push(Case {
            name: "a key twice".to_owned(),
            input: payload::text(twice),
            id: Some(id),
            expect: Expect::Malformed,
            about: Some(at.to_owned()),
        });
    }

    /// What identifies the message and its sender.
    fn envelope(&mut self) {
        for value in [json!(7), json!(true), json!([]), json!({})] {
            let message = beside(&self.sample(), "/x", "request_id", value.clone());
            let name = format!("request_id {value}");
            self.blind(&name, payload::json(&message), Expect::Malformed);
            let message = beside(&self.sample(), "/x", "actor", value.clone());
            self.malformed(&format!("actor {value}"), &message, Some("actor"));
        }
        for (name, id) in [("201 bytes", 201), ("1 MB", MEGABYTE)] {
            let message = beside(&self.sample(), "/x", "request_id", json!("i".repeat(id)));
            let name = format!("request_id of {name}");
            self.blind(&name, payload::json(&message), Expect::TooLong);
        }
        for value in [Value::Null, json!("")] {
            let name = format!("request_id {value}");
            let message = beside(&self.fresh(), "/x", "request_id", value.clone());
            self.blind(&name, payload::json(&message), Expect::Applied);
        }
        for (name, actor) in [("null", Value::Null), ("1 MB", json!("a".repeat(MEGABYTE)))] {
            let message = beside(&self.fresh(), "/x", "actor", actor);
            self.under_id(&format!("actor {name}"), &message, Expect::Applied, None);
        }
    }

    /// Good messages: as they are, and with fields that a later release may add.
    fn extra(&mut self) {
        let message = self.fresh();
        self.under_id("a good message", &message, Expect::Applied, None);
        for later in [
            json!(null),
            json!({ "x": [null, 1e300] }),
            json!("y".repeat(MEGABYTE)),
        ] {
            let message = beside(&self.fresh(), "/x", "later", later);
            self.under_id("an extra field", &message, Expect::Applied, None);
        }
        let inner = self
            .spec
            .fields
            .iter()
            .filter(|field| field.at.matches('/').count() > 1);
        for field in inner.filter(|field| !field.at.ends_with(|c: char| c.is_ascii_digit())) {
            if field.need == Need::Required {
                let message = beside(&self.fresh(), field.at, "later", json!([{}]));
                let name = format!("an extra field beside {}", field.at);
                self.under_id(&name, &message, Expect::Applied, None);
            }
        }
    }
}
