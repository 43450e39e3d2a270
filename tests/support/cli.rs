//! `aura-msg` as shells, hooks and agents call it: one process per command. It
//! deliberately leaves flags and the words of the output to the tests, but holds what is
//! printed as JSON to its schema.

use std::time::Duration;

use super::{
    output::{Output, run_limited},
    sandbox::Sandbox,
    schema,
};

/// Nothing a hook calls may take longer; a command that does has hung.
const LIMIT: Duration = Duration::from_mins(1);

/// Runs `aura-msg` inside a sandbox.
pub struct AuraMsg<'a> {
    sandbox: &'a Sandbox,
    program: String,
    env: Vec<(String, String)>,
    limit: Duration,
}

impl<'a> AuraMsg<'a> {
    /// For the given program, which the caller knows as
    /// `env!("CARGO_BIN_EXE_aura-msg")`.
    pub fn new(sandbox: &'a Sandbox, program: &str) -> Self {
        Self {
            sandbox,
            program: program.to_owned(),
            env: Vec::new(),
            limit: LIMIT,
        }
    }

    /// The same, talking to this server on the sandbox's task queue.
    #[must_use]
    pub fn connected_to(self, address: &str) -> Self {
        let queue = self.sandbox.task_queue().to_owned();
        self.env("TEMPORAL_ADDRESS", address)
            .env("TEMPORAL_TASK_QUEUE", &queue)
    }

    /// The same, with one more environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, with another limit than a minute.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it with these arguments and nothing on standard input.
    #[must_use = "a command whose result nobody looks at tests nothing"]
    #[track_caller]
    pub fn run<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.run_with_stdin(args, "")
    }

    /// Runs it with these arguments and this text on standard input.
    #[must_use = "a command whose result nobody looks at tests nothing"]
    #[track_caller]
    pub fn run_with_stdin<S: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = S>,
        stdin: &str,
    ) -> Output {
        let mut command = self.sandbox.command(&self.program);
        let args: Vec<String> = args
            .into_iter()
            .map(|arg| arg.as_ref().to_owned())
            .collect();
        command.args(&args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        match run_limited(&mut command, stdin, self.limit) {
            Ok(output) if output.timed_out => {
                panic!("still running after {:?}\n{output}", self.limit)
            }
            Ok(output) => {
                schema::check(&self.program, &args, &output);
                output
            }
            Err(error) => panic!("{} cannot be run: {error}", self.program),
        }
    }
}
