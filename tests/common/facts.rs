//! The first event of a made-up run.

use eoscope::config::RunConfig;
use eoscope::protocol::{Event, RunFacts, RunId};

/// The `Started` event of a run of this configuration.
pub(crate) fn started(run: RunId, config: &RunConfig) -> Event {
    let facts = RunFacts {
        layers: Vec::new(),
        work: 0,
        n_params: 26_506,
        n_train: config.task.n_train,
        n_test: 1000,
        n_probe: config.task.n_train,
        n_threads: 1,
        limit: "2/η".into(),
        sampling: "full batch".into(),
        data_hash: "00000000".into(),
    };
    Event::Started { run, config: Box::new(config.clone()), facts: Box::new(facts) }
}
