//! The binaries without a server: what they say to wrong words, wrong files and dead
//! ends; and the house itself, whose rules are tested rather than promised.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, and nothing here is used from outside"
)]

#[path = "../support.rs"]
mod support;

mod abbreviations;
mod admin;
mod audit;
mod colour;
mod commands;
mod completing;
mod config;
mod container;
mod daemon;
mod dead_servers;
mod docs;
mod doctor;
mod embedded;
mod generated;
mod generated_docs;
mod generated_figures;
mod help;
mod hooks;
mod layering;
mod limits;
mod linking;
mod logs;
mod mcp;
mod nix;
mod pipes;
mod programs;
mod replay;
mod rules;
mod runner;
mod runner_tmux;
mod schemas;
mod scripts;
mod service;
mod settings;
mod slices;
mod suites;
mod usage;
mod validation;
