//! Everything that `aura-msg` prints as JSON, held to the schema that it prints of it. The
//! tests are stricter than a reader has to be: what no schema names must not be there.

use std::path::Path;

use aura::cli::schema_of;
use boon::{Compiler, Schemas};
use serde_json::Value;

use super::output::Output;

/// Checks both streams of a command that was asked for JSON.
#[track_caller]
pub fn check(program: &str, args: &[String], output: &Output) {
    let is_ours = Path::new(program).file_name() == Some("aura-msg".as_ref());
    let format = format_of(args);
    if !is_ours || !matches!(format, Some("json" | "jsonl")) {
        return;
    }
    let is_line = format == Some("jsonl");
    let words: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .take_while(|arg| !arg.starts_with('-'))
        .take(2)
        .collect();
    // What another's worker answers is passed on as it is.
    let is_raw = args.iter().any(|arg| arg == "--raw");
    if let Some(schema) = schema_of(&words.join(" "), is_line).filter(|_| !is_raw) {
        for value in values(&output.stdout, is_line) {
            hold(&value, &schema).unwrap_or_else(|error| panic!("{error:#}\n{output}"));
        }
    }
    if (1..128).contains(&output.code) {
        let last = output.stderr.lines().last().unwrap_or_default();
        let told = serde_json::from_str(last);
        let told = told.unwrap_or_else(|error| panic!("no error in JSON: {error}\n{output}"));
        let schema = schema_of("error", false).expect("errors have a schema");
        hold(&told, &schema).unwrap_or_else(|error| panic!("{error:#}\n{output}"));
    }
}

/// Holds a value to a schema, and to nothing more than is in it.
pub fn hold(value: &Value, schema: &Value) -> Result<(), String> {
    let mut strict = schema.clone();
    close(&mut strict);
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    let url = "https://aura.invalid/schema.json";
    let failed = |error: &dyn std::fmt::Display| format!("{error:#}");
    compiler
        .add_resource(url, strict)
        .map_err(|error| failed(&error))?;
    let mut schemas = Schemas::new();
    let index = compiler.compile(url, &mut schemas);
    let index = index.map_err(|error| failed(&error))?;
    schemas
        .validate(value, index)
        .map_err(|error| failed(&error))
}

/// Closes every object whose properties are named to others.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.get("properties").is_some_and(Value::is_object) {
                object
                    .entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The form that was asked for last.
fn format_of(args: &[String]) -> Option<&str> {
    let mut format = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--format" {
            format = args.next().map(String::as_str);
        } else if let Some(word) = arg.strip_prefix("--format=") {
            format = Some(word);
        }
    }
    format
}

/// The values of an output: one by line, or one after another.
fn values(text: &str, is_line: bool) -> Vec<Value> {
    let read = |text: &str| {
        let values = serde_json::Deserializer::from_str(text).into_iter();
        values
            .collect::<Result<Vec<Value>, _>>()
            .unwrap_or_else(|error| panic!("not JSON: {error}\n{text}"))
    };
    if !is_line {
        return read(text);
    }
    let one = |line: &str| {
        let values = read(line);
        assert_eq!(values.len(), 1, "more than one value in a line: {line}");
        values
    };
    text.lines().flat_map(one).collect()
}
