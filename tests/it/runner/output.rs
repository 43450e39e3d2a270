//! What a command writes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use aura::runner::OUTPUT_LIMIT;

use super::{Bench, assert_exited};

#[tokio::test]
async fn both_streams_come_in_their_order_and_the_log_has_the_same() {
    let bench = Bench::new();
    let ended = bench.script("echo one; echo two >&2; printf three").await;
    assert_eq!(ended.output, "one\ntwo\nthree");
    assert_eq!(ended.bytes, 13);
    assert_eq!(fs::read_to_string(&ended.log).unwrap(), ended.output);
    assert_eq!(ended.log, bench.host.log("epoch/slice"));
    let mode = fs::metadata(&ended.log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(ended.log_problem, None);
}

#[tokio::test]
async fn two_hundred_megabytes_are_counted_and_neither_kept_nor_held_up() {
    let bench = Bench::new();
    let mut job =
        bench.job("echo first; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo last");
    job.log_limit = 100_000;
    let ended = bench.run(&job).await.unwrap();
    assert_exited(&ended, 0);
    assert_eq!(ended.bytes, 200_000_000 + 6 + 1 + 5);
    assert!(ended.output.len() <= OUTPUT_LIMIT);
    assert!(ended.output.starts_with("first\nxxx"));
    assert!(ended.output.ends_with("xxx\nlast\n"));
    let log = fs::metadata(&ended.log).unwrap().len();
    assert!((100_000..100_100).contains(&log), "{log}");
}

#[tokio::test]
async fn bytes_that_are_no_text_are_replaced_in_the_output_and_kept_in_the_log() {
    let bench = Bench::new();
    let ended = bench.script(r"printf 'a\377b\000c'").await;
    assert_eq!(ended.output, "a\u{FFFD}b\0c");
    assert_eq!(fs::read(&ended.log).unwrap(), b"a\xffb\0c");
}

#[tokio::test]
async fn the_log_of_the_attempt_before_is_kept_beside_it() {
    let bench = Bench::new();
    bench.script("echo first").await;
    let ended = bench.script("echo second").await;
    let before = ended.log.with_file_name("log.previous");
    assert_eq!(fs::read_to_string(before).unwrap(), "first\n");
    assert_eq!(fs::read_to_string(&ended.log).unwrap(), "second\n");
}

#[tokio::test]
async fn the_log_grows_while_the_command_runs() {
    let bench = Bench::new();
    let run =
        bench.start(bench.job(r#"echo working; until [ -e "$DIR/go" ]; do sleep 0.02; done"#));
    let log = bench.host.log("epoch/slice");
    super::eventually("a line in the log", move || {
        (fs::read_to_string(&log).ok()? == "working\n").then_some(())
    })
    .await;
    fs::write(bench.file("go"), "").unwrap();
    assert_exited(&run.end().await.unwrap(), 0);
}
