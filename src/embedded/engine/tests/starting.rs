//! What may start a workflow when there was one of its id already, and what a start may say.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::command::v1::UpsertWorkflowSearchAttributesCommandAttributes;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as CommandAttributes;
use temporalio_common::protos::temporal::api::common::v1::{Payload, SearchAttributes};
use temporalio_common::protos::temporal::api::enums::v1::{
    WorkflowIdConflictPolicy as Conflict, WorkflowIdReusePolicy as Reuse,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    SignalWithStartWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use super::worker::{command, complete, continue_as_new, fail};
use super::world::{NAMESPACE, World, start};
use crate::embedded::engine::time::duration;

/// What is there of the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    Nothing,
    Running,
    Completed,
    Failed,
}

/// What a start comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    New,
    /// After the end of the one that ran.
    Instead,
    Existing,
    Taken,
    Invalid,
}

fn world(there: There) -> World {
    let mut world = World::new();
    if there != There::Nothing {
        let mut request = start("any", "flow");
        request.request_id = "before".to_owned();
        world.start(request).unwrap();
    }
    match there {
        There::Completed => drop(world.work(vec![complete("")]).unwrap()),
        There::Failed => drop(world.work(vec![fail()]).unwrap()),
        There::Nothing | There::Running => {}
    }
    world
}

fn comes(there: There, request: StartWorkflowExecutionRequest) -> Comes {
    let mut world = world(there);
    let before = world.disk.runs_of("flow").len();
    match world.start(request) {
        Ok(started) if !started.new => Comes::Existing,
        Ok(_) => {
            let runs = world.disk.runs_of("flow");
            assert_eq!(runs.len(), before + 1);
            let ended = there == There::Running && runs[0].close_time.is_some();
            if ended { Comes::Instead } else { Comes::New }
        }
        Err(refusal) if refusal.code == Code::AlreadyExists => Comes::Taken,
        Err(refusal) => {
            assert_eq!(refusal.code, Code::InvalidArgument);
            Comes::Invalid
        }
    }
}

#[test]
fn policies_say_what_becomes_of_an_id_that_was_used() {
    use Comes as C;
    use There as T;
    let all = [T::Nothing, T::Running, T::Completed, T::Failed];
    let table = [
        (
            Reuse::Unspecified,
            Conflict::Unspecified,
            [C::New, C::Taken, C::New, C::New],
        ),
        (
            Reuse::AllowDuplicate,
            Conflict::Fail,
            [C::New, C::Taken, C::New, C::New],
        ),
        (
            Reuse::AllowDuplicate,
            Conflict::UseExisting,
            [C::New, C::Existing, C::New, C::New],
        ),
        (
            Reuse::AllowDuplicate,
            Conflict::TerminateExisting,
            [C::New, C::Instead, C::New, C::New],
        ),
        (
            Reuse::AllowDuplicateFailedOnly,
            Conflict::Fail,
            [C::New, C::Taken, C::Taken, C::New],
        ),
        (
            Reuse::AllowDuplicateFailedOnly,
            Conflict::TerminateExisting,
            [C::New, C::Instead, C::Taken, C::New],
        ),
        (
            Reuse::RejectDuplicate,
            Conflict::Fail,
            [C::New, C::Taken, C::Taken, C::Taken],
        ),
        (
            Reuse::RejectDuplicate,
            Conflict::UseExisting,
            [C::New, C::Existing, C::Taken, C::Taken],
        ),
        (
            Reuse::RejectDuplicate,
            Conflict::TerminateExisting,
            [C::Invalid; 4],
        ),
    ];
    for (reuse, conflict, expected) in table {
        let mut request = start("any", "flow");
        request.workflow_id_reuse_policy = reuse as i32;
        request.workflow_id_conflict_policy = conflict as i32;
        let comes = all.map(|there| comes(there, request.clone()));
        assert_eq!(comes, expected, "{reuse:?}, {conflict:?}");
    }
}

