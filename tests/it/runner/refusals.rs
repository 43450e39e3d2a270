//! What cannot be started, and says why.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use aura::runner::{Error, Host};
use tokio::sync::watch;

use super::Bench;

#[tokio::test]
async fn a_missing_program_is_named() {
    let bench = Bench::new();
    for program in ["no-such-program", "/no/such/program", "./no-such-program"] {
        let mut job = bench.job("");
        job.argv = vec![program.to_owned()];
        let error = bench.run(&job).await.unwrap_err();
        assert!(error.is_permanent());
        match &error {
            Error::NotFound { program: named, .. } => assert_eq!(named, program),
            other => panic!("{other:?}"),
        }
        assert!(error.to_string().contains(program), "{error}");
    }
}

#[tokio::test]
async fn the_path_of_the_job_is_searched_and_not_the_daemons() {
    let bench = Bench::new();
    let mut job = bench.job("exit 0");
    job.env.insert("PATH".to_owned(), "/nowhere".to_owned());
    let error = bench.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_program_is_told_from_one_that_is_missing() {
    let bench = Bench::new();
    fs::write(bench.file("text"), "no program").unwrap();
    for program in [bench.file("text"), bench.file("")] {
        let mut job = bench.job("");
        job.argv = vec![super::text(&program)];
        let error = bench.run(&job).await.unwrap_err();
        assert!(matches!(error, Error::NotExecutable { .. }), "{error:?}");
        assert!(error.is_permanent());
    }
}

#[tokio::test]
async fn a_missing_directory_is_named() {
    let bench = Bench::new();
    let mut job = bench.job("exit 0");
    job.directory = Some(bench.file("missing"));
    match bench.run(&job).await.unwrap_err() {
        Error::Directory { path, .. } => assert_eq!(path, bench.file("missing")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_no_system_can_pass_on_is_refused_before_anything_is_made() {
    let bench = Bench::new();
    let whole = bench.job("exit 0");
    let mut jobs = vec![whole.clone(); 7];
    jobs[0].argv[2] = "a\0b".to_owned();
    jobs[1].argv.clear();
    jobs[2].argv[0].clear();
    jobs[3].env.insert("A".to_owned(), "x\0y".to_owned());
    jobs[4].env.insert("A=B".to_owned(), String::new());
    jobs[5].env.insert(String::new(), String::new());
    jobs[6].directory = Some("relative".into());
    for job in jobs {
        let error = bench.run(&job).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert!(error.is_permanent());
    }
    assert!(!bench.host.log(&whole.key).parent().unwrap().exists());
}

#[tokio::test]
async fn words_that_are_too_long_for_the_system_are_refused_by_name() {
    let bench = Bench::new();
    let mut job = bench.job("exit 0");
    job.argv.push("x".repeat(20_000_000));
    let error = bench.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn a_launcher_that_is_none_is_found_out() {
    let bench = Bench::new();
    let (_stop, never) = watch::channel(None);
    for (at, launcher) in ["/no/such/file", "/bin/true", "/bin/false"]
        .into_iter()
        .enumerate()
    {
        let runs = bench.file(&format!("runs-{at}"));
        let host = Host::new(runs, PathBuf::from(launcher));
        let error = host.run(&bench.job("exit 0"), never.clone()).await;
        let error = error.unwrap_err();
        assert!(matches!(error, Error::Launcher { .. }), "{error:?}");
        assert!(!error.is_permanent());
        assert!(error.to_string().contains(launcher), "{error}");
    }
}

#[tokio::test]
async fn a_launcher_has_the_lock_of_its_key_and_nothing_of_the_daemons_environment() {
    let bench = Bench::new();
    let launcher = bench.file("launcher");
    fs::write(&launcher, "#!/bin/sh\nenv; readlink /proc/$$/fd/0\n").unwrap();
    fs::set_permissions(&launcher, fs::Permissions::from_mode(0o700)).unwrap();
    let host = Host::new(bench.file("runs"), launcher);
    let (_stop, never) = watch::channel(None);
    let error = host.run(&bench.job("exit 0"), never).await.unwrap_err();
    let Error::Launcher { detail, .. } = &error else {
        panic!("{error:?}");
    };
    let lock = host.log("epoch/slice").with_file_name("lock");
    assert!(detail.ends_with(&super::text(&lock)), "{detail}");
    // What the shell sets by itself is not inherited.
    let mut others = detail.lines().filter(|line| line.contains('='));
    assert!(
        others.all(|line| ["PWD=", "OLDPWD=", "SHLVL=", "_="]
            .iter()
            .any(|name| line.contains(name))),
        "{detail}"
    );
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_named_and_nothing_runs() {
    let bench = Bench::new();
    fs::write(bench.file("state"), "a file, where a directory should be").unwrap();
    let job = bench.job(r#"touch "$DIR/ran""#);
    let error = bench.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::Records { .. }), "{error:?}");
    assert!(!bench.file("ran").exists());
}
