//! What a reviewer's output means.

use super::read;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::vote::VoteType;

#[test]
fn the_last_line_is_the_answer() {
    let answer = read("thinking…\n{\"vote\":\"ACCEPT\"}\n\n").unwrap();
    assert_eq!(answer.vote, Some(VoteType::Accept));
    assert_eq!((answer.comment.as_str(), answer.findings.len()), ("", 0));
    let full = r#"{"vote":"revise","comment":"no","findings":[{"severity":"BLOCKER","slice_id":"s","summary":"it panics"}]}"#;
    let answer = read(full).unwrap();
    assert_eq!(answer.vote, Some(VoteType::Revise));
    assert_eq!(answer.comment, "no");
    let [finding] = answer.findings.as_slice() else {
        panic!("one finding")
    };
    assert_eq!(finding.severity, SeverityLevel::Blocker);
    assert_eq!(finding.slice_id.as_deref(), Some("s"));
}

#[test]
fn anything_else_is_no_vote() {
    for output in [
        "",
        "ACCEPT",
        "{\"vote\":\"ACCEPT\"}\nbut then it said more",
        "{\"vote\":\"MAYBE\"}",
        "{\"comment\":\"fine\"}",
        "[\"ACCEPT\"]",
        "{\"vote\":\"ACCEPT\",\"findings\":[{\"severity\":\"HUGE\",\"summary\":\"\"}]}",
    ] {
        assert!(read(output).is_err(), "{output}");
    }
}

#[test]
fn texts_are_cut_to_what_an_epoch_takes() {
    let long = "x".repeat(100_000);
    let output = format!(
        r#"{{"vote":"ACCEPT","comment":"{long}","findings":[{{"severity":"MINOR","summary":"{long}"}}]}}"#
    );
    let answer = read(&output).unwrap();
    assert_eq!(answer.comment.len(), 16 * 1024);
    assert_eq!(answer.findings[0].summary.len(), 4 * 1024);
}
