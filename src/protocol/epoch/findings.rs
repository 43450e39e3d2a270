//! Findings: recorded once, resolved once; open blockers close a gate.

use super::super::effect::{EventType, Fields};
use super::super::event::{FindingResolved, NewFinding};
use super::super::finding::{Finding, Resolution, SeverityLevel};
use super::super::id::check_id;
use super::super::limits::{self, Weigh, head};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::words::Word;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn record_finding(&mut self, new: NewFinding) -> Result<(), Refusal> {
        let NewFinding {
            finding_id,
            severity,
            summary,
            slice_id,
            reported_by,
        } = new;
        let refuse = |code, why: String, fix: &str| {
            let what = format!("finding '{}' was not recorded", head(&finding_id, 200));
            Refusal::new(code, what, why, "nothing changed", fix)
        };
        check_id("finding id", &finding_id, limits::ID).map_err(|error| {
            refuse(
                RefusalCode::InvalidId,
                error.to_string(),
                "use 1 to 1,000 printable bytes",
            )
        })?;
        if self.state.findings.contains_key(&finding_id) {
            return Err(refuse(
                RefusalCode::FindingExists,
                "a finding of that id exists".to_owned(),
                "give it another id; what is recorded stays as it is",
            ));
        }
        let payload = Fields::default()
            .with("finding_id", finding_id.as_str())
            .with("severity", severity.word())
            .with("summary", summary.as_str())
            .with("slice_id", slice_id.as_deref())
            .with("reported_by", reported_by.as_str());
        let finding = Finding {
            id: finding_id.clone(),
            severity,
            summary,
            slice_id,
            reported_by,
            at: self.at,
            resolution: None,
        };
        if !self.state.has_room_for(finding.weight()) {
            return Err(Refusal::full(&format!("finding '{finding_id}'")));
        }
        self.state.findings.insert(finding_id, finding);
        self.audit(recorded_as(severity), payload);
        Ok(())
    }

    pub(super) fn resolve_finding(&mut self, resolved: FindingResolved) -> Result<(), Refusal> {
        let FindingResolved {
            finding_id,
            resolution,
            resolved_by,
        } = resolved;
        let refuse = |code, why: &str, fix: &str| {
            let what = format!("finding '{}' was not resolved", head(&finding_id, 200));
            Refusal::new(code, what, why, "nothing changed", fix)
        };
        let Some(finding) = self.state.findings.get(&finding_id) else {
            return Err(refuse(
                RefusalCode::FindingUnknown,
                "no finding has that id",
                "look the id up in the epoch's state",
            ));
        };
        if finding.resolution.is_some() {
            return Err(refuse(
                RefusalCode::FindingResolved,
                "it was resolved before",
                "record a new finding if it has come back",
            ));
        }
        let severity = finding.severity;
        let payload = Fields::default()
            .with("finding_id", finding_id.as_str())
            .with("severity", severity.word())
            .with("resolution", resolution.as_str())
            .with("resolved_by", resolved_by.as_str());
        // Resolving must work in a full epoch too, or its blockers would close the gate
        // for ever: then the words are cut, and the audit trail alone has them all.
        let room = self
            .state
            .has_room_for(limits::texts_weight([resolution.as_str(), &resolved_by]));
        let kept = if room { usize::MAX } else { 0 };
        let resolution = Resolution {
            text: head(&resolution, kept).to_owned(),
            resolved_by: head(&resolved_by, kept).to_owned(),
            at: self.at,
        };
        if let Some(finding) = self.state.findings.get_mut(&finding_id) {
            finding.resolution = Some(resolution);
        }
        self.audit(resolved_as(severity), payload);
        Ok(())
    }
}

const fn recorded_as(severity: SeverityLevel) -> EventType {
    match severity {
        SeverityLevel::Blocker => EventType::BlockerRecorded,
        SeverityLevel::Important | SeverityLevel::Minor => EventType::FindingRecorded,
    }
}

const fn resolved_as(severity: SeverityLevel) -> EventType {
    match severity {
        SeverityLevel::Blocker => EventType::BlockerResolved,
        SeverityLevel::Important | SeverityLevel::Minor => EventType::FindingResolved,
    }
}
