//! Who works, and who may run commands.

use super::*;
use crate::cli::commands::doctor::workers;

#[test]
fn somebody_works_or_nobody_does() {
    const FIX: Option<&str> = Some("aurad --task-queue aura");
    let told = |queue: &Queue| workers::queue(&here(), queue, NOW);
    let mut busy = queue(
        vec![poller(5, "b"), poller(70, "b")],
        vec![poller(61, "b")],
        2,
    );
    let what = "task queue 'aura': 2 workers for workflows, heard of 5s ago; 1 worker for \
                activities, heard of 1m ago";
    check(&told(&busy), Status::Ok, what, None);
    let asked = |has_answered| {
        Some(Asked {
            epoch_id: "e".to_owned(),
            has_answered,
        })
    };
    busy.asked = asked(None);
    check(&told(&busy), Status::Ok, what, None);
    busy.asked = asked(Some(true));
    check(
        &told(&busy),
        Status::Ok,
        &format!("{what}; epoch 'e' answers"),
        None,
    );
    busy.asked = asked(Some(false));
    check(
        &told(&busy),
        Status::Warn,
        &format!("{what}; but for epoch 'e' nobody answers"),
        Some("they are busy, or have ended since; if they have: aurad --task-queue aura"),
    );
    for (seen, what) in [
        (
            queue(vec![], vec![], 0),
            "nobody works on task queue 'aura'",
        ),
        (
            queue(vec![], vec![], 1),
            "nobody works on task queue 'aura'; 1 open epoch waits there",
        ),
        (
            queue(vec![poller(200, "b")], vec![poller(190, "b")], 2),
            "nobody works on task queue 'aura' any more, for 3m; 2 open epochs wait there",
        ),
        (
            queue(vec![poller(1, "b")], vec![], 0),
            "task queue 'aura' has no worker for activities",
        ),
        (
            queue(vec![], vec![poller(1, "b")], 0),
            "task queue 'aura' has no worker for workflows",
        ),
        (
            queue(vec![poller(1, "b")], vec![poller(100, "b")], 0),
            "task queue 'aura' has no worker for activities",
        ),
    ] {
        check(&told(&seen), Status::Fail, what, FIX);
    }
    let mut unknown = queue(vec![], vec![], 0);
    unknown.activity = Err(denied());
    assert_eq!(told(&unknown).status, Status::Warn);
    let line = workers::queue(&elsewhere(), &queue(vec![], vec![], 0), NOW);
    let remedy = "aurad --task-queue aura --address far:1 --namespace 'a team'\\''s'";
    assert_eq!(line.remedy.as_deref(), Some(remedy));
}

#[test]
fn commands_have_a_place_or_need_none() {
    let none = daemon("");
    let some = daemon("[runner.sleep]\nargv = [\"sleep\"]\n");
    let host = |pollers| vec![("aura-host-h".to_owned(), pollers)];
    let told = |aurad, hosts: Vec<_>| {
        let line = workers::commands(aurad, &hosts, NOW);
        (line.status, line.what)
    };
    let nothing = "none may run on this machine: no runner is configured, and no shell";
    assert_eq!(told(&none, vec![]), (Status::Ok, nothing.to_owned()));
    assert_eq!(told(&none, host(Ok(vec![]))).0, Status::Ok);
    let (status, what) = told(&some, host(Ok(vec![poller(1, "b")])));
    assert_eq!(
        (status, &*what),
        (Status::Ok, "this machine runs them ('aura-host-h')")
    );
    assert_eq!(
        told(&some, host(Ok(vec![poller(100, "b")]))).0,
        Status::Warn
    );
    assert_eq!(told(&some, host(Ok(vec![]))).0, Status::Warn);
    assert_eq!(told(&some, host(Err(denied()))).0, Status::Warn);
    assert_eq!(told(&some, vec![]).0, Status::Warn);
}
