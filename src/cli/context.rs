//! What every command needs: settings, a connection when it is time for one, and the
//! words that all commands share.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::args::{Common, EpochArgs, MessageArgs};
use super::failure::Failure;
use super::input;
use super::paint::Paint;
use super::progress::Progress;
use super::traced;
use crate::client::{Client, Deadline, Delivery};
use crate::config::aura_msg::{Flags, Settings};
use crate::config::{AuditBackend, Env, Format, Setting, aurad, env};
use crate::protocol::limits;

/// A command's surroundings.
pub(super) struct Context<'a> {
    pub(super) settings: Settings,
    /// How its output is painted.
    pub(super) paint: Paint,
    env: &'a dyn Env,
    progress: &'a Progress,
    kept: Option<&'a Kept>,
}

/// A connection that outlives the command, for those who run one after another.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Client>>);

impl Kept {
    /// The connection, if there is one.
    fn client(&self, deadline: Deadline) -> Option<Client> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|client| client.until(deadline))
    }

    fn set(&self, client: Option<Client>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// Whoever comes next opens another.
    pub(super) fn forget(&self) {
        self.set(None);
    }
}

impl<'a> Context<'a> {
    /// Resolves the settings.
    pub(super) fn new(
        common: Common,
        env: &'a dyn Env,
        progress: &'a Progress,
    ) -> Result<Self, Failure> {
        let Common {
            address,
            namespace,
            task_queue,
            format,
            color,
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
            paint: Paint::on(&io::stdout(), color.unwrap_or_default()),
            env,
            progress,
            kept: None,
        })
    }

    /// The surroundings of one command of many, which all talk over one connection and
    /// answer to programs.
    pub(super) fn for_one<'b>(&'b self, kept: &'b Kept, timeout: Option<Duration>) -> Context<'b> {
        let mut settings = self.settings.clone();
        settings.format.value = Format::Json;
        settings.timeout.value = timeout.unwrap_or(settings.timeout.value);
        Context {
            settings,
            paint: Paint::PLAIN,
            env: self.env,
            progress: self.progress,
            kept: Some(kept),
        }
    }

    /// The environment that the settings were read from.
    pub(super) const fn env(&self) -> &'a dyn Env {
        self.env
    }

    /// From here on the command waits for the server.
    pub(super) fn begin(&self) {
        let is_text = self.settings.format.value == Format::Text;
        let terminal = self.env.get(env::TERM);
        self.progress
            .begin(is_text && terminal.is_some_and(|term| term != "dumb"));
    }

    /// Connects, where no connection is kept; the command's deadline begins here.
    pub(super) async fn connect(&self) -> Result<Client, Failure> {
        self.begin();
        let trace = traced::begin(&self.settings, self.env);
        let Settings {
            address,
            access,
            namespace,
            timeout,
            ..
        } = &self.settings;
        let deadline = Deadline::after(timeout.value);
        if let Some(client) = self.kept.and_then(|kept| kept.client(deadline)) {
            return Ok(client);
        }
        let security = access.security(address)?;
        let client =
            Client::connect_by(&address.value, &security, &namespace.value, deadline).await?;
        let client = client.traced(trace);
        if let Some(kept) = self.kept {
            kept.set(Some(client.until(deadline)));
        }
        Ok(client)
    }

    /// Where aurad keeps its audit trail, as far as it can be known here.
    pub(super) fn audit_trail(&self) -> Result<Setting<AuditBackend>, Failure> {
        let config = self.settings.config.value.clone();
        Ok(aurad::Settings::audit_trail(config, self.env)?)
    }

    /// The epoch that is meant.
    pub(super) fn epoch_id(&self, args: &EpochArgs) -> Result<String, Failure> {
        let (name, text) = self.epoch_text(args)?;
        let epoch_id = input::epoch_id(name, &text)?;
        traced::about(&epoch_id);
        Ok(epoch_id)
    }

    /// The epoch that is to be started.
    pub(super) fn new_epoch_id(&self, args: &EpochArgs) -> Result<String, Failure> {
        let (name, text) = self.epoch_text(args)?;
        let epoch_id = input::new_epoch_id(name, &text)?;
        traced::about(&epoch_id);
        Ok(epoch_id)
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
