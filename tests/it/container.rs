//! The image and the compose file, held to the programs; and the image itself, where one can
//! be built. What the compose file names besides it comes from elsewhere, and isn't tried.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aura::config::{Row, aurad};
use yaml_rust2::{Yaml, YamlLoader};

use crate::programs::AURAD;
use crate::support::binary::say;
use crate::support::output::run_limited;
use crate::support::sandbox::Sandbox;

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The instructions of the Containerfile: the word, and what follows it.
fn instructions() -> Vec<(String, String)> {
    let text = read("dist/container/Containerfile").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(word, rest)| (word.to_owned(), rest.trim().to_owned()))
        .collect()
}

fn instruction(word: &str) -> String {
    let all = instructions();
    let found = all.iter().find(|(name, _)| name == word);
    found.unwrap_or_else(|| panic!("no {word}")).1.clone()
}

#[test]
fn the_image_has_what_its_files_name() {
    let build = read("dist/container/build");
    for (word, rest) in instructions() {
        if word == "COPY" {
            let from = rest.split(' ').nth(1).expect("it copies something");
            let staged = format!("$stage/{}", from.trim_end_matches('/'));
            assert!(build.contains(&staged), "nothing is laid out as {from}");
        }
    }
    let here = build.split("\"$here/").skip(1);
    let named = here.filter_map(|rest| rest.split('"').next());
    let named: BTreeSet<&str> = named.filter(|name| *name != "../..").collect();
    assert_eq!(named, ["Containerfile", "group", "passwd"].into());
    for name in named {
        assert!(file("dist/container").join(name).is_file(), "{name}");
    }
    // One user, everywhere.
    let user = instruction("USER");
    assert_eq!(user, "65532:65532");
    let passwd = read("dist/container/passwd");
    assert!(
        passwd.contains(&format!("\naura:x:{user}:aura:/data:")),
        "{passwd}"
    );
    assert!(read("dist/container/group").contains("\naura:x:65532:"));
    let owned = instructions();
    assert!(
        owned
            .iter()
            .any(|(_, rest)| rest == "--chown=65532:65532 own/ /")
    );
}

#[test]
fn the_image_keeps_everything_in_its_volume_and_asks_in_words_that_there_are() {
    let volume = instruction("VOLUME");
    let env = instruction("ENV");
    let env: BTreeMap<&str, &str> = env
        .split(' ')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let flags = aurad::Flags {
        embedded: true,
        audit_trail: Some("sqlite".to_owned()),
        ..aurad::Flags::default()
    };
    let settings = aurad::Settings::resolve(flags, &env).expect("it is a right environment");
    let rows = settings.describe();
    for key in ["db", "audit_db_path", "state_dir"] {
        let row = rows
            .iter()
            .find(|row| row.0 == key)
            .expect("it is a setting");
        assert!(row.1.starts_with(&format!("{volume}/")), "{row:?}");
    }
    assert_eq!(env["XDG_CONFIG_HOME"], "/etc");

    let health = instruction("HEALTHCHECK");
    let words = health.split_once("CMD ").expect("it runs a command").1;
    let words: Vec<String> = serde_json::from_str(words).expect("it needs no shell");
    assert_eq!(words[0], "/aura-msg");
    let command = aura::cli::args::command();
    command
        .try_get_matches_from(&words)
        .expect("it is a command");
    let entry: Vec<String> = serde_json::from_str(&instruction("ENTRYPOINT")).expect("no shell");
    assert_eq!(entry, ["/aurad"]);
    assert_eq!(instruction("STOPSIGNAL"), "SIGTERM");
}

/// The compose file.
fn compose() -> Yaml {
    compose_file("compose.yaml")
}

fn compose_file(name: &str) -> Yaml {
    let text = read(&format!("dist/compose/{name}"));
    let mut documents = YamlLoader::load_from_str(&text).expect("it is YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn map(yaml: &Yaml) -> BTreeMap<&str, &Yaml> {
    let entries = yaml
        .as_hash()
        .unwrap_or_else(|| panic!("no mapping: {yaml:?}"));
    let entry = |(key, value)| (Yaml::as_str(key).expect("keys are text"), value);
    entries.iter().map(entry).collect()
}

fn texts(yaml: &Yaml) -> Vec<&str> {
    let items = yaml.as_vec().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Yaml::as_str).collect()
}

