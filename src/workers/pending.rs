//! Records on their way to the window: some wait for company, so that a fast run does not wake it at
//! every step. Does not send them.

use std::time::Duration;

use crate::platform::clock::Instant;
use crate::protocol::{Event, Preparation, Record, RunId};

/// Longest a record waits.
const BATCH_TIME: Duration = Duration::from_millis(16);

/// Most records in one event.
const BATCH_RECORDS: usize = 256;

/// What has been made since something was last told.
pub(super) struct PendingRecords {
    prepared: Vec<Preparation>,
    sampled: Vec<Record>,
    since: Instant,
}

impl PendingRecords {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { prepared: Vec::new(), sampled: Vec::new(), since: Instant::now() }
    }

    /// Takes in an iteration of the tuning.
    pub(super) fn push_preparation(&mut self, told: Option<Preparation>) {
        self.prepared.extend(told);
    }

    /// Takes in a measured iterate.
    pub(super) fn push_record(&mut self, record: Option<Record>) {
        self.sampled.extend(record);
    }

    /// Whether it is time to tell them.
    pub(super) fn is_due(&self) -> bool {
        let n_waiting = self.prepared.len() + self.sampled.len();
        n_waiting >= BATCH_RECORDS || self.since.elapsed() >= BATCH_TIME
    }

    /// All of them as events of this run, in order; none is left.
    pub(super) fn drain(&mut self, run: RunId) -> Vec<Event> {
        self.since = Instant::now();
        let records = std::mem::take(&mut self.prepared);
        let prepared = (!records.is_empty()).then_some(Event::Prepared { run, records });
        let records = std::mem::take(&mut self.sampled);
        let sampled = (!records.is_empty()).then_some(Event::Sampled { run, records });
        prepared.into_iter().chain(sampled).collect()
    }
}
