//! `aurad` up to the moment when it would reach a server: its flags, its settings and
//! what it says of them, and how it waits for a server and gives up.

use std::fmt::Write;
use std::time::Duration;

use crate::programs::{AURAD, Shell, Told};
use crate::support::daemon::Daemon;
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;
use crate::support::sandbox::Sandbox;

const GENEROUS: Duration = Duration::from_secs(20);

/// Words that make no daemon.
const WRONG: [&[&str]; 27] = [
    &["--foo"],
    &["start"],
    &["--adress", "h:1"],
    &["--namespace"],
    &["--verbose=yes"],
    &["--address", "here"],
    &["--grace-period", "soon"],
    &["--audit-trail", "postgres"],
    &["--task-queue", "a", "--task-queue", "a"],
    &["--host-timeout", "never"],
    &["--max-commands", "0"],
    &["--max-cached-workflows", "0"],
    &["--max-concurrent-workflow-tasks", "1"],
    &["--max-concurrent-workflow-task-polls", "1"],
    &["--max-activities-per-second", "0"],
    &["--deployment-name", "a.b"],
    &["--allow-shell=yes"],
    &["--admin", "9464"],
    &["--admin", "0.0.0.0:9464"],
    &["--admin-expose=yes"],
    &["--log-format", "yaml"],
    &["--otlp-endpoint", "localhost:4317"],
    &["--embedded", "--listen", "0.0.0.0:7233"],
    &["--embedded", "--retention", "1w"],
    &["--embedded", "--synchronous", "off"],
    &["--embedded", "--allow-user", "a b"],
    &["--embedded", "--allow-user", "nobody-of-this-name"],
];

#[test]
fn wrong_flags_are_explained_in_four_lines() {
    let shell = Shell::new();
    let mut transcript = String::new();
    for args in WRONG {
        let output = shell.aurad(args).code(64);
        assert_eq!(
            Told::in_text(&output).impact,
            "aurad did not start",
            "{output}"
        );
        writeln!(transcript, "$ aurad {}\n{}", args.join(" "), output.stderr).unwrap();
    }
    insta::assert_snapshot!("wrong_flags_of_aurad", transcript);
}

#[test]
fn wrong_configuration_is_told_with_its_place() {
    for (text, fault) in [
        (
            "[aurad]\nnamspace = 'x'\n",
            ":2: unknown key 'namspace' in [aurad]",
        ),
        (
            "[aurad]\n\ngrace_period = '0'\n",
            ":3: grace_period in [aurad] '0' is no time at all",
        ),
        (
            "[aurad]\nadmin = '9464'\n",
            ":2: admin in [aurad] '9464' cannot be listened on",
        ),
        ("[aurad\n", ":1: the configuration file is not valid TOML"),
        (
            "[runner.claude]\nargv = 'claude -p'\n",
            ":2: argv in [runner.claude] has the wrong type",
        ),
        (
            "[review]\nelegance = 'claude'\n",
            ":2: elegance in [review] 'claude' is no configured runner",
        ),
        (
            "[aura-msg]\ntimeout = 'x'\n",
            ":2: timeout in [aura-msg] 'x' is no duration",
        ),
    ] {
        let shell = Shell::new();
        let file = shell.sandbox.write_config(text);
        let output = shell.aurad([] as [&str; 0]).code(64);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "configuration error", "{output}");
        assert!(
            told.what.starts_with(&format!("{}{fault}", file.display())),
            "{output}"
        );
    }
    for (name, value) in [
        ("TEMPORAL_ADDRESS", "here"),
        ("TEMPORAL_NAMESPACE", "a\u{7}"),
        ("TEMPORAL_TASK_QUEUE", "a\n"),
        ("AURAD_AUDIT_TRAIL", "postgres"),
        ("AURA_AUDIT_TRAIL", "postgres"),
        ("AURAD_GRACE_PERIOD", "soon"),
        ("AURAD_CONNECT_TIMEOUT", "never"),
        ("AURAD_EMBEDDED", "perhaps"),
        ("AURAD_LISTEN", "0.0.0.0:7233"),
        ("AURAD_ALLOW_USER", "a b"),
        ("AURAD_RETENTION", "1w"),
        ("AURAD_SYNCHRONOUS", "off"),
        ("AURAD_ALLOW_SHELL", "perhaps"),
        ("AURAD_HOST_TIMEOUT", "never"),
        ("AURAD_MAX_COMMANDS", "0"),
        ("AURAD_ADMIN", "9464"),
        ("AURAD_ADMIN_EXPOSE", "perhaps"),
        ("AURAD_LOG_FORMAT", "yaml"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317"),
        ("AURAD_MAX_CACHED_WORKFLOWS", "0"),
        ("AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS", "many"),
        ("AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND", "-1"),
        ("AURA_CONFIG", "/missing.toml"),
    ] {
        let output = Shell::new()
            .env(name, value)
            .aurad([] as [&str; 0])
            .code(64);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "configuration error", "{output}");
        assert!(told.fix.contains(name), "{output}");
    }
}

