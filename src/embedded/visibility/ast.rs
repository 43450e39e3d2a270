//! A query as it was written: names are not looked up yet, values have no types yet.
//! `Display` writes a condition the way the server repeats it in its messages.

use std::fmt;

/// A whole query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Query {
    /// Which runs; none is all.
    pub(super) filter: Option<Expr>,
    /// What a count is divided by.
    pub(super) group_by: Vec<String>,
    /// How a list is sorted.
    pub(super) order_by: Vec<Order>,
}

/// One item of `ORDER BY`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    /// The attribute.
    pub(super) name: String,
    /// Largest first.
    pub(super) descending: bool,
}

/// What is true of a run. `AND` and `OR` have any number of parts: a long chain is not deep.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Condition(Condition),
}

/// What is true of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The attribute.
    pub(super) name: String,
    /// What is asked of it.
    pub(super) test: Test,
}

/// A question to one attribute; `not` turns it round.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Compare(Operator, Literal),
    In {
        not: bool,
        values: Vec<Literal>,
    },
    StartsWith {
        not: bool,
        prefix: Literal,
    },
    Between {
        not: bool,
        low: Literal,
        high: Literal,
    },
    Null {
        not: bool,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Whole(i64),
    Real(f64),
    Bool(bool),
}

impl Operator {
    /// How it is written, here and in SQL.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// What holds for two values when this does not.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

impl Test {
    /// The operator as messages name it.
    pub(super) fn operator(&self) -> &'static str {
        match self {
            Self::Compare(operator, _) => operator.sign(),
            Self::In { not: false, .. } => "in",
            Self::In { not: true, .. } => "not in",
            Self::StartsWith { not: false, .. } => "starts_with",
            Self::StartsWith { not: true, .. } => "not starts_with",
            Self::Between { not: false, .. } => "between",
            Self::Between { not: true, .. } => "not between",
            Self::Null { not: false } => "is null",
            Self::Null { not: true } => "is not null",
        }
    }
}

impl Literal {
    /// Its type, by the name that the server uses.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Whole(_) => "int64",
            Self::Real(_) => "float64",
            Self::Bool(_) => "bool",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.name, self.test.operator())?;
        match &self.test {
            Test::Compare(_, value) | Test::StartsWith { prefix: value, .. } => {
                write!(out, " {value}")
            }
            Test::Between { low, high, .. } => write!(out, " {low} and {high}"),
            Test::Null { .. } => Ok(()),
            Test::In { values, .. } => {
                for (n, value) in values.iter().enumerate() {
                    write!(out, "{}{value}", if n == 0 { " (" } else { ", " })?;
                }
                out.write_str(")")
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => {
                out.write_str("'")?;
                for char in text.chars() {
                    match char {
                        '\0' => out.write_str("\\0")?,
                        '\'' => out.write_str("\\'")?,
                        '\u{8}' => out.write_str("\\b")?,
                        '\n' => out.write_str("\\n")?,
                        '\r' => out.write_str("\\r")?,
                        '\t' => out.write_str("\\t")?,
                        '\u{1a}' => out.write_str("\\Z")?,
                        '\\' => out.write_str("\\\\")?,
                        other => write!(out, "{other}")?,
                    }
                }
                out.write_str("'")
            }
            Self::Whole(number) => write!(out, "{number}"),
            // With an exponent or a point it is read as a real number again.
            Self::Real(number) => write!(out, "{number:e}"),
            Self::Bool(truth) => write!(out, "{truth}"),
        }
    }
}
