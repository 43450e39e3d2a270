//! Tokens to a tree, by recursive descent. `NOT` binds tighter than `AND`, `AND` tighter
//! than `OR`. Only parentheses and `NOT` make the tree deep, and they are counted.

use super::Error;
use super::ast::{Condition, Expr, Literal, Order, Query, Test};
use super::lexer::{self, Keyword, Kind, Token};

/// How deep parentheses and `NOT` may be nested.
const DEEPEST: usize = 50;
/// How many conditions a query may have; `SQLite` takes expressions up to 1000 deep.
const CONDITIONS: usize = 500;
/// How many values may be in it, all lists together; `SQLite` takes 32,766.
const VALUES: usize = 10_000;

/// Reads a query. An empty one asks for all runs.
pub(super) fn parse(query: &str) -> Result<Query, Error> {
    let tokens = lexer::tokens(query)?;
    let mut parser = Parser {
        query,
        tokens,
        next: 0,
        depth: 0,
        conditions: 0,
        values: 0,
    };
    parser.query()
}

struct Parser<'a> {
    query: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    conditions: usize,
    values: usize,
}

impl Parser<'_> {
    fn query(&mut self) -> Result<Query, Error> {
        let mut query = Query::default();
        if !matches!(
            self.peek(),
            Kind::End | Kind::Keyword(Keyword::Group | Keyword::Order | Keyword::Limit)
        ) {
            query.filter = Some(self.or()?);
        }
        if self.take_keyword(Keyword::Group) {
            self.expect_keyword(Keyword::By, "BY")?;
            query.group_by.push(self.name()?);
            while self.take(&Kind::Comma) {
                query.group_by.push(self.name()?);
            }
        }
        if self.take_keyword(Keyword::Order) {
            self.expect_keyword(Keyword::By, "BY")?;
            query.order_by.push(self.order()?);
            while self.take(&Kind::Comma) {
                query.order_by.push(self.order()?);
            }
        }
        match self.peek() {
            Kind::End => Ok(query),
            Kind::Keyword(Keyword::Limit) => Err(Error::unsupported(
                "'limit' clause; use the request's page size",
            )),
            _ => Err(self.error("expected AND, OR, GROUP BY, ORDER BY or the end")),
        }
    }

    fn order(&mut self) -> Result<Order, Error> {
        let name = self.name()?;
        let descending = self.take_keyword(Keyword::Desc);
        if !descending {
            self.take_keyword(Keyword::Asc);
        }
        Ok(Order { name, descending })
    }

    fn or(&mut self) -> Result<Expr, Error> {
        let first = self.and()?;
        if self.peek() != &Kind::Keyword(Keyword::Or) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_keyword(Keyword::Or) {
            parts.push(self.and()?);
        }
        Ok(Expr::Or(parts))
    }

    fn and(&mut self) -> Result<Expr, Error> {
        let first = self.not()?;
        if self.peek() != &Kind::Keyword(Keyword::And) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_keyword(Keyword::And) {
            parts.push(self.not()?);
        }
        Ok(Expr::And(parts))
    }

    fn not(&mut self) -> Result<Expr, Error> {
        if self.take_keyword(Keyword::Not) {
            return self.deeper(|parser| Ok(Expr::Not(Box::new(parser.not()?))));
        }
        if self.take(&Kind::Open) {
            return self.deeper(|parser| {
                let inner = parser.or()?;
                parser.expect(&Kind::Close, "expected AND, OR or a closing parenthesis")?;
                Ok(inner)
            });
        }
        self.condition().map(Expr::Condition)
    }

    fn deeper(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<Expr, Error>,
    ) -> Result<Expr, Error> {
        if self.depth == DEEPEST {
            return Err(Error::TooMuch {
                what: "it is nested too deeply, in levels",
                most: DEEPEST,
            });
        }
        self.depth += 1;
        let inner = inner(self);
        self.depth -= 1;
        inner
    }

    fn condition(&mut self) -> Result<Condition, Error> {
        self.conditions += 1;
        if self.conditions > CONDITIONS {
            return Err(Error::TooMuch {
                what: "it has too many conditions",
                most: CONDITIONS,
            });
        }
        let name = self.name()?;
        let test = self.test(&name)?;
        Ok(Condition { name, test })
    }

    fn test(&mut self, name: &str) -> Result<Test, Error> {
        if let Kind::Operator(operator) = *self.peek() {
            self.next += 1;
            return Ok(Test::Compare(operator, self.value()?));
        }
        if self.take_keyword(Keyword::Is) {
            return self.null();
        }
        let not = self.take_keyword(Keyword::Not);
        match *self.peek() {
            Kind::Keyword(Keyword::In) => {
                self.next += 1;
                let values = self.values()?;
                Ok(Test::In { not, values })
            }
            Kind::Keyword(Keyword::StartsWith) => {
                self.next += 1;
                let prefix = self.value()?;
                Ok(Test::StartsWith { not, prefix })
            }
            Kind::Keyword(Keyword::Between) => {
                self.next += 1;
                let low = self.value()?;
                if !self.take_keyword(Keyword::And) {
                    return Err(self.error("expected AND and the upper bound of BETWEEN"));
                }
                let high = self.value()?;
                Ok(Test::Between { not, low, high })
            }
            Kind::Keyword(Keyword::Like) => Err(Error::invalid(format!(
                "invalid operator '{}like' in `{name}`; use STARTS_WITH",
                if not { "not " } else { "" }
            ))),
            Kind::End | Kind::Close | Kind::Keyword(Keyword::And | Keyword::Or) if !not => {
                Err(Error::invalid("incomplete expression"))
            }
            Kind::Open if !not => Err(Error::unsupported("function expression")),
            _ => Err(self.error(
                "expected =, !=, <, <=, >, >=, IN, BETWEEN, STARTS_WITH or IS after the name",
            )),
        }
    }

    /// What follows `IS`.
    fn null(&mut self) -> Result<Test, Error> {
        let not = self.take_keyword(Keyword::Not);
        match *self.peek() {
            Kind::Keyword(Keyword::Null) => {
                self.next += 1;
                Ok(Test::Null { not })
            }
            Kind::Keyword(Keyword::True | Keyword::False) => Err(Error::invalid(
                "'IS' operator can only be used with 'NULL' or 'NOT NULL'",
            )),
            _ => Err(self.error("expected NULL or NOT NULL")),
        }
    }

    fn values(&mut self) -> Result<Vec<Literal>, Error> {
        self.expect(&Kind::Open, "expected an opening parenthesis")?;
        let mut values = vec![self.value()?];
        while self.take(&Kind::Comma) {
            values.push(self.value()?);
        }
        self.expect(&Kind::Close, "expected a comma or a closing parenthesis")?;
        Ok(values)
    }

    fn value(&mut self) -> Result<Literal, Error> {
        self.values += 1;
        if self.values > VALUES {
            return Err(Error::TooMuch {
                what: "it has too many values",
                most: VALUES,
            });
        }
        let negative = self.take(&Kind::Minus);
        let value = match self.peek() {
            Kind::Whole(number) if negative => Literal::Whole(-number),
            Kind::Real(number) if negative => Literal::Real(-number),
            _ if negative => return Err(self.error("expected a number")),
            Kind::Whole(number) => Literal::Whole(*number),
            Kind::Real(number) => Literal::Real(*number),
            Kind::Text(text) => Literal::Text(text.clone()),
            Kind::Keyword(Keyword::True) => Literal::Bool(true),
            Kind::Keyword(Keyword::False) => Literal::Bool(false),
            Kind::Keyword(Keyword::Null) => {
                return Err(Error::invalid(
                    "NULL is not a value; use IS NULL or IS NOT NULL",
                ));
            }
            Kind::Name(name) => {
                return Err(Error::unsupported(format!(
                    "column name on the right side of comparison expression \
                     (did you forget to quote '{name}'?)"
                )));
            }
            _ => return Err(self.error("expected a value")),
        };
        self.next += 1;
        Ok(value)
    }

    fn name(&mut self) -> Result<String, Error> {
        match self.peek() {
            Kind::Name(name) => {
                let name = name.clone();
                self.next += 1;
                Ok(name)
            }
            Kind::Text(_)
            | Kind::Whole(_)
            | Kind::Real(_)
            | Kind::Minus
            | Kind::Keyword(Keyword::True | Keyword::False | Keyword::Null) => {
                let token = &self.tokens[self.next];
                Err(Error::invalid(format!(
                    "must be a column name but was {}",
                    &self.query[token.start..token.end]
                )))
            }
            _ => Err(self.error("expected the name of a search attribute")),
        }
    }

    fn peek(&self) -> &Kind {
        &self.tokens[self.next].kind
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.next += 1;
        }
        found
    }

    fn take_keyword(&mut self, keyword: Keyword) -> bool {
        self.take(&Kind::Keyword(keyword))
    }

    fn expect(&mut self, kind: &Kind, problem: &str) -> Result<(), Error> {
        if self.take(kind) {
            Ok(())
        } else {
            Err(self.error(problem))
        }
    }

    fn expect_keyword(&mut self, keyword: Keyword, spelled: &str) -> Result<(), Error> {
        self.expect(&Kind::Keyword(keyword), &format!("expected {spelled}"))
    }

    fn error(&self, problem: &str) -> Error {
        let token = &self.tokens[self.next];
        lexer::error(self.query, token.start, token.end, problem)
    }
}
