//! Both programs, run once in a sandbox of their own, and what every answer of theirs has
//! to have, whatever it is about. What is asked is the business of the tests.

use std::time::Duration;

use serde_json::Value;

use crate::support::cli::AuraMsg;
use crate::support::dead_ends::Refused;
use crate::support::output::Output;
use crate::support::sandbox::Sandbox;

pub const AURA_MSG: &str = env!("CARGO_BIN_EXE_aura-msg");
pub const AURAD: &str = env!("CARGO_BIN_EXE_aurad");

/// Nothing here waits for anything longer than a few seconds.
const LIMIT: Duration = Duration::from_secs(30);

/// A sandbox, and the environment of what runs in it.
pub struct Shell {
    pub sandbox: Sandbox,
    env: Vec<(String, String)>,
    /// Where no server is, for as long as this is held.
    _nowhere: Option<Refused>,
}

impl Shell {
    /// Nothing but the sandbox.
    pub fn new() -> Self {
        Self {
            sandbox: Sandbox::new(),
            env: Vec::new(),
            _nowhere: None,
        }
    }

    /// One more environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, with a server at this address, and an epoch to talk about.
    pub fn at(address: &str) -> Self {
        Self::new()
            .env("TEMPORAL_ADDRESS", address)
            .env("AURA_EPOCH_ID", "an-epoch")
    }

    /// The same, with no server there.
    pub fn nowhere() -> Self {
        let refused = Refused::reserve();
        let shell = Self::at(&refused.address());
        Self {
            _nowhere: Some(refused),
            ..shell
        }
    }

    /// Runs `aura-msg`.
    #[track_caller]
    pub fn aura_msg<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.run(AURA_MSG, args)
    }

    /// Runs `aurad` to its end, which it has to come to by itself.
    #[track_caller]
    pub fn aurad<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.run(AURAD, args)
    }

    /// Runs `aura-msg` with this text on its standard input.
    #[track_caller]
    pub fn aura_msg_reading<S: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = S>,
        stdin: &str,
    ) -> Output {
        self.run_reading(AURA_MSG, args, stdin)
    }

    #[track_caller]
    fn run<S: AsRef<str>>(&self, program: &str, args: impl IntoIterator<Item = S>) -> Output {
        self.run_reading(program, args, "")
    }

    #[track_caller]
    fn run_reading<S: AsRef<str>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = S>,
        stdin: &str,
    ) -> Output {
        let mut command = AuraMsg::new(&self.sandbox, program).limit(LIMIT);
        for (name, value) in &self.env {
            command = command.env(name, value);
        }
        let output = command.run_with_stdin(args, stdin);
        assert_no_panic(&output);
        output
    }
}

/// A panic's message is never an answer.
#[track_caller]
pub fn assert_no_panic(output: &Output) {
    let said = format!("{}{}", output.stdout, output.stderr);
    let panicked = said.contains("panicked at") || said.contains("RUST_BACKTRACE");
    // 70 says that one was caught.
    assert!(!panicked && !matches!(output.code, 70 | 101), "{output}");
}

/// A failure as it is told, in either format.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub category: String,
    pub what: String,
    pub why: String,
    pub impact: String,
    pub fix: String,
}

impl Told {
    /// Reads the four lines, and makes sure that there is nothing else.
    #[track_caller]
    pub fn in_text(output: &Output) -> Self {
        let told = Self::parse(&output.stderr).filter(|_| output.stdout.is_empty());
        told.unwrap_or_else(|| panic!("not four lines on stderr alone\n{output}"))
    }

    /// Reads the one line of JSON, and makes sure that there is nothing else.
    #[track_caller]
    pub fn in_json(output: &Output) -> Self {
        let error = error_object(output);
        let text = |key: &str| error[key].as_str().expect("it is a text").to_owned();
        Self {
            category: text("category"),
            what: text("what"),
            why: text("why"),
            impact: text("impact"),
            fix: text("fix"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let [first, why, impact, fix] =
            text.strip_suffix('\n')?.split('\n').collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let (category, what) = first.split_once(": ")?;
        let told = Self {
            category: category.to_owned(),
            what: what.to_owned(),
            why: why.strip_prefix("  why: ")?.to_owned(),
            impact: impact.strip_prefix("  impact: ")?.to_owned(),
            fix: fix.strip_prefix("  fix: ")?.to_owned(),
        };
        let parts = [&told.what, &told.why, &told.impact, &told.fix];
        parts
            .iter()
            .all(|part| !part.trim().is_empty())
            .then_some(told)
    }
}

/// The object of an error in JSON, whose keys and their order are part of the contract.
#[track_caller]
pub fn error_object(output: &Output) -> Value {
    const KEYS: [&str; 7] = [
        "code",
        "category",
        "what",
        "why",
        "impact",
        "fix",
        "retryable",
    ];
    let line = output
        .stderr
        .strip_suffix('\n')
        .filter(|line| !line.contains('\n'));
    let line = line.filter(|_| output.stdout.is_empty());
    let line = line.unwrap_or_else(|| panic!("not one line on stderr alone\n{output}"));
    let value: Value = match serde_json::from_str(line) {
        Ok(value) => value,
        Err(error) => panic!("stderr is not JSON: {error}\n{output}"),
    };
    let keys = value["error"]
        .as_object()
        .map(|error| error.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys.unwrap_or_default(), KEYS, "{output}");
    value["error"].clone()
}
