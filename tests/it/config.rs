//! `aura-msg config` and `aurad --check`: what the settings are, where they come from, and
//! what is wrong with them. Nothing here needs a server, and nothing looks for one.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::programs::{Shell, Told};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_setting_is_shown_with_its_origin() {
    let shell = Shell::new()
        .env("TEMPORAL_ADDRESS", "elsewhere:1")
        .env("AURAD_GRACE_PERIOD", "7s");
    let file = shell.sandbox.write_config(
        "[aurad]\nmax_commands = 3\n[aura-msg]\ntimeout = '5s'\n\
         [runner.r]\nargv = ['true']\nenv = { TOKEN = 'hush-hush' }\n",
    );
    let show = ["config", "show", "--namespace", "team"];
    let plain = shell.aura_msg(show).ok().stdout;
    let with_origin = shell.aura_msg(show.iter().chain(&["--origin"])).ok().stdout;
    let file = file.display();
    for (setting, origin) in [
        ("aura-msg.address = elsewhere:1", "env TEMPORAL_ADDRESS"),
        ("aura-msg.namespace = team", "CLI --namespace"),
        ("aurad.namespace = default", "default"),
        ("aurad.address = elsewhere:1", "env TEMPORAL_ADDRESS"),
        ("aurad.grace_period = 7s", "env AURAD_GRACE_PERIOD"),
        ("aurad.max_commands = 3", &format!("file {file}")),
        ("aura-msg.timeout = 5s", &format!("file {file}")),
        ("runner.r.env = TOKEN", &format!("file {file}")),
        ("review.deadline = unlimited", "default"),
    ] {
        let line = format!("{setting} ({origin})");
        assert!(plain.lines().any(|text| text == setting), "{plain}");
        assert!(
            with_origin.lines().any(|text| text == line),
            "{with_origin}"
        );
    }
    assert!(!with_origin.contains("hush-hush"), "{with_origin}");

    let output = shell
        .aura_msg(show.iter().chain(&["--format", "json"]))
        .ok();
    let shown = json(&output.stdout);
    let settings = shown["settings"].as_array().unwrap();
    assert_eq!(settings.len(), plain.lines().count());
    assert_eq!(settings[0]["name"], "config");
    assert_eq!(settings[0]["value"], file.to_string());
    assert!(settings.iter().all(|row| row["origin"].is_string()));
    let output = shell
        .aura_msg(show.iter().chain(&["--format", "jsonl"]))
        .ok();
    assert_eq!(output.stdout.lines().count(), settings.len(), "{output}");
}

#[test]
fn a_wrong_file_is_told_by_show_and_found_by_path() {
    let shell = Shell::new();
    let file = shell.sandbox.write_config("[aurad]\nmax_comands = 3\n");
    let told = Told::in_text(&shell.aura_msg(["config", "show"]).code(4));
    let place = format!("{}:2: unknown key 'max_comands'", file.display());
    assert!(told.what.starts_with(&place), "{told:?}");
    let output = shell.aura_msg(["config", "path"]).ok();
    assert_eq!(output.stdout, format!("{}\n", file.display()));
}

#[test]
fn path_says_which_file_and_why_that_one() {
    let shell = Shell::new().env("AURA_CONFIG", "/nowhere/a.toml");
    let output = shell.aura_msg(["config", "path", "--format=json"]).ok();
    let told = json(&output.stdout);
    assert_eq!(told["path"], "/nowhere/a.toml");
    assert_eq!(told["exists"], false);
    assert_eq!(told["origin"], "env AURA_CONFIG");
    assert!(output.stderr.contains("config init"), "{output}");
    let output = shell
        .aura_msg(["config", "path", "--config", "/b.toml"])
        .ok();
    assert_eq!(output.stdout, "/b.toml\n");
    shell.aura_msg(["config", "path", "--format=xml"]).code(1);
}

#[test]
fn init_writes_a_file_that_both_programs_accept_and_overwrites_none() {
    let shell = Shell::new();
    let output = shell.aura_msg(["config", "init"]).ok();
    let path = shell.sandbox.path().join("xdg/config/aura/config.toml");
    assert!(
        output
            .stdout
            .starts_with(&format!("Wrote {}", path.display()))
    );
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("#max_commands = 8"), "{text}");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    shell.aurad(["--check"]).ok();
    shell.aura_msg(["config", "show"]).ok();

    fs::write(&path, "[aura-msg]\n").unwrap();
    let told = Told::in_text(&shell.aura_msg(["config", "init"]).code(4));
    assert!(told.fix.contains("--force"), "{told:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "[aura-msg]\n");

    // A link, as tools that look after such files make them, stays one.
    let link = shell.sandbox.path().join("link.toml");
    symlink(&path, &link).unwrap();
    let named = link.display().to_string();
    shell
        .aura_msg(["config", "init", "--config", &named])
        .code(4);
    let args = ["config", "init", "--force", "--config", &named];
    let output = shell.aura_msg(args.iter().chain(&["--format=json"])).ok();
    assert_eq!(json(&output.stdout)["replaced"], true);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let folder = fs::read_dir(path.parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 1, "nothing else is left behind");

    let under_a_file = format!("{named}/config.toml");
    let output = shell.aura_msg(["config", "init", "--config", &under_a_file]);
    assert!(output.code(4).stderr.contains("cannot be written"));
}

#[test]
fn check_reads_everything_and_opens_nothing() {
    // What would be opened is an address that nobody has, and files that cannot be made.
    let shell = Shell::new()
        .env("TEMPORAL_ADDRESS", "192.0.2.1:7233")
        .env("AURAD_AUDIT_TRAIL", "sqlite:/proc/none/audit.db");
    let output = shell.aurad(["--check"]).ok();
    assert!(output.stderr.contains("no config file"), "{output}");
    assert_eq!(output.stdout, "", "{output}");
    let output = shell
        .aurad(["--check", "--embedded", "--db=/proc/none/e.db"])
        .ok();
    assert!(output.stderr.contains("192.0.2.1:7233"), "{output}");

    let file = shell
        .sandbox
        .write_config("\n[aurad]\ngrace_period = 'soon'\n");
    let told = Told::in_text(&shell.aurad(["--check"]).code(64));
    let place = format!("{}:3: grace_period in [aurad]", file.display());
    assert!(told.what.starts_with(&place), "{told:?}");
    let output = shell.aurad(["--check", "--config=/nowhere.toml"]).code(64);
    assert!(output.stderr.contains("/nowhere.toml"), "{output}");
    shell
        .sandbox
        .write_config("[aurad]\nallow_users = ['nobody-of-this-name']\n");
    shell.aurad(["--check"]).code(64);
    shell.aurad(["--check", "db", "check"]).code(64);
    shell.sandbox.write_config("[aurad]\nmax_commands = 2\n");
    let output = shell.aurad(["--check", "--verbose"]).ok();
    assert!(
        output.stderr.contains("max_commands = 2 (file "),
        "{output}"
    );
}
