//! Random filters over random runs: what SQL finds is what a plain reading of the tree
//! finds, in the order that plain sorting gives, whatever the size of the pages.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Kept, NAMESPACE, all, database, ids, insert, registry, run};
use crate::embedded::store::RunRow;
use crate::embedded::visibility::ast::{Condition, Expr, Literal, Operator, Order, Test};
use crate::embedded::visibility::{count, parser};

/// A run and its attributes, by name.
#[derive(Clone, Debug)]
struct Sample {
    run: RunRow,
    attributes: Vec<(&'static str, Vec<Kept>)>,
}

const WORDS: [&str; 5] = ["", "a", "ab", "b", "B c"];
const PHRASES: [&str; 4] = ["a", "ab-b", "B c", "- c"];
const STATUSES: [&str; 4] = ["Running", "Completed", "Failed", "TimedOut"];

// === Samples ===

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    prop::collection::vec((columns(), attributes()), 100..300).prop_map(|samples| {
        samples
            .into_iter()
            .zip(1..)
            .map(|((row, attributes), key)| Sample {
                run: RunRow {
                    key,
                    run_id: format!("run-{key}"),
                    ..row
                },
                attributes,
            })
            .collect()
    })
}

fn columns() -> impl Strategy<Value = RunRow> {
    let word = || prop::sample::select(&WORDS[..]);
    let small = || 0..6_i64;
    (
        word(),
        word(),
        small(),
        small(),
        prop::option::of(small()),
        small(),
        prop::option::of(word()),
        2..8_i32,
    )
        .prop_map(
            |(id, kind, start_time, delay, close_time, length, parent, status)| RunRow {
                workflow_type: kind.to_owned(),
                status: if close_time.is_some() { status } else { 1 },
                start_time,
                execution_time: start_time + delay,
                close_time,
                history_length: length,
                parent_workflow_id: parent.map(str::to_owned),
                ..run(0, id)
            },
        )
}

fn attributes() -> impl Strategy<Value = Vec<(&'static str, Vec<Kept>)>> {
    let text = || prop::sample::select(&WORDS[..]).prop_map(|word| Kept::Text(word.to_owned()));
    let whole = |range| Strategy::prop_map(range, Kept::Whole);
    let one = |value: BoxedStrategy<Kept>| prop::collection::vec(value, 0..=1);
    (
        one(text().boxed()),
        one(text().boxed()),
        one(whole(0..6_i64).boxed()),
        one((0..6_i32)
            .prop_map(|half| Kept::Real(f64::from(half) / 2.0))
            .boxed()),
        one(whole(0..2_i64).boxed()),
        one(whole(0..6_i64).boxed()),
        prop::collection::vec(text(), 0..4),
    )
        .prop_map(|(t, k, i, d, b, w, l)| {
            vec![
                ("T", t),
                ("K", k),
                ("I", i),
                ("D", d),
                ("B", b),
                ("W", w),
                ("L", l),
            ]
        })
}

// === Filters ===

fn filter() -> impl Strategy<Value = Expr> {
    condition()
        .prop_map(Expr::Condition)
        .prop_recursive(4, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
                inner.prop_map(|inner| Expr::Not(Box::new(inner))),
            ]
        })
}

