//! One entry of `checks`: the arguments of a constraint that it names, or of all whose
//! arguments are there. An argument that nothing looks at is a mistake, since a check that
//! was not made would pass for one that found nothing.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::facts;
use crate::cli::commands::constraint::examples;
use crate::cli::{input, lenient};
use crate::protocol::Word;
use crate::protocol::constraint::{
    ConstraintId, StructuralFacts, Violation, check_followup_title, check_proposal_title,
    check_review_title, check_structural, checks_run,
};

/// The key that names the constraint.
const CONSTRAINT: &str = "constraint";
/// The argument of the constraints of naming.
const TITLE: &str = "title";

/// One entry, complete: at least one check can be made of it.
pub(super) struct Entry {
    named: Option<ConstraintId>,
    title: Option<String>,
    facts: StructuralFacts,
}

impl Entry {
    /// The entry that a dependency is.
    pub(super) fn dependency(parent_id: &str, child_id: &str) -> Self {
        Self {
            named: Some(ConstraintId::DepDirection),
            title: None,
            facts: StructuralFacts {
                parent_id: Some(parent_id.to_owned()),
                child_id: Some(child_id.to_owned()),
                ..StructuralFacts::default()
            },
        }
    }

    /// The constraints that it is held to.
    pub(super) fn constraints(&self) -> Vec<ConstraintId> {
        match self.named {
            Some(id) => vec![id],
            None => checks_run(&self.facts),
        }
    }

    /// What it violates.
    pub(super) fn violations(&self) -> Vec<Violation> {
        if let (Some(rule), Some(title)) = (self.named.and_then(naming), &self.title) {
            return rule(title).into_iter().collect();
        }
        let found = check_structural(&self.facts).into_iter();
        let is_meant =
            |violation: &Violation| self.named.is_none_or(|id| violation.constraint == id);
        found.filter(is_meant).collect()
    }

    /// Why it is none, if it is none.
    fn mistake(&self) -> Option<String> {
        let mut given = facts::given(&self.facts);
        given.extend(self.title.as_ref().map(|_| TITLE));
        match self.named {
            Some(id) => mistake_about(id, &given),
            None if self.title.is_some() => {
                Some("a title is held to a constraint by name, or stands in titles".to_owned())
            }
            None => self.mistake_about_any(&given),
        }
    }

    fn mistake_about_any(&self, given: &[&str]) -> Option<String> {
        let run = checks_run(&self.facts);
        if run.is_empty() {
            return Some(
                "no constraint has all its arguments here; name the one that is meant with \
                 the key constraint, and what it lacks is told"
                    .to_owned(),
            );
        }
        let used: Vec<String> = run.iter().copied().flat_map(examples::arguments).collect();
        let idle = given
            .iter()
            .find(|name| !used.iter().any(|own| own == *name))?;
        Some(format!(
            "no constraint that has all its arguments here looks at {idle}; leave it out, or name \
             the one that is meant with the key constraint"
        ))
    }
}

/// What is wrong with these arguments for a constraint.
fn mistake_about(id: ConstraintId, given: &[&str]) -> Option<String> {
    let own = examples::arguments(id);
    if own.is_empty() {
        let looks_at = examples::parts(id);
        return Some(if looks_at.is_empty() {
            format!("{id} cannot be checked: it is kept when messages are written")
        } else {
            format!(
                "{id} takes no arguments; it looks at {}",
                looks_at.join(" and ")
            )
        });
    }
    let missing: Vec<&str> = own
        .iter()
        .map(String::as_str)
        .filter(|name| !given.contains(name))
        .collect();
    if !missing.is_empty() {
        return Some(format!("{id} needs {} as well", missing.join(", ")));
    }
    let idle = given
        .iter()
        .find(|name| !own.iter().any(|own| own == *name))?;
    Some(format!(
        "{id} does not look at {idle}; it takes {}",
        own.join(", ")
    ))
}

/// The rule of a constraint of naming.
const fn naming(id: ConstraintId) -> Option<fn(&str) -> Option<Violation>> {
    match id {
        ConstraintId::ProposalNaming => Some(check_proposal_title),
        ConstraintId::ReviewNaming => Some(check_review_title),
        ConstraintId::FollowupLifecycle => Some(check_followup_title),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

/// A constraint as its key names it; read as a value, so that a wrong one is told with
/// that key.
struct Named(ConstraintId);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        examples::find(&id).map(Self).map_err(D::Error::custom)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the arguments of a constraint")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let mut entry = Entry {
            named: None,
            title: None,
            facts: StructuralFacts::default(),
        };
        let mut seen: Vec<String> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format!(
                    "{} is here twice",
                    input::cut(&key)
                )));
            }
            match key.as_str() {
                CONSTRAINT => {
                    let Named(id) = map.next_value()?;
                    entry.named = Some(id);
                }
                TITLE => entry.title = Some(map.next_value()?),
                name => {
                    if !facts::put(&mut entry.facts, name, &mut map)? {
                        let names = [CONSTRAINT, TITLE].into_iter();
                        let names = names.chain(facts::NAMES.iter().copied());
                        return Err(A::Error::custom(format!(
                            "unknown argument '{}'; {}",
                            input::cut(name),
                            lenient::meant(name, names)
                        )));
                    }
                }
            }
            seen.push(key);
        }
        match entry.mistake() {
            Some(mistake) => Err(A::Error::custom(mistake)),
            None => Ok(entry),
        }
    }
}

/// The constraints of naming, which titles are held to.
pub(super) fn of_naming() -> Vec<ConstraintId> {
    let all = ConstraintId::ALL.iter().copied();
    all.filter(|id| naming(*id).is_some()).collect()
}
