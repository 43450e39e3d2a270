//! What was taken out for a worker and is not there yet. A worker can go away at any moment,
//! which shows as the future of its call being dropped; a guard puts the work back then.

use std::sync::Arc;

use crate::embedded::engine::{ActivityTask, Engine, Token, Transaction, WorkflowTask};
use crate::embedded::service::Service;

/// What workers ask for.
pub(super) trait Work: Send + 'static {
    /// It was taken out of its queue, and is on its way.
    fn handover(&self, service: &Arc<Service>) -> Handover;
}

impl Work for WorkflowTask {
    fn handover(&self, service: &Arc<Service>) -> Handover {
        Handover::new(service, &self.token, Engine::lose_workflow_task)
    }
}

impl Work for ActivityTask {
    fn handover(&self, service: &Arc<Service>) -> Handover {
        Handover::new(service, &self.token, Engine::lose_activity)
    }
}

/// Something that was taken out for a worker, which has not got it yet.
pub(super) struct Handover {
    service: Arc<Service>,
    token: Token,
    lose: Option<Lose>,
}

type Lose = fn(&mut Engine, &mut Transaction, &Token);

impl Handover {
    fn new(service: &Arc<Service>, token: &Token, lose: Lose) -> Self {
        Self {
            service: Arc::clone(service),
            token: token.clone(),
            lose: Some(lose),
        }
    }

    /// The worker gets it now.
    pub(super) fn done(mut self) {
        self.lose = None;
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        if let Some(lose) = self.lose {
            let token = &self.token;
            // An engine that is broken has no use for this either.
            let _broken = self
                .service
                .transact(|engine, transaction| lose(engine, transaction, token));
        }
    }
}