/// Runs the daemon until it gives up reaching the server, and hands on the settings that
/// it printed: all lines before the first line of the log.
#[track_caller]
fn settings_of(shell: &Shell, args: &[&str]) -> (Output, Vec<String>) {
    let output = shell
        .aurad(args.iter().chain(&["--verbose", "--connect-timeout=1ms"]))
        .code(69);
    let settings = output
        .stderr
        .lines()
        .take_while(|line| !line.contains(" INFO "));
    let settings = settings.map(str::to_owned).collect();
    (output, settings)
}

#[test]
fn verbose_prints_every_setting_with_its_source() {
    let refused = Refused::reserve();
    let address = refused.address();
    let shell = Shell::new()
        .env("TEMPORAL_NAMESPACE", "team")
        .env("AURA_AUDIT_TRAIL", "sqlite")
        .env("AURAD_GRACE_PERIOD", "");
    let text = "[aurad]\nnamespace = 'unused'\ngrace_period = 5\naudit_db_path = 'trail.db'\n\
                [review]\nelegance = 'x'\n\
                [runner.x]\nargv = ['./x', '-p']\nenv = { KEY = 'sesame' }\n";
    let file = shell.sandbox.write_config(text);
    let file = file.display();
    let folder = shell.sandbox.folder("XDG_CONFIG_HOME").join("aura");
    let (output, settings) = settings_of(
        &shell,
        &[
            "--address=unused:1",
            "--address",
            &address,
            "--task-queue=a",
            "--task-queue=b",
        ],
    );
    let expected = [
        format!("config = {file} (default)"),
        "namespace = team (env TEMPORAL_NAMESPACE)".to_owned(),
        "task_queue = a, b (CLI --task-queue)".to_owned(),
        format!("address = {address} (CLI --address)"),
        "profile = none (default)".to_owned(),
        "tls = if needed (default)".to_owned(),
        "tls_ca_path = none (default)".to_owned(),
        "tls_cert_path = none (default)".to_owned(),
        "tls_key_path = none (default)".to_owned(),
        "tls_server_name = none (default)".to_owned(),
        "api_key_file = none (default)".to_owned(),
        "api_key = none (default)".to_owned(),
        "grpc_meta = none (default)".to_owned(),
        "embedded = false (default)".to_owned(),
        format!(
            "db = {}/aura/embedded.db (default)",
            shell.sandbox.folder("XDG_DATA_HOME").display()
        ),
        "listen = 127.0.0.1:7233 (default)".to_owned(),
        "allow_users = none (default)".to_owned(),
        "retention = 30d (default)".to_owned(),
        "synchronous = full (default)".to_owned(),
        format!(
            "audit_trail = sqlite:{}/trail.db (env AURA_AUDIT_TRAIL)",
            folder.display()
        ),
        format!(
            "audit_db_path = {}/trail.db (file {file})",
            folder.display()
        ),
        format!("grace_period = 5s (file {file})"),
        "connect_timeout = 1ms (CLI --connect-timeout)".to_owned(),
        "allow_shell = false (default)".to_owned(),
        format!(
            "state_dir = {}/aura (default)",
            shell.sandbox.folder("XDG_STATE_HOME").display()
        ),
        "host_timeout = 10m (default)".to_owned(),
        "max_commands = 8 (default)".to_owned(),
        "admin = none (default)".to_owned(),
        "admin_expose = false (default)".to_owned(),
        "log_format = auto (default)".to_owned(),
        "otlp_endpoint = none (default)".to_owned(),
        "max_cached_workflows = 300 (default)".to_owned(),
        "max_concurrent_workflow_tasks = 100 (default)".to_owned(),
        "max_concurrent_activities = 100 (default)".to_owned(),
        "max_concurrent_local_activities = 100 (default)".to_owned(),
        "max_concurrent_workflow_task_polls = 5 (default)".to_owned(),
        "max_concurrent_activity_task_polls = 5 (default)".to_owned(),
        "max_activities_per_second = unlimited (default)".to_owned(),
        "max_task_queue_activities_per_second = unlimited (default)".to_owned(),
        "deployment_name = aura (default)".to_owned(),
        format!("build_id = {} (default)", env!("CARGO_PKG_VERSION")),
        "worker_versioning = off (default)".to_owned(),
        "verbose = true (CLI --verbose)".to_owned(),
        "review.deadline = unlimited (default)".to_owned(),
        "review.remind_every = never (default)".to_owned(),
        "review.correctness = none (default)".to_owned(),
        "review.test_quality = none (default)".to_owned(),
        format!("review.elegance = x (file {file})"),
        "review.timeout = 30m (default)".to_owned(),
        format!(
            "runner.x.argv = [\"{}/x\", \"-p\"] (file {file})",
            folder.display()
        ),
        // A value of it may be a secret.
        format!("runner.x.env = KEY (file {file})"),
        "runner.x.pass_env = none (default)".to_owned(),
        "runner.x.directory = none (default)".to_owned(),
        "runner.x.timeout = 30m (default)".to_owned(),
        "runner.x.kill_after = 10s (default)".to_owned(),
        "runner.x.log_limit = 100MB (default)".to_owned(),
        "runner.x.worktree = false (default)".to_owned(),
        "runner.x.on_shutdown = leave in tmux, else kill (default)".to_owned(),
    ];
    assert_eq!(settings, expected, "{output}");
    assert_eq!(output.stdout, "", "logs and settings are no data: {output}");
}

