//! A plan of slices, read from TOML and checked as a whole: the first mistake, in the order
//! of the lines, is told with its line and key, and then nothing is sent. What only the
//! epoch can know, such as a cycle over slices that it has already, is left to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::request::{KEYS, Prompt, Wanted};
use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::cli::input;
use crate::contract::epoch::PlanSlicesSignal;
use crate::protocol::limits;

/// Bytes of a plan; its epoch has room for less.
const MAX: usize = 1024 * 1024;
const SLICE: &str = "slice";
const FAIL_FAST: &str = "fail_fast";

/// A key, and what is written for it.
type Item<'t, 'i> = (&'t Spanned<Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

/// Reads a plan, and the prompts that it names.
pub(super) async fn read(source: &Source) -> Result<PlanSlicesSignal, Failure> {
    let text = source
        .read(MAX, "declare its slices in several plans")
        .await?;
    let file = PlanFile {
        title: source.title(),
        text: &text,
    };
    let (fail_fast, wanted) = file.document(&source.base())?;
    let mut slices = Vec::with_capacity(wanted.len());
    for Written { slice, lines } in wanted {
        let id_line = lines.get(KEYS.id).copied().unwrap_or(1);
        let slice = slice.check(&KEYS).await.map_err(|wrong| {
            let line = lines.get(wrong.part).copied().unwrap_or(id_line);
            file.at(line, Some(wrong.part), wrong.failure)
        })?;
        slices.push(slice);
    }
    let plan = PlanSlicesSignal { slices, fail_fast };
    let length = serde_json::to_vec(&plan).map_err(Failure::internal)?.len();
    if length > limits::GROWTH {
        let failure = Failure::invalid(
            "too_long",
            "the plan is too long",
            format!(
                "with its prompts it has {length} bytes; an epoch has room for {} of slices",
                limits::GROWTH
            ),
            "shorten the prompts: put details into files that the runners can read",
        );
        return Err(file.at(1, None, failure));
    }
    Ok(plan)
}

struct PlanFile<'a> {
    title: String,
    text: &'a str,
}

/// A slice, and the lines of its keys.
struct Written {
    slice: Wanted,
    lines: BTreeMap<&'static str, usize>,
}

