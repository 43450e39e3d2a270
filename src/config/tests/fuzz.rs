//! Changed configurations: each is read or refused with a line of the file.

use std::path::Path;

use crate::config::aurad::SECTION;
use crate::config::duration::{limit, read_duration, retention};
use crate::config::file::File;
use crate::config::spec::Context;
use crate::config::template::TEMPLATE;
use crate::config::value::{path, task_queue};
use crate::config::yaml::translate;
use crate::config::{Address, Error};
use crate::fuzz::{feed, texts};

#[test]
fn changed_files_are_read_or_refused_at_a_line() {
    // What the template shows as comments counts as a sample of its own.
    let uncommented: String = TEMPLATE
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let small = "[aurad]\nnamespace = \"n\"\ntask_queue = ['a', 'b']\ngrace_period = '10s'\n\
                 [aura-msg]\ntimeout = 1_0\n[review]\ncorrectness = 'c'\n\
                 [runner.c]\nargv = ['x', '-y']\nenv = { A = '1' }\n\
                 pass_env = ['PATH', 'A_B']\ntimeout = '5m'\n";
    let samples = texts([small, small, small, TEMPLATE, uncommented.as_str()]);
    feed(&samples, |bytes| {
        let read = File::of(Path::new("/c/config.toml"), bytes, Some(Path::new("/h")));
        if let Err(Error::Syntax { place, .. }) = read {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&place.line), "line {}", place.line);
        }
    });
}

#[test]
fn changed_earlier_files_are_translated_or_left_to_people() {
    let samples = texts([
        "---\n# the team's\nnamespace: team # ours\nserver_address: \"temporal:7233\"\n\
         logging:\n  level: debug\ntask_queue: 'it''s'\nverbose: Yes\n",
    ]);
    feed(&samples, |bytes| {
        let context = Context {
            home: Some(Path::new("/h")),
            base: None,
        };
        let text = String::from_utf8_lossy(bytes);
        for line in translate(&text, &SECTION, context).lines {
            let toml = line.parse::<toml::Table>();
            assert!(toml.is_ok(), "{line}: {toml:?}");
        }
    });
}

#[test]
fn changed_values_are_read_or_refused() {
    let samples = texts([
        "30s",
        "1h30m",
        "250ms",
        "none",
        "30d",
        "unlimited",
        "~/x",
        "127.0.0.1:7233",
        "https://[::1]:443",
        "host",
    ]);
    feed(&samples, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = read_duration(&text);
        let words = [text.clone().into_owned().into()];
        let context = Context {
            home: Some(Path::new("/h")),
            base: Some(Path::new("/b")),
        };
        if let Ok(Some(kept)) = retention(&words, context) {
            assert!(!kept.is_zero(), "{text}");
        }
        let _ = limit(&words, context);
        let _ = path(&words, context);
        let _ = task_queue(&words, context);
        if let Ok(address) = text.parse::<Address>() {
            let again: Address = address.to_string().parse().unwrap();
            assert_eq!(
                (again.host(), again.port()),
                (address.host(), address.port())
            );
        }
    });
}
