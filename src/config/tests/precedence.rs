//! Every setting from every source, alone and against all others.

use super::{User, file_source, row};
use crate::config::{Layer, Row, aura_msg, aurad};

/// A flag, how it is typed, and the value it means.
type Typed<F> = (&'static str, fn(&mut F), &'static str);

/// A setting with a different value for each source.
struct Case<F: 'static> {
    name: &'static str,
    flag: Typed<F>,
    /// Variables in the order they are asked for.
    env: &'static [(&'static str, &'static str)],
    /// A line of the file, and the value it means.
    file: (&'static str, &'static str),
    default: &'static str,
}

const AURAD: &[Case<aurad::Flags>] = &[
    Case {
        name: "namespace",
        flag: ("--namespace", |f| f.namespace = Some("f".into()), "f"),
        env: &[("TEMPORAL_NAMESPACE", "e")],
        file: ("namespace = 'c'", "c"),
        default: "default",
    },
    Case {
        name: "task_queue",
        flag: (
            "--task-queue",
            |f| f.task_queue = vec!["f".into(), "g".into()],
            "f, g",
        ),
        // One queue, as a queue may have a comma in its name.
        env: &[("TEMPORAL_TASK_QUEUE", "e,e")],
        file: ("task_queue = ['c', 'd']", "c, d"),
        default: "aura",
    },
    Case {
        name: "address",
        flag: ("--address", |f| f.address = Some("f:1".into()), "f:1"),
        env: &[("TEMPORAL_ADDRESS", "e:2")],
        file: ("address = 'c:3'", "c:3"),
        default: "localhost:7233",
    },
    Case {
        name: "tls",
        flag: ("--tls", |f| f.access.tls = true, "true"),
        env: &[("TEMPORAL_TLS", "true")],
        file: ("tls = true", "true"),
        default: "if needed",
    },
    Case {
        name: "tls_ca_path",
        flag: (
            "--tls-ca-path",
            |f| f.access.tls_ca_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/e")],
        file: ("tls_ca_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_cert_path",
        flag: (
            "--tls-cert-path",
            |f| f.access.tls_cert_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_CLIENT_CERT_PATH", "/e")],
        file: ("tls_cert_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_key_path",
        flag: (
            "--tls-key-path",
            |f| f.access.tls_key_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_CLIENT_KEY_PATH", "/e")],
        file: ("tls_key_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_server_name",
        flag: (
            "--tls-server-name",
            |f| f.access.tls_server_name = Some("f".into()),
            "f",
        ),
        env: &[("TEMPORAL_TLS_SERVER_NAME", "e")],
        file: ("tls_server_name = 'c'", "c"),
        default: "none",
    },
    Case {
        name: "api_key_file",
        flag: (
            "--api-key-file",
            |f| f.access.api_key_file = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_API_KEY_FILE", "/e")],
        file: ("api_key_file = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "embedded",
        flag: ("--embedded", |f| f.embedded = true, "true"),
        env: &[("AURAD_EMBEDDED", "true")],
        file: ("embedded = true", "true"),
        default: "false",
    },
    Case {
        name: "db",
        flag: ("--db", |f| f.db = Some("/f".into()), "/f"),
        env: &[("AURAD_DB", "/e")],
        file: ("db = '/c'", "/c"),
        default: "~/.local/share/aura/embedded.db",
    },
    Case {
        name: "listen",
        flag: (
            "--listen",
            |f| f.listen = Some("127.0.0.1:1".into()),
            "127.0.0.1:1",
        ),
        env: &[("AURAD_LISTEN", "127.0.0.1:2")],
        file: ("listen = '[::1]:3'", "[::1]:3"),
        default: "127.0.0.1:7233",
    },
    Case {
        name: "allow_users",
        flag: (
            "--allow-user",
            |f| f.allow_user = vec!["f".into(), "1".into()],
            "f, 1",
        ),
        env: &[("AURAD_ALLOW_USER", "e, 2")],
        file: ("allow_users = ['c', '3']", "c, 3"),
        default: "none",
    },
    Case {
        name: "retention",
        flag: ("--retention", |f| f.retention = Some("7d".into()), "7d"),
        env: &[("AURAD_RETENTION", "36h")],
        file: ("retention = 3", "3s"),
        default: "30d",
    },
    Case {
        name: "synchronous",
        flag: (
            "--synchronous",
            |f| f.synchronous = Some("normal".into()),
            "normal",
        ),
        env: &[("AURAD_SYNCHRONOUS", "normal")],
        file: ("synchronous = 'normal'", "normal"),
        default: "full",
    },
    Case {
        name: "audit_trail",
        flag: (
            "--audit-trail",
            |f| f.audit_trail = Some("sqlite:/f".into()),
            "sqlite:/f",
        ),
        env: &[
            ("AURAD_AUDIT_TRAIL", "sqlite:/e"),
            ("AURA_AUDIT_TRAIL", "sqlite:/e2"),
        ],
        file: ("audit_trail = 'sqlite:/c'", "sqlite:/c"),
        default: "memory",
    },
    Case {
        name: "audit_db_path",
        flag: (
            "--audit-db-path",
            |f| f.audit_db_path = Some("/f".into()),
            "/f",
        ),
        env: &[("AURAD_AUDIT_DB_PATH", "/e")],
        file: ("audit_db_path = '/c'", "/c"),
        default: "~/.local/share/aura/plugin/audit.db",
    },
    Case {
        name: "grace_period",
        flag: (
            "--grace-period",
            |f| f.grace_period = Some("500ms".into()),
            "500ms",
        ),
        env: &[("AURAD_GRACE_PERIOD", "2m")],
        file: ("grace_period = 3", "3s"),
        default: "30s",
    },
    Case {
        name: "connect_timeout",
        flag: (
            "--connect-timeout",
            |f| f.connect_timeout = Some("1h".into()),
            "1h",
        ),
        env: &[("AURAD_CONNECT_TIMEOUT", "90")],
        file: ("connect_timeout = '7s'", "7s"),
        default: "unlimited",
    },
    Case {
        name: "allow_shell",
        flag: ("--allow-shell", |f| f.allow_shell = true, "true"),
        env: &[("AURAD_ALLOW_SHELL", "true")],
        file: ("allow_shell = true", "true"),
        default: "false",
    },
    Case {
        name: "state_dir",
        flag: ("--state-dir", |f| f.state_dir = Some("/f".into()), "/f"),
        env: &[("AURAD_STATE_DIR", "/e")],
        file: ("state_dir = '/c'", "/c"),
        default: "~/.local/state/aura",
    },
    Case {
        name: "host_timeout",
        flag: (
            "--host-timeout",
            |f| f.host_timeout = Some("1h".into()),
            "1h",
        ),
        env: &[("AURAD_HOST_TIMEOUT", "2m")],
        file: ("host_timeout = 3", "3s"),
        default: "10m",
    },
    Case {
        name: "max_commands",
        flag: ("--max-commands", |f| f.max_commands = Some("1".into()), "1"),
        env: &[("AURAD_MAX_COMMANDS", "2")],
        file: ("max_commands = 3", "3"),
        default: "8",
    },
    Case {
        name: "admin",
        flag: (
            "--admin",
            |f| f.admin = Some("127.0.0.1:1".into()),
            "127.0.0.1:1",
        ),
        env: &[("AURAD_ADMIN", "127.0.0.1:2")],
        file: ("admin = '[::1]:3'", "[::1]:3"),
        default: "none",
    },
    Case {
        name: "admin_expose",
        flag: ("--admin-expose", |f| f.admin_expose = true, "true"),
        env: &[("AURAD_ADMIN_EXPOSE", "true")],
        file: ("admin_expose = true", "true"),
        default: "false",
    },
    Case {
        name: "log_format",
        flag: (
            "--log-format",
            |f| f.log_format = Some("json".into()),
            "json",
        ),
        env: &[("AURAD_LOG_FORMAT", "text")],
        file: ("log_format = 'journald'", "journald"),
        default: "auto",
    },
    Case {
        name: "otlp_endpoint",
        flag: (
            "--otlp-endpoint",
            |f| f.otlp_endpoint = Some("http://a:1".into()),
            "http://a:1",
        ),
        env: &[
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://b:1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1"),
        ],
        file: ("otlp_endpoint = 'http://d:1'", "http://d:1"),
        default: "none",
    },
    Case {
        name: "max_cached_workflows",
        flag: (
            "--max-cached-workflows",
            |f| f.worker.max_cached_workflows = Some("1".into()),
            "1",
        ),
        env: &[("AURAD_MAX_CACHED_WORKFLOWS", "2")],
        file: ("max_cached_workflows = 3", "3"),
        default: "300",
    },
    Case {
        name: "max_concurrent_workflow_tasks",
        flag: (
            "--max-concurrent-workflow-tasks",
            |f| f.worker.max_concurrent_workflow_tasks = Some("4".into()),
            "4",
        ),
        env: &[("AURAD_MAX_CONCURRENT_WORKFLOW_TASKS", "2")],
        file: ("max_concurrent_workflow_tasks = 3", "3"),
        default: "100",
    },
    Case {
        name: "max_concurrent_activities",
        flag: (
            "--max-concurrent-activities",
            |f| f.worker.max_concurrent_activities = Some("1".into()),
            "1",
        ),
        env: &[("AURAD_MAX_CONCURRENT_ACTIVITIES", "2")],
        file: ("max_concurrent_activities = 3", "3"),
        default: "100",
    },
    Case {
        name: "max_concurrent_local_activities",
        flag: (
            "--max-concurrent-local-activities",
            |f| f.worker.max_concurrent_local_activities = Some("1".into()),
            "1",
        ),
        env: &[("AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES", "2")],
        file: ("max_concurrent_local_activities = 3", "3"),
        default: "100",
    },
    Case {
        name: "max_concurrent_workflow_task_polls",
        flag: (
            "--max-concurrent-workflow-task-polls",
            |f| f.worker.max_concurrent_workflow_task_polls = Some("auto".into()),
            "auto",
        ),
        env: &[("AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS", "2")],
        file: ("max_concurrent_workflow_task_polls = 3", "3"),
        default: "5",
    },
    Case {
        name: "max_concurrent_activity_task_polls",
        flag: (
            "--max-concurrent-activity-task-polls",
            |f| f.worker.max_concurrent_activity_task_polls = Some("1".into()),
            "1",
        ),
        env: &[("AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS", "2")],
        file: ("max_concurrent_activity_task_polls = 'auto'", "auto"),
        default: "5",
    },
    Case {
        name: "max_activities_per_second",
        flag: (
            "--max-activities-per-second",
            |f| f.worker.max_activities_per_second = Some("1.5".into()),
            "1.5",
        ),
        env: &[("AURAD_MAX_ACTIVITIES_PER_SECOND", "2")],
        file: ("max_activities_per_second = 3", "3"),
        default: "unlimited",
    },
    Case {
        name: "max_task_queue_activities_per_second",
        flag: (
            "--max-task-queue-activities-per-second",
            |f| f.worker.max_task_queue_activities_per_second = Some("1".into()),
            "1",
        ),
        env: &[("AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND", "0.5")],
        file: ("max_task_queue_activities_per_second = 3.25", "3.25"),
        default: "unlimited",
    },
    Case {
        name: "deployment_name",
        flag: (
            "--deployment-name",
            |f| f.worker.deployment_name = Some("f".into()),
            "f",
        ),
        env: &[("AURAD_DEPLOYMENT_NAME", "e")],
        file: ("deployment_name = 'c'", "c"),
        default: "aura",
    },
    Case {
        name: "build_id",
        flag: ("--build-id", |f| f.worker.build_id = Some("f".into()), "f"),
        env: &[("AURAD_BUILD_ID", "e")],
        file: ("build_id = 'c'", "c"),
        default: env!("CARGO_PKG_VERSION"),
    },
    Case {
        name: "worker_versioning",
        flag: (
            "--worker-versioning",
            |f| f.worker.worker_versioning = Some("pinned".into()),
            "pinned",
        ),
        env: &[("AURAD_WORKER_VERSIONING", "auto-upgrade")],
        file: ("worker_versioning = 'pinned'", "pinned"),
        default: "off",
    },
    Case {
        name: "verbose",
        flag: ("--verbose", |f| f.verbose = true, "true"),
        env: &[],
        file: ("verbose = true", "true"),
        default: "false",
    },
];

const AURA_MSG: &[Case<aura_msg::Flags>] = &[
    Case {
        name: "address",
        flag: ("--address", |f| f.address = Some("f:1".into()), "f:1"),
        env: &[("TEMPORAL_ADDRESS", "e:2")],
        file: ("server_address = 'c:3'", "c:3"),
        default: "localhost:7233",
    },
    Case {
        name: "tls",
        flag: ("--tls", |f| f.access.tls = true, "true"),
        env: &[("TEMPORAL_TLS", "true")],
        file: ("tls = true", "true"),
        default: "if needed",
    },
    Case {
        name: "tls_ca_path",
        flag: (
            "--tls-ca-path",
            |f| f.access.tls_ca_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/e")],
        file: ("tls_ca_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_cert_path",
        flag: (
            "--tls-cert-path",
            |f| f.access.tls_cert_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_CLIENT_CERT_PATH", "/e")],
        file: ("tls_cert_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_key_path",
        flag: (
            "--tls-key-path",
            |f| f.access.tls_key_path = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_TLS_CLIENT_KEY_PATH", "/e")],
        file: ("tls_key_path = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "tls_server_name",
        flag: (
            "--tls-server-name",
            |f| f.access.tls_server_name = Some("f".into()),
            "f",
        ),
        env: &[("TEMPORAL_TLS_SERVER_NAME", "e")],
        file: ("tls_server_name = 'c'", "c"),
        default: "none",
    },
    Case {
        name: "api_key_file",
        flag: (
            "--api-key-file",
            |f| f.access.api_key_file = Some("/f".into()),
            "/f",
        ),
        env: &[("TEMPORAL_API_KEY_FILE", "/e")],
        file: ("api_key_file = '/c'", "/c"),
        default: "none",
    },
    Case {
        name: "namespace",
        flag: ("--namespace", |f| f.namespace = Some("f".into()), "f"),
        env: &[("TEMPORAL_NAMESPACE", "e")],
        file: ("namespace = 'c'", "c"),
        default: "default",
    },
    Case {
        name: "task_queue",
        flag: ("--task-queue", |f| f.task_queue = Some("f".into()), "f"),
        env: &[("TEMPORAL_TASK_QUEUE", "e")],
        file: ("task_queue = 'c'", "c"),
        default: "aura",
    },
    Case {
        name: "default_format",
        flag: ("--format", |f| f.format = Some("text".into()), "text"),
        env: &[],
        file: ("default_format = 'json'", "json"),
        default: "text",
    },
    Case {
        name: "timeout",
        flag: ("--timeout", |f| f.timeout = Some("1s".into()), "1s"),
        env: &[],
        file: ("timeout = '3s'", "3s"),
        default: "10s",
    },
];

type Rows = Vec<Row>;

/// Tries every set of sources that may speak, with each silent variable unset or empty.
fn check<F: Default>(section: &str, cases: &[Case<F>], describe: impl Fn(&User, F) -> Rows) {
    for case in cases {
        for speaking in 0..1_u32 << (2 + case.env.len()) {
            for silence in [None, Some("")] {
                let speaks = |at: usize| speaking & (1 << at) != 0;
                let mut user = User::new();
                let mut flags = F::default();
                let path = user.home(".config/aura/config.toml");
                let mut expected = (case.default, "default".to_owned());
                if speaks(0) {
                    user = user.config(format!("[{section}]\n{}\n", case.file.0));
                    expected = (case.file.1, file_source(&path));
                }
                for (at, (name, value)) in case.env.iter().enumerate().rev() {
                    if speaks(at + 2) {
                        user = user.with(name, *value);
                        expected = (value, format!("env {name}"));
                    } else if let Some(silence) = silence {
                        user = user.with(name, silence);
                    }
                }
                if speaks(1) {
                    let (name, set, value) = case.flag;
                    set(&mut flags);
                    expected = (value, format!("CLI {name}"));
                }
                let (value, source) = row(&describe(&user, flags), case.name);
                // Plain numbers are seconds; they are shown with a unit.
                let wanted = expected.0.replace("90", "90s");
                let context = format!("{section} {} {speaking:b} {silence:?}", case.name);
                assert_eq!(
                    (user.strip(&value), source),
                    (wanted, expected.1),
                    "{context}"
                );
            }
        }
    }
}

#[test]
fn aurad_takes_each_setting_from_the_strongest_source_that_speaks() {
    check("aurad", AURAD, |user, flags| {
        user.aurad_with(flags).unwrap().describe()
    });
}

#[test]
fn aura_msg_takes_each_setting_from_the_strongest_source_that_speaks() {
    check("aura-msg", AURA_MSG, |user, flags| {
        user.aura_msg_with(flags).unwrap().describe()
    });
}

#[test]
fn no_setting_is_missing_from_the_tables() {
    fn names<F>(cases: &[Case<F>]) -> Vec<&'static str> {
        let cases = cases.iter().map(|case| case.name);
        ["config"].into_iter().chain(cases).collect()
    }
    // Those with a dot are of other sections; a secret is no key, and these two have tests
    // of their own in `access`.
    const ELSEWHERE: [&str; 3] = ["profile", "api_key", "grpc_meta"];
    let described = |rows: Rows| {
        let names = rows.into_iter().map(|(name, ..)| name);
        let names = names.filter(|name| !name.contains('.'));
        names
            .filter(|name| !ELSEWHERE.contains(&name.as_str()))
            .collect::<Vec<_>>()
    };
    let user = User::new();
    assert_eq!(described(user.aurad().describe()), names(AURAD));
    // A command has no flag for where its spans go; that has tests in `otlp`.
    let mut of_client = described(user.aura_msg().describe());
    of_client.retain(|name| name != "otlp_endpoint");
    assert_eq!(of_client, names(AURA_MSG));
    assert_eq!(aurad::SECTION.keys.len(), AURAD.len() + 2);
    assert_eq!(aura_msg::SECTION.keys.len(), AURA_MSG.len() + 3);
}

#[test]
fn the_order_of_the_layers_is_the_precedence() {
    let ordered = [
        Layer::Flag,
        Layer::Env,
        Layer::File,
        Layer::Profile,
        Layer::Default,
    ];
    assert_eq!(Layer::ALL, ordered);
    assert!(ordered.is_sorted());
}

#[test]
fn the_sections_do_not_leak_into_each_other() {
    let user = User::new().config("[aurad]\nnamespace = 'a'\n[aura-msg]\ntimeout = '3s'\n");
    assert_eq!(user.aurad().namespace.value, "a");
    assert_eq!(user.aura_msg().namespace.value, "default");
}

#[test]
fn a_weaker_variable_is_not_even_looked_at() {
    let user = User::new().with("TEMPORAL_ADDRESS", "not an address");
    let flags = aurad::Flags {
        address: Some("[::1]:1".into()),
        ..Default::default()
    };
    assert_eq!(
        user.aurad_with(flags).unwrap().address.value.to_string(),
        "[::1]:1"
    );
}

#[test]
fn the_value_in_the_file_is_checked_though_it_is_overruled() {
    let user = User::new()
        .config("[aurad]\naddress = 'x'\n")
        .with("TEMPORAL_ADDRESS", "localhost:1");
    let what = user.refusal().what();
    assert!(
        what.ends_with("config.toml:2: address in [aurad] 'x' has no port"),
        "{what}"
    );
}
