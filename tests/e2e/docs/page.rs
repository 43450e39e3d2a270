//! The blocks of a page. A fence says in its first line what it is:
//!
//! - `console`: commands after `$ `, each with what it prints; they are run and compared;
//! - `sh`: a script, which is run and has to succeed;
//! - `toml file="plan.toml"` and the like: a file, which is written, `~/` being the home;
//! - `no-run="why"` with the first two: cannot be run where this is tested.
//!
//! A comment that begins with `<!-- console` or `<!-- sh` is such a block, too, which nobody
//! sees: what a page needs before its first command. It leaves out what comes of a block.

/// Languages of what is only shown.
const SHOWN: [&str; 9] = [
    "csv",
    "dockerfile",
    "ini",
    "json",
    "mermaid",
    "nix",
    "text",
    "toml",
    "yaml",
];

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The line that it begins in, from 1.
    pub(super) line: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// What is in it.
    pub(super) text: String,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Commands, and what they print.
    Console,
    /// A script.
    Script,
    /// A file of this name.
    File(String),
    /// Commands that cannot be run, and why.
    NotRun(String),
    /// Nothing to run.
    Shown,
}

/// The blocks of a page; or what is wrong, with its line.
pub(super) fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let (number, bare) = (index + 1, line.trim_start());
        let fault = |why: &str| format!("{number}: {why}");
        let hidden = ["<!-- console", "<!-- sh"].contains(&line);
        let (info, end) = match bare.strip_prefix("```") {
            Some(info) => (info, "```"),
            None if hidden => (line.trim_start_matches("<!-- "), "-->"),
            None => {
                let command = bare.starts_with("$ ") || bare.starts_with("aura");
                if line.starts_with("    ") && command {
                    return Err(fault("a command stands in a fence, where it is run"));
                }
                continue;
            }
        };
        let indent = line.len() - bare.len();
        let kind = kind(info).map_err(|why| fault(&why))?;
        let mut text = String::new();
        loop {
            let (_, line) = lines.next().ok_or_else(|| fault("the block has no end"))?;
            if line.trim() == end {
                break;
            }
            text.push_str(line.get(indent..).unwrap_or_default());
            text.push('\n');
        }
        if kind == Kind::Console && !text.starts_with("$ ") && !text.starts_with("^C\n") {
            return Err(fault("a console begins with a command, after `$ `"));
        }
        blocks.push(Block {
            line: number,
            kind,
            text,
        });
    }
    Ok(blocks)
}

/// What the first line of a fence says.
fn kind(info: &str) -> Result<Kind, String> {
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    let word = match rest {
        "" => None,
        rest => Some(
            rest.split_once("=\"")
                .and_then(|(name, value)| Some((name, value.strip_suffix('"')?)))
                .filter(|(_, value)| !value.trim().is_empty() && !value.contains('"'))
                .ok_or_else(|| format!("`{rest}` is not written name=\"value\""))?,
        ),
    };
    match (language, word) {
        ("console", None) => Ok(Kind::Console),
        ("sh", None) => Ok(Kind::Script),
        ("console" | "sh", Some(("no-run", why))) => Ok(Kind::NotRun(why.to_owned())),
        (language, word) if SHOWN.contains(&language) || language == "sh" => match word {
            None => Ok(Kind::Shown),
            Some(("file", path)) => Ok(Kind::File(path.to_owned())),
            Some((name, _)) => Err(format!("nothing is known of {name} here")),
        },
        _ => Err(format!("`{info}` is no kind of block")),
    }
}

#[test]
fn blocks_are_what_their_first_line_says() {
    let kinds = |page: &str| -> Vec<Kind> {
        let blocks = blocks(page).unwrap().into_iter();
        blocks.map(|block| block.kind).collect()
    };
    let page = "a\n```console\n$ x\n```\n```toml\n```\n```sh no-run=\"no net\"\nx\n```\n";
    let not_run = Kind::NotRun("no net".to_owned());
    assert_eq!(kinds(page), [Kind::Console, Kind::Shown, not_run]);
    assert_eq!(
        kinds("```toml file=\"a/b\"\n```\n<!-- sh\nx\n-->\n"),
        [Kind::File("a/b".to_owned()), Kind::Script]
    );
    let indented = blocks("- a\n  ```sh\n  x\n    y\n  ```\n").unwrap();
    assert_eq!(indented[0].text, "x\n  y\n");
    assert_eq!(indented[0].line, 2);
}

#[test]
fn what_is_no_block_is_found() {
    for (page, fault) in [
        ("```\nx\n```\n", "1: `` is no kind of block"),
        ("\n```bash\nx\n```\n", "2: `bash` is no kind of block"),
        ("```sh no-run\n```\n", "1: `no-run` is not written"),
        (
            "```sh no-run=\"\"\n```\n",
            "1: `no-run=\"\"` is not written",
        ),
        (
            "```toml no-run=\"x\"\n```\n",
            "1: nothing is known of no-run",
        ),
        ("```sh\nx\n", "1: the block has no end"),
        ("```console\nx\n```\n", "1: a console begins with"),
        (
            "x\n\n    aura-msg audit list\n",
            "3: a command stands in a fence",
        ),
    ] {
        let why = blocks(page).unwrap_err();
        assert!(why.starts_with(fault), "{why}");
    }
}
