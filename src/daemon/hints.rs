//! What to type first: three commands that work as they are printed, in a shell like the
//! one that the daemon was started from. They have a flag only where `aura-msg` would
//! otherwise go somewhere else.

use std::net::SocketAddr;

use crate::config::aurad::Settings;
use crate::config::{Address, Env, aura_msg};
use crate::shell::shell_word;

/// The commands, about an epoch of this name.
pub(super) fn commands(
    settings: &Settings,
    listening: SocketAddr,
    env: &dyn Env,
    epoch: &str,
) -> [String; 3] {
    // A file that is wrong for the one program is wrong for the other, so this is its
    // answer; were it none, the flags would say everything.
    let own = aura_msg::Settings::resolve(aura_msg::Flags::default(), env).ok();
    let own = own.as_ref();
    let mut flags = String::new();
    let address = Address::from(listening);
    if !own.is_some_and(|own| leads_to(&own.address.value, &address)) {
        flags = format!(" --address {address}");
    }
    let namespace = &settings.namespace.value;
    if own.is_none_or(|own| own.namespace.value != *namespace) {
        flags = format!("{flags} --namespace {}", shell_word(namespace));
    }
    let queues = &settings.task_queues.value;
    let queue = match (queues.first(), own) {
        (Some(first), None) => Some(first),
        (Some(first), Some(own)) if !queues.contains(&own.task_queue.value) => Some(first),
        _ => None,
    };
    // Only who starts an epoch says where it runs.
    let queue = queue.map_or_else(String::new, |queue| {
        format!(" --task-queue {}", shell_word(queue))
    });
    [
        format!(
            "aura-msg epoch start --epoch-id {epoch} --description 'My first epoch'{flags}{queue}"
        ),
        format!("aura-msg phase advance --epoch-id {epoch} --to-phase elicit{flags}"),
        format!("aura-msg query state --epoch-id {epoch}{flags}"),
    ]
}

/// Whether a client with the one address reaches who listens at the other.
fn leads_to(client: &Address, engine: &Address) -> bool {
    let is_local = client.host() == "localhost" && engine.host() == "127.0.0.1";
    client.port() == engine.port() && (is_local || client.host() == engine.host())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::commands;
    use crate::config::aurad::{Flags, Settings};

    type Variables = BTreeMap<&'static str, &'static str>;

    fn printed(flags: Flags, listening: &str, env: &[(&'static str, &'static str)]) -> [String; 3] {
        let mut env: Variables = env.iter().copied().collect();
        env.insert("XDG_DATA_HOME", "/data");
        let settings = Settings::resolve(flags, &env).unwrap();
        commands(&settings, listening.parse().unwrap(), &env, "e")
    }

    #[test]
    fn the_usual_place_takes_no_flag() {
        assert_eq!(
            printed(Flags::default(), "127.0.0.1:7233", &[]),
            [
                "aura-msg epoch start --epoch-id e --description 'My first epoch'",
                "aura-msg phase advance --epoch-id e --to-phase elicit",
                "aura-msg query state --epoch-id e",
            ]
        );
    }

    #[test]
    fn another_place_is_named_unless_the_environment_leads_there() {
        let [start, ..] = printed(Flags::default(), "127.0.0.1:4711", &[]);
        assert!(start.ends_with("' --address 127.0.0.1:4711"), "{start}");
        let [start, ..] = printed(Flags::default(), "[::1]:7233", &[]);
        assert!(start.ends_with("' --address [::1]:7233"), "{start}");
        let leads = [("TEMPORAL_ADDRESS", "127.0.0.1:4711")];
        let [start, ..] = printed(Flags::default(), "127.0.0.1:4711", &leads);
        assert!(start.ends_with("epoch'"), "{start}");
        let astray = [("TEMPORAL_ADDRESS", "elsewhere:7233")];
        let [.., query] = printed(Flags::default(), "127.0.0.1:7233", &astray);
        assert!(query.ends_with(" e --address 127.0.0.1:7233"), "{query}");
    }

    #[test]
    fn namespace_and_queue_are_named_where_they_matter() {
        let flags = Flags {
            namespace: Some("it's".to_owned()),
            task_queue: vec!["a b".to_owned(), "c".to_owned()],
            ..Flags::default()
        };
        let [start, advance, _] = printed(flags.clone(), "127.0.0.1:7233", &[]);
        let namespace = r" --namespace 'it'\''s'";
        assert!(
            start.ends_with(&format!("{namespace} --task-queue 'a b'")),
            "{start}"
        );
        assert!(advance.ends_with(namespace), "{advance}");
        let env = [("TEMPORAL_TASK_QUEUE", "c"), ("TEMPORAL_NAMESPACE", "it's")];
        let [start, ..] = printed(flags, "127.0.0.1:7233", &env);
        assert!(start.ends_with("epoch'"), "{start}");
    }
}