#[test]
fn verbose_prints_defaults_too() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let (output, settings) = settings_of(&shell, &[]);
    let trail = shell
        .sandbox
        .folder("XDG_DATA_HOME")
        .join("aura/plugin/audit.db");
    for line in [
        "config = none (default)",
        "namespace = default (default)",
        "task_queue = aura (default)",
        "audit_trail = memory (default)",
        &format!("audit_db_path = {} (default)", trail.display()),
        "grace_period = 30s (default)",
    ] {
        assert!(settings.contains(&line.to_owned()), "{line}\n{output}");
    }
}

#[test]
fn a_server_that_cannot_be_reached_in_time() {
    let (refused, hole) = (Refused::reserve(), BlackHole::open());
    for (address, why) in [
        (refused.address(), "refused"),
        (hole.address(), "within 1s: it did not answer"),
    ] {
        let shell = Shell::at(&address);
        let output = shell.aurad(["--connect-timeout", "1s"]).code(69);
        assert!(output.elapsed < GENEROUS, "{output}");
        let last = output.stderr.lines().last().unwrap_or_default();
        assert!(last.contains("ERROR"), "{output}");
        assert!(
            last.contains(&format!("no server at {address} within 1s")),
            "{output}"
        );
        assert!(last.contains(why), "{output}");
        assert_eq!(output.stdout, "", "{output}");
    }
}

#[test]
fn a_signal_while_it_waits_for_a_server_ends_it_well() {
    let (refused, hole) = (Refused::reserve(), BlackHole::open());
    for (address, sign) in [
        (refused.address(), "attempt 1: "),
        (hole.address(), "audit trail: memory"),
    ] {
        for signal in ["SIGTERM", "SIGINT"] {
            let sandbox = Sandbox::new();
            let mut daemon = Daemon::start(&sandbox, AURAD, |command| {
                command.args(["--address", &address])
            });
            daemon.wait_for_line(sign, GENEROUS);
            match signal {
                "SIGTERM" => daemon.terminate(),
                _ => daemon.interrupt(),
            }
            let status = daemon.wait_exit(GENEROUS);
            let logs = daemon.logs().join("\n");
            assert_eq!(status.code(), Some(0), "{logs}");
            assert!(
                logs.contains(&format!("{signal} before a server was reached")),
                "{logs}"
            );
        }
    }
}

#[test]
fn the_yaml_file_of_the_earlier_implementation_is_not_ignored_in_silence() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let yaml = "# mine\nnamespace: team\nserver-address: h:1\nqueues:\n  - a\n";
    let file = shell
        .sandbox
        .write("home/.config/aura/plugins/aurad.config.yaml", yaml);
    let output = shell.aurad(["--connect-timeout=1ms"]).code(69);
    for text in [
        &format!(
            "{} is not read: the configuration is TOML now",
            file.display()
        )[..],
        "[aurad]\nnamespace = \"team\"\naddress = \"h:1\"\n",
        "translate by hand: lines 4-5",
    ] {
        assert!(output.stderr.contains(text), "{text}\n{output}");
    }
    assert!(output.stderr.contains("WARN"), "{output}");
}

#[test]
fn a_broken_audit_trail_is_told_and_keeps_nobody_waiting() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let folder = shell.sandbox.path().display().to_string();
    let trail = format!("--audit-trail=sqlite:{folder}");
    let output = shell
        .aurad([trail.as_str(), "--connect-timeout=1ms"])
        .code(69);
    assert!(
        output
            .stderr
            .contains("the audit trail does not work yet: "),
        "{output}"
    );
    assert!(output.stderr.contains(&folder), "{output}");
}
