//! What the lines look like, whatever is logged.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing::subscriber::with_default;
use tracing_subscriber::layer::SubscriberExt as _;

use super::Json;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that are logged, without their times, which are checked.
fn logged(log: impl FnOnce()) -> Vec<Value> {
    let lines = Lines::default();
    let open = lines.clone();
    let json = Json::new(move || open.clone());
    with_default(tracing_subscriber::registry().with(json), log);
    let bytes = lines.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    text.lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
            let time = time.as_str().unwrap();
            assert!(time.parse::<jiff::Timestamp>().is_ok(), "{time}");
            assert!(time.ends_with('Z'), "{time}");
            line
        })
        .collect()
}

#[test]
fn a_line_is_flat_and_values_keep_their_kind() {
    let lines = logged(|| {
        tracing::warn!(
            count = 3_u64,
            change = -1_i64,
            is_so = true,
            share = 0.5,
            none = f64::NAN,
            text = "a \"b\"\nc",
            shown = ?Some(1),
            "said\tit"
        );
    });
    let target = module_path!();
    assert_eq!(
        lines,
        [json!({
            "level": "WARN", "target": target, "message": "said\tit",
            "count": 3, "change": -1, "is_so": true, "share": 0.5, "none": "NaN",
            "text": "a \"b\"\nc", "shown": "Some(1)",
        })]
    );
}

#[test]
fn a_line_has_the_fields_of_its_spans_the_innermost_first_hand() {
    let lines = logged(|| {
        let outer = tracing::error_span!("outer", epoch_id = "e", slice_id = tracing::field::Empty);
        let _in = outer.enter();
        let inner = tracing::error_span!("inner", attempt = 1_u64, key = "inner");
        let _in = inner.enter();
        tracing::error!(attempt = 2_u64, "first");
        outer.record("slice_id", "s");
        tracing::error!("second");
    });
    assert_eq!(
        lines[0],
        json!({"level": "ERROR", "target": module_path!(), "message": "first",
            "epoch_id": "e", "attempt": 2, "key": "inner"})
    );
    assert_eq!(
        lines[1],
        json!({"level": "ERROR", "target": module_path!(), "message": "second",
            "epoch_id": "e", "slice_id": "s", "attempt": 1, "key": "inner"})
    );
}

#[test]
fn a_field_called_like_one_of_ours_hides_nothing() {
    let lines = logged(|| tracing::info!(target: "there", level = 7_u64, target = "x", "said"));
    assert_eq!(
        lines,
        [
            json!({"level": "INFO", "target": "there", "message": "said",
            "field.level": 7, "field.target": "x"})
        ]
    );
}
