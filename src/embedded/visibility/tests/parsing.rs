//! What a query is read as.

use crate::embedded::visibility::ast::{Expr, Query};
use crate::embedded::visibility::parser::parse;

/// A tree with all its parentheses.
fn shown(expr: &Expr) -> String {
    let joined = |parts: &[Expr], joint: &str| {
        let parts: Vec<_> = parts.iter().map(shown).collect();
        format!("({})", parts.join(joint))
    };
    match expr {
        Expr::And(parts) => joined(parts, " & "),
        Expr::Or(parts) => joined(parts, " | "),
        Expr::Not(inner) => format!("!{}", shown(inner)),
        Expr::Condition(condition) => format!("[{condition}]"),
    }
}

#[test]
fn conditions_are_read() {
    let cases = [
        ("A = 'x'", "[A = 'x']"),
        ("A='x'", "[A = 'x']"),
        (" A\t=\r\n\"x\" ", "[A = 'x']"),
        ("A != 'x'", "[A != 'x']"),
        ("A <> 'x'", "[A != 'x']"),
        ("A<1", "[A < 1]"),
        ("A<=1", "[A <= 1]"),
        ("A>1", "[A > 1]"),
        ("A>=1", "[A >= 1]"),
        ("A in ('x', 1, true)", "[A in ('x', 1, true)]"),
        ("A NOT IN ('x')", "[A not in ('x')]"),
        ("A between 1 and 2", "[A between 1 and 2]"),
        ("A Not Between 1 And 2", "[A not between 1 and 2]"),
        ("A starts_with 'x'", "[A starts_with 'x']"),
        ("A NOT STARTS_WITH 'x'", "[A not starts_with 'x']"),
        ("A IS NULL", "[A is null]"),
        ("A is not null", "[A is not null]"),
        ("`A` = 1", "[A = 1]"),
        ("`a-b c` = 1", "[a-b c = 1]"),
        ("`a``b` = 1", "[a`b = 1]"),
        ("`and` = 1", "[and = 1]"),
        ("a.b = 1", "[a.b = 1]"),
        ("_A1@ = 1", "[_A1@ = 1]"),
        ("A = -5", "[A = -5]"),
        ("A = - 5", "[A = -5]"),
        ("A = 1.5", "[A = 1.5e0]"),
        ("A = -.5e-3", "[A = -5e-4]"),
        ("A = 7.", "[A = 7e0]"),
        ("A = 9223372036854775807", "[A = 9223372036854775807]"),
        ("A = 9223372036854775808", "[A = 9.223372036854776e18]"),
        ("A = FALSE", "[A = false]"),
        (r"A = 'it''s'", r"[A = 'it\'s']"),
        (r"A = 'it\'s'", r"[A = 'it\'s']"),
        (r#"A = "it's""#, r"[A = 'it\'s']"),
        (r#"A = "say ""no""""#, r#"[A = 'say "no"']"#),
        (r"A = 'a\n\t\\\%'", r"[A = 'a\n\t\\%']"),
        ("A = ''", "[A = '']"),
        ("A = 'ж€😀'", "[A = 'ж€😀']"),
        (
            "A = 1 AND B = 2 OR C = 3",
            "(([A = 1] & [B = 2]) | [C = 3])",
        ),
        (
            "A = 1 or B = 2 and C = 3",
            "([A = 1] | ([B = 2] & [C = 3]))",
        ),
        (
            "A = 1 AND (B = 2 OR C = 3)",
            "([A = 1] & ([B = 2] | [C = 3]))",
        ),
        ("A = 1 && B = 2 || C = 3", "(([A = 1] & [B = 2]) | [C = 3])"),
        ("NOT A = 1 AND B = 2", "(![A = 1] & [B = 2])"),
        ("NOT (A = 1 AND B = 2)", "!([A = 1] & [B = 2])"),
        ("not not A = 1", "!![A = 1]"),
        ("((A = 1))", "[A = 1]"),
        (
            "A BETWEEN 1 AND 2 AND B = 3",
            "([A between 1 and 2] & [B = 3])",
        ),
    ];
    for (query, wanted) in cases {
        let read = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert_eq!(shown(&read.filter.unwrap()), wanted, "{query}");
    }
}

#[test]
fn an_empty_query_asks_for_all() {
    assert_eq!(parse("").unwrap(), Query::default());
    assert_eq!(parse(" \n\t ").unwrap(), Query::default());
}

#[test]
fn clauses_follow_the_filter_or_stand_alone() {
    let read = parse("A = 1 GROUP BY ExecutionStatus").unwrap();
    assert!(read.filter.is_some());
    assert_eq!(read.group_by, ["ExecutionStatus"]);
    let read = parse("order by A, `B` desc, C ASC").unwrap();
    let order: Vec<_> = read
        .order_by
        .iter()
        .map(|order| (&*order.name, order.descending))
        .collect();
    assert_eq!(order, [("A", false), ("B", true), ("C", false)]);
    assert_eq!(read.filter, None);
}

#[test]
fn what_is_no_query_is_refused_where_it_goes_wrong() {
    let cases = [
        ("A", "incomplete expression"),
        ("A = 1 AND B", "incomplete expression"),
        ("A =", "syntax error at position 4: expected a value"),
        (
            "A == 1",
            "syntax error at position 4 near '=': expected a value",
        ),
        ("A 1", "syntax error at position 3 near '1': expected =, !="),
        (
            "A ! 1",
            "position 3 near '!': this character has no meaning here",
        ),
        (
            "A = 'x",
            "position 5 near ''x': the string has no closing quote",
        ),
        (
            r"A = 'x\",
            r"position 5 near ''x\': the string has no closing quote",
        ),
        ("`A = 1", "the name has no closing backtick"),
        ("`` = 1", "the name is empty"),
        ("ä = 1", "position 1 near 'ä'"),
        ("A = 'ä' ä", "position 9 near 'ä'"),
        (
            "A = 1x",
            "position 5 near '1x': a letter follows the number",
        ),
        ("A = 0x10", "a letter follows the number"),
        ("A = 1e", "position 5 near '1e': this is not a number"),
        ("A = 1e999", "this is not a number"),
        ("A = -'x'", "expected a number"),
        ("A = --1", "expected a number"),
        ("A IN ()", "position 7 near ')': expected a value"),
        ("A IN 'x'", "expected an opening parenthesis"),
        (
            "A IN ('x' 'y')",
            "position 11 near ''y'': expected a comma or a closing parenthesis",
        ),
        ("A IN ('x',)", "expected a value"),
        ("A BETWEEN 1", "expected AND and the upper bound of BETWEEN"),
        ("A NOT = 1", "expected =, !="),
        ("A IS 5", "expected NULL or NOT NULL"),
        (
            "(A = 1",
            "position 7: expected AND, OR or a closing parenthesis",
        ),
        (
            "A = 1)",
            "position 6 near ')': expected AND, OR, GROUP BY, ORDER BY or the end",
        ),
        ("A = 1 B = 2", "position 7 near 'B'"),
        ("A = 1; DROP TABLE run", "position 6 near ';'"),
        ("AND A = 1", "expected the name of a search attribute"),
        ("()", "expected the name of a search attribute"),
        ("ORDER A", "expected BY"),
        ("GROUP BY", "expected the name of a search attribute"),
        ("ORDER BY A GROUP BY A", "near 'GROUP'"),
    ];
    for (query, wanted) in cases {
        let error = parse(query).unwrap_err().to_string();
        assert!(error.contains(wanted), "{query}: {error}");
        assert!(error.starts_with("invalid query: "), "{query}: {error}");
    }
}

#[test]
fn the_end_of_what_is_taken() {
    let nested = |depth: usize| format!("{}A = 1{}", "(".repeat(depth), ")".repeat(depth));
    parse(&nested(50)).unwrap();
    assert!(
        parse(&nested(51))
            .unwrap_err()
            .to_string()
            .contains("nested too deeply")
    );
    assert!(parse(&format!("{}A = 1", "NOT ".repeat(51))).is_err());
    assert!(parse(&"(".repeat(60_000)).is_err());

    let chain = |conditions: usize| vec!["A = 1"; conditions].join(" OR ");
    parse(&chain(500)).unwrap();
    assert!(
        parse(&chain(501))
            .unwrap_err()
            .to_string()
            .contains("too many conditions")
    );

    let values = |count: usize| format!("A IN ({})", vec!["1"; count].join(","));
    parse(&values(10_000)).unwrap();
    assert!(
        parse(&values(10_001))
            .unwrap_err()
            .to_string()
            .contains("too many values")
    );

    let long = format!("A = '{}'", "x".repeat(64 * 1024));
    assert!(parse(&long).unwrap_err().to_string().contains("too long"));
}
