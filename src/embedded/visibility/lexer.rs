//! A query cut into tokens. The rules of names, strings and numbers are those of the SQL
//! parser that the server uses, without comments, hexadecimal numbers and bind variables.

use std::iter::Peekable;
use std::str::CharIndices;

use super::Error;
use super::ast::Operator;

/// The longest query, in bytes: some thousand ids in one `IN`.
const LONGEST: usize = 64 * 1024;

/// A token, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// The byte that it starts at.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A name, or one in backticks, which is never a keyword.
    Name(String),
    Keyword(Keyword),
    Text(String),
    Whole(i64),
    Real(f64),
    Operator(Operator),
    Minus,
    Open,
    Close,
    Comma,
    End,
}

/// A word with a meaning of its own, in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Asc,
    Between,
    By,
    Desc,
    False,
    Group,
    In,
    Is,
    Like,
    Limit,
    Not,
    Null,
    Or,
    Order,
    StartsWith,
    True,
}

/// Cuts a query into tokens; the last one is [`Kind::End`].
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, Error> {
    if query.len() > LONGEST {
        return Err(Error::TooMuch {
            what: "it is too long, in bytes",
            most: LONGEST,
        });
    }
    let mut lexer = Lexer {
        query,
        chars: query.char_indices().peekable(),
    };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let last = token.kind == Kind::End;
        tokens.push(token);
        if last {
            return Ok(tokens);
        }
    }
}

/// The error that something is wrong with a piece of the query.
pub(super) fn error(query: &str, start: usize, end: usize, problem: impl Into<String>) -> Error {
    Error::Syntax {
        position: query[..start].chars().count() + 1,
        near: query[start..end].to_owned(),
        problem: problem.into(),
    }
}

struct Lexer<'a> {
    query: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, Error> {
        while self.take_if(|char| matches!(char, ' ' | '\n' | '\r' | '\t')) {}
        let start = self.at();
        let kind = match self.chars.next() {
            None => Kind::End,
            Some((_, char)) => self.kind(char, start)?,
        };
        let end = self.at();
        Ok(Token { kind, start, end })
    }

    fn kind(&mut self, first: char, start: usize) -> Result<Kind, Error> {
        Ok(match first {
            '(' => Kind::Open,
            ')' => Kind::Close,
            ',' => Kind::Comma,
            '-' => Kind::Minus,
            '=' => Kind::Operator(Operator::Equal),
            '!' if self.take_if(|char| char == '=') => Kind::Operator(Operator::NotEqual),
            '<' if self.take_if(|char| char == '>') => Kind::Operator(Operator::NotEqual),
            '<' if self.take_if(|char| char == '=') => Kind::Operator(Operator::LessOrEqual),
            '<' => Kind::Operator(Operator::Less),
            '>' if self.take_if(|char| char == '=') => Kind::Operator(Operator::GreaterOrEqual),
            '>' => Kind::Operator(Operator::Greater),
            '&' if self.take_if(|char| char == '&') => Kind::Keyword(Keyword::And),
            '|' if self.take_if(|char| char == '|') => Kind::Keyword(Keyword::Or),
            '\'' | '"' => Kind::Text(self.text(first, start)?),
            '`' => Kind::Name(self.quoted_name(start)?),
            '0'..='9' => self.number(false, start)?,
            '.' if matches!(self.chars.peek(), Some((_, '0'..='9'))) => self.number(true, start)?,
            letter if is_letter(letter) => {
                while self.take_if(|char| is_letter(char) || matches!(char, '0'..='9' | '.')) {}
                let name = &self.query[start..self.at()];
                keyword(name).map_or_else(|| Kind::Name(name.to_owned()), Kind::Keyword)
            }
            _ => return Err(self.error(start, "this character has no meaning here")),
        })
    }

    /// The rest of a string: a quote is doubled or escaped, escapes are those of `MySQL`.
    fn text(&mut self, quote: char, start: usize) -> Result<String, Error> {
        let mut text = String::new();
        while let Some((_, char)) = self.chars.next() {
            match char {
                '\\' => match self.chars.next() {
                    None => break,
                    Some((_, '0')) => text.push('\0'),
                    Some((_, 'b')) => text.push('\u{8}'),
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'Z')) => text.push('\u{1a}'),
                    Some((_, other)) => text.push(other),
                },
                char if char == quote => {
                    if !self.take_if(|char| char == quote) {
                        return Ok(text);
                    }
                    text.push(quote);
                }
                char => text.push(char),
            }
        }
        Err(self.error(start, "the string has no closing quote"))
    }

    /// The rest of a name in backticks; a backtick in it is doubled.
    fn quoted_name(&mut self, start: usize) -> Result<String, Error> {
        let mut name = String::new();
        while let Some((_, char)) = self.chars.next() {
            if char == '`' && !self.take_if(|char| char == '`') {
                if name.is_empty() {
                    return Err(self.error(start, "the name is empty"));
                }
                return Ok(name);
            }
            name.push(char);
        }
        Err(self.error(start, "the name has no closing backtick"))
    }

    /// The rest of a number. One that doesn't fit into 64 bits is taken as a real number.
    fn number(&mut self, mut real: bool, start: usize) -> Result<Kind, Error> {
        self.digits();
        if !real && self.take_if(|char| char == '.') {
            real = true;
            self.digits();
        }
        if self.take_if(|char| matches!(char, 'e' | 'E')) {
            real = true;
            self.take_if(|char| matches!(char, '+' | '-'));
            self.digits();
        }
        if self.take_if(is_letter) {
            return Err(self.error(start, "a letter follows the number"));
        }
        let digits = &self.query[start..self.at()];
        if !real && let Ok(number) = digits.parse() {
            return Ok(Kind::Whole(number));
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Kind::Real(number)),
            _ => Err(self.error(start, "this is not a number")),
        }
    }

    fn digits(&mut self) {
        while self.take_if(|char| char.is_ascii_digit()) {}
    }

    fn take_if(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        self.chars.next_if(|(_, char)| wanted(*char)).is_some()
    }

    /// The byte that comes next.
    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.query.len(), |(at, _)| *at)
    }

    fn error(&mut self, start: usize, problem: &str) -> Error {
        let end = self.at();
        error(self.query, start, end, problem)
    }
}

fn is_letter(char: char) -> bool {
    char.is_ascii_alphabetic() || matches!(char, '_' | '@')
}

fn keyword(name: &str) -> Option<Keyword> {
    Some(match name.to_ascii_lowercase().as_str() {
        "and" => Keyword::And,
        "asc" => Keyword::Asc,
        "between" => Keyword::Between,
        "by" => Keyword::By,
        "desc" => Keyword::Desc,
        "false" => Keyword::False,
        "group" => Keyword::Group,
        "in" => Keyword::In,
        "is" => Keyword::Is,
        "like" => Keyword::Like,
        "limit" => Keyword::Limit,
        "not" => Keyword::Not,
        "null" => Keyword::Null,
        "or" => Keyword::Or,
        "order" => Keyword::Order,
        "starts_with" => Keyword::StartsWith,
        "true" => Keyword::True,
        _ => return None,
    })
}
