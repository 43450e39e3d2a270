//! Words of texts, against the full-text index that a server uses.

use proptest::prelude::*;
use rusqlite::Connection;

use crate::embedded::visibility::words::Query;

/// Whether the full-text index finds a text; asked the way the server does.
fn index_finds(text: &str, query: &str) -> bool {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE VIRTUAL TABLE word USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')",
    )
    .unwrap();
    conn.execute("INSERT INTO word (text) VALUES (?1)", [text])
        .unwrap();
    let tokens: Vec<_> = query.split(' ').filter(|token| !token.is_empty()).collect();
    if tokens.is_empty() {
        return false;
    }
    let query = format!("text : (\"{}\")", tokens.join("\" OR \""));
    conn.query_row(
        "SELECT count(*) FROM word WHERE word = ?1",
        [query],
        |row| row.get::<_, i64>(0),
    )
    .unwrap()
        > 0
}

#[test]
fn words_are_those_of_the_index() {
    for (text, query) in [
        ("Crème BRÛLÉE", "creme"),
        ("Crème BRÛLÉE", "brulee"),
        ("e\u{301}te\u{301}", "ete"),
        ("Straße", "STRASSE"),
        ("Straße", "straße"),
        ("ПРИВЕТ мир", "привет"),
        ("ёж йод", "еж"),
        ("Việt Nam", "viet"),
        ("日本語", "日本語"),
        ("日本語", "日本"),
        ("a_b", "a"),
        ("a.b@c", "b"),
        ("x²", "x"),
        ("one-two three", "two-three"),
        ("Ǆ", "ǆ"),
        ("😀 smile", "smile"),
    ] {
        assert_eq!(
            Query::new(query).matches(text),
            index_finds(text, query),
            "{text} = {query}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_text_has_the_words_that_the_index_finds(
        text in "[abAB1éÉñ ._'!\\-]{0,12}",
        query in "[abAB1éeÉñn ._'!\\-]{0,6}",
    ) {
        prop_assert_eq!(Query::new(&query).matches(&text), index_finds(&text, &query));
    }
}
