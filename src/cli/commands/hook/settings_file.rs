//! An agent's settings file: our hooks in it, put there and taken out again, with all else
//! left as it is. Ours are known by their command. It leaves out which hooks there are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::cli::failure::{Failure, Kind};
use crate::cli::files;

/// What all commands of ours have in them.
const OURS: &str = "aura-msg hook ";
/// The key of the file that has all hooks.
const HOOKS: &str = "hooks";

/// A file as it was found; none is an empty one.
#[derive(Debug)]
pub(super) struct SettingsFile {
    path: PathBuf,
    /// Its text, if it is there.
    pub(super) before: Option<String>,
    value: Map<String, Value>,
}

impl SettingsFile {
    /// Reads it. A link is followed: what it points to is changed, not the link.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(&path, &error.to_string())),
        };
        let text = before.as_deref().unwrap_or_default();
        let value = match text.trim() {
            "" => Map::new(),
            text => match serde_json::from_str(text) {
                Ok(Value::Object(value)) => value,
                Ok(_) => return Err(unusable(&path, "it is JSON, but no object")),
                Err(error) => return Err(unusable(&path, &error.to_string())),
            },
        };
        let hooks = value.get(HOOKS);
        if hooks.is_some_and(|hooks| !hooks.is_object()) {
            return Err(unusable(&path, "its 'hooks' are no object"));
        }
        Ok(Self {
            path,
            before,
            value,
        })
    }

    /// Takes our hooks out, and what is empty without them.
    pub(super) fn remove_ours(&mut self) {
        let Some(Value::Object(hooks)) = self.value.get_mut(HOOKS) else {
            return;
        };
        let mut emptied = Vec::new();
        for (event, groups) in hooks.iter_mut() {
            let Value::Array(groups) = groups else {
                continue;
            };
            let found = groups.len();
            groups.retain_mut(|group| !only_ours(group));
            if groups.is_empty() && found > 0 {
                emptied.push(event.clone());
            }
        }
        for event in &emptied {
            hooks.shift_remove(event);
        }
        if hooks.is_empty() && !emptied.is_empty() {
            self.value.shift_remove(HOOKS);
        }
    }

    /// Adds a group of hooks to an event.
    pub(super) fn add(&mut self, event: &str, group: Value) -> Result<(), Failure> {
        let hooks = self
            .value
            .entry(HOOKS)
            .or_insert_with(|| Value::Object(Map::new()));
        let groups = hooks.as_object_mut().map(|hooks| {
            hooks
                .entry(event)
                .or_insert_with(|| Value::Array(Vec::new()))
        });
        match groups {
            Some(Value::Array(groups)) => {
                groups.push(group);
                Ok(())
            }
            _ => Err(unusable(
                &self.path,
                &format!("its hooks of {event} are no list"),
            )),
        }
    }

    /// The text it would have; none if nothing is left in it.
    pub(super) fn after(&self) -> Result<Option<String>, Failure> {
        if self.value.is_empty() {
            return Ok(None);
        }
        let text = serde_json::to_string_pretty(&self.value).map_err(Failure::internal)?;
        Ok(Some(text + "\n"))
    }

    /// Writes it: all or nothing, and as readable by others as it was.
    pub(super) fn write(&self) -> Result<(), Failure> {
        let done = match self.after()? {
            None if self.before.is_none() => Ok(()),
            None => fs::remove_file(&self.path),
            Some(text) => self.replace(&text),
        };
        done.map_err(|error| unusable(&self.path, &error.to_string()))
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        let found = fs::metadata(&self.path).ok();
        let permissions = found.map(|found| found.permissions());
        files::replace(&self.path, text, permissions)
    }
}

/// Takes our hooks out of a group; true if it had nothing else.
fn only_ours(group: &mut Value) -> bool {
    let Some(Value::Array(hooks)) = group.get_mut(HOOKS) else {
        return false;
    };
    let found = hooks.len();
    hooks.retain(|hook| !is_ours(hook));
    found > 0 && hooks.is_empty()
}

fn is_ours(hook: &Value) -> bool {
    let command = hook["command"].as_str().unwrap_or_default();
    command.contains(OURS) && command.contains("--agent")
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::new(
        Kind::Configuration,
        "agent_settings",
        format!("{} cannot be used", path.display()),
        why,
        "no hook was changed",
        "make it a JSON object that can be read and written, or name another place with \
         --user or --project",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(value: Value) -> SettingsFile {
        let Value::Object(value) = value else {
            panic!("it is an object")
        };
        SettingsFile {
            path: PathBuf::new(),
            before: None,
            value,
        }
    }

    fn ours() -> Value {
        json!({ "hooks": [{ "type": "command", "command": "aura-msg hook stop --agent codex" }] })
    }

    #[test]
    fn what_was_added_can_be_taken_out_again() {
        for found in [
            json!({}),
            json!({ "model": "x", "hooks": { "Stop": [{ "hooks": [{ "command": "mine" }] }] } }),
            json!({ "hooks": { "Other": [] }, "z": [1], "a": {} }),
        ] {
            let mut file = file(found.clone());
            file.add("Stop", ours()).expect("it can be added");
            assert_ne!(Value::Object(file.value.clone()), found);
            file.remove_ours();
            let left = Value::Object(file.value);
            // With the order of its keys.
            assert_eq!(left.to_string(), found.to_string());
        }
    }

    #[test]
    fn hooks_of_others_in_our_group_stay() {
        let mut group = ours();
        let hooks = group["hooks"].as_array_mut().expect("it is a list");
        hooks.push(json!({ "command": "mine" }));
        let mut file = file(json!({ "hooks": { "Stop": [group] } }));
        file.remove_ours();
        let left = json!({ "hooks": { "Stop": [{ "hooks": [{ "command": "mine" }] }] } });
        assert_eq!(Value::Object(file.value), left);
    }

    #[test]
    fn a_file_of_another_shape_is_left_alone() {
        let folder = tempfile::tempdir().expect("there is a folder");
        let path = folder.path().join("settings.json");
        for text in ["[]", "{", "{\"hooks\":[]}", "// a comment\n{}"] {
            fs::write(&path, text).expect("it can be written");
            let failure = SettingsFile::open(&path).expect_err(text);
            assert_eq!(failure.code, "agent_settings");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
        }
        fs::write(&path, "{\"hooks\":{\"Stop\":{}}}").expect("it can be written");
        let mut file = SettingsFile::open(&path).expect("it can be read");
        assert!(file.add("Stop", ours()).is_err());
    }
}
