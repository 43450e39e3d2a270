//! Help and version: data, on standard output. The help of every command is a snapshot, to
//! be read as a user would read it.

use crate::programs::Shell;

#[test]
fn help_and_version_are_data() {
    let shell = Shell::new();
    for args in [
        &[][..],
        &["--help"],
        &["-h"],
        &["help"],
        &["query"],
        &["epoch"],
        &["signal"],
        &["phase"],
        &["session"],
        &["finding"],
        &["slice"],
        &["review"],
        &["audit"],
        &["protocol"],
        &["constraint"],
        &["config"],
        &["help", "query"],
        &["query", "help"],
        &["query", "--help"],
        &["help", "query", "state"],
        &["query", "state", "-h"],
    ] {
        let output = shell.aura_msg(args).ok();
        assert!(output.stdout.contains("Usage: aura-msg"), "{output}");
        assert_eq!(output.stderr, "", "{output}");
    }
    for (output, program) in [
        (shell.aura_msg(["--version"]), "aura-msg"),
        (shell.aura_msg(["-V"]), "aura-msg"),
        (shell.aurad(["--version"]), "aurad"),
        (shell.aurad(["-V"]), "aurad"),
    ] {
        let output = output.ok();
        assert_eq!(
            output.stdout,
            format!("{program} {}\n", env!("CARGO_PKG_VERSION"))
        );
        assert_eq!(output.stderr, "", "{output}");
    }
}

/// Every command, the groups of commands too, as the words that name it.
fn all_commands() -> Vec<Vec<String>> {
    let root = aura::cli::args::command();
    let mut all = vec![Vec::new()];
    for group in root.get_subcommands() {
        all.push(vec![group.get_name().to_owned()]);
        all.extend(
            group
                .get_subcommands()
                .map(|command| vec![group.get_name().to_owned(), command.get_name().to_owned()]),
        );
    }
    all
}

#[test]
fn the_help_of_every_command() {
    let shell = Shell::new();
    let mut helps = vec![("aurad".to_owned(), shell.aurad(["--help"]).ok().stdout)];
    for words in all_commands() {
        let name = [vec!["aura-msg".to_owned()], words.clone()]
            .concat()
            .join("-");
        let help = shell
            .aura_msg(words.iter().map(String::as_str).chain(["--help"]))
            .ok()
            .stdout;
        let by_word = ["help"].into_iter().chain(words.iter().map(String::as_str));
        assert_eq!(shell.aura_msg(by_word).ok().stdout, help, "{name}");
        helps.push((name, help));
    }
    for (name, help) in helps {
        // It is read on a terminal, not by rustdoc.
        assert!(!help.contains(['`', '*']), "{help}");
        insta::assert_snapshot!(name, help);
    }
}

#[test]
fn help_is_never_wider_than_a_page_and_fits_narrower_terminals() {
    let page = Shell::new();
    let wide = Shell::new().env("COLUMNS", "300");
    let narrow = Shell::new().env("COLUMNS", "72");
    for words in all_commands() {
        let args = || words.iter().map(String::as_str).chain(["--help"]);
        let help = page.aura_msg(args()).ok().stdout;
        assert_eq!(wide.aura_msg(args()).ok().stdout, help);
        let widest = |help: &str| help.lines().map(|line| line.chars().count()).max();
        assert!(widest(&help) <= Some(100), "{help}");
        let help = narrow.aura_msg(args()).ok().stdout;
        let options = help.split("Examples:").next().unwrap_or_default();
        let usage_aside = options.lines().filter(|line| !line.starts_with("Usage:"));
        let options = usage_aside.collect::<Vec<_>>().join("\n");
        assert!(widest(&options) <= Some(72), "{help}");
    }
}
