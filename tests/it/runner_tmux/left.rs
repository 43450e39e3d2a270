//! Windows that nobody has to do with any more.

use std::fs;

use aura::runner::{Host, HowEnded, Left, OnShutdown, Stop};

use super::{Desk, await_gone, waiting};
use crate::support::wait::eventually;

fn left() -> Left {
    Left {
        key: "a".to_owned(),
        owner: "e".to_owned(),
        run: "e/1".to_owned(),
    }
}

/// Waits until this is left. A process that another test starts at this moment has our
/// locks too, until it becomes its program.
#[track_caller]
fn await_left(host: &Host, expected: &[Left]) {
    eventually("what is left", super::LIMIT, || {
        (futures::executor::block_on(host.left()) == expected).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_left_once_nobody_watches_it_and_until_somebody_does() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    assert_eq!(host.left().await, []);
    let job = desk.job("a", &waiting("true"));
    let running = Desk::start(&host, &job);
    desk.await_file("started");
    assert_eq!(host.left().await, []);
    assert_eq!(desk.host().left().await, [], "the lock is not free");
    running.stop(Stop::Shutdown).await.unwrap();
    await_left(&host, &[left()]);
    await_left(&desk.host(), &[left()]);

    // Who adopts it may ask for somebody else.
    let mut later = job.clone();
    later.owner = "f".to_owned();
    later.on_shutdown = OnShutdown::Leave;
    let adopted = Desk::start(&host, &later);
    let record = host.log("a").with_file_name("record.json");
    eventually("it is adopted", super::LIMIT, || {
        fs::read_to_string(&record)
            .is_ok_and(|record| record.contains(r#""owner":"f""#))
            .then_some(())
    });
    assert_eq!(host.left().await, []);
    adopted.stop(Stop::Shutdown).await.unwrap();
    let now = Left {
        owner: "f".to_owned(),
        ..left()
    };
    await_left(&host, &[now]);
    assert_eq!(desk.await_file("started").lines().count(), 1);

    desk.touch("go");
    desk.await_no_window();
    await_left(&host, &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_can_be_ended_and_what_came_since_is_not() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let job = desk.job("a", &waiting("exit 8"));
    let running = Desk::start(&host, &job);
    let pid = desk.await_file("started");
    assert_eq!(host.end_left(&left()).await, Ok(false), "it is watched");
    running.stop(Stop::Shutdown).await.unwrap();
    for other in [
        Left {
            run: "e/2".to_owned(),
            ..left()
        },
        Left {
            owner: "f".to_owned(),
            ..left()
        },
        Left {
            key: "never heard of".to_owned(),
            ..left()
        },
    ] {
        assert_eq!(host.end_left(&other).await, Ok(false), "{other:?}");
    }
    assert_eq!(desk.windows(), ["aura-e:slice-a"]);
    eventually("its end", super::LIMIT, || {
        let ended = futures::executor::block_on(host.end_left(&left()));
        ended.expect("it can be ended").then_some(())
    });
    await_gone(&pid);
    desk.await_no_window();
    assert_eq!(host.left().await, []);

    // Nothing of it is taken for the next attempt's.
    desk.touch("go");
    assert_eq!(desk.run(&job).await.unwrap().how, HowEnded::Exited(8));
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_go_on_when_everything_else_is_killed() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let running = Desk::start(&host, &desk.job("a", &waiting("exit 8")));
    desk.await_file("started");
    host.kill_all();
    desk.touch("go");
    assert_eq!(running.end().await.unwrap().how, HowEnded::Exited(8));
}
