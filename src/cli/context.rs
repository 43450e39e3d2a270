//! What every command needs: settings, a connection when it is time for one, and the
//! words that all commands share.

use uuid::Uuid;

use super::args::{Common, EpochArgs, MessageArgs};
use super::failure::Failure;
use super::input;
use crate::client::{Client, Deadline, Delivery};
use crate::config::aura_msg::{Flags, Settings};
use crate::config::{Env, env};
use crate::protocol::limits;

/// A command's surroundings.
pub(super) struct Context<'a> {
    pub(super) settings: Settings,
    env: &'a dyn Env,
}

impl<'a> Context<'a> {
    /// Resolves the settings.
    pub(super) fn new(common: Common, env: &'a dyn Env) -> Result<Self, Failure> {
        let Common {
            address,
            namespace,
            task_queue,
            format,
            timeout,
            config,
            access,
        } = common;
        let flags = Flags {
            config,
            access: access.into(),
            address,
            namespace,
            task_queue,
            format,
            timeout,
        };
        Ok(Self {
            settings: Settings::resolve(flags, env)?,
            env,
        })
    }

    /// The environment that the settings were read from.
    pub(super) const fn env(&self) -> &'a dyn Env {
        self.env
    }

    /// Connects; the command's deadline begins here.
    pub(super) async fn connect(&self) -> Result<Client, Failure> {
        let Settings {
            address,
            access,
            namespace,
            timeout,
            ..
        } = &self.settings;
        let security = access.security(address)?;
        let deadline = Deadline::after(timeout.value);
        Ok(Client::connect_by(&address.value, &security, &namespace.value, deadline).await?)
    }

    /// The epoch that is meant.
    pub(super) fn epoch_id(&self, args: &EpochArgs) -> Result<String, Failure> {
        let (name, text) = self.epoch_text(args)?;
        input::epoch_id(name, &text)
    }

    /// The epoch that is to be started.
    pub(super) fn new_epoch_id(&self, args: &EpochArgs) -> Result<String, Failure> {
        let (name, text) = self.epoch_text(args)?;
        input::new_epoch_id(name, &text)
    }

    /// What was written as the epoch's id, and where.
    fn epoch_text(&self, args: &EpochArgs) -> Result<(&'static str, String), Failure> {
        const FLAG: &str = "--epoch-id";
        const VARIABLE: &str = env::AURA_EPOCH_ID;
        if let Some(id) = &args.epoch_id {
            return Ok((FLAG, id.clone()));
        }
        match self.env.var(VARIABLE)? {
            Some(id) => Ok((VARIABLE, id)),
            None => Err(Failure::invalid(
                "usage",
                format!("{FLAG} is missing"),
                format!("neither it nor {VARIABLE} says which epoch is meant"),
                format!("add {FLAG} ID, or set {VARIABLE}"),
            )),
        }
    }
}

/// How a message is sent.
pub(super) fn delivery(args: &MessageArgs) -> Result<Delivery, Failure> {
    let request_id = match &args.request_id {
        Some(id) => input::request_id(id)?,
        None => fresh_id(),
    };
    let actor = match &args.actor {
        Some(actor) => Some(input::text("--actor", actor, limits::TEXT)?),
        None => None,
    };
    Ok(Delivery {
        request_id,
        may_be_known: args.request_id.is_some(),
        actor,
        confirm: !args.no_wait,
    })
}

/// An id that nobody has used.
pub(super) fn fresh_id() -> String {
    Uuid::new_v4().to_string()
}
