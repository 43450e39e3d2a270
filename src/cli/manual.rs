//! Manual pages, one for each command, made from the commands themselves. The words after
//! a help text, examples above all, keep their lines.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

/// The day of the release that the pages are of, as a page has to have one.
const DATE: &str = "2026-11-26";

/// The pages of a program: the name of each file, and its text.
pub(super) fn pages(program: Command) -> io::Result<Vec<(String, String)>> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    add(&program, &mut pages)?;
    Ok(pages)
}

fn add(command: &Command, pages: &mut Vec<(String, String)>) -> io::Result<()> {
    let page = Man::new(command.clone())
        .date(DATE)
        .source(concat!("aura ", env!("CARGO_PKG_VERSION")))
        .manual("aura");
    pages.push((page.get_filename(), text(command, &page)?));
    for child in command
        .get_subcommands()
        .filter(|child| !child.is_hide_set())
    {
        add(child, pages)?;
    }
    Ok(())
}

fn text(command: &Command, page: &Man) -> io::Result<String> {
    let mut out = Vec::new();
    page.render_title(&mut out)?;
    page.render_name_section(&mut out)?;
    page.render_synopsis_section(&mut out)?;
    page.render_description_section(&mut out)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        page.render_options_section(&mut out)?;
    }
    if command.has_subcommands() {
        page.render_subcommands_section(&mut out)?;
    }
    if let Some(after) = command.get_after_help() {
        write_after(&mut out, &after.to_string())?;
    }
    let text = String::from_utf8(out).map_err(io::Error::other)?;
    Ok(without_idle_breaks(&text))
}

/// The text without breaks of a line beside an empty one, where they do nothing and are
/// warned of.
fn without_idle_breaks(text: &str) -> String {
    let is_space = |line: Option<&str>| line.is_some_and(|line| matches!(line, "" | ".sp"));
    let mut kept = String::with_capacity(text.len());
    let mut before = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == ".br" && (is_space(before) || is_space(lines.peek().copied())) {
            continue;
        }
        kept.push_str(if line.is_empty() { ".sp" } else { line });
        kept.push('\n');
        before = Some(line);
    }
    kept
}

/// Paragraphs that begin with a title become sections of that name.
fn write_after(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    for paragraph in text.split("\n\n") {
        let (title, body) = match paragraph.split_once(":\n") {
            Some((title, body)) if !title.contains('\n') => (title, body),
            _ => ("Notes", paragraph),
        };
        let is_set = body.contains('\n');
        writeln!(out, ".SH {}", title.to_uppercase())?;
        if is_set {
            writeln!(out, ".nf")?;
        }
        for line in body.lines() {
            writeln!(out, "{}", escaped(line))?;
        }
        if is_set {
            writeln!(out, ".fi")?;
        }
    }
    Ok(())
}

/// A line of text as roff has it.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
