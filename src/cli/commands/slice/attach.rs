//! `aura-msg slice attach`.

use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt;
use std::process::Command;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::lookup::{Found, SliceArgs, is_here};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::Report;
use crate::contract::slice::RunningCommand;
use crate::protocol::slice::SliceMode;
use crate::shell::shell_line;

/// The words of `aura-msg slice attach`.
#[derive(Debug, Args)]
pub struct AttachArgs {
    #[command(flatten)]
    slice: SliceArgs,

    /// Attach, instead of saying how; on a terminal that is the default
    #[arg(long, conflicts_with = "print")]
    exec: bool,

    /// Say how to attach, on a terminal too
    #[arg(long)]
    print: bool,
}

/// How to attach.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// The host that it runs on.
    host: &'a str,
    /// The command to type there, word by word.
    attach: &'a [String],
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: AttachArgs) -> Answer {
    let wanted = args.slice.check(context)?;
    let client = context.connect().await?;
    let state = client.state(&wanted.epoch_id).await?;
    let found = wanted.find(&client, &state).await?;
    let running = attachable(&found)?;
    let on_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if args.exec || (on_terminal && !args.print) {
        return Err(exec(running));
    }
    let here = is_here(Some(&running.host));
    let notices = (!here).then(|| format!("it runs on {}; attach there", running.host));
    let output = Output {
        host: &running.host,
        attach: &running.attach,
    };
    Ok(Report {
        text: shell_line(&running.attach),
        json: serde_json::to_string(&output).map_err(Failure::internal)?,
        notices: notices.into_iter().collect(),
    })
}

/// What runs, if there is something to look at.
pub(super) fn attachable(found: &Found) -> Result<&RunningCommand, Failure> {
    let slice = &found.slice;
    let fail = |code, why: String, fix: String| {
        Failure::new(
            Kind::Workflow,
            code,
            format!(
                "there is nothing to attach to in slice '{}'",
                slice.slice_id
            ),
            why,
            "nothing was changed",
            fix,
        )
    };
    let Some(running) = found.running() else {
        let why = match &found.silent {
            Some(error) => format!("its own workflow does not say what runs: {error}"),
            None => format!("no command of it runs; its state is {}", slice.state),
        };
        let fix = format!(
            "`aura-msg slice show --slice-id {}` says how far it is",
            slice.slice_id
        );
        return Err(fail("not_running", why, fix));
    };
    if running.attach.is_empty() {
        let why = format!("it runs in mode {}, without a terminal", running.mode);
        let fix = format!(
            "follow it with `aura-msg slice logs --follow --slice-id {}`; or start it in mode {}",
            slice.slice_id,
            SliceMode::Tmux
        );
        return Err(fail("no_terminal", why, fix));
    }
    Ok(running)
}

/// Becomes the command that attaches; comes back only if that cannot be.
fn exec(running: &RunningCommand) -> Failure {
    let (program, args) = match command(running) {
        Ok(command) => command,
        Err(failure) => return failure,
    };
    // Its window is in a server of its own, so a tmux around this one is no obstacle.
    let error = Command::new(program).args(args).env_remove("TMUX").exec();
    cannot(running, program, &error)
}

/// The program that attaches and its arguments, if they can do so from here.
pub(super) fn command(running: &RunningCommand) -> Result<(&str, &[String]), Failure> {
    if !is_here(Some(&running.host)) {
        let fix = format!("run `{}` there", shell_line(&running.attach));
        let why = format!("it runs on host {}", running.host);
        return Err(fail("other_host", why, fix));
    }
    match running.attach.split_first() {
        Some((program, args)) => Ok((program, args)),
        None => Err(Failure::internal("nothing to attach with")),
    }
}

fn fail(code: &str, why: String, fix: String) -> Failure {
    let what = "cannot attach";
    Failure::new(Kind::Workflow, code, what, why, "the slice goes on", fix)
}

/// The failure of a program that could not be started.
pub(super) fn cannot(running: &RunningCommand, program: &str, error: &io::Error) -> Failure {
    let line = shell_line(&running.attach);
    let fix = format!("install {program}, or look at the slice with `aura-msg slice logs`");
    fail("cannot_attach", format!("`{line}`: {error}"), fix)
}
