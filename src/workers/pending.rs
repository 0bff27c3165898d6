//! Batches records into events, so that a fast run does not wake the window at every step.

use std::time::Duration;

use crate::platform::clock::Instant;
use crate::protocol::{Event, Preparation, Record, RunId};

/// Longest time a record waits.
const BATCH_TIME: Duration = Duration::from_millis(16);

/// Most records in one event.
const BATCH_RECORDS: usize = 256;

/// Records made since the last batch was sent.
pub(super) struct PendingRecords {
    prepared: Vec<Preparation>,
    sampled: Vec<Record>,
    since: Instant,
}

impl PendingRecords {
    /// An empty batch.
    pub(super) fn new() -> Self {
        Self { prepared: Vec::new(), sampled: Vec::new(), since: Instant::now() }
    }

    /// Adds an iteration of the tuning of initial weights.
    pub(super) fn push_preparation(&mut self, record: Option<Preparation>) {
        self.prepared.extend(record);
    }

    /// Adds a measured iterate.
    pub(super) fn push_record(&mut self, record: Option<Record>) {
        self.sampled.extend(record);
    }

    /// Whether the batch is to be sent now.
    pub(super) fn is_due(&self) -> bool {
        let n_waiting = self.prepared.len() + self.sampled.len();
        n_waiting >= BATCH_RECORDS || self.since.elapsed() >= BATCH_TIME
    }

    /// Empties the batch into events of this run, in order.
    pub(super) fn drain(&mut self, run: RunId) -> Vec<Event> {
        self.since = Instant::now();
        let records = std::mem::take(&mut self.prepared);
        let prepared = (!records.is_empty()).then_some(Event::Prepared { run, records });
        let records = std::mem::take(&mut self.sampled);
        let sampled = (!records.is_empty()).then_some(Event::Sampled { run, records });
        prepared.into_iter().chain(sampled).collect()
    }
}