fn condition() -> impl Strategy<Value = Condition> {
    let words = || text_of(&WORDS);
    let number = || {
        prop_oneof![
            (-1..7_i64).prop_map(Literal::Whole),
            (-1..7_i32).prop_map(|half| Literal::Real(f64::from(half) / 2.0)),
        ]
        .boxed()
    };
    let time = || {
        prop_oneof![
            (-1..7_i64).prop_map(Literal::Whole),
            (0..7_u8).prop_map(|n| Literal::Text(format!("1970-01-01T00:00:00.00000000{n}Z"))),
        ]
        .boxed()
    };
    let truth = any::<bool>().prop_map(Literal::Bool).boxed();
    let keyword = ["K", "WorkflowId", "WorkflowType", "ParentWorkflowId"];
    prop_oneof![
        of(
            &keyword,
            prop_oneof![ordered(words()), among(words()), prefixed(words())].boxed()
        ),
        of(
            &["I", "D", "HistoryLength", "ExecutionDuration"],
            prop_oneof![ordered(number()), among(number())].boxed()
        ),
        of(
            &["W", "StartTime", "ExecutionTime", "CloseTime"],
            prop_oneof![ordered(time()), among(time())].boxed()
        ),
        of(
            &["B"],
            prop_oneof![compared(truth.clone()), among(truth)].boxed()
        ),
        of(
            &["ExecutionStatus"],
            prop_oneof![compared(text_of(&STATUSES)), among(text_of(&STATUSES))].boxed()
        ),
        of(&["T"], equal(text_of(&PHRASES))),
        of(&["L"], prop_oneof![equal(words()), among(words())].boxed()),
        of(
            &[
                "K",
                "I",
                "D",
                "B",
                "W",
                "T",
                "L",
                "CloseTime",
                "StartTime",
                "ParentWorkflowId",
                "HistoryLength"
            ],
            any::<bool>().prop_map(|not| Test::Null { not }).boxed(),
        ),
    ]
}

fn of(
    names: &[&'static str],
    test: BoxedStrategy<Test>,
) -> impl Strategy<Value = Condition> + use<> {
    (prop::sample::select(names.to_vec()), test).prop_map(|(name, test)| Condition {
        name: name.to_owned(),
        test,
    })
}

fn text_of(texts: &[&'static str]) -> BoxedStrategy<Literal> {
    prop::sample::select(texts.to_vec())
        .prop_map(|text| Literal::Text(text.to_owned()))
        .boxed()
}

fn equal(value: BoxedStrategy<Literal>) -> BoxedStrategy<Test> {
    let operator = prop::sample::select(vec![Operator::Equal, Operator::NotEqual]);
    (operator, value)
        .prop_map(|(operator, value)| Test::Compare(operator, value))
        .boxed()
}

fn compared(value: BoxedStrategy<Literal>) -> BoxedStrategy<Test> {
    let operator = prop::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ]);
    (operator, value)
        .prop_map(|(operator, value)| Test::Compare(operator, value))
        .boxed()
}

fn ordered(value: BoxedStrategy<Literal>) -> BoxedStrategy<Test> {
    prop_oneof![
        compared(value.clone()),
        (any::<bool>(), value.clone(), value).prop_map(|(not, low, high)| Test::Between {
            not,
            low,
            high
        }),
    ]
    .boxed()
}

fn among(value: BoxedStrategy<Literal>) -> BoxedStrategy<Test> {
    (any::<bool>(), prop::collection::vec(value, 1..4))
        .prop_map(|(not, values)| Test::In { not, values })
        .boxed()
}

fn prefixed(value: BoxedStrategy<Literal>) -> BoxedStrategy<Test> {
    (any::<bool>(), value)
        .prop_map(|(not, prefix)| Test::StartsWith { not, prefix })
        .boxed()
}

fn order() -> impl Strategy<Value = Vec<Order>> {
    let names = [
        "K",
        "I",
        "D",
        "W",
        "StartTime",
        "CloseTime",
        "WorkflowType",
        "ParentWorkflowId",
        "HistoryLength",
    ];
    let one =
        (prop::sample::select(names.to_vec()), any::<bool>()).prop_map(|(name, descending)| {
            Order {
                name: name.to_owned(),
                descending,
            }
        });
    prop::collection::vec(one, 0..3)
}

/// A tree as a query, with all parentheses.
fn written(filter: &Expr) -> String {
    let joined = |parts: &[Expr], joint: &str| {
        let parts: Vec<_> = parts.iter().map(written).collect();
        format!("({})", parts.join(joint))
    };
    match filter {
        Expr::And(parts) => joined(parts, " AND "),
        Expr::Or(parts) => joined(parts, " OR "),
        Expr::Not(inner) => format!("NOT {}", written(inner)),
        Expr::Condition(condition) => condition.to_string(),
    }
}

