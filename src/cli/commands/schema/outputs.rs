//! Which command prints what. The types are those that are printed, so a schema cannot say
//! anything else; that the right type stands beside a command is checked on everything that
//! any test sees it print.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::cli::commands::{
    audit, config, constraint, doctor, epoch, hook, message, protocol, query, review, session,
    slice,
};
use crate::cli::output::Complaint;
use crate::contract::query::{FindingView, Transition};

/// Commands that print no JSON of their own, and why.
pub const WITHOUT: [(&str, &str); 10] = [
    ("completions", "what it prints is for a shell"),
    ("man", "what it prints is a manual page"),
    (
        "mcp",
        "what it prints is a protocol's; its tools answer as the commands do",
    ),
    ("schema", "what it prints is a JSON Schema itself"),
    ("hook session-start", ANSWER),
    ("hook session-end", ANSWER),
    ("hook user-prompt-submit", ANSWER),
    ("hook pre-tool-use", ANSWER),
    ("hook stop", ANSWER),
    ("slice logs", "it prints a log as it is"),
];

const ANSWER: &str = "what it prints is for a coding agent, which says what it reads";

/// A command, and the schemas of its output and of a line of that.
struct Entry {
    command: &'static str,
    whole: fn() -> Schema,
    line: fn() -> Schema,
}

const ALL: [Entry; 46] = [
    one::<Complaint<'_>>("error"),
    one::<query::state::Output<'_>>("query state"),
    items::<Transition>("query transitions"),
    one::<epoch::start::Output>("epoch start"),
    items::<epoch::list::Item<'_>>("epoch list"),
    one::<epoch::show::json::Output<'_>>("epoch show"),
    one::<epoch::next::command::Output<'_>>("epoch next"),
    // Each change is an object of its own.
    one::<epoch::show::json::Output<'_>>("epoch watch"),
    items::<epoch::history::Happened>("epoch history"),
    one::<epoch::cancel::Output<'_>>("epoch cancel"),
    one::<epoch::terminate::Output<'_>>("epoch terminate"),
    one::<query::state::Output<'_>>("epoch wait"),
    one::<epoch::simulate::shown::Output<'_>>("epoch simulate"),
    one::<message::Sent<'_>>("signal vote"),
    one::<message::Sent<'_>>("signal complete"),
    one::<message::Sent<'_>>("phase advance"),
    one::<message::Sent<'_>>("session register"),
    items::<session::list::Item<'_>>("session list"),
    one::<message::Sent<'_>>("session end"),
    one::<message::Sent<'_>>("finding add"),
    items::<FindingView>("finding list"),
    one::<message::Sent<'_>>("finding resolve"),
    one::<slice::ending::Output<'_>>("slice start"),
    one::<slice::ending::Output<'_>>("slice plan"),
    inside::<slice::list::Output<'_>, slice::list::Row<'_>>("slice list"),
    one::<slice::show::Output<'_>>("slice show"),
    one::<message::Sent<'_>>("slice progress"),
    one::<message::Sent<'_>>("slice cancel"),
    one::<slice::ending::Output<'_>>("slice retry"),
    one::<message::Sent<'_>>("slice waive"),
    one::<slice::attach::Output<'_>>("slice attach"),
    inside::<review::show::Output<'_>, review::show::RoundShown<'_>>("review show"),
    one::<protocol::show::Output>("protocol show"),
    one::<protocol::check::verdict::Output<'_>>("protocol check"),
    one::<constraint::list::Output>("constraint list"),
    one::<constraint::explain::Output<'_>>("constraint explain"),
    items::<audit::entry::Entry>("audit list"),
    // Each event is a line, whatever is asked for.
    one::<audit::entry::Entry>("audit export"),
    one::<audit::verify::output::Output<'_>>("audit verify"),
    inside::<config::show::Output, config::show::Item>("config show"),
    one::<config::path::Output>("config path"),
    one::<config::init::Output>("config init"),
    inside::<doctor::line::Output<'_>, doctor::line::Line>("doctor"),
    one::<hook::install::Output>("hook install"),
    one::<hook::install::Output>("hook uninstall"),
    items::<hook::test::Item>("hook test"),
];

/// One object, in one line too.
const fn one<T: JsonSchema>(command: &'static str) -> Entry {
    inside::<T, T>(command)
}

/// A list, an item of it in a line.
const fn items<T: JsonSchema>(command: &'static str) -> Entry {
    inside::<Vec<T>, T>(command)
}

/// An object with a list inside, an item of that in a line.
const fn inside<W: JsonSchema, T: JsonSchema>(command: &'static str) -> Entry {
    Entry {
        command,
        whole: schema::<W>,
        line: schema::<T>,
    }
}

fn schema<T: JsonSchema>() -> Schema {
    // What may be missing where it is read is always there where it is written.
    let no_default = RecursiveTransform(|schema: &mut Schema| {
        schema.remove("default");
    });
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with_transform(no_default);
    settings.into_generator().into_root_schema_for::<T>()
}

/// The commands that print JSON, and `error`.
pub fn commands() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|entry| entry.command)
}

/// The schema of a command's output, or of one line of it, if it prints JSON.
pub fn schema_of(command: &str, line: bool) -> Option<Value> {
    let entry = ALL.iter().find(|entry| entry.command == command)?;
    let mut schema = if line {
        (entry.line)()
    } else {
        (entry.whole)()
    };
    let title = match entry.command {
        "error" => "What aura-msg prints to standard error when it fails".to_owned(),
        command => format!("aura-msg {command}"),
    };
    schema.insert("title".to_owned(), title.into());
    Some(schema.to_value())
}
