//! The steps between phases as graphs, in the two languages that most tools draw.

use crate::protocol::table::{TABLE, Transition};
use crate::protocol::{Domain, PhaseId, Word};

/// Fill and line of a domain's phases.
const fn colours(domain: Domain) -> (&'static str, &'static str) {
    match domain {
        Domain::User => ("#fef3c7", "#b45309"),
        Domain::Plan => ("#dbeafe", "#1d4ed8"),
        Domain::Impl => ("#dcfce7", "#15803d"),
    }
}

/// A flowchart of Mermaid. Labels are in quotes, which its grammar needs for most marks.
pub(super) fn mermaid() -> String {
    let mut lines = vec!["flowchart TD".to_owned()];
    for spec in PhaseId::specs() {
        lines.push(format!(
            "    {}[\"{} {}<br/>{}\"]:::{}",
            spec.id,
            spec.id,
            quoted_in_mermaid(spec.title),
            spec.acts,
            spec.domain
        ));
    }
    lines.push(format!("    {}([complete])", PhaseId::Complete));
    for step in &TABLE {
        let arrow = if step.is_way_back() { "-.->" } else { "-->" };
        let label: Vec<String> = label(step)
            .iter()
            .map(|line| quoted_in_mermaid(line))
            .collect();
        lines.push(format!(
            "    {} {arrow}|\"{}\"| {}",
            step.from,
            label.join("<br/>"),
            step.to
        ));
    }
    for domain in Domain::ALL {
        let (fill, stroke) = colours(*domain);
        lines.push(format!(
            "    classDef {domain} fill:{fill},stroke:{stroke},color:#111"
        ));
    }
    lines.join("\n")
}

/// A graph of Graphviz.
pub(super) fn dot() -> String {
    let mut lines = vec![
        "digraph protocol {".to_owned(),
        "    rankdir=TB;".to_owned(),
        "    node [shape=box, style=\"rounded,filled\"];".to_owned(),
    ];
    for spec in PhaseId::specs() {
        let (fill, line) = colours(spec.domain);
        lines.push(format!(
            "    {} [label=\"{} {}\\n{}\", fillcolor=\"{fill}\", color=\"{line}\"];",
            spec.id,
            spec.id,
            quoted_in_dot(spec.title),
            spec.acts
        ));
    }
    lines.push(format!("    {} [shape=oval];", PhaseId::Complete));
    for step in &TABLE {
        let style = if step.is_way_back() {
            ", style=dashed"
        } else {
            ""
        };
        let label: Vec<String> = label(step).iter().map(|line| quoted_in_dot(line)).collect();
        lines.push(format!(
            "    {} -> {} [label=\"{}\"{style}];",
            step.from,
            step.to,
            label.join("\\n")
        ));
    }
    lines.push("}".to_owned());
    lines.join("\n")
}

/// What a step's arrow says: its condition, and the gates that are closed without it.
fn label(step: &Transition) -> Vec<String> {
    let mut lines = vec![step.condition.to_owned()];
    let gates: Vec<&str> = step.gates().iter().map(|gate| gate.word()).collect();
    if !gates.is_empty() {
        lines.push(format!("gates: {}", gates.join(", ")));
    }
    lines
}

fn quoted_in_mermaid(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;")
}

fn quoted_in_dot(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
