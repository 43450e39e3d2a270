//! What is said of a mistake in the file, with file, line and key.

use super::refused;

#[test]
fn an_unknown_key_is_named_with_its_line_and_what_was_meant() {
    assert_eq!(
        refused("# a comment\n\n[aurad]\n\nnamspace = 'x'\n"),
        [
            "FILE:5: unknown key 'namspace' in [aurad]",
            "what may stand here: namespace, task_queue, address, profile, tls, tls_ca_path, \
             tls_cert_path, tls_key_path, tls_server_name, api_key_file, grpc_meta, embedded, db, \
             listen, allow_users, retention, synchronous, audit_trail, audit_db_path, \
             grace_period, connect_timeout, allow_shell, state_dir, host_timeout, \
             max_commands, admin, admin_expose, max_cached_workflows, max_concurrent_workflow_tasks, \
             max_concurrent_activities, max_concurrent_local_activities, \
             max_concurrent_workflow_task_polls, max_concurrent_activity_task_polls, \
             max_activities_per_second, max_task_queue_activities_per_second, \
             deployment_name, build_id, worker_versioning, log_format, otlp_endpoint, verbose",
            "Did you mean namespace? Otherwise remove line 5",
        ]
    );
    assert_eq!(
        refused("[aura-msg]\nfoo = 1\n"),
        [
            "FILE:2: unknown key 'foo' in [aura-msg]",
            "what may stand here: namespace, task_queue, address, profile, tls, tls_ca_path, \
             tls_cert_path, tls_key_path, tls_server_name, api_key_file, grpc_meta, \
             default_format, timeout, otlp_endpoint",
            "remove line 2",
        ]
    );
}

#[test]
fn what_was_meant() {
    for (text, advice) in [
        ("[aurad]\nadress = 'h:1'", "Did you mean address?"),
        ("[aurad]\ntask-queue = 'q'", "Did you mean task_queue?"),
        ("[aurad]\ntaks_queue = 'q'", "Did you mean task_queue?"),
        ("[aurad]\nTask_Queues = 'q'", "Did you mean task_queue?"),
        ("[aurad]\naudit_path = 'q'", "Did you mean audit_db_path?"),
        ("[aurad]\ngraceperiod = 1", "Did you mean grace_period?"),
        ("[aurad]\ntimeout = 1", "It belongs to [aura-msg]."),
        ("[aura-msg]\ngrace_period = 1", "It belongs to [aurad]."),
        (
            "[aura-msg]\nformat = 'json'",
            "Did you mean default_format?",
        ),
        ("namespace = 'x'", "Write it under [aurad] or [aura-msg]."),
        (
            "timeout = 'x'",
            "Write it under [aura-msg] or [review] or [runner.NAME].",
        ),
        ("[aura_msg]", "Did you mean [aura-msg]?"),
        ("[aurd]", "Did you mean [aurad]?"),
        ("[runners.claude]", "Did you mean [runner]?"),
        ("[aurad]\nargv = ['x']", "It belongs to [runner.NAME]."),
        ("[reviews]", "Did you mean [review]?"),
        ("[review]\ndead_line = 1", "Did you mean deadline?"),
        ("[review]\ncorectness = 'x'", "Did you mean correctness?"),
        ("[runner.x]\nagrv = []", "Did you mean argv?"),
        ("[runner.x]\nenvs = {}", "Did you mean env?"),
        ("[runner.x]\ndeadline = 1", "It belongs to [review]."),
        (
            "[runner.x.y]",
            "If the dot is part of the name, write [runner.\"x.y\"].",
        ),
        ("[daemon]", "remove line 1"),
        ("x = 1", "remove line 1"),
        ("[aurad]\n\"\" = 1", "remove line 2"),
        ("[aurad.more]", "remove line 1"),
    ] {
        let [what, _, fix] = refused(text);
        assert!(fix.starts_with(advice), "{text}: {fix}");
        assert!(what.starts_with("FILE:"), "{text}: {what}");
    }
}

#[test]
fn an_unknown_section_is_named_with_its_line() {
    assert_eq!(
        refused("[aurad]\n\n[aura]\nnamespace = 'x'\n"),
        [
            "FILE:3: unknown section 'aura'",
            "what may stand here: [aurad], [aura-msg], [runner.NAME], [review]",
            "Did you mean [aurad]? Otherwise remove line 3",
        ]
    );
}

