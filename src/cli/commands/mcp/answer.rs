//! A command's answer as a tool's: what it prints in JSON, and failures as errors of the tool,
//! which agents read, and not of the protocol, which they don't.

use rmcp::model::{CallToolResult, ContentBlock, MetaObject};
use serde_json::Value;

use crate::cli::commands::Answer;
use crate::cli::failure::Failure;
use crate::cli::output::{self, Report};
use crate::cli::paint::Paint;
use crate::config::Format;

/// Where programs find an error's parts.
const ERROR: &str = "aura/error";

/// What an agent is told.
pub(super) fn told(answer: Answer) -> CallToolResult {
    match answer.and_then(done) {
        Ok(result) => result,
        Err(failure) => refused(&failure),
    }
}

fn done(report: Report) -> Result<CallToolResult, Failure> {
    let value: Value = serde_json::from_str(&report.json).map_err(Failure::internal)?;
    let mut result = CallToolResult::structured(value);
    result
        .content
        .extend(report.notices.into_iter().map(ContentBlock::text));
    Ok(result)
}

fn refused(failure: &Failure) -> CallToolResult {
    let lines = output::complaint(failure, Format::Text, Paint::PLAIN);
    let text = format!("{lines}\n  code: {}", failure.code);
    // Its parts are not what the tool's schema says, so they are no structured content.
    let mut meta = MetaObject::default();
    let parts = serde_json::to_value(failure).unwrap_or_default();
    meta.0.insert(ERROR.to_owned(), parts);
    CallToolResult::error(vec![ContentBlock::text(text)]).with_meta(Some(meta))
}