impl PlanFile<'_> {
    fn document(&self, base: &Path) -> Result<(Option<bool>, Vec<Written>), Failure> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let line = self.line(error.span().unwrap_or_default().start);
            let why = error.message().replace('\n', " ");
            let failure = Failure::invalid(
                "plan_syntax",
                "it is no TOML",
                why,
                format!("correct line {line}"),
            );
            self.at(line, None, failure)
        })?;
        let mut fail_fast = None;
        let mut slices: Vec<Written> = Vec::new();
        for (key, value) in in_order(document.get_ref()) {
            match (key.get_ref().as_ref(), value.get_ref()) {
                (FAIL_FAST, DeValue::Boolean(on)) => fail_fast = Some(*on),
                (FAIL_FAST, other) => {
                    return Err(self.wrong_type(value, FAIL_FAST, "true or false", other));
                }
                (SLICE, DeValue::Array(tables)) => {
                    for table in tables {
                        let DeValue::Table(keys) = table.get_ref() else {
                            return Err(self.no_slices(table));
                        };
                        let written = self.slice(table, keys, base)?;
                        self.check_new(&slices, &written)?;
                        slices.push(written);
                    }
                }
                (SLICE, _) => return Err(self.no_slices(value)),
                (other, _) => {
                    return Err(self.unknown(key, other, "fail_fast, [[slice]]"));
                }
            }
        }
        if slices.is_empty() {
            let failure = Failure::invalid(
                "empty_plan",
                "it has no slices",
                "a plan declares at least one",
                "write a table [[slice]] with an id for each",
            );
            return Err(self.at(1, None, failure));
        }
        Ok((fail_fast, slices))
    }

    fn slice(
        &self,
        table: &Spanned<DeValue<'_>>,
        keys: &DeTable<'_>,
        base: &Path,
    ) -> Result<Written, Failure> {
        let mut slice = Wanted::default();
        let mut lines = BTreeMap::new();
        let mut has_id = false;
        for (key, value) in in_order(keys) {
            let name = key.get_ref().as_ref();
            let Some(known) = KEYS.all().into_iter().find(|known| *known == name) else {
                return Err(self.unknown(key, name, &KEYS.all().join(", ")));
            };
            lines.insert(known, self.line(key.span().start));
            match known {
                name if name == KEYS.id => {
                    slice.id = self.text(value, name)?;
                    has_id = true;
                }
                name if name == KEYS.after => slice.after = self.texts(value, name)?,
                name if name == KEYS.leaf => slice.leaves = self.texts(value, name)?,
                name if name == KEYS.mode => slice.mode = Some(self.text(value, name)?),
                name if name == KEYS.runner => slice.runner = Some(self.text(value, name)?),
                name if name == KEYS.command => slice.command = Some(self.text(value, name)?),
                name if name == KEYS.about => slice.about = self.text(value, name)?,
                name if name == KEYS.time_limit => {
                    slice.time_limit = Some(self.duration(value, name)?);
                }
                name => {
                    if slice.prompt.is_some() {
                        return Err(self.two_prompts(key));
                    }
                    let text = self.text(value, name)?;
                    slice.prompt = Some(if name == KEYS.prompt {
                        Prompt::Text(text)
                    } else {
                        Prompt::File(Source::of_path(name, base.join(text)))
                    });
                }
            }
        }
        if !has_id {
            let failure = Failure::invalid(
                "plan_key_missing",
                "the slice has no id",
                "every slice of a plan has one",
                format!("add {} = \"…\" to this [[slice]]", KEYS.id),
            );
            return Err(self.at(self.line(table.span().start), Some(KEYS.id), failure));
        }
        Ok(Written { slice, lines })
    }

    /// An id names one slice.
    fn check_new(&self, slices: &[Written], new: &Written) -> Result<(), Failure> {
        let id = &new.slice.id;
        let Some(first) = slices.iter().find(|other| other.slice.id == *id) else {
            return Ok(());
        };
        let line = |written: &Written| written.lines.get(KEYS.id).copied().unwrap_or(1);
        let failure = Failure::invalid(
            "slice_exists",
            format!("slice '{}' is in the plan twice", input::cut(id)),
            format!("line {} has it too", line(first)),
            "give each slice an id of its own",
        );
        Err(self.at(line(new), Some(KEYS.id), failure))
    }

    fn text(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<String, Failure> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.as_ref().to_owned()),
            other => Err(self.wrong_type(value, key, "a text", other)),
        }
    }

    fn texts(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Vec<String>, Failure> {
        match value.get_ref() {
            DeValue::String(text) => Ok(vec![text.as_ref().to_owned()]),
            DeValue::Array(values) => values.iter().map(|value| self.text(value, key)).collect(),
            other => Err(self.wrong_type(value, key, "a list of texts", other)),
        }
    }

    /// A duration with its unit, or whole seconds.
    fn duration(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<String, Failure> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.as_ref().to_owned()),
            DeValue::Integer(number) => Ok(number.to_string()),
            other => Err(self.wrong_type(value, key, "a duration, such as \"30m\"", other)),
        }
    }

    fn wrong_type(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        expected: &str,
        found: &DeValue<'_>,
    ) -> Failure {
        let failure = Failure::invalid(
            "plan_type",
            format!("it is {} {}", article(found), found.type_str()),
            format!("{key} is {expected}"),
            format!("write {key} as {expected}"),
        );
        self.at(self.line(value.span().start), Some(key), failure)
    }

    fn no_slices(&self, value: &Spanned<DeValue<'_>>) -> Failure {
        let failure = Failure::invalid(
            "plan_type",
            "it is no list of slices",
            "each slice is a table of its own",
            "write [[slice]], with two brackets, above each",
        );
        self.at(self.line(value.span().start), Some(SLICE), failure)
    }

    fn unknown(&self, key: &Spanned<Cow<'_, str>>, name: &str, valid: &str) -> Failure {
        let failure = Failure::invalid(
            "plan_key_unknown",
            format!("unknown key '{}'", input::cut(name)),
            format!("valid: {valid}"),
            "correct the key, or leave it out",
        );
        self.at(self.line(key.span().start), None, failure)
    }

    fn two_prompts(&self, key: &Spanned<Cow<'_, str>>) -> Failure {
        let failure = Failure::invalid(
            "two_prompts",
            format!(
                "{} and {} exclude each other",
                KEYS.prompt, KEYS.prompt_file
            ),
            "a runner is told one thing",
            "keep one of them",
        );
        self.at(self.line(key.span().start), Some(key.get_ref()), failure)
    }

    /// A failure with the place that it is about.
    fn at(&self, line: usize, key: Option<&str>, failure: Failure) -> Failure {
        let key = key.map(|key| format!(" {key}:")).unwrap_or_default();
        Failure {
            what: format!("{}:{line}:{key} {}", input::cut(&self.title), failure.what),
            ..failure
        }
    }

    /// The line, from 1, of a place in the text.
    fn line(&self, start: usize) -> usize {
        let before = self.text.as_bytes().get(..start);
        let before = before.unwrap_or(self.text.as_bytes());
        before.split(|byte| *byte == b'\n').count()
    }
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::Integer(_) | DeValue::Array(_) => "an",
        _ => "a",
    }
}

/// The items of a table in the order of the file, which the map does not keep.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}
