//! Where files are when nobody says: the XDG base directories. It leaves out which of
//! the files are there.

use std::path::{Path, PathBuf};

use super::env::{self, Env};

/// The directories that defaults are made from. Each is unknown when the environment
/// names none, which matters only to what needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    home: Option<PathBuf>,
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    state: Option<PathBuf>,
}

impl Places {
    pub(super) fn new(env: &dyn Env) -> Self {
        let home = absolute(env, env::HOME);
        let beside_home = |dir| home.as_ref().map(|home| home.join(dir));
        Self {
            config: absolute(env, env::XDG_CONFIG_HOME).or_else(|| beside_home(".config")),
            data: absolute(env, env::XDG_DATA_HOME).or_else(|| beside_home(".local/share")),
            state: absolute(env, env::XDG_STATE_HOME).or_else(|| beside_home(".local/state")),
            home,
        }
    }

    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The configuration file.
    pub(super) fn config_file(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|dir| dir.join("aura/config.toml"))
    }

    /// Temporal's configuration file, where its own tools have it.
    pub(super) fn temporal_config_file(&self) -> Option<PathBuf> {
        let beside_home = || {
            let home = self.home.as_ref()?;
            Some(home.join("Library/Application Support"))
        };
        let dir = if cfg!(target_os = "macos") {
            beside_home()
        } else {
            self.config.clone()
        };
        dir.map(|dir| dir.join("temporalio/temporal.toml"))
    }

    /// The audit trail.
    pub(super) fn audit_db(&self) -> Option<PathBuf> {
        self.data
            .as_ref()
            .map(|dir| dir.join("aura/plugin/audit.db"))
    }

    /// The file of the embedded engine.
    pub(super) fn embedded_db(&self) -> Option<PathBuf> {
        self.data.as_ref().map(|dir| dir.join("aura/embedded.db"))
    }

    /// The directory of what commands leave behind.
    pub(super) fn state_dir(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|dir| dir.join("aura"))
    }

    /// Where the earlier implementation had its configuration. It may not have known of
    /// `XDG_CONFIG_HOME`, so the place under the home counts as well.
    pub(super) fn earlier_config_files(&self) -> Vec<PathBuf> {
        let under_home = self.home.as_ref().map(|home| home.join(".config"));
        let mut dirs: Vec<_> = self.config.iter().chain(&under_home).collect();
        dirs.dedup();
        dirs.into_iter()
            .map(|dir| dir.join("aura/plugins/aurad.config.yaml"))
            .collect()
    }
}

/// The directory that a variable names. A relative one would mean another place for each
/// working directory, so it is ignored, as the XDG specification asks.
fn absolute(env: &dyn Env, name: &str) -> Option<PathBuf> {
    env.get(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}