// === The plain reading ===

/// Whether a filter is true, false, or neither.
fn holds(filter: &Expr, sample: &Sample) -> Option<bool> {
    match filter {
        Expr::Not(inner) => holds(inner, sample).map(|truth| !truth),
        Expr::And(parts) => {
            let truths: Vec<_> = parts.iter().map(|part| holds(part, sample)).collect();
            if truths.contains(&Some(false)) {
                Some(false)
            } else if truths.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        Expr::Or(parts) => {
            let truths: Vec<_> = parts.iter().map(|part| holds(part, sample)).collect();
            if truths.contains(&Some(true)) {
                Some(true)
            } else if truths.contains(&None) {
                None
            } else {
                Some(false)
            }
        }
        Expr::Condition(Condition { name, test }) => {
            let values = values(name, sample);
            match (name.as_str(), test) {
                ("CloseTime", Test::Null { not }) => Some(sample.run.close_time.is_none() != *not),
                (_, Test::Null { not }) => Some(values.is_empty() != *not),
                ("T" | "L", _) => {
                    let one = |value: &Kept| {
                        if name == "T" {
                            has_word(value, test)
                        } else {
                            is(value, test)
                        }
                    };
                    Some(values.iter().any(one) != is_negative(test))
                }
                _ => values
                    .first()
                    .map(|value| is(value, test) != is_negative(test)),
            }
        }
    }
}

fn is_negative(test: &Test) -> bool {
    match test {
        Test::Compare(operator, _) => *operator == Operator::NotEqual,
        Test::In { not, .. }
        | Test::StartsWith { not, .. }
        | Test::Between { not, .. }
        | Test::Null { not } => *not,
    }
}

/// Whether a test is true of a value, without its `NOT`.
fn is(value: &Kept, test: &Test) -> bool {
    match test {
        Test::Compare(operator, literal) => {
            let order = compare(value, literal);
            match operator {
                Operator::Equal | Operator::NotEqual => order == Ordering::Equal,
                Operator::Less => order == Ordering::Less,
                Operator::LessOrEqual => order != Ordering::Greater,
                Operator::Greater => order == Ordering::Greater,
                Operator::GreaterOrEqual => order != Ordering::Less,
            }
        }
        Test::In { values, .. } => values
            .iter()
            .any(|literal| compare(value, literal) == Ordering::Equal),
        Test::StartsWith { prefix, .. } => match (value, prefix) {
            (Kept::Text(value), Literal::Text(prefix)) => value.starts_with(prefix),
            _ => unreachable!(),
        },
        Test::Between { low, high, .. } => {
            compare(value, low) != Ordering::Less && compare(value, high) != Ordering::Greater
        }
        Test::Null { .. } => unreachable!(),
    }
}

fn has_word(value: &Kept, asked: &Test) -> bool {
    let (Kept::Text(text), Test::Compare(_, Literal::Text(query))) = (value, asked) else {
        unreachable!()
    };
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(['-', ' '])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let all = words(text);
    query.split(' ').map(words).any(|phrase| {
        !phrase.is_empty() && (0..all.len()).any(|start| all[start..].starts_with(&phrase))
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "all numbers but the largest are small"
)]
fn compare(value: &Kept, literal: &Literal) -> Ordering {
    let number = match literal {
        Literal::Text(text) => match value {
            Kept::Text(value) => return value.as_str().cmp(text),
            _ => number_of(text),
        },
        Literal::Whole(number) => *number as f64,
        Literal::Real(number) => *number,
        Literal::Bool(truth) => f64::from(*truth),
    };
    let value = match value {
        Kept::Text(_) => unreachable!(),
        Kept::Whole(number) => *number as f64,
        Kept::Real(number) => *number,
    };
    value.partial_cmp(&number).unwrap()
}

/// A status, or a time of some nanoseconds.
fn number_of(text: &str) -> f64 {
    match text {
        "Running" => 1.0,
        "Completed" => 2.0,
        "Failed" => 3.0,
        "TimedOut" => 7.0,
        time => time
            .trim_end_matches('Z')
            .rsplit('0')
            .next()
            .unwrap()
            .parse()
            .unwrap_or(0.0),
    }
}

fn values(name: &str, Sample { run, attributes }: &Sample) -> Vec<Kept> {
    let text = |text: &str| vec![Kept::Text(text.to_owned())];
    match name {
        "WorkflowId" => text(&run.workflow_id),
        "WorkflowType" => text(&run.workflow_type),
        "ParentWorkflowId" => run
            .parent_workflow_id
            .as_deref()
            .map(text)
            .unwrap_or_default(),
        "ExecutionStatus" => vec![Kept::Whole(run.status.into())],
        "StartTime" => vec![Kept::Whole(run.start_time)],
        "ExecutionTime" => vec![Kept::Whole(run.execution_time)],
        "CloseTime" => vec![Kept::Whole(run.close_time.unwrap_or(i64::MAX))],
        "HistoryLength" => run
            .close_time
            .map(|_| Kept::Whole(run.history_length))
            .into_iter()
            .collect(),
        "ExecutionDuration" => run
            .close_time
            .map(|at| Kept::Whole(at - run.execution_time))
            .into_iter()
            .collect(),
        _ => attributes
            .iter()
            .find(|(found, _)| *found == name)
            .unwrap()
            .1
            .clone(),
    }
}

fn sorted<'a>(mut samples: Vec<&'a Sample>, order: &[Order]) -> Vec<&'a Sample> {
    let default = [("CloseTime", true), ("StartTime", true)];
    let order: Vec<_> = match order {
        [] => default.into(),
        order => order
            .iter()
            .map(|order| (order.name.as_str(), order.descending))
            .collect(),
    };
    samples.sort_by(|a, b| {
        for (name, descending) in &order {
            let order = match (values(name, a).first(), values(name, b).first()) {
                (None, None) => Ordering::Equal,
                (None, _) => Ordering::Less,
                (_, None) => Ordering::Greater,
                (Some(Kept::Text(a)), Some(Kept::Text(b))) => a.cmp(b),
                (Some(Kept::Whole(a)), Some(Kept::Whole(b))) => a.cmp(b),
                (Some(Kept::Real(a)), Some(Kept::Real(b))) => a.total_cmp(b),
                _ => unreachable!(),
            };
            let order = if *descending { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        b.run.key.cmp(&a.run.key)
    });
    samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sql_finds_what_a_plain_reading_finds(
        samples in samples(),
        queries in prop::collection::vec((filter(), order(), 1..80_i32), 12),
    ) {
        let conn = database();
        for sample in &samples {
            insert(&conn, &sample.run, &sample.attributes);
        }
        for (filter, order, page_size) in queries {
            let filter_text = written(&filter);
            let mut query = filter_text.clone();
            for (n, Order { name, descending }) in order.iter().enumerate() {
                let (start, end) = (if n == 0 { " ORDER BY" } else { "," }, if *descending { " DESC" } else { "" });
                query = format!("{query}{start} {name}{end}");
            }
            let read = parser::parse(&query).unwrap();
            prop_assert_eq!(&read.filter, &Some(filter.clone()), "{}", query);
            prop_assert_eq!(&read.order_by, &order);

            let wanted: Vec<_> = samples.iter().filter(|sample| holds(&filter, sample) == Some(true)).collect();
            let number = i64::try_from(wanted.len()).unwrap();
            let wanted: Vec<_> = sorted(wanted, &order).into_iter().map(|sample| sample.run.clone()).collect();
            let found = all(&conn, &query, page_size).unwrap();
            prop_assert_eq!(ids(&found), ids(&wanted), "{}", query);
            prop_assert_eq!(&found, &wanted, "{}", query);
            prop_assert_eq!(count(&conn, NAMESPACE, &filter_text, &registry()).unwrap().total, number);
        }
    }
}
