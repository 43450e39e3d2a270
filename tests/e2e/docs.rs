//! What the documentation shows is what happens. README.md and each page of `docs` is one
//! script: its blocks are run in their order, in a fresh home, by somebody who has a clone
//! of the repository and both programs on the path, and what a block shows is compared
//! with what is printed. CONTRIBUTING.md says how a block is written.
//!
//! On the embedded engine every page is run. On a server of Temporal's own those are that
//! promise to be the same there; an `aurad --embedded` of theirs is then an `aurad`.

mod page;
mod reader;
mod shown;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::TARGET;
use crate::server::{Options, Server, Target};
use crate::support::binary::say;
use page::{Block, Kind};
use reader::Reader;

/// Pages that say that they hold on any server.
const ON_ANY_SERVER: [&str; 2] = ["README.md", "docs/getting-started.md"];

/// Blocks that are run, at least; were there fewer, the pages would not be read well.
const FEWEST: usize = 30;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, by their paths in the repository.
fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned()];
    for entry in fs::read_dir(root().join("docs")).expect("there are pages") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|end| end == "md") {
            let name = path.file_name().expect("it has a name").to_string_lossy();
            pages.push(format!("docs/{name}"));
        }
    }
    pages.sort();
    pages
}

/// The blocks of a page, in order.
fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(root().join(page)).expect("it is text");
    match page::blocks(&text) {
        Ok(blocks) => blocks,
        Err(why) => panic!("{page}:{why}"),
    }
}

#[test]
fn what_the_pages_show_is_what_happens() {
    let mut pages = pages();
    if TARGET == Target::Temporal {
        pages.retain(|page| ON_ANY_SERVER.contains(&page.as_str()));
    }
    let found: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(|| run(page).unwrap_or_default()))
            .collect();
        let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .flat_map(|found| found.unwrap_or_else(|_| vec!["a page could not be run".to_owned()]))
            .collect()
    });
    assert!(
        found.is_empty(),
        "the documentation shows what does not happen:\n\n{}",
        found.join("\n")
    );
}

/// Runs a page, and gives what is not as it shows; none where there is no server.
fn run(page: &str) -> Option<Vec<String>> {
    let server = match TARGET {
        Target::Embedded => None,
        Target::Temporal => Some(Server::start(Options::default())?),
    };
    let mut reader = Reader::new(server.as_ref().map(Server::address));
    let mut found = Vec::new();
    for block in blocks(page) {
        let Block { line, kind, text } = block;
        let outcome = match kind {
            Kind::Console => reader.console(&text),
            Kind::Script => reader.script(&text),
            Kind::File(path) => reader.file(&path, &text),
            Kind::NotRun(_) | Kind::Shown => Ok(()),
        };
        match outcome {
            Ok(()) => {}
            Err(reader::Wrong::Shown(why)) => found.push(format!("{page}:{line}: {why}")),
            Err(reader::Wrong::Failed(why)) => {
                // What follows needs it.
                found.push(format!("{page}:{line}: {why}"));
                break;
            }
        }
    }
    Some(found)
}

#[test]
fn blocks_that_are_not_run_say_why() {
    let (mut run, mut left): (usize, Vec<String>) = (0, Vec::new());
    for page in pages() {
        for Block { line, kind, .. } in blocks(&page) {
            match kind {
                Kind::Console | Kind::Script => run += 1,
                Kind::NotRun(why) => left.push(format!("  {page}:{line}: {why}")),
                Kind::File(_) | Kind::Shown => {}
            }
        }
    }
    say(&format!(
        "documentation: {run} blocks are run, {} are not:\n{}",
        left.len(),
        left.join("\n")
    ));
    assert!(run >= FEWEST, "{run} blocks are run");
    assert!(left.len() * 3 < run, "most of a documentation can be run");
}

/// The repository's folders that a reader has in a clone.
fn clone_folders() -> [(PathBuf, &'static str); 2] {
    ["examples", "dist"].map(|name| (root().join(name), name))
}
