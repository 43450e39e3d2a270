//! Abbreviated flags: scripts written for the earlier implementation use any prefix of a
//! long flag that was unique among the flags of its command. They go on meaning what they
//! meant, whatever flags have been added since; a new flag has no abbreviations.

use crate::programs::{Shell, Told};
use crate::support::dead_ends::Refused;

/// A flag, and its unique prefixes.
type Flag = (&'static str, &'static str);

// The flags of several commands, where their prefixes are the same.
const EPOCH_ID: Flag = ("epoch-id", "e ep epo epoc epoch epoch- epoch-i");
const FORMAT: Flag = ("format", "f fo for form forma");
const SERVER: Flag = (
    "server-address",
    "s se ser serv serve server server- server-a server-ad server-add server-addr server-addre server-addres",
);
const ADDRESS: Flag = ("address", "a ad add addr addre addres");
const NAMESPACE: Flag = ("namespace", "n na nam name names namesp namespa namespac");
const QUEUE: Flag = (
    "task-queue",
    "t ta tas task task- task-q task-qu task-que task-queu",
);

/// Each earlier command with its flags, and each flag with its unique prefixes.
const LIST: [(&str, &[Flag]); 8] = [
    (
        "query state",
        &[EPOCH_ID, FORMAT, SERVER, ADDRESS, NAMESPACE, QUEUE],
    ),
    (
        "epoch start",
        &[
            EPOCH_ID,
            (
                "description",
                "d de des desc descr descri descrip descript descripti descriptio",
            ),
            FORMAT,
            SERVER,
            ADDRESS,
            NAMESPACE,
            QUEUE,
        ],
    ),
    (
        "epoch cancel",
        &[EPOCH_ID, FORMAT, SERVER, ADDRESS, NAMESPACE, QUEUE],
    ),
    (
        "epoch terminate",
        &[
            EPOCH_ID,
            ("reason", "r re rea reas reaso"),
            FORMAT,
            SERVER,
            ADDRESS,
            NAMESPACE,
            QUEUE,
        ],
    ),
    (
        "signal vote",
        &[
            EPOCH_ID,
            ("axis", "ax axi"),
            ("vote", "v vo vot"),
            (
                "reviewer-id",
                "r re rev revi revie review reviewe reviewer reviewer- reviewer-i",
            ),
            FORMAT,
            SERVER,
            ("address", "ad add addr addre addres"),
            NAMESPACE,
            QUEUE,
        ],
    ),
    (
        "signal complete",
        &[
            ("epoch-id", "ep epo epoc epoch epoch- epoch-i"),
            ("slice-id", "sl sli slic slice slice- slice-i"),
            ("output", "o ou out outp outpu"),
            ("error", "er err erro"),
            FORMAT,
            (
                "server-address",
                "se ser serv serve server server- server-a server-ad server-add server-addr server-addre server-addres",
            ),
            ADDRESS,
            NAMESPACE,
            QUEUE,
        ],
    ),
    (
        "phase advance",
        &[
            EPOCH_ID,
            ("to-phase", "to to- to-p to-ph to-pha to-phas"),
            (
                "triggered-by",
                "tr tri trig trigg trigge trigger triggere triggered triggered- triggered-b",
            ),
            ("condition", "c co con cond condi condit conditi conditio"),
            FORMAT,
            SERVER,
            ADDRESS,
            NAMESPACE,
            (
                "task-queue",
                "ta tas task task- task-q task-qu task-que task-queu",
            ),
        ],
    ),
    (
        "session register",
        &[
            EPOCH_ID,
            (
                "session-id",
                "ses sess sessi sessio session session- session-i",
            ),
            ("role", "r ro rol"),
            (
                "model-harness",
                "model- model-h model-ha model-har model-harn model-harne model-harnes",
            ),
            ("model", ""),
            FORMAT,
            (
                "server-address",
                "ser serv serve server server- server-a server-ad server-add server-addr server-addre server-addres",
            ),
            ADDRESS,
            NAMESPACE,
            QUEUE,
        ],
    ),
];

/// Words without which a command is incomplete.
fn needed(command: &str) -> &'static [(&'static str, &'static str)] {
    match command {
        "signal vote" => &[("axis", "elegance"), ("vote", "ACCEPT")],
        "signal complete" => &[("slice-id", "s")],
        "phase advance" => &[("to-phase", "p2")],
        "session register" => &[("session-id", "s"), ("role", "worker")],
        _ => &[],
    }
}

/// What a command line with this flag, which may be abbreviated, means: all that was
/// read from it. Nothing, if it is refused.
fn meaning(command: &str, full: &str, written: &str) -> Option<String> {
    let mut words = vec!["aura-msg".to_owned()];
    words.extend(command.split(' ').map(str::to_owned));
    words.push(format!("--{written}=a-value"));
    let others = needed(command).iter().filter(|(flag, _)| *flag != full);
    words.extend(others.map(|(flag, value)| format!("--{flag}={value}")));
    if command == "signal complete" && !matches!(full, "output" | "error") {
        words.push("--output=done".to_owned());
    }
    let matches = aura::cli::args::command().try_get_matches_from(words);
    matches.ok().map(|matches| format!("{matches:?}"))
}