#[test]
fn the_compose_file_hangs_together() {
    let compose = compose();
    let services = map(&compose["services"]);
    let names: Vec<&str> = services.keys().copied().collect();
    assert_eq!(names, ["aurad", "postgresql", "temporal", "ui"]);
    let volumes = map(&compose["volumes"]);
    for (name, service) in &services {
        assert_eq!(
            service["restart"].as_str(),
            Some("unless-stopped"),
            "{name}"
        );
        // A version of its own, so that it is the same tomorrow.
        let image = service["image"].as_str().expect("it has an image");
        let is_ours = *name == "aurad";
        assert!(
            is_ours || !image.ends_with(":latest") && image.contains(':'),
            "{image}"
        );
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name} listens at {port}");
        }
        for volume in texts(&service["volumes"]) {
            let source = volume.split(':').next().unwrap_or_default();
            let is_there = match source.strip_prefix("./") {
                Some(path) => file("dist/compose").join(path).is_file(),
                None => volumes.contains_key(source),
            };
            assert!(is_there, "{name}: {volume}");
        }
        if let Yaml::Hash(_) = service["depends_on"] {
            for (on, how) in map(&service["depends_on"]) {
                assert_eq!(how["condition"].as_str(), Some("service_healthy"), "{on}");
                let test = texts(&services[on]["healthcheck"]["test"]);
                assert_eq!(test.first(), Some(&"CMD"), "{on} cannot be healthy");
            }
        }
    }
    // The image is the one that is built here, unless somebody says otherwise.
    let tag = read("dist/container/build");
    let tag = tag.lines().find_map(|line| line.strip_prefix("tag="));
    let image = services["aurad"]["image"].as_str().expect("it has one");
    assert_eq!(
        image,
        format!("${{AURA_IMAGE:-{}}}", tag.expect("it has a default"))
    );
    // What has to be chosen is asked for.
    let password = services["postgresql"]["environment"]["POSTGRES_PASSWORD"].as_str();
    assert!(password.is_some_and(|text| text.starts_with("${POSTGRES_PASSWORD:?")));
    assert!(read("dist/compose/env.example").contains("\nPOSTGRES_PASSWORD=\n"));
}

#[test]
fn the_compose_file_says_to_aurad_what_aurad_understands() {
    let compose = compose();
    let service = &compose["services"]["aurad"];
    let toml = file("dist/compose/aurad.toml").display().to_string();
    let mut env: BTreeMap<&str, &str> = map(&service["environment"])
        .into_iter()
        .map(|(name, value)| (name, value.as_str().expect("a variable is text")))
        .collect();
    let names: Vec<&str> = env.keys().copied().collect();
    assert!(!names.is_empty());
    env.extend([("AURA_CONFIG", toml.as_str()), ("HOME", "/data")]);
    let settings = aurad::Settings::resolve(aurad::Flags::default(), &env);
    let settings = settings.unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(settings.notices, [""; 0]);
    let rows = settings.describe();
    let is_from = |row: &Row, what: &str| row.2.contains(what);
    for name in names {
        assert!(
            rows.iter().any(|row| is_from(row, name)),
            "aurad reads no {name}"
        );
    }
    let set = read("dist/compose/aurad.toml");
    let set: toml::Table = toml::from_str(&set).expect("it is TOML");
    let keys = set["aurad"].as_table().expect("it has settings");
    assert!(!keys.is_empty());
    for key in keys.keys() {
        let row = rows
            .iter()
            .find(|row| row.0 == *key)
            .expect("it is a setting");
        assert!(is_from(row, "file "), "{row:?}");
    }
    // It asks the server that is there, and stops no sooner than it has drained.
    assert_eq!(settings.address.value.to_string(), "temporal:7233");
    assert_eq!(service["stop_grace_period"].as_str(), Some("1m"));
    assert!(settings.grace_period.value.as_secs() + 20 < 60);
    assert_eq!(texts(&service["volumes"])[0], "aurad:/data");
}