#[test]
fn a_wrong_type_is_named_with_the_right_one() {
    assert_eq!(
        refused("[aurad]\nnamespace = 3\n"),
        [
            "FILE:2: namespace in [aurad] has the wrong type",
            "it has to be a string, and this is of the type integer",
            "correct line 2 of FILE",
        ]
    );
    let text = "a string";
    let texts = "a string or a list of strings";
    let time = "a string such as \"30s\", or a whole number of seconds";
    for (file, line, name, expected, found) in [
        (
            "[aurad]\ntask_queue = 1",
            2,
            "task_queue in [aurad]",
            texts,
            "integer",
        ),
        (
            "[aurad]\ntask_queue = [\n'a',\n2]",
            4,
            "task_queue in [aurad]",
            texts,
            "integer",
        ),
        (
            "[aura-msg]\ntask_queue = ['a']",
            2,
            "task_queue in [aura-msg]",
            text,
            "array",
        ),
        (
            "[aurad]\naddress = true",
            2,
            "address in [aurad]",
            text,
            "boolean",
        ),
        (
            "[aurad]\nserver_address = 1",
            2,
            "address in [aurad]",
            text,
            "integer",
        ),
        (
            "[aurad]\naudit_trail = {}",
            2,
            "audit_trail in [aurad]",
            text,
            "table",
        ),
        (
            "[aurad]\naudit_db_path = 1.5",
            2,
            "audit_db_path in [aurad]",
            text,
            "float",
        ),
        (
            "[aurad]\ngrace_period = 1.5",
            2,
            "grace_period in [aurad]",
            time,
            "float",
        ),
        (
            "[aurad]\nconnect_timeout = 07:00:00",
            2,
            "connect_timeout in [aurad]",
            time,
            "datetime",
        ),
        (
            "[aura-msg]\ntimeout = false",
            2,
            "timeout in [aura-msg]",
            time,
            "boolean",
        ),
        (
            "[aura-msg]\ndefault_format = 1",
            2,
            "default_format in [aura-msg]",
            text,
            "integer",
        ),
        (
            "[aurad]\nembedded = 1",
            2,
            "embedded in [aurad]",
            "true or false",
            "integer",
        ),
        ("[aurad]\ndb = 1", 2, "db in [aurad]", text, "integer"),
        (
            "[aurad]\nlisten = 7233",
            2,
            "listen in [aurad]",
            text,
            "integer",
        ),
        (
            "[aurad]\nallow_users = [1000]",
            2,
            "allow_users in [aurad]",
            texts,
            "integer",
        ),
        (
            "[aurad]\nretention = true",
            2,
            "retention in [aurad]",
            time,
            "boolean",
        ),
        (
            "[aurad]\nsynchronous = 1",
            2,
            "synchronous in [aurad]",
            text,
            "integer",
        ),
        (
            "[aurad]\nverbose = 'yes'",
            2,
            "verbose in [aurad]",
            "true or false",
            "string",
        ),
        ("\naurad = 1", 2, "aurad", "a table", "integer"),
        ("[[aura-msg]]", 1, "aura-msg", "a table", "array"),
        (
            "runner = 'x'",
            1,
            "runner",
            "a table with a name, [runner.NAME]",
            "string",
        ),
        (
            "[runner]\nargv = []",
            2,
            "argv in [runner]",
            "a table with a name, [runner.NAME]",
            "array",
        ),
    ] {
        let [what, why, _] = refused(file);
        assert_eq!(
            what,
            format!("FILE:{line}: {name} has the wrong type"),
            "{file}"
        );
        let expected = format!("it has to be {expected}, and this is of the type {found}");
        assert_eq!(why, expected, "{file}");
    }
}

#[test]
fn a_value_that_means_nothing_is_named_with_file_line_and_key() {
    for (file, what) in [
        (
            "[aurad]\nnamespace = ''",
            "namespace in [aurad] '' is no namespace",
        ),
        (
            "[aurad]\ntask_queue = ['']",
            "task_queue in [aurad] '' is no task queue",
        ),
        (
            "[aurad]\naddress = 'x'",
            "address in [aurad] 'x' has no port",
        ),
        (
            "[aurad]\nserver_address = 'x'",
            "server_address in [aurad] 'x' has no port",
        ),
        (
            "[aurad]\naudit_trail = 'x'",
            "audit_trail in [aurad] 'x' is no audit trail",
        ),
        (
            "[aurad]\naudit_db_path = ''",
            "audit_db_path in [aurad] '' is no path",
        ),
        ("[aurad]\ndb = ''", "db in [aurad] '' is no path"),
        (
            "[aurad]\nlisten = '0.0.0.0:1'",
            "listen in [aurad] '0.0.0.0:1' is no loopback address",
        ),
        (
            "[aurad]\nallow_users = ['a b']",
            "allow_users in [aurad] 'a b' is no user",
        ),
        (
            "[aurad]\nretention = '1w'",
            "retention in [aurad] '1w' is no duration",
        ),
        (
            "[aurad]\nsynchronous = 'off'",
            "synchronous in [aurad] 'off' is no way to commit",
        ),
        (
            "[aurad]\ngrace_period = -1",
            "grace_period in [aurad] '-1' is no duration",
        ),
        (
            "[aurad]\nconnect_timeout = ''",
            "connect_timeout in [aurad] '' is no duration",
        ),
        (
            "[aura-msg]\ntask_queue = ''",
            "task_queue in [aura-msg] '' is no task queue",
        ),
        (
            "[aura-msg]\ndefault_format = 'xml'",
            "default_format in [aura-msg] 'xml' is no output format",
        ),
    ] {
        let [told, _, fix] = refused(file);
        assert_eq!(told, format!("FILE:2: {what}"), "{file}");
        assert!(fix.starts_with("correct line 2 of FILE: "), "{file}: {fix}");
    }
}

#[test]
fn no_message_has_a_line_break() {
    for text in [
        "\"a\\nb\" = 1",
        "[aurad]\n\"a\\nb\" = 1",
        "[runner]\n\"a\\nb\" = 1",
        "[\"a\\nb\"]",
    ] {
        for part in refused(text) {
            assert!(!part.contains('\n'), "{part:?}");
        }
    }
}
