//! Whether what was printed is what a page shows. `…` in a line stands for anything, and
//! alone in a line for any lines. Ids, times and hashes are different each time, and only
//! have to be some; how wide a column is, is not compared.

/// Whether these lines are those that are shown.
pub(super) fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| is_like(line, first) && matches(rest, others)),
    }
}

/// Whether a log has the lines that are shown, in this order, among others.
pub(super) fn are_among(shown: &[&str], log: &[String]) -> bool {
    let mut log = log.iter();
    let mut shown = shown.iter().filter(|line| line.trim() != "…");
    shown.all(|line| log.any(|printed| is_like(line, printed)))
}

fn is_like(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (neutral(shown), neutral(printed));
    let mut parts = shown.split('…').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(last) => last.is_empty() || printed.ends_with(last),
    }
}

/// A line in which all that differs from run to run is the same, and all gaps are as wide.
fn neutral(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(neutral_word).collect();
    let mut line = words.join(" ");
    for unit in ["ms", "s", "m", "h"] {
        line = without_age(&line, unit);
    }
    line
}

/// A word, with what is in it between marks looked at by itself.
fn neutral_word(word: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut neutral = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        neutral.push_str(neutral_part(part));
        let mark = after.chars().next();
        neutral.extend(mark);
        rest = mark.map_or("", |mark| &after[mark.len_utf8()..]);
    }
    // A time of day has marks of its own.
    match neutral.find("<date>") {
        Some(at) => format!("{}<time>", &neutral[..at]),
        None => neutral,
    }
}

fn neutral_part(part: &str) -> &str {
    let is_hex = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    };
    let lengths = |text: &str| text.split('-').map(str::len).collect::<Vec<_>>();
    if is_hex(&part.replace('-', "")) && lengths(part) == [8, 4, 4, 4, 12] {
        return "<id>";
    }
    if part.len() == 64 && is_hex(part) {
        return "<hash>";
    }
    match part.strip_prefix("try-") {
        Some(id) if id.len() == 6 => return "<try>",
        _ => {}
    }
    // 2026-01-31, or 2026-01-31T10:00:00Z up to its first mark.
    let date = part.split('T').next().unwrap_or_default();
    let digits = date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if digits && lengths(date) == [4, 2, 2] {
        return "<date>";
    }
    part
}

/// The line with every `12s ago` and `started 3m` made the same.
fn without_age(line: &str, unit: &str) -> String {
    let end = format!("{unit} ago");
    let mut rest = line;
    let mut neutral = String::new();
    while let Some(at) = rest.find(&end) {
        let before = rest[..at].trim_end_matches(|c: char| c.is_ascii_digit());
        neutral.push_str(before);
        neutral.push_str(if before.len() < at { "<ago>" } else { &end });
        rest = &rest[at + end.len()..];
    }
    neutral + rest
}

#[test]
fn what_differs_each_time_only_has_to_be_some() {
    for (shown, printed) in [
        ("a  b", "a    b"),
        ("Epoch x: …", "Epoch x: done"),
        ("… INFO ready: …", "2026-01-31T10:00:00.5Z  INFO ready: all"),
        (
            "run_id=43f49643-3524-4562-b59a-a2f7c67946c8",
            "run_id=00000000-3524-4562-b59a-a2f7c67946c8",
        ),
        ("ACCEPT by ann, 12s ago", "ACCEPT by ann, 3m ago"),
        (
            "aura-msg --epoch-id try-94fc08",
            "aura-msg --epoch-id try-abcdef",
        ),
        ("at 2026-01-31T10:00:00Z", "at 2025-10-01T09:12:13.5Z"),
    ] {
        assert!(is_like(shown, printed), "{shown} and {printed}");
    }
}

#[test]
fn what_is_different_is_found() {
    for (shown, printed) in [
        ("Phase: p4", "Phase: p5"),
        ("Epoch x: …", "Epoch y: done"),
        ("… is done", "it is not"),
        ("Status: running", "Status: running still"),
        ("run_id=43f49643-3524-4562-b59a-a2f7c67946c8", "run_id=none"),
        ("a", ""),
    ] {
        assert!(!is_like(shown, printed), "{shown} and {printed}");
    }
    assert!(matches(&["a", "…", "c"], &["a", "b", "b", "c"]));
    assert!(matches(&["a", "…"], &["a"]));
    assert!(!matches(&["a", "…", "c"], &["a", "b"]));
    assert!(!matches(&["a"], &["a", "b"]));
    let log = ["x a".to_owned(), "b".to_owned(), "c".to_owned()];
    assert!(are_among(&["… a", "c"], &log));
    assert!(!are_among(&["c", "b"], &log));
}
