//! The server, its namespace and attributes, the releases and the clocks.

use super::*;
use crate::cli::commands::doctor::server;

#[test]
fn a_server_answers_or_does_not() {
    let seen = answering("1.2");
    check(
        &server::server(&here(), &Ok(seen.clone())),
        Status::Ok,
        "localhost:7233 answers in 3 ms; version 1.2",
        None,
    );
    let slow = ServerSeen {
        latency: Duration::from_secs(2),
        ..seen
    };
    check(
        &server::server(&here(), &Ok(slow)),
        Status::Warn,
        "localhost:7233 answers in 2000 ms; version 1.2; that is slow",
        Some("see whether the server or the network to it is overloaded"),
    );
    let lines = server::dead(&here(), &Err(refused()));
    let (first, rest) = lines.split_first().unwrap();
    assert_eq!(first.status, Status::Fail);
    assert_eq!(first.what, "localhost:7233 cannot be reached: refused");
    assert!(rest.iter().all(|line| line.status == Status::Skip));
    let line = server::server(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Fail);
    assert!(line.what.contains("refuses access"), "{}", line.what);
}

#[test]
fn a_namespace_is_there_or_not_or_not_to_be_asked_for() {
    let seen = |days: u64| {
        Ok(NamespaceSeen {
            retention: Some(Duration::from_secs(days * 86_400)),
        })
    };
    check(
        &server::namespace(&here(), &seen(3)),
        Status::Ok,
        "'default' exists; closed epochs are kept for 3d",
        None,
    );
    let line = server::namespace(&here(), &seen(0));
    assert!(line.what.contains("does not say"), "{}", line.what);
    let unknown = Err(Error::UnknownNamespace {
        namespace: "a team's".to_owned(),
        address: "far:1".to_owned(),
    });
    assert!(server::is_lost(&unknown));
    check(
        &server::namespace(&elsewhere(), &unknown),
        Status::Fail,
        "'a team's' does not exist",
        Some(
            "name another with --namespace, or run: temporal operator namespace create \
             --namespace 'a team'\\''s' --address far:1",
        ),
    );
    let line = server::namespace(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Warn);
}

fn attributes(found: impl Fn(&str, Kind) -> Option<String>) -> Vec<AttributeSeen> {
    ALL.into_iter()
        .map(|(name, wanted)| AttributeSeen {
            name,
            wanted,
            found: found(name, wanted),
        })
        .collect()
}

#[test]
fn attributes_are_there_with_their_types() {
    let right = |_: &str, kind: Kind| Some(format!("{kind:?}"));
    check(
        &server::attributes(&here(), &Ok(attributes(right))),
        Status::Ok,
        "all 6 search attributes are there",
        None,
    );
    let missing = attributes(|name, kind| (name != "AuraRole").then(|| format!("{kind:?}")));
    check(
        &server::attributes(&here(), &Ok(missing)),
        Status::Warn,
        "1 of 6 are missing, so epochs cannot be searched by them: AuraRole",
        Some(
            "start aurad, which registers them if it may, or run: temporal operator \
             search-attribute create --name AuraRole --type Keyword",
        ),
    );
    let wrong = attributes(|_, _| Some("Keyword".to_owned()));
    check(
        &server::attributes(&here(), &Ok(wrong)),
        Status::Fail,
        "of another type than epochs need: AuraEpochId is Keyword, not Text",
        Some(
            "temporal operator search-attribute remove --name AuraEpochId --yes\nand start \
             aurad again, which registers them",
        ),
    );
    let line = server::attributes(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Warn);
}

#[test]
fn releases_that_differ_are_told() {
    let builds = |of: &[&str]| {
        let pollers = of.iter().map(|build| poller(1, build)).collect();
        [queue(pollers, vec![], 0)]
    };
    let told = |version: &str, of: &[&str]| server::versions(&answering(version), &builds(of));
    let own = env!("CARGO_PKG_VERSION");
    check(
        &told("1.2", &["b", "b"]),
        Status::Ok,
        &format!("aura-msg {own}; server 1.2; aurad's is not known, its build is b"),
        None,
    );
    assert_eq!(told("1.2", &["b", "c"]).status, Status::Warn);
    assert_eq!(
        told(&format!("1.2-embedded.{own}"), &["b"]).status,
        Status::Ok
    );
    assert_eq!(told("1.2-embedded.9.9.9", &["b"]).status, Status::Warn);
}

#[test]
fn clocks_agree_or_not_or_nothing_is_known() {
    let clock = |ahead: i64| {
        let clock = Clock {
            server: ago(ahead),
            here: ago(0),
        };
        server::clock(Some(clock), None, NOW)
    };
    assert_eq!(clock(2).status, Status::Ok);
    assert_eq!(clock(-3).status, Status::Ok);
    let line = clock(600);
    assert_eq!(line.status, Status::Warn);
    let what = "this machine's clock is 9 min ahead of the server's, give or take a second";
    assert_eq!(line.what, what);
    assert!(
        clock(-60).what.contains("60 s behind"),
        "{}",
        clock(-60).what
    );

    let guess = |seconds| server::clock(None, Some(ago(seconds)), NOW);
    for seconds in [3_600, 0, -4] {
        let line = guess(seconds);
        assert_eq!(line.status, Status::Skip);
        assert!(line.what.starts_with("unknown"), "{}", line.what);
    }
    let line = guess(-90);
    assert_eq!(line.status, Status::Warn);
    assert_eq!(
        line.what,
        "this machine's clock is at least 90 s behind the server's"
    );
    assert_eq!(server::clock(None, None, NOW).status, Status::Skip);
}

#[test]
fn a_foreign_refusal_is_no_verdict() {
    let refusal = Error::Server(Answer::unimplemented("not here"));
    let line = server::attributes(&here(), &Err(refusal));
    assert_eq!(line.status, Status::Warn);
    assert!(line.what.contains("not here"), "{}", line.what);
}
