//! Work trees of real repositories.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{Error, Worktree, make, name};

/// A repository with a commit, and a folder for work trees beside it.
struct Desk {
    root: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self::empty();
        fs::write(desk.repository().join("file"), "committed\n").unwrap();
        desk.git(&["add", "."]);
        desk.git(&["commit", "--quiet", "-m", "first"]);
        desk
    }

    /// One without a commit.
    fn empty() -> Self {
        let root = TempDir::new().unwrap();
        let desk = Self { root };
        fs::create_dir(desk.repository()).unwrap();
        desk.git(&["init", "--quiet", "-b", "main"]);
        desk
    }

    fn repository(&self) -> PathBuf {
        self.root.path().join("repository")
    }

    fn under(&self) -> PathBuf {
        self.root.path().join("trees").join("of slices")
    }

    async fn make(&self, key: &str) -> Result<Worktree, Error> {
        make(&self.repository(), key, &self.under()).await
    }

    fn git(&self, words: &[&str]) -> String {
        git(&self.repository(), words)
    }
}

fn git(directory: &Path, words: &[&str]) -> String {
    let output = try_git(directory, words);
    assert!(output.status.success(), "git {words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn try_git(directory: &Path, words: &[&str]) -> Output {
    let person = ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "a"));
    let mail = ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "a@b.example"));
    Command::new("git")
        .current_dir(directory)
        .args(words)
        .envs(person)
        .envs(mail)
        .output()
        .unwrap()
}

#[tokio::test]
async fn a_work_tree_has_the_commit_and_a_branch_and_leaves_the_users_tree_alone() {
    let desk = Desk::new();
    fs::write(desk.repository().join("file"), "not committed\n").unwrap();
    fs::write(desk.repository().join("staged"), "").unwrap();
    desk.git(&["add", "staged"]);
    let before = desk.git(&["status", "--porcelain=v2", "--branch"]);

    let tree = desk.make("e1-slice-a").await.unwrap();

    assert_eq!(
        tree.path,
        desk.under().canonicalize().unwrap().join("e1-slice-a")
    );
    assert_eq!(tree.directory, tree.path);
    assert_eq!(tree.branch.as_deref(), Some("aura/e1-slice-a"));
    assert!(!tree.found);
    assert_eq!(
        fs::read_to_string(tree.path.join("file")).unwrap(),
        "committed\n"
    );
    assert_eq!(git(&tree.path, &["status", "--porcelain"]), "");

    assert_eq!(desk.git(&["status", "--porcelain=v2", "--branch"]), before);
    let kept = fs::read_to_string(desk.repository().join("file")).unwrap();
    assert_eq!(kept, "not committed\n");

    fs::write(tree.path.join("file"), "work\n").unwrap();
    git(&tree.path, &["commit", "--quiet", "-am", "work"]);
    desk.git(&["checkout", "--quiet", "--force", "main"]);
    desk.git(&["merge", "--quiet", "aura/e1-slice-a"]);
    let merged = fs::read_to_string(desk.repository().join("file")).unwrap();
    assert_eq!(merged, "work\n");
}

#[tokio::test]
async fn the_same_key_gives_the_same_work_tree_with_the_work_in_it() {
    let desk = Desk::new();
    let first = desk.make("k").await.unwrap();
    fs::write(first.path.join("new"), "work").unwrap();

    let second = desk.make("k").await.unwrap();
    assert!(second.found);
    assert_eq!((&second.path, &second.branch), (&first.path, &first.branch));
    assert_eq!(fs::read_to_string(second.path.join("new")).unwrap(), "work");

    git(&first.path, &["checkout", "--quiet", "--detach"]);
    let third = desk.make("k").await.unwrap();
    assert_eq!((third.path, third.branch), (first.path, None));
}

#[tokio::test]
async fn a_branch_of_an_earlier_work_tree_is_kept_and_the_next_is_numbered() {
    let desk = Desk::new();
    let first = desk.make("k").await.unwrap();
    let path = first.path.to_str().unwrap();
    desk.git(&["worktree", "remove", path]);

    let second = desk.make("k").await.unwrap();
    assert_eq!(second.branch.as_deref(), Some("aura/k-2"));
    assert!(second.path.ends_with("k-2"));
    assert!(desk.git(&["branch", "--list"]).contains("aura/k\n"));

    // Also when its branch is gone: the work is in the second.
    desk.git(&["branch", "-D", "aura/k"]);
    let third = desk.make("k").await.unwrap();
    assert_eq!((third.path, third.found), (second.path, true));
}

#[tokio::test]
async fn a_work_tree_that_was_deleted_by_hand_is_not_taken_for_one() {
    let desk = Desk::new();
    let first = desk.make("k").await.unwrap();
    fs::remove_dir_all(&first.path).unwrap();
    let second = desk.make("k").await.unwrap();
    assert!(!second.found);
    assert!(second.path.ends_with("k-2"), "{second:?}");
}

#[tokio::test]
async fn a_work_tree_that_was_interrupted_is_not_used() {
    let desk = Desk::new();
    let first = desk.make("k").await.unwrap();
    let path = first.path.to_str().unwrap();
    desk.git(&["worktree", "lock", "--reason", "initializing", path]);
    let second = desk.make("k").await.unwrap();
    assert_eq!(
        (second.branch.as_deref(), second.found),
        (Some("aura/k-2"), false)
    );
}

