//! That the recorded histories, which everybody can read, tell nothing of the machine and
//! the person that recorded them.

use serde_json::Value;

use super::recorded;

#[test]
fn histories_tell_nobody_who_recorded_them() {
    let mut told = Vec::new();
    for history in recorded() {
        let value: Value = serde_json::from_str(&history.text).expect("a history is JSON");
        walk(&value, "", &mut |at, text| {
            let is_who = at.ends_with("/identity") && !["", "recorded"].contains(&text);
            // Payloads are in base64, and may say anything.
            let inside = from_base64(text).unwrap_or_default();
            let is_where = [text, &inside].iter().any(|text| {
                ["@", "/home/", "/root", "/tmp", "/Users/", "/var/", "e2e-"]
                    .iter()
                    .any(|telling| text.contains(telling))
            });
            if is_who || is_where {
                told.push(format!("{}: {at}: {text} {inside}", history.name));
            }
        });
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

fn walk(value: &Value, at: &str, see: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                walk(field, &format!("{at}/{name}"), see);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                walk(item, &format!("{at}/{number}"), see);
            }
        }
        Value::String(text) => see(at, text),
        _ => {}
    }
}

/// The text that is written in base64, if it is one.
fn from_base64(text: &str) -> Option<String> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits: u32 = 0;
    let mut count = 0;
    let mut bytes = Vec::new();
    for digit in text.trim_end_matches('=').bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[test]
fn what_is_hidden_in_base64_is_seen() {
    assert_eq!(from_base64("L2hvbWUv").as_deref(), Some("/home/"));
    assert_eq!(from_base64("YUBi").as_deref(), Some("a@b"));
    assert_eq!(from_base64("eyJhIjoxfQ==").as_deref(), Some("{\"a\":1}"));
    assert_eq!(from_base64("no base64"), None);
}
