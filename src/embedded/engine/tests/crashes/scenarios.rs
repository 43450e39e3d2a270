//! What clients do in each scenario, and how it ends.

/// One thing that is done until it is known to be done.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Starts a workflow of this type under this id.
    Start(&'static str, &'static str),
    /// The same with a retry policy.
    StartWithRetries(&'static str, &'static str),
    /// Signals a workflow; the signal's name is its request id.
    Signal(&'static str, &'static str),
    /// Signals a workflow, which may have to be started for that.
    SignalWithStart(&'static str, &'static str, &'static str),
    /// Asks for an update by its id, and waits for the outcome.
    Update(&'static str, &'static str),
    /// Asks how many signals a workflow has heard.
    Query(&'static str),
    Cancel(&'static str),
    Terminate(&'static str),
    /// The worker takes the next workflow task there is, and does nothing until it is
    /// released.
    Hold,
    /// It answers it.
    Release,
    /// It never will.
    Drop,
    /// Seconds go by.
    Wait(i64),
}

pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) steps: Vec<Step>,
    /// How the last run of each workflow ended.
    pub(super) outcome: Vec<(&'static str, &'static str)>,
}

pub(super) fn scenarios() -> Vec<Scenario> {
    use Step as S;
    vec![
        Scenario {
            name: "signals, an activity that is tried again, and a timer",
            steps: vec![
                S::Start("gather", "flow"),
                S::Query("flow"),
                S::Hold,
                S::Signal("flow", "a"),
                S::Signal("flow", "b"),
                S::Release,
                S::SignalWithStart("gather", "flow", "c"),
                S::Query("flow"),
            ],
            outcome: vec![("flow", "Completed a b c")],
        },
        Scenario {
            name: "a signal that starts, and one that comes as the workflow ends",
            steps: vec![
                S::SignalWithStart("renew", "flow", "a"),
                S::Hold,
                S::Signal("flow", "b"),
                S::Signal("flow", "c"),
                S::Release,
                S::Signal("flow", "d"),
                S::Signal("flow", "e"),
                S::Query("flow"),
            ],
            outcome: vec![("flow", "Completed a b c d e")],
        },
        Scenario {
            name: "a child that is told things",
            steps: vec![S::Start("parent", "flow"), S::Query("flow"), S::Wait(30)],
            outcome: vec![
                ("child", "Completed a b c"),
                (
                    "flow",
                    "Completed a done, b done, c done, child done, nobody failed",
                ),
            ],
        },
        Scenario {
            name: "a parent that leaves children behind",
            steps: vec![
                S::Start("leaver", "flow"),
                S::Wait(1),
                S::Signal("flow", "go"),
                S::Cancel("left"),
            ],
            outcome: vec![
                ("asked", "Canceled"),
                ("ended", "Terminated"),
                ("flow", "Completed gone"),
                ("left", "Canceled"),
            ],
        },
        Scenario {
            name: "updates, fast, slow and refused",
            steps: vec![
                S::Start("updated", "flow"),
                S::Update("flow", "one"),
                S::Update("flow", "reject"),
                S::Update("flow", "slow1"),
                S::Wait(4),
                S::Hold,
                S::Signal("flow", "hello"),
                S::Update("flow", "two"),
                S::Release,
                S::Signal("flow", "go"),
            ],
            outcome: vec![("flow", "Completed one slow1 two")],
        },
        Scenario {
            name: "a workflow that fails twice",
            steps: vec![S::StartWithRetries("flaky", "flow"), S::Wait(1)],
            outcome: vec![("flow", "Completed third")],
        },
        Scenario {
            name: "a task whose worker is lost",
            steps: vec![
                S::Start("gather", "flow"),
                S::Hold,
                S::Signal("flow", "a"),
                S::Signal("flow", "b"),
                S::Drop,
                S::Wait(11),
                S::Signal("flow", "c"),
            ],
            outcome: vec![("flow", "Completed a b c")],
        },
        Scenario {
            name: "an end without asking, with a task under way",
            steps: vec![
                S::Start("leaver", "flow"),
                S::Start("gather", "other"),
                S::Hold,
                S::Signal("other", "a"),
                S::Signal("other", "b"),
                S::Terminate("other"),
                S::Release,
                S::Terminate("flow"),
                S::Terminate("left"),
            ],
            outcome: vec![
                ("asked", "Canceled"),
                ("ended", "Terminated"),
                ("flow", "Terminated"),
                ("left", "Terminated"),
                ("other", "Terminated"),
            ],
        },
    ]
}
