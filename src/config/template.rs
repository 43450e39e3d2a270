//! The file that a new user begins with: every key, commented out, with its default or an
//! example. A test holds it to the keys that there are, and to their defaults.

/// The text of the file. Lines that begin with `# ` explain; those that begin with `#`
/// alone are settings, to be had by removing it.
pub const TEMPLATE: &str = include_str!("template.toml");
