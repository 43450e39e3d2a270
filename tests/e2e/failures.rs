//! What a command says when it fails: four lines for people, one line of JSON for
//! programs, and nothing on standard output. It knows the form; the words are the
//! business of the tests.

use serde_json::Value;

use crate::support::output::Output;
use crate::world::World;

/// The parts that both forms have.
const PARTS: [&str; 5] = ["category", "what", "why", "impact", "fix"];

/// What `aura-msg` says when it fails about a world's epoch; the same in both forms. What
/// it fails with must not depend on how often it is run.
#[track_caller]
pub fn of(world: &World, code: i32, line: &str) -> Value {
    both(code, |format| {
        world.say(&format!("{line} --format {format}"))
    })
}

/// The same of any command that takes a format.
#[track_caller]
pub fn both(code: i32, run: impl Fn(&str) -> Output) -> Value {
    let text = text(&run("text").code(code));
    let json = json(&run("json").code(code));
    for part in PARTS {
        assert_eq!(
            text[part], json[part],
            "the {part} differs between text and JSON"
        );
    }
    json
}

/// Reads the four lines: category and what, why, impact, fix.
#[track_caller]
pub fn text(output: &Output) -> Value {
    assert_eq!(output.stdout, "", "a failure is no data\n{output}");
    let lines: Vec<_> = output.stderr.lines().collect();
    let [first, rest @ ..] = lines.as_slice() else {
        panic!("it says nothing\n{output}")
    };
    let (category, what) = first.split_once(": ").expect("it begins with a category");
    let mut said = serde_json::json!({ "category": category, "what": what });
    assert_eq!(rest.len(), 3, "a failure has four lines\n{output}");
    for (line, part) in rest.iter().zip(["why", "impact", "fix"]) {
        let words = line.strip_prefix(&format!("  {part}: "));
        said[part] = words
            .unwrap_or_else(|| panic!("no {part} in {line:?}\n{output}"))
            .into();
    }
    complete(&said, output);
    said
}

/// Reads the one line of JSON.
#[track_caller]
pub fn json(output: &Output) -> Value {
    assert_eq!(output.stdout, "", "a failure is no data\n{output}");
    assert_eq!(
        output.stderr.lines().count(),
        1,
        "a failure in JSON has one line\n{output}"
    );
    let whole: Value = serde_json::from_str(&output.stderr)
        .unwrap_or_else(|error| panic!("stderr is not JSON: {error}\n{output}"));
    let said = &whole["error"];
    assert!(
        said["retryable"].is_boolean(),
        "it says whether to repeat it\n{output}"
    );
    complete(said, output);
    assert!(is_text(&said["code"]), "a failure has a code\n{output}");
    said.clone()
}

/// One part of what was said.
#[track_caller]
pub fn part<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {said}"))
}

#[track_caller]
fn complete(said: &Value, output: &Output) {
    for part in PARTS {
        assert!(is_text(&said[part]), "it says no {part}\n{output}");
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