#[tokio::test]
async fn a_branch_named_aura_is_in_nobodys_way() {
    let desk = Desk::new();
    desk.git(&["branch", "aura"]);
    let tree = desk.make("k").await.unwrap();
    assert_eq!(tree.branch.as_deref(), Some("aura-k"));
}

#[tokio::test]
async fn a_folder_within_the_repository_is_the_same_folder_in_the_work_tree() {
    let desk = Desk::new();
    let inside = desk.repository().join("part").join("of it");
    fs::create_dir_all(&inside).unwrap();
    let tree = make(&inside, "k", &desk.under()).await.unwrap();
    assert_eq!(tree.directory, tree.path.join("part").join("of it"));
    assert!(tree.directory.is_dir() && tree.path.join("file").is_file());
}

#[tokio::test]
async fn work_trees_that_are_made_at_once_all_come_about() {
    let desk = Desk::new();
    desk.git(&["config", "branch.autoSetupMerge", "always"]);
    let keys: Vec<String> = (0..8).map(|n| format!("slice{n}")).collect();
    let made = futures::future::join_all(keys.iter().map(|key| desk.make(key))).await;
    let paths: BTreeSet<PathBuf> = made.into_iter().map(|tree| tree.unwrap().path).collect();
    assert_eq!(paths.len(), keys.len());
    for path in paths {
        assert!(path.join("file").is_file());
    }
}

#[tokio::test]
async fn no_hook_runs() {
    let desk = Desk::new();
    let hook = desk.repository().join(".git/hooks/post-checkout");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let ran = desk.root.path().join("ran");
    fs::write(&hook, format!("#!/bin/sh\ntouch '{}'\n", ran.display())).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();

    desk.make("k").await.unwrap();
    assert!(!ran.exists());
    // The hook is one that would have run.
    desk.git(&["worktree", "add", "--quiet", "--detach", "../other"]);
    assert!(ran.exists());
}

#[tokio::test]
async fn a_filter_of_the_repository_sees_nothing_of_the_daemons_environment() {
    let desk = Desk::new();
    fs::write(
        desk.repository().join(".gitattributes"),
        "file filter=look\n",
    )
    .unwrap();
    desk.git(&["add", "."]);
    desk.git(&["commit", "--quiet", "-m", "attributes"]);
    let seen = desk.root.path().join("seen");
    let smudge = format!("env > '{}'; cat", seen.display());
    desk.git(&["config", "filter.look.smudge", &smudge]);

    desk.make("k").await.unwrap();
    let seen = fs::read_to_string(&seen).unwrap();
    // Cargo gives this to every test, as a service manager would give a secret.
    assert!(std::env::vars_os().any(|(name, _)| name == "CARGO_MANIFEST_DIR"));
    assert!(!seen.contains("CARGO_MANIFEST_DIR"), "{seen}");
    assert!(seen.contains("PATH="), "{seen}");
}

#[tokio::test]
async fn what_stands_in_the_way_is_named_and_left_alone() {
    let desk = Desk::new();
    let taken = desk.under().join("k");
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join("mine"), "").unwrap();
    let path = taken.canonicalize().unwrap();
    assert_eq!(desk.make("k").await, Err(Error::PathTaken { path }));
    assert!(taken.join("mine").exists());

    // Nor is another repository at the path of a work tree taken for it.
    let tree = desk.make("other").await.unwrap();
    fs::remove_dir_all(&tree.path).unwrap();
    fs::create_dir(&tree.path).unwrap();
    git(&tree.path, &["init", "--quiet"]);
    assert_eq!(
        desk.make("other").await,
        Err(Error::PathTaken { path: tree.path })
    );
}

#[tokio::test]
async fn what_is_no_repository_with_a_commit_is_refused() {
    let desk = Desk::empty();
    let path = desk.repository();
    assert_eq!(desk.make("k").await, Err(Error::NoCommit { path }));

    let plain = desk.root.path().join("plain");
    fs::create_dir(&plain).unwrap();
    for path in [plain, desk.root.path().join("missing")] {
        let refused = make(&path, "k", &desk.under()).await;
        let Err(error @ Error::NotARepository { .. }) = &refused else {
            panic!("{}: {refused:?}", path.display());
        };
        assert!(error.to_string().contains(path.to_str().unwrap()));
        assert!(!error.why().is_empty() && error.fix().contains("git init"));
    }
    assert!(!desk.under().exists(), "a refusal makes no folders");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let desk = Desk::new();
    let file = desk.repository().join("file");
    let refused = make(&desk.repository(), "k", &file.join("trees")).await;
    assert!(matches!(refused, Err(Error::Folder { .. })), "{refused:?}");
}

#[test]
fn names_are_safe_readable_and_different() {
    assert_eq!(name("e1-slice-a"), "e1-slice-a");
    let long = "x".repeat(500);
    let keys = [
        "a/b", "a-b", "a.b", "a b", "..", "", "-rf", "a..b", "x.lock", "@{1}", "ä", "k-2", "k",
        "-", "a\nb", &long,
    ];
    let names: BTreeSet<String> = keys.iter().map(|key| name(key)).collect();
    assert_eq!(names.len(), keys.len(), "{names:?}");
    for name in &names {
        assert!(name.len() <= 120 && !name.starts_with('-') && !name.is_empty());
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        assert!(name.chars().all(plain), "{name}");
    }
    assert!(name("epoch 1/slice é").starts_with("epoch-1-slice"));
}