#[test]
fn a_further_machine_differs_from_the_first_only_in_what_it_must() {
    let (first, further) = (compose(), compose_file("further.yaml"));
    let (first, service) = (&first["services"]["aurad"], &further["services"]["aurad"]);
    let names: Vec<&str> = map(&further["services"]).into_keys().collect();
    assert_eq!(names, ["aurad"], "it has no server of its own");
    for same in [
        "image",
        "volumes",
        "read_only",
        "tmpfs",
        "cap_drop",
        "security_opt",
        "init",
        "stop_grace_period",
        "restart",
    ] {
        assert_eq!(service[same], first[same], "{same}");
    }
    assert_eq!(service["network_mode"].as_str(), Some("host"));
    assert!(service["ports"].is_badvalue(), "nobody connects to it");
    // Two projects of one name would be one.
    assert_ne!(further["name"], compose()["name"]);
    assert!(map(&further["volumes"]).contains_key("aurad"));

    let mut env: BTreeMap<&str, &str> = map(&service["environment"])
        .into_iter()
        .map(|(name, value)| (name, value.as_str().expect("a variable is text")))
        .collect();
    let address = env.insert("TEMPORAL_ADDRESS", "temporal.internal:7233");
    assert!(address.is_some_and(|text| text.starts_with("${TEMPORAL_ADDRESS:?")));
    let toml = file("dist/compose/aurad.toml").display().to_string();
    env.extend([("AURA_CONFIG", toml.as_str()), ("HOME", "/data")]);
    let settings = aurad::Settings::resolve(aurad::Flags::default(), &env);
    let settings = settings.unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(settings.notices, [""; 0]);
    let (_, trail, source) = settings
        .describe()
        .into_iter()
        .find(|row| row.0 == "audit_trail")
        .expect("it is a setting");
    assert_eq!(trail, "temporal", "{source}");
}

/// The programs as they are here, with the libraries that they need, as an image; and the
/// daemon in it, run as the image's user. It takes root and buildah, and that both may do
/// what they do: mount the image's tree.
#[test]
fn the_image_is_built_and_its_daemon_answers() {
    let sandbox = Sandbox::new();
    // Images of its own, which go with the sandbox.
    let store = sandbox.path().join("images").display().to_string();
    let conf =
        format!("[storage]\ndriver = 'vfs'\ngraphroot = '{store}/kept'\nrunroot = '{store}/run'\n");
    let conf = sandbox.write("storage.conf", &conf);
    let run = |program: &Path, args: &[&str]| {
        let mut command = sandbox.command(program);
        command.args(args).env("CONTAINERS_STORAGE_CONF", &conf);
        run_limited(&mut command, "", Duration::from_mins(5))
    };
    // Not before anything is known of aura, so that only the machine can be at fault.
    let script = "set -e; c=$(buildah from scratch); buildah mount \"$c\" >/dev/null; \
                  mount --bind /proc /proc; umount /proc; buildah rm \"$c\"";
    let may = run(Path::new("unshare"), &["--mount", "sh", "-c", script]);
    if !may.as_ref().is_ok_and(|output| output.code == 0) {
        say(&format!(
            "SKIPPED: no image was built, and so its daemon was not tried: {may:?}"
        ));
        return;
    }
    let tag = "localhost/aura-test:latest";
    let programs = Path::new(AURAD).parent().expect("they are in a folder");
    let programs = programs.display().to_string();
    let script = file("dist/container/build");
    let tool = ["--tag", tag, "--tool", "buildah", "--programs", &programs];
    let built = run(&script, &tool).expect("it can be run").ok();
    assert_eq!(built.stdout.trim(), tag, "{built}");
    let tried = run(
        &file("dist/container/try"),
        &["--tag", tag, "--with", "chroot"],
    );
    let tried = tried.expect("it can be run").ok();
    assert_eq!(tried.stdout.matches("ok  ").count(), 5, "{tried}");
    assert!(
        tried.stdout.contains("runs as 65532:65532, with chroot"),
        "{tried}"
    );
}
