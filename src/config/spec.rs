//! What a setting is: its names in each source, how its text is read, its default. It
//! leaves out the settings themselves, and in which order the sources are asked.

use std::ffi::OsString;
use std::path::Path;

use super::invalid::Invalid;
use super::places::Places;

/// One setting.
pub(super) struct Spec<T: 'static> {
    /// The key in the file.
    pub(super) key: &'static str,
    /// An earlier name of the key.
    pub(super) alias: Option<&'static str>,
    /// The flag, with its dashes.
    pub(super) flag: &'static str,
    /// The variables, the first one that is set counts.
    pub(super) env: &'static [&'static str],
    /// What the file may hold.
    pub(super) shape: Shape,
    /// What the words mean.
    pub(super) parse: fn(&[OsString], Context<'_>) -> Result<T, Invalid>,
    /// The value when nobody says anything.
    pub(super) default: fn(&Places) -> T,
}

/// The TOML values that a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Texts,
    Time,
    Switch,
    /// A whole number.
    Count,
    /// A number that has a decimal point if need be, or a word instead of one.
    Number,
    /// A number of bytes.
    Size,
    /// Strings, even if there is only one.
    List,
    /// Strings with names, as alternating words.
    Table,
}

impl Shape {
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Texts => "a string or a list of strings",
            Self::Time => "a string such as \"30s\", or a whole number of seconds",
            Self::Switch => "true or false",
            Self::Count => "a whole number",
            Self::Number => "a number, or a string such as \"auto\"",
            Self::Size => "a string such as \"10MB\", or a whole number of bytes",
            Self::List => "a list of strings",
            Self::Table => "a table of strings, such as { NAME = \"value\" }",
        }
    }
}

/// What the meaning of a value may depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// What `~` stands for.
    pub(super) home: Option<&'a Path>,
    /// What relative paths begin from: the directory of the file that has them.
    pub(super) base: Option<&'a Path>,
}

/// A setting as the file sees it, whatever the type of its value.
pub(super) trait Key: Sync {
    fn name(&self) -> &'static str;
    fn alias(&self) -> Option<&'static str>;
    /// The flag, with its dashes; empty where there is none.
    fn flag(&self) -> &'static str;
    fn variables(&self) -> &'static [&'static str];
    fn shape(&self) -> Shape;
    fn check(&self, words: &[OsString], context: Context<'_>) -> Result<(), Invalid>;
}

impl<T> Key for Spec<T> {
    fn name(&self) -> &'static str {
        self.key
    }

    fn alias(&self) -> Option<&'static str> {
        self.alias
    }

    fn flag(&self) -> &'static str {
        self.flag
    }

    fn variables(&self) -> &'static [&'static str] {
        self.env
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn check(&self, words: &[OsString], context: Context<'_>) -> Result<(), Invalid> {
        (self.parse)(words, context).map(drop)
    }
}

/// A key that stands in the file alone: no flag and no variable says the same.
pub(super) struct Field<T: 'static> {
    /// The key.
    pub(super) key: &'static str,
    /// What the file may hold.
    pub(super) shape: Shape,
    /// What the words mean.
    pub(super) parse: fn(&[OsString], Context<'_>) -> Result<T, Invalid>,
}

impl<T> Key for Field<T> {
    fn name(&self) -> &'static str {
        self.key
    }

    fn alias(&self) -> Option<&'static str> {
        None
    }

    fn flag(&self) -> &'static str {
        ""
    }

    fn variables(&self) -> &'static [&'static str] {
        &[]
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn check(&self, words: &[OsString], context: Context<'_>) -> Result<(), Invalid> {
        (self.parse)(words, context).map(drop)
    }
}

/// A section of the file.
pub(super) struct Section {
    /// Its name.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static dyn Key],
}

impl Section {
    /// The key of this name, be it an earlier one.
    pub(super) fn key(&self, name: &str) -> Option<&'static dyn Key> {
        self.keys
            .iter()
            .copied()
            .find(|key| key.name() == name || key.alias() == Some(name))
    }

    /// The names of all keys.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.iter().map(|key| key.name())
    }
}
