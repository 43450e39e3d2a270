//! Which trace the work of a workflow belongs to: what a message brings is handed on to
//! what is done about it, in a header of each activity, child and signal. None of it is in
//! the state or read by a workflow, and the server does not compare headers, so whether a
//! replay has the same does not matter. It is there only where spans are wanted.

use std::cell::RefCell;

use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_sdk::workflow_interceptors::{
    CancellableWorkflowOutboundFuture, InitializeWorkflowInput, InitializeWorkflowOutput,
    ScheduleActivityInput, ScheduleActivityResult, ScheduleLocalActivityInput, SignalWorkflowInput,
    SignalWorkflowResult, StartChildWorkflowInput, StartChildWorkflowResult, WorkflowInterceptor,
    WorkflowInterceptorConstructor, WorkflowInterceptorContext, WorkflowNext,
};
use temporalio_sdk::{SyncWorkflowContext, WorkflowContextKey, WorkflowContextView};

use super::payload;
use crate::contract::names::TRACE_HEADER;
use crate::telemetry::trace::{self, Origin};

/// The message that is being seen to.
pub(super) struct Under;

impl WorkflowContextKey for Under {
    type Value = Origin;
}

/// What the message that is being handled is a part of.
pub(super) fn origin<W>(ctx: &SyncWorkflowContext<W>) -> Option<Origin> {
    if !trace::is_on() {
        return None;
    }
    Origin::read(&ctx.headers().get(TRACE_HEADER)?.data)
}

/// Hands traces on, if spans are wanted.
pub fn interceptor() -> Option<WorkflowInterceptorConstructor> {
    trace::is_on().then(|| WorkflowInterceptorConstructor::new(|_| HandOn::default()))
}

/// Gives what a run asks for the header of the message that it is about, and otherwise that
/// of the run's own start.
#[derive(Default)]
struct HandOn {
    start: RefCell<Option<Payload>>,
}

impl HandOn {
    fn header(&self, ctx: &WorkflowInterceptorContext) -> Option<(String, Payload)> {
        let under = ctx.context_value::<Under>();
        let header = match under {
            Some(origin) => Some(payload::json_of(origin.header())),
            None => self.start.borrow().clone(),
        };
        header.map(|header| (TRACE_HEADER.to_owned(), header))
    }
}

impl WorkflowInterceptor for HandOn {
    fn initialize_workflow(
        &self,
        _: WorkflowContextView,
        input: InitializeWorkflowInput,
        next: WorkflowNext<'_, InitializeWorkflowInput, InitializeWorkflowOutput>,
    ) -> InitializeWorkflowOutput {
        *self.start.borrow_mut() = input.headers().get(TRACE_HEADER).cloned();
        next.run(input)
    }

    fn schedule_activity(
        &self,
        ctx: WorkflowInterceptorContext,
        mut input: ScheduleActivityInput,
        next: WorkflowNext<
            'static,
            ScheduleActivityInput,
            CancellableWorkflowOutboundFuture<ScheduleActivityResult>,
        >,
    ) -> CancellableWorkflowOutboundFuture<ScheduleActivityResult> {
        input.headers_mut().extend(self.header(&ctx));
        next.run(input)
    }

    fn schedule_local_activity(
        &self,
        ctx: WorkflowInterceptorContext,
        mut input: ScheduleLocalActivityInput,
        next: WorkflowNext<
            'static,
            ScheduleLocalActivityInput,
            CancellableWorkflowOutboundFuture<ScheduleActivityResult>,
        >,
    ) -> CancellableWorkflowOutboundFuture<ScheduleActivityResult> {
        input.headers_mut().extend(self.header(&ctx));
        next.run(input)
    }

    fn start_child_workflow(
        &self,
        ctx: WorkflowInterceptorContext,
        mut input: StartChildWorkflowInput,
        next: WorkflowNext<
            'static,
            StartChildWorkflowInput,
            CancellableWorkflowOutboundFuture<StartChildWorkflowResult>,
        >,
    ) -> CancellableWorkflowOutboundFuture<StartChildWorkflowResult> {
        input.headers_mut().extend(self.header(&ctx));
        next.run(input)
    }

    fn signal_workflow(
        &self,
        ctx: WorkflowInterceptorContext,
        mut input: SignalWorkflowInput,
        next: WorkflowNext<
            'static,
            SignalWorkflowInput,
            CancellableWorkflowOutboundFuture<SignalWorkflowResult>,
        >,
    ) -> CancellableWorkflowOutboundFuture<SignalWorkflowResult> {
        input.headers_mut().extend(self.header(&ctx));
        next.run(input)
    }
}
