//! The selectors inside an expression of Prometheus' language. Every word of an expression
//! is one of four things, so none is overlooked: a function or operator, the name of a
//! label in a list, or a metric. Whether the expression makes sense is Prometheus' to say.

/// Words that are neither metrics nor labels, although no bracket follows them.
const WORDS: [&str; 15] = [
    "and",
    "or",
    "unless",
    "bool",
    "offset",
    "inf",
    "nan",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "start",
    "end",
];

/// What begins a list of labels.
const LISTS: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];

/// The selectors, as they stand there, without ranges.
pub fn selectors(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression;
    // Whether the words that come are labels.
    let (mut is_list, mut may_begin_list) = (false, false);
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_alphabetic() || matches!(c, '_' | ':') {
            let (word, behind) = split(rest, |c| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
            });
            rest = behind;
            if is_list {
                continue;
            }
            may_begin_list = LISTS.contains(&word);
            let is_call = behind.trim_start().starts_with('(');
            if WORDS.contains(&word) || is_call || is_aggregation(word, behind) {
                continue;
            }
            let matchers = matchers(behind);
            found.push(format!("{word}{matchers}"));
            rest = &behind[matchers.len()..];
        } else if c == '{' {
            // A selector without a name.
            let matchers = matchers(rest);
            found.push(matchers.to_owned());
            rest = &rest[matchers.len()..];
        } else if c == '[' {
            rest = rest.split_once(']').expect("a range ends").1;
        } else if matches!(c, '"' | '\'') {
            rest = behind_string(rest);
        } else if c.is_ascii_digit() {
            // A number, or a time with its unit.
            rest = split(rest, |c| c.is_ascii_alphanumeric() || c == '.').1;
        } else {
            match c {
                '(' => is_list = may_begin_list,
                ')' => is_list = false,
                _ => {}
            }
            if !c.is_whitespace() {
                may_begin_list = false;
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// `sum by (le) (…)`: the list stands between the function and its bracket.
fn is_aggregation(_: &str, behind: &str) -> bool {
    let next = split(behind.trim_start(), |c| c.is_ascii_alphabetic()).0;
    matches!(next, "by" | "without")
}

/// The braces that a text begins with; empty if it does not.
fn matchers(text: &str) -> &str {
    if !text.starts_with('{') {
        return "";
    }
    let mut rest = &text[1..];
    while let Some(c) = rest.chars().next() {
        match c {
            '"' | '\'' => rest = behind_string(rest),
            '}' => return &text[..=text.len() - rest.len()],
            _ => rest = &rest[c.len_utf8()..],
        }
    }
    panic!("a brace ends: {text}")
}

fn behind_string(text: &str) -> &str {
    let quote = text.chars().next().expect("it begins with a quote");
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return &text[at + 1..],
            _ => {}
        }
    }
    panic!("a string ends: {text}")
}

fn split(text: &str, is_word: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    text.split_at(end)
}
