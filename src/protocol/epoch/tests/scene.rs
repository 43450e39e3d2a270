//! An epoch under test, the clock it is given, and what every test of it checks.

use std::fmt;

use super::*;

/// What `apply` answers, with the refusal in a box, since tests hand it around.
pub(crate) type Answer = Result<Vec<Effect>, Box<Refused>>;

/// The id of the epoch in these tests.
pub(crate) const EPOCH: &str = "e1";

/// An epoch under test and the clock it is given.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) epoch: Epoch,
    ticks: i64,
    /// Every effect so far, those of refused advances included.
    pub(crate) effects: Vec<Effect>,
}

impl Scene {
    /// An epoch in p1 with the default settings.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// An epoch in p1.
    pub(crate) fn with(settings: Settings) -> Self {
        Self::named(EPOCH, settings)
    }

    /// An epoch in p1 with an id of its own.
    pub(crate) fn named(id: &str, settings: Settings) -> Self {
        let start = Start {
            epoch_id: EpochId::parse(id).unwrap(),
            description: "do it".to_owned(),
            rules_version: 1,
            settings,
        };
        let (epoch, effects) = Epoch::start(moment(0), start).unwrap();
        Self {
            epoch,
            ticks: 0,
            effects,
        }
    }

    /// An epoch that went straight to `phase`, with consensus where it is needed.
    pub(crate) fn at(phase: PhaseId) -> Self {
        Self::new().moved_to(phase)
    }

    /// Goes the happy path up to `phase`.
    pub(crate) fn moved_to(mut self, phase: PhaseId) -> Self {
        while self.state().phase != phase {
            self.open_gate();
            let next = targets(self.state().phase)[0];
            self.ok(advance(next));
        }
        self
    }

    /// Lets all three accept, where that opens a gate.
    pub(crate) fn open_gate(&mut self) {
        if self.state().phase.is_review() {
            self.accept_all();
        }
    }

    pub(crate) fn accept_all(&mut self) {
        for axis in AXES {
            self.ok(vote(axis, Accept));
        }
    }

    pub(crate) fn state(&self) -> &State {
        self.epoch.state()
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        moment(self.ticks)
    }

    /// Applies a message, a second after the one before.
    pub(crate) fn send(&mut self, message: Message) -> Answer {
        self.ticks += 1;
        let answer = self
            .epoch
            .apply(moment(self.ticks), message)
            .map_err(Box::new);
        let effects = match &answer {
            Ok(effects) => effects,
            Err(refused) => &refused.effects,
        };
        self.effects.extend(effects.iter().cloned());
        answer
    }

    /// Applies an event that must be accepted; answers with its effects.
    pub(crate) fn ok(&mut self, event: Event) -> Vec<Effect> {
        let name = event.name().to_owned();
        match self.send(Message::internal(event)) {
            Ok(effects) => effects,
            Err(refused) => panic!("{name} was refused: {}", refused.refusal),
        }
    }

    /// Applies an event that must be accepted; answers with the note its sender gets.
    pub(crate) fn note(&mut self, event: Event) -> Option<String> {
        let id = format!("note-{}", self.ticks);
        self.send(identified(&id, "", event)).unwrap();
        self.outcome(&id).unwrap().note.clone()
    }

    /// Applies an event that must be refused, and change nothing but the record of it.
    pub(crate) fn refused(&mut self, event: Event) -> Refusal {
        let before = self.state().clone();
        let sent = Message::internal(event);
        let refused = self.send(sent.clone()).expect_err(sent.event.name());
        assert_only_the_refusal(&before, self.state(), &sent, &refused);
        refused.refusal
    }

    /// What became of the message with this id.
    pub(crate) fn outcome(&self, request_id: &str) -> Option<&OutcomeRecord> {
        self.state().inbox.outcome(request_id)
    }

    /// Where the available transitions lead.
    pub(crate) fn available(&self) -> Vec<PhaseId> {
        self.epoch
            .available_transitions()
            .iter()
            .map(|step| step.to)
            .collect()
    }

    /// Where a slice is.
    pub(crate) fn slice(&self, id: &str) -> SliceState {
        self.state().slices.find(id).unwrap().state
    }

    /// Each slice and where it is, in the order of declaration.
    pub(crate) fn slices(&self) -> String {
        let shown = self
            .state()
            .slices
            .0
            .iter()
            .map(|s| format!("{}:{}", s.id, s.state));
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// The moment `seconds` after the epoch of these tests began.
pub(crate) const fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_700_000_000 + seconds) * 1_000_000 + 123_456)
}

/// Checks that a refusal left everything else as it was: the refusals and outcomes
/// record it; a refused advance that was judged also leaves a transition record,
/// violations, the last error and audit entries.
pub(crate) fn assert_only_the_refusal(
    before: &State,
    after: &State,
    sent: &Message,
    refused: &Refused,
) {
    let mut wanted = State {
        inbox: after.inbox.clone(),
        ..before.clone()
    };
    if let Event::AdvancePhase(asked) = &sent.event
        && !refused.effects.is_empty()
    {
        let record = after.transitions.last().unwrap();
        let error = format!("{}: {}", refused.refusal.what, refused.refusal.why);
        assert_eq!((record.from, record.to), (before.phase, asked.to));
        assert_eq!(record.triggered_by, asked.triggered_by);
        assert_eq!(record.condition_met, format!("FAILED: {error}"));
        assert!(!record.success);
        assert_eq!(after.transitions.total(), before.transitions.total() + 1);
        assert_eq!(after.last_error, Some(error));
        wanted.transitions = after.transitions.clone();
        wanted.violations = after.violations.clone();
        wanted.last_error.clone_from(&after.last_error);
        wanted.audit_entries += refused.effects.len() as u64;
        wanted.last_event_type = Some(EventType::AdvanceRefused);
    } else {
        assert!(refused.effects.is_empty(), "{:?}", refused.effects);
    }
    assert_same(after, &wanted);
}

/// Checks that two states or epochs are equal; shows where they differ, since a whole
/// one fills pages.
pub(crate) fn assert_same<T: PartialEq + fmt::Debug>(left: &T, right: &T) {
    if left != right {
        let (left, right) = (format!("{left:#?}"), format!("{right:#?}"));
        let differing = left
            .lines()
            .zip(right.lines())
            .filter(|(left, right)| left != right);
        let shown: Vec<_> = differing.take(5).collect();
        panic!(
            "they differ, in {} and {} bytes, first in {shown:#?}",
            left.len(),
            right.len()
        );
    }
}
