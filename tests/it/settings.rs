//! The settings of `aura-msg`: where they come from, which of them wins, and what is said
//! of wrong ones. The rules in detail are tested in `src/config`.

use std::fs;

use crate::programs::{Shell, Told, error_object};
use crate::support::dead_ends::Refused;

const QUERY: [&str; 3] = ["query", "state", "--epoch-id=e"];

/// A file's text; the line, key or section, and fault that are named.
const MISTAKES: [(&str, usize, &str); 10] = [
    (
        "# first\n\n[aura-msg]\n\nadress = 'h:1'\n",
        5,
        "unknown key 'adress' in [aura-msg]",
    ),
    (
        "[aura-msg]\nformat = 'json'\n",
        2,
        "unknown key 'format' in [aura-msg]",
    ),
    ("timeout = '1s'\n", 1, "unknown key 'timeout'"),
    ("[auramsg]\n", 1, "unknown section 'auramsg'"),
    (
        "[aura-msg]\ntimeout = 'soon'\n",
        2,
        "timeout in [aura-msg] 'soon' is no duration",
    ),
    (
        "[aura-msg]\ndefault_format = 'xml'\n",
        2,
        "default_format in [aura-msg] 'xml' is no output format",
    ),
    (
        "[aura-msg]\nnamespace = 1\n",
        2,
        "namespace in [aura-msg] has the wrong type",
    ),
    (
        "[aura-msg]\naddress = 'h:1'\nserver_address = 'h:2'\n",
        3,
        "server_address in [aura-msg]",
    ),
    (
        "[aura-msg]\ntimeout = 1s\n",
        2,
        "the configuration file is not valid TOML",
    ),
    // Each program checks the whole file, so that its mistakes are found early.
    (
        "[aurad]\ngrace_period = 'x'\n",
        2,
        "grace_period in [aurad] 'x' is no duration",
    ),
];

#[test]
fn a_mistake_in_the_file_is_told_with_file_line_and_key() {
    for (text, line, fault) in MISTAKES {
        let shell = Shell::new();
        let file = shell.sandbox.write_config(text);
        let output = shell.aura_msg(QUERY).code(4);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "configuration error", "{output}");
        assert_eq!(told.impact, "nothing was sent", "{output}");
        let what = format!("{}:{line}: {fault}", file.display());
        assert!(told.what.starts_with(&what), "{output}");

        let output = shell
            .aura_msg(QUERY.iter().chain(&["--format=json"]))
            .code(4);
        assert_eq!(error_object(&output)["code"], "configuration", "{output}");
        assert_eq!(Told::in_json(&output), told, "{output}");
    }
}

#[test]
fn a_file_that_was_named_has_to_be_readable() {
    let shell = Shell::new();
    let missing = shell
        .sandbox
        .path()
        .join("missing.toml")
        .display()
        .to_string();
    let folder = shell.sandbox.path().display().to_string();
    for path in [&missing, &folder] {
        for (name, output) in [
            (
                "--config",
                shell.aura_msg(QUERY.into_iter().chain(["--config", path])),
            ),
            (
                "AURA_CONFIG",
                Shell::new().env("AURA_CONFIG", path).aura_msg(QUERY),
            ),
        ] {
            let output = output.code(4);
            let told = Told::in_text(&output);
            assert_eq!(
                told.what,
                format!("cannot read the configuration file {path}"),
                "{output}"
            );
            assert!(
                told.why.contains(name) && told.fix.contains(name),
                "{output}"
            );
        }
    }
    let path = shell.sandbox.path().join("latin1.toml");
    fs::write(&path, b"[aura-msg]\nnamespace = '\xe9'\n").unwrap();
    let path = path.display().to_string();
    let output = shell
        .aura_msg(QUERY.into_iter().chain(["--config", &path]))
        .code(4);
    let told = Told::in_text(&output);
    assert!(told.what.starts_with(&format!("{path}:2: ")), "{output}");
    assert!(told.why.contains("UTF-8"), "{output}");
}

#[test]
fn a_wrong_variable_is_named() {
    for (name, value) in [
        ("TEMPORAL_ADDRESS", "here"),
        ("TEMPORAL_NAMESPACE", "a\u{7}"),
        ("TEMPORAL_TASK_QUEUE", "a\n"),
    ] {
        let output = Shell::new().env(name, value).aura_msg(QUERY).code(4);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "configuration error", "{output}");
        assert!(
            told.what.starts_with(name) && told.fix.contains(name),
            "{output}"
        );
    }
}

#[test]
fn the_address_is_the_flags_then_the_environments_then_the_files() {
    let refused = [
        Refused::reserve(),
        Refused::reserve(),
        Refused::reserve(),
        Refused::reserve(),
    ];
    let [flag, variable, named, standard] = refused.each_ref().map(Refused::address);
    let file = |address: &str| format!("[aura-msg]\naddress = '{address}'\n");
    let shell = |variable: Option<&str>, is_named: bool| {
        let shell = Shell::new();
        let _ = shell.sandbox.write_config(&file(&standard));
        let config = shell
            .sandbox
            .write("other.toml", &file(&named))
            .display()
            .to_string();
        let shell = match variable {
            Some(address) => shell.env("TEMPORAL_ADDRESS", address),
            None => shell,
        };
        if is_named {
            shell.env("AURA_CONFIG", &config)
        } else {
            shell
        }
    };
    for (shell, more, address) in [
        (
            shell(Some(&variable), true),
            vec!["--address", &flag],
            &flag,
        ),
        (shell(Some(&variable), true), vec![], &variable),
        (shell(None, true), vec![], &named),
        (
            shell(None, false),
            vec!["--config", "../other.toml"],
            &named,
        ),
        (shell(None, false), vec![], &standard),
        // An empty variable counts as unset.
        (shell(Some(""), false), vec![], &standard),
    ] {
        let output = shell.aura_msg(QUERY.into_iter().chain(more)).code(2);
        let told = Told::in_text(&output);
        assert_eq!(
            told.what,
            format!("cannot reach the Temporal server at {address}"),
            "{output}"
        );
    }
}

#[test]
fn the_default_format_is_the_files() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let _ = shell
        .sandbox
        .write_config("[aura-msg]\ndefault_format = 'json'\n");
    // The server is down; the id is wrong; a value is wrong; the words are wrong.
    for (more, code) in [
        (&[][..], 2),
        (&["--epoch-id="], 1),
        (&["--timeout=x"], 1),
        (&["--foo"], 1),
    ] {
        let args = || ["query", "state"].iter().chain(more);
        let _ = error_object(&shell.aura_msg(args()).code(code));
        let _ = Told::in_text(
            &shell
                .aura_msg(args().chain(&["--format", "text"]))
                .code(code),
        );
    }
    let shell = Shell::at("wrong");
    let _ = shell
        .sandbox
        .write_config("[aura-msg]\ndefault_format = 'json'\n");
    let _ = error_object(&shell.aura_msg(["query", "state"]).code(4));
}
