use std::os::unix::process::CommandExt;
use std::process::Command;

use super::*;

fn identity() -> Identity {
    Identity {
        group: 100,
        started: 5000,
        boot: "boot".to_owned(),
        namespace: "pid:[1]".to_owned(),
    }
}

fn process(pid: i32, group: i32, session: i32, started: u64) -> Process {
    Process {
        pid,
        group,
        session,
        started,
        dead: false,
    }
}

fn found(processes: &[Process], marked: &[i32]) -> Vec<i32> {
    identify(&identity(), processes, |pid| marked.contains(&pid))
        .iter()
        .map(|one| one.pid)
        .collect()
}

#[test]
fn the_leader_vouches_for_its_group_and_its_session() {
    let all = [
        process(1, 1, 1, 1),
        process(100, 100, 100, 5000),
        process(101, 100, 100, 5001),
        process(102, 102, 100, 5002),
        process(103, 103, 103, 5003),
    ];
    assert_eq!(found(&all, &[]), [100, 101, 102]);
}

#[test]
fn a_leader_that_waits_to_be_reaped_vouches_but_does_not_live() {
    let mut leader = process(100, 100, 100, 5000);
    leader.dead = true;
    assert_eq!(found(&[leader, process(101, 100, 100, 5001)], &[]), [101]);
    assert_eq!(found(&[leader], &[]), [0; 0]);
}

#[test]
fn a_launcher_that_has_no_group_yet_is_one_alone() {
    let all = [process(50, 50, 50, 1), process(100, 50, 50, 5000)];
    assert_eq!(found(&all, &[]), [100]);
}

#[test]
fn a_number_that_was_used_again_is_nobody_of_ours() {
    let all = [
        process(100, 100, 100, 6000),
        process(101, 100, 100, 6001),
        process(102, 102, 100, 6002),
    ];
    assert_eq!(found(&all, &[101, 102]), [0; 0]);
}

#[test]
fn without_a_leader_a_mark_is_needed_and_one_is_enough() {
    let all = [process(101, 100, 100, 5001), process(102, 100, 100, 5002)];
    assert_eq!(found(&all, &[]), [0; 0]);
    assert_eq!(found(&all, &[102]), [101, 102]);
}

#[test]
fn nobody_who_is_older_than_the_group_vouches_for_it() {
    assert_eq!(found(&[process(101, 100, 100, 4999)], &[101]), [0; 0]);
}

#[test]
fn a_group_of_another_start_of_the_host_has_no_members() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::of(folder.path(), "key");
    let mut leader = Command::new("sleep");
    let mut leader = leader.arg("600").process_group(0).spawn().unwrap();
    let own = Identity::of_leader(leader.id().cast_signed()).unwrap();
    let group = |identity: &Identity| Group::new("key", identity.clone(), &place);
    assert!(!group(&own).members().unwrap().is_empty());
    for other in [
        Identity {
            boot: "another".to_owned(),
            ..own.clone()
        },
        Identity {
            namespace: "pid:[0]".to_owned(),
            ..own.clone()
        },
        Identity {
            started: own.started + 1,
            ..own.clone()
        },
    ] {
        assert_eq!(group(&other).members(), Ok(Vec::new()), "{other:?}");
    }
    leader.kill().unwrap();
    leader.wait().unwrap();
}
