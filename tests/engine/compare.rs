//! Whether two targets did the same, and how that reads where they did not.

use std::fmt::Write;

use crate::scene::Record;

/// Scenarios whose histories are compared as sets of events, without those of workflow
/// tasks and without event ids, and why that is right. Their outcomes are compared in full.
const LOOSE: [(&str, &str); 4] = [
    (
        "updates_by_hand::before_the_first_task",
        "whether it comes in time for the first task is a race",
    ),
    (
        "updates::five_at_once",
        "how many share a task is the scheduler's affair",
    ),
    (
        "signals::burst_into_a_live_worker",
        "how many share a task is the scheduler's affair",
    ),
    (
        "workers::vanished_with_a_run_in_memory",
        "the server waits for a sticky queue's time limit; one that sees the polls end need not",
    ),
];

/// Lines that may differ: the scenario, how they begin, and why that is right.
const EXCEPTIONS: [(&str, &str, &str); 6] = [
    (
        "starting::incomplete",
        "bad cron:",
        "the embedded engine refuses every cron schedule, and says what to use instead",
    ),
    (
        "visibility::bad_filters",
        "EngineCount = 'x':",
        "a value that can never match is refused by the embedded engine",
    ),
    (
        "visibility::bad_filters",
        "WorkflowId = 'x' ORDER BY StartTime:",
        "the embedded engine can order; the server's SQLite store cannot",
    ),
    (
        "visibility::bad_pages",
        "list:",
        "the server answers a token that is none with Unknown; it is an invalid argument",
    ),
    (
        "visibility::history_in_pages",
        "page ",
        "the server counts what was written at once as one; the embedded engine counts events",
    ),
    (
        "visibility::history_reversed",
        "page ",
        "the server counts what was written at once as one; the embedded engine counts events",
    ),
];

/// Whether a line may differ.
fn is_excepted(scenario: &str, line: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(name, begin, _)| *name == scenario && line.starts_with(begin))
}

/// Whether a scenario's histories are compared as sets.
pub fn is_loose(scenario: &str) -> bool {
    LOOSE.iter().any(|(loose, _)| *loose == scenario)
}

/// Scenarios, or a family, in which a task is not answered in time, on purpose.
const LOSING: [&str; 5] = [
    "timeouts::",
    "tasks::timed_out",
    "tasks::timed_out_then_signalled",
    "tasks::sticky_timeout",
    "workers::vanished_with_a_task",
];

/// Whether a record tells of a task that was lost, though that is not what its scenario is
/// about. Where a task is lost on purpose the next attempt has to be the last.
pub fn lost_a_task(scenario: &str, record: &str) -> bool {
    if LOSING.iter().any(|losing| scenario.starts_with(losing)) {
        return record.contains(r#"WorkflowTaskScheduled {"attempt":3"#);
    }
    record.contains("WorkflowTaskTimedOut") || record.contains("activity StartToClose timeout")
}

/// How many equal lines are shown before the first difference.
const CONTEXT: usize = 4;

/// What differs between two records of one scenario; none if nothing does.
pub fn difference(scenario: &str, names: [&str; 2], records: [&Record; 2]) -> Option<String> {
    let [first, second] = records.map(|record| {
        let mut lines = record.lines();
        lines.retain(|line| !is_excepted(scenario, line));
        lines
    });
    if first == second {
        return None;
    }
    let common = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let head = common(&mut first.iter().zip(&second));
    let shorter = first.len().min(second.len()) - head;
    let tail = common(&mut first.iter().rev().zip(second.iter().rev())).min(shorter);
    let mut text = format!("- {}\n+ {}\n", names[0], names[1]);
    let mut show = |mark: char, lines: &[String]| {
        for line in lines {
            let _ = writeln!(text, "{mark} {line}");
        }
    };
    show(' ', &first[head.saturating_sub(CONTEXT)..head]);
    let ours = &first[head..first.len() - tail];
    let theirs = &second[head..second.len() - tail];
    if ours.len() == theirs.len() {
        // Most likely the same events, of which some say something else.
        let pairs = ours.iter().zip(theirs).filter(|(one, other)| one != other);
        for (one, other) in pairs {
            show('-', std::slice::from_ref(one));
            show('+', std::slice::from_ref(other));
        }
    } else {
        show('-', ours);
        show('+', theirs);
    }
    Some(text)
}

mod tests;
