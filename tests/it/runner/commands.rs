//! What a command is given, and how its end is told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use aura::runner::{HowEnded, Reason, Stop};
use tokio::sync::watch;

use super::{Bench, assert_exited, text};

#[tokio::test]
async fn an_exit_code_is_told_as_it_is() {
    let bench = Bench::new();
    for code in [0, 1, 3, 126, 127, 255] {
        assert_exited(&bench.script(&format!("exit {code}")).await, code);
    }
}

#[tokio::test]
async fn a_death_by_signal_is_told_with_its_number() {
    let ended = Bench::new().script("kill -USR1 $$").await;
    assert_eq!(ended.how, HowEnded::Signalled(10));
}

#[tokio::test]
async fn the_input_arrives_unchanged_and_as_a_file() {
    let bench = Bench::new();
    let mut input = b"'quotes' \"and\" $(touch no) `touch no` \\\n\n\t%s\0nul\xff\xfe".to_vec();
    input.extend((0..=u8::MAX).cycle().take(200_000));
    for input in [input, Vec::new()] {
        let mut job = bench.job(r#"cat > "$DIR/stdin"; cat "$AURA_REQUEST_FILE" > "$DIR/file""#);
        job.input.clone_from(&input);
        assert_exited(&bench.run(&job).await.unwrap(), 0);
        assert!(fs::read(bench.file("stdin")).unwrap() == input);
        assert!(fs::read(bench.file("file")).unwrap() == input);
    }
    let request = bench.host.log("epoch/slice").with_file_name("request");
    let mode = fs::metadata(request).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_command_that_does_not_read_its_input_is_not_held_up() {
    let bench = Bench::new();
    let mut job = bench.job("exit 4");
    job.input = vec![b'x'; 1_000_000];
    assert_exited(&bench.run(&job).await.unwrap(), 4);
}

#[tokio::test]
async fn the_environment_is_what_is_given_and_nothing_else() {
    let bench = Bench::new();
    let mut job = bench.job("");
    job.argv = vec!["env".to_owned(), "-0".to_owned()];
    job.env.insert("A".to_owned(), "1\n2 'x' $B".to_owned());
    job.env.insert("EMPTY".to_owned(), String::new());
    let ended = bench.run(&job).await.unwrap();
    let mut seen: Vec<&str> = ended.output.split_terminator('\0').collect();
    seen.sort_unstable();
    let request = bench.host.log(&job.key).with_file_name("request");
    job.env
        .insert("AURA_REQUEST_FILE".to_owned(), text(&request));
    let mut given: Vec<String> = job.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
    given.sort_unstable();
    assert_eq!(seen, given);
}

#[tokio::test]
async fn words_are_passed_on_as_they_are() {
    let bench = Bench::new();
    let mut job = bench.job("");
    let words = ["a b", "$(echo no)", "'", "\"", "\n", "*", "", "ü"];
    job.argv = vec!["printf".to_owned(), "[%s]".to_owned()];
    job.argv.extend(words.map(str::to_owned));
    let ended = bench.run(&job).await.unwrap();
    assert_eq!(ended.output, words.map(|word| format!("[{word}]")).concat());
}

#[tokio::test]
async fn it_runs_where_it_is_told_to_or_in_a_directory_of_its_own() {
    let bench = Bench::new();
    let mut job = bench.job("pwd");
    let own = bench.run(&job).await.unwrap().output;
    assert!(own.ends_with("/work\n"), "{own}");
    fs::create_dir(bench.file("there")).unwrap();
    fs::write(bench.file("there/tool"), "#!/bin/sh\necho tool in $PWD\n").unwrap();
    fs::set_permissions(bench.file("there/tool"), fs::Permissions::from_mode(0o700)).unwrap();
    job.directory = Some(bench.file("there"));
    job.argv = vec!["./tool".to_owned()];
    let ended = bench.run(&job).await.unwrap();
    assert_eq!(
        ended.output,
        format!("tool in {}\n", bench.file("there").display())
    );
}

#[tokio::test]
async fn it_has_a_session_of_its_own_no_terminal_and_not_the_lock() {
    let bench = Bench::new();
    let script = r#"cut -d' ' -f1,5,6 /proc/$$/stat; (: < /dev/tty) 2>/dev/null || echo no tty
        for fd in /proc/$$/fd/*; do readlink "$fd"; done"#;
    let ended = bench.script(script).await;
    let mut lines = ended.output.lines();
    let ids: Vec<&str> = lines.next().unwrap().split(' ').collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2], "{ids:?}");
    assert_eq!(lines.next(), Some("no tty"));
    let runs = text(&bench.file("state/runs"));
    let open: Vec<&str> = lines.filter(|path| path.starts_with(&runs)).collect();
    let request = text(&bench.host.log("epoch/slice").with_file_name("request"));
    assert_eq!(open, [request]);
}

#[tokio::test]
async fn it_takes_signals_as_any_program_does() {
    let ended = Bench::new().script("grep Sig /proc/self/status").await;
    let mask = |name: &str| {
        let line = ended.output.lines().find(|line| line.starts_with(name));
        let (_, mask) = line.unwrap().split_once(":\t").unwrap();
        u64::from_str_radix(mask, 16).unwrap()
    };
    // A closed pipe ends it, other than the daemon.
    let pipe = 1 << 12;
    assert_eq!((mask("SigBlk"), mask("SigIgn") & pipe), (0, 0));
}

#[tokio::test]
async fn a_stop_that_comes_first_starts_nothing() {
    let bench = Bench::new();
    let (_stop, asked) = watch::channel(Some(Stop::Cancel));
    let job = bench.job(r#"touch "$DIR/ran""#);
    let ended = bench.host.run(&job, asked).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    assert!(!bench.file("ran").exists());
}

#[tokio::test]
async fn what_is_left_on_the_disk_has_no_environment_in_it() {
    let bench = Bench::new();
    let mut job = bench.job("exit 0");
    job.env
        .insert("KEY".to_owned(), "a-secret-of-the-runner".to_owned());
    assert_exited(&bench.run(&job).await.unwrap(), 0);
    let directory = bench.host.log(&job.key).parent().unwrap().to_owned();
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!content.contains("a-secret"), "{}", path.display());
        }
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort_unstable();
    assert_eq!(names, ["lock", "log", "request", "work"]);
}
