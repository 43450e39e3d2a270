//! Where this command was sent to, and the commands to type that go to the same place: they
//! have a flag only where they would go elsewhere without.

use std::path::PathBuf;

use crate::config::aura_msg::Settings;
use crate::config::{Layer, Setting};
use crate::shell::shell_word;

/// Where everything is looked for.
pub(super) struct Here {
    pub(super) address: String,
    pub(super) namespace: String,
    pub(super) task_queue: String,
    /// The file that was named by a flag.
    pub(super) config: Option<PathBuf>,
    /// The flags that Temporal's own command line needs.
    temporal: String,
    /// Of those, the one that says where the server is.
    address_flag: String,
    /// The flags that aurad needs, but for the task queue.
    aurad: String,
}

impl Here {
    pub(super) fn new(settings: &Settings) -> Self {
        let Settings {
            address,
            namespace,
            task_queue,
            config,
            ..
        } = settings;
        let named = config.source.layer() == Layer::Flag;
        let address_flag = flag("--address", address);
        let namespace_flag = flag("--namespace", namespace);
        let config_flag = if named {
            flag_path(config)
        } else {
            String::new()
        };
        Self {
            address: address.value.to_string(),
            namespace: namespace.value.clone(),
            task_queue: task_queue.value.clone(),
            config: config.value.clone().filter(|_| named),
            temporal: format!("{address_flag}{namespace_flag}"),
            aurad: format!("{config_flag}{address_flag}{namespace_flag}"),
            address_flag,
        }
    }

    /// A command of Temporal's.
    pub(super) fn temporal(&self, words: &str) -> String {
        format!("temporal {words}{}", self.temporal)
    }

    /// The same for a command that has a namespace of its own.
    pub(super) fn temporal_at(&self, words: &str) -> String {
        format!("temporal {words}{}", self.address_flag)
    }

    /// The daemon, for a task queue.
    pub(super) fn aurad(&self, queue: &str) -> String {
        format!("aurad --task-queue {}{}", shell_word(queue), self.aurad)
    }
}

/// A flag for what neither the default nor the environment says, which others see, too.
fn flag<T: ToString>(name: &str, setting: &Setting<T>) -> String {
    match setting.source.layer() {
        Layer::Flag | Layer::File => {
            format!(" {name} {}", shell_word(&setting.value.to_string()))
        }
        Layer::Env | Layer::Profile | Layer::Default => String::new(),
    }
}

fn flag_path(config: &Setting<Option<PathBuf>>) -> String {
    let path = config.value.as_ref();
    path.map_or_else(String::new, |path| {
        format!(" --config {}", shell_word(&path.display().to_string()))
    })
}