#[test]
fn the_list_has_every_unique_prefix_and_no_other() {
    for (command, flags) in LIST {
        for (flag, listed) in flags {
            let prefixes = (1..flag.len()).map(|length| &flag[..length]);
            let unique: Vec<&str> = prefixes
                .filter(|prefix| owners(flags, prefix) == 1)
                .collect();
            assert_eq!(
                listed.split_whitespace().collect::<Vec<_>>(),
                unique,
                "{command} --{flag}"
            );
        }
    }
}

/// How many flags begin so.
fn owners(flags: &[Flag], prefix: &str) -> usize {
    flags
        .iter()
        .filter(|(flag, _)| flag.starts_with(prefix))
        .count()
}

#[test]
fn each_means_the_same_as_the_flag() {
    for (command, flags) in LIST {
        for (flag, listed) in flags {
            let full = meaning(command, flag, flag);
            assert!(full.is_some(), "{command} --{flag}");
            for prefix in listed.split_whitespace() {
                assert_eq!(meaning(command, flag, prefix), full, "{command} --{prefix}");
            }
        }
    }
}

#[test]
fn an_ambiguous_one_is_refused() {
    let mut ambiguous = 0;
    for (command, flags) in LIST {
        for (flag, _) in flags {
            for prefix in (1..flag.len()).map(|length| &flag[..length]) {
                let is_flag = flags.iter().any(|(flag, _)| *flag == prefix);
                if owners(flags, prefix) > 1 && !is_flag {
                    ambiguous += 1;
                    assert_eq!(meaning(command, flag, prefix), None, "{command} --{prefix}");
                }
            }
        }
    }
    assert!(ambiguous > 20, "only {ambiguous} were tried");
}

#[test]
fn new_flags_and_new_commands_have_none() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    for (command, flag) in [
        (&["query", "state"][..], "--time=1s"),
        (&["query", "state"], "--conf=x"),
        (&["epoch", "start"], "--fail"),
        (&["epoch", "start"], "--max=1"),
        (
            &["signal", "vote", "--axis=elegance", "--vote=ACCEPT"],
            "--no",
        ),
        (
            &["signal", "vote", "--axis=elegance", "--vote=ACCEPT"],
            "--request=x",
        ),
        (&["phase", "advance", "--to-phase=p2"], "--over=x"),
        (&["epoch", "wait"], "--epoch=x"),
        (&["finding", "resolve", "--finding-id=f"], "--resolu=x"),
    ] {
        let output = shell.aura_msg(command.iter().chain(&[flag])).code(1);
        let told = Told::in_text(&output);
        let name = flag.split('=').next().unwrap_or_default();
        assert!(told.what.contains(&format!("'{name}'")), "{output}");
    }
}

#[test]
fn the_shortest_of_each_reach_the_server_like_the_flags() {
    let refused = Refused::reserve();
    for (command, flags) in LIST {
        let value = |flag: &str| match flag {
            "server-address" | "address" => refused.address(),
            "axis" => "elegance".to_owned(),
            "vote" => "ACCEPT".to_owned(),
            "role" => "worker".to_owned(),
            "to-phase" => "p2".to_owned(),
            "format" => "text".to_owned(),
            _ => "x".to_owned(),
        };
        let shortest = |(flag, listed): &Flag| {
            let prefix = listed.split_whitespace().next().unwrap_or(flag);
            format!("--{prefix}={}", value(flag))
        };
        // A slice has either an output or an error.
        let flags = flags
            .iter()
            .filter(|(flag, _)| *flag != "error")
            .map(shortest);
        let words = command.split(' ').map(str::to_owned).chain(flags);
        let output = Shell::new().aura_msg(words).code(2);
        assert!(
            Told::in_text(&output).what.ends_with(&refused.address()),
            "{output}"
        );
    }
}

#[test]
fn help_and_advice_show_only_whole_flags() {
    let shell = Shell::new();
    for (command, flags) in LIST {
        let help = shell
            .aura_msg(command.split(' ').chain(["--help"]))
            .ok()
            .stdout;
        let shown: Vec<&str> = help
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .collect();
        for prefix in flags
            .iter()
            .flat_map(|(_, listed)| listed.split_whitespace())
        {
            assert!(
                !shown.contains(&format!("--{prefix}").as_str()),
                "--{prefix}: {help}"
            );
        }
        let told = Told::in_text(
            &shell
                .aura_msg(command.split(' ').chain(["--epohc=x"]))
                .code(1),
        );
        assert!(told.fix.starts_with("did you mean --epoch-id?"), "{told:?}");
    }
}
