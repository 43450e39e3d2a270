//! Commands that get a fresh work tree of a git repository.

use std::fs;
use std::path::{Path, PathBuf};

use super::{configure_in, start_in_p9, until};
use crate::support::output::{Output, run_limited};
use crate::world::World;

/// Writes where it works and what is there, changes that, and leaves a commit or not.
const WORKER: &str = r#"
import os, pathlib, subprocess, sys
me = os.environ["AURA_SLICE_ID"]
here = pathlib.Path.cwd()
there = sorted(path.name for path in here.iterdir() if path.name != ".git")
print(here, ",".join(there), pathlib.Path("code").read_text().strip())
pathlib.Path("code").write_text(f"changed by {me}\n")
pathlib.Path(f"new-{me}").write_text(sys.stdin.read())
if me == "s":
    subprocess.run(["git", "add", "."], check=True)
    names = ["-c", "user.name=worker", "-c", "user.email=worker@example.org"]
    subprocess.run(["git", *names, "commit", "--quiet", "--message", "work"], check=True)
"#;

/// Git, as the user of the repository calls it.
#[track_caller]
fn git(world: &World, directory: &Path, line: &str) -> Output {
    let mut command = world.sandbox.command("git");
    command.current_dir(directory).args(line.split(' '));
    for part in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{part}_NAME"), "user")
            .env(format!("GIT_{part}_EMAIL"), "user@example.org");
    }
    run_limited(&mut command, "", super::LIMIT)
        .expect("there is git")
        .ok()
}

/// A user's repository: one commit, and beside it what has not been committed.
fn repository(world: &World) -> PathBuf {
    let repository = world.sandbox.path().join("repository");
    world.sandbox.write("repository/code", "as committed\n");
    world.sandbox.write("repository/.gitignore", "notes\n");
    git(world, &repository, "init --quiet --initial-branch main");
    git(world, &repository, "add .");
    git(world, &repository, "commit --quiet --message first");
    world.sandbox.write("repository/notes", "for nobody\n");
    repository
}

/// All that a user sees of their repository: status, branch, commit, staged, and files.
fn seen(world: &World, repository: &Path) -> Vec<String> {
    let mut seen: Vec<String> = ["status --porcelain", "symbolic-ref HEAD", "rev-parse HEAD"]
        .iter()
        .chain(&["ls-files --stage", "stash list", "rev-parse main"])
        .map(|line| git(world, repository, line).stdout)
        .collect();
    let mut files: Vec<String> = fs::read_dir(repository)
        .expect("it is there")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() != ".git")
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("it is a text");
            format!("{}: {text}", entry.file_name().display())
        })
        .collect();
    files.sort_unstable();
    seen.append(&mut files);
    seen
}

/// A runner that works in work trees of this folder.
fn configure_for(world: &World, directory: &Path) {
    let runner = ("worker", WORKER, "worktree = true");
    configure_in(world, directory, &[runner], "");
}

#[track_caller]
fn start(world: &World, id: &str) {
    let line = format!("slice start --slice-id {id} --runner worker --prompt for-{id}");
    let _ = world.say(&line).ok();
}

#[test]
fn slices_work_in_trees_of_their_own_and_the_users_is_as_it_was() {
    let Some(world) = World::shared() else { return };
    let repository = repository(&world);
    configure_for(&world, &repository);
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    // What the user is about to change is not in the work trees, and stays with them.
    world.sandbox.write("repository/code", "being changed\n");
    world.sandbox.write("repository/draft", "new\n");
    git(&world, &repository, "add draft");
    let before = seen(&world, &repository);

    let mut trees = Vec::new();
    for id in ["s", "t"] {
        start(&world, id);
        let slice = until(&world, id, "succeeded");
        let tree = PathBuf::from(slice["worktree"].as_str().expect("a path"));
        let output = slice["output"].as_str().expect("a text");
        let expected = format!("{} .gitignore,code as committed\n", tree.display());
        assert_eq!(output, expected, "it ran in the tree that its result names");
        assert!(!tree.starts_with(&repository), "{}", tree.display());
        let left = |name: &str| fs::read_to_string(tree.join(name)).expect("it is still there");
        assert_eq!(left("code"), format!("changed by {id}\n"));
        assert_eq!(left(&format!("new-{id}")), format!("for-{id}"));
        let shown = world.say(&format!("slice show --slice-id {id}")).ok();
        let path = tree.display().to_string();
        assert!(shown.stdout.contains(&path), "{shown}");
        trees.push(tree);
    }
    assert_ne!(trees[0], trees[1]);
    assert!(!trees[1].join("new-s").exists(), "nothing of the first");
    assert_eq!(seen(&world, &repository), before);

    // What the first has committed is on a branch that the user can merge.
    let branches = git(
        &world,
        &repository,
        "branch --list aura/* --format %(refname:short)",
    );
    let branches: Vec<&str> = branches.stdout.lines().collect();
    assert_eq!(branches.len(), 2, "{branches:?}");
    let show = |branch: &&str| {
        let line = format!("log -1 --format=%s {branch}");
        git(&world, &repository, &line).stdout == "work\n"
    };
    assert_eq!(branches.iter().copied().filter(|b| show(b)).count(), 1);
}

#[test]
fn a_retry_finds_its_tree_again() {
    let Some(world) = World::shared() else { return };
    let repository = repository(&world);
    configure_for(&world, &repository);
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    let before = seen(&world, &repository);
    start(&world, "t");
    let first = until(&world, "t", "succeeded");
    let _ = world
        .say("slice retry --slice-id t --reason again --wait")
        .ok();
    let second = until(&world, "t", "succeeded");
    assert_eq!(second["attempt"], 2, "{second}");
    assert_eq!(second["worktree"], first["worktree"]);
    let output = second["output"].as_str().expect("a text");
    assert!(
        output.ends_with(".gitignore,code,new-t changed by t\n"),
        "with what is in it: {output}"
    );
    assert_eq!(seen(&world, &repository), before);
}

#[test]
fn a_folder_that_is_no_repository_fails_the_slice_with_the_reason() {
    let Some(world) = World::shared() else { return };
    let folder = world.sandbox.path().join("plain");
    world.sandbox.write("plain/code", "no repository\n");
    configure_for(&world, &folder);
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    let wait = "slice start --slice-id s --runner worker --prompt x --wait";
    let waited = world.say(wait).code(3);
    let slice = until(&world, "s", "failed");
    assert_eq!(slice["code"], "not_started", "{slice}");
    let error = slice["error"].as_str().expect("a text");
    let path = folder.display().to_string();
    assert!(error.contains(&path), "it names the folder: {error}");
    assert!(error.contains("repository"), "it says why: {error}");
    assert!(waited.to_string().contains("repository"), "{waited}");
    let left: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
    assert_eq!(left.len(), 1, "nothing was put there");
    assert_eq!(slice["worktree"], serde_json::Value::Null);
}
