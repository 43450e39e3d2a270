//! What a command in a window is given: its input, words, environment and names; and what
//! is learned from it.

use std::collections::BTreeMap;
use std::env;
use std::fs;

use aura::runner::{How, HowEnded, attach_command};

use super::{Desk, LIMIT, Running, parent, waiting};
use crate::support::wait::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_command_has_its_input_and_its_end_and_output_are_learned() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job(
        "a",
        r#"cat > got; cp "$AURA_REQUEST_FILE" file; printf '\033[31mred\033[m\n'; echo err >&2
           tty > tty; exit 7"#,
    );
    job.input = (0..=255).cycle().take(100_000).collect();
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(7));
    assert_eq!(ended.output, "red\nerr\n");
    assert_eq!(ended.log_problem, None);
    let shown = b"\x1b[31mred\x1b[m\r\nerr\r\n";
    assert_eq!(fs::read(&ended.log).unwrap(), shown);
    assert_eq!(ended.bytes, shown.len() as u64);
    assert_eq!(fs::read(desk.path("got")).unwrap(), job.input);
    assert_eq!(fs::read(desk.path("file")).unwrap(), job.input);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_reach_the_command_as_they_are() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job("a", "");
    let words = [
        "two words",
        "it's; $(id) `id` \"",
        "a\nb",
        "#{pid}",
        "%H",
        ";",
        "x;",
        "",
    ];
    job.argv = vec!["/usr/bin/printf".to_owned(), "[%s]".to_owned()];
    job.argv.extend(words.map(str::to_owned));
    let ended = desk.run(&job).await.unwrap();
    let all = words.map(|word| format!("[{word}]")).concat();
    assert_eq!((ended.how, ended.output), (HowEnded::Exited(0), all));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_is_exactly_what_was_given() {
    let Some(desk) = Desk::new() else { return };
    // A window that holds the server, which otherwise goes with its last window.
    let holder = Desk::start(&desk.host(), &desk.job("holder", &waiting("true")));
    let pid = desk.await_file("started");

    let mut job = desk.job("a", "");
    job.argv = vec!["/usr/bin/env".to_owned()];
    job.env = BTreeMap::from([
        ("AURA_EPOCH_ID".to_owned(), "e".to_owned()),
        ("ODD".to_owned(), "it's $(id); #{pid}".to_owned()),
        ("TERM".to_owned(), "another".to_owned()),
    ]);
    let ended = desk.run(&job).await.unwrap();
    let names: BTreeMap<&str, &str> = ended
        .output
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let request = names.get("AURA_REQUEST_FILE").copied().unwrap_or_default();
    assert_eq!(fs::read(request).unwrap(), job.input);
    let term = names.get("TERM").copied().unwrap_or_default();
    assert!(
        term.starts_with("screen") || term.starts_with("tmux"),
        "{term}"
    );
    let expected = [
        ("AURA_EPOCH_ID", "e"),
        ("AURA_REQUEST_FILE", request),
        ("ODD", "it's $(id); #{pid}"),
        ("TERM", term),
    ];
    assert_eq!(names, BTreeMap::from(expected), "{}", ended.output);

    // Cargo gives this to every test, as a service manager would give a secret.
    let secret = env::var_os("CARGO_MANIFEST_DIR");
    assert!(secret.is_some(), "run this by cargo");
    let global = desk.tmux(&["show-environment", "-g"]).stdout;
    assert!(!String::from_utf8_lossy(&global).contains("CARGO_"));
    let server = desk.tmux(&["display-message", "-p", "#{pid}"]).stdout;
    let server = String::from_utf8(server).unwrap();
    let launcher = parent(pid.trim());
    for process in [server.trim(), &launcher] {
        let environ = fs::read(format!("/proc/{process}/environ")).unwrap();
        assert!(!environ.is_empty());
        assert!(!String::from_utf8_lossy(&environ).contains("CARGO_"));
    }
    // Nor does anybody read the command's from the launcher's words.
    let words = fs::read(format!("/proc/{launcher}/cmdline")).unwrap();
    assert!(String::from_utf8_lossy(&words).contains("--aura-window"));
    assert!(!String::from_utf8_lossy(&words).contains("PATH"));

    desk.touch("go");
    holder.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_of_one_session_begin_at_once_and_each_has_its_end() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let running: Vec<Running> = (0..6)
        .map(|n| {
            Desk::start(
                &host,
                &desk.job(&n.to_string(), &waiting(&format!("exit {n}"))),
            )
        })
        .collect();
    eventually("all have begun", LIMIT, || {
        (desk.await_file("started").lines().count() == 6).then_some(())
    });
    let mut windows = desk.windows();
    windows.sort();
    let expected: Vec<String> = (0..6).map(|n| format!("aura-e:slice-{n}")).collect();
    assert_eq!(windows, expected);
    desk.touch("go");
    for (n, running) in running.into_iter().enumerate() {
        let ended = running.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Exited(i32::try_from(n).unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_mean_something_to_tmux_are_names_all_the_same() {
    let Some(desk) = Desk::new() else { return };
    for (session, window) in [("a.b:c", "1"), ("#{pid}", "-x"), ("@1", "=w:0.1"), ("", "")] {
        let mut job = desk.job("a", &waiting("true"));
        job.how = How::Tmux {
            session: session.to_owned(),
            window: window.to_owned(),
        };
        let _ = fs::remove_file(desk.path("go"));
        let _ = fs::remove_file(desk.path("started"));
        let running = Desk::start(&desk.host(), &job);
        desk.await_file("started");
        let attach = attach_command(session, window);
        let target = attach.last().unwrap();
        assert_eq!(desk.windows(), [target.replace('=', "")]);
        let found = desk.tmux(&["display-message", "-p", "-t", target, "#{window_id}"]);
        assert!(found.status.success(), "{found:?}");
        desk.touch("go");
        running.end().await.unwrap();
        desk.await_no_window();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_tmux_would_read_alike_are_windows_of_their_own() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let mut running = Vec::new();
    let mut targets = Vec::new();
    for (at, window) in ["a.b", "a_b", "a:b", "other"].into_iter().enumerate() {
        let mut job = desk.job(&at.to_string(), &waiting("true"));
        job.how = How::Tmux {
            session: "aura".to_owned(),
            window: window.to_owned(),
        };
        running.push(Desk::start(&host, &job));
        targets.push(attach_command("aura", window).pop().unwrap());
    }
    eventually("all have begun", LIMIT, || {
        (desk.await_file("started").lines().count() == 4).then_some(())
    });
    let look = |target: &str| {
        let words = [
            "list-panes",
            "-t",
            target,
            "-F",
            "=#{session_name}:=#{window_name}",
        ];
        desk.tmux(&words)
    };
    for target in &targets {
        let found = look(target);
        let name = String::from_utf8(found.stdout).unwrap();
        assert_eq!(name.trim(), target, "{:?}", found.stderr);
    }
    // One that is not there is not another whose name begins alike.
    for (session, window) in [("aur", "a_b"), ("aura", "oth")] {
        let target = attach_command(session, window).pop().unwrap();
        assert!(!look(&target).status.success(), "{target}");
    }
    desk.touch("go");
    for running in running {
        running.end().await.unwrap();
    }
}
