//! The one place where sources are weighed against each other. It leaves out which
//! settings there are.

use std::ffi::OsString;
use std::path::PathBuf;

use super::access::PROFILE;
use super::env::{self, Env};
use super::error::Error;
use super::file::File;
use super::invalid::Invalid;
use super::origin::Origin;
use super::places::Places;
use super::profile::Profile;
use super::source::{Layer, Setting, Source};
use super::spec::{Context, Field, Section, Shape, Spec};
use super::value;

/// The file itself is a setting, too; the file alone cannot say where it is.
static CONFIG: Spec<Option<PathBuf>> = Spec {
    key: "config",
    alias: None,
    flag: "--config",
    env: &[env::AURA_CONFIG],
    shape: Shape::Text,
    parse: |words, context| value::path(words, context).map(Some),
    default: Places::config_file,
};

/// The configuration file that either program reads, be it there or not. Unknown only if
/// nobody says and the user has no home.
pub fn config_file(
    flag: Option<PathBuf>,
    env: &dyn Env,
) -> Result<Setting<Option<PathBuf>>, Error> {
    Sources::without_file(env, &super::aura_msg::SECTION).resolve(&CONFIG, flag)
}

/// Everything that can say something about a program's settings, except its flags.
pub(super) struct Sources<'a> {
    env: &'a dyn Env,
    section: &'static Section,
    places: Places,
    file: Option<File>,
    profile: Option<Profile>,
}

/// What one source says.
struct Said {
    words: Vec<OsString>,
    origin: Origin,
}

impl<'a> Sources<'a> {
    fn without_file(env: &'a dyn Env, section: &'static Section) -> Self {
        Self {
            env,
            section,
            places: Places::new(env),
            file: None,
            profile: None,
        }
    }

    /// Finds and reads the file. A file that somebody named has to be there.
    pub(super) fn open(
        env: &'a dyn Env,
        section: &'static Section,
        config: Option<PathBuf>,
    ) -> Result<(Self, Setting<Option<PathBuf>>), Error> {
        let mut sources = Self::without_file(env, section);
        let config = sources.resolve(&CONFIG, config)?;
        if let Some(path) = &config.value {
            sources.file = File::read(path, &config.source, sources.places.home())?;
        }
        let read = Setting {
            value: config.value.filter(|_| sources.file.is_some()),
            source: config.source,
        };
        Ok((sources, read))
    }

    /// Reads the profile of Temporal's configuration file that is asked for; which one that
    /// is our own file may say.
    pub(super) fn read_profile(
        &mut self,
        flag: Option<String>,
    ) -> Result<Setting<Option<String>>, Error> {
        let wanted = self.resolve(&PROFILE, flag)?;
        self.profile = Profile::read(self.env, &self.places, &wanted)?;
        Ok(wanted)
    }

    pub(super) const fn env(&self) -> &'a dyn Env {
        self.env
    }

    /// The value of a setting: what the strongest source says that says anything.
    pub(super) fn resolve<T>(
        &self,
        spec: &Spec<T>,
        flag: impl IntoIterator<Item: Into<OsString>>,
    ) -> Result<Setting<T>, Error> {
        let flag: Vec<OsString> = flag.into_iter().map(Into::into).collect();
        let said = Layer::ALL
            .into_iter()
            .find_map(|layer| self.said(layer, spec, &flag));
        let Some(Said { words, origin }) = said else {
            return Ok(Setting {
                value: (spec.default)(&self.places),
                source: Source::Default,
            });
        };
        Ok(Setting {
            source: origin.source(),
            value: self.read(spec.parse, Said { words, origin })?,
        })
    }

    /// What a table of the file says for a key that stands in the file alone.
    pub(super) fn field<T>(&self, table: &str, field: &Field<T>) -> Result<Option<T>, Error> {
        let said = self
            .file
            .as_ref()
            .and_then(|file| file.get(table, field.key));
        said.map(|(words, origin)| self.read(field.parse, Said { words, origin }))
            .transpose()
    }

    fn read<T>(
        &self,
        parse: fn(&[OsString], Context<'_>) -> Result<T, Invalid>,
        Said { words, origin }: Said,
    ) -> Result<T, Error> {
        let base = match &origin {
            Origin::File { place, .. } => place.path.parent(),
            Origin::Flag(_) | Origin::Env(_) | Origin::Profile { .. } => None,
        };
        let context = Context {
            home: self.places.home(),
            base,
        };
        parse(&words, context).map_err(|invalid| Error::invalid(origin, invalid))
    }

    fn said<T>(&self, layer: Layer, spec: &Spec<T>, flag: &[OsString]) -> Option<Said> {
        match layer {
            Layer::Flag => (!flag.is_empty()).then(|| Said {
                words: flag.to_vec(),
                origin: Origin::Flag(spec.flag),
            }),
            Layer::Env => spec.env.iter().find_map(|name| {
                let value = self.env.get(name)?;
                Some(Said {
                    words: vec![value],
                    origin: Origin::Env(name),
                })
            }),
            Layer::File => {
                let (words, origin) = self.file.as_ref()?.get(self.section.name, spec.key)?;
                Some(Said { words, origin })
            }
            Layer::Profile => {
                let profile = self.profile.as_ref()?;
                let words = profile.get(spec.key)?;
                let Source::Profile { path, name } = profile.source() else {
                    return None;
                };
                let key = spec.key;
                let origin = Origin::Profile { path, name, key };
                Some(Said { words, origin })
            }
            // It speaks through the setting, when all others are silent.
            Layer::Default => None,
        }
    }

    /// What the reader of the file should know.
    pub(super) fn file_notices(&self) -> Vec<String> {
        self.file
            .as_ref()
            .map(|file| file.notices(self.section))
            .unwrap_or_default()
    }

    /// Names of the runners that the file configures, in its order.
    pub(super) fn runners(&self) -> &[String] {
        self.file.as_ref().map(File::runners).unwrap_or_default()
    }

    pub(super) const fn places(&self) -> &Places {
        &self.places
    }
}
