//! That it reads as every trail does what epochs tell, over their runs and in parts.

use super::*;
use crate::audit::conformance::{self, event, events};

/// Events of one part.
const PART: usize = 3;
/// Events of one run.
const RUN: usize = 7;

/// Epochs that were given their events, in runs of a few.
struct Given(Vec<AuditEvent>);

impl Given {
    fn run(number: usize) -> String {
        format!("run-{number}")
    }
}

impl Epochs for Given {
    fn page(&self, epoch_id: &str, run_id: &str, from: u64) -> Result<Option<AuditPage>, Error> {
        let of_epoch = self.0.iter().filter(|event| event.epoch_id == epoch_id);
        let events: Vec<AuditEvent> = of_epoch.cloned().collect();
        if events.is_empty() {
            return Ok(None);
        }
        let last = (events.len() - 1) / RUN;
        let number = match run_id.strip_prefix("run-") {
            Some(number) => number.parse().unwrap(),
            None => last,
        };
        let of_run: Vec<AuditEvent> = events.chunks(RUN).nth(number).unwrap().to_vec();
        let from = usize::try_from(from).unwrap().min(of_run.len());
        let part: Vec<AuditEvent> = of_run[from..].iter().take(PART).cloned().collect();
        let next = from + part.len();
        Ok(Some(AuditPage {
            run_id: Self::run(number),
            previous_run_id: number.checked_sub(1).map(Self::run),
            events: part,
            next: (next < of_run.len()).then_some(next as u64),
            unwritten: Vec::new(),
        }))
    }
}

#[test]
fn reads_as_every_trail_does() {
    conformance::reading::suite(|events| Box::new(Temporal::new(Given(events.to_vec()))));
}

#[test]
fn what_is_written_is_acknowledged_since_the_epoch_has_it() {
    let trail = Temporal::new(Given(events("a", 0..30)));
    trail.check().unwrap();
    let recorded = trail.record(&events("a", 28..30)).unwrap();
    assert_eq!((recorded.written, recorded.repeated), (0, 2));
    assert!(trail.is_of_epochs());
}

#[test]
fn an_epoch_has_to_be_named() {
    let trail = Temporal::new(Given(vec![event("a", 0)]));
    let everything = trail.query(&AuditFilter::default());
    assert_eq!(everything, Err(Error::NoEpoch));
}

#[test]
fn runs_that_are_forgotten_are_left_out() {
    struct Forgetful(Given);
    impl Epochs for Forgetful {
        fn page(&self, epoch: &str, run: &str, from: u64) -> Result<Option<AuditPage>, Error> {
            let gone = matches!(run, "run-0" | "run-1");
            Ok(self.0.page(epoch, run, from)?.filter(|_| !gone))
        }
    }
    let trail = Temporal::new(Forgetful(Given(events("a", 0..20))));
    let filter = AuditFilter {
        epoch_id: Some("a".to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(trail.query(&filter), Ok(events("a", 14..20)));
}
