//! The protocol's side, by the official crate: greets, lists the tools, and passes calls on to
//! the desk. All that is known of that crate is here and in `answer`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, ServerCapabilities, ServerConfig,
    ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServerInitializeError, ServiceExt};
use rmcp::{ErrorData, ServerHandler, model, transport};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::desk::Call;
use super::tools::{self, Does, Tool};
use super::{answer, input};
use crate::cli::commands::schema;
use crate::cli::failure::{Failure, Kind};
use crate::cli::input::cut;

/// How many calls wait to be taken up; those that come then wait to be read.
const QUEUE: usize = 64;
/// Between two signs that a call goes on.
const SIGN: Duration = Duration::from_secs(2);
/// What an agent reads before it calls anything.
const INSTRUCTIONS: &str = "\
aura referees work that several agents do in one epoch: twelve phases, under rules that only \
the tools here can satisfy. Call next_step first, and again after each step: it says which role \
has to act and what would be accepted. Do what your role has to do, and nothing of another's; \
when it is not your turn, wait. A refusal says what is missing; satisfy that rather than try \
again. epoch_id may be left out where AURA_EPOCH_ID is set. Where a result is unconfirmed, call \
again with the same request_id: it takes effect once. In messages, a flag such as --to-phase is \
the argument to_phase.";

/// What the protocol is spoken with.
pub(super) struct Server {
    calls: mpsc::Sender<Call>,
}

impl Server {
    /// A server, and the calls that it will pass on.
    pub(super) fn new() -> (Self, mpsc::Receiver<Call>) {
        let (calls, taken) = mpsc::channel(QUEUE);
        (Self { calls }, taken)
    }

    /// Serves on standard input and output, until the input ends.
    pub(super) async fn serve(self) -> Result<(), Failure> {
        match ServiceExt::serve(self, transport::stdio()).await {
            Ok(serving) => serving.waiting().await.map(drop).map_err(Failure::internal),
            // An agent may start it and think better of it.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(Failure::new(
                Kind::Validation,
                "not_mcp",
                "what started aura-msg mcp does not speak the Model Context Protocol",
                cut(&error.to_string()),
                "nothing was called",
                "let an agent start it, as docs/mcp.md shows",
            )),
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let itself = Implementation::new("aura-msg", env!("CARGO_PKG_VERSION")).with_title("aura");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(itself)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = tools::ALL.iter().map(listed);
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = Tool::named(&request.name) else {
            let what = format!("there is no tool '{}'", cut(&request.name));
            return Err(ErrorData::invalid_params(what, None));
        };
        let (answer, answered) = oneshot::channel();
        let call = Call {
            tool,
            arguments: request.arguments.unwrap_or_default(),
            answer,
        };
        let asked = async {
            self.calls.send(call).await.ok()?;
            answered.await.ok()
        };
        let answer = tokio::select! {
            answer = asked => answer,
            // That nobody waits any more is what the desk goes by.
            () = context.ct.cancelled() => None,
            never = signs(tool, &context) => match never {},
        };
        let answer = answer.ok_or_else(|| ErrorData::internal_error("the call was given up", None));
        Ok(answer::told(answer?).into())
    }
}

/// Says that a call goes on, to those who have asked for that; never ends.
async fn signs(tool: &Tool, context: &RequestContext<RoleServer>) -> Infallible {
    let Some(token) = context.meta.get_progress_token() else {
        return std::future::pending().await;
    };
    let begin = Instant::now();
    loop {
        tokio::time::sleep(SIGN).await;
        let sign = ProgressNotificationParam::new(token.clone(), begin.elapsed().as_secs_f64())
            .with_message(tool.waits_for);
        // Whoever does not hear it hears the answer, or has gone.
        let _ = context.peer.notify_progress(sign).await;
    }
}

/// The tool as it is listed.
fn listed(tool: &Tool) -> model::Tool {
    let command = input::command(tool);
    let about = command.get_about().map(ToString::to_string);
    let about = format!("{}. {}", about.unwrap_or_default(), tool.more);
    let hints = ToolAnnotations::with_title(tool.title)
        .read_only(tool.does == Does::Read)
        .destructive(tool.does == Does::Change)
        // What is sent again is heard, and recorded, again.
        .idempotent(tool.does == Does::Read)
        .open_world(false);
    let mut listed = model::Tool::new(tool.name, about, Arc::new(input::schema(tool)));
    listed.title = Some(tool.title.to_owned());
    listed.annotations = Some(hints);
    listed.output_schema = match schema::schema_of(&tool.typed(), false) {
        Some(Value::Object(schema)) => Some(Arc::new(schema)),
        _ => None,
    };
    listed
}