#[test]
fn the_old_policy_that_ends_what_runs_stands_alone() {
    let mut request = start("any", "flow");
    request.workflow_id_reuse_policy = 4;
    assert_eq!(comes(There::Running, request.clone()), Comes::Instead);
    request.workflow_id_conflict_policy = Conflict::Fail as i32;
    assert_eq!(comes(There::Running, request), Comes::Invalid);
}

#[test]
fn a_start_is_known_by_its_request_even_after_the_run_has_ended_and_a_restart() {
    for ends in [false, true] {
        let mut world = World::new();
        let first = world.start(start("any", "flow")).unwrap();
        if ends {
            world.work(vec![complete("")]).unwrap();
        }
        world.restart();
        let again = world.start(start("any", "flow")).unwrap();
        assert_eq!((again.run_id, again.new), (first.run_id, true));
    }
}

#[test]
fn a_signal_that_starts_is_taken_once() {
    let mut world = World::new();
    let new = start("any", "flow");
    let request = SignalWithStartWorkflowExecutionRequest {
        namespace: new.namespace,
        workflow_id: new.workflow_id,
        workflow_type: new.workflow_type,
        task_queue: new.task_queue,
        request_id: "one".to_owned(),
        signal_name: "go".to_owned(),
        ..Default::default()
    };
    let run = world
        .apply(|engine, t| engine.signal_with_start(t, request.clone()))
        .unwrap()
        .key;
    world.restart();
    for id in ["one", "two", "two"] {
        let mut request = request.clone();
        request.request_id = id.to_owned();
        let again = world.apply(|engine, t| engine.signal_with_start(t, request));
        assert_eq!(again.unwrap().key, run);
    }
    let names = world.names(run);
    let signals = names
        .iter()
        .filter(|name| *name == "WorkflowExecutionSignaled");
    assert_eq!(signals.count(), 2);
    assert_eq!(
        names[..3],
        [
            "WorkflowExecutionStarted",
            "WorkflowExecutionSignaled",
            "WorkflowTaskScheduled"
        ]
    );
}

#[test]
fn starts_that_make_no_sense_are_refused() {
    type Change = fn(&mut StartWorkflowExecutionRequest);
    let changes: [(Change, Code); 8] = [
        (|r| r.namespace = "unheard".to_owned(), Code::NotFound),
        (|r| r.workflow_id = String::new(), Code::InvalidArgument),
        (|r| r.workflow_type = None, Code::InvalidArgument),
        (|r| r.task_queue = None, Code::InvalidArgument),
        (|r| r.workflow_id = "x".repeat(1_001), Code::InvalidArgument),
        (
            |r| r.cron_schedule = "* * * * *".to_owned(),
            Code::Unimplemented,
        ),
        (
            |r| r.workflow_run_timeout = Some(duration(-1)),
            Code::InvalidArgument,
        ),
        (|r| r.workflow_id_reuse_policy = 99, Code::InvalidArgument),
    ];
    for (at, (change, code)) in changes.into_iter().enumerate() {
        let mut world = World::new();
        let mut request = start("any", "flow");
        change(&mut request);
        assert_eq!(world.start(request).unwrap_err().code, code, "number {at}");
        assert!(world.disk.tables().runs.is_empty());
    }
}

fn attribute(name: &str, json: &str) -> SearchAttributes {
    let payload = Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: json.as_bytes().to_vec(),
        ..Default::default()
    };
    SearchAttributes {
        indexed_fields: [(name.to_owned(), payload)].into(),
    }
}

