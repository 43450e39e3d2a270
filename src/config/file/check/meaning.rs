//! What no entry shows by itself: names of runners that have to be there, and settings
//! that need another one.

use super::Checker;
use crate::config::error::Error;
use crate::config::invalid::Invalid;
use crate::config::origin::{Origin, Place};
use crate::config::suggest::nearest;
use crate::config::{review, runner};

/// The first mistake between sections or entries.
pub(super) fn check(checker: &Checker<'_>) -> Result<(), Error> {
    let mut mistakes: Vec<_> = unknown_reviewers(checker)
        .chain(homeless_worktrees(checker))
        .collect();
    mistakes.sort_by_key(|(line, _)| *line);
    mistakes
        .into_iter()
        .next()
        .map_or(Ok(()), |(_, error)| Err(error))
}

/// A mistake with its line.
type Mistake = (usize, Error);

fn unknown_reviewers(checker: &Checker<'_>) -> impl Iterator<Item = Mistake> {
    review::AXES.iter().filter_map(|(_, field)| {
        let entry = checker.entries.get(review::SECTION.name)?.get(field.key)?;
        let name = entry.words.first()?.to_str()?;
        let runners = &checker.runners;
        if runners.iter().any(|runner| runner == name) {
            return None;
        }
        let why = if runners.is_empty() {
            "the file configures no runner".to_owned()
        } else {
            format!("the file configures {}", runners.join(", "))
        };
        let hint = match nearest(name, runners.iter().map(String::as_str)) {
            Some(runner) => format!(
                "did you mean {runner}? Otherwise add [{}]",
                runner::label(name)
            ),
            None => format!("add [{}]", runner::label(name)),
        };
        let invalid = Invalid::new(name, "is no configured runner", why, hint);
        Some(mistake(
            checker,
            review::SECTION.name,
            field.key,
            entry.line,
            invalid,
        ))
    })
}

fn homeless_worktrees(checker: &Checker<'_>) -> impl Iterator<Item = Mistake> {
    checker.runners.iter().filter_map(|name| {
        let label = runner::label(name);
        let entries = checker.entries.get(&label)?;
        let entry = entries.get(runner::WORKTREE.key)?;
        let wanted = entry.words.first().is_some_and(|word| word == "true");
        if !wanted || entries.contains_key(runner::DIRECTORY.key) {
            return None;
        }
        let invalid = Invalid::new(
            "true",
            "needs a directory",
            "the worktree is made of the git repository that directory names, and there is none",
            "add directory = \"~/the/repository\", for example",
        );
        Some(mistake(
            checker,
            &label,
            runner::WORKTREE.key,
            entry.line,
            invalid,
        ))
    })
}

fn mistake(
    checker: &Checker<'_>,
    section: &str,
    key: &'static str,
    line: usize,
    invalid: Invalid,
) -> Mistake {
    let origin = Origin::File {
        place: Place {
            path: checker.path.to_owned(),
            line,
        },
        section: section.to_owned(),
        key,
    };
    (line, Error::invalid(origin, invalid))
}
