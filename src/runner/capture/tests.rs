use std::fs;
use std::io::Write as _;

use super::*;

/// Long enough that it never passes where the end comes by itself.
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn everything_until_the_end_is_captured_and_the_file_is_capped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (source, mut writer) = io::pipe().unwrap();
    let capture = Capture::start(source, &path, 1000).unwrap();
    thread::spawn(move || {
        for _ in 0..10_000 {
            writer.write_all(&[b'x'; 1000]).unwrap();
        }
        writer.write_all(b"last words").unwrap();
    });
    let captured = capture.finish(LONG).await;
    assert_eq!(captured.bytes, 10_000_010);
    assert!(captured.output.ends_with("xlast words"));
    assert!(captured.output.len() <= OUTPUT_LIMIT);
    assert_eq!(captured.log_problem, None);
    assert!(fs::metadata(&path).unwrap().len() < 1100);
}

#[tokio::test]
async fn a_pipe_that_somebody_keeps_open_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (source, mut writer) = io::pipe().unwrap();
    let capture = Capture::start(source, &path, 1000).unwrap();
    writer.write_all(b"so far").unwrap();
    let captured = capture.finish(Duration::ZERO).await;
    assert_eq!((captured.output.as_str(), captured.bytes), ("so far", 6));
    assert_eq!(fs::read(&path).unwrap(), b"so far");
    drop(writer);
}

#[tokio::test]
async fn somebody_who_writes_for_ever_is_not_read_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let (source, mut writer) = io::pipe().unwrap();
    let capture = Capture::start(source, &folder.path().join("log"), 0).unwrap();
    let writing = thread::spawn(move || while writer.write_all(&[b'x'; 1000]).is_ok() {});
    let captured = capture.finish(Duration::from_millis(20)).await;
    assert!(captured.bytes > 0);
    writing.join().unwrap();
}