/// The types as the API numbers them, and values that are and are not of them.
const TYPES: [(&str, i32, &[&str], &[&str]); 7] = [
    (
        "Text",
        1,
        &["\"x y\"", "null", "[]", "[\"x\"]"],
        &["1", "[\"x\",\"y\"]", "{}", "x"],
    ),
    (
        "Keyword",
        2,
        &["\"x\"", "[\"x\"]"],
        &["true", "[\"x\",\"y\"]"],
    ),
    ("Int", 3, &["1", "-5", "[7]"], &["1.5", "\"1\"", "[1,2]"]),
    ("Double", 4, &["1", "1.5"], &["\"1.5\"", "true"]),
    ("Bool", 5, &["true"], &["1", "\"true\""]),
    (
        "Datetime",
        6,
        &["\"2026-01-02T03:04:05Z\""],
        &["\"yesterday\"", "1"],
    ),
    (
        "KeywordList",
        7,
        &["[\"x\",\"y\"]", "\"x\"", "[]"],
        &["[1]", "1"],
    ),
];

fn with_attributes() -> World {
    let mut world = World::new();
    let all = TYPES
        .iter()
        .map(|(name, kind, ..)| (format!("My{name}"), *kind))
        .collect();
    world
        .apply(|engine, t| engine.add_search_attributes(t, NAMESPACE, &all))
        .unwrap();
    world
}

#[test]
fn search_attributes_have_types() {
    for (name, _, right, wrong) in TYPES {
        for (values, fits) in [(right, true), (wrong, false)] {
            for json in values {
                let mut world = with_attributes();
                world.restart();
                let mut request = start("any", "flow");
                request.search_attributes = Some(attribute(&format!("My{name}"), json));
                assert_eq!(world.start(request).is_ok(), fits, "{name}: {json}");
            }
        }
    }
}

#[test]
fn attributes_that_nobody_registered_or_that_are_the_engines_own_are_refused() {
    for name in ["Unheard", "RunId", "StartTime"] {
        let mut world = with_attributes();
        let mut request = start("any", "flow");
        request.search_attributes = Some(attribute(name, "\"x\""));
        assert_eq!(
            world.start(request).unwrap_err().code,
            Code::InvalidArgument,
            "{name}"
        );
    }
}

/// The only attribute of the newest run, with its type, as it was stored.
fn stored(world: &World) -> Vec<(String, String, String)> {
    let tables = world.disk.tables();
    let (_, attributes) = tables.attributes.last_key_value().unwrap();
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let stored = attributes.iter().map(|(name, payload)| {
        (
            name.clone(),
            string(&payload.metadata["type"]),
            string(&payload.data),
        )
    });
    stored.collect()
}

#[test]
fn attributes_are_stored_with_their_types_wherever_they_come_from() {
    let mut world = with_attributes();
    world.start(start("any", "flow")).unwrap();
    let upsert = CommandAttributes::UpsertWorkflowSearchAttributesCommandAttributes(
        UpsertWorkflowSearchAttributesCommandAttributes {
            search_attributes: Some(attribute("MyInt", "1")),
        },
    );
    world.work(vec![command(upsert)]).unwrap();
    let one = |value: &str| vec![("MyInt".to_owned(), "Int".to_owned(), value.to_owned())];
    assert_eq!(stored(&world), one("1"));
    // They go on with the next run of the chain, unless that has its own.
    for (given, expected) in [(None, "1"), (Some("2"), "2")] {
        world.signal("flow", "go", expected).unwrap();
        let mut renewal = continue_as_new("");
        if let Some(CommandAttributes::ContinueAsNewWorkflowExecutionCommandAttributes(renewal)) =
            &mut renewal.attributes
        {
            renewal.search_attributes = given.map(|value| attribute("MyInt", value));
        }
        world.work(vec![renewal]).unwrap();
        assert_eq!(stored(&world), one(expected));
    }
}

#[test]
fn a_null_takes_an_attribute_away() {
    let mut world = with_attributes();
    let mut request = start("any", "flow");
    request.search_attributes = Some(attribute("MyInt", "1"));
    world.start(request).unwrap();
    let upsert = CommandAttributes::UpsertWorkflowSearchAttributesCommandAttributes(
        UpsertWorkflowSearchAttributesCommandAttributes {
            search_attributes: Some(attribute("MyInt", "null")),
        },
    );
    world.work(vec![command(upsert)]).unwrap();
    assert_eq!(stored(&world), []);
}
