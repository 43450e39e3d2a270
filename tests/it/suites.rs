//! The end-to-end suite is compiled twice, once for each server. This holds its two lists of
//! modules against each other, so that no scenario runs on one of them alone.

/// What a crate's root has, apart from what it says of itself and where it runs.
fn modules(root: &str) -> Vec<&str> {
    let is_module = |line: &&str| line.starts_with("mod ") || line.starts_with("#[path");
    root.lines().filter(is_module).collect()
}

#[test]
fn every_scenario_is_for_both_servers() {
    let server = modules(include_str!("../e2e/main.rs"));
    let engine = modules(include_str!("../e2e/embedded.rs"));
    assert!(server.len() > 20, "{server:?}");
    assert_eq!(server, engine);
}
