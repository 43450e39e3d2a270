//! Commands in real tmux windows, on a tmux server of each test's own: what they are
//! given, what is learned from them, who can look, and how they end.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aura::runner::{
    Ended, Error, Host, How, HowEnded, Job, OnShutdown, Reason, Stop, attach_command,
};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::support::binary::say;
use super::support::wait::{eventually, within};

/// For everything that happens by itself, also on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// A folder with runs, a tmux server, and commands that work in it.
struct Desk {
    root: Arc<TempDir>,
}

/// A run in the background.
struct Running {
    stop: watch::Sender<Option<Stop>>,
    task: JoinHandle<Result<Ended, Error>>,
}

impl Running {
    async fn end(self) -> Result<Ended, Error> {
        tokio::time::timeout(LIMIT, self.task)
            .await
            .expect("it ends")
            .expect("it does not panic")
    }

    async fn stop(self, stop: Stop) -> Result<Ended, Error> {
        self.stop.send(Some(stop)).expect("it listens");
        self.end().await
    }
}

impl Desk {
    /// None, and a line about it, where there is no tmux; on a build server a failure.
    #[track_caller]
    fn new() -> Option<Self> {
        let version = Command::new("tmux").arg("-V").output();
        if let Err(error) = version {
            let current = thread::current();
            let test = current.name().unwrap_or("a test");
            let line = format!("{test} needs tmux: {error}");
            assert!(env::var("CI").as_deref() != Ok("true"), "{line}");
            say(&format!("SKIPPED: {line}"));
            return None;
        }
        let root = TempDir::with_prefix("aura-tmux-").expect("a folder can be made");
        fs::create_dir(root.path().join("sockets")).expect("and folders in it");
        Some(Self {
            root: Arc::new(root),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A file that a command makes, once it is there.
    #[track_caller]
    fn await_file(&self, name: &str) -> String {
        let path = self.path(name);
        eventually(name, LIMIT, || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
    }

    fn touch(&self, name: &str) {
        fs::write(self.path(name), "").expect("a file can be made");
    }

    /// A daemon's; each call is another daemon's.
    fn host(&self) -> Host {
        let launcher = PathBuf::from(env!("CARGO_BIN_EXE_aurad"));
        Host::new(self.path("runs"), launcher).with_tmux_sockets(self.path("sockets"))
    }

    /// A shell with this script, in the window `slice-KEY` of the session `aura-e`.
    fn job(&self, key: &str, script: &str) -> Job {
        Job {
            key: key.to_owned(),
            argv: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            env: BTreeMap::from([("PATH".to_owned(), env::var("PATH").expect("it is set"))]),
            directory: Some(self.root.path().to_owned()),
            input: b"prompt\n".to_vec(),
            how: How::Tmux {
                session: "aura-e".to_owned(),
                window: format!("slice-{key}"),
            },
            timeout: Some(LIMIT),
            kill_after: Duration::from_secs(5),
            log_limit: 1024 * 1024,
            on_shutdown: OnShutdown::Leave,
        }
    }

    async fn run(&self, job: &Job) -> Result<Ended, Error> {
        Self::start(&self.host(), job).end().await
    }

    fn start(host: &Host, job: &Job) -> Running {
        let (stop, stopped) = watch::channel(None);
        let (host, job) = (host.clone(), job.clone());
        let task = tokio::spawn(async move { host.run(&job, stopped).await });
        Running { stop, task }
    }

    fn tmux(&self, words: &[&str]) -> Output {
        Command::new("tmux")
            .args(["-L", "aura"])
            .args(words)
            .env("TMUX_TMPDIR", self.path("sockets"))
            .output()
            .expect("tmux runs")
    }

    fn windows(&self) -> Vec<String> {
        let format = "#{session_name}:#{window_name}";
        let output = self.tmux(&["list-windows", "-a", "-F", format]);
        let text = String::from_utf8(output.stdout).expect("names are text");
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn await_no_window(&self) {
        eventually("the window closes", LIMIT, || {
            self.windows().is_empty().then_some(())
        });
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.tmux(&["kill-server"]);
    }
}

/// A script that says it is there, and waits until it is let go.
fn waiting(then: &str) -> String {
    format!("echo $$ >> started; until [ -e go ]; do sleep 0.02; done; {then}")
}

#[track_caller]
fn await_gone(pid: &str) {
    let proc = Path::new("/proc").join(pid.trim());
    assert!(
        proc.file_name().is_some_and(|name| name != "proc"),
        "{pid:?}"
    );
    eventually("the process goes", LIMIT, || {
        let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
        // A zombie that the system's first process has not reaped is gone, too.
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
}

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

/// The parent of a process.
fn parent(pid: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line.unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_attaches_sees_and_types() {
    let Some(desk) = Desk::new() else { return };
    let script = "echo look at me; echo > started; read -r line < /dev/tty; echo heard $line; \
                  cat; exit 3";
    let running = Desk::start(&desk.host(), &desk.job("a", script));
    desk.await_file("started");
    assert_eq!(desk.windows(), ["aura-e:slice-a"]);

    let words = desk.host().attach_command("aura-e", "slice-a");
    let seen = desk.path("seen");
    let mut person = Command::new("script")
        .args(["-q", "-f", "-e", "-c", &words.join(" ")])
        .arg(&seen)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("script runs");
    eventually("a client is there", LIMIT, || {
        let clients = desk.tmux(&["list-clients", "-F", "#{session_name}"]).stdout;
        (clients == b"aura-e\n").then_some(())
    });
    eventually("the person sees it", LIMIT, || {
        let seen = fs::read(&seen).unwrap_or_default();
        String::from_utf8_lossy(&seen)
            .contains("look at me")
            .then_some(())
    });
    let mut keys = person.stdin.take().unwrap();
    keys.write_all(b"hello\r").unwrap();

    let ended = running.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(3));
    assert!(
        ended.output.contains("heard hello\nprompt\n"),
        "{}",
        ended.output
    );
    drop(keys);
    let left = within(LIMIT, || person.try_wait().expect("it can be waited for"));
    assert!(
        left.is_some(),
        "the attached client goes with the last window"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_command_ends_with_all_of_its_group_whatever_it_ignores() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job(
        "a",
        "trap '' TERM HUP INT; sh -c 'echo $$ > child; while :; do sleep 1; done' & \
         echo $$ > started; while :; do sleep 1; done",
    );
    job.kill_after = Duration::from_millis(200);
    let running = Desk::start(&desk.host(), &job);
    let (shell, child) = (desk.await_file("started"), desk.await_file("child"));
    let ended = running.stop(Stop::Cancel).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    await_gone(&shell);
    await_gone(&child);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_leaves_behind_ends_with_it() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job(
        "a",
        "sh -c 'trap \"\" HUP TERM; echo $$ > child; while :; do sleep 1; done' & \
         until [ -s child ]; do sleep 0.02; done; exit 4",
    );
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(4));
    await_gone(&desk.await_file("child"));
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_stops_leaves_the_window_and_the_next_adopts_it() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("echo late; exit 5"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    let ended = running.stop(Stop::Shutdown).await.unwrap();
    assert_eq!(ended.how, HowEnded::Left(Reason::Shutdown));
    assert_eq!(desk.windows(), ["aura-e:slice-a"]);
    let hunted = desk.host().hunt().await;
    assert_eq!(hunted.left, ["a"]);

    let adopted = Desk::start(&desk.host(), &job);
    desk.touch("go");
    let ended = adopted.end().await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(5), "late\n")
    );
    assert_eq!(desk.await_file("started"), pid, "it was started once");

    // What has been reported is not reported again: the next attempt is a new one.
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(5));
    assert_eq!(desk.await_file("started").lines().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_ends_while_no_daemon_is_there_is_reported_to_the_next() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("echo alone; exit 6"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    // As a daemon that is killed: nothing of it runs to its end.
    running.task.abort();
    let _ = running.task.await;
    desk.touch("go");
    desk.await_no_window();
    await_gone(&pid);

    let ended = desk.run(&job).await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(6), "alone\n")
    );
    assert_eq!(desk.await_file("started"), pid, "it was started once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_dies_at_any_moment_of_the_beginning_does_not_make_it_begin_twice() {
    let Some(desk) = Desk::new() else { return };
    // From before the window is opened until after the command has begun.
    for step in 0..25_u64 {
        let key = format!("k{step}");
        let script =
            format!("echo $$ >> began-{key}; until [ -e go-{key} ]; do sleep 0.02; done; exit 5");
        let job = desk.job(&key, &script);
        let running = Desk::start(&desk.host(), &job);
        tokio::time::sleep(Duration::from_millis(step * 4)).await;
        running.task.abort();
        let _ = running.task.await;

        let next = Desk::start(&desk.host(), &job);
        desk.await_file(&format!("began-{key}"));
        desk.touch(&format!("go-{key}"));
        let ended = next.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Exited(5), "{step}");
        let began = desk.await_file(&format!("began-{key}"));
        assert_eq!(began.lines().count(), 1, "{step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_came_before_the_daemon_did_reaches_the_window() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    running.stop(Stop::Shutdown).await.unwrap();

    let (_stop, stopped) = watch::channel(Some(Stop::Cancel));
    let ended = desk.host().run(&job, stopped).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_that_kills_kills() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job("a", &waiting("true"));
    job.on_shutdown = OnShutdown::Kill;
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    let ended = running.stop(Stop::Shutdown).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Shutdown));
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_a_command_may_take_counts_from_its_beginning() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    running.stop(Stop::Shutdown).await.unwrap();

    let begun = fs::metadata(desk.path("started"))
        .unwrap()
        .modified()
        .unwrap();
    eventually("a second passes", LIMIT, || {
        begun
            .elapsed()
            .is_ok_and(|age| age > Duration::from_secs(1))
            .then_some(())
    });
    let mut shorter = job.clone();
    shorter.timeout = Some(Duration::from_secs(1));
    let ended = desk.run(&shorter).await.unwrap();
    assert_eq!(ended.how, HowEnded::TimedOut);
    await_gone(&pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_by_hand_ends_its_command() {
    let Some(desk) = Desk::new() else { return };
    for (key, trap) in [("a", ""), ("b", "trap '' HUP TERM; ")] {
        let mut job = desk.job(
            key,
            &format!("{trap}echo $$ > {key}; while :; do sleep 1; done"),
        );
        job.kill_after = Duration::from_millis(200);
        let running = Desk::start(&desk.host(), &job);
        let pid = desk.await_file(key);
        let killed = desk.tmux(&["kill-window", "-t", &format!("aura-e:slice-{key}")]);
        assert!(killed.status.success(), "{killed:?}");
        let ended = running.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Signalled(1));
        await_gone(&pid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launcher_that_is_killed_takes_its_command_with_it() {
    let Some(desk) = Desk::new() else { return };
    let running = Desk::start(&desk.host(), &desk.job("a", &waiting("true")));
    let pid = desk.await_file("started");
    let killed = Command::new("kill")
        .args(["-KILL", &parent(pid.trim())])
        .status();
    assert!(killed.unwrap().success());
    let ended = running.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Signalled(9));
    await_gone(&pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn much_output_is_bounded_and_its_end_is_kept() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job(
        "a",
        "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo the end",
    );
    job.log_limit = 100_000;
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(0));
    assert!(ended.bytes > 20_000_000, "{}", ended.bytes);
    assert!(ended.output.len() < 20_000, "{}", ended.output.len());
    assert!(ended.output.ends_with("x\nthe end\n"), "{}", ended.output);
    let log = fs::metadata(&ended.log).unwrap().len();
    assert!((100_000..101_000).contains(&log), "{log}");
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
        assert_eq!(desk.windows(), [target.as_str()]);
        let found = desk.tmux(&["display-message", "-p", "-t", target, "#{window_id}"]);
        assert!(found.status.success(), "{found:?}");
        desk.touch("go");
        running.end().await.unwrap();
        desk.await_no_window();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_cannot_start_says_why_and_leaves_no_window() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job("a", "");
    job.argv = vec!["no-such-program".to_owned()];
    let error = desk.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert!(error.is_permanent());
    desk.await_no_window();

    let mut job = desk.job("a", "true");
    job.directory = Some(desk.path("missing"));
    let error = desk.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::Directory { .. }), "{error:?}");
    desk.await_no_window();

    let host = Host::new(desk.path("runs"), desk.path("no-launcher"))
        .with_tmux_sockets(desk.path("sockets"));
    let error = Desk::start(&host, &desk.job("a", "true"))
        .end()
        .await
        .unwrap_err();
    assert!(!error.is_permanent(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_of_a_key_takes_the_window_over() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let job = desk.job("a", &waiting("exit 8"));
    let first = Desk::start(&host, &job);
    desk.await_file("started");
    let second = Desk::start(&host, &job);
    let ended = first.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Left(Reason::Superseded));
    desk.touch("go");
    let ended = second.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(8));
    assert_eq!(desk.await_file("started").lines().count(), 1);

    // An end by the key ends it.
    fs::remove_file(desk.path("go")).unwrap();
    fs::remove_file(desk.path("started")).unwrap();
    let third = Desk::start(&host, &job);
    let pid = desk.await_file("started");
    host.end("a", Duration::from_secs(5)).await.unwrap();
    assert_eq!(
        third.end().await.unwrap().how,
        HowEnded::Left(Reason::Superseded)
    );
    await_gone(&pid);
    desk.await_no_window();
}
